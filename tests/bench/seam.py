"""What a change of mode looks like, out of the pictures that were on the screen. Values only.

Ours, mpv and Chromium deliver the same log and are judged by the same arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FRAME_MS = 40.0
"""The coded film's frame interval."""
BEFORE, AFTER_NS = 3, 900_000_000
"""A change is looked at from so many pictures before the seam to so long after it."""
WITHIN_NS = 12_000_000_000
"""A change that has not come by then has failed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A new picture on the screen: when, and what it says of itself."""

    at_ns: int
    number: int
    rendition: str


@dataclass(frozen=True, slots=True)
class Change:
    """A wish: from one rendition to another, asked for at a time."""

    asked_ns: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Seam:
    """How a change went: gap_ms between the last old and the first new picture."""

    change: Change
    at_ns: int
    gap_ms: float
    request_ms: float
    missed_ms: float
    repeated_ms: float


def seam(change: Change, shown: Sequence[Picture]) -> Seam | None:
    """Find the change in the log, None if it never came.

    missed, repeated: film around the seam that was never shown, or shown again, at `FRAME_MS`
    a picture.
    """
    until_ns = change.asked_ns + WITHIN_NS
    at = next(
        (
            place
            for place in range(1, len(shown))
            if change.asked_ns <= shown[place].at_ns <= until_ns
            and shown[place].rendition == change.new != shown[place - 1].rendition
        ),
        None,
    )
    if at is None:
        return None
    first = shown[at]
    around = [each for each in shown[max(0, at - BEFORE) :] if each.at_ns <= first.at_ns + AFTER_NS]
    steps = [new.number - old.number for old, new in pairwise(around)]
    return Seam(
        change,
        first.at_ns,
        gap_ms=(first.at_ns - shown[at - 1].at_ns) / 1e6,
        request_ms=(first.at_ns - change.asked_ns) / 1e6,
        missed_ms=FRAME_MS * sum(max(0, step - 1) for step in steps),
        repeated_ms=FRAME_MS * sum(max(0, 1 - step) for step in steps),
    )
