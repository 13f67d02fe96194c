"""MediaPipe's 478 points and its blendshapes, in the words of `Face`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from proctor.spoof import Points

if TYPE_CHECKING:
    from mediapipe.tasks.python.components.containers.landmark import NormalizedLandmark

EYE_CORNERS = (33, 133, 362, 263)
"""Outer and inner corner of the person's right eye, inner and outer of the left."""

FOREHEAD = (10, 151, 9, 8, 108, 337, 109, 338, 67, 297, 69, 299)
BRIDGE = (168, 6, 197, 195, 5, 4, 122, 351, 196, 419, 3, 248, 236, 456)
TEMPLES = (127, 356, 162, 389, 21, 251, 54, 284)
RIGID = (*EYE_CORNERS, *FOREHEAD, *BRIDGE, *TEMPLES)
"""Landmarks that neither mouth nor lids move, at three depths: temples, eyes, nose.

The temples double what a turn shows against what a print does (docs/decisions/).
"""

LIDS = (159, 145, 158, 153, 160, 144, 386, 374, 385, 380, 387, 373)
BROWS = (105, 66, 107, 70, 334, 296, 336, 300)
MOUTH = (61, 291, 0, 17, 13, 14, 78, 308, 39, 269, 181, 405)
SOFT = (*LIDS, *BROWS, *MOUTH)
"""Landmarks that expression moves; the lids come first (`spoof.LIDS`)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """points: float32[478, 2] in pixels. pose: float32[4, 4]. scores: blendshapes by name."""

    points: npt.NDArray[np.float32]
    pose: npt.NDArray[np.float32]
    scores: Mapping[str, float]

    @property
    def rigid(self) -> Points:
        return self.points[list(RIGID)]

    @property
    def soft(self) -> Points:
        return self.points[list(SOFT)]

    @property
    def angles(self) -> tuple[float, float, float]:
        """Yaw, pitch, roll in degrees (`Face`) of MediaPipe's matrix, R = Rz Ry Rx."""
        pose = self.pose
        yaw = math.atan2(-pose[2, 0], math.hypot(pose[0, 0], pose[1, 0]))
        pitch = math.atan2(pose[2, 1], pose[2, 2])
        roll = math.atan2(pose[1, 0], pose[0, 0])
        return math.degrees(yaw), math.degrees(pitch), -math.degrees(roll)

    @property
    def eyes_closed(self) -> float:
        return (self.scores["eyeBlinkLeft"] + self.scores["eyeBlinkRight"]) / 2

    @property
    def gaze(self) -> tuple[float, float]:
        """To the image's right and down (`Face.gaze`). Left and right are the person's own."""
        look = {
            name: (self.scores[f"eyeLook{name}Left"], self.scores[f"eyeLook{name}Right"])
            for name in ("In", "Out", "Up", "Down")
        }
        left = look["Out"][0] - look["In"][0]
        right = look["In"][1] - look["Out"][1]
        down = sum(look["Down"]) - sum(look["Up"])
        return _unit((left + right) / 2), _unit(down / 2)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, width, height of all points, pixels."""
        left, top = (float(value) for value in self.points.min(axis=0))
        right, bottom = (float(value) for value in self.points.max(axis=0))
        return left, top, right - left, bottom - top


def pixels_of(
    landmarks: list[NormalizedLandmark], width: int, height: int
) -> npt.NDArray[np.float32]:
    return np.array([(each.x * width, each.y * height) for each in landmarks], np.float32)


def _unit(value: float) -> float:
    return max(-1.0, min(1.0, value))
