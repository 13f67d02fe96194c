"""One film in `QtPlayer`: what it says is what the screen shows."""

import itertools
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame
from pytestqt.qtbot import QtBot

from app.ui.widgets.film import FilmView
from player.adapters.chatter import HARMLESS
from player.adapters.local_files import LocalFiles
from player.adapters.qt_player import QtPlayer
from player.events import Ended, Failed, Fault, Mode, Opened, PlayerEvent
from player.timeline import Paused, Playing, Timeline, TimelineEvent, step
from tests.player_rig import FRAME_US, Rig, coded, rig, with_rendition

pytestmark = [pytest.mark.course, pytest.mark.qt_log_ignore(*HARMLESS)]


def opened(qtbot: QtBot, it: Rig, mode: Mode = Mode.STANDARD, at_us: int = 0) -> None:
    it.player.open(coded(), mode, at_us)
    qtbot.waitUntil(lambda: bool(it.all(Opened)))


def played(qtbot: QtBot, it: Rig, frames: int) -> None:
    goal = len(it.shown) + frames
    it.player.play()
    qtbot.waitUntil(lambda: len(it.shown) >= goal)


def test_opens_paused_on_the_frame_asked_for(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        opened(qtbot, it, Mode.HIGH, at_us=7_000_000)
        assert it.events == it.all(Opened)
        (event,) = it.all(Opened)
        assert (event.position_us, event.duration_us) == (7_000_000, 30_000_000)
        qtbot.waitUntil(lambda: bool(it.painted))
        assert it.painted[-1].mark is not None
        assert (it.painted[-1].mark.number, it.painted[-1].mark.rendition) == (175, "high")


def test_every_frame_is_shown_once_and_is_the_one_it_is_said_to_be(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        opened(qtbot, it, at_us=2_000_000)
        played(qtbot, it, 40)
        it.player.pause()
        assert it.shown[0].start_us == 2_000_000
        assert it.unbroken()
        assert it.screen_agrees()
        assert len(it.painted) >= 20  # on a busy machine some are replaced before they are painted


def test_no_frame_after_a_pause_and_none_lost_by_it(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        opened(qtbot, it)
        latencies_ms = []
        for _ in range(8):
            played(qtbot, it, 5)
            began = time.perf_counter()
            it.player.pause()
            latencies_ms.append((time.perf_counter() - began) * 1e3)
            told = len(it.events)
            with qtbot.waitSignal(it.player.frame_ready, timeout=80, raising=False) as late:
                pass
            assert not late.signal_triggered
            assert len(it.events) == told
        assert it.unbroken()
        assert sorted(latencies_ms)[len(latencies_ms) // 2] < 20


def test_seeks_to_the_frame_and_goes_on_from_there(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        opened(qtbot, it, at_us=5_000_000)
        played(qtbot, it, 5)
        before = len(it.shown)
        it.player.seek(1_234_567)
        qtbot.waitUntil(lambda: len(it.shown) > before + 4)
        starts = [each.start_us for each in it.shown[before:]]
        assert starts[0] == 1_200_000
        assert all(b - a == FRAME_US for a, b in itertools.pairwise(starts))
        assert it.screen_agrees()


def test_a_seek_while_paused_shows_the_frame_but_counts_nothing(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        opened(qtbot, it)
        it.player.seek(10_000_000)
        qtbot.waitUntil(lambda: bool(it.painted) and it.painted[-1].start_us == 10_000_000)
        assert it.painted[-1].mark is not None
        assert it.painted[-1].mark.number == 250
        assert it.shown == []


def test_the_end_is_told_once_and_the_last_picture_stays(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        opened(qtbot, it, at_us=29_600_000)
        it.player.play()
        qtbot.waitUntil(lambda: bool(it.all(Ended)))
        assert [each.position_us for each in it.all(Ended)] == [30_000_000]
        assert it.shown[-1].end_us == 30_000_000
        mark = it.painted[-1].mark
        assert mark is not None
        assert mark.number == 749
        before = len(it.shown)
        it.player.seek(0)
        it.player.play()
        qtbot.waitUntil(lambda: len(it.shown) > before + 2)
        assert it.shown[before].start_us == 0


def test_asked_to_open_behind_the_end_it_shows_the_last_frame(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        opened(qtbot, it, at_us=99_000_000)
        assert it.all(Opened)[0].position_us == 29_960_000


def test_another_film_can_be_opened_again_and_again(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        for count, mode in enumerate([Mode.FLUENT, Mode.HIGH, Mode.STANDARD, Mode.HIGH], start=1):
            it.player.open(coded(), mode, count * 1_000_000)
            it.player.play()  # before it is ready: it runs as soon as it is
            want = count * 1_000_000
            qtbot.waitUntil(lambda want=want: any(f.start_us == want for f in it.shown))  # type: ignore[misc]
        assert len(it.all(Opened)) == 4
        it.player.close()
        qtbot.waitUntil(lambda: it.view.picture().isNull())


@pytest.mark.parametrize(
    ("url", "fault"),
    [("/nowhere/film.mp4", Fault.MISSING), (__file__, Fault.UNSUPPORTED)],
)
def test_a_film_that_cannot_be_opened_says_why(qtbot: QtBot, url: str, fault: Fault) -> None:
    with rig(LocalFiles()) as it:
        it.player.open(with_rendition(coded(), Mode.HIGH, url=url), Mode.HIGH, 0)
        qtbot.waitUntil(lambda: bool(it.all(Failed)))
        assert [each.fault for each in it.all(Failed)] == [fault]
        it.player.play()
        it.player.seek(0)
        opened(qtbot, it)  # it is none the worse for it


def test_when_qt_gives_up_in_mid_film_it_is_opened_anew_where_it_stopped(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        opened(qtbot, it)
        played(qtbot, it, 10)
        it.player._pair.active._player.errorOccurred.emit(QMediaPlayer.Error.ResourceError, "20 s")
        before = len(it.shown)
        qtbot.waitUntil(lambda: len(it.shown) > before + 10)
        assert it.all(Failed) == []
        assert len(it.all(Opened)) == 1
        assert it.unbroken()
        # once for one place, not for ever
        it.player._pair.active._player.errorOccurred.emit(QMediaPlayer.Error.ResourceError, "again")
        qtbot.waitUntil(lambda: bool(it.all(Failed)))
        assert it.all(Failed)[0].fault is Fault.BROKEN


def test_a_film_that_ends_too_soon_is_broken(qtbot: QtBot, tmp_path: Path) -> None:
    whole = Path(coded().renditions[Mode.HIGH].url)
    short = tmp_path / "short.mp4"
    short.write_bytes(whole.read_bytes()[:150_000])
    with rig(LocalFiles()) as it:
        it.player.open(with_rendition(coded(), Mode.HIGH, url=str(short)), Mode.HIGH, 0)
        it.player.play()
        qtbot.waitUntil(lambda: bool(it.all(Failed)), timeout=15_000)
        assert [each.fault for each in it.all(Failed)] == [Fault.BROKEN]
        assert it.all(Ended) == []


def test_the_listener_may_pause_from_within(qtbot: QtBot) -> None:
    events: list[PlayerEvent] = []

    def listen(event: PlayerEvent) -> None:
        events.append(event)
        if len(events) == 10:
            player.pause()

    player = QtPlayer(listen, LocalFiles())
    view = FilmView()
    player.frame_ready.connect(view.show_frame)
    view.frame_painted.connect(player.on_painted)
    view.show()
    qtbot.addWidget(view)
    player.open(coded(), Mode.FLUENT, 0)
    player.play()
    qtbot.waitUntil(lambda: len(events) == 10)
    with qtbot.waitSignal(player.frame_ready, timeout=200, raising=False) as late:
        pass
    assert not late.signal_triggered
    player.close()


def test_the_timeline_credits_what_was_played(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:
        opened(qtbot, it)
        history: list[TimelineEvent] = [Playing(time.monotonic_ns())]
        played(qtbot, it, 50)
        it.player.pause()
        history += [*it.shown, Paused(time.monotonic_ns())]
        state, segments = Timeline(), []
        for event in history:
            state, closed = step(state, event)
            segments += closed
        assert [(each.start_us, each.end_us) for each in segments] == [(0, it.shown[-1].end_us)]
        wall_us = (segments[0].ended_ns - segments[0].began_ns) // 1000
        assert abs(segments[0].end_us - wall_us) < 100_000


def test_a_signal_costs_no_reference_to_none(qtbot: QtBot) -> None:
    """PySide 6.12.0 on Python 3.11 loses one with each emit, until the process aborts."""

    class Source(QObject):
        frame = Signal(QVideoFrame)
        told = Signal(bool)

    source, heard = Source(), []
    source.frame.connect(lambda frame: heard.append(frame.isValid()))
    source.told.connect(lambda told: heard.append(told))
    frame = QVideoFrame()

    def references() -> tuple[int, ...]:
        return tuple(sys.getrefcount(each) for each in (None, True, False))

    before = references()
    for _ in range(2_000):
        source.frame.emit(frame)
        source.told.emit(True)
        heard.clear()
    assert all(abs(a - b) < 200 for a, b in zip(before, references(), strict=True))
