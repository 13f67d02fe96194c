"""One frame from a camera as everything here expects it, and what can be wrong with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from proctor.adapters.opencv import cv2
from proctor.ports import Picture, Skipping, VideoSource

WIDEST = 640
"""Wider frames are made smaller: more pixels cost time and show nothing more."""

DARK = 16
"""Brightest sample of a covered lens: its frames may be all the same, and no fault is in it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """picture: at most `WIDEST` wide. width, height: as the camera gave it."""

    picture: Picture
    at_ns: int
    width: int
    height: int


class Missing(Enum):
    """Why there is no picture."""

    FAILED = "failed"
    """The camera gave no frame."""
    UNREADABLE = "unreadable"
    """It gave one of which no picture can be made."""
    UNWANTED = "unwanted"
    """It gave one that nobody wanted."""


_ERRORS = (cv2.error, ValueError, MemoryError)
"""What some drivers do instead of saying that they have no frame."""


def next_of(source: VideoSource, wanted: Callable[[], bool]) -> Missing | Picture:
    """Wait for the next frame, whatever its form: uint8[height, width, 3].

    wanted: asked when it has come; one that is not is never decoded, where the camera allows.
    """
    if not isinstance(source, Skipping):
        picture = _picture(source.read)
        if picture is Missing.UNREADABLE:
            return Missing.FAILED
        return picture if wanted() else Missing.UNWANTED
    try:
        if not source.grab():
            return Missing.FAILED
    except _ERRORS:
        return Missing.FAILED
    return _picture(source.retrieve) if wanted() else Missing.UNWANTED


def _picture(read: Callable[[], tuple[bool, Picture | None]]) -> Missing | Picture:
    try:
        done, raw = read()
        picture = _coloured(raw) if done and raw is not None and raw.size else None
    except _ERRORS:
        return Missing.UNREADABLE
    return Missing.UNREADABLE if picture is None else picture


def fit(picture: Picture, at_ns: int) -> Frame:
    """Scaled down to `WIDEST`: a 4K picture has 27 times the pixels of ours."""
    height, width = picture.shape[:2]
    # averaging all of 4K takes 18 ms, of every third line and column 3: it is not the sharpness
    # of such a picture that is needed
    step = max(1, width // (2 * WIDEST))
    if step > 1:
        picture = np.ascontiguousarray(picture[::step, ::step])
    if width > WIDEST:
        size = (WIDEST, max(1, round(height * WIDEST / width)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        picture = small.astype(np.uint8, copy=False)
    return Frame(picture, at_ns, width, height)


def _coloured(raw: Picture) -> Picture | None:
    """Grey pictures of infrared cameras, and those with transparency, as three colours."""
    if raw.dtype != np.uint8:
        top = np.iinfo(raw.dtype).max if np.issubdtype(raw.dtype, np.integer) else 1
        raw = (raw.astype(np.float32) * (255 / top)).clip(0, 255).astype(np.uint8)
    channels = 1 if raw.ndim == 2 else raw.shape[2] if raw.ndim == 3 else 0
    match channels:
        case 1:
            out = cv2.cvtColor(raw, cv2.COLOR_GRAY2BGR)
        case 2:
            out = cv2.cvtColor(raw, cv2.COLOR_YUV2BGR_YUY2)
        case 3:
            return np.ascontiguousarray(raw)
        case 4:
            out = cv2.cvtColor(raw, cv2.COLOR_BGRA2BGR)
        case _:
            return None
    return out.astype(np.uint8, copy=False)


class Sameness:
    """Notices a picture that stands still to the last bit: no sensor is that quiet."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._sample: Picture | None = None
        self._since_ns = 0

    def frozen(self, picture: Picture, at_ns: int) -> bool:
        sample = picture[::16, ::16].copy()
        before, self._sample = self._sample, sample
        if before is None or not np.array_equal(before, sample) or sample.max() < DARK:
            self._since_ns = at_ns
            return False
        return (at_ns - self._since_ns) / 1e9 >= self._seconds
