"""The manners of the player: the three pictures, pace, sound, waiting, stillness."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QSlider, QWidget

from app import intents
from app.ui.gallery_states import LESSON, states
from app.ui.pages.lesson import LessonPage
from app.ui.widgets.basics import Button, Label
from app.ui.widgets.stillness import STILL_MS
from app.view import Buffering, PictureView
from player.events import Mode
from tests.ui.conftest import Learner, settle
from tests.ui.test_seeking import turn_the_wheel

STATES = states()
MODES = {Mode.FLUENT: "modeFluent", Mode.STANDARD: "modeStandard", Mode.HIGH: "modeHigh"}


def page_of(learner: Learner, state: str = "lesson-counting", **changes: object) -> LessonPage:
    view = STATES[state]
    assert view.lesson is not None
    learner.see(view, lesson=replace(view.lesson, **changes))  # type: ignore[arg-type]
    page = learner.window.stack.currentWidget()
    assert isinstance(page, LessonPage)
    QCursor.setPos(page.mapToGlobal(QPoint(100, 100)))  # over the film
    return page


def button(learner: Learner, name: str) -> Button:
    found = learner.window.findChild(Button, name)
    assert found is not None
    return found


def click(learner: Learner, name: str) -> None:
    QTest.mouseClick(button(learner, name), Qt.MouseButton.LeftButton)
    settle()


# The three pictures


def test_the_chosen_picture_stays_chosen_on_a_slow_line(learner: Learner) -> None:
    page = page_of(learner, "lesson-slow-line")
    assert [button(learner, name).isChecked() for name in MODES.values()] == [False, False, True]
    assert button(learner, "modeFluent").property("plays") == "true"
    assert page.note.text() == "网络较慢，暂时播放流畅"
    assert page.note.isVisible()
    click(learner, "modeHigh")
    assert learner.said == []
    click(learner, "modeFluent")
    assert learner.said == [intents.SetMode(Mode.FLUENT)]


def test_a_change_under_way_is_told_and_can_be_changed(learner: Learner) -> None:
    page = page_of(learner, picture=PictureView(Mode.HIGH), mode=Mode.STANDARD, changing_mode=True)
    assert page.note.text() == "正在换成高清"
    click(learner, "modeFluent")
    assert learner.said == [intents.SetMode(Mode.FLUENT)]
    assert not page_of(learner).note.isVisible()


def test_what_the_administrator_closed_says_so(learner: Learner) -> None:
    page = page_of(learner, "lesson-capped")
    high = button(learner, "modeHigh")
    assert not high.isEnabled()
    assert high.toolTip() == high.accessibleDescription() == "由管理员设置"
    assert not high.icon().isNull()
    assert button(learner, "modeStandard").isChecked()  # chosen was more than is allowed
    assert not page.note.isVisible()
    page_of(learner)
    assert high.icon().isNull()
    assert high.isEnabled()


def test_pictures_that_a_film_lacks_are_not_there(learner: Learner) -> None:
    page_of(learner, "lesson-two-pictures")
    assert [button(learner, name).isVisible() for name in MODES.values()] == [True, True, False]


# Pace


def test_pace_is_offered_only_where_all_was_watched(learner: Learner) -> None:
    page = page_of(learner)
    assert not page.controls.rate.isVisible()
    page = page_of(learner, "lesson-again")
    assert page.controls.rate.text() == "1.25×"
    click(learner, "rateButton")
    menu = learner.window.findChild(QMenu, "rateButtonMenu")
    assert menu is not None
    assert [each.text() for each in menu.actions()] == ["1.0×", "1.25×", "1.5×", "2.0×"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert learner.said == [intents.SetRate(1.5)]


# Sound


def test_the_wheel_over_the_slider_changes_the_volume(learner: Learner) -> None:
    page = page_of(learner, volume=0.5)
    turn_the_wheel(page.controls.sound.slider, 1)
    (said,) = learner.said
    assert isinstance(said, intents.SetVolume)
    assert said.volume > 0.5


def test_a_computer_without_sound_says_so(learner: Learner) -> None:
    page = page_of(learner, "lesson-no-sound")
    note = learner.window.findChild(Label, "soundNote")
    assert note is not None
    assert note.isVisible()
    assert note.text() == "没有声音设备"
    assert not page.controls.sound.slider.isVisible()
    mute = button(learner, "muteButton")
    assert mute.accessibleName() == "没有声音设备"
    assert "计时不受影响" in mute.toolTip()
    page_of(learner)
    slider = learner.window.findChild(QSlider, "volumeSlider")
    assert slider is not None
    assert slider.isVisible()
    assert not note.isVisible()
    assert mute.accessibleName() == "静音"


# Waiting for the line


def test_waiting_says_how_far_how_fast_and_what_helps(learner: Learner) -> None:
    page = page_of(learner, "lesson-buffering")
    card = page.pause_card
    assert card.ring.isVisible()
    assert card.ring.percent() == 40
    assert card.title.plain() == "网络较慢，正在加载"
    assert "150 KB/秒" in card.hint.plain()
    assert "不会丢失" in card.time.plain()
    assert not card.button.isVisible()
    assert not page.status.action.isVisible()
    click(learner, "useFluent")
    assert learner.said == [intents.SetMode(Mode.FLUENT)]


@pytest.mark.parametrize("state", ["lesson-buffering-fluent", "lesson-buffering-nothing"])
def test_fluent_is_offered_where_it_would_help(learner: Learner, state: str) -> None:
    page = page_of(learner, state)
    assert page.pause_card.fluent_button.isVisible() == (state == "lesson-buffering-nothing")
    assert page.pause_card.ring.isVisible()


def test_no_ring_when_the_film_runs_again(learner: Learner) -> None:
    page = page_of(learner, "lesson-buffering")
    page_of(learner)
    assert not page.pause_card.isVisible()
    page_of(learner, "lesson-paused-learner")
    assert page.pause_card.isVisible()
    assert not page.pause_card.ring.isVisible()


def test_a_check_is_not_overlaid_by_waiting(learner: Learner) -> None:
    page = page_of(learner, "check-turn_left", buffering=Buffering(0.1, 1000))
    assert not page.pause_card.isVisible()


def test_the_share_is_told_where_there_is_no_height_for_a_ring(learner: Learner) -> None:
    learner.window.resize(640, 320)
    page = page_of(learner, "lesson-buffering")
    assert not page.pause_card.ring.isVisible()
    assert page.pause_card.title.plain().endswith("40%")


# Stillness


def still(page: LessonPage) -> None:
    """Let the time without movement be over."""
    assert page.stillness.timer.isActive()
    page.stillness.timer.stop()
    page.stillness.timer.timeout.emit()
    settle()


def move(learner: Learner, place: QPoint) -> None:
    """Move the mouse as the window system tells it: to the native window."""
    native = learner.window.windowHandle()
    assert native is not None
    QTest.mouseMove(native, place)
    settle()


def pointer_hidden(page: LessonPage) -> bool:
    return page.stage.cursor().shape() == Qt.CursorShape.BlankCursor


def test_the_pointer_goes_after_two_and_a_half_seconds(learner: Learner) -> None:
    page = page_of(learner)
    assert STILL_MS == page.stillness.timer.interval() == 2500
    move(learner, QPoint(300, 300))
    assert not pointer_hidden(page)
    still(page)
    assert pointer_hidden(page)
    assert page.controls.isVisible()
    move(learner, QPoint(310, 300))
    assert not pointer_hidden(page)
    assert page.stillness.timer.isActive()


def test_a_paused_film_keeps_the_pointer(learner: Learner) -> None:
    page = page_of(learner)
    still(page)
    page_of(learner, "lesson-paused-learner")
    assert not pointer_hidden(page)
    assert not page.stillness.timer.isActive()


def test_an_open_menu_keeps_the_pointer(learner: Learner) -> None:
    page = page_of(learner, "lesson-rich")
    click(learner, "captionsButton")
    still(page)
    assert not pointer_hidden(page)
    assert page.stillness.timer.isActive()
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()


def full_screen(learner: Learner, state: str = "lesson-rich") -> LessonPage:
    page = page_of(learner, state)
    QTest.keyClick(page, Qt.Key.Key_F)
    settle()
    assert learner.window.isFullScreen()
    return page


def test_in_full_screen_the_controls_go_and_the_status_stays(learner: Learner) -> None:
    page = full_screen(learner)
    assert page.controls.isVisible()
    line, film = page.status.geometry(), page.stage.geometry()
    still(page)
    assert pointer_hidden(page)
    assert not page.controls.isVisible()
    assert page.status.isVisible()
    assert (page.status.geometry(), page.stage.geometry()) == (line, film)
    move(learner, QPoint(200, 200))
    assert page.controls.isVisible()
    assert page.controls.geometry().bottom() < page.status.geometry().top()
    assert not pointer_hidden(page)


def test_a_key_brings_the_controls_back_and_the_focus_with_them(learner: Learner) -> None:
    page = full_screen(learner)
    page.controls.back.setFocus()
    still(page)
    assert not page.controls.isVisible()
    native = learner.window.windowHandle()
    assert native is not None
    QTest.keyClick(native, Qt.Key.Key_Tab)
    settle()
    assert page.controls.isVisible()
    control = QApplication.focusWidget()
    assert control is not None
    assert control.objectName() == "chapterButton"  # the next after the one that had the focus


def test_over_the_controls_nothing_goes(learner: Learner) -> None:
    page = full_screen(learner)
    QCursor.setPos(page.controls.mapToGlobal(QPoint(50, 50)))
    still(page)
    assert page.controls.isVisible()
    assert not pointer_hidden(page)


def test_pausing_brings_everything_back(learner: Learner) -> None:
    page = full_screen(learner)
    still(page)
    page_of(learner, "lesson-paused-learner")
    assert page.controls.isVisible()
    assert not pointer_hidden(page)


def test_leaving_full_screen_brings_the_controls_back(learner: Learner) -> None:
    page = full_screen(learner)
    still(page)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    settle()
    assert page.controls.isVisible()
    assert page.foot.isVisible()


def test_captions_stand_above_the_controls_in_full_screen(learner: Learner) -> None:
    page = full_screen(learner)
    learner.window.resize(960, 540)  # 16:9: the film reaches down to the status line
    settle()
    captions, controls = page.stage.captions, page.controls
    assert captions.box().bottom() <= controls.geometry().top()
    still(page)
    assert captions.box().bottom() > controls.geometry().top()


def test_a_slow_line_is_told_in_full_screen_too(learner: Learner) -> None:
    page = full_screen(learner, "lesson-slow-line")
    assert page.note.isVisible()
    assert page.foot.geometry().bottom() < page.status.geometry().top()
    still(page)
    assert not page.foot.isVisible()


def test_the_lesson_without_extras_looks_as_before(learner: Learner) -> None:
    page = page_of(learner)
    for name in ("captionsButton", "rateButton", "chapterButton", "modeNote", "soundNote"):
        extra = page.findChild(QWidget, name)
        assert extra is not None
        assert not extra.isVisible(), name
    assert LESSON.picture is None
