"""What `QtPlayer` remembers of a film that is open."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtMultimedia import QVideoFrame

from player.events import Mode


class Phase(enum.Enum):
    """How far the film is. Whether it runs in READY, the learner's wish says."""

    CLOSED = enum.auto()
    OPENING = enum.auto()
    READY = enum.auto()
    SEEKING = enum.auto()
    ENDED = enum.auto()
    FAILED = enum.auto()


@dataclass(frozen=True, slots=True)
class Shown:
    """The frame on the screen: its film time, and when it came there."""

    start_us: int
    end_us: int
    at_ns: int


@dataclass(slots=True)
class Change:
    """A mode change under way. ready: the frame that the standby waits on."""

    mode: Mode
    lead_us: int
    asked_ns: int
    ready: QVideoFrame | None = None
    ready_ns: int | None = None
    late: bool = False

    def meeting_us(self, last: Shown | None, *, standing: bool, stalled: bool) -> int:
        """Return where the standby has to wait for the active pipeline."""
        if last is None:
            return 0  # it is cued anew once the active one stands
        if standing:
            return last.start_us
        return last.end_us if stalled else last.start_us + self.lead_us

    def is_ready(self, frame: QVideoFrame, at_ns: int) -> None:
        """The standby waits on `frame`."""
        self.ready = frame
        self.ready_ns = self.ready_ns or at_ns

    def ahead_us(self, frame: QVideoFrame) -> int | None:
        """How far the meeting is ahead of `frame`: 0 where this is the very one; None: no idea."""
        if self.ready is None:
            return None
        ahead_us = self.ready.startTime() - frame.startTime()
        half_us = (frame.endTime() - frame.startTime()) // 2
        return 0 if abs(ahead_us) <= half_us else ahead_us


_MARGIN_US = 250_000


@dataclass(slots=True)
class LeadTime:
    """How far ahead a change is cued: learnt from the last one. Film time in us."""

    least_us: int
    longest_us: int
    us: int = 0

    def __post_init__(self) -> None:
        self.us = self.us or self.least_us

    def lengthen(self, change: Change) -> None:
        """The standby was not ready in time: give it longer."""
        change.lead_us = min(2 * change.lead_us, self.longest_us)
        change.late = True

    def learn(self, change: Change, rate: float) -> None:
        """The next change is cued as far ahead as this one would have needed, and a bit."""
        if change.ready_ns is not None:
            needed_us = int((change.ready_ns - change.asked_ns) / 1000 * rate)
            wanted_us = needed_us + max(needed_us // 4, _MARGIN_US)
            self.us = max(self.least_us, min(wanted_us, self.longest_us))
