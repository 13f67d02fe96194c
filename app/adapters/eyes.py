"""The proctor's eyes in the window's world: their thread's findings as Qt signals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.events import CameraFailed
from proctor.observation import CameraLost, FaceObservation
from proctor.ports import Picture, Prompted

Found = FaceObservation | CameraLost | CameraFailed


class Watcher(Protocol):
    """What looks: `proctor.adapters.eyes.Eyes`."""

    def start(self) -> None: ...

    def set_pace(self, pace: str) -> None: ...

    def stop(self) -> None: ...


class QtEyes(QObject):
    """Implements `app.adapters.conductor.Eyes`. The camera is open between open and close.

    make: builds a watcher around the two callbacks, which it calls from its own thread; asked
    for when the camera is first wanted, because it brings the model libraries with it.
    """

    found = Signal(object)
    picture = Signal(QImage)
    _observed = Signal(object)
    _seen = Signal(object)

    def __init__(
        self,
        make: Callable[[Callable[[Found], None], Callable[[Picture, int], None]], Watcher],
        prompted: Prompted | None = None,
    ) -> None:
        super().__init__()
        self._prompted = prompted
        self._open = False
        # A callback may come while the window is closing the eyes; Qt's queue ends it there.
        self._observed.connect(self._on_observed, Qt.ConnectionType.QueuedConnection)
        self._seen.connect(self._on_seen, Qt.ConnectionType.QueuedConnection)
        self._make = make
        self._watcher: Watcher | None = None

    def open(self, pace: str) -> None:
        if self._watcher is None:
            self._watcher = self._make(
                self._observed.emit, lambda frame, _at_ns: self._seen.emit(frame)
            )
        self._watcher.set_pace(pace)
        if not self._open:
            self._open = True
            self._watcher.start()

    def close(self) -> None:
        """Let go of the camera; its light goes off."""
        if self._open and self._watcher is not None:
            self._open = False
            self._watcher.stop()
        self.prompt(None)

    def prompt(self, action: str | None) -> None:
        if self._prompted is not None:
            self._prompted.prompt(action)

    def _on_observed(self, event: Found) -> None:
        if self._open:
            self.found.emit(event)

    def _on_seen(self, frame: Picture) -> None:
        if self._open:
            height, width = frame.shape[:2]
            image = QImage(frame.data, width, height, 3 * width, QImage.Format.Format_BGR888)
            self.picture.emit(image.copy())
