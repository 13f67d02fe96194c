"""Frames on their way to the screen: told once painted, dropped, late, unseen."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from player.events import FrameShown, Mode, Seen, Unseen
from player.screen import LATE_NS, UNSEEN_NS, Handed, Screen

FRAME_US = 40_000
MS = 1_000_000


def frame(number: int, at_ns: int) -> Handed:
    return Handed(number * FRAME_US, (number + 1) * FRAME_US, Mode.HIGH, at_ns)


def test_a_frame_is_told_once_when_it_is_painted() -> None:
    screen = Screen()
    screen.hand(frame(3, 0))
    assert screen.painted(2 * FRAME_US, MS) == ()
    (told,) = screen.painted(3 * FRAME_US, 2 * MS)
    assert told == FrameShown(2 * MS, 3 * FRAME_US, 4 * FRAME_US, Mode.HIGH)
    assert screen.painted(3 * FRAME_US, 3 * MS) == ()
    assert screen.losses(0) is None


def test_a_frame_that_another_replaced_was_dropped() -> None:
    screen = Screen()
    screen.hand(frame(0, 0))
    screen.hand(frame(1, 40 * MS))
    assert len(screen.painted(FRAME_US, 41 * MS)) == 1
    lost = screen.losses(50 * MS)
    assert lost is not None
    assert (lost.dropped, lost.late) == (1, 0)
    assert screen.losses(60 * MS) is None


def test_frames_that_the_decoder_left_out_are_dropped_too() -> None:
    screen = Screen()
    for number in (0, 1, 4):
        screen.hand(frame(number, number * 40 * MS))
        screen.painted(number * FRAME_US, number * 40 * MS)
    lost = screen.losses(0)
    assert lost is not None
    assert lost.dropped == 2


def test_a_jump_drops_nothing() -> None:
    screen = Screen()
    screen.hand(frame(0, 0))
    screen.painted(0, 0)
    screen.jump()
    screen.hand(frame(50, 0))
    screen.painted(50 * FRAME_US, 0)
    assert screen.losses(0) is None


def test_a_frame_taken_back_by_a_pause_is_neither_shown_nor_dropped() -> None:
    screen = Screen()
    screen.hand(frame(0, 0))
    assert screen.stop() == frame(0, 0)
    assert screen.painted(0, MS) == ()
    screen.hand(frame(0, 9 * MS))
    assert len(screen.painted(0, 10 * MS)) == 1
    assert screen.losses(0) is None


def test_late_frames_are_counted() -> None:
    screen = Screen()
    screen.hand(frame(0, 0))
    screen.painted(0, LATE_NS + 1)
    lost = screen.losses(0)
    assert lost is not None
    assert (lost.dropped, lost.late) == (0, 1)


def test_frames_that_never_reach_the_screen_are_unseen_until_one_does() -> None:
    screen = Screen()
    told: list[Unseen] = []
    for number in range(100):
        screen.hand(frame(number, number * 40 * MS))
        unseen = screen.look(number * 40 * MS)
        if unseen is not None:
            told.append(unseen)
    assert len(told) == 1
    assert UNSEEN_NS <= told[0].at_ns <= UNSEEN_NS + 80 * MS
    seen, shown = screen.painted(99 * FRAME_US, 4_000 * MS)
    assert seen == Seen(4_000 * MS, 4_000_000)
    assert isinstance(shown, FrameShown)


def test_one_look_after_a_long_hold_up_accuses_nobody() -> None:
    screen = Screen()
    screen.hand(frame(0, 0))
    assert screen.look(60_000 * MS) is None
    assert len(screen.painted(0, 60_000 * MS)) == 1


@given(st.lists(st.sampled_from(["hand", "paint", "skip", "stop", "look"]), max_size=200))
def test_every_frame_is_shown_or_dropped_or_taken_back(moves: list[str]) -> None:
    """handed == shown + dropped + taken back + the one that waits; film time never doubles."""
    screen = Screen()
    number = handed = shown = back = skipped = 0
    lately: list[int] = []
    for place, move in enumerate(moves):
        at_ns = place * 40 * MS
        if move == "hand":
            screen.hand(frame(number, at_ns))
            handed += 1
            number += 1
        elif move == "paint" and screen.waiting is not None:
            events = screen.painted(screen.waiting.start_us, at_ns)
            told = [each for each in events if isinstance(each, FrameShown)]
            assert len(told) == 1
            lately.append(told[0].start_us)
            shown += 1
        elif move == "skip":
            number += 1
            skipped += 1
        elif move == "stop":
            taken = screen.stop()
            back += taken is not None
            number = taken.start_us // FRAME_US if taken else number
        elif move == "look":
            screen.look(at_ns)
    lost = screen.losses(0)
    dropped = lost.dropped if lost else 0
    waiting = screen.waiting is not None
    assert handed - shown - back - waiting <= dropped <= handed - shown - back - waiting + skipped
    assert all(one < other for one, other in pairwise(lately))
