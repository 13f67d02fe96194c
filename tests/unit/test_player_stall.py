"""When silence is a stall, and a stall a fault."""

import pytest

from player.events import Fault
from player.ports import Trouble
from player.stall import StallWatch, Verdict

MS = 1_000_000
GONE = Trouble(Fault.UNREACHABLE, "gone")


@pytest.fixture
def watch() -> StallWatch:
    made = StallWatch(silence_ns=400 * MS, patience_ns=18_000 * MS)
    made.expect(0)
    return made


def test_a_stall_is_told_once_and_measured_to_the_next_frame(watch: StallWatch) -> None:
    assert watch.frame(100 * MS, 40_000) is None
    assert watch.judge(499 * MS, None, playing=True) is Verdict.FINE
    assert watch.judge(500 * MS, None, playing=True) is Verdict.STALLED
    assert watch.judge(600 * MS, GONE, playing=True) is Verdict.FINE
    assert watch.frame(2_100 * MS, 40_000) == 2_000_000
    assert watch.frame(2_140 * MS, 40_000) is None


def test_slow_films_have_longer_silences(watch: StallWatch) -> None:
    watch.frame(0, 1_000_000)
    assert watch.judge(2_400 * MS, None, playing=True) is Verdict.FINE
    assert watch.judge(2_500 * MS, None, playing=True) is Verdict.STALLED


def test_an_origin_out_of_reach_fails_when_patience_is_over(watch: StallWatch) -> None:
    assert watch.judge(17_999 * MS, GONE, playing=True) is Verdict.STALLED
    assert watch.judge(18_000 * MS, GONE, playing=True) is Verdict.FAILED


def test_nobody_waits_in_a_pause(watch: StallWatch) -> None:
    assert watch.judge(60_000 * MS, GONE, playing=False) is Verdict.FINE
    watch.expect(60_000 * MS)
    assert watch.judge(60_500 * MS, GONE, playing=True) is Verdict.STALLED


def test_a_film_that_is_being_opened_has_not_stalled_but_may_fail(watch: StallWatch) -> None:
    assert watch.judge(5_000 * MS, GONE, playing=False, opening=True) is Verdict.FINE
    assert watch.judge(18_000 * MS, GONE, playing=False, opening=True) is Verdict.FAILED
    assert watch.frame(19_000 * MS, 40_000) is None


@pytest.mark.parametrize("fault", [Fault.MISSING, Fault.REFUSED])
def test_what_will_not_pass_fails_as_soon_as_it_is_missed(watch: StallWatch, fault: Fault) -> None:
    trouble = Trouble(fault, "")
    assert watch.judge(399 * MS, trouble, playing=True) is Verdict.FINE
    assert watch.judge(400 * MS, trouble, playing=False) is Verdict.FAILED


def test_a_broken_film_fails_although_frames_come(watch: StallWatch) -> None:
    watch.frame(100 * MS, 40_000)
    assert watch.judge(101 * MS, Trouble(Fault.BROKEN, ""), playing=True) is Verdict.FAILED


def test_a_stall_goes_on_through_a_seek_and_ends_with_a_pause(watch: StallWatch) -> None:
    watch.judge(400 * MS, None, playing=True)
    watch.expect(1_000 * MS)
    assert watch.stalled
    watch.relax()
    assert watch.frame(3_000 * MS, 40_000) is None
