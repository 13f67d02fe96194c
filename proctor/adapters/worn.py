"""What covers a face: a mask over nose and mouth, dark glasses; and the colour of its skin.

The models read a masked face like a bare one, so the pixels have to say it. Everything is
measured against the same person's own forehead and cheeks, never against a colour that skin
should have: the darkest skin in the darkest room must read as bare as any other.

Measured on six computed people, each in four skin tones from very pale to very dark, full
light and a quarter of it, light from the front and from the side, idle, eyes shut, mouth
open or turned by 18 degrees: 768 bare faces or with glasses of any kind, 576 with a light
blue, white or black mask. Mask, bare: .43 at most; masked: 98.6 % read .5 or more (the eight
that don't: an open mouth pressed through it, or a white mask on the darkest skin lit from
the side in a quarter of the light). Dark glasses, eyes free or behind clear ones: .32 at
most; behind dark lenses 1 on pale and brown skin, on darker skin in a quarter of the light 0
to 1, on the darkest there 0: the lens is as light as the skin, and nothing is said. A lens
that lets half of the light through reads 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from proctor.observation import Colour
from proctor.ports import Picture

_Float = npt.NDArray[np.float32]

FOREHEAD: Final = (151, 9, 108, 337, 8)
CHEEKBONES: Final = (117, 346, 118, 347)
"""Below the eyes and above a mask's edge."""
CHEEKS: Final = (50, 280)
AROUND_MOUTH: Final = (164, 57, 287, 18, 200, 199, 205, 425, 207, 427)
"""Where beards differ from lips and cheeks from both, but a mask is one cloth."""
LIPS: Final = (0, 17)
EYES: Final = ((27, 23, 226), (257, 253, 446))
"""Between lid and brow, under the eye, beside it: skin, unless there is a lens before it."""

PATCH = 0.03
"""Half the side of a square that is averaged, in eye distances."""

DARK_FLOOR: Final = 8.0
"""Added to linear light (0 to 255): below it a sensor's colours are grain."""

MASK_FROM, MASK_TO = 0.12, 0.25
"""Difference of colour, log ratio, at which a mask is thought of and at which it is sure."""

LENS_FROM, LENS_TO = 0.80, 1.35
"""The same for how much darker a lens is than the skin, log ratio of linear light: 0.80 is
45 %, which deep-set eyes under a lamp don't reach."""

_LINEAR: Final = (255.0 * (np.arange(256) / 255.0) ** 2.2).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Covering:
    """The fields of `Face` of the same names."""

    skin: Colour
    mask: float
    dark_glasses: float


def read(picture: Picture, points: _Float) -> Covering:
    """points: float32[478, 2], MediaPipe's landmarks in pixels."""
    eyes = points[[33, 133]].mean(axis=0) - points[[362, 263]].mean(axis=0)
    half = max(1, min(4, round(PATCH * float(np.linalg.norm(eyes)))))
    order = (*FOREHEAD, *CHEEKBONES, *CHEEKS, *AROUND_MOUTH, *LIPS, *EYES[0], *EYES[1])
    seen = colours(picture, points[list(order)], half)
    places = np.cumsum(
        [len(FOREHEAD), len(CHEEKBONES), len(CHEEKS), len(AROUND_MOUTH), len(LIPS), len(EYES[0])]
    )
    forehead, bones, cheeks, around, lips, right, left = np.split(seen, places)
    red, green, blue = (float(each) for each in np.vstack([forehead, bones, cheeks]).mean(axis=0))
    return Covering(
        skin=(red, green, blue),
        mask=_mask(np.vstack([forehead, bones]), around, lips),
        dark_glasses=_lenses(np.vstack([forehead, cheeks]), right, left),
    )


def colours(picture: Picture, points: _Float, half: int) -> _Float:
    """float32[n, 3]: mean red, green, blue of the squares of 2 half + 1 pixels about them."""
    height, width = picture.shape[:2]
    step = np.arange(-half, half + 1)
    rows = np.clip(np.rint(points[:, 1]).astype(int)[:, None] + step, 0, height - 1)
    columns = np.clip(np.rint(points[:, 0]).astype(int)[:, None] + step, 0, width - 1)
    squares = picture[rows[:, :, None], columns[:, None, :]]
    return np.asarray(squares.mean(axis=(1, 2))[:, ::-1], np.float32)


def _mask(skin: _Float, around: _Float, lips: _Float) -> float:
    """Another colour than the forehead's, and the same one on lips, chin and cheeks."""
    own = _tint(skin)
    middle = np.median(own, axis=0)
    uneven = float(np.median(_distance(own, middle)))
    cloth = _tint(around)
    apart = float(np.median(_distance(cloth, middle)))
    lip = float(_distance(_tint(lips), np.median(cloth, axis=0)).min())
    return _ramp(apart - uneven - 0.5 * lip, MASK_FROM, MASK_TO)


def _lenses(skin: _Float, right: _Float, left: _Float) -> float:
    """Both eyes much darker than the skin about them, in their lightest part."""
    own = float(np.median(_level(skin)))
    lightest = max(float(_level(eye).max()) for eye in (right, left))
    return _ramp(own - lightest, LENS_FROM, LENS_TO)


def _linear(colour: _Float) -> _Float:
    whole = np.clip(np.rint(colour), 0, 255).astype(int)
    return np.asarray(_LINEAR[whole], np.float32)


def _tint(colour: _Float) -> _Float:
    """float32[n, 2]: log ratios of red and blue to green, the same in any light."""
    logs = np.log(_linear(colour) + DARK_FLOOR)
    return np.column_stack([logs[:, 0] - logs[:, 1], logs[:, 2] - logs[:, 1]])


def _level(colour: _Float) -> _Float:
    return np.asarray(np.log(_linear(colour).mean(axis=1) + DARK_FLOOR / 2), np.float32)


def _distance(tints: _Float, middle: _Float) -> _Float:
    return np.asarray(np.linalg.norm(tints - middle, axis=1), np.float32)


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
