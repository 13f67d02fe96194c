"""One chain, record by record: what happened to each piece of watching.

Watching waits (`provisional`) until a check says whose it was. A passed check, or an
honest end with no check open and none overdue, credits what waits; a failed or
unanswered check voids it.

Time is paid for by the platform's clock alone. A record that carries beacon j was made
after j was issued and before it arrived; a segment therefore lies between the issue of
the newest beacon held when it began and its record's arrival. Segments are placed into
those windows one after the other, each as early as it can be, and never over one
another: what does not fit was not witnessed. For an honest run the true times are such a
placement, and placing early can only leave more room, so that nothing is lost.

Film at a pace above 1 uses up the clock as long as it took. It is never credited and waits
for nothing: it is there for film that was credited before.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass, field

from sync.facts import (
    CheckAttempted,
    CheckFailed,
    CheckIssued,
    CheckPlanned,
    Fact,
    IdentityConfirmed,
    LessonClosed,
    LessonFinished,
    LessonOpened,
    Moment,
    Paused,
    Played,
    SessionEnded,
    Sought,
    Watched,
)
from sync.history import ChainHistory, Rules, Witness
from sync.proof import Proof, Reason, State, Worth

_US = 1_000_000
_PASSED: tuple[Worth, ...] = (("credited", ""), ("provisional", "review"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of film that was watched once. at_s: when, by the platform's clock.

    pace: film seconds in a second.
    """

    lesson: str
    start_us: int
    end_us: int
    at_s: float
    state: State
    reason: Reason = ""
    pace: float = 1.0


@dataclass(slots=True)
class _Waiting:
    """A piece whose state is still open; `late` ones came after a check was overdue."""

    piece: Piece
    late: bool


@dataclass(slots=True)
class Judge:
    """Walks through one chain. `clock_s` is how far the platform's clock is used up.

    until_s: no watching of this chain can lie after it (the next chain's sign-in).
    """

    history: ChainHistory
    rules: Rules
    clock_s: float
    until_s: float = float("inf")
    pieces: list[Piece] = field(default_factory=list)
    _waiting: list[_Waiting] = field(default_factory=list)
    _proof: Proof = field(init=False)
    _monos: list[int] = field(default_factory=list)
    _released: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._proof = Proof(self.history, self.rules)

    def walk(self) -> list[Piece]:
        """Judge all records that arrived, the tick, and the chain's end."""
        witnesses = self.history.witnesses
        held = witnesses[-1].seq if witnesses else 0
        arrivals = iter(witnesses)
        arrival = next(arrivals, None)
        for seq, (fact, moment) in enumerate(self.history.entries[:held], start=1):
            while arrival is not None and arrival.seq < seq:
                arrival = next(arrivals, None)
            assert arrival is not None
            self._take(fact, moment, arrival.at_s)
        if self.history.tick is not None and held == len(self.history.entries) and witnesses:
            self._take(*self.history.tick, witnesses[-1].at_s)
        if self.history.ended:
            self._settle(self._proof.end())
        self._settle(("provisional", ""))
        return sorted(self.pieces, key=lambda piece: piece.at_s)

    def _take(self, fact: Fact, moment: Moment, arrived_s: float) -> None:
        self._release(moment)
        match fact:
            case Watched():
                self._watch(fact, arrived_s)
            case LessonOpened():
                self._proof.open_lesson(fact.position_us)
            case Played() | Paused():
                self._proof.move(fact.position_us)
            case Sought():
                self._proof.move(fact.to_us)
            case LessonFinished() | LessonClosed() | SessionEnded():
                self._settle(self._proof.end())
            case IdentityConfirmed():
                self._proof.identify(fact)
            case _:
                self._take_check(fact, moment)

    def _take_check(self, fact: Fact, moment: Moment) -> None:
        match fact:
            case CheckPlanned():
                self._proof.plan(fact, moment)
            case CheckIssued():
                self._proof.issue(fact)
            case CheckAttempted():
                worth = self._proof.attempt(fact)
                if worth is not None:
                    self._settle(worth)
            case CheckFailed():
                self._settle(self._proof.fail(fact))
            case _:
                pass

    def _release(self, moment: Moment) -> None:
        """Remember from when on, by the platform's clock, this moment can have been."""
        issued = _issued(self.history.witnesses, moment.beacon)
        earlier = self._released[-1] if self._released else float("-inf")
        self._monos.append(max(moment.mono_ns, self._monos[-1] if self._monos else 0))
        self._released.append(max(issued, earlier))

    def _watch(self, fact: Watched, arrived_s: float) -> None:
        duration = self.rules.durations_us.get(fact.lesson)
        if duration is None:
            return
        self._proof.move(fact.end_us)
        start, end = fact.start_us, min(fact.end_us, duration)
        film = end - start
        if film <= 0:
            return
        took = math.ceil(film / fact.rate)  # at rate 1 exactly the film
        slack_ns = int(self.rules.slack_s * 1e9)
        if took * 1000 > fact.ended_ns - fact.began_ns + slack_ns:
            # Faster than its own clock: no stretch of it was watched as it should be.
            self._lose(fact.lesson, start, end, self.clock_s, "beyond_clock", fact.rate)
            return
        at_s = max(self.clock_s, self._earliest(fact.began_ns))
        latest_s = min(arrived_s, self.until_s) + self.rules.slack_s
        paid = max(0, min(took, int((latest_s - at_s) * _US))) if at_s < latest_s else 0
        fits = film if paid == took else int(paid * fact.rate)
        if fits < film:
            # Of a beacon that was never issued: at no time, told at that of its arrival.
            told_s = min(at_s, arrived_s)
            self._lose(fact.lesson, start + fits, end, told_s, "beyond_clock", fact.rate)
        if fits == 0:
            return
        self.clock_s = at_s + paid / _US
        if fact.rate > 1:
            self._lose(fact.lesson, start, start + fits, at_s, "too_fast", fact.rate)
            return
        if not self._proof.identified or self._proof.over:
            reason = self._proof.over or "no_identity"
            self._lose(fact.lesson, start, start + fits, at_s, reason)
            return
        in_time = self._proof.watch(fact.lesson, start, fits)
        self._wait(fact.lesson, start, start + in_time, at_s, late=False)
        self._wait(fact.lesson, start + in_time, start + fits, at_s + in_time / _US, late=True)

    def _earliest(self, began_ns: int) -> float:
        place = bisect_right(self._monos, began_ns)
        if place == 0:
            return self.history.witnesses[0].at_s
        return self._released[place - 1]

    def _settle(self, worth: Worth) -> None:
        for waiting in self._waiting:
            piece, verdict = waiting.piece, worth
            if waiting.late and worth in _PASSED:
                verdict = ("not_counted", "check_missed")
            self.pieces.append(
                Piece(piece.lesson, piece.start_us, piece.end_us, piece.at_s, *verdict)
            )
        self._waiting.clear()

    def _wait(self, lesson: str, start: int, end: int, at_s: float, *, late: bool) -> None:
        if start < end:
            self._waiting.append(_Waiting(Piece(lesson, start, end, at_s, "provisional"), late))

    def _lose(
        self, lesson: str, start: int, end: int, at_s: float, reason: Reason, pace: float = 1.0
    ) -> None:
        self.pieces.append(Piece(lesson, start, end, at_s, "not_counted", reason, pace))


def _issued(witnesses: tuple[Witness, ...], beacon: int) -> float:
    """When a beacon was first issued; never, if the platform does not know it."""
    return next((w.at_s for w in witnesses if w.beacon == beacon), float("inf"))
