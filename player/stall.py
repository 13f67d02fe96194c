"""When silence of frames is a stall, and when a stall is a fault.

Qt says neither: when its source dries up, its state stays "playing" and its position freezes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from player.events import Fault
from player.ports import Trouble


class Verdict(enum.Enum):
    """What the silence means."""

    FINE = enum.auto()
    STALLED = enum.auto()
    """Told once; until a frame comes, it stays so."""
    FAILED = enum.auto()


@dataclass(slots=True)
class StallWatch:
    """Watches the time since the last frame. Times are ns of one monotonic clock."""

    silence_ns: int
    """Frames due and none seen for so long is a stall (or 2.5 frames, if those are longer)."""
    patience_ns: int
    """An origin out of reach for so long is a fault."""
    stalled: bool = False
    _since_ns: int = 0
    _frame_us: int = 0

    def expect(self, at_ns: int) -> None:
        """From now on frames are due. A stall that is under way goes on."""
        if not self.stalled:
            self._since_ns = at_ns

    def frame(self, at_ns: int, duration_us: int) -> int | None:
        """A frame came. Return how long the stall was that it ended, in us, if it did."""
        stalled_us = (at_ns - self._since_ns) // 1000 if self.stalled else None
        self.stalled = False
        self._since_ns, self._frame_us = at_ns, duration_us
        return stalled_us

    def restart(self, at_ns: int) -> None:
        """The silence so far was nobody's: the PC slept. A stall that is under way goes on."""
        self._since_ns = at_ns

    def relax(self) -> None:
        """No frames are due any more."""
        self.stalled = False

    def judge(
        self, at_ns: int, trouble: Trouble | None, *, playing: bool, opening: bool = False
    ) -> Verdict:
        """Judge the silence so far.

        `trouble` is what keeps the origin from answering. A stall is one of a film that is
        `playing`. While it is neither that nor `opening`, nobody waits for the picture, and an
        origin out of reach may stay so.
        """
        if trouble is not None and trouble.fault is Fault.BROKEN:
            return Verdict.FAILED  # even while frames come: they are not the announced film's
        quiet_ns = at_ns - self._since_ns
        if quiet_ns < max(self.silence_ns, 2_500 * self._frame_us):
            return Verdict.FINE
        if trouble is not None:
            may_pass = trouble.fault is Fault.UNREACHABLE
            if not may_pass or (quiet_ns >= self.patience_ns and (playing or opening)):
                return Verdict.FAILED
        if self.stalled or not playing:
            return Verdict.FINE
        self.stalled = True
        return Verdict.STALLED
