"""What covers a face: a mask over nose and mouth, dark glasses; and the colour of its skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proctor.observation import Colour
from proctor.ports import Picture

FOREHEAD = (151, 9, 108, 337, 107, 336)
CHEEKS = (117, 346, 118, 347, 50, 280)


@dataclass(frozen=True, slots=True)
class Covering:
    """The fields of `Face` of the same names."""

    skin: Colour
    mask: float
    dark_glasses: float


def read(picture: Picture, points: npt.NDArray[np.float32]) -> Covering:
    """points: float32[478, 2], MediaPipe's landmarks in pixels."""
    skin = colours(picture, points[list(FOREHEAD + CHEEKS)], 3).mean(axis=0)
    return Covering((float(skin[0]), float(skin[1]), float(skin[2])), 0.0, 0.0)


def colours(
    picture: Picture, points: npt.NDArray[np.float32], half: int
) -> npt.NDArray[np.float32]:
    """float32[n, 3]: mean red, green, blue of the squares of 2 half + 1 pixels about them."""
    height, width = picture.shape[:2]
    step = np.arange(-half, half + 1)
    rows = np.clip(np.rint(points[:, 1]).astype(int)[:, None] + step, 0, height - 1)
    columns = np.clip(np.rint(points[:, 0]).astype(int)[:, None] + step, 0, width - 1)
    squares = picture[rows[:, :, None], columns[:, None, :]]
    return np.asarray(squares.mean(axis=(1, 2))[:, ::-1], np.float32)
