"""What the pixels of a frame tell beside the face: grain, light, sameness, screens and frames.

Everything here looks at as few pixels as will do: two megabytes a frame at thirty frames a
second are most of what a check may cost (`FrameFacts` says what each figure means).
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.observation import Colour, FrameFacts
from proctor.ports import Picture

Grey = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]
"""(left, top, width, height) in fractions of the frame."""

SAMPLED = 8
"""Every eighth pixel both ways makes the digest: 14 kB of 640x480, 20 microseconds. Grain
makes every frame of a sensor another one even so."""

THUMBNAIL = (16, 12)

TILE, BANDS = 32, 4
"""Pixels: side of the squares in which grain is looked for, and rows of them that are."""

PLAIN = (12, 243)
"""Grey levels outside of which a pixel is cut off and shows no grain."""


def digest(picture: Picture) -> int:
    """Equal only for equal pictures, as far as every eighth pixel tells."""
    sample = np.ascontiguousarray(picture[::SAMPLED, ::SAMPLED])
    return int.from_bytes(hashlib.blake2b(sample.tobytes(), digest_size=8).digest(), "big")


def shrink(picture: Picture, width: int = 160) -> Picture:
    """The picture at `width` pixels, averaged."""
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def grey(picture: Picture) -> Grey:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)


def thumbnail(small_grey: Grey) -> Grey:
    """uint8[12, 16]."""
    out = cv2.resize(small_grey, THUMBNAIL, interpolation=cv2.INTER_AREA)
    return out.astype(np.uint8, copy=False)


DARKNESS, GLIMMER = 14.0, 30.0
"""Mean and brightest grey level of a picture of nothing but darkness (averaged 4 by 4)."""

EVEN = 1.6
"""Standard deviation of a lens with something before it, once a slope of light is taken off."""


def covered(small_grey: Grey) -> bool:
    """Whether a picture shows nothing but darkness or one even colour.

    small_grey: averaged to 160 pixels (`shrink`), so that grain has gone and what is left is
    the room: even a dark one has edges.
    """
    levels = small_grey.astype(np.float32)
    if levels.mean() < DARKNESS and np.percentile(levels, 99.5) < GLIMMER and levels.std() < 4:
        return True
    coarse = cv2.resize(levels, (16, 12), interpolation=cv2.INTER_AREA).ravel()
    slope = coarse - _PLANE @ (_PLANE_INVERSE @ coarse)
    return bool(slope.std() < EVEN)


_ROWS, _COLUMNS = np.mgrid[:12, :16].reshape(2, -1)
_PLANE: Final = np.column_stack([np.ones(192), _ROWS, _COLUMNS]).astype(np.float32)
_PLANE_INVERSE: Final = np.linalg.pinv(_PLANE).astype(np.float32)


def grain(picture: Picture) -> float:
    """Standard deviation of the sensor's grain, grey levels.

    Immerkaer (1996): a mask that answers to no edge and no slope. Its mean over the quieter
    half of the tiles, so that hair and cloth are not taken for grain, but for the quietest
    sixth, in which a window is cut off to white. 0.0 where all is cut off.

    Measured on three simulated learners at full light and 30 %: grain of 2.5 reads 2.3 to
    2.6, none .07, grain of 2.5 behind JPEG of quality 80 .24.
    """
    height, width = picture.shape[:2]
    across = width // TILE
    if across == 0 or height < TILE * 2:
        return 0.0
    tops = np.linspace(TILE // 2, height - TILE, BANDS).astype(int)
    # green: half of a sensor's pixels see it, so it is the least made up
    bands = np.stack([picture[top : top + TILE, : across * TILE, 1] for top in tops])
    levels = bands.astype(np.float32)
    down = levels[:, :-2] - 2 * levels[:, 1:-1] + levels[:, 2:]
    both = np.zeros_like(down)
    both[:, :, 1:-1] = np.abs(down[:, :, :-2] - 2 * down[:, :, 1:-1] + down[:, :, 2:])
    rough = both.reshape(BANDS, TILE - 2, across, TILE).mean(axis=(1, 3)).ravel()
    light = levels.reshape(BANDS, TILE, across, TILE).mean(axis=(1, 3)).ravel()
    rough = np.sort(rough[(light > PLAIN[0]) & (light < PLAIN[1])])
    if not len(rough):
        return 0.0
    quiet = rough[len(rough) // 6 : max(1, len(rough) // 2)]
    return float(np.sqrt(np.pi / 2) / 6 * quiet.mean())


def behind(small: Picture, box: Box | None) -> Colour:
    """Mean colour away from the face: beside it, not below, where the learner's clothes are."""
    height, width = small.shape[:2]
    strip = max(1, width // 8)
    low, left, right = height, strip, width - strip
    if box is not None:
        x, y, across, down = box
        low = min(height, max(height // 4, round((y + 0.6 * down) * height)))
        left = round(min(0.4, max(0.0, x - 0.35 * across)) * width)
        right = round(max(0.6, min(1.0, x + 1.35 * across)) * width)
    sides = [part for part in (small[:low, :left], small[:low, right:]) if part.size]
    if not sides:
        sides = [small[:low, :strip], small[:low, -strip:]]
    blue, green, red = np.mean([part.reshape(-1, 3).mean(axis=0) for part in sides], axis=0)
    return float(red), float(green), float(blue)


def facts(picture: Picture, box: Box | None) -> FrameFacts:
    """All that every frame is asked. picture: as the camera gave it; box: the face's."""
    height, width = picture.shape[:2]
    small = shrink(picture)
    return FrameFacts(
        width=width,
        height=height,
        digest=digest(picture),
        thumbnail=thumbnail(grey(small)),
        noise=grain(picture),
        behind=behind(small, box),
    )
