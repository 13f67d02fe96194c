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

GRAINS, GRAIN_SIGMA = 7, 2.5


@lru_cache(maxsize=64)
def light_table(light: float) -> npt.NDArray[np.uint8]:
    """uint8[256]: what each grey value becomes when all lamps give `light` (1: all of it)."""
    display = np.arange(256) / 255.0
    linear = light * display**2 / (1 - TONE * display**2)
    return np.round(255 * np.sqrt(linear / (1 + TONE * linear))).astype(np.uint8)


@lru_cache(maxsize=4)
def _grains(height: int, width: int) -> tuple[Picture, ...]:
    random = np.random.default_rng(3)
    out = []
    for _ in range(GRAINS):
        grain = random.normal(128, GRAIN_SIGMA, (height, width, 3))
        out.append(np.clip(np.round(grain), 0, 255).astype(np.uint8))
    return tuple(out)


def expose(picture: Picture, light: float, number: int) -> Picture:
    """The picture as the sensor gives it; `number` counts frames, so that the grain moves."""
    if light < 1.0:
        picture = cv2.LUT(picture, light_table(round(light, 3))).astype(np.uint8, copy=False)
    height, width = picture.shape[:2]
    grains = _grains(height, width)
    out = cv2.addWeighted(picture, 1.0, grains[number % len(grains)], 1.0, -128.0)
    return out.astype(np.uint8, copy=False)
