"""Which parts of a film a learner has watched, and what follows from it.

Positions are integer microseconds of media time; an interval is half open, [start, end).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SLIVER_US = 250_000
"""A hole this short is a dropped frame or two, not an unwatched part.

It is not credited, but nobody is sent back for it and it does not bar the way.
"""


@dataclass(frozen=True, slots=True)
class Interval:
    """Film time from `start_us` up to, not including, `end_us`."""

    start_us: int
    end_us: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_us < self.end_us:
            raise ValueError(f"not an interval: [{self.start_us}, {self.end_us}) us")

    @property
    def length_us(self) -> int:
        """How much film time it holds."""
        return self.end_us - self.start_us


@dataclass(frozen=True, slots=True)
class Ledger:
    """The union of everything watched: sorted, disjoint, no two intervals touching.

    Values never change; `add` and `merge` return a new ledger. Both are commutative and
    idempotent, so that the records of several PCs may arrive in any order, any number of times.
    """

    intervals: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> Ledger:
        """Make a ledger of intervals in any order, overlapping or not."""
        joined: list[Interval] = []
        for interval in sorted(intervals, key=lambda each: each.start_us):
            if joined and interval.start_us <= joined[-1].end_us:
                last = joined[-1]
                joined[-1] = Interval(last.start_us, max(last.end_us, interval.end_us))
            else:
                joined.append(interval)
        return cls(tuple(joined))

    def add(self, start_us: int, end_us: int) -> Ledger:
        """Add a watched interval. ValueError unless 0 <= start_us < end_us."""
        return Ledger.of((*self.intervals, Interval(start_us, end_us)))

    def merge(self, other: Ledger) -> Ledger:
        """Return all that either ledger holds."""
        return Ledger.of((*self.intervals, *other.intervals))

    @property
    def watched_us(self) -> int:
        """Film time watched, everything once."""
        return sum(interval.length_us for interval in self.intervals)

    def coverage(self, duration_us: int) -> float:
        """Return the watched share of a film of `duration_us`, from 0.0 to 1.0."""
        if duration_us <= 0:
            return 0.0
        inside = sum(
            max(0, min(interval.end_us, duration_us) - interval.start_us)
            for interval in self.intervals
        )
        return inside / duration_us

    def without_slivers(self) -> Ledger:
        """Return what a bar should show: holes of a dropped frame or two are none to the eye."""
        whole: list[Interval] = []
        for interval in self.intervals:
            if whole and interval.start_us - whole[-1].end_us <= SLIVER_US:
                whole[-1] = Interval(whole[-1].start_us, interval.end_us)
            else:
                whole.append(interval)
        return Ledger(tuple(whole))

    def reach_us(self, from_us: int) -> int:
        """Return how far one may go forward from `from_us` through watched film alone."""
        reach = from_us
        for interval in self.intervals:
            if interval.start_us > reach + SLIVER_US:
                break
            reach = max(reach, interval.end_us)
        return reach

    def may_seek(self, from_us: int, to_us: int) -> bool:
        """Tell whether the learner, now at `from_us`, may go to `to_us`.

        Back: always. Forward: to film already watched, or to the end of such a part, from where
        the unwatched begins (R16: no fast-forward and no dragging on first watch).
        """
        if to_us < 0:
            return False
        if to_us <= from_us:
            return True
        if to_us <= self.reach_us(from_us):
            return True
        return any(each.start_us <= to_us <= each.end_us for each in self.intervals)

    def resume_us(self, duration_us: int) -> int:
        """Return where a next session starts: the first unwatched place, or 0 if none is left."""
        reach = self.reach_us(0)
        return 0 if reach + SLIVER_US >= duration_us else reach

    def is_complete(self, duration_us: int) -> bool:
        """Tell whether nothing but slivers is unwatched."""
        return self.reach_us(0) + SLIVER_US >= duration_us
