"""Which rendition is played, and when the player changes it by itself."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.events import (
    Fault,
    LineMeasured,
    Mode,
    ModeChanged,
    ModeKept,
    Opened,
    Recovered,
    Stalled,
)
from player.quality import (
    APART_NS,
    CLIMB,
    Chosen,
    Quality,
    QualityEvent,
    begin,
    rendition_for,
    step,
)
from player.timeline import Paused, Playing
from tests.line_model import NEEDS

FLUENT, STANDARD, HIGH = Mode.FLUENT, Mode.STANDARD, Mode.HIGH
LADDER = (FLUENT, STANDARD, HIGH)
S = 1_000_000_000


@pytest.mark.parametrize(
    ("offered", "chosen", "cap", "played"),
    [
        ({FLUENT, STANDARD, HIGH}, STANDARD, HIGH, STANDARD),
        ({FLUENT, STANDARD, HIGH}, HIGH, STANDARD, STANDARD),
        ({FLUENT, HIGH}, STANDARD, HIGH, FLUENT),
        ({STANDARD, HIGH}, FLUENT, HIGH, STANDARD),
        ({HIGH}, FLUENT, FLUENT, HIGH),
    ],
)
def test_the_choice_within_what_is_offered_and_allowed(
    offered: set[Mode], chosen: Mode, cap: Mode, played: Mode
) -> None:
    assert rendition_for(offered, chosen, cap) is played


def test_a_film_without_renditions_is_an_error() -> None:
    with pytest.raises(ValueError, match="without renditions"):
        rendition_for((), HIGH)


# One rule at a time


def told(state: Quality, *events: QualityEvent) -> tuple[Quality, list[Mode]]:
    """The state after these events, and every mode that was asked for."""
    asked = []
    for event in events:
        state, mode = step(state, event)
        if mode is not None:
            asked.append(mode)
    return state, asked


def line(*, at_s: float, mbit: float, ahead_s: float = 3, whole: bool = False) -> LineMeasured:
    return LineMeasured(round(at_s * S), round(mbit * 1e6), round(ahead_s * 1e6), whole)


def playing(chosen: Mode = HIGH, cap: Mode = HIGH) -> Quality:
    state, _ = told(begin(NEEDS, chosen, cap), Opened(0, 10**9, 0, chosen), Playing(0))
    return state


def short_for(seconds: int, mbit: float = 1.0) -> list[LineMeasured]:
    return [line(at_s=n, mbit=mbit) for n in range(1, seconds + 2)]


def stepped_down() -> Quality:
    """Playing 标清 since the sixth second, where 高清 was chosen."""
    state, asked = told(playing(), *short_for(4, mbit=2.0))
    assert asked == [STANDARD]
    state, _ = told(state, ModeChanged(6 * S, HIGH, STANDARD, 40_000, 0))
    assert state.stepped_down
    return state


def test_a_short_line_is_given_a_moment() -> None:
    assert told(playing(), *short_for(3))[1] == []
    assert told(playing(), *short_for(3), line(at_s=5, mbit=9), *short_for(3))[1] == []
    assert told(playing(), *short_for(4))[1] == [STANDARD]


def test_a_short_line_does_not_matter_with_much_ahead_in_a_pause_or_with_all_of_it_there() -> None:
    ahead = [line(at_s=n, mbit=1, ahead_s=11) for n in range(1, 60)]
    assert told(playing(), *ahead)[1] == []
    assert told(playing(), Paused(0), *short_for(59))[1] == []
    whole = [line(at_s=n, mbit=1, whole=True) for n in range(1, 60)]
    stalled, _ = told(playing(), *whole, Stalled(60 * S, 0))
    assert told(stalled, line(at_s=70, mbit=1, whole=True))[1] == []


def test_a_stall_is_waited_out_when_the_rest_of_the_film_has_come() -> None:
    tight = [line(at_s=n, mbit=3.4) for n in range(1, 9)]
    whole = [line(at_s=n, mbit=3.4, whole=True) for n in range(11, 30)]
    assert told(playing(), *tight[:2], Stalled(3 * S, 0), *whole)[1] == []


def test_two_changes_are_never_close() -> None:
    state, asked = told(playing(), *short_for(4, mbit=2.0))
    assert asked == [STANDARD]
    state, _ = told(state, ModeChanged(6 * S, HIGH, STANDARD, 40_000, 0))
    starving = [line(at_s=n, mbit=0.1, ahead_s=0) for n in range(7, 15)]
    state, asked = told(state, Stalled(7 * S, 0), *starving)
    assert asked == []
    assert told(state, line(at_s=15, mbit=0.1, ahead_s=0))[1] == [FLUENT]


def test_a_stall_with_film_ahead_is_not_the_lines_doing() -> None:
    state, _ = told(playing(), *[line(at_s=n, mbit=2, ahead_s=12) for n in range(10)])
    assert told(state, Stalled(20 * S, 0), line(at_s=30, mbit=2, ahead_s=12))[1] == []


def test_a_stall_on_a_tight_line_is_acted_on_at_once() -> None:
    tight = [line(at_s=n, mbit=2.6) for n in range(1, 8)]
    assert told(playing(), *tight, Stalled(8 * S, 0))[1] == [STANDARD]


def test_a_line_from_which_nothing_comes_is_acted_on_in_a_stall() -> None:
    nothing = [line(at_s=n, mbit=0, ahead_s=0) for n in range(11, 16)]
    assert told(playing(), Stalled(10 * S, 0), *nothing[:-1])[1] == [STANDARD]


def test_the_policys_cap_holds_and_is_no_stepping_down() -> None:
    state = playing(HIGH, cap=STANDARD)
    assert state.mode is not HIGH or state.ceiling is STANDARD
    state, asked = told(state, Opened(0, 10**9, 0, STANDARD), Playing(0))
    assert not state.stepped_down
    plenty = [line(at_s=n, mbit=100, ahead_s=60) for n in range(1, 100)]
    assert told(state, *plenty)[1] == asked == []


def test_up_again_only_after_the_line_has_been_plentiful_for_long() -> None:
    state = stepped_down()
    tight = [line(at_s=n, mbit=CLIMB * 2.5 - 0.1) for n in range(7, 200)]
    assert told(state, *tight)[1] == []
    wanted_s = next(
        n for n in range(7, 200) if told(state, *[line(at_s=m, mbit=4) for m in range(7, n)])[1]
    )
    assert 30 <= wanted_s <= 40


def test_each_failed_climb_doubles_the_wait() -> None:
    state = stepped_down()
    now_s, waits = 6, []
    for _ in range(4):
        fell_s = now_s
        while True:
            now_s += 1
            state, asked = told(state, line(at_s=now_s, mbit=4, ahead_s=60))
            if asked:
                break
        waits.append(now_s - fell_s)
        state, _ = told(state, ModeChanged(now_s * S, STANDARD, HIGH, 0, 0))
        while not asked or asked == [HIGH]:
            now_s += 1
            state, asked = told(state, line(at_s=now_s, mbit=1, ahead_s=1))
        assert asked == [STANDARD]
        state, _ = told(state, ModeChanged(now_s * S, HIGH, STANDARD, 0, 0))
    for sooner, later in pairwise(waits):
        assert later > 1.5 * sooner


def test_a_mode_that_cannot_be_had_is_not_asked_for_again() -> None:
    state, asked = told(playing(), *short_for(4, mbit=1.5))
    assert asked == [STANDARD]
    kept = ModeKept(6 * S, HIGH, STANDARD, Fault.MISSING, "404")
    _, asked = told(state, kept, *[line(at_s=n, mbit=1.5) for n in range(7, 40)])
    assert asked[0] is FLUENT


def test_a_mode_that_is_out_of_reach_is_asked_for_again_later() -> None:
    state = stepped_down()
    plenty = [line(at_s=n, mbit=9, ahead_s=60) for n in range(7, 60)]
    state, asked = told(state, *plenty)
    assert asked == [HIGH]
    state, _ = told(state, ModeKept(60 * S, STANDARD, HIGH, Fault.UNREACHABLE, "time-out"))
    soon = [line(at_s=n, mbit=9, ahead_s=60) for n in range(61, 100)]
    later = [line(at_s=n, mbit=9, ahead_s=60) for n in range(100, 140)]
    assert told(state, *soon)[1] == []
    assert told(state, *soon, *later)[1] == [HIGH]


def test_a_climb_under_way_is_taken_back_when_the_film_stops() -> None:
    state = stepped_down()
    state, asked = told(state, *[line(at_s=n, mbit=9) for n in range(7, 45)])
    assert asked == [HIGH]
    starving = [line(at_s=n, mbit=0.8, ahead_s=0) for n in range(51, 60)]
    assert told(state, Stalled(50 * S, 0), *starving)[1] == [FLUENT]


def test_a_choice_by_hand_is_tried_whatever_the_line_did() -> None:
    state, asked = told(stepped_down(), Chosen(7 * S, HIGH))
    assert asked == [HIGH]
    state, asked = told(state, Chosen(8 * S, STANDARD))
    assert asked == [STANDARD]
    assert not state.stepped_down
    state, asked = told(state, Chosen(9 * S, STANDARD))
    assert asked == []
    state, asked = told(state, Chosen(10 * S, FLUENT), ModeChanged(11 * S, STANDARD, FLUENT, 0, 0))
    assert asked == [FLUENT]
    assert told(state, *[line(at_s=n, mbit=9, ahead_s=60) for n in range(12, 90)])[1] == []


modes = st.sampled_from(LADDER)
happenings: st.SearchStrategy[Callable[[int], QualityEvent]] = st.one_of(
    st.builds(
        lambda bits, ahead_us, whole: lambda at_ns: LineMeasured(at_ns, bits, ahead_us, whole),
        st.integers(0, 10_000_000),
        st.integers(0, 90_000_000),
        st.booleans(),
    ),
    st.just(lambda at_ns: Stalled(at_ns, 0)),
    st.just(lambda at_ns: Recovered(at_ns, 0)),
    st.builds(
        lambda mode, wanted, fault: lambda at_ns: ModeKept(at_ns, mode, wanted, fault, ""),
        modes,
        modes,
        st.sampled_from(Fault),
    ),
    st.sampled_from([0.5, 1.0, 2.0]).map(lambda rate: lambda at_ns: Playing(at_ns, rate)),
    st.just(Paused),
    modes.map(lambda mode: lambda at_ns: Chosen(at_ns, mode)),
)


@given(
    st.sets(modes, min_size=1),
    modes,
    modes,
    st.lists(st.integers(100_000, 9_000_000), min_size=3, max_size=3),
    st.lists(st.tuples(st.integers(0, 8 * S), happenings, st.booleans()), max_size=80),
)
def test_whatever_happens_the_limits_hold(
    offered: set[Mode],
    chosen: Mode,
    cap: Mode,
    weights: list[int],
    history: list[tuple[int, Callable[[int], QualityEvent], bool]],
) -> None:
    """Renditions may be heavier in a lower mode, and the player answers when it likes."""
    state = begin({m: w for m, w in zip(LADDER, weights, strict=True) if m in offered}, chosen, cap)
    now_ns, asked_ns, wish = 0, -APART_NS, None
    for after_ns, happening, answered in history:
        now_ns += after_ns
        if answered and wish is not None:
            state, again = step(state, ModeChanged(now_ns, state.mode, wish, 0, 0))
            assert again is None or now_ns - asked_ns >= APART_NS
            wish, asked_ns = again, asked_ns if again is None else now_ns
        event = happening(now_ns)
        if isinstance(event, ModeKept) and event.mode is not state.mode:
            continue  # it keeps what is on
        if isinstance(event, Chosen):
            chosen = event.mode
        state, asked = step(state, event)
        if asked is not None:
            assert asked in offered
            assert LADDER.index(asked) <= LADDER.index(rendition_for(offered, chosen, cap))
            assert isinstance(event, Chosen) or now_ns - asked_ns >= APART_NS
        if asked is not None or isinstance(event, Chosen):
            wish, asked_ns = asked or wish, now_ns
