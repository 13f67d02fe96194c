"""In place of the camera and the models, for journeys about something else."""

from __future__ import annotations

import threading
import time

from app.adapters.eyes import Listeners
from proctor.observation import FaceObservation
from proctor.ports import VideoSource
from tests.session_kit import face

FACE_S = 0.06


class StillFace:
    """Somebody who sits there and looks into the camera: an `app.adapters.eyes.Watcher`."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="still-face", daemon=True)

    def start(self, pace: str) -> None:
        self._thread.start()

    def set_pace(self, pace: str) -> None: ...

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(FACE_S):
            self._listeners.observed(FaceObservation(time.monotonic_ns(), 1, face()))


def no_camera() -> VideoSource:
    raise AssertionError("the eyes are replaced")
