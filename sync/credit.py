"""The count: hours out of records. The platform's rule; the client's is provisional.

    credit(histories, rules) -> one LessonCredit for each lesson of rules.durations_us

Guarantees (tests/unit/test_sync_credit.py proves them on generated histories):
all chains together are never credited more than the platform's clock ran, plus
`slack_s` once; no second of film is credited twice; the order in which chains are given
does not matter; an honest history loses nothing; film at a pace above 1 changes nothing
but the list of what was not counted; nothing is credited further from a passed check, or the
sign-in, than the drawn moment and 15 minutes (`sync.proof`). What a passed check of doubtful
signs says is provisional, with the reason "review", until a person has decided.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from sync.contract import CreditSpan, LessonCredit
from sync.explained import Watching
from sync.history import ChainHistory, Rules
from sync.intervals import Intervals
from sync.judgement import Judge, Piece
from sync.proof import Reason, State

_US = 1_000_000
_DAY_S = 86_400


Judging = Callable[[ChainHistory, Rules, float, float], tuple[Sequence[Piece], float]]


def judge(
    history: ChainHistory, rules: Rules, clock_s: float, until_s: float
) -> tuple[Sequence[Piece], float]:
    """One run's pieces, and how far the platform's clock is used up after it: see `Judge`."""
    walk = Judge(history, rules, clock_s, until_s)
    return walk.walk(), walk.clock_s


def credit(
    histories: Iterable[ChainHistory], rules: Rules, judging: Judging = judge
) -> tuple[LessonCredit, ...]:
    """Count every lesson of `rules.durations_us`, in that order.

    judging: `judge`, or what remembers its answers.
    """
    counts = _counts(histories, rules, judging)
    return tuple(count.answer(lesson) for lesson, count in counts.items())


def explain(
    histories: Iterable[ChainHistory], rules: Rules, judging: Judging = judge
) -> tuple[Watching, ...]:
    """What became of each stretch that was watched, each time, oldest first.

    A provisional one that was credited when it was watched again stays provisional here.
    """
    counts = _counts(histories, rules, judging).values()
    told = [watching for count in counts for watching in count.told]
    return tuple(sorted(told, key=lambda each: (each.at_s, each.lesson, each.start_us)))


def _counts(
    histories: Iterable[ChainHistory], rules: Rules, judging: Judging
) -> dict[str, "_Count"]:
    counts = {lesson: _Count(rules, duration) for lesson, duration in rules.durations_us.items()}
    left_us: dict[int, int] = defaultdict(lambda: int(rules.daily_cap_s * _US))
    for piece in _judged(histories, rules, judging):
        counts[piece.lesson].take(piece, left_us)
    return counts


def _judged(histories: Iterable[ChainHistory], rules: Rules, judging: Judging) -> Iterable[Piece]:
    """All pieces of all chains. A learner has one live chain: a later sign-in ends it."""
    chains = sorted(
        (history for history in histories if history.witnesses),
        key=lambda history: (history.witnesses[0].at_s, history.chain),
    )
    clock_s = float("-inf")
    for number, chain in enumerate(chains):
        history = chain
        until_s = float("inf")
        if number + 1 < len(chains):
            until_s = chains[number + 1].witnesses[0].at_s
            history = replace(history, ended=True)
        began_s = max(clock_s, history.witnesses[0].at_s)
        pieces, clock_s = judging(history, rules, began_s, until_s)
        yield from pieces


@dataclass(slots=True)
class _Count:
    """One lesson, piece by piece, in the order in which it was watched."""

    rules: Rules
    duration_us: int
    credited: Intervals = field(default_factory=Intervals)
    provisional: Intervals = field(default_factory=Intervals)
    reviewed: Intervals = field(default_factory=Intervals)
    lost: list[tuple[int, int, Reason]] = field(default_factory=list)
    told: list[Watching] = field(default_factory=list)

    def take(self, piece: Piece, left_us: dict[int, int]) -> None:
        watched = Intervals.of(piece.start_us, piece.end_us)
        known = self.credited
        if piece.state == "provisional" or piece.reason == "too_fast":
            known = known.union(self.provisional)
        fresh = watched.minus(known)
        self._lose(piece, watched.within(known), "repeated")
        if piece.state == "not_counted":
            self._lose(piece, fresh, piece.reason)
            return
        day = int((piece.at_s + self.rules.day_offset_s) // _DAY_S)
        counted = fresh.first(left_us[day])
        left_us[day] -= counted.total()
        self._lose(piece, fresh.minus(counted), "daily_cap")
        self._tell(piece, counted, piece.state, piece.reason)
        if piece.state == "credited":
            self.credited = self.credited.union(counted)
        else:
            self.provisional = self.provisional.union(counted)
            if piece.reason == "review":
                self.reviewed = self.reviewed.union(counted)

    def answer(self, lesson: str) -> LessonCredit:
        provisional = self.provisional.minus(self.credited)
        counted = self.credited.union(provisional)
        whole = Intervals.of(0, self.duration_us)
        gap_us = int(self.rules.gap_s * _US)
        return LessonCredit(
            lesson=lesson,
            duration_s=self.duration_us / _US,
            credited_s=self.credited.total() / _US,
            provisional_s=provisional.total() / _US,
            not_counted_s=sum(end - start for start, end, _ in self.lost) / _US,
            resume_s=_first_gap(whole.minus(counted), self.duration_us, gap_us) / _US,
            completed=_first_gap(whole.minus(self.credited), -1, gap_us) == -1,
            spans=self._spans(provisional, counted),
            lost=tuple(_span(part[:2], "not_counted", part[2]) for part in self.lost),
        )

    def _spans(self, provisional: Intervals, counted: Intervals) -> tuple[CreditSpan, ...]:
        spans = [_span(part, "credited", "") for part in self.credited.parts]
        reviewed = provisional.within(self.reviewed)
        spans += [_span(part, "provisional", "review") for part in reviewed.parts]
        waiting = provisional.minus(self.reviewed)
        spans += [_span(part, "provisional", "") for part in waiting.parts]
        painted = counted
        for start, end, reason in reversed(self.lost):  # the newest loss says why
            fresh = Intervals.of(start, end).minus(painted)
            spans += [_span(part, "not_counted", reason) for part in fresh.parts]
            painted = painted.union(fresh)
        return tuple(sorted(spans, key=lambda span: span.start_s))

    def _lose(self, piece: Piece, parts: Intervals, reason: Reason) -> None:
        self.lost.extend((start, end, reason) for start, end in parts.parts)
        self._tell(piece, parts, "not_counted", reason)

    def _tell(self, piece: Piece, parts: Intervals, state: State, reason: Reason) -> None:
        for start, end in parts.parts:
            at_s = piece.at_s + (start - piece.start_us) / piece.pace / _US
            told = Watching(piece.lesson, start, end, at_s, state, reason, piece.pace)
            self.told.append(told)


def _first_gap(missing: Intervals, otherwise: int, gap_us: int) -> int:
    """Where the first missing stretch that is more than a seam between frames begins."""
    return next((start for start, end in missing.parts if end - start > gap_us), otherwise)


def _span(part: tuple[int, int], state: State, reason: Reason) -> CreditSpan:
    return CreditSpan(start_s=part[0] / _US, end_s=part[1] / _US, state=state, reason=reason)
