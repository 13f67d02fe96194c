"""Sound against picture: what is told is what was really given out."""

from hypothesis import given
from hypothesis import strategies as st

from player.lipsync import EVERY_NS, LipSync

MS = 1_000_000


def play(sync: LipSync, lead_ms: int, rate: float, seconds: int = 6) -> int | None:
    """Frames every 40 ms and sound every 20 ms of film, the sound `lead_ms` ahead."""
    told = None
    for at_ms in range(0, seconds * 1000, 10):
        film_ms = at_ms * rate
        if at_ms % 40 == 0:
            sync.frame(round(film_ms * 1000), at_ms * MS)
        if at_ms % 20 == 0:
            sync.sound(round((film_ms + lead_ms) * 1000), at_ms * MS, rate)
        told = sync.take(at_ms * MS) if told is None else told
    return told


@given(st.integers(-400, 400), st.sampled_from([1.0, 1.5, 2.0]))
def test_the_offset_is_what_it_is(lead_ms: int, rate: float) -> None:
    assert play(LipSync(), lead_ms, rate) == lead_ms * 1000


def test_nothing_is_told_before_there_is_enough() -> None:
    sync = LipSync()
    assert play(sync, 30, 1.0, seconds=4) is None
    sync.jump()
    assert sync.take(2 * EVERY_NS) is None


def test_sound_while_the_picture_stands_is_no_measurement() -> None:
    sync = LipSync()
    sync.frame(0, 0)
    for at_ms in range(300, 9000, 20):
        sync.sound(at_ms * 1000, at_ms * MS, 1.0)
    assert sync.take(0) is None
    assert sync.take(9000 * MS) is None
