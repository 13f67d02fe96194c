"""The three face models: from their files to one `FaceObservation` a frame.

YuNet counts people and finds five points, MediaPipe's landmarker gives pose, blendshapes
and rigid points, SFace an embedding. All are loaded from memory: OpenCV on Windows can't
open paths with Chinese characters.
"""

from __future__ import annotations

import hashlib
import io
import math
import os
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2, restore_qt_variables
from proctor.observation import Embedding, Face, FaceObservation
from proctor.ports import Picture
from proctor.spoof import Points

if TYPE_CHECKING:
    from mediapipe.tasks.python import vision
    from mediapipe.tasks.python.components.containers.landmark import NormalizedLandmark

LANDMARKER: Final = "face_landmarker.task"
DETECTOR: Final = "face_detection_yunet_2023mar.onnx"
RECOGNISER: Final = "face_recognition_sface_2021dec_int8bq.onnx"
FILES: Final = (LANDMARKER, DETECTOR, RECOGNISER)

WIDEST = 640
"""Wider frames are made smaller: more pixels cost time and show nothing more."""

DETECTOR_WIDTH = 320
"""YuNet sees a face of 30 px in a 640 px frame at this width, in a quarter of the time."""

DETECTOR_SCORE = 0.7
"""Faces score .91 to .95, also in a quarter of the light."""

EYE_CORNERS = (33, 133, 362, 263)
"""Outer and inner corner of the person's right eye, inner and outer of the left."""

FOREHEAD = (10, 151, 9, 8, 108, 337, 109, 338, 67, 297, 69, 299)
BRIDGE = (168, 6, 197, 195, 5, 4, 122, 351, 196, 419, 3, 248, 236, 456)
TEMPLES = (127, 356, 162, 389, 21, 251, 54, 284)
RIGID = (*EYE_CORNERS, *FOREHEAD, *BRIDGE, *TEMPLES)
"""Landmarks that neither mouth nor lids move, at three depths: temples, eyes, nose.

The temples double what a turn shows against what a print does (docs/decisions/).
"""

CROP = 112
"""Pixels: SFace's input, and the width at which sharpness is measured."""


class ModelError(Exception):
    """The models can't be used. `path` names the file."""

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
        self.path = path
        self.cause = cause


class ModelMissingError(ModelError):
    """The file is not there or can't be read."""


class ModelDamagedError(ModelError):
    """The file is not the one that was measured, or the library refuses it."""


def read_models(folder: Path, sha256: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """The model files' bytes by name; each checked against its SHA-256 (hex) where given."""
    found = {}
    for name in FILES:
        path = folder / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelMissingError(str(path), error.strerror or str(error)) from error
        expected = (sha256 or {}).get(name)
        if expected is not None and hashlib.sha256(data).hexdigest() != expected.lower():
            raise ModelDamagedError(str(path), "SHA-256 is another one than expected")
        found[name] = data
    return found


@dataclass(frozen=True, slots=True)
class _Found:
    """A face as YuNet gives it: float32[15], box, five points and score, in pixels."""

    row: npt.NDArray[np.float32]

    @property
    def area(self) -> float:
        return float(self.row[2] * self.row[3])


class FaceModels:
    """The loaded models. To be used by one thread at a time: video mode has a memory."""

    def __init__(self, data: Mapping[str, bytes]) -> None:
        """`data`: the files' bytes by name (`read_models`)."""
        self._detector = _guard(DETECTOR, lambda: _detector(data[DETECTOR]))
        self._aligner = _guard(RECOGNISER, lambda: _aligner(data[RECOGNISER]))
        self._recogniser = _guard(RECOGNISER, lambda: _network(data[RECOGNISER]))
        self._landmarker = _guard(LANDMARKER, lambda: _landmarker(data[LANDMARKER]))
        self._stamp_ms = -1

    @classmethod
    def load(cls, folder: Path, sha256: Mapping[str, str] | None = None) -> FaceModels:
        """Load from a folder, `sha256` as in resources/models.toml; takes seconds."""
        return cls(read_models(folder, sha256))

    def observe(
        self, picture: Picture, at_ns: int, *, with_embedding: bool = False
    ) -> FaceObservation:
        """Judge one frame: uint8[height, width, 3], blue-green-red, not mirrored.

        at_ns: monotonic time of the frame, never going back.
        """
        return _guard("a frame", lambda: self._observe(_fit(picture), at_ns, with_embedding))

    def _observe(self, picture: Picture, at_ns: int, with_embedding: bool) -> FaceObservation:
        found = self._detect(picture)
        seen = self._landmarks(picture, at_ns)
        if seen is None:
            return FaceObservation(at_ns, len(found), None)
        largest = max(found, key=lambda each: each.area, default=None)
        embedding = None
        if with_embedding and largest is not None:
            embedding = self._embed(picture, largest)
        face = _face(picture, seen, largest, embedding)
        return FaceObservation(at_ns, max(1, len(found)), face)

    def embed(self, picture: Picture) -> Embedding | None:
        """The largest face's embedding, e.g. of an enrolment photograph; None: no face."""
        picture = _fit(picture)
        found = self._detect(picture)
        if not found:
            return None
        return self._embed(picture, max(found, key=lambda each: each.area))

    def close(self) -> None:
        self._landmarker.close()

    def _detect(self, picture: Picture) -> list[_Found]:
        height, width = picture.shape[:2]
        scale = DETECTOR_WIDTH / width
        size = (DETECTOR_WIDTH, max(1, round(height * scale)))
        self._detector.setInputSize(size)
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        rows = self._detector.detect(small)[1]
        if rows is None:
            return []
        # everything but the score is in pixels
        factors = np.array([1 / scale] * 14 + [1.0], np.float32)
        return [_Found(np.asarray(row * factors, np.float32)) for row in rows]

    def _landmarks(self, picture: Picture, at_ns: int) -> _Seen | None:
        import mediapipe

        # the landmarker refuses a time that does not grow
        self._stamp_ms = max(self._stamp_ms + 1, at_ns // 1_000_000)
        rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
        result = self._landmarker.detect_for_video(image, self._stamp_ms)
        if not result.face_landmarks:
            return None
        scores = {each.category_name: each.score for each in result.face_blendshapes[0]}
        height, width = picture.shape[:2]
        return _Seen(
            points=_pixels(result.face_landmarks[0], width, height),
            pose=result.facial_transformation_matrixes[0],
            scores=scores,
        )

    def _embed(self, picture: Picture, found: _Found) -> Embedding | None:
        # FaceRecognizerSF.feature() fails in OpenCV 5.0.0 on this file; its network does not.
        aligned = self._aligner.alignCrop(picture, found.row[None, :])
        blob = cv2.dnn.blobFromImage(aligned, 1.0, (CROP, CROP), swapRB=True)
        self._recogniser.setInput(blob, "data")
        vector = np.asarray(self._recogniser.forward(), np.float32).ravel()
        length = float(np.linalg.norm(vector))
        if not math.isfinite(length) or length < 1e-9:
            return None
        return np.asarray(vector / length, np.float32)


class LoadedOnce:
    """Loads the models when they are first asked for, and keeps them: it takes seconds."""

    def __init__(self, load: Callable[[], FaceModels]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._models: FaceModels | None = None

    def __call__(self) -> FaceModels:
        with self._lock:
            if self._models is None:
                self._models = self._load()
            return self._models

    def close(self) -> None:
        """To be called when no thread uses them any more."""
        with self._lock:
            if self._models is not None:
                self._models.close()
                self._models = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """points: float32[478, 2] in pixels. pose: float32[4, 4]. scores: blendshapes by name."""

    points: npt.NDArray[np.float32]
    pose: npt.NDArray[np.float32]
    scores: Mapping[str, float]


def _face(picture: Picture, seen: _Seen, found: _Found | None, embedding: Embedding | None) -> Face:
    height, width = picture.shape[:2]
    if found is not None:
        left, top, across, down = (float(value) for value in found.row[:4])
    else:
        left, top = (float(value) for value in seen.points.min(axis=0))
        right, bottom = (float(value) for value in seen.points.max(axis=0))
        across, down = right - left, bottom - top
    yaw, pitch, roll = _angles(seen.pose)
    brightness, sharpness = _light(picture, (left, top, across, down))
    scores = seen.scores
    return Face(
        box=(left / width, top / height, across / width, down / height),
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
        eyes_closed=(scores["eyeBlinkLeft"] + scores["eyeBlinkRight"]) / 2,
        jaw_open=scores["jawOpen"],
        brightness=brightness,
        sharpness=sharpness,
        rigid_points=_rigid(seen.points),
        embedding=embedding,
    )


def _rigid(points: npt.NDArray[np.float32]) -> Points:
    return points[list(RIGID)]


def _pixels(
    landmarks: list[NormalizedLandmark], width: int, height: int
) -> npt.NDArray[np.float32]:
    return np.array([(each.x * width, each.y * height) for each in landmarks], np.float32)


def _angles(pose: npt.NDArray[np.float32]) -> tuple[float, float, float]:
    """Yaw, pitch, roll in degrees (`Face`) of MediaPipe's matrix, R = Rz Ry Rx."""
    yaw = math.atan2(-pose[2, 0], math.hypot(pose[0, 0], pose[1, 0]))
    pitch = math.atan2(pose[2, 1], pose[2, 2])
    roll = math.atan2(pose[1, 0], pose[0, 0])
    return math.degrees(yaw), math.degrees(pitch), -math.degrees(roll)


def _light(picture: Picture, box: tuple[float, float, float, float]) -> tuple[float, float]:
    """Mean luma of the middle of the face, and the variance of its Laplacian."""
    height, width = picture.shape[:2]
    left, top, across, down = box
    # the middle part: neither hair nor what is behind
    x0, x1 = _within(left + across * 0.15, left + across * 0.85, width)
    y0, y1 = _within(top + down * 0.15, top + down * 0.85, height)
    if x1 - x0 < 8 or y1 - y0 < 8:
        return 0.0, 0.0
    grey = cv2.cvtColor(picture[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY)
    size = (CROP, max(8, round(CROP * (y1 - y0) / (x1 - x0))))
    same = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return float(grey.mean()), float(cv2.Laplacian(same, cv2.CV_32F).var())


def _within(low: float, high: float, size: int) -> tuple[int, int]:
    return max(0, min(size, round(low))), max(0, min(size, round(high)))


def _fit(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    if width <= WIDEST:
        return picture
    size = (WIDEST, max(1, round(height * WIDEST / width)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


_Model = TypeVar("_Model")


def _guard(name: str, load: Callable[[], _Model]) -> _Model:
    """Whatever a library says of a bad model or a bad frame becomes `ModelDamagedError`."""
    try:
        return load()
    except (cv2.error, RuntimeError, ValueError, OSError) as error:  # OSError: its library
        raise ModelDamagedError(name, str(error)) from error


_NO_CONFIGURATION = np.empty(0, np.uint8)


def _detector(data: bytes) -> cv2.FaceDetectorYN:
    return cv2.FaceDetectorYN.create(
        "onnx",
        np.frombuffer(data, np.uint8),
        _NO_CONFIGURATION,
        (DETECTOR_WIDTH, DETECTOR_WIDTH),
        DETECTOR_SCORE,
    )


def _aligner(data: bytes) -> cv2.FaceRecognizerSF:
    return cv2.FaceRecognizerSF.create("onnx", np.frombuffer(data, np.uint8), _NO_CONFIGURATION)


def _network(data: bytes) -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))


def _landmarker(data: bytes) -> vision.FaceLandmarker:
    # MediaPipe leaves a thread behind when it is given something else than a bundle.
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ValueError("not a MediaPipe task bundle")
    # absl would report every start of the graph on stderr
    os.environ.setdefault("GLOG_minloglevel", "2")
    from mediapipe.tasks.python import BaseOptions, vision

    restore_qt_variables()
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=data),
        running_mode=vision.RunningMode.VIDEO,
        num_faces=1,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    return vision.FaceLandmarker.create_from_options(options)
