"""The plan of checks: recomputable, never too late, and nothing to guess."""

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor.schedule import (
    DEFAULT_ACTIONS,
    DOTS,
    HARD_LIMIT_S,
    MARGIN_S,
    TINTS,
    TURNS,
    Action,
    Attempt,
    Place,
    Rules,
    Tint,
    attempts_of,
    plan_check,
)

US = 1_000_000
Deeds = Sequence[tuple[str, float]]
SEED = bytes(range(32))
seeds = st.binary(min_size=32, max_size=32)


@st.composite
def rule_sets(draw: st.DrawFn) -> Rules:
    low = draw(st.floats(1, 2000))
    allowed = draw(st.permutations(list(Action)).map(lambda all_: tuple(all_)))
    kept = allowed[: draw(st.integers(1, 6))]
    if not TURNS & set(kept):
        kept = (*kept, Action.TURN_LEFT)
    return Rules(
        min_gap_s=low,
        max_gap_s=draw(st.floats(low, 5000)),
        attempts=draw(st.integers(1, 3)),
        actions_per_check=draw(st.integers(1, min(4, len(kept)))),
        allowed=kept,
    )


def attempt(text: str, *, alternative: bool) -> Attempt:
    """Actions | places of the dot | lights."""
    actions, dot, tints = (part.split() for part in text.split("|"))
    return Attempt(
        tuple(Action(each) for each in actions),
        tuple(Place(each) for each in dot),
        tuple(Tint(each) for each in tints),
        alternative,
    )


KNOWN = [
    (
        "turn_left blink | down up left"
        " | warm blue warm green blue warm green blue warm green warm green warm green blue"
    ),
    (
        "turn_left turn_right | down right down"
        " | warm green warm green white warm green warm green blue green blue white green warm"
    ),
    (
        "turn_left turn_right | left right down"
        " | blue white warm green warm green white warm white warm green white green warm blue"
    ),
]
KNOWN_ALTERNATIVES = [
    (
        "nod blink | down up right"
        " | white warm white green warm white warm blue white green blue warm green blue green"
    ),
    (
        "open_mouth follow_dot | up down up"
        " | warm blue warm green warm white green white green white green white green warm green"
    ),
    (
        "follow_dot nod | left right up"
        " | warm blue white green white warm blue white warm white blue warm blue warm blue"
    ),
]


def test_known_answers() -> None:
    """Any other implementation, in any language, has to give these."""
    rules = Rules()
    first = plan_check(SEED, 1, rules, 150.0, False)
    assert (first.after_s, first.actions) == (131.4, (Action.TURN_LEFT, Action.BLINK))
    later = plan_check(SEED, 1, rules, 150.0, True)
    assert (later.after_s, later.attempts) == (641.211, first.attempts)
    overdue = plan_check(SEED, 2, rules, 150.0, True, since_s=100.0)
    assert (overdue.after_s, overdue.actions) == (475.757, (Action.TURN_RIGHT, Action.TURN_LEFT))
    assert list(first.attempts) == [attempt(text, alternative=False) for text in KNOWN]
    others = [attempt(text, alternative=True) for text in KNOWN_ALTERNATIVES]
    assert list(first.alternatives) == others


@given(seeds, st.integers(0, 2**40), rule_sets(), st.floats(0, 50_000), st.booleans())
def test_a_plan_keeps_every_bound(
    seed: bytes, ordinal: int, rules: Rules, film_left_s: float, checked: bool
) -> None:
    plan = plan_check(seed, ordinal, rules, film_left_s, checked)
    assert 0 <= plan.after_s <= min(rules.max_gap_s, HARD_LIMIT_S)
    if checked:
        assert plan.after_s >= min(rules.min_gap_s, HARD_LIMIT_S - MARGIN_S) - 0.001
    else:
        assert plan.after_s <= max(film_left_s - MARGIN_S, film_left_s / 2)
    assert len(plan.actions) == len(set(plan.actions)) == rules.actions_per_check
    assert set(plan.actions) <= set(rules.allowed)
    assert TURNS & set(plan.actions)
    assert plan == plan_check(seed, ordinal, rules, film_left_s, checked)


class History:
    """A learner who studies as they like, and the session's rule of when a check is drawn
    (`app.planning`): where none stands, and where it would come too late for the film's own.

    Times in microseconds, as in the session. Every watched stretch counts, seen before or not.
    """

    def __init__(self, seed: bytes, rules: Rules, films_s: Sequence[float]) -> None:
        self.seed, self.rules = seed, rules
        self.films = [round(film * US) for film in films_s]
        self.reached = [0] * len(films_s)
        self.film, self.at, self.checked = 0, 0, False
        self.since, self.ordinal, self.due = 0, 0, None if films_s else 0
        self.checks = self.longest = self.redrawn = 0

    def act(self, what: str, share: float) -> None:
        length = self.films[self.film]
        if what == "watch":
            self.watch(round(share * 1.3 * length))
        elif what == "open":
            self.film, self.checked = int(share * len(self.films)) % len(self.films), False
            self.at = self.reached[self.film] if share < 0.5 else 0
        elif what == "seek":  # while the film runs, so that nobody presses play again
            self.at = round(share * self.reached[self.film])
            self.plan()
        else:  # signing in again shows the living learner, as a check does
            self.since, self.due, self.checked = 0, None, False

    def plan(self) -> None:
        left = self.films[self.film] - self.at
        end = max(left - round(MARGIN_S * US), left // 2)
        if self.due is not None and (self.checked or self.due - self.since <= end):
            return
        self.ordinal += 1
        self.seed = hashlib.sha256(self.seed).digest()
        plan = plan_check(
            self.seed, self.ordinal, self.rules, left / US, self.checked, since_s=self.since / US
        )
        due = self.since + round(plan.after_s * US)
        if self.due is not None:
            self.redrawn += 1
            assert due <= self.due, "a check was put off by drawing it anew"
        self.due = due

    def watch(self, for_us: int) -> None:
        stop = min(self.at + for_us, self.films[self.film])
        while True:
            self.plan()
            assert self.due is not None
            step = max(0, min(stop - self.at, self.due - self.since))
            self.at, self.since = self.at + step, self.since + step
            self.reached[self.film] = max(self.reached[self.film], self.at)
            self.longest = max(self.longest, self.since)
            if self.since < self.due:
                break
            self.since, self.due, self.checked = 0, None, True
            self.checks += 1
            if self.at == stop:
                break
        if self.at == self.films[self.film]:
            assert self.checked, "a film ended without a check"


DEEDS = ("watch", "watch", "watch", "open", "seek", "seek", "sign in")


def lived(seed: bytes, rules: Rules, films: Sequence[float], deeds: Deeds) -> History:
    """Every deed; each gap is within the policy and, whatever that says, within 15 minutes."""
    history = History(seed, rules, films)
    for what, share in deeds:
        history.act(what, share)
        assert history.longest <= min(rules.max_gap_s, HARD_LIMIT_S) * US
    return history


@given(
    seeds,
    rule_sets(),
    st.lists(st.floats(1, 4000), min_size=1, max_size=5),
    st.lists(st.tuples(st.sampled_from(DEEDS), st.floats(0, 1)), max_size=25),
)
def test_over_any_history_no_gap_is_too_long_and_no_film_without_a_check(
    seed: bytes, rules: Rules, films: list[float], deeds: list[tuple[str, float]]
) -> None:
    lived(seed, quick(rules), films, deeds)


def test_over_thousands_of_random_histories() -> None:
    """The same by plain chance, which goes to longer histories than hypothesis does."""
    chance, checks, redrawn = random.Random(5), 0, 0
    for _ in range(2000):
        low = chance.uniform(1, 900)
        rules = Rules(
            min_gap_s=low, max_gap_s=low * chance.uniform(1, 4), attempts=1, alternative=()
        )
        films = [chance.uniform(1, 2500) for _ in range(chance.randint(1, 6))]
        deeds = [(chance.choice(DEEDS), chance.random()) for _ in range(chance.randint(1, 24))]
        history = lived(chance.randbytes(32), quick(rules), films, deeds)
        checks, redrawn = checks + history.checks, redrawn + history.redrawn
    assert checks > 10_000 and redrawn > 500


def quick(rules: Rules) -> Rules:
    """Moments only: what an attempt asks takes most of the time and bears on none of them."""
    return replace(rules, attempts=1, alternative=(), screen_light=False)


def test_no_more_than_the_next_check_can_be_known() -> None:
    """Each comes from an element of its own; one element says nothing of the one before it,
    which hashes to it, so knowing a check tells neither its successor nor the other way round.
    """
    elements = [SEED]
    for _ in range(400):
        elements.append(hashlib.sha256(elements[-1]).digest())
    elements.reverse()
    plans = [plan_check(each, n, Rules(), 0, True) for n, each in enumerate(elements, 1)]
    moments = [plan.after_s for plan in plans]
    assert abs(correlation(moments[:-1], moments[1:])) < 0.16  # three deviations
    repeats = sum(one.actions == other.actions for one, other in pairwise(plans))
    assert 25 <= repeats <= 75  # one in eight is right: 2 of 16 thirds, 10 pairs of 1/24


def test_attempts_differ_and_none_tells_the_next() -> None:
    plans = [plan_check(SEED, n, Rules(), 0, True) for n in range(300)]
    for one, other in ((0, 1), (1, 2), (0, 2)):
        same = sum(plan.attempts[one].actions == plan.attempts[other].actions for plan in plans)
        assert same < 75
        assert all(plan.attempts[one].tints != plan.attempts[other].tints for plan in plans)
    assert all(plan.attempts[0] != plan.alternatives[0] for plan in plans)


def test_the_check_at_sign_in_is_the_one_of_number_nought() -> None:
    assert attempts_of(SEED, 0, Rules()) == plan_check(SEED, 0, Rules(), 10, False).attempts
    assert attempts_of(SEED, 0, Rules()) != attempts_of(SEED, 1, Rules())
    with_turn = attempts_of(SEED, 0, Rules(attempts=256))
    assert len({each.tints for each in with_turn}) == 256


@given(seeds, rule_sets(), st.integers(0, 2**40))
def test_what_an_attempt_asks(seed: bytes, rules: Rules, ordinal: int) -> None:
    plan = plan_check(seed, ordinal, rules, 100, False)
    assert len(plan.attempts) == len(plan.alternatives) == rules.attempts
    for attempt in plan.attempts + plan.alternatives:
        allowed = rules.alternative if attempt.alternative else rules.allowed
        assert len(set(attempt.actions)) == len(attempt.actions) == rules.actions_per_check
        assert set(attempt.actions) <= set(allowed)
        assert len(attempt.dot) == DOTS and len(attempt.tints) == TINTS
        for row in (attempt.dot, attempt.tints):
            assert all(one != other for one, other in pairwise(row))
    assert not any(attempt.alternative for attempt in plan.attempts)
    assert all(attempt.alternative for attempt in plan.alternatives)
    dark = plan_check(seed, ordinal, replace(rules, screen_light=False), 100, False)
    assert dark.attempts[0].tints == () and dark.actions == plan.actions


def test_dots_and_lights_are_spread_evenly() -> None:
    attempts = [attempts_of(SEED, n, Rules())[0] for n in range(1200)]
    for length, row in ((DOTS, "dot"), (TINTS, "tints")):
        for place in range(length):
            counts = Counter(getattr(attempt, row)[place] for attempt in attempts)
            assert len(counts) == 4
            assert sum((count - 300) ** 2 / 300 for count in counts.values()) < 21  # p .0001


def test_moments_are_spread_evenly() -> None:
    """A chi-square over ten bins, far below what would be suspicious (p about 0.001)."""
    bins = Counter(
        int((plan_check(SEED, n, quick(Rules()), 0, True).after_s - 300) / 42.0001)
        for n in range(4000)
    )
    assert sum((bins[k] - 400) ** 2 / 400 for k in range(10)) < 27.9


def test_actions_are_all_drawn_in_all_places() -> None:
    plans = [plan_check(SEED, n, quick(Rules()), 0, True).actions for n in range(3000)]
    pairs = Counter(plans)
    possible = {
        (a, b) for a in DEFAULT_ACTIONS for b in DEFAULT_ACTIONS if a != b and TURNS & {a, b}
    }
    assert set(pairs) == possible
    # turn and another: 1/2 · 1/3 · 1/2 each; both turns: twice as often
    assert all(190 <= pairs[p] <= 310 for p in possible if set(p) != TURNS)
    assert all(420 <= pairs[p] <= 580 for p in possible if set(p) == TURNS)


def test_one_bit_of_the_seed_changes_everything() -> None:
    other = bytes([SEED[0] ^ 1]) + SEED[1:]
    same = sum(
        plan_check(SEED, n, Rules(), 0, True).after_s
        == plan_check(other, n, Rules(), 0, True).after_s
        for n in range(200)
    )
    assert same == 0


def test_a_squeezed_window_stays_wide() -> None:
    moments = [plan_check(SEED, n, Rules(), 310.0, False).after_s for n in range(500)]
    assert min(moments) < 170 and max(moments) > 290


def test_a_check_that_is_overdue_comes_at_once() -> None:
    assert plan_check(SEED, 1, Rules(), 1e4, True, since_s=1e9).after_s == 0


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"min_gap_s": 0.0}, "gap"),
        ({"min_gap_s": 10.0, "max_gap_s": 9.0}, "gap"),
        ({"max_gap_s": float("nan")}, "gap"),
        ({"max_gap_s": float("inf")}, "gap"),
        ({"answer_s": 0.0}, "answer_s"),
        ({"attempts": 0}, "attempts"),
        ({"attempts": 257}, "attempts"),
        ({"action_s": 0.0}, "action_s"),
        ({"alternative": (Action.NOD,)}, "alternative"),
        ({"alternative": (Action.NOD, Action.NOD)}, "twice"),
        ({"actions_per_check": 0}, "actions_per_check"),
        ({"actions_per_check": 5}, "actions_per_check"),
        ({"allowed": (Action.BLINK, Action.OPEN_MOUTH)}, "turn"),
        ({"allowed": (Action.TURN_LEFT, Action.TURN_LEFT)}, "twice"),
        ({"match_accept": 0.3}, "match_alert"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(given_: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Rules(**given_)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seed", "ordinal", "film_left_s", "since_s"),
    [(b"short", 1, 1.0, 0.0), (SEED, -1, 1.0, 0.0), (SEED, 1, -1.0, 0.0), (SEED, 1, 1.0, -1.0)],
)
def test_nonsense_is_refused(seed: bytes, ordinal: int, film_left_s: float, since_s: float) -> None:
    with pytest.raises(ValueError):
        plan_check(seed, ordinal, Rules(), film_left_s, True, since_s=since_s)
    with pytest.raises(ValueError):
        plan_check(SEED, 1, Rules(), float("nan"), True)
