"""The proctor's eyes in the window's world: their threads' findings as Qt signals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.errors import Report
from app.events import CameraFailed
from proctor.observation import CameraLost, FaceObservation
from proctor.ports import Picture, Prompted


class Watcher(Protocol):
    """One opening of the camera: `proctor.adapters.eyes.Eyes`, at a pace by its name."""

    def start(self, pace: str) -> None: ...

    def set_pace(self, pace: str) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Listeners:
    """Where a watcher tells what it finds; called from its own threads."""

    observed: Callable[[FaceObservation | CameraLost], None]
    seen: Callable[[Picture], None]
    failed: Callable[[Report], None]


class QtEyes(QObject):
    """Implements `app.adapters.conductor.Eyes`. The camera is open between open and close.

    make: builds a watcher for one opening; asked for when the camera is first wanted,
    because it brings the model libraries with it.
    """

    found = Signal(object)
    picture = Signal(QImage)
    _observed = Signal(int, object)
    _seen = Signal(int, object)
    _failed = Signal(int, object)

    def __init__(
        self,
        make: Callable[[Listeners], Watcher],
        clock_ns: Callable[[], int],
        prompted: Prompted | None = None,
    ) -> None:
        super().__init__()
        self._make = make
        self._clock_ns = clock_ns
        self._prompted = prompted
        self._watcher: Watcher | None = None
        self._opening = 0  # what an earlier opening still says is not listened to
        queued = Qt.ConnectionType.QueuedConnection
        self._observed.connect(self._on_observed, queued)
        self._seen.connect(self._on_seen, queued)
        self._failed.connect(self._on_failed, queued)

    def open(self, pace: str) -> None:
        if self._watcher is not None:
            self._watcher.set_pace(pace)
            return
        self._opening += 1
        number = self._opening
        self._watcher = self._make(
            Listeners(
                observed=lambda event: self._observed.emit(number, event),
                seen=lambda picture: self._seen.emit(number, picture),
                failed=lambda report: self._failed.emit(number, report),
            )
        )
        self._watcher.start(pace)

    def close(self) -> None:
        """Let go of the camera; its light goes off."""
        watcher, self._watcher = self._watcher, None
        self._opening += 1
        if watcher is not None:
            watcher.stop()
        self.prompt(None)

    def prompt(self, action: str | None) -> None:
        if self._prompted is not None:
            self._prompted.prompt(action)

    def _on_observed(self, number: int, event: FaceObservation | CameraLost) -> None:
        if number == self._opening:
            self.found.emit(event)
            if isinstance(event, CameraLost):
                self._let_go(number)

    def _on_failed(self, number: int, report: Report) -> None:
        if number == self._opening:
            self.found.emit(CameraFailed(self._clock_ns(), report))
            self._let_go(number)

    def _let_go(self, number: int) -> None:
        """A watcher that has told of its end sees nothing more: the next `open` makes another."""
        if number == self._opening:
            self.close()

    def _on_seen(self, number: int, frame: Picture) -> None:
        if number == self._opening:
            height, width = frame.shape[:2]
            image = QImage(frame.data, width, height, 3 * width, QImage.Format.Format_BGR888)
            self.picture.emit(image.copy())
