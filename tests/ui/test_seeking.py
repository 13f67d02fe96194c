"""The film's bar: what was watched may be sought, the rest is closed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QWidget

from app import intents
from app.ui.gallery_states import LESSON, states
from app.ui.widgets.seek_bar import SeekBar
from app.view import LessonView
from tests.ui.conftest import Learner

SPANS = ((0.0, 300.0), (600.0, 795.0))


def click(learner: Learner, seconds: float) -> SeekBar:
    """Click where the bar shows a moment of the film."""
    view = states()["lesson-counting"]
    learner.see(view, lesson=replace(LESSON, watched=SPANS))
    bar = learner.window.findChild(SeekBar)
    assert bar is not None
    margin = 18
    x = margin + (bar.width() - 2 * margin) * seconds / LESSON.duration_s
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(round(x), bar.height() // 2))
    return bar


@pytest.mark.parametrize("seconds", [12.0, 290.0, 605.0, 790.0])
def test_what_was_watched_can_be_sought(learner: Learner, seconds: float) -> None:
    click(learner, seconds)
    (said,) = learner.said
    assert isinstance(said, intents.Seek)
    assert said.to_us / 1e6 == pytest.approx(seconds, abs=1.0)


@pytest.mark.parametrize("seconds", [320.0, 590.0, 800.0, 1190.0])
def test_what_was_not_watched_is_closed(learner: Learner, seconds: float) -> None:
    bar = click(learner, seconds)
    assert learner.said == []
    assert bar.value() == round(LESSON.position_s * 1000)


def test_dragging_into_the_closed_part_goes_back(learner: Learner) -> None:
    bar = click(learner, 290.0)
    learner.said.clear()
    middle = bar.height() // 2
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(40, middle))
    QTest.mouseMove(bar, QPoint(bar.width() - 60, middle))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 60, middle))
    assert learner.said == []


def turn_the_wheel(widget: QWidget, notches: int) -> None:
    """Turn the wheel over a widget's middle."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # not inverted
    )
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize("notches", [1, -1, 5])
def test_the_wheel_does_not_move_the_film(learner: Learner, notches: int) -> None:
    bar = bar_of(learner, LESSON)
    turn_the_wheel(bar, notches)
    assert learner.said == []
    assert bar.value() == round(LESSON.position_s * 1000)


def bar_of(learner: Learner, lesson: LessonView) -> SeekBar:
    learner.see(states()["lesson-counting"], lesson=lesson)
    bar = learner.window.findChild(SeekBar)
    assert bar is not None
    return bar


AGAIN = replace(LESSON, position_s=100.0, watched=SPANS)
FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_End)


@pytest.mark.parametrize("key", FORWARD)
def test_no_key_goes_forward_on_first_watch(learner: Learner, key: Qt.Key) -> None:
    bar = bar_of(learner, LESSON)
    QTest.keyClick(bar, key)
    assert learner.said == []
    assert bar.value() == round(LESSON.position_s * 1000)


@pytest.mark.parametrize(
    ("key", "to_s"),
    [(Qt.Key.Key_Right, 110), (Qt.Key.Key_PageUp, 160), (Qt.Key.Key_PageDown, 40)],
)
def test_keys_move_within_what_was_watched(learner: Learner, key: Qt.Key, to_s: int) -> None:
    bar = bar_of(learner, AGAIN)
    bar.setFocus()
    QTest.keyClick(bar, key)
    assert learner.said == [intents.Seek(to_s * 1_000_000)]


def test_home_goes_to_the_beginning_and_end_nowhere(learner: Learner) -> None:
    bar = bar_of(learner, AGAIN)
    QTest.keyClick(bar, Qt.Key.Key_Home)
    QTest.keyClick(bar, Qt.Key.Key_End)
    assert learner.said == [intents.Seek(0)]


def test_end_works_where_all_was_watched(learner: Learner) -> None:
    bar = bar_of(learner, replace(AGAIN, watched=((0.0, 1200.0),)))
    QTest.keyClick(bar, Qt.Key.Key_End)
    assert learner.said == [intents.Seek(1_200_000_000)]


# Assistive technology


def spoken(bar: SeekBar) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(bar)
    assert found.valueInterface() is not None
    return found


@pytest.mark.parametrize("seconds", [310.0, 599.0, 796.0, 1200.0, 99_999.0])
def test_a_screen_reader_gets_into_no_closed_part(learner: Learner, seconds: float) -> None:
    bar = bar_of(learner, AGAIN)
    spoken(bar).valueInterface().setCurrentValue(round(seconds * 1000))
    assert learner.said == []
    assert spoken(bar).valueInterface().currentValue() == 100_000


@pytest.mark.parametrize("seconds", [0.0, 42.0, 299.0, 601.0])
def test_a_screen_reader_moves_within_what_was_watched(learner: Learner, seconds: float) -> None:
    bar = bar_of(learner, AGAIN)
    spoken(bar).valueInterface().setCurrentValue(round(seconds * 1000))
    assert learner.said == [intents.Seek(round(seconds * 1e6))]
    assert bar.value() == 100_000  # until the program really went there


def test_no_action_of_a_screen_reader_goes_forward(learner: Learner) -> None:
    bar = bar_of(learner, LESSON)
    actions = spoken(bar).actionInterface()
    for name in actions.actionNames():
        actions.doAction(name)
    for action in (
        QAbstractSlider.SliderAction.SliderSingleStepAdd,
        QAbstractSlider.SliderAction.SliderPageStepAdd,
        QAbstractSlider.SliderAction.SliderToMaximum,
    ):
        bar.triggerAction(action)
    assert all(isinstance(said, intents.Seek) and said.to_us < 795e6 for said in learner.said)
    assert bar.value() == round(LESSON.position_s * 1000)


def test_the_bar_tells_a_screen_reader_what_is_closed(learner: Learner) -> None:
    described = spoken(bar_of(learner, LESSON)).text(QAccessible.Text.Description)
    assert described == "没有看过的部分不能跳过"


def test_during_a_check_nothing_moves_the_film(learner: Learner) -> None:
    learner.see(states()["check-turn_left"])
    bar = learner.window.findChild(SeekBar)
    assert bar is not None
    spoken(bar).valueInterface().setCurrentValue(10_000)
    assert learner.said == []
    assert bar.value() == round(LESSON.position_s * 1000)
