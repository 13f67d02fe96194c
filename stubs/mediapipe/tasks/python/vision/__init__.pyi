from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from mediapipe import Image
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.components.containers.category import Category
from mediapipe.tasks.python.components.containers.landmark import NormalizedLandmark

class RunningMode(Enum):
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    LIVE_STREAM = "LIVE_STREAM"

@dataclass
class FaceLandmarkerResult:
    face_landmarks: list[list[NormalizedLandmark]]
    face_blendshapes: list[list[Category]]
    facial_transformation_matrixes: list[npt.NDArray[np.float32]]

@dataclass
class FaceLandmarkerOptions:
    base_options: BaseOptions
    running_mode: RunningMode = ...
    num_faces: int = 1
    min_face_detection_confidence: float = 0.5
    min_face_presence_confidence: float = 0.5
    min_tracking_confidence: float = 0.5
    output_face_blendshapes: bool = False
    output_facial_transformation_matrixes: bool = False
    result_callback: Callable[[FaceLandmarkerResult, Image, int], None] | None = None

class FaceLandmarker:
    @classmethod
    def create_from_options(cls, options: FaceLandmarkerOptions) -> FaceLandmarker: ...
    def detect(self, image: Image) -> FaceLandmarkerResult: ...
    def detect_for_video(self, image: Image, timestamp_ms: int) -> FaceLandmarkerResult: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

class FaceLandmarksConnections:
    @dataclass
    class Connection:
        start: int
        end: int

    FACE_LANDMARKS_LIPS: ClassVar[list[Connection]]
    FACE_LANDMARKS_LEFT_EYE: ClassVar[list[Connection]]
    FACE_LANDMARKS_RIGHT_EYE: ClassVar[list[Connection]]
    FACE_LANDMARKS_FACE_OVAL: ClassVar[list[Connection]]
    FACE_LANDMARKS_NOSE: ClassVar[list[Connection]]
    FACE_LANDMARKS_TESSELATION: ClassVar[list[Connection]]
