"""The camera's sensor: how light the room is and the grain of every picture.

The studio renders at full light with a known tone curve, display = sqrt(l / (1 + TONE * l)).
All its lamps scale alike, so any other light is a table of 256 values away.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.ports import Picture

TONE = 0.12
"""Shoulder of the tone curve; the same number stands in the studio's lighting.glsl."""

GRAIN_SIGMA = 2.5
"""A usual web camera's grain in daylight, grey levels."""

GRAINS, MADE_SIGMA, ROOM = 5, 10.0, 61
"""Sheets of grain, how coarse they are made, and by how many pixels each can be moved: with
every frame from another place of another sheet no two frames are ever equal, as with a real
sensor (18,605 places; seven unmoved sheets made a still learner look like a loop).
"""


@lru_cache(maxsize=64)
def light_table(light: float) -> npt.NDArray[np.uint8]:
    """uint8[256]: what each grey value becomes when all lamps give `light` (1: all of it)."""
    display = np.arange(256) / 255.0
    linear = light * display**2 / (1 - TONE * display**2)
    return np.round(255 * np.sqrt(linear / (1 + TONE * linear))).astype(np.uint8)


@lru_cache(maxsize=2)
def _grains(height: int, width: int) -> tuple[Picture, ...]:
    random = np.random.default_rng(3)
    out = []
    for _ in range(GRAINS):
        grain = random.normal(128, MADE_SIGMA, (height + ROOM, width + ROOM, 3))
        out.append(np.clip(np.round(grain), 0, 255).astype(np.uint8))
    return tuple(out)


def dimmed(picture: Picture, light: float) -> Picture:
    """The picture when all lamps give `light`, 0 to 1."""
    if light >= 1.0:
        return picture
    return cv2.LUT(picture, light_table(round(light, 3))).astype(np.uint8, copy=False)


def grained(picture: Picture, number: int, sigma: float = GRAIN_SIGMA) -> Picture:
    """The picture with the sensor's grain; `number` counts frames, so that the grain moves."""
    height, width = picture.shape[:2]
    sheets = _grains(height, width)
    # steps without a common divisor: all places are used before one comes again
    top, left = 17 * number % ROOM, 23 * (number // ROOM) % ROOM
    sheet = sheets[number % GRAINS][top : top + height, left : left + width]
    much = sigma / MADE_SIGMA
    out = cv2.addWeighted(picture, 1.0, sheet, much, -128.0 * much)
    return out.astype(np.uint8, copy=False)


def expose(picture: Picture, light: float, number: int, sigma: float = GRAIN_SIGMA) -> Picture:
    """The picture as the sensor gives it: in that light, with grain of `sigma` grey levels."""
    return grained(dimmed(picture, light), number, sigma)
