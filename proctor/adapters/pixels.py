"""What the pixels of a frame tell beside the face: grain, light, sameness, screens and frames.

Everything here looks at as few pixels as will do: two megabytes a frame at thirty frames a
second are most of what a check may cost (`FrameFacts` says what each figure means).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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

TILE = 48
"""Pixels: side of the squares in which grain is looked for."""

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

    Immerkaer (1996): a mask that answers to no edge and no slope. Its mean over the squares
    with the least texture, so that hair and cloth are not taken for grain. 0.0 where all is
    cut off, black or white.
    """
    height, width = picture.shape[:2]
    found = []
    for row in range(TILE // 2, height - TILE, 2 * TILE):
        for column in range(TILE // 2, width - TILE, 2 * TILE):
            # green: half of a sensor's pixels see it, so it is the least made up
            tile = picture[row : row + TILE, column : column + TILE, 1].astype(np.float32)
            if PLAIN[0] < tile.mean() < PLAIN[1]:
                found.append(float(np.abs(_immerkaer(tile)).mean()))
    if not found:
        return 0.0
    smoothest = sorted(found)[: max(1, len(found) // 3)]
    return float(np.sqrt(np.pi / 2) / 6 * np.mean(smoothest))


def _immerkaer(tile: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    down = tile[:-2] - 2 * tile[1:-1] + tile[2:]
    both = down[:, :-2] - 2 * down[:, 1:-1] + down[:, 2:]
    return np.asarray(both, np.float32)


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


PATCH = 64
"""Pixels: side of the squares of face whose spectra are compared."""

PATCHES = ((0.28, 0.62), (0.72, 0.62), (0.5, 0.12), (0.5, 0.86))
"""Their middles in the face's box: both cheeks, forehead, chin."""

RINGS = 8
MOIRE_FROM, MOIRE_TO = 3.0, 4.2
"""Mean logarithm of a frequency's power over its ring's median: from the one on a sign, at
the other as strong as it gets. Measured: see `moire`."""

_WINDOW: Final = np.outer(np.hanning(PATCH), np.hanning(PATCH)).astype(np.float32)
_ACROSS, _DOWN = np.meshgrid(np.fft.rfftfreq(PATCH), np.fft.fftfreq(PATCH))
_RADIUS: Final = np.hypot(_ACROSS, _DOWN)
# On the axes lie the blocks of JPEG and whatever is straight in a room.
_LOOKED_AT: Final = (
    (_RADIUS > 0.09) & (_RADIUS < 0.48) & (np.abs(_ACROSS) > 0.04) & (np.abs(_DOWN) > 0.04)
)
_RING: Final = ((_RADIUS - 0.09) / (0.39 / RINGS)).astype(int)
_RINGS: Final = tuple(np.flatnonzero(_LOOKED_AT & (each == _RING)) for each in range(RINGS))


def moire(frame_grey: Grey, box: Box) -> float:
    """How strongly the same fine pattern lies over all parts of the face, 0 to 1.

    A screen's pixels before a camera's pixels give one pattern from edge to edge; hair,
    glasses and beards give each part of a face its own. So each part's spectrum is measured
    against itself, ring by ring, and the mean over the parts is looked through for one
    frequency that stands out in all of them.

    Measured on three simulated learners, full light and 30 %, 40 frames each: living 2.9 at
    most, 3.3 as JPEG of quality 75; their replay 4.2 to 4.8, as JPEG 3.5 to 4.7. The replay
    is a model: a real screen's moire depends on distance and focus, and may be nowhere.
    """
    height, width = frame_grey.shape
    if height < PATCH or width < PATCH:
        return 0.0
    total = np.zeros(_RADIUS.size, np.float64)
    for across, down in PATCHES:
        x = round((box[0] + across * box[2]) * width) - PATCH // 2
        y = round((box[1] + down * box[3]) * height) - PATCH // 2
        x, y = max(0, min(width - PATCH, x)), max(0, min(height - PATCH, y))
        patch = frame_grey[y : y + PATCH, x : x + PATCH].astype(np.float32)
        patch -= cv2.blur(patch, (9, 9))
        # 1: a patch without any structure has no pattern either
        power = (np.abs(np.fft.rfft2(patch * _WINDOW)) ** 2 + 1.0).ravel()
        for ring in _RINGS:
            inside = power[ring]
            total[ring] += np.log(inside / np.median(inside))
    best = max(float(total[ring].max()) for ring in _RINGS) / len(PATCHES)
    return min(1.0, max(0.0, (best - MOIRE_FROM) / (MOIRE_TO - MOIRE_FROM)))


@dataclass(frozen=True, slots=True)
class Texture:
    """What need not be looked for in every frame; the fields as in `FrameFacts`."""

    moire: float = 0.0
    border: float = 0.0
    passive: float | None = None


def texture(picture: Picture, box: Box | None) -> Texture:
    if box is None:
        return Texture()
    return Texture(moire(grey(picture), box), 0.0)


def facts(picture: Picture, box: Box | None, found: Texture) -> FrameFacts:
    """All that is told of a frame. picture: as the camera gave it; box: the face's."""
    height, width = picture.shape[:2]
    small = shrink(picture)
    return FrameFacts(
        width=width,
        height=height,
        digest=digest(picture),
        thumbnail=thumbnail(grey(small)),
        noise=grain(picture),
        behind=behind(small, box),
        moire=found.moire,
        border=found.border,
        passive=found.passive,
    )
