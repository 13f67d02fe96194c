"""A camera with somebody before it, that can be missing and can be pulled out."""

from __future__ import annotations

import time

from app.adapters.eyes import Listeners, Watcher
from app.errors import Report, Trouble
from proctor.observation import CameraLost
from proctor.ports import Picture
from tests.journeys.still_face import Asked, StillFace


class Camera(Asked):
    """Makes watchers: `Setting.watch`, and hears what is asked: `Setting.prompted`.

    trouble: why it cannot be opened just now.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trouble: Trouble | None = None
        self._now: tuple[Listeners, StillFace] | None = None

    def __call__(self, listeners: Listeners) -> Watcher:
        if self.trouble is not None:
            return _Shut(listeners, self.trouble)
        face = StillFace(listeners, self)
        self._now = listeners, face
        return face

    def pull_out(self) -> None:
        """As `proctor.adapters.eyes` tells it: no frame any more, then that it is lost."""
        assert self._now is not None
        listeners, face = self._now
        self.trouble = Trouble.NO_CAMERA
        face.stop()
        listeners.observed(CameraLost(time.monotonic_ns(), "pulled out"))


class _Shut:
    def __init__(self, listeners: Listeners, trouble: Trouble) -> None:
        self._listeners = listeners
        self._trouble = trouble

    def start(self, pace: str) -> None:
        self._listeners.failed(Report(self._trouble, "not there"))

    def set_pace(self, pace: str) -> None: ...

    def newest(self) -> Picture | None:
        return None

    def stop(self) -> None: ...
