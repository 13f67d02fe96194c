"""Tells when cameras come and go, while somebody needs to know.

Looks every two seconds. Measured: 0.1 ms a look on Linux, which opens no device. Qt could tell
without looking (`QMediaDevices`), but opens every camera on Linux to ask what it can do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from proctor.adapters.devices import CameraInfo

EVERY_S = 2.0
JOINED_S = 0.5
"""A system that takes longer to list its cameras is not waited for."""

Cameras = tuple[CameraInfo, ...]


class Hotplug:
    """Watches from `start` to `stop`, as often as wanted; both from one thread."""

    def __init__(
        self,
        list_cameras: Callable[[], Cameras],
        on_change: Callable[[Cameras], None],
        every_s: float = EVERY_S,
    ) -> None:
        """on_change: called in the watching thread, first with those that are there now."""
        self._list = list_cameras
        self._on_change = on_change
        self._every_s = every_s
        self._over: threading.Event | None = None
        self._thread = threading.Thread()

    def start(self) -> None:
        if self._over is None:
            over = self._over = threading.Event()
            self._thread = threading.Thread(
                target=lambda: self._watch(over), name="hotplug", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        if self._over is not None:
            self._over.set()
            self._over = None
            self._thread.join(JOINED_S)

    def _watch(self, over: threading.Event) -> None:
        before: Cameras | None = None
        while not over.is_set():
            now = self._list()
            if now != before and not over.is_set():
                self._on_change(now)
            before = now
            over.wait(self._every_s)
