"""What the face models saw in one frame: the only thing the judging code ever looks at."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Embedding = npt.NDArray[np.float32]
"""A face as SFace sees it: 128 float32, unit length."""


@dataclass(frozen=True, slots=True)
class Face:
    """The largest face of a frame, as seen unmirrored.

    box: (left, top, width, height) as fractions of the frame. yaw_deg > 0 towards the
    image's right (the person's own left), pitch_deg > 0 down, roll_deg > 0 clockwise.
    eyes_closed and jaw_open are blendshape scores, 0 to 1. rigid_points: float32[n, 2],
    points that expression does not move (eye corners, forehead, bridge of the nose), in
    pixels; the first four are the eyes' corners (`proctor.spoof.Points`). brightness: mean
    luma of the face, 0 to 255. sharpness: variance of its Laplacian at 112 pixels' width,
    so that it does not depend on the distance.
    """

    box: tuple[float, float, float, float]
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    eyes_closed: float
    jaw_open: float
    brightness: float
    sharpness: float
    rigid_points: npt.NDArray[np.float32] = field(repr=False)
    embedding: Embedding | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """One frame judged by the models.

    at_ns: monotonic time of the frame. count: how many people the detector sees.
    face is None when the landmark model found none.
    """

    at_ns: int
    count: int
    face: Face | None


@dataclass(frozen=True, slots=True)
class CameraLost:
    """The camera gives no frames any more; `detail` is for diagnostics."""

    at_ns: int
    detail: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes, whether or not a frame comes."""

    at_ns: int
