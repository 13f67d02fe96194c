"""The proctor's eyes in the window's world: their threads' findings as Qt signals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.errors import Report
from app.events import CameraFailed, CamerasChanged
from proctor.observation import CameraLost, FaceObservation
from proctor.ports import Picture, Prompted


class Watcher(Protocol):
    """One opening of the camera: `proctor.adapters.eyes.Eyes`, at a pace by its name."""

    def start(self, pace: str) -> None: ...

    def set_pace(self, pace: str) -> None: ...

    def newest(self) -> Picture | None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Listeners:
    """Where a watcher tells what it finds; called from its own threads."""

    observed: Callable[[FaceObservation | CameraLost], None]
    seen: Callable[[Picture], None]
    failed: Callable[[Report], None]


@dataclass(frozen=True, slots=True)
class Listed:
    """The cameras that are there, as `app.events.CamerasChanged` tells them."""

    cameras: tuple[tuple[str, str], ...]
    chosen: str
    flags: tuple[str, ...] = ()


class Cameras(Protocol):
    """Which cameras there are, and what reads them: `app.bootstrap.camera.Camera`."""

    def use(self, name: str) -> None:
        """Open this one from the next opening on."""

    def listed(self) -> Listed | None:
        """What was told last."""

    def follow(self, told: Callable[[Listed], None]) -> None:
        """Tell, from a thread, which are there, now and whenever that changes."""

    def unfollow(self) -> None: ...

    def warm(self) -> None:
        """Load the models in a thread; the camera stays shut."""


class QtEyes(QObject):
    """Implements `app.adapters.conductor.Eyes`. The camera is open between open and close.

    make: builds a watcher for one opening; asked for when the camera is first wanted,
    because it brings the model libraries with it. cameras: None where there is one only.

    Cameras that come and go are told of while a page may want to know: from `follow` on,
    before study, and after one was lost; not while one is looked through for a lesson.
    """

    found = Signal(object)
    picture = Signal(QImage)
    _observed = Signal(int, object)
    _seen = Signal(int, object)
    _failed = Signal(int, object)
    _listed = Signal(object)

    def __init__(
        self,
        make: Callable[[Listeners], Watcher],
        clock_ns: Callable[[], int],
        prompted: Prompted | None = None,
        cameras: Cameras | None = None,
    ) -> None:
        super().__init__()
        self._make = make
        self._clock_ns = clock_ns
        self._prompted = prompted
        self._cameras = cameras
        self._watcher: Watcher | None = None
        self._opening = 0  # what an earlier opening still says is not listened to
        queued = Qt.ConnectionType.QueuedConnection
        self._observed.connect(self._on_observed, queued)
        self._seen.connect(self._on_seen, queued)
        self._failed.connect(self._on_failed, queued)
        self._listed.connect(self._on_listed, queued)

    def open(self, pace: str) -> None:
        if self._cameras is not None and pace != "preview":
            self._cameras.unfollow()
        elif pace == "preview":
            self.follow()
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
        self.shine(None)

    def prompt(self, action: str | None, dot: str | None = None) -> None:
        if self._prompted is not None:
            self._prompted.prompt(action, dot)

    def shine(self, tint: str | None) -> None:
        """The light that the screen gives: a camera sees it by itself, a simulated one is told."""
        if self._prompted is not None:
            self._prompted.shine(tint)

    def newest(self) -> Picture | None:
        """A copy of the camera's newest picture; None while it is shut or gives none."""
        return None if self._watcher is None else self._watcher.newest()

    def use(self, name: str) -> None:
        """Take the camera of this name, from the next opening on."""
        if self._cameras is None:
            return
        self._cameras.use(name)
        listed = self._cameras.listed()
        if listed is not None:
            self._listed.emit(listed)

    def warm(self) -> None:
        """Load what reads the camera; it takes seconds, and the camera stays shut."""
        if self._cameras is not None:
            self._cameras.warm()

    def follow(self) -> None:
        """Tell of the cameras that are there, and of each that comes or goes."""
        if self._cameras is not None:
            self._cameras.follow(self._listed.emit)

    def _on_listed(self, listed: Listed) -> None:
        event = CamerasChanged(self._clock_ns(), listed.cameras, listed.chosen, listed.flags)
        self.found.emit(event)

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
            self.follow()

    def _on_seen(self, number: int, frame: Picture) -> None:
        if number == self._opening:
            height, width = frame.shape[:2]
            image = QImage(frame.data, width, height, 3 * width, QImage.Format.Format_BGR888)
            self.picture.emit(image.copy())
