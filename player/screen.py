"""What became of the frames that were handed to the screen.

A frame counts when it was painted, not when it was decoded: a window that is covered, a display
that stands still or a PC that can't keep up paints fewer frames than the film has. Times are ns of
one monotonic clock, film positions us of media time.
"""

from __future__ import annotations

from dataclasses import dataclass

from player.events import FrameShown, FramesLost, Mode, Seen, Unseen

UNSEEN_NS = 1_000_000_000
"""Frames handed over and none painted for so long: nobody can be watching."""

LATE_NS = 80_000_000
"""A frame painted so long after it was due is seen to be late (lips and sound part at 80 ms)."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A frame on its way to the screen; it was due when it was handed over."""

    start_us: int
    end_us: int
    mode: Mode
    at_ns: int


@dataclass(slots=True)
class Screen:
    """Keeps book of one film's frames between the player and the window. Not thread-safe."""

    waiting: Handed | None = None
    """Handed over, not painted yet; a newer frame takes its place."""
    shown_end_us: int | None = None
    """Where the film stands for who watches: the end of the last frame painted, since a jump."""
    _end_us: int | None = None
    _since_ns: int = 0
    _looks: int = 0
    _unseen: bool = False
    _dropped: int = 0
    _late: int = 0

    def hand(self, frame: Handed) -> None:
        """A frame is due now. One that still waits was dropped, and so was what lies between."""
        if self.waiting is None:
            self._since_ns = frame.at_ns
        else:
            self._dropped += 1
        length_us = frame.end_us - frame.start_us
        if self._end_us is not None and length_us > 0:
            hole_us = frame.start_us - self._end_us
            if 0 < hole_us < 100 * length_us:
                self._dropped += round(hole_us / length_us)
        self._end_us = frame.end_us
        self.waiting = frame

    def painted(self, start_us: int, at_ns: int) -> tuple[FrameShown | Seen, ...]:
        """The frame that begins at `start_us` is on the screen: return what that means."""
        frame = self.waiting
        if frame is None or frame.start_us != start_us:
            return ()
        self.waiting = None
        self.shown_end_us = frame.end_us
        self._looks = 0
        self._late += at_ns - frame.at_ns > LATE_NS
        shown = FrameShown(at_ns, frame.start_us, frame.end_us, frame.mode)
        if not self._unseen:
            return (shown,)
        self._unseen = False
        return (Seen(at_ns, max(0, at_ns - self._since_ns) // 1000), shown)

    def look(self, at_ns: int) -> Unseen | None:
        """Ask ten times a second or so; tells once that nothing reaches the screen.

        A program that was held up finds a frame waiting for long, and paints it the next moment:
        so it must be seen waiting several times.
        """
        if self.waiting is None:
            return None
        self._looks += 1
        if self._unseen or self._looks < 5 or at_ns - self._since_ns < UNSEEN_NS:
            return None
        self._unseen = True
        return Unseen(at_ns, self.waiting.start_us)

    def stop(self) -> Handed | None:
        """Nothing is due any more; return the frame that waits: it counts only if shown again."""
        frame, self.waiting = self.waiting, None
        self._end_us = frame.start_us if frame is not None else self._end_us
        self._looks, self._unseen = 0, False
        return frame

    def jump(self) -> None:
        """The next frame need not follow the last one."""
        self.stop()
        self._end_us = self.shown_end_us = None

    def losses(self, at_ns: int) -> FramesLost | None:
        """Return what was dropped or late since the last call, if anything."""
        if not self._dropped and not self._late:
            return None
        lost = FramesLost(at_ns, self._dropped, self._late)
        self._dropped = self._late = 0
        return lost
