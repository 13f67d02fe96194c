"""In place of the camera and the models, for journeys about something else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np

from app.adapters.eyes import Listeners
from proctor.observation import FaceObservation
from proctor.ports import Picture, VideoSource
from proctor.schedule import Action, Place
from tests.faces import DONE, LOOKS, REST, Pose, face
from tests.session_kit import HERSELF

FACE_S = 0.06

ACTING_S = 0.03
"""Twice the pace of a camera, so that what is asked is done in half a second."""


_LEVELS = (0.5, *[1.0] * 17, 0.5, *[0.0] * 7)


def quickly(action: Action, dot: Place | None) -> Iterator[Pose]:
    """There, held half a second, and back; eyes held shut are as good as blinks."""
    full = LOOKS[dot] if dot else DONE.get(action, REST)
    for x in _LEVELS:
        yield Pose(
            yaw=full.yaw * x,
            pitch=full.pitch * x,
            eyes=REST.eyes + (full.eyes - REST.eyes) * x,
            jaw=REST.jaw + (full.jaw - REST.jaw) * x,
            gaze=(full.gaze[0] * x, full.gaze[1] * x),
        )


class Asked:
    """What somebody before the camera was asked for last; a `proctor.ports.Prompted`."""

    def __init__(self) -> None:
        self._action: str | None = None
        self._dot: str | None = None

    def prompt(self, action: str | None, dot: str | None = None) -> None:
        self._action, self._dot = action, dot

    def shine(self, tint: str | None) -> None: ...

    def poses(self) -> Iterator[tuple[Pose, float]]:
        """How it is done, or a face at rest; each with the seconds before it."""
        action, dot = self._action, self._dot
        if action is None:
            yield REST, FACE_S
            return
        for pose in quickly(Action(action), Place(dot) if dot else None):
            yield pose, ACTING_S


class StillFace:
    """Somebody who looks into the camera and does what is asked: an `app.adapters.eyes.Watcher`."""

    def __init__(self, listeners: Listeners, asked: Asked | None = None) -> None:
        self._listeners = listeners
        self._asked = asked or Asked()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="still-face", daemon=True)

    def start(self, pace: str) -> None:
        self._thread.start()

    def set_pace(self, pace: str) -> None: ...

    def newest(self) -> Picture | None:
        return np.full((48, 64, 3), 128, dtype=np.uint8)

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            for pose, after_s in self._asked.poses():
                if self._over.wait(after_s):
                    return
                now_ns = time.monotonic_ns()
                self._listeners.observed(FaceObservation(now_ns, 1, face(pose, embedding=HERSELF)))


def sitting() -> tuple[Callable[[Listeners], StillFace], Asked]:
    """`Setting.watch` and `Setting.prompted` of one who sits there."""
    asked = Asked()
    return (lambda listeners: StillFace(listeners, asked)), asked


def no_camera() -> VideoSource:
    raise AssertionError("the eyes are replaced")
