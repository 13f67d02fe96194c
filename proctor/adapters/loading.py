"""The model files and how they become models. All are loaded from memory: OpenCV on Windows
can't open paths with Chinese characters.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import io
import os
import weakref
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from proctor.adapters.opencv import cv2, restore_qt_variables

if TYPE_CHECKING:
    from mediapipe.tasks.python import vision

LANDMARKER: Final = "face_landmarker.task"
DETECTOR: Final = "face_detection_yunet_2023mar.onnx"
RECOGNISER: Final = "face_recognition_sface_2021dec_int8bq.onnx"
FILES: Final = (LANDMARKER, DETECTOR, RECOGNISER)

DETECTOR_WIDTH = 320
"""YuNet sees a face of 30 px in a 640 px frame at this width, in a quarter of the time."""

DETECTOR_SCORE = 0.7
"""Faces score .91 to .95, also in a quarter of the light."""


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
    return {name: read_model(folder / name, (sha256 or {}).get(name)) for name in FILES}


def read_model(path: Path, sha256: str | None) -> bytes:
    """One file's bytes, checked against its SHA-256 (hex) if given."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelMissingError(str(path), error.strerror or str(error)) from error
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256.lower():
        raise ModelDamagedError(str(path), "SHA-256 is another one than expected")
    return data


_Model = TypeVar("_Model")


def guard(name: str, load: Callable[[], _Model]) -> _Model:
    """Whatever a library says of a bad model or a bad frame becomes `ModelDamagedError`."""
    try:
        return load()
    except (cv2.error, RuntimeError, ValueError, OSError) as error:  # OSError: its library
        raise ModelDamagedError(name, str(error)) from error


_NO_CONFIGURATION = np.empty(0, np.uint8)


def detector(data: bytes) -> cv2.FaceDetectorYN:
    return cv2.FaceDetectorYN.create(
        "onnx",
        np.frombuffer(data, np.uint8),
        _NO_CONFIGURATION,
        (DETECTOR_WIDTH, DETECTOR_WIDTH),
        DETECTOR_SCORE,
    )


def aligner(data: bytes) -> cv2.FaceRecognizerSF:
    return cv2.FaceRecognizerSF.create("onnx", np.frombuffer(data, np.uint8), _NO_CONFIGURATION)


def network(data: bytes) -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))


def landmarker(data: bytes) -> vision.FaceLandmarker:
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
    made = vision.FaceLandmarker.create_from_options(options)
    _landmarkers.add(made)
    return made


_landmarkers: weakref.WeakSet[vision.FaceLandmarker] = weakref.WeakSet()


@atexit.register
def _close_landmarkers() -> None:
    """Close at the interpreter's end what nobody closed.

    Otherwise `FaceLandmarker.__del__` does it when the modules it needs are gone already,
    and prints a TypeError. Registered before MediaPipe is imported, so it runs after
    MediaPipe knows of the end and leaves its threads alone.
    """
    for each in list(_landmarkers):
        with contextlib.suppress(RuntimeError):
            each.close()
