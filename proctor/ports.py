"""What the judging code's owner asks of the eyes."""

from typing import Protocol, runtime_checkable

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


@runtime_checkable
class Skipping(Protocol):
    """A source whose frames can be passed over without decoding them: `cv2.VideoCapture` can.

    `read` is `grab`, then `retrieve`.
    """

    def grab(self) -> bool: ...

    def retrieve(self) -> tuple[bool, Picture | None]: ...


class Prompted(Protocol):
    """Told what the learner sees on the screen; the simulated learner obeys it."""

    def prompt(self, action: str | None, dot: str | None = None) -> None:
        """An action by its name, or None; dot: a `schedule.Place` for `follow_dot`."""

    def shine(self, tint: str | None) -> None:
        """The light of the screen around the check: a `schedule.Tint`'s value, or None."""


class Hearing(Protocol):
    """Extension point: a number that was asked for, read aloud. Nothing implements it yet.

    A voice would be one more sign beside the face: a recording cannot know the digits. It
    needs a microphone, consent of its own, and a recogniser for Mandarin and Cantonese.
    """

    def heard(self, digits: str, began_ns: int, ended_ns: int) -> float:
        """How surely these digits (0-9) were spoken in that time by somebody there, 0 to 1."""
