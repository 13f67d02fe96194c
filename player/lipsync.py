"""How far the sound is ahead of the picture, out of when each was really given out."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

EVERY_NS = 5_000_000_000
"""How often the offset is told."""
_FRESH_NS = 250_000_000
"""A frame painted longer ago says nothing of now: the film stands, or the screen does."""
_ENOUGH = 20


@dataclass(slots=True)
class LipSync:
    """Film positions in us, times in ns of one monotonic clock. Not thread-safe."""

    _frame_us: int = 0
    _painted_ns: int | None = None
    _offsets_us: list[int] = field(default_factory=list)
    _told_ns: int | None = None

    def frame(self, start_us: int, at_ns: int) -> None:
        """The frame that begins at `start_us` was painted."""
        self._frame_us, self._painted_ns = start_us, at_ns

    def sound(self, start_us: int, at_ns: int, rate: float) -> None:
        """The sound that belongs to `start_us` was given to the device."""
        painted_ns = self._painted_ns
        if painted_ns is None or not 0 <= at_ns - painted_ns <= _FRESH_NS:
            return
        picture_us = self._frame_us + (at_ns - painted_ns) / 1000 * rate
        self._offsets_us.append(round(start_us - picture_us))

    def jump(self) -> None:
        """The film is somewhere else now."""
        self._painted_ns = None
        self._offsets_us.clear()

    def take(self, at_ns: int) -> int | None:
        """Return the median offset since the last one, when there is enough of it and it is time.

        > 0: the sound is ahead.
        """
        if self._told_ns is None:
            self._told_ns = at_ns
        if at_ns - self._told_ns < EVERY_NS or len(self._offsets_us) < _ENOUGH:
            return None
        self._told_ns = at_ns
        offset_us = round(statistics.median(self._offsets_us))
        self._offsets_us.clear()
        return offset_us
