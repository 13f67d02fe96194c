"""The three face models: from their files to one `FaceObservation` a frame.

YuNet counts people and finds five points, MediaPipe's landmarker gives pose, blendshapes
and rigid points, SFace an embedding.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from proctor.adapters import loading, pixels, texture, worn
from proctor.adapters.landmarks import RIGID, Seen, pixels_of
from proctor.adapters.loading import (
    DETECTOR,
    DETECTOR_WIDTH,
    FILES,
    LANDMARKER,
    RECOGNISER,
    ModelDamagedError,
    ModelError,
    ModelMissingError,
    guard,
    read_models,
)
from proctor.adapters.opencv import cv2
from proctor.adapters.passive import PassiveModel
from proctor.observation import Embedding, Face, FaceObservation, FrameFacts
from proctor.ports import Picture

__all__ = [
    "DETECTOR",
    "FILES",
    "LANDMARKER",
    "RECOGNISER",
    "RIGID",
    "WIDEST",
    "FaceModels",
    "LoadedOnce",
    "ModelDamagedError",
    "ModelError",
    "ModelMissingError",
    "read_models",
]

WIDEST = 640
"""Wider frames are made smaller: more pixels cost time and show nothing more."""

CROP: Final = 112
"""Pixels: SFace's input, and the width at which sharpness is measured."""

TEXTURE_EVERY = 5
"""Moire, border and the passive model are looked for in every fifth frame with signs: they
last, and cost more than everything else about a frame (docs/proctoring.md)."""

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Found:
    """A face as YuNet gives it: float32[15], box, five points and score, in pixels."""

    row: npt.NDArray[np.float32]

    @property
    def area(self) -> float:
        return float(self.row[2] * self.row[3])

    @property
    def box(self) -> _Box:
        left, top, width, height = (float(value) for value in self.row[:4])
        return left, top, width, height


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the newest look of the detector gave. fits: its box in units of the landmarks'
    bounds at that time, None without both, so that the box follows the head till next time.
    """

    count: int
    fits: _Box | None = None


class FaceModels:
    """The loaded models. To be used by one thread at a time: video mode has a memory."""

    def __init__(self, data: Mapping[str, bytes], passive: PassiveModel | None = None) -> None:
        """`data`: the files' bytes by name (`read_models`)."""
        self._detector = guard(DETECTOR, lambda: loading.detector(data[DETECTOR]))
        self._aligner = guard(RECOGNISER, lambda: loading.aligner(data[RECOGNISER]))
        self._recogniser = guard(RECOGNISER, lambda: loading.network(data[RECOGNISER]))
        self._landmarker = guard(LANDMARKER, lambda: loading.landmarker(data[LANDMARKER]))
        self._passive = passive
        self._stamp_ms = -1
        self._counted = _Counted(0)
        self._with_signs = 0
        self._texture = texture.Texture()

    @classmethod
    def load(
        cls,
        folder: Path,
        sha256: Mapping[str, str] | None = None,
        passive: PassiveModel | None = None,
    ) -> FaceModels:
        """Load from a folder, `sha256` as in resources/models.toml; takes seconds."""
        return cls(read_models(folder, sha256), passive)

    def use_passive(self, passive: PassiveModel | None) -> None:
        """Ask another passive model from the next frame on, or none."""
        self._passive = passive
        self._texture = replace(self._texture, passive=None)

    def observe(
        self,
        picture: Picture,
        at_ns: int,
        *,
        with_embedding: bool = False,
        with_count: bool = True,
        with_signs: bool = False,
    ) -> FaceObservation:
        """Judge one frame: uint8[height, width, 3], blue-green-red, not mirrored.

        at_ns: monotonic time of the frame, never going back. with_count: otherwise the
        newest count stands and the box follows the head, which saves the detector; it looks
        all the same when an embedding is wanted. with_signs: `FaceObservation.frame` too.
        """

        def judge() -> FaceObservation:
            seen = self._observe(_fit(picture), at_ns, with_embedding, with_count)
            if not with_signs:
                return seen
            return replace(seen, frame=self._facts(picture, seen.face))

        return guard("a frame", judge)

    def _observe(
        self, picture: Picture, at_ns: int, with_embedding: bool, with_count: bool
    ) -> FaceObservation:
        largest = None
        look = with_count or with_embedding
        if look:
            found = self._detect(picture)
            largest = max(found, key=lambda each: each.area, default=None)
            self._counted = _Counted(len(found))
        seen = self._landmarks(picture, at_ns)
        if seen is None:
            count = self._counted.count
            hidden = count == 0 and pixels.covered(pixels.grey(pixels.shrink(picture)))
            return FaceObservation(at_ns, count, None, covered=hidden)
        if look and largest is not None:
            self._counted = _Counted(self._counted.count, _relative(largest.box, seen.bounds))
        box = _absolute(self._counted.fits, seen.bounds)
        embedding = None
        if with_embedding and largest is not None:
            embedding = self._embed(picture, largest)
        face = _face(picture, seen, box, embedding)
        return FaceObservation(at_ns, max(1, self._counted.count), face)

    def _facts(self, picture: Picture, face: Face | None) -> FrameFacts:
        """Of the frame as the camera gave it."""
        box = None if face is None else face.box
        if self._with_signs % TEXTURE_EVERY == 0:
            scaled = _fit(picture)
            self._texture = texture.look(scaled, box)
            if self._passive is not None and box is not None:
                self._texture = replace(self._texture, passive=self._passive.living(scaled, box))
        self._with_signs += 1
        found = self._texture
        return replace(
            pixels.facts(picture, box),
            moire=found.moire,
            border=found.border,
            passive=found.passive,
        )

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

    def _landmarks(self, picture: Picture, at_ns: int) -> Seen | None:
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
        return Seen(
            points=pixels_of(result.face_landmarks[0], width, height),
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


def _face(picture: Picture, seen: Seen, box: _Box, embedding: Embedding | None) -> Face:
    height, width = picture.shape[:2]
    left, top, across, down = box
    yaw, pitch, roll = seen.angles
    brightness, sharpness = _light(picture, box)
    covering = worn.read(picture, seen.points)
    return Face(
        box=(left / width, top / height, across / width, down / height),
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
        eyes_closed=seen.eyes_closed,
        jaw_open=seen.scores["jawOpen"],
        brightness=brightness,
        sharpness=sharpness,
        rigid_points=seen.rigid,
        embedding=embedding,
        gaze=seen.gaze,
        skin=covering.skin,
        mask=covering.mask,
        dark_glasses=covering.dark_glasses,
        soft_points=seen.soft,
    )


def _relative(box: _Box, bounds: _Box) -> _Box:
    """The box in units of the landmarks' bounds."""
    left, top, width, height = bounds
    width, height = max(width, 1.0), max(height, 1.0)
    x, y, across, down = box
    return (x - left) / width, (y - top) / height, across / width, down / height


def _absolute(fits: _Box | None, bounds: _Box) -> _Box:
    if fits is None:
        return bounds
    left, top, width, height = bounds
    x, y, across, down = fits
    return left + x * width, top + y * height, across * width, down * height


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
