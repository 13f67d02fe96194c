"""What is said in a film, to be read: cues with their film time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

MOST_AT_ONCE = 8
"""Cues that are shown together; a picture has no room for more."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A text that stands from `start_us` up to, not including, `end_us` of film time.

    text: plain, never markup, whatever it looks like; lines are parted by a line feed.
    """

    start_us: int
    end_us: int
    text: str


@dataclass(frozen=True, slots=True)
class Track:
    """One language's cues. They may be given in any order; `cues` are sorted by their start.

    Cues may overlap, and one may stand through the whole film, so that the starts alone do not
    tell where to stop looking. `_latest` is a binary tree over the cues as an array: its leaves
    are their ends, every node the latest end below it; a branch that has ended is passed over.
    """

    cues: tuple[Cue, ...] = ()
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _latest: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cues = tuple(sorted(self.cues, key=lambda cue: cue.start_us))
        leaves = 1 << max(0, len(cues) - 1).bit_length()
        ends = [cue.end_us for cue in cues]
        latest = [0] * leaves + ends + [0] * (leaves - len(ends))
        for node in range(leaves - 1, 0, -1):
            latest[node] = max(latest[2 * node], latest[2 * node + 1])
        object.__setattr__(self, "cues", cues)
        object.__setattr__(self, "_starts", tuple(cue.start_us for cue in cues))
        object.__setattr__(self, "_latest", tuple(latest))

    def text_at(self, at_us: int) -> str:
        """Return what stands at `at_us`, several cues on lines of their own; "" for nothing.

        The first `MOST_AT_ONCE` of them; takes O(log(cues)).
        """
        begun = bisect_right(self._starts, at_us)
        leaves = len(self._latest) // 2
        standing = self._standing(at_us, begun, 1, 0, leaves)
        return "\n".join(self.cues[place].text for place in islice(standing, MOST_AT_ONCE))

    def _standing(self, at_us: int, begun: int, node: int, first: int, width: int) -> Iterator[int]:
        """Yield which of the cues [first, first + width) below `node` stand, in their order."""
        if first >= begun or self._latest[node] <= at_us:
            return
        if width == 1:
            yield first
            return
        half = width // 2
        yield from self._standing(at_us, begun, 2 * node, first, half)
        yield from self._standing(at_us, begun, 2 * node + 1, first + half, half)
