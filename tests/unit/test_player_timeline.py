"""From frames on the screen to watched segments: credited <= shown <= wall time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.events import (
    Ended,
    FrameShown,
    FramesLost,
    LineMeasured,
    Mode,
    ModeChanged,
    Recovered,
    Seen,
    SoundMeasured,
    Stalled,
    Unseen,
)
from player.ledger import Interval, Ledger
from player.timeline import (
    PURSE_US,
    Paused,
    Playing,
    Segment,
    Sought,
    Timeline,
    TimelineEvent,
    cut,
    step,
)

FRAME_US = 40_000
MS = 1_000_000


@dataclass
class Cinema:
    """Plays a made-up film on a made-up clock and keeps book of what really happened."""

    frame_us: int = FRAME_US
    now_ns: int = 0
    at_us: int = 0
    rate: float = 1.0
    mode: Mode = Mode.STANDARD
    playing: bool = False
    film_us_playing: float = 0.0
    state: Timeline = field(default_factory=Timeline)
    segments: list[Segment] = field(default_factory=list)
    shown: list[Interval] = field(default_factory=list)

    def tell(self, event: TimelineEvent) -> None:
        self.state, closed = step(self.state, event)
        self.segments += closed

    def wait(self, ns: int) -> None:
        self.now_ns += ns
        if self.playing:
            self.film_us_playing += ns * self.rate / 1000

    def play(self, rate: float = 1.0) -> None:
        self.rate, self.playing = rate, True
        self.tell(Playing(self.now_ns, rate))

    def pause(self) -> None:
        self.playing = False
        self.tell(Paused(self.now_ns))

    def seek(self, to_us: int) -> None:
        self.at_us = to_us // self.frame_us * self.frame_us
        self.tell(Sought(self.now_ns, to_us))

    def frame(self, after_ns: int | None = None) -> None:
        pace_ns = int(self.frame_us * 1000 / self.rate)
        self.wait(pace_ns if after_ns is None else after_ns)
        end_us = self.at_us + self.frame_us
        if self.playing:
            self.shown.append(Interval(self.at_us, end_us))
        self.tell(FrameShown(self.now_ns, self.at_us, end_us, self.mode))
        self.at_us = end_us

    def frames(self, count: int, after_ns: int | None = None) -> None:
        for _ in range(count):
            self.frame(after_ns)

    def flush(self) -> None:
        self.state, closed = cut(self.state, self.now_ns)
        self.segments += closed

    def end(self) -> list[Segment]:
        self.pause()
        return self.segments

    def rush(self, count: int) -> None:
        self.frames(count, after_ns=MS // 2)

    def late_frame(self, ms: int) -> None:
        self.frame(ms * MS)

    def drop(self, count: int) -> None:
        self.at_us += count * self.frame_us

    def stall(self, ms: int) -> None:
        self.wait(ms * MS)
        self.tell(Stalled(self.now_ns, self.at_us))
        self.tell(Recovered(self.now_ns, ms * 1000))

    def away(self, ms: int) -> None:
        """The computer sleeps, or the output is frozen: wall time passes and nothing is shown."""
        self.wait(ms * MS)

    def covered(self, ms: int) -> None:
        """Frames run on behind another window; the player says so after a second."""
        self.at_us += ms * 1000 // self.frame_us * self.frame_us
        self.wait(ms * MS)
        self.tell(Unseen(self.now_ns, self.at_us))

    def measure(self) -> None:
        """Sound muted, gone or off; the line slow; frames lost: told, and no part of watching."""
        for event in (
            SoundMeasured(self.now_ns, None, device=False),
            SoundMeasured(self.now_ns, 120_000, device=True),
            LineMeasured(self.now_ns, 0, 0, whole=False),
            FramesLost(self.now_ns, 7, 7),
            Seen(self.now_ns, 1_000_000),
        ):
            self.tell(event)

    def change(self, mode: Mode) -> None:
        self.tell(ModeChanged(self.now_ns, self.mode, mode, 0, 0))
        self.mode = mode

    def frame_from_the_past(self, ms: int) -> None:
        now_ns = self.now_ns
        self.now_ns -= ms * MS
        self.frame(after_ns=0)
        self.now_ns = now_ns


Move = Callable[[Cinema], None]
moves: st.SearchStrategy[Move] = st.one_of(
    st.sampled_from([0.5, 1.0, 1.5, 2.0]).map(lambda rate: lambda it: it.play(rate)),
    st.just(Cinema.pause),
    st.integers(0, 60_000_000).map(lambda to_us: lambda it: it.seek(to_us)),
    st.integers(1, 60).map(lambda count: lambda it: it.frames(count)),
    st.integers(0, 3_000).map(lambda ms: lambda it: it.late_frame(ms)),
    st.integers(1, 200).map(lambda count: lambda it: it.rush(count)),
    st.integers(1, 10).map(lambda count: lambda it: it.drop(count)),
    st.integers(400, 20_000).map(lambda ms: lambda it: it.stall(ms)),
    st.integers(0, 3_600_000).map(lambda ms: lambda it: it.away(ms)),
    st.sampled_from(list(Mode)).map(lambda mode: lambda it: it.change(mode)),
    st.just(Cinema.flush),
    st.integers(1_000, 30_000).map(lambda ms: lambda it: it.covered(ms)),
    st.just(Cinema.measure),
)
clock_steps = st.integers(1, 5_000).map(lambda ms: lambda it: it.frame_from_the_past(ms))


histories = st.lists(moves, max_size=40)
wild_histories = st.lists(moves | clock_steps, max_size=40)
frame_lengths = st.sampled_from([16_683, 20_000, 40_000, 41_708, 66_667, 1_000_000])


@given(wild_histories, frame_lengths)
def test_credit_is_paid_for_with_wall_time(history: list[Move], frame_us: int) -> None:
    cinema = Cinema(frame_us=frame_us)
    for move in history:
        move(cinema)
    credited = sum(each.end_us - each.start_us for each in cinema.end())
    assert credited <= cinema.film_us_playing + PURSE_US + max(frame_us, FRAME_US)


@given(wild_histories, frame_lengths)
def test_only_shown_film_is_credited(history: list[Move], frame_us: int) -> None:
    cinema = Cinema(frame_us=frame_us)
    for move in history:
        move(cinema)
    credited = Ledger.of(Interval(each.start_us, each.end_us) for each in cinema.end())
    shown = Ledger.of(cinema.shown)
    assert credited.merge(shown) == shown


@given(histories)
def test_segments_never_share_wall_time(history: list[Move]) -> None:
    cinema = Cinema()
    for move in history:
        move(cinema)
    segments = cinema.end()
    for each in segments:
        assert each.began_ns <= each.ended_ns
        assert each.start_us < each.end_us
        wall_us = (each.ended_ns - each.began_ns) // 1000 * 2  # the highest rate drawn
        assert each.end_us - each.start_us <= wall_us + PURSE_US + FRAME_US
    for one, next_one in pairwise(segments):
        assert one.ended_ns <= next_one.began_ns


@given(wild_histories)
def test_what_is_measured_beside_the_picture_changes_no_credit(history: list[Move]) -> None:
    """Muted, no sound device, a slow line, dropped frames: words for the record, not for hours."""
    plain, measured = Cinema(), Cinema()
    for move in history:
        for cinema in (plain, measured):
            move(cinema)
        measured.measure()
    assert plain.end() == measured.end()


@given(histories, st.sampled_from([1.0, 1.25, 1.5, 2.0]))
def test_the_pace_of_a_segment_is_the_pace_it_was_watched_at(
    history: list[Move], rate: float
) -> None:
    cinema = Cinema()
    for move in history:
        move(cinema)
    cinema.segments.clear()
    cinema.play(rate)
    cinema.seek(0)
    cinema.frames(50)
    fresh = [each for each in cinema.end() if each.start_us < cinema.at_us]
    assert {each.rate for each in fresh[1:]} <= {rate}
    for each in fresh[1:]:
        wall_us = (each.ended_ns - each.began_ns) / 1000
        assert each.end_us - each.start_us <= wall_us * each.rate + PURSE_US + FRAME_US


@given(
    st.lists(
        st.tuples(st.sampled_from([1.0, 1.25, 1.5, 2.0]), st.integers(1, 20)),
        min_size=1,
        max_size=12,
    ),
    st.integers(-3, 3),
)
def test_changing_the_pace_loses_no_frame(paces: list[tuple[float, int]], early_ms: int) -> None:
    """The frame on the screen leaves at the old pace, whatever the new one is."""
    cinema = Cinema()
    cinema.play(paces[0][0])
    due_ns = 0
    for rate, count in paces:
        cinema.play(rate)
        for _ in range(count):
            cinema.frame(max(0, due_ns + early_ms * MS))
            early_ms = -early_ms
            due_ns = int(FRAME_US * 1000 / rate)
    whole = Ledger.of(Interval(each.start_us, each.end_us) for each in cinema.end())
    assert whole == Ledger().add(0, sum(count for _, count in paces) * FRAME_US)


@given(histories)
def test_nothing_shown_while_covered_is_credited(history: list[Move]) -> None:
    cinema = Cinema()
    for move in history:
        move(cinema)
    cinema.play()
    cinema.seek(0)
    cinema.frames(25)
    cinema.segments.clear()
    cinema.flush()
    before = len(cinema.segments)
    cinema.covered(20_000)
    assert len(cinema.segments) == before
    cinema.frame()
    assert all(each.start_us >= cinema.at_us - FRAME_US for each in cinema.end()[before:])


@given(st.lists(st.integers(-15, 15), min_size=1, max_size=300), st.sampled_from([0.5, 1.0, 2.0]))
def test_steady_playing_with_jitter_is_one_whole_segment(jitter: list[int], rate: float) -> None:
    cinema = Cinema()
    cinema.play(rate)
    late_ns = 0
    for ms in jitter:
        due_ns = int(FRAME_US * 1000 / rate)
        cinema.frame(due_ns - late_ns + ms * MS // 2)
        late_ns = ms * MS // 2
    segments = cinema.end()
    assert [(each.start_us, each.end_us) for each in segments] == [(0, len(jitter) * FRAME_US)]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_flushes_lose_and_double_nothing(pieces: list[int]) -> None:
    cinema = Cinema()
    cinema.play()
    for count in pieces:
        cinema.frames(count)
        cinema.flush()
    segments = cinema.end()
    assert len(segments) == len(pieces)
    assert all(a.end_us == b.start_us for a, b in pairwise(segments))
    assert segments[-1].end_us == sum(pieces) * FRAME_US


def test_the_open_segment_can_be_read_while_it_grows() -> None:
    cinema = Cinema()
    cinema.play()
    cinema.frames(25)
    open_segment = cinema.state.open_segment
    assert open_segment is not None
    assert (open_segment.start_us, open_segment.end_us) == (0, 1_000_000)
    assert open_segment.ended_ns == cinema.now_ns + FRAME_US * 1000


def test_a_pause_ends_the_segment_when_it_came() -> None:
    cinema = Cinema()
    cinema.play()
    cinema.frames(10)
    cinema.wait(10 * MS)
    segments = cinema.end()
    assert segments[0].ended_ns == cinema.now_ns
    assert cinema.state.open_segment is None


def test_frames_while_paused_count_for_nothing() -> None:
    cinema = Cinema()
    cinema.frames(10)
    cinema.play()
    cinema.pause()
    cinema.frames(10)
    assert cinema.end() == []


def test_the_rush_after_a_stall_is_not_credited() -> None:
    cinema = Cinema()
    cinema.play()
    cinema.frames(50)
    cinema.wait(10_000 * MS)
    cinema.tell(Stalled(cinema.now_ns, cinema.at_us))
    cinema.frames(250, after_ns=MS)
    cinema.frames(50)
    credited = sum(each.end_us - each.start_us for each in cinema.end())
    assert credited <= 100 * FRAME_US + 250_000 + PURSE_US
    assert cinema.segments[-1].end_us == cinema.at_us


def test_a_frame_that_was_dropped_leaves_a_hole() -> None:
    cinema = Cinema()
    cinema.play()
    cinema.frames(10)
    cinema.at_us += FRAME_US
    cinema.wait(FRAME_US * 1000)
    cinema.frames(10)
    spans = [(each.start_us, each.end_us) for each in cinema.end()]
    assert spans == [(0, 400_000), (440_000, 840_000)]


def test_a_frame_handed_out_twice_counts_once() -> None:
    cinema = Cinema()
    cinema.play()
    cinema.frames(10)
    cinema.at_us -= FRAME_US
    cinema.frames(10)
    assert [(each.start_us, each.end_us) for each in cinema.end()] == [(0, 19 * FRAME_US)]


def test_a_change_of_mode_begins_a_segment_at_the_same_frame() -> None:
    cinema = Cinema()
    cinema.play()
    cinema.frames(10)
    cinema.at_us += 1  # the other rendition rounds its times differently
    cinema.mode = Mode.HIGH
    cinema.frames(10)
    one, two = cinema.end()
    assert (one.mode, two.mode) == (Mode.STANDARD, Mode.HIGH)
    assert two.start_us - one.end_us in (0, 1)


def test_silence_without_word_of_a_stall_divides_too() -> None:
    cinema = Cinema()
    cinema.play()
    cinema.frames(10)
    cinema.frame(after_ns=3_600_000 * MS)  # the computer slept
    cinema.frames(10)
    one, two = cinema.end()
    assert one.ended_ns - one.began_ns <= 10 * FRAME_US * 1000
    assert two.start_us == one.end_us


def test_slides_of_a_second_each_are_film_too() -> None:
    cinema = Cinema(frame_us=1_000_000)
    cinema.play()
    cinema.frames(20)
    assert [(each.start_us, each.end_us) for each in cinema.end()] == [(0, 20_000_000)]


def test_the_end_closes_the_segment() -> None:
    cinema = Cinema()
    cinema.play()
    cinema.frames(3)
    cinema.tell(Ended(cinema.now_ns, cinema.at_us))
    assert [each.end_us for each in cinema.segments] == [3 * FRAME_US]
    assert not cinema.state.playing


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        Playing(0, 0.0)
