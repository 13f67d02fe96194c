"""Sets of half-open film intervals [start_us, end_us) in whole microseconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Intervals:
    """Sorted, disjoint, not touching, none empty; `Intervals()` is the empty set."""

    parts: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, start: int, end: int) -> "Intervals":
        """One interval; empty when end <= start."""
        return cls(((start, end),)) if start < end else cls()

    def total(self) -> int:
        return sum(end - start for start, end in self.parts)

    def union(self, other: "Intervals") -> "Intervals":
        return self._merged(other, 0)

    def closed(self, gap: int) -> "Intervals":
        """The same, with gaps of at most `gap` filled."""
        return self._merged(Intervals(), gap)

    def minus(self, other: "Intervals") -> "Intervals":
        result = []
        for start, end in self.parts:
            for other_start, other_end in other.parts:
                if other_end <= start:
                    continue
                if other_start >= end:
                    break
                if other_start > start:
                    result.append((start, other_start))
                start = other_end  # noqa: PLW2901 the rest of this part is still to be cut
            if start < end:
                result.append((start, end))
        return Intervals(tuple(result))

    def within(self, other: "Intervals") -> "Intervals":
        """The intersection."""
        return self.minus(self.minus(other))

    def first(self, amount: int) -> "Intervals":
        """The earliest `amount` microseconds of the set."""
        result = []
        for start, end in self.parts:
            if amount <= 0:
                break
            result.append((start, min(end, start + amount)))
            amount -= end - start
        return Intervals(tuple(result))

    def _merged(self, other: "Intervals", gap: int) -> "Intervals":
        result: list[tuple[int, int]] = []
        for start, end in sorted(self.parts + other.parts):
            if result and start <= result[-1][1] + gap:
                result[-1] = (result[-1][0], max(end, result[-1][1]))
            else:
                result.append((start, end))
        return Intervals(tuple(result))
