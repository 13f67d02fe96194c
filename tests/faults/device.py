"""A camera at the level of `cv2.VideoCapture`, with everything that one can do wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import cv2
import numpy as np

from proctor.ports import Picture

Frames = Callable[[int], Picture | None]


def noisy(number: int, height: int = 48, width: int = 64) -> Picture:
    return np.random.default_rng(number).integers(60, 200, (height, width, 3), np.uint8)


def black(_: int) -> Picture:
    return np.zeros((48, 64, 3), np.uint8)


def nothing(_: int) -> Picture | None:
    return None


def broken(_: int) -> Picture | None:
    raise cv2.error("the device is gone")


class Device:
    """Gives `frames(number)` at its pace; both may be changed while it runs.

    hang: `grab` does not return until `freed` is set. unplug: nothing comes any more.
    """

    def __init__(self, frames: Frames = noisy, fps: float = 100.0) -> None:
        self.frames = frames
        self.fps = fps
        self.number = self.decoded = 0
        self.hang, self.freed, self.released = (threading.Event() for _ in range(3))
        self.released_at_s = 0.0
        self._due_s = 0.0

    def unplug(self) -> None:
        self.frames = nothing

    def isOpened(self) -> bool:  # noqa: N802
        return not self.released.is_set()

    def grab(self) -> bool:
        if self.hang.is_set():
            self.freed.wait()
            return False
        now_s = time.monotonic()
        if now_s < self._due_s:
            threading.Event().wait(self._due_s - now_s)
        self._due_s = max(self._due_s, now_s - 1 / self.fps) + 1 / self.fps
        self.number += 1
        return self.frames is not nothing

    def retrieve(self) -> tuple[bool, Picture | None]:
        self.decoded += 1
        picture = self.frames(self.number)
        return picture is not None, picture

    def read(self) -> tuple[bool, Picture | None]:
        return self.retrieve() if self.grab() else (False, None)

    def get(self, prop: int, /) -> float:
        return 0.0

    def set(self, prop: int, value: float, /) -> bool:
        return False

    def release(self) -> None:
        self.released_at_s = time.monotonic()
        self.released.set()

    def getBackendName(self) -> str:  # noqa: N802
        return "FAKE"
