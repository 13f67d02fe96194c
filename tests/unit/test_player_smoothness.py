"""What is said of a picture's quality is what happened."""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.events import (
    Ended,
    Failed,
    Fault,
    FrameShown,
    FramesLost,
    LineMeasured,
    Mode,
    ModeChanged,
    ModeKept,
    Opened,
    Recovered,
    Seen,
    SoundMeasured,
    Stalled,
    Unseen,
)
from player.smoothness import (
    UNNOTICED_NS,
    Figures,
    Muted,
    Smoothness,
    SmoothnessEvent,
    Tally,
    figures,
    quantile,
    reset,
    step,
)
from player.timeline import Paused, Playing, Sought

FRAME_US = 40_000
MS = 1_000_000
S = 1000 * MS
HIGH, FLUENT = Mode.HIGH, Mode.FLUENT


def after(*events: SmoothnessEvent, state: Smoothness | None = None) -> Smoothness:
    return reduce(step, events, Smoothness() if state is None else state)


def told(*events: SmoothnessEvent) -> Figures:
    return figures(after(*events))


def frame(number: int, at_ns: int | None = None, mode: Mode = HIGH) -> FrameShown:
    """Frame `number` of a film of 25 a second, shown when it is due unless said otherwise."""
    due_ns = number * FRAME_US * 1000
    start_us = number * FRAME_US
    return FrameShown(due_ns if at_ns is None else at_ns, start_us, start_us + FRAME_US, mode)


def test_nothing_happened_yet() -> None:
    nothing = figures(Smoothness())
    assert nothing.shown == nothing.dropped == nothing.stalls == nothing.playing_ms == 0
    assert nothing.dropped_percent == 0.0
    assert nothing.sound_offset_ms is None
    assert nothing.bits_per_second is None
    assert nothing.mode is None
    assert nothing.sound == "ok"


def test_a_minute_without_fault() -> None:
    film = [frame(number) for number in range(1500)]
    found = told(Opened(0, 60 * 10**6, 0, HIGH), Playing(0), *film, Ended(60 * S, 60 * 10**6))
    assert (found.shown, found.dropped, found.playing_ms) == (1500, 0, 60_000)
    assert found.mode is HIGH


def test_dropped_frames_are_counted_once_whoever_tells_of_them() -> None:
    film = [frame(number) for number in (0, 1, 4, 5, 9)]
    assert told(Playing(0), *film).dropped == 5
    assert told(Playing(0), *film, FramesLost(S, 5, 2)).dropped == 5
    found = told(Playing(0), *film, FramesLost(S, 7, 2), FramesLost(2 * S, 0, 1))
    assert (found.dropped, found.late) == (7, 3)
    assert found.dropped_percent == pytest.approx(100 * 7 / 12, abs=0.01)


@pytest.mark.parametrize(
    "between", [[Sought(S, 0)], [Paused(S), Playing(S)], [Opened(S, 1, 0, HIGH), Playing(S)]]
)
def test_another_place_of_the_film_is_no_hole(between: list[SmoothnessEvent]) -> None:
    assert told(Playing(0), frame(0), *between, frame(50)).dropped == 0
    assert told(Playing(0), frame(0), frame(5_000)).dropped == 0
    assert told(Playing(0), frame(50), frame(10)).dropped == 0


def test_a_picture_in_a_pause_or_one_that_is_shown_again_is_no_frame() -> None:
    found = told(frame(0), Playing(0), frame(0), frame(0), frame(1), Paused(S), frame(2))
    assert found.shown == 2


def test_a_stall_has_the_length_that_it_had() -> None:
    """It is noticed after 400 ms, and told with its whole length when it is over."""
    events: list[SmoothnessEvent] = [Playing(0), frame(0), Stalled(440 * MS, 40_000)]
    going_on = told(*events, LineMeasured(2 * S, 0, 0, whole=False))
    assert (going_on.stalls, going_on.stalled_ms) == (1, 1_560)
    over = told(*events, LineMeasured(2 * S, 0, 0, whole=False), Recovered(3 * S, 3_000_000))
    assert (over.stalls, over.stalled_ms, over.longest_stall_ms) == (1, 3_000, 3_000)
    two = told(
        *events, Recovered(3 * S, 3_000_000), Stalled(10 * S, 0), Recovered(11 * S, 1_400_000)
    )
    assert (two.stalls, two.stalled_ms, two.longest_stall_ms) == (2, 4_400, 3_000)


def test_a_stall_that_a_pause_ends_is_over() -> None:
    found = told(Playing(0), Stalled(S, 0), Paused(3 * S), Playing(60 * S), Paused(61 * S))
    assert (found.stalled_ms, found.playing_ms) == (2_000, 4_000)
    assert told(Playing(0), Stalled(S, 0), Failed(3 * S, Fault.UNREACHABLE, "")).stalled_ms == 2_000


def test_time_unseen_counts_while_the_film_runs() -> None:
    found = told(
        Playing(0), Unseen(2 * S, 0), Paused(5 * S), Playing(100 * S), Seen(102 * S, 101_000_000)
    )
    assert found.unseen == 1
    assert found.unseen_ms == 5_000 + UNNOTICED_NS // MS
    assert told(Playing(0), Unseen(2 * S, 0), Seen(5 * S, 4_000_000)).unseen_ms == 4_000


def test_lips_and_sound() -> None:
    offsets = [*[4_000] * 90, *[-60_000] * 8, 30_000, None, -90_400]
    found = told(*[SoundMeasured(n, offset, device=True) for n, offset in enumerate(offsets)])
    assert (found.sound_offset_ms, found.sound_offset_p95_ms) == (4, 60)
    assert found.sound_offset_worst_ms == -90


def test_what_became_of_the_sound() -> None:
    gone = told(Playing(0), SoundMeasured(S, None, device=False), Muted(2 * S, True), Paused(9 * S))
    assert (gone.sound, gone.silent_ms, gone.muted_ms) == ("no_device", 8_000, 0)
    muted = told(Playing(0), Muted(S, True), SoundMeasured(2 * S, 0, device=True), Paused(9 * S))
    assert (muted.sound, muted.silent_ms, muted.muted_ms) == ("muted", 0, 8_000)
    both = told(
        Playing(0), Muted(0, True), Muted(4 * S, False), SoundMeasured(6 * S, None, device=False),
        SoundMeasured(8 * S, 0, device=True), Paused(10 * S),
    )  # fmt: skip
    assert (both.sound, both.silent_ms, both.muted_ms) == ("muted", 2_000, 4_000)
    assert told(Playing(0), Muted(6 * S, True), Paused(9 * S)).sound == "ok"
    assert told(SoundMeasured(0, None, device=False)).sound == "no_device"
    assert told(Muted(0, True)).sound == "muted"


def test_the_line_to_two_digits() -> None:
    paces = [2_345_678, 2_012_000, 0, 96_000, 2_400_000, 12_345_678]
    found = told(*[LineMeasured(n, pace, 0, whole=False) for n, pace in enumerate(paces)])
    assert (found.bits_per_second, found.lowest_bits_per_second) == (2_300_000, 96_000)


def test_changes_of_the_mode() -> None:
    found = told(
        ModeChanged(1, HIGH, FLUENT, 41_100, 0),
        ModeChanged(2, FLUENT, HIGH, 120_000, 80_000),
        ModeChanged(3, HIGH, FLUENT, 40_000, -40_000),
        ModeKept(4, FLUENT, HIGH, Fault.UNREACHABLE, ""),
    )
    assert (found.mode_changes, found.mode_refusals, found.mode) == (3, 1, FLUENT)
    assert (found.missed_ms, found.repeated_ms, found.longest_change_ms) == (80, 40, 120)


# Whatever happens

events = st.one_of(
    st.integers(0, 200).map(lambda n: lambda at: frame(n, at)),
    st.just(lambda at: Playing(at)),
    st.just(lambda at: Paused(at)),
    st.just(lambda at: Sought(at, 0)),
    st.just(lambda at: Stalled(at, 0)),
    st.integers(0, 60_000_000).map(lambda us: lambda at: Recovered(at, us)),
    st.just(lambda at: Unseen(at, 0)),
    st.integers(0, 60_000_000).map(lambda us: lambda at: Seen(at, us)),
    st.just(lambda at: Opened(at, 1, 0, HIGH)),
    st.just(lambda at: Ended(at, 0)),
    st.booleans().map(lambda muted: lambda at: Muted(at, muted)),
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda n: lambda at: FramesLost(at, *n)),
    st.tuples(st.none() | st.integers(-200_000, 200_000), st.booleans()).map(
        lambda sound: lambda at: SoundMeasured(at, *sound)
    ),
    st.integers(0, 10**8).map(lambda bits: lambda at: LineMeasured(at, bits, 0, whole=False)),
    st.integers(-(10**6), 10**6).map(
        lambda error: lambda at: ModeChanged(at, HIGH, FLUENT, abs(error), error)
    ),
)
histories: st.SearchStrategy[list[tuple[int, Callable[[int], SmoothnessEvent]]]] = st.lists(
    st.tuples(st.integers(-S, 5 * S), events), max_size=60
)


def timed(history: list[tuple[int, Callable[[int], SmoothnessEvent]]]) -> list[SmoothnessEvent]:
    """The events at their times; a clock that was set may even go back."""
    made, now_ns = [], 0
    for after_ns, event in history:
        now_ns = max(0, now_ns + after_ns)
        made.append(event(now_ns))
    return made


@given(histories)
def test_figures_keep_to_what_is_possible(
    history: list[tuple[int, Callable[[int], SmoothnessEvent]]],
) -> None:
    made = timed(history)
    found = told(*made)
    wall_ms = max((event.at_ns for event in made), default=0) // MS
    assert found.playing_ms <= wall_ms
    assert found.muted_ms + found.silent_ms <= found.playing_ms
    noticed_late_ms = UNNOTICED_NS // MS
    assert found.longest_stall_ms <= found.stalled_ms
    assert found.stalled_ms <= found.playing_ms + found.stalls * noticed_late_ms
    assert found.unseen_ms <= found.playing_ms + found.unseen * noticed_late_ms
    assert found.stalls <= sum(isinstance(event, Stalled) for event in made)
    assert found.shown <= sum(isinstance(event, FrameShown) for event in made)
    assert found.dropped >= sum(e.dropped for e in made if isinstance(e, FramesLost))
    assert 0 <= found.dropped_percent <= 100
    offsets = [
        e.offset_us for e in made if isinstance(e, SoundMeasured) and e.offset_us is not None
    ]
    if offsets:
        assert found.sound_offset_ms is not None
        assert found.sound_offset_p95_ms is not None
        assert round(min(offsets) / 1000) <= found.sound_offset_ms <= round(max(offsets) / 1000)
        assert found.sound_offset_p95_ms <= round(max(map(abs, offsets)) / 1000)


@given(histories, st.sets(st.integers(0, 60)))
def test_stretches_add_up_to_the_whole(
    history: list[tuple[int, Callable[[int], SmoothnessEvent]]], cuts: set[int]
) -> None:
    state = Smoothness()
    stretches: list[Tally] = []
    for place, event in enumerate(timed(history)):
        if place in cuts:
            stretches.append(state.tally)
            state = reset(state)
        state = step(state, event)
    stretches.append(state.tally)
    whole = after(*timed(history))
    assert reduce(add, stretches, Tally()) == whole.tally
    assert reduce(add, reversed(stretches)) == whole.tally
    assert figures(replace(state, tally=reduce(add, stretches))) == figures(whole)


@given(st.dictionaries(st.integers(-100, 100), st.integers(1, 20), min_size=1), st.floats(0, 1))
def test_a_quantile_is_what_sorting_all_the_values_gives(
    histogram: dict[int, int], share: float
) -> None:
    values = sorted(value for value, times in histogram.items() for _ in range(times))
    found = quantile(histogram, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < max(share * len(values), 1)
