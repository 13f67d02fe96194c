"""What the face models saw in one frame: the only thing the judging code ever looks at."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Embedding = npt.NDArray[np.float32]
"""A face as SFace sees it: 128 float32, unit length."""

Colour = tuple[float, float, float]
"""Mean red, green, blue of some pixels, 0 to 255, as the camera gives them."""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What the pixels of a whole frame tell, beside the face in it.

    width, height: as the camera gave it, before any scaling. digest: of sampled pixels;
    equal digests mean an equal frame. thumbnail: uint8[12, 16], grey. noise: standard
    deviation of the sensor's grain, grey levels. behind: mean colour away from the face.
    moire: strength of periodic texture on the face, 0 none to 1. border: how much of a
    straight frame stands around the face, 0 to 1. passive: a passive model's probability of
    a living face, None where the policy names no model.
    """

    width: int
    height: int
    digest: int
    thumbnail: npt.NDArray[np.uint8] = field(repr=False)
    noise: float
    behind: Colour
    moire: float = 0.0
    border: float = 0.0
    passive: float | None = None


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

    gaze: where the eyes look relative to the head, to the image's right and down, each
    -1 to 1 from the blendshapes. skin: mean colour of forehead and cheeks. mask,
    dark_glasses: how surely nose and mouth, or the eyes, are covered, 0 to 1. soft_points:
    float32[m, 2], points that expression does move (lids, brows, mouth), in pixels.
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
    gaze: tuple[float, float] | None = None
    skin: Colour | None = None
    mask: float = 0.0
    dark_glasses: float = 0.0
    soft_points: npt.NDArray[np.float32] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """One frame judged by the models.

    at_ns: monotonic time of the frame. count: how many people the detector sees, or saw in
    the newest frame that was counted. face is None when the landmark model found none.
    covered: nothing but darkness or one even colour is to be seen. frame: None where only
    the face was looked at.
    """

    at_ns: int
    count: int
    face: Face | None
    covered: bool = False
    frame: FrameFacts | None = None


@dataclass(frozen=True, slots=True)
class CameraLost:
    """The camera gives no frames any more; `detail` is for diagnostics."""

    at_ns: int
    detail: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes, whether or not a frame comes."""

    at_ns: int
