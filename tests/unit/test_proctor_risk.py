"""How signs add up."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor.risk import TOGETHER, WEIGHTS, Evidence, Risk, Sign, combine, level

REVIEW = 0.6

evidence = st.lists(
    st.builds(
        Evidence, st.sampled_from(Sign), st.floats(0, 1), st.floats(-10, 10, allow_nan=False)
    ),
    unique_by=lambda each: each.sign,
)


def test_every_sign_weighs_something() -> None:
    assert set(WEIGHTS) == set(Sign)
    assert all(0 < weight < 1 for weight in WEIGHTS.values())
    assert all(0 < weight < 1 and len(pair) == 2 for pair, weight in TOGETHER.items())


def test_two_signs_alone_reach_a_review() -> None:
    strong = {sign for sign in Sign if combine([Evidence(sign, 1.0, 0.0)]).score >= REVIEW}
    assert strong == {Sign.LOOP, Sign.FLAT}


def test_of_the_others_only_the_named_pairs_do() -> None:
    weak = [sign for sign in Sign if sign not in (Sign.LOOP, Sign.FLAT)]
    for pair in combinations(weak, 2):
        score = combine([Evidence(sign, 1.0, 0.0) for sign in pair]).score
        if score >= REVIEW:
            assert frozenset(pair) in TOGETHER
    no_camera = [Evidence(Sign.NO_NOISE, 1.0, 0.0), Evidence(Sign.TOO_REGULAR, 1.0, 0.0)]
    assert combine(no_camera).score >= REVIEW


def test_nothing_is_no_risk() -> None:
    assert combine([]) == Risk()
    assert combine([Evidence(sign, 0.0, 0.0) for sign in Sign]).score == 0


@given(evidence)
def test_the_order_makes_no_difference_and_the_strongest_comes_first(found: list[Evidence]) -> None:
    risk = combine(found)
    assert risk == combine(reversed(found))
    assert 0 <= risk.score < 1
    weights = [WEIGHTS[each.sign] * each.level for each in risk.evidence]
    assert weights == sorted(weights, reverse=True)
    assert set(risk.evidence) == set(found)
    assert set(risk.signs) == {each.sign for each in found if each.level >= 0.5}


@given(evidence, st.sampled_from(Sign), st.floats(0, 1), st.floats(0, 1))
def test_more_evidence_never_makes_it_less(
    found: list[Evidence], sign: Sign, one: float, other: float
) -> None:
    rest = [each for each in found if each.sign is not sign]
    less, more = sorted((one, other))
    low = combine([*rest, Evidence(sign, less, 0.0)]).score
    assert combine(rest).score <= low + 1e-6
    assert low <= combine([*rest, Evidence(sign, more, 0.0)]).score + 1e-6


@pytest.mark.parametrize(
    ("value", "nothing", "full", "expected"),
    [(5, 0, 10, 0.5), (-1, 0, 10, 0), (11, 0, 10, 1), (0.06, 0.08, 0.04, 0.5), (0.9, 0.8, 0.4, 0)],
)
def test_levels(value: float, nothing: float, full: float, expected: float) -> None:
    assert level(value, nothing, full) == pytest.approx(expected)
