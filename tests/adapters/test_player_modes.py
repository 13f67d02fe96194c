"""A change of mode: the same film goes on, to the frame."""

import itertools

import pytest
from pytestqt.qtbot import QtBot

from player.adapters.chatter import HARMLESS
from player.adapters.local_files import LocalFiles
from player.adapters.timing import Timing
from player.events import Ended, Fault, Mode, ModeChanged, ModeKept, Opened, Stalled
from player.ports import Rendition, Trouble
from tests.player_rig import FRAME_US, Rig, coded, rig, with_rendition

pytestmark = [pytest.mark.course, pytest.mark.qt_log_ignore(*HARMLESS)]

FLUENT, STANDARD, HIGH = Mode.FLUENT, Mode.STANDARD, Mode.HIGH
SOON = Timing(lead_us=400_000)  # a file is there at once: the tests need not wait 1.5 s


def opened(qtbot: QtBot, it: Rig, mode: Mode = STANDARD, at_us: int = 0) -> None:
    it.player.open(coded(), mode, at_us)
    qtbot.waitUntil(lambda: bool(it.all(Opened)))


def frames(qtbot: QtBot, it: Rig, count: int) -> None:
    goal = len(it.shown) + count
    qtbot.waitUntil(lambda: len(it.shown) >= goal)


def changed(qtbot: QtBot, it: Rig, mode: Mode) -> ModeChanged:
    before = len(it.all(ModeChanged))
    it.player.set_mode(mode)
    qtbot.waitUntil(lambda: len(it.all(ModeChanged)) > before, timeout=8_000)
    return it.all(ModeChanged)[-1]


def test_all_six_changes_while_playing_lose_and_repeat_no_frame(qtbot: QtBot) -> None:
    with rig(LocalFiles(), SOON) as it:
        opened(qtbot, it)
        it.player.play()
        frames(qtbot, it, 5)
        for old, new in itertools.pairwise(
            [STANDARD, HIGH, FLUENT, HIGH, STANDARD, FLUENT, STANDARD]
        ):
            change = changed(qtbot, it, new)
            assert (change.old, change.new) == (old, new)
            assert change.position_error_us == 0
            assert change.gap_us < 3 * FRAME_US
            frames(qtbot, it, 10)
        it.player.pause()
        assert it.unbroken()
        assert it.screen_agrees()
        assert {each.mark.rendition for each in it.painted if each.mark} == {
            "fluent",
            "standard",
            "high",
        }


@pytest.mark.parametrize("played_frames", [0, 7])
def test_all_six_changes_while_paused_keep_the_picture(qtbot: QtBot, played_frames: int) -> None:
    with rig(LocalFiles(), SOON) as it:
        opened(qtbot, it, at_us=3_000_000)
        if played_frames:
            it.player.play()
            frames(qtbot, it, played_frames)
            it.player.pause()
        told = len(it.shown)
        for new in [HIGH, FLUENT, HIGH, STANDARD, FLUENT, STANDARD]:
            assert changed(qtbot, it, new).position_error_us == 0
            qtbot.waitUntil(lambda new=new: _screen(it) == new.value)  # type: ignore[misc]
        assert len(it.shown) == told
        it.player.play()
        frames(qtbot, it, 8)
        assert it.shown[0].start_us == 3_000_000
        assert it.unbroken()


def _screen(it: Rig) -> str:
    mark = it.painted[-1].mark if it.painted else None
    return mark.rendition if mark else ""


def test_the_last_wish_wins(qtbot: QtBot) -> None:
    with rig(LocalFiles(), SOON) as it:
        opened(qtbot, it)
        it.player.play()
        frames(qtbot, it, 3)
        it.player.set_mode(HIGH)
        frames(qtbot, it, 2)
        it.player.set_mode(FLUENT)
        qtbot.waitUntil(lambda: bool(it.all(ModeChanged)))
        frames(qtbot, it, 25)
        assert [each.new for each in it.all(ModeChanged)] == [FLUENT]
        assert it.unbroken()


def test_a_wish_taken_back_changes_nothing(qtbot: QtBot) -> None:
    with rig(LocalFiles(), SOON) as it:
        opened(qtbot, it)
        it.player.play()
        frames(qtbot, it, 3)
        it.player.set_mode(HIGH)
        it.player.set_mode(STANDARD)
        frames(qtbot, it, 25)
        assert it.all(ModeChanged) == []
        assert it.unbroken()


def test_paused_and_let_run_in_the_middle_of_a_change(qtbot: QtBot) -> None:
    with rig(LocalFiles(), SOON) as it:
        opened(qtbot, it)
        it.player.play()
        frames(qtbot, it, 3)
        it.player.set_mode(HIGH)
        frames(qtbot, it, 3)
        it.player.pause()
        it.player.play()
        frames(qtbot, it, 2)
        it.player.pause()
        told = len(it.shown)
        qtbot.waitUntil(lambda: bool(it.all(ModeChanged)))
        assert len(it.shown) == told
        it.player.play()
        frames(qtbot, it, 10)
        assert it.unbroken()
        assert it.shown[-1].mode is HIGH


def test_a_seek_in_the_middle_of_a_change(qtbot: QtBot) -> None:
    with rig(LocalFiles(), SOON) as it:
        opened(qtbot, it, at_us=8_000_000)
        it.player.play()
        frames(qtbot, it, 3)
        it.player.set_mode(FLUENT)
        it.player.seek(1_000_000)
        qtbot.waitUntil(lambda: bool(it.all(ModeChanged)))
        frames(qtbot, it, 3)
        assert it.all(ModeChanged)[0].position_error_us == 0
        after = [each for each in it.shown if each.start_us < 8_000_000]
        assert after[0].start_us == 1_000_000
        assert all(a.end_us == b.start_us for a, b in itertools.pairwise(after))


def test_a_change_that_meets_the_end_of_the_film(qtbot: QtBot) -> None:
    with rig(LocalFiles()) as it:  # a lead longer than what is left
        opened(qtbot, it, at_us=29_400_000)
        it.player.play()
        frames(qtbot, it, 2)
        change = changed(qtbot, it, HIGH)
        assert change.position_error_us == 0
        qtbot.waitUntil(lambda: bool(it.all(Ended)))
        assert it.all(Ended)[0].position_us == 30_000_000
        assert it.unbroken()


def test_a_rendition_that_is_missing_leaves_the_film_as_it_was(qtbot: QtBot) -> None:
    with rig(LocalFiles(), SOON) as it:
        it.player.open(with_rendition(coded(), HIGH, url="/nowhere.mp4"), STANDARD, 0)
        it.player.play()
        qtbot.waitUntil(lambda: len(it.shown) > 3)
        it.player.set_mode(HIGH)
        qtbot.waitUntil(lambda: bool(it.all(ModeKept)))
        kept = it.all(ModeKept)[0]
        assert (kept.mode, kept.wanted, kept.fault) == (STANDARD, HIGH, Fault.MISSING)
        frames(qtbot, it, 10)
        assert it.unbroken()
        assert changed(qtbot, it, FLUENT).position_error_us == 0


class SlowFiles(LocalFiles):
    """Says of one rendition that its line is out of reach; it comes all the same."""

    def trouble(self, address: str) -> Trouble | None:
        return Trouble(Fault.UNREACHABLE, "slow") if "standard" in address else None

    def open(self, rendition: Rendition) -> str:
        return rendition.url


def test_while_the_picture_is_stalled_the_new_mode_takes_over_at_once(qtbot: QtBot) -> None:
    with rig(SlowFiles(), SOON) as it:
        opened(qtbot, it)
        it.player.play()
        frames(qtbot, it, 5)
        it.player._pair.active._player.pause()  # the line has dried up
        qtbot.waitUntil(lambda: bool(it.all(Stalled)))
        change = changed(qtbot, it, FLUENT)
        assert change.position_error_us == 0
        frames(qtbot, it, 5)
        assert it.unbroken()


def test_twenty_changes_leave_the_threads_and_the_film_whole(qtbot: QtBot) -> None:
    with rig(LocalFiles(), Timing(lead_us=200_000, linger_ms=50)) as it:
        opened(qtbot, it)
        it.player.play()
        for mode in itertools.islice(itertools.cycle([HIGH, FLUENT, STANDARD]), 20):
            assert changed(qtbot, it, mode).position_error_us == 0
            if it.shown[-1].start_us > 27_000_000:
                it.player.seek(0)
        assert it.screen_agrees()
