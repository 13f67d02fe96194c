"""What lies over or around a face and is none of it: a screen's pattern, a frame's edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from proctor.adapters.opencv import cv2
from proctor.adapters.pixels import Box, Grey, grey, shrink
from proctor.ports import Picture

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


EDGE_LOW, EDGE_HIGH = 40, 100
"""Canny's thresholds, on 160 pixels' width."""

LINE_VOTES, LINE_GAP = 18, 4

SHORTEST = 0.3
"""Shortest line that is looked at, in heights of the face."""

SLANT = 2.5
"""A line counts as upright or level up to 22 degrees."""

ENOUGH = 0.7
"""A side of which this share is seen counts as whole: hands hold the paper."""


def border(small: Grey, box: Box) -> float:
    """How much of a straight frame stands around the face, 0 to 1.

    small: averaged to 160 pixels (`pixels.shrink`). A room has upright and level lines too,
    but none runs across the chest of who sits in it: without a line below the chin it is no
    frame, and of the other three sides the second best counts.

    Measured on three simulated learners, full light and 30 %, 40 frames each: living 0 in
    the median, .34 at most; prints and tablets 1 held still or tilted, .8 to .98 waved. A
    picture that is larger than the camera's view has no border at all.
    """
    height, width = small.shape
    left, top, across, down = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    if across < 8 or down < 8:
        return 0.0
    edges = cv2.Canny(small, EDGE_LOW, EDGE_HIGH)
    lines = cv2.HoughLinesP(
        edges,
        1,
        np.pi / 180,
        LINE_VOTES,
        minLineLength=SHORTEST * down,
        maxLineGap=LINE_GAP,
    )
    if lines is None:
        return 0.0
    sides = {"left": 0.0, "right": 0.0, "top": 0.0, "bottom": 0.0}
    for x0, y0, x1, y1 in np.asarray(lines, np.float64).reshape(-1, 4):
        middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
        if abs(x1 - x0) > SLANT * abs(y1 - y0):
            seen = _overlap(x0, x1, left - 0.25 * across, left + 1.25 * across)
            side = "bottom" if middle_y > top + 1.05 * down else "top" if middle_y < top else ""
        elif abs(y1 - y0) > SLANT * abs(x1 - x0):
            seen = _overlap(y0, y1, top - 0.1 * down, top + 1.1 * down)
            outside = middle_x < left - 0.05 * across, middle_x > left + 1.05 * across
            side = "left" if outside[0] else "right" if outside[1] else ""
        else:
            continue
        if side:
            sides[side] = max(sides[side], min(1.0, seen / ENOUGH))
    return sides["bottom"] * sorted((sides["left"], sides["right"], sides["top"]))[1]


def _overlap(one: float, other: float, low: float, high: float) -> float:
    """Share of low to high that lies between one and other."""
    shared = min(max(one, other), high) - max(min(one, other), low)
    return max(0.0, shared) / (high - low)


@dataclass(frozen=True, slots=True)
class Texture:
    """What need not be looked for in every frame; the fields as in `FrameFacts`."""

    moire: float = 0.0
    border: float = 0.0
    passive: float | None = None


def look(picture: Picture, box: Box | None) -> Texture:
    """Moire and border about the face in `box`; nothing where there is none."""
    if box is None:
        return Texture()
    return Texture(moire(grey(picture), box), border(grey(shrink(picture)), box))
