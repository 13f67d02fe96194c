"""Somebody before a camera, kept as pictures in memory: what making them costs is nobody's cost."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.ports import Picture

FPS = 15
SECONDS = 6


def record(path: Path) -> int:
    """Six seconds of a simulated learner who idles, turns and opens the mouth; their bytes."""
    from proctor.adapters.simulated import demo_cast
    from proctor.adapters.simulated.presentation import Presentation, Spec

    cast = demo_cast()
    learner = Presentation(Spec(cast[cast.names[0]]))
    pictures = []
    for number in range(FPS * SECONDS):
        if number == FPS:
            learner.prompt("turn_left")
        if number == FPS * 4:
            learner.prompt("open_mouth")
        picture = learner.frame()[1]
        assert picture is not None
        pictures.append(picture)
    kept = np.stack(pictures)
    np.save(path, kept)
    return kept.nbytes


class Remembered:
    """A camera that plays them forwards and backwards for ever, at its own pace."""

    def __init__(self, pictures: npt.NDArray[np.uint8], fps: float = FPS) -> None:
        count = len(pictures)
        self._order = [*range(count), *range(count - 2, 0, -1)]
        self._pictures = pictures
        self._period_s = 1 / fps
        self._due_s = 0.0
        self._number = 0

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def grab(self) -> bool:
        now_s = time.monotonic()
        if now_s < self._due_s:
            time.sleep(self._due_s - now_s)
        self._due_s = max(self._due_s, now_s - self._period_s) + self._period_s
        self._number += 1
        return True

    def retrieve(self) -> tuple[bool, Picture | None]:
        return True, self._pictures[self._order[self._number % len(self._order)]]

    def read(self) -> tuple[bool, Picture | None]:
        self.grab()
        return self.retrieve()

    def get(self, prop: int, /) -> float:
        return 1 / self._period_s if prop == cv2.CAP_PROP_FPS else 0.0

    def set(self, prop: int, value: float, /) -> bool:
        return False

    def release(self) -> None: ...

    def getBackendName(self) -> str:  # noqa: N802
        return "REMEMBERED"
