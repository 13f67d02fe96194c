"""The check as it is seen, heard and done: light, dot, focus, words for a screen reader."""

from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app import intents, texts
from app.ui.gallery_checks import CHECK
from app.ui.gallery_states import states
from app.ui.theme import MOTION_MS
from app.ui.widgets import announce
from app.ui.widgets.check_overlay import CheckOverlay
from app.ui.widgets.stage_ink import DARK_STAGE, LIT
from app.view import CheckView
from proctor.light import TINT_RGB
from proctor.schedule import Place, Tint
from tests.ui.conftest import Learner, settle
from tests.ui.test_keyboard import focused, press
from tests.ui.test_theme import contrast

STATES = states()
INKS = ("text", "second", "primary", "success", "attention", "danger")


class Heard:
    """What a screen reader was told to say: the text, and whether at once."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bool]] = []

    AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

    def updateAccessibility(self, event: QAccessibleAnnouncementEvent) -> None:  # noqa: N802
        assertive = QAccessible.AnnouncementPoliteness.Assertive
        self.said.append((event.message(), event.politeness() == assertive))

    def words(self) -> list[str]:
        """Everything so far, and forget it."""
        said, self.said = self.said, []
        return [text for text, _ in said]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    ear = Heard()
    monkeypatch.setattr(announce, "QAccessible", ear)
    return ear


def overlay_of(learner: Learner) -> CheckOverlay:
    found = learner.window.findChild(CheckOverlay, "checkOverlay")
    assert found is not None
    return found


def show(learner: Learner, check: CheckView | None) -> CheckOverlay:
    """Render the lesson with this check."""
    view = STATES["check-turn_left" if check is not None else "lesson-counting"]
    assert view.lesson is not None
    learner.see(view, lesson=replace(view.lesson, check=check))
    return overlay_of(learner)


# The screen's light


@pytest.mark.parametrize(("ink", "tint"), list(product(INKS, Tint)))
def test_words_are_readable_in_every_light(ink: str, tint: Tint) -> None:
    assert contrast(getattr(LIT, ink), QColor(*TINT_RGB[tint]).name()) >= 4.5


@pytest.mark.parametrize("ink", INKS)
def test_words_are_readable_without_light(ink: str) -> None:
    assert contrast(getattr(DARK_STAGE, ink), "#0B1117") >= 4.5


@pytest.mark.parametrize("tint", Tint)
def test_the_whole_overlay_gives_the_light(learner: Learner, tint: Tint) -> None:
    overlay = show(learner, replace(CHECK, tint=tint.value))
    picture = overlay.grab().toImage()
    for x, y in ((0.01, 0.02), (0.99, 0.02), (0.01, 0.98), (0.99, 0.98), (0.25, 0.5)):
        seen = picture.pixelColor(
            round(x * (picture.width() - 1)), round(y * (picture.height() - 1))
        )
        assert (seen.red(), seen.green(), seen.blue()) == TINT_RGB[tint]
    for label in overlay.findChildren(QLabel):
        if label.isVisible():
            ink = label.palette().color(label.foregroundRole()).name()
            assert contrast(ink, QColor(*TINT_RGB[tint]).name()) >= 4.5, label.text()


def test_a_change_of_light_eases_and_never_overshoots(learner: Learner) -> None:
    """Each step lies between the two lights: a flicker would be one that doesn't."""
    overlay = show(learner, replace(CHECK, tint="white"))
    show(learner, replace(CHECK, tint="blue"))
    way = overlay._ease
    assert 0 < way.duration() <= MOTION_MS
    seen = []
    for moment in range(0, way.duration() + 1, 10):
        way.setCurrentTime(moment)
        seen.append(overlay.ground())
    assert seen[-1] == QColor(*TINT_RGB[Tint.BLUE])
    reds = [each.red() for each in seen]
    assert reds == sorted(reds, reverse=True)
    assert reds[0] > 240


def test_where_nothing_should_move_the_light_is_there_at_once(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay = show(learner, replace(CHECK, tint="white"))
    monkeypatch.setattr(overlay, "motion_ms", lambda: 0)
    show(learner, replace(CHECK, tint="green"))
    assert overlay.ground() == QColor(*TINT_RGB[Tint.GREEN])


def test_the_light_goes_when_the_check_gives_none(learner: Learner) -> None:
    overlay = show(learner, replace(CHECK, tint="warm"))
    show(learner, CHECK)  # at once: light words on a light that fades could not be read
    assert overlay.ground().lightness() < 20
    assert overlay.instruction.ink() == DARK_STAGE.text


# The dot


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("size", [(1366, 768), (683, 384), (1920, 1080)])
def test_the_dot_stands_at_its_place_clear_of_all_words(
    learner: Learner, place: Place, size: tuple[int, int]
) -> None:
    learner.window.resize(*size)
    overlay = show(learner, replace(CHECK, action="follow_dot", dot=place.value))
    overlay.settle()
    at = overlay.dot_at()
    assert at is not None
    across, down = at.x() / overlay.width(), at.y() / overlay.height()
    where = {"left": across < 0.1, "right": across > 0.9, "up": down < 0.15, "down": down > 0.85}
    assert where[place.value]
    if place in (Place.LEFT, Place.RIGHT):
        assert down == pytest.approx(0.5, abs=0.01)
    else:
        assert across == pytest.approx(0.5, abs=0.01)
    for child in overlay.findChildren(QWidget):
        if child.isVisible() and not child.children():
            corner = child.mapTo(overlay, child.rect().topLeft())
            assert not child.rect().translated(corner).contains(at.toPoint()), child.objectName()


def test_the_dot_glides_from_place_to_place(learner: Learner) -> None:
    dot = replace(CHECK, action="follow_dot", dot="left")
    overlay = show(learner, dot)
    overlay.settle()
    show(learner, replace(dot, dot="right"))
    overlay._glide.setCurrentTime(overlay._glide.duration() // 2)
    at = overlay.dot_at()
    assert at is not None
    assert 0.2 < at.x() / overlay.width() < 0.8
    show(learner, replace(dot, dot=""))
    assert overlay.dot_at() is None


# Words and buttons


def test_it_says_what_the_check_means_for_the_time(learner: Learner) -> None:
    overlay = show(learner, CHECK)
    assert overlay.waiting.isVisible()
    assert "05:12" in overlay.waiting.text()
    show(learner, replace(CHECK, waiting_s=0.0))
    assert not overlay.waiting.isVisible()
    show(learner, replace(CHECK, phase="failed", reason="too_dark", attempts_left=2))
    assert "05:12" in overlay.waiting.text()
    assert overlay.hint.text() == texts.check_failure(lambda _c, s: s, "too_dark").todo
    show(learner, replace(CHECK, phase="over", attempts_left=0, lost_s=312.0))
    assert "05:12" in overlay.hint.text()
    assert "申诉" in overlay.hint.text()


def test_a_check_in_review_says_so(learner: Learner) -> None:
    overlay = show(learner, replace(CHECK, phase="passed", in_review=True))
    assert overlay.instruction.text() == "验证已完成，等待平台复核"


def test_other_actions_are_offered_only_while_they_can_be_had(learner: Learner) -> None:
    overlay = show(learner, CHECK)
    assert overlay.other.isVisible()
    for change in (
        {"may_change": False},
        {"phase": "passed"},
        {"phase": "failed", "attempts_left": 2},
        {"phase": "over"},
    ):
        show(learner, replace(CHECK, **change))
        assert not overlay.other.isVisible()


# By keyboard


def test_other_actions_by_keyboard_alone(learner: Learner) -> None:
    show(learner, None)
    show(learner, CHECK)
    assert focused() == "checkOverlay"
    press(learner, Qt.Key.Key_Space, Qt.Key.Key_Return)
    assert learner.said == []  # nothing by accident
    press(learner, Qt.Key.Key_Tab)
    assert focused() == "checkChange"
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [intents.UseAlternative()]
    show(learner, replace(CHECK, alternative=True, may_change=False))
    assert focused() == "checkOverlay"


def test_the_focus_goes_through_a_whole_check(learner: Learner) -> None:
    show(learner, None)
    before = focused()
    show(learner, CHECK)
    show(learner, replace(CHECK, phase="failed", reason="absent", attempts_left=2))
    assert focused() == "checkRetry"
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [intents.RetryCheck()]
    show(learner, replace(CHECK, attempts_left=2))
    assert focused() == "checkOverlay"
    show(learner, replace(CHECK, phase="passed"))
    show(learner, None)
    assert focused() == before == "playButton"


def test_any_key_answers_are_you_there(learner: Learner) -> None:
    learner.see(STATES["lesson-paused-eyes_closed"])
    for key in (Qt.Key.Key_A, Qt.Key.Key_5, Qt.Key.Key_Space):
        press(learner, key)
    assert learner.said == [intents.Play()] * 3
    learner.said.clear()
    learner.see(STATES["lesson-paused-camera_covered"])
    press(learner, Qt.Key.Key_A)
    assert learner.said == []


# For who hears the screen


def test_a_screen_reader_finds_everything_in_the_overlay(learner: Learner) -> None:
    overlay = show(learner, replace(CHECK, action="follow_dot", dot="up", hint="too_far"))
    face = QAccessible.queryAccessibleInterface(overlay)
    assert face is not None
    assert "请看着移动的圆点" in face.text(QAccessible.Text.Name)
    assert "靠近一些" in face.text(QAccessible.Text.Description)
    assert face.state().focusable
    button = QAccessible.queryAccessibleInterface(overlay.other)
    assert button is not None
    assert button.role() == QAccessible.Role.PushButton
    assert button.text(QAccessible.Text.Name) == "我做不了这个动作"
    assert button.text(QAccessible.Text.Description)
    assert button.state().focusable
    for label in (overlay.instruction, overlay.time, overlay.attempts, overlay.waiting):
        said = QAccessible.queryAccessibleInterface(label)
        assert said is not None
        assert said.text(QAccessible.Text.Name) == label.text() != ""


def test_each_new_instruction_is_announced_once(learner: Learner, heard: Heard) -> None:
    show(learner, None)
    heard.words()
    for progress in (0.0, 0.3, 0.9):
        show(learner, replace(CHECK, progress=progress))
    show(learner, replace(CHECK, index=1, action="blink"))
    assert heard.said == [("请慢慢向左转头", True), ("请眨两下眼睛", True)]


def test_a_screen_reader_is_told_a_name_only_when_it_is_new(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has the focus is read out again at each telling, ten times a second."""
    overlay = show(learner, CHECK)
    named: list[str] = []
    monkeypatch.setattr(overlay, "setAccessibleName", named.append)
    monkeypatch.setattr(overlay.other, "setAccessibleName", named.append)
    for progress in (0.5, 0.6, 0.7):
        show(learner, replace(CHECK, progress=progress, seconds_left=40 - progress))
    assert named == []
    show(learner, replace(CHECK, action="blink"))
    assert named == ["请眨两下眼睛"]


def test_the_dot_is_announced_wherever_it_goes(learner: Learner, heard: Heard) -> None:
    dot = replace(CHECK, action="follow_dot")
    for place in ("left", "left", "down", "right"):
        show(learner, replace(dot, dot=place))
    assert heard.words() == ["请看着移动的圆点 圆点在左边", "圆点在下边", "圆点在右边"]


def test_a_hint_is_announced_when_it_stands(learner: Learner, heard: Heard) -> None:
    overlay = show(learner, replace(CHECK, hint="too_far"))
    heard.words()
    show(learner, replace(CHECK, hint="good"))
    assert not overlay.prompter.timer.isActive()  # it came and went
    show(learner, replace(CHECK, hint="too_dark"))
    assert overlay.prompter.timer.isActive()
    overlay.prompter.timer.timeout.emit()
    show(learner, replace(CHECK, hint="good"))
    show(learner, replace(CHECK, hint="too_dark"))
    assert heard.said == [("光线太暗，请开灯或面向窗户", False)]
    assert not overlay.prompter.timer.isActive()  # said already


def test_the_end_of_the_time_is_announced_once(learner: Learner, heard: Heard) -> None:
    for seconds in (12.0, 9.6, 9.0, 8.0):
        show(learner, replace(CHECK, seconds_left=seconds))
    assert heard.said[1:] == [("剩余 10 秒", False)]


def test_a_result_is_announced_with_what_it_means(learner: Learner, heard: Heard) -> None:
    show(learner, replace(CHECK, phase="failed", reason="covered_face", attempts_left=2))
    (said,) = heard.words()
    for part in ("口罩或墨镜", "05:12", "请摘下", "还可以试 2 次"):
        assert part in said
    show(learner, replace(CHECK, phase="passed"))
    assert heard.said == [("验证通过 课程马上继续。", True)]


def test_a_pause_is_announced(learner: Learner, heard: Heard) -> None:
    learner.see(STATES["lesson-counting"])
    heard.words()
    learner.see(STATES["lesson-paused-camera_covered"])
    (said,) = heard.words()
    assert said.startswith("摄像头好像被遮住了")
    assert "不会丢失" in said


def test_the_voice_speaks_only_when_it_is_wanted(learner: Learner) -> None:
    spoken: list[str] = []
    learner.window.spoken.connect(spoken.append)
    show(learner, CHECK)
    assert spoken == []
    show(learner, replace(CHECK, speech=True))
    assert spoken == ["请慢慢向左转头"]  # turned on in the middle: it says where one is
    show(learner, replace(CHECK, speech=True, index=1, action="nod"))
    assert spoken[1:] == ["请慢慢点一下头"]


def test_the_words_are_those_of_the_language(learner: Learner) -> None:
    view = STATES["check-turn_left"]
    learner.see(view, language="en")
    overlay = overlay_of(learner)
    assert overlay.accessibleName().isascii()
    settle()
    QTest.keyClick(QApplication.focusWidget() or learner.window, Qt.Key.Key_Shift)
    assert learner.said == []
