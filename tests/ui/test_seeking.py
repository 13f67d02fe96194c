"""The film's bar: what was watched may be sought, the rest is closed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app import intents
from app.ui.gallery_states import LESSON, states
from app.ui.widgets.seek_bar import SeekBar
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


def test_the_wheel_does_not_move_the_film(learner: Learner) -> None:
    bar = click(learner, 290.0)
    assert bar.focusPolicy() == Qt.FocusPolicy.NoFocus
