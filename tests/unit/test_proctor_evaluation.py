"""Rates and their intervals, against scipy and by hand."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from proctor.evaluation import (
    Decision,
    Judged,
    Rate,
    apcer,
    bpcer,
    clopper_pearson,
    det,
    difference,
    equal_error,
    non_response,
    rule_of_three,
    wilson,
)


@st.composite
def counts(draw: st.DrawFn, most: int = 400) -> tuple[int, int]:
    of = draw(st.integers(1, most))
    return draw(st.integers(0, of)), of


@given(counts(), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_interval_is_scipys(count: tuple[int, int], confidence: float) -> None:
    errors, of = count
    exact = stats.binomtest(errors, of).proportion_ci(confidence, "exact")
    low, high = clopper_pearson(errors, of, confidence)
    assert low == pytest.approx(exact.low, abs=1e-9)
    assert high == pytest.approx(exact.high, abs=1e-9)


def test_of_thousands() -> None:
    exact = stats.binomtest(3, 5000).proportion_ci(0.95, "exact")
    assert Rate(3, 5000).interval == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_nothing_was_looked_at() -> None:
    assert Rate(0, 0).share is None
    assert Rate(0, 0).interval == (0.0, 1.0)
    with pytest.raises(ValueError, match="2 errors of 1"):
        Rate(2, 1)


def test_no_error_in_three_hundred_still_allows_one_in_a_hundred() -> None:
    assert rule_of_three(300) == pytest.approx(0.00994, abs=1e-4)


@given(counts(), counts())
def test_a_difference_holds_its_middle_and_turns_with_its_sides(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    there, back = difference(Rate(*one), Rate(*other)), difference(Rate(*other), Rate(*one))
    assert -1 - 1e-9 <= there.low <= there.points <= there.high <= 1 + 1e-9
    assert (there.points, there.low, there.high) == pytest.approx(
        (-back.points, -back.high, -back.low)
    )


def test_the_difference_is_newcombes() -> None:
    # Newcombe 1998, table II, example (a): 56/70 - 48/80, method 10
    found = difference(Rate(56, 70), Rate(48, 80))
    assert (found.points, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@given(counts())
def test_wilson_is_scipys(count: tuple[int, int]) -> None:
    exact = stats.binomtest(*count).proportion_ci(0.95, "wilson")
    assert wilson(*count) == pytest.approx((exact.low, exact.high), abs=1e-9)


SEEN = [
    Judged("", Decision.ACCEPTED, risk=0.1),
    Judged("", Decision.REFERRED, risk=0.7),
    Judged("", Decision.REJECTED, "not_answered", 0.2),
    Judged("", Decision.NO_RESPONSE, "no_face"),
    Judged("print", Decision.REJECTED, "not_answered", 0.3),
    Judged("print", Decision.REFERRED, risk=0.9),
    Judged("replay", Decision.ACCEPTED, risk=0.4),
    Judged("replay", Decision.REJECTED, "wrong_action", 0.5),
    Judged("replay", Decision.NO_RESPONSE, "unreadable"),
]


def test_who_counts_to_what() -> None:
    assert bpcer(SEEN) == Rate(2, 3)
    assert apcer(SEEN) == {"print": Rate(0, 2), "replay": Rate(1, 2)}
    assert non_response(SEEN) == {"": Rate(1, 4), "print": Rate(0, 2), "replay": Rate(1, 3)}


def test_whoever_failed_the_actions_is_an_attack_at_every_threshold() -> None:
    assert [each.score for each in SEEN[:3]] == [0.1, 0.7, 1.0]


def test_a_curve_by_hand() -> None:
    points = det([0.1, 0.2], [0.2, 0.9])
    assert [(each.threshold, each.apcer, each.bpcer) for each in points[:-1]] == [
        (0.1, 0.0, 1.0),
        (0.2, 0.0, 0.5),
        (0.9, 0.5, 0.0),
    ]
    assert (points[-1].apcer, points[-1].bpcer) == (1.0, 0.0)
    assert equal_error(points) == 0.25
    with pytest.raises(ValueError, match="living"):
        det([], [0.1])


scores = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(scores, scores)
def test_a_curve_never_turns_back(lives: list[float], attacks: list[float]) -> None:
    points = det(lives, attacks)
    for before, after in itertools.pairwise(points):
        assert after.apcer >= before.apcer
        assert after.bpcer <= before.bpcer
    assert (points[0].apcer, points[0].bpcer) == (0.0, 1.0)
    assert (points[-1].apcer, points[-1].bpcer) == (1.0, 0.0)
