"""What a learner sees behind a line, when the player changes the mode by itself."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from player.events import Mode, Recovered, Stalled
from player.quality import CLIMB, FITS, begin, rendition_for
from tests.line_model import NEEDS, Learner, alone, room

FLUENT, STANDARD, HIGH = Mode.FLUENT, Mode.STANDARD, Mode.HIGH
LADDER = (FLUENT, STANDARD, HIGH)

# What the learner sees behind a line


def test_a_dormitory_line_of_2_mbit_settles_at_once_on_what_it_carries() -> None:
    learner = alone(Learner(HIGH), lambda _: 2e6, 1300)
    assert [mode for _, mode in learner.changes] == [STANDARD]
    assert learner.changes[0][0] < 8
    assert learner.stall_s < 3
    assert learner.over


def test_the_next_film_begins_with_what_the_line_carries() -> None:
    quality = alone(Learner(HIGH, film_s=60), lambda _: 2e6, 100).quality
    assert begin(NEEDS, HIGH, line=quality.line).mode is STANDARD
    assert begin(NEEDS, HIGH, line=100).mode is FLUENT
    assert begin(NEEDS, HIGH, line=2_600_000).mode is HIGH
    assert begin({HIGH: 2_500_000}, HIGH, line=100).mode is HIGH


def test_a_room_of_60_pcs_behind_100_mbit_does_not_stop() -> None:
    learners = [Learner(HIGH, film_s=120) for _ in range(60)]
    room(learners, 100e6, 130)
    assert all(learner.over and learner.stall_s < 4 for learner in learners)
    assert all(len(learner.changes) == 1 for learner in learners)
    assert all(learner.mode is STANDARD for learner in learners)


def test_a_line_that_is_cut_every_other_minute_finds_its_peace() -> None:
    """4 Mbit/s for a minute, nothing for the next: on the average it carries 标清."""
    learner = alone(Learner(HIGH), lambda now_s: 4e6 if int(now_s / 60) % 2 == 0 else 0, 3000)
    assert len(learner.changes) <= 8
    waits = [
        later_s - sooner_s
        for (sooner_s, sooner), (later_s, later) in pairwise(learner.changes)
        if LADDER.index(later) > LADDER.index(sooner) and sooner_s % 120 < 1
    ]
    assert len(waits) >= 3
    assert waits == sorted(waits), "each new try waits longer than the one before"
    assert learner.stall_s < 0.1 * learner.now_s


@given(bits=st.integers(440_000, 20_000_000), chosen=st.sampled_from(LADDER))
def test_a_constant_line_settles_on_the_best_mode_that_fits(bits: int, chosen: Mode) -> None:
    learner = alone(Learner(chosen, film_s=240), lambda _: bits, 300)
    best = rendition_for([m for m in LADDER if NEEDS[m] <= bits] or [FLUENT], chosen)
    comfortable = rendition_for([m for m in LADDER if FITS * NEEDS[m] <= bits] or [FLUENT], chosen)
    assert learner.mode in {best, comfortable}
    assert len(learner.changes) <= 1
    assert learner.stall_s < 6


@given(
    share=st.floats(CLIMB, 20),
    chosen=st.sampled_from(LADDER),
    stalls=st.lists(st.tuples(st.integers(1, 100), st.integers(400, 3_500)), max_size=6),
)
def test_on_a_fast_line_it_never_steps_down(
    share: float, chosen: Mode, stalls: list[tuple[int, int]]
) -> None:
    """Not even for the moments that seeking costs."""
    learner = Learner(chosen, film_s=120)
    bits = NEEDS[chosen] * share
    for at_s, silent_ms in sorted(stalls):
        alone(learner, lambda _: bits, at_s)
        learner.tell(Stalled(learner.at_ns, 0))
        alone(learner, lambda _: bits, learner.now_s + silent_ms / 1000)
        learner.tell(Recovered(learner.at_ns, silent_ms * 1000))
    alone(learner, lambda _: bits, 300)
    assert learner.changes == []


@given(
    low=st.integers(0, 3_000_000),
    high=st.integers(400_000, 8_000_000),
    period_s=st.integers(3, 300),
)
def test_a_line_that_flaps_does_not_make_the_picture_flap(
    low: int, high: int, period_s: int
) -> None:
    learner = Learner(HIGH, film_s=400)
    alone(learner, lambda now_s: high if int(now_s / period_s) % 2 == 0 else low, 1200)
    assert all(later - sooner > 9.9 for (sooner, _), (later, _) in pairwise(learner.asked))
    climbs = [
        now_s
        for (_, before), (now_s, after) in pairwise([(0.0, HIGH), *learner.asked])
        if LADDER.index(after) > LADDER.index(before)
    ]
    assert len(climbs) <= 2 + learner.now_s / 45


def test_film_at_twice_the_pace_needs_twice_the_line() -> None:
    assert alone(Learner(HIGH, film_s=240), lambda _: 4e6, 300).changes == []
    twice = alone(Learner(HIGH, film_s=240, rate=2.0), lambda _: 4e6, 300)
    assert [mode for _, mode in twice.changes] == [STANDARD]
