"""The plan of checks, against clients that keep to it and against one that does what it likes."""

import hashlib
from dataclasses import dataclass, field, replace
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.bootstrap.schedule import ProctorSchedule
from proctor.schedule import HARD_LIMIT_S as PROCTORS_LIMIT_S
from proctor.schedule import MARGIN_S
from sync import proof
from sync.contract import Policy
from sync.credit import credit
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
    Played,
    SessionEnded,
    Sought,
    Watched,
)
from sync.history import ChainHistory, Entry, Rules, Witness
from sync.intervals import Intervals

S = 1_000_000_000
US = 1_000_000
# No screen light: its colours are most of what is drawn, and nothing here looks at them.
POLICY = Policy(check_min_gap_s=20, check_max_gap_s=60, check_attempts=3, screen_light=False)
SCHEDULE = ProctorSchedule(POLICY)
FILMS = {"long": 100_000, "middle": 90, "short": 14}
RULES = Rules(
    durations_us={name: seconds * US for name, seconds in FILMS.items()},
    daily_cap_s=1e9,
    schedule=SCHEDULE,
)


def beacon(index: int) -> str:
    return hashlib.sha256(f"beacon {index}".encode()).hexdigest()


@dataclass
class Writer:
    """Writes records, each sent at once; film is watched at its own pace."""

    now_s: float = 1000.0
    entries: list[Entry] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=lambda: [Witness(0, 1, 1000.0, beacon(1))])
    plans: int = 0

    @property
    def held(self) -> int:
        return self.witnesses[-1].beacon

    def tell(self, fact: Fact) -> None:
        moment = Moment(mono_ns=int(self.now_s * S), wall="", beacon=self.held)
        self.entries.append((fact, moment))
        self.now_s += 1.0
        index = self.held + 1
        self.witnesses.append(Witness(len(self.entries), index, self.now_s, beacon(index)))

    def watched(self, lesson: str, start_s: float, end_s: float) -> None:
        began = int(self.now_s * S)
        self.now_s += end_s - start_s
        self.tell(
            Watched(
                lesson=lesson,
                start_us=round(start_s * US),
                end_us=round(end_s * US),
                began_ns=began,
                ended_ns=int(self.now_s * S),
                mode="standard",
            )
        )

    def planned(self, lesson: str, left_s: float, checked: bool, since_s: float) -> CheckPlanned:
        self.plans += 1
        drawn = SCHEDULE.check(beacon(self.held), self.plans, left_s, checked, since_s)
        fact = CheckPlanned(
            check=f"c1.{self.plans}",
            lesson=lesson,
            seed_index=self.held,
            film_left_s=left_s,
            checked_in_film=checked,
            after_s=drawn.after_s,
            actions=drawn.attempts[0],
            since_s=since_s,
        )
        self.tell(fact)
        return fact

    def history(self, *, ended: bool = True) -> ChainHistory:
        return ChainHistory("c1", tuple(self.witnesses), tuple(self.entries), ended)


def attempted(check: str, number: int, actions: tuple[str, ...], passed: bool) -> CheckAttempted:
    return CheckAttempted(
        check=check,
        lesson="long",
        attempt=number,
        passed=passed,
        reason="",
        similarity=0.6,
        seconds=4.0,
        actions=actions,
    )


def confirmed(attempt: int = 1, alternative: bool = False) -> IdentityConfirmed:
    drawn, instead = SCHEDULE.sign_in(beacon(1), attempt)
    return IdentityConfirmed(
        similarity=0.6,
        answer="same",
        seconds=2.0,
        actions=instead if alternative else drawn,
        attempts=attempt,
        alternative=alternative,
    )


def test_both_sides_mean_the_same_limits() -> None:
    assert proof.HARD_LIMIT_S == PROCTORS_LIMIT_S
    assert proof.FILM_MARGIN_S == MARGIN_S


# ---- A client as it should be (`app.planning`, `app.checks`), on any way through the films.


@dataclass
class Honest:
    """Draws when the film starts and the plan is missing, or reaches beyond a film's check."""

    pen: Writer = field(default_factory=Writer)
    lesson: str = ""
    place_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FILMS, 0.0))
    position_s: float = 0.0
    checked: bool = False
    since_s: float = 0.0
    due_s: float | None = None
    plan: CheckPlanned | None = None
    seen: dict[str, Intervals] = field(default_factory=lambda: dict.fromkeys(FILMS, Intervals()))

    def open(self, lesson: str) -> None:
        self.close()
        self.lesson, self.checked = lesson, False
        self.position_s = min(self.place_s[lesson], FILMS[lesson] - 0.5)
        self.pen.tell(
            LessonOpened(
                lesson=lesson,
                position_us=round(self.position_s * US),
                duration_us=FILMS[lesson] * US,
                mode="standard",
            )
        )

    def close(self) -> None:
        if self.lesson:
            self.place_s[self.lesson] = self.position_s
            place = round(self.position_s * US)
            self.pen.tell(LessonClosed(lesson=self.lesson, position_us=place))
            self.lesson = ""

    def back(self, seconds: float) -> None:
        if self.lesson:
            before, self.position_s = self.position_s, max(0.0, self.position_s - seconds)
            self.pen.tell(
                Sought(
                    lesson=self.lesson,
                    from_us=round(before * US),
                    to_us=round(self.position_s * US),
                )
            )

    @property
    def left_s(self) -> float:
        return FILMS[self.lesson] - self.position_s

    def play(self, seconds: float, misses: int, alternative: bool) -> None:
        if not self.lesson or self.left_s <= 0:
            return
        self.draw()
        self.pen.tell(Played(lesson=self.lesson, position_us=round(self.position_s * US)))
        while seconds > 0 and self.left_s > 0:
            assert self.due_s is not None
            stretch = min(seconds, self.left_s, max(0.0, self.due_s - self.since_s))
            if stretch > 0:
                end_s = self.position_s + stretch
                self.pen.watched(self.lesson, self.position_s, end_s)
                watched = Intervals.of(round(self.position_s * US), round(end_s * US))
                self.seen[self.lesson] = self.seen[self.lesson].union(watched)
                self.position_s, self.since_s = end_s, self.since_s + stretch
                seconds -= stretch
            if self.since_s >= self.due_s - 1e-9:
                self.check(misses, alternative)
        if self.left_s <= 0:
            self.pen.tell(LessonFinished(lesson=self.lesson, duration_us=FILMS[self.lesson] * US))

    def draw(self) -> None:
        end_s = max(self.left_s - MARGIN_S, self.left_s / 2)
        if self.due_s is None or (not self.checked and self.due_s - self.since_s > end_s):
            self.plan = self.pen.planned(self.lesson, self.left_s, self.checked, self.since_s)
            self.due_s = self.since_s + self.plan.after_s

    def check(self, misses: int, alternative: bool) -> None:
        plan = self.plan
        assert plan is not None
        drawn = SCHEDULE.check(
            beacon(plan.seed_index),
            self.pen.plans,
            plan.film_left_s,
            plan.checked_in_film,
            plan.since_s,
        )
        place = round(self.position_s * US)
        self.pen.tell(
            CheckIssued(check=plan.check, lesson=self.lesson, position_us=place, watched_s=0)
        )
        for number in range(1, misses + 1):
            self.pen.tell(attempted(plan.check, number, drawn.attempts[number - 1], False))
        draws = drawn.alternatives if alternative else drawn.attempts
        last = attempted(plan.check, misses + 1, draws[misses], True)
        self.pen.tell(replace(last, alternative=alternative))
        self.since_s, self.due_s, self.checked = 0.0, None, True
        self.draw()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.sampled_from(list(FILMS))),
        st.tuples(st.just("play"), st.floats(0.5, 130)),
        st.tuples(st.just("back"), st.floats(0, 60)),
        st.tuples(st.just("close"), st.none()),
    ),
    max_size=25,
)


@given(STEPS, st.integers(0, 2), st.booleans(), st.integers(1, 5), st.booleans())
@example([("open", "long"), ("play", 3.0), ("open", "short"), ("play", 14.0)], 0, False, 1, False)
@example([("open", "middle"), ("play", 90.0)], 2, True, 1, False)
def test_a_client_that_keeps_to_the_plan_loses_nothing(
    steps: list[tuple[str, object]], misses: int, alternative: bool, tries: int, instead: bool
) -> None:
    client = Honest()
    client.pen.tell(confirmed(tries, instead))
    for step, value in steps:
        match step, value:
            case "open", str(lesson):
                client.open(lesson)
            case "play", float(seconds):
                client.play(seconds, misses, alternative)
            case "back", float(seconds):
                client.back(seconds)
            case _:
                client.close()
    client.pen.tell(SessionEnded(reason="learner"))
    for counted in credit([client.pen.history()], RULES):
        assert {span.reason for span in counted.lost} <= {"repeated"}
        assert abs(counted.credited_s - client.seen[counted.lesson].total() / US) < 1e-3


# ---- A client that states whatever helps it.


@dataclass(frozen=True)
class Habit:
    """How a lying client goes through one round of film: it plans, watches, answers, ends."""

    plan: str
    answer: str
    end: str


@dataclass(frozen=True)
class Round:
    """habit: which of the two. draws: how often it draws again; watch_s: film between draws."""

    habit: int
    draws: int
    watch_s: float
    lesson: str


PLANS = ["", "", "", "none", "old seed", "more film", "less time", "checked", "old name"]
ANSWERS = [
    "none",
    "none",
    "pass",
    "wrong",
    "number",
    "other",
    "fail",
    "leave",
    "twice",
    "late",
    "dodge",
]
HABITS = st.builds(
    Habit,
    st.sampled_from(PLANS),
    st.sampled_from(ANSWERS),
    st.sampled_from(["", "", "close", "again"]),
)
ROUNDS = st.lists(
    st.builds(
        Round,
        st.sampled_from([0, 0, 0, 1]),
        st.integers(0, 3),
        st.floats(3, 70),
        st.sampled_from(["", "", "", "", *FILMS]),
    ),
    min_size=4,
    max_size=14,
)


@dataclass
class Liar:
    """Watches only film that is new, so that each credited second names its own record."""

    pen: Writer = field(default_factory=Writer)
    lesson: str = "long"
    at_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FILMS, 0.0))
    checked: bool = False
    since_s: float = 0.0
    made: list[CheckPlanned] = field(default_factory=list)
    tried: int = 0

    def open(self, lesson: str) -> None:
        self.lesson, self.checked = lesson, False
        place = round(self.at_s[lesson] * US)
        self.pen.tell(
            LessonOpened(lesson=lesson, position_us=place, duration_us=10**6, mode="standard")
        )

    def watch(self, seconds: float) -> None:
        begin = self.at_s[self.lesson]
        end = min(begin + seconds, FILMS[self.lesson])
        if begin < end:
            self.pen.watched(self.lesson, begin, end)
            self.at_s[self.lesson] = end
            self.since_s += end - begin

    def plan(self, trick: str) -> None:
        left_s = FILMS[self.lesson] - self.at_s[self.lesson]
        since_s = 0.0 if trick == "less time" else self.since_s
        checked = self.checked is not (trick == "checked")
        if trick == "more film":
            left_s += 50
        fact = self.pen.planned(self.lesson, left_s, checked, since_s)
        if trick in ("old seed", "old name"):
            told, moment = self.pen.entries[-1]
            assert isinstance(told, CheckPlanned)
            fact = (
                replace(told, seed_index=max(1, told.seed_index - 5))
                if trick == "old seed"
                else replace(told, check=self.made[-1].check if self.made else "c1.0")
            )
            self.pen.entries[-1] = (fact, moment)
        self.made.append(fact)

    def issue(self, back: int) -> None:
        if len(self.made) > back:
            check = self.made[-1 - back].check
            self.tried = 0
            self.pen.tell(CheckIssued(check=check, lesson="long", position_us=0, watched_s=0))

    def answer(self, trick: str, passed: bool) -> None:
        if not self.made:
            return
        plan = self.made[-1]
        self.tried += 1
        number = self.tried + 1 if trick == "number" else self.tried
        drawn = SCHEDULE.check(
            beacon(plan.seed_index), len(self.made), plan.film_left_s, True, plan.since_s
        )
        draws = drawn.alternatives if trick == "other" else drawn.attempts
        actions = ("smile",) if trick == "wrong" else draws[min(self.tried, 3) - 1]
        fact = attempted(plan.check, number, actions, passed)
        self.pen.tell(replace(fact, alternative=trick == "other"))
        if passed and not trick:
            self.since_s, self.checked = 0.0, True

    def go(self, habit: Habit, part: Round) -> None:
        if part.lesson:
            self.open(part.lesson)
        if habit.answer == "dodge":  # the check is met, and left, before there is film to lose
            self.plan(habit.plan)
            self.issue(0)
            self.pen.tell(LessonClosed(lesson=self.lesson, position_us=0))
        for _ in range(part.draws + 1):
            if habit.plan != "none":
                self.plan(habit.plan)
            self.watch(part.watch_s / (part.draws + 1))
        self.react(habit.answer)
        match habit.end:
            case "close":
                self.pen.tell(LessonClosed(lesson=self.lesson, position_us=0))
            case "again":
                self.pen.tell(confirmed())

    def react(self, answer: str) -> None:
        if not self.made or answer in ("none", "dodge"):
            return
        self.issue(1 if answer == "late" else 0)
        match answer:
            case "pass" | "late":
                self.answer("", passed=True)
            case "twice":
                self.answer("wrong", passed=True)
                self.tried = 0
                self.answer("", passed=True)
            case "fail":
                self.answer("", passed=False)
                name = self.made[-1].check
                self.pen.tell(CheckFailed(check=name, lesson="long", reason=""))
                self.answer("", passed=True)
            case "wrong" | "number" | "other":
                self.answer(answer, passed=True)


def may_be_a_pass(entries: list[Entry], place: int) -> bool:
    """Whether record `place` can be a passed check at all; the rule itself asks for more."""
    fact, _ = entries[place]
    if not isinstance(fact, CheckAttempted) or not fact.passed or not 1 <= fact.attempt <= 3:
        return False
    before = [told for told, _ in entries[:place]]
    asked = any(isinstance(told, CheckIssued) and told.check == fact.check for told in before)
    failed = any(isinstance(told, CheckFailed) for told in before)
    used = any(
        isinstance(told, CheckAttempted)
        and told.check == fact.check
        and told.attempt == fact.attempt
        for told in before
    )
    plans = [told for told in before if isinstance(told, CheckPlanned)]
    if not asked or failed or used or not plans or plans[-1].check != fact.check:
        return False
    last = max(n for n, (told, _) in enumerate(entries[:place]) if isinstance(told, CheckPlanned))
    plan, moment = entries[last]
    assert isinstance(plan, CheckPlanned)
    drawn = SCHEDULE.check(
        beacon(plan.seed_index), len(plans), plan.film_left_s, True, max(0.0, plan.since_s)
    )
    draws = drawn.alternatives if fact.alternative else drawn.attempts
    fresh = moment.beacon - plan.seed_index in (0, 1)
    return fresh and fact.actions == draws[fact.attempt - 1]


@given(st.tuples(HABITS, HABITS), ROUNDS, st.booleans())
def test_no_film_is_credited_far_from_a_passed_check(
    habits: tuple[Habit, Habit], rounds: list[Round], ended: bool
) -> None:
    check_reach(habits, rounds, ended=ended)


@pytest.mark.parametrize("plan", sorted(set(PLANS)))
def test_no_steady_habit_gets_film_far_from_a_passed_check(plan: str) -> None:
    """Each of the lies, told round after round: what chance would seldom bring together."""
    for answer, end, draws, watch_s in product(
        sorted(set(ANSWERS)), ["", "close"], [0, 1], [12.0, 58.0]
    ):
        habit = Habit(plan, answer, end)
        check_reach((habit, habit), [Round(0, draws, watch_s, "")] * 9, ended=True)
        # The same in films that are too short for the standing plan.
        films = [Round(0, draws, 14.0, lesson) for lesson in ("long", "middle")] * 5
        check_reach((habit, habit), films, ended=True)


def check_reach(habits: tuple[Habit, Habit], rounds: list[Round], *, ended: bool) -> None:
    """Along the film as it was watched: where proofs stand, and where credit was given."""
    liar = Liar()
    liar.pen.tell(confirmed())
    liar.open("long")
    for part in rounds:
        liar.go(habits[part.habit], part)
    liar.pen.tell(SessionEnded(reason="learner"))
    counted = credit([liar.pen.history(ended=ended)], RULES)
    by_lesson = {
        lesson.lesson: [span for span in lesson.spans if span.state != "not_counted"]
        for lesson in counted
    }
    now_s, proofs, given_at = 0.0, [0.0], []
    for place, (fact, _) in enumerate(liar.pen.entries):
        if may_be_a_pass(liar.pen.entries, place):
            proofs.append(now_s)
        if isinstance(fact, Watched):
            begin_s, end_s = fact.start_us / US, fact.end_us / US
            for span in by_lesson[fact.lesson]:
                low, high = max(begin_s, span.start_s), min(end_s, span.end_s)
                if low < high - 1e-6:
                    given_at += [now_s + low - begin_s, now_s + high - begin_s]
            now_s += end_s - begin_s
    reach_s = POLICY.check_max_gap_s + RULES.check_tolerance_s + 2 * proof.PLAN_TOLERANCE_S
    for credited_s in given_at:
        assert min(abs(credited_s - proved_s) for proved_s in proofs) <= reach_s + 1e-3
