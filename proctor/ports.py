"""What the judging code's owner asks of the eyes."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
"""A camera frame: uint8[height, width, 3], blue-green-red."""


class VideoSource(Protocol):
    """The part of `cv2.VideoCapture` that is used, so that a learner can be simulated."""

    def isOpened(self) -> bool: ...  # noqa: N802  (OpenCV's own name)

    def read(self) -> tuple[bool, Picture | None]: ...

    def get(self, prop: int, /) -> float: ...

    def set(self, prop: int, value: float, /) -> bool: ...

    def release(self) -> None: ...

    def getBackendName(self) -> str: ...  # noqa: N802


class Prompted(Protocol):
    """Told which action the learner is being asked for; the simulated learner obeys it."""

    def prompt(self, action: str | None) -> None: ...
