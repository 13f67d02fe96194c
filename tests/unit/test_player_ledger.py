"""The ledger of watched film: a union, and what may be sought in it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.ledger import SLIVER_US, Interval, Ledger

MINUTE = 60_000_000
places = st.integers(0, 10 * MINUTE)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    start = draw(places)
    return start, start + draw(st.integers(1, MINUTE))


histories = st.lists(spans(), max_size=12)


def ledger_of(history: list[tuple[int, int]]) -> Ledger:
    ledger = Ledger()
    for start, end in history:
        ledger = ledger.add(start, end)
    return ledger


@given(histories, places)
def test_holds_exactly_what_was_added(history: list[tuple[int, int]], place: int) -> None:
    inside = any(start <= place < end for start, end in history)
    ledger = ledger_of(history)
    assert inside == any(each.start_us <= place < each.end_us for each in ledger.intervals)


@given(histories)
def test_is_sorted_and_disjoint(history: list[tuple[int, int]]) -> None:
    intervals = ledger_of(history).intervals
    assert all(a.end_us < b.start_us for a, b in pairwise(intervals))


@given(histories, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(history: list[tuple[int, int]], random: object) -> None:
    shuffled = history + history[: len(history) // 2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ledger_of(shuffled) == ledger_of(history)


@given(histories, histories)
def test_merge_is_the_union(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    assert ledger_of(one).merge(ledger_of(other)) == ledger_of(one + other)


@given(histories, spans())
def test_watching_more_never_counts_for_less(
    history: list[tuple[int, int]], span: tuple[int, int]
) -> None:
    before, after = ledger_of(history), ledger_of([*history, span])
    assert before.watched_us <= after.watched_us <= before.watched_us + span[1] - span[0]


@given(histories, places, places)
def test_forward_only_into_watched_film(
    history: list[tuple[int, int]], here: int, there: int
) -> None:
    ledger = ledger_of(history)
    allowed = ledger.may_seek(here, there)
    if there <= here:
        assert allowed
    elif allowed:
        near = [each for each in ledger.intervals if each.start_us <= there <= each.end_us]
        assert near or there - here <= ledger.watched_us + (len(history) + 1) * SLIVER_US


@given(histories)
def test_resumes_at_the_first_unwatched_place(history: list[tuple[int, int]]) -> None:
    ledger = ledger_of(history)
    duration = 12 * MINUTE
    resume = ledger.resume_us(duration)
    assert not any(each.start_us <= resume < each.end_us for each in ledger.intervals)
    assert Ledger.of([Interval(0, resume or 1)]).merge(ledger).watched_us - ledger.watched_us <= (
        len(history) * SLIVER_US + 1
    )


def test_first_watch_has_no_way_forward() -> None:
    ledger = ledger_of([(0, 5 * MINUTE)])
    assert ledger.may_seek(0, 5 * MINUTE)
    assert not ledger.may_seek(0, 5 * MINUTE + 1)
    assert not ledger.may_seek(5 * MINUTE, 5 * MINUTE + 1)
    assert not ledger.may_seek(5 * MINUTE, -1)


def test_a_part_watched_on_another_pc_may_be_sought_over_a_gap() -> None:
    ledger = ledger_of([(0, MINUTE), (2 * MINUTE, 3 * MINUTE)])
    assert ledger.may_seek(0, 2 * MINUTE + 1)
    assert not ledger.may_seek(0, MINUTE + 1)


def test_dropped_frames_are_not_credited_but_nobody_is_sent_back_for_them() -> None:
    ledger = ledger_of([(0, 1_000_000), (1_080_000, 2_000_000)])
    assert ledger.watched_us == 1_920_000
    assert ledger.resume_us(MINUTE) == 2_000_000
    assert ledger.is_complete(2_000_000)
    assert ledger.resume_us(2_000_000) == 0


@given(histories)
def test_what_is_shown_closes_slivers_and_nothing_else(history: list[tuple[int, int]]) -> None:
    ledger = ledger_of(history)
    shown = ledger.without_slivers()
    assert ledger.merge(shown) == shown
    assert all(b.start_us - a.end_us > SLIVER_US for a, b in pairwise(shown.intervals))
    assert shown.watched_us - ledger.watched_us <= len(ledger.intervals) * SLIVER_US


def test_coverage_is_a_share_of_this_film() -> None:
    ledger = ledger_of([(0, MINUTE), (3 * MINUTE, 5 * MINUTE)])
    assert ledger.coverage(4 * MINUTE) == 0.5
    assert ledger.coverage(0) == 0.0
    assert Ledger().coverage(MINUTE) == 0.0


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5)])
def test_what_is_no_interval_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not an interval"):
        Ledger().add(start, end)
