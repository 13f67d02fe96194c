"""The count explained: each stretch as it was watched, and minute by minute.

Where `LessonCredit` says what counts of a film, this says what became of each watching, at its
time of day. Every second of film that was watched, and that arrived, is in exactly one stretch,
each time it was watched (tests/unit/test_sync_explained.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sync.contract import Message
from sync.proof import Reason, State

_US = 1_000_000
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Watching:
    """Film [start_us, end_us) of a lesson, watched once from `at_s` on.

    at_s: seconds since the epoch by the platform's clock, the earliest that its witnesses
    allow. pace: film seconds in a second.
    """

    lesson: str
    start_us: int
    end_us: int
    at_s: float
    state: State
    reason: Reason = ""
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Minute:
    """What was watched within one minute of the platform's clock, which began at `at_s`.

    from_s, to_s: the film lies between these places. Film seconds; `reasons` has those of what
    waits or does not count.
    """

    at_s: int
    from_s: float
    to_s: float
    credited_s: float
    provisional_s: float
    not_counted_s: float
    reasons: tuple[tuple[Reason, float], ...] = ()


class CreditMinute(Message):
    """One minute of study. at: its beginning, UTC, RFC 3339. The rest: film seconds.

    from_s, to_s: the film that was watched in it lies between these places.
    """

    at: str
    from_s: float
    to_s: float
    credited_s: float
    provisional_s: float
    not_counted_s: float
    reasons: dict[str, float]


class CreditMinutes(Message):
    """`GET learners/me/credit/{lesson}/minutes`: oldest first, only minutes with watching."""

    lesson: str
    minutes: tuple[CreditMinute, ...]


@dataclass(slots=True)
class _Sum:
    seconds: dict[State, float] = field(default_factory=lambda: defaultdict(float))
    reasons: dict[Reason, float] = field(default_factory=lambda: defaultdict(float))


def by_minute(watchings: Iterable[Watching]) -> dict[int, tuple[Watching, ...]]:
    """Cut at the minutes of the platform's clock; by the second in which each minute begins."""
    cut: dict[int, list[Watching]] = defaultdict(list)
    for whole in watchings:
        start_us, at_s = whole.start_us, whole.at_s
        while start_us < whole.end_us:
            minute = int(at_s // _MINUTE_S) * _MINUTE_S
            room_us = max(1, round((minute + _MINUTE_S - at_s) * whole.pace * _US))
            end_us = min(whole.end_us, start_us + room_us)
            cut[minute].append(
                Watching(
                    whole.lesson, start_us, end_us, at_s, whole.state, whole.reason, whole.pace
                )
            )
            start_us, at_s = end_us, float(minute + _MINUTE_S)
    return {minute: tuple(cut[minute]) for minute in sorted(cut)}


def minutes(watchings: Iterable[Watching]) -> tuple[Minute, ...]:
    """Minute by minute, oldest first; only minutes in which something was watched."""
    return tuple(_minute(at_s, parts) for at_s, parts in by_minute(watchings).items())


def _minute(at_s: int, parts: tuple[Watching, ...]) -> Minute:
    told = _Sum()
    for part in parts:
        seconds = (part.end_us - part.start_us) / _US
        told.seconds[part.state] += seconds
        if part.reason:
            told.reasons[part.reason] += seconds
    return Minute(
        at_s,
        min(part.start_us for part in parts) / _US,
        max(part.end_us for part in parts) / _US,
        told.seconds["credited"],
        told.seconds["provisional"],
        told.seconds["not_counted"],
        tuple(sorted(told.reasons.items())),
    )
