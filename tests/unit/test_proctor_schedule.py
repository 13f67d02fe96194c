"""The plan of checks: recomputable, never too late, and nothing to guess."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor.schedule import (
    DEFAULT_ACTIONS,
    HARD_LIMIT_S,
    MARGIN_S,
    TURNS,
    Action,
    PlannedCheck,
    Rules,
    plan_check,
)

SEED = bytes(range(32))
seeds = st.binary(min_size=32, max_size=32)


@st.composite
def rule_sets(draw: st.DrawFn) -> Rules:
    low = draw(st.floats(1, 2000))
    allowed = draw(st.permutations(list(Action)).map(lambda all_: tuple(all_)))
    cut = draw(st.integers(1, 5))
    kept = allowed[:cut]
    if not TURNS & set(kept):
        kept = (*kept, Action.TURN_LEFT)
    return Rules(
        min_gap_s=low,
        max_gap_s=draw(st.floats(low, 5000)),
        actions_per_check=draw(st.integers(1, len(kept))),
        allowed=kept,
    )


def test_known_answers() -> None:
    """Any other implementation, in any language, has to give these."""
    rules = Rules()
    assert plan_check(SEED, 1, rules, 150.0, False) == PlannedCheck(
        131.4, (Action.TURN_LEFT, Action.BLINK)
    )
    assert plan_check(SEED, 1, rules, 150.0, True) == PlannedCheck(
        641.211, (Action.TURN_LEFT, Action.BLINK)
    )
    assert plan_check(SEED, 2, rules, 150.0, True, since_s=100.0) == PlannedCheck(
        475.757, (Action.TURN_RIGHT, Action.TURN_LEFT)
    )


@given(seeds, st.integers(0, 2**40), rule_sets(), st.floats(0, 50_000), st.booleans())
def test_a_plan_keeps_every_bound(
    seed: bytes, ordinal: int, rules: Rules, film_left_s: float, checked: bool
) -> None:
    plan = plan_check(seed, ordinal, rules, film_left_s, checked)
    assert 0 <= plan.after_s <= min(rules.max_gap_s, HARD_LIMIT_S)
    if checked:
        assert plan.after_s >= min(rules.min_gap_s, HARD_LIMIT_S) - 0.001
    else:
        assert plan.after_s <= max(film_left_s - MARGIN_S, film_left_s / 2)
    assert len(plan.actions) == len(set(plan.actions)) == rules.actions_per_check
    assert set(plan.actions) <= set(rules.allowed)
    assert TURNS & set(plan.actions)
    assert plan == plan_check(seed, ordinal, rules, film_left_s, checked)


@given(
    seeds,
    st.lists(st.floats(20, 4000), min_size=1, max_size=12),
    st.lists(st.floats(0, 1), min_size=12, max_size=12),
)
def test_over_any_lessons_no_gap_is_too_long_and_no_film_without_a_check(
    seed: bytes, films: list[float], left_early: list[float]
) -> None:
    """Lessons one after the other, some left in the middle; a check is planned at a lesson's
    first play and after each passed one, and each is passed at once.
    """
    rules = Rules()
    since_s, ordinal = 0.0, 0
    for number, length_s in enumerate(films):
        at_s, checks = 0.0, 0
        stop_s = length_s if left_early[number] < 0.7 else length_s * left_early[number]
        while True:
            ordinal += 1
            seed = hashlib.sha256(seed).digest()
            left_s = length_s - at_s
            plan = plan_check(seed, ordinal, rules, left_s, checks > 0, since_s=since_s)
            assert since_s + plan.after_s <= 720.001
            if at_s + plan.after_s > stop_s:
                since_s += stop_s - at_s
                break
            at_s += plan.after_s
            since_s, checks = 0.0, checks + 1
        assert checks > 0 or stop_s < length_s


def test_moments_are_spread_evenly() -> None:
    """A chi-square over ten bins, far below what would be suspicious (p about 0.001)."""
    bins = Counter(
        int((plan_check(SEED, n, Rules(), 0, True).after_s - 300) / 42.0001) for n in range(4000)
    )
    assert sum((bins[k] - 400) ** 2 / 400 for k in range(10)) < 27.9


def test_actions_are_all_drawn_in_all_places() -> None:
    plans = [plan_check(SEED, n, Rules(), 0, True).actions for n in range(3000)]
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
