"""Who was there: a run's plan of checks, their attempts, and what a passed one is worth.

What the honest client does is the only thing that counts, and anything else is never worth
more. The film that was watched since the last passed check (or the identity at sign-in) runs on
over pauses, lessons and new draws; only a passed check starts it anew. Nothing is credited
that lies further from one than the drawn moment, 15 minutes at most, and a tolerance.

| what a client might do | what it gets |
|---|---|
| draw the check again | a new draw only where the film's end asks for one, and only sooner |
| draw until the actions suit | two plans that do not fit are forgiven, a third ends the run |
| watch without a plan, or past it | not counted: `check_missed` |
| pass with other actions, out of turn, twice | no pass; the check stays open |
| leave a check unanswered, or fail it, and go on | the run earns nothing more: `check_failed` |
"""

from dataclasses import dataclass, field
from typing import Literal

from sync.facts import (
    CheckAttempted,
    CheckFailed,
    CheckIssued,
    CheckPlanned,
    IdentityConfirmed,
    Moment,
)
from sync.history import ChainHistory, Drawn, Rules, Witness, sign_in_check

Reason = Literal[
    "",
    "check_failed",
    "check_missed",
    "check_refused",
    "review",
    "no_identity",
    "beyond_clock",
    "too_fast",
    "repeated",
    "daily_cap",
]
State = Literal["credited", "provisional", "not_counted"]
Worth = tuple[State, Reason]

HARD_LIMIT_S = 900
"""The regulation's longest time between two checks (R10), whatever a policy says."""

FILM_MARGIN_S = 5.0
"""A film's own check comes at least this long before its end, as `proctor.schedule` draws it."""

PLAN_TOLERANCE_S = 2.0
"""How far film and time, as the client counted them, may be from the platform's own count."""

FORGIVEN_PLANS = 2
"""Plans that do not fit happen to an honest client too (a full disk writes late); rarely."""

SIGN_IN_ATTEMPTS = 200
"""Nobody is locked out at sign-in; this only bounds the work of drawing."""

_US = 1_000_000
_RECOGNISED = ("same", "enrolled", "unsure")
_CREDITED: Worth = ("credited", "")


@dataclass(slots=True)
class Proof:
    """What a chain has shown so far of who was before the screen.

    identified: the sign-in was the learner's. since_us: film since the last passed check.
    worth: what the last passed check, or the sign-in, says of the film that follows it. over:
    why the run earns nothing more, "" while it does.
    """

    history: ChainHistory
    rules: Rules
    identified: bool = False
    since_us: int = 0
    worth: Worth = _CREDITED
    over: Reason = ""
    _shown: bool = False
    _open: str | None = None
    _check: str | None = None
    _drawn: Drawn | None = None
    _due_us: int | None = None
    _attempts: int = 0
    _planned: int = 0
    _refused: int = 0
    _names: set[str] = field(default_factory=set)
    _position_us: int = 0
    _checked: bool = False
    _first: bool = False
    _unplanned: bool = False

    def identify(self, fact: IdentityConfirmed) -> None:
        answer = self.history.identity or fact.answer
        self.identified = answer in _RECOGNISED and self._is_living(fact)
        if self.identified and not self._shown:
            self._shown = True
            self.worth = self._value_of(sign_in_check(self.history.chain), fact.risk)

    def open_lesson(self, position_us: int) -> None:
        self._checked, self._first, self._unplanned = False, True, False
        self._position_us = position_us

    def move(self, position_us: int) -> None:
        self._position_us = position_us

    def plan(self, fact: CheckPlanned, moment: Moment) -> None:
        self._planned += 1
        if self.rules.schedule is None:  # the client's word is believed
            self._stand(fact.check, fact.after_s, None)
            return
        drawn = self._recomputed(fact, moment)
        if drawn is not None:
            self._stand(fact.check, drawn.after_s, drawn)
            return
        # A plan that nobody can recompute is none: this check cannot be passed any more.
        self._check, self._drawn = fact.check, None
        self._refused += 1
        if self._refused > FORGIVEN_PLANS:
            self.over = self.over or "check_missed"

    def issue(self, fact: CheckIssued) -> None:
        if self._open is not None and self._open != fact.check:
            self.over = self.over or "check_failed"
        self._open = fact.check

    def attempt(self, fact: CheckAttempted) -> Worth | None:
        """What the film that waits is worth after this attempt; None: it waits on."""
        if self.over:
            return None
        believed = self.rules.schedule is None
        if not believed and not self._is_next(fact):
            return None
        if fact.check != self._open or not fact.passed:
            return None
        early_us = int(self.rules.check_tolerance_s * _US)
        if self._due_us is not None and self.since_us + early_us < self._due_us and not believed:
            return None  # the chain chooses the moment: one that comes early is none
        if self._drawn is None and not believed:
            return self._pass(("not_counted", "check_missed"))
        return self._pass(self._value_of(fact.check, fact.risk, random=True))

    def fail(self, fact: CheckFailed) -> Worth:
        """All attempts, or the time for them, are used up: an honest run ends here."""
        return self._fail(fact.check)

    def end(self) -> Worth:
        """A lesson or the run ends. The plan stays: closing a lesson puts no check off."""
        if self._open is not None:
            return self._fail(self._open)
        if self.since_us > self._limit_us:
            return "not_counted", "check_missed"
        return self.worth

    def watch(self, lesson: str, start_us: int, film_us: int) -> int:
        """Film was watched; how much of it, from its beginning, lies before an overdue check."""
        if self._first and self.rules.schedule is not None:
            # A film without a check of its own, though the plan reaches beyond its end.
            self._unplanned = not self._checked and self._too_late(lesson, start_us)
        self._first = False
        in_time = 0 if self._unplanned else self._limit_us - self.since_us
        self.since_us += film_us
        return max(0, min(film_us, in_time))

    @property
    def _limit_us(self) -> int:
        """Until where, since the last passed check, film can be credited."""
        due_us = 0 if self._due_us is None else min(self._due_us, HARD_LIMIT_S * _US)
        return due_us + int(self.rules.check_tolerance_s * _US)

    def _stand(self, check: str, after_s: float, drawn: Drawn | None) -> None:
        """The plan that is to be kept. A new draw can only bring the check sooner.

        One that comes only after a stretch of film without any is overdue as it is made.
        """
        due_us = self.since_us + int(after_s * _US) if self.since_us <= self._limit_us else 0
        self._due_us = due_us if self._due_us is None else min(self._due_us, due_us)
        self._check, self._drawn, self._attempts = check, drawn, 0
        self._names.add(check)
        self._unplanned = False

    def _recomputed(self, fact: CheckPlanned, moment: Moment) -> Drawn | None:
        """The draw as the platform does it; None unless all that went into it is right."""
        schedule = self.rules.schedule
        seed = value_of(self.history.witnesses, fact.seed_index)
        fresh = fact.seed_index in (moment.beacon, moment.beacon - 1)
        new = fact.check not in self._names and self._open is None
        if schedule is None or not (seed and fresh and new and self._inputs_fit(fact)):
            return None
        if self._due_us is not None and not self._may_redraw(fact.lesson):
            return None
        return schedule.check(
            seed, self._planned, fact.film_left_s, fact.checked_in_film, fact.since_s
        )

    def _is_next(self, fact: CheckAttempted) -> bool:
        """Whether it is the next attempt of the planned check, passed with what was drawn."""
        if fact.check != self._check or fact.attempt != self._attempts + 1:
            return False
        self._attempts += 1  # also of one that nobody was asked for: no number comes twice
        if not fact.passed or self._drawn is None:
            return True
        drawn = self._drawn.alternatives if fact.alternative else self._drawn.attempts
        asked = drawn[fact.attempt - 1 : fact.attempt]
        return asked == (fact.actions,)

    def _inputs_fit(self, fact: CheckPlanned) -> bool:
        """Whether the film, the check before and the time since are as the plan was told.

        More time since the last check than was counted here only brings the next one sooner.
        """
        left_s = self._left_us(fact.lesson, self._position_us) / _US
        return (
            fact.checked_in_film == self._checked
            and 0 <= fact.film_left_s <= left_s + PLAN_TOLERANCE_S
            and max(0.0, self.since_us / _US - PLAN_TOLERANCE_S) <= fact.since_s
        )

    def _may_redraw(self, lesson: str) -> bool:
        early_us = int(2 * PLAN_TOLERANCE_S * _US)
        return not self._checked and self._too_late(lesson, self._position_us, -early_us)

    def _too_late(self, lesson: str, position_us: int, slack_us: int = 0) -> bool:
        """Whether the standing plan reaches beyond the place of the film's own check."""
        if self._due_us is None:
            return False
        left_us = self._left_us(lesson, position_us)
        end_us = max(left_us - int(FILM_MARGIN_S * _US), left_us // 2)
        tolerance_us = int(PLAN_TOLERANCE_S * _US)
        return self._due_us - self.since_us > end_us + tolerance_us + slack_us

    def _left_us(self, lesson: str, position_us: int) -> int:
        return max(0, self.rules.durations_us.get(lesson, 0) - position_us)

    def _is_living(self, fact: IdentityConfirmed) -> bool:
        """Whether the actions at sign-in, where they are stated, are those that were drawn."""
        schedule = self.rules.schedule
        if schedule is None or not fact.actions:
            return True
        seed = value_of(self.history.witnesses, 1)
        if not seed or not 1 <= fact.attempts <= SIGN_IN_ATTEMPTS:
            return False
        drawn, instead = schedule.sign_in(seed, fact.attempts)
        return fact.actions == (instead if fact.alternative else drawn)

    def _value_of(self, check: str, risk: float, *, random: bool = False) -> Worth:
        """A person's verdict stands above the platform's answer, and that above the risk."""
        decided = self.history.verdicts.get(check)
        if decided is not None:
            return _CREDITED if decided else ("not_counted", "check_refused")
        if random and self.history.identities.get(check) == "different":
            return "not_counted", "check_failed"
        if risk >= self.history.risk_review:
            return "provisional", "review"
        return _CREDITED

    def _pass(self, worth: Worth) -> Worth:
        self.worth, self._checked = worth, True
        self._open = self._check = self._drawn = self._due_us = None
        self.since_us, self._attempts, self._unplanned = 0, 0, False
        return worth

    def _fail(self, check: str) -> Worth:
        self._open = None
        if self.history.verdicts.get(check):
            return _CREDITED
        self.over = self.over or "check_failed"
        return "not_counted", "check_failed"


def value_of(witnesses: tuple[Witness, ...], beacon: int) -> str:
    """A beacon's value, "" if the platform never issued it."""
    return next((w.value for w in witnesses if w.beacon == beacon), "")
