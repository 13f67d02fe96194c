"""Over the bar: chapter marks, small pictures, and words where one can't go."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app import intents
from app.ui.gallery_pictures import cell_colour, thumbnails
from app.ui.gallery_states import CHAPTERS, states
from app.ui.pages.lesson import LessonPage
from app.ui.theme import tokens
from app.ui.widgets.seek_bar import SeekBar
from app.ui.widgets.thumbnails import ThumbnailSheet
from app.view import Thumbnails
from tests.ui.conftest import Learner, settle

STATES = states()
CLOSED = "没有看过的部分不能跳过"


def page_of(learner: Learner, state: str = "lesson-rich") -> LessonPage:
    learner.see(STATES[state])
    page = learner.window.stack.currentWidget()
    assert isinstance(page, LessonPage)
    return page


def hover(page: LessonPage, seconds: float) -> None:
    bar = page.controls.bar
    QTest.mouseMove(bar, QPoint(round(bar.x_of(seconds)), bar.height() // 2))
    settle()


def decoded(qtbot: QtBot, page: LessonPage) -> None:
    """Have the sheet decoded, by its own thread."""
    with qtbot.waitSignal(page.sheet.ready, timeout=10_000):
        page.sheet.want()


@pytest.mark.parametrize("seconds", [0.5, 29.0, 31.0, 400.0, 794.0])
def test_a_small_picture_shows_the_moment(learner: Learner, qtbot: QtBot, seconds: float) -> None:
    page = page_of(learner)
    decoded(qtbot, page)
    hover(page, seconds)
    assert page.bubble.isVisible()
    assert page.bubble.has_picture()
    seen = page.bubble.grab().toImage()
    ratio = seen.devicePixelRatio()
    ground = seen.pixelColor(round(page.bubble.width() / 2 * ratio), round(9 * ratio))
    wanted = cell_colour(int(seconds / 30.0))
    assert distance(ground, wanted) < 24


def distance(one: QColor, other: QColor) -> int:
    return max(
        abs(one.red() - other.red()),
        abs(one.green() - other.green()),
        abs(one.blue() - other.blue()),
    )


def test_closed_parts_have_words_and_no_picture(learner: Learner, qtbot: QtBot) -> None:
    page = page_of(learner)
    decoded(qtbot, page)
    hover(page, 1000.0)
    assert page.bubble.isVisible()
    assert page.bubble.words() == CLOSED
    assert not page.bubble.has_picture()


def test_the_words_tell_time_and_chapter(learner: Learner) -> None:
    page = page_of(learner)
    hover(page, 300.5)
    assert page.bubble.words() == "05:00 · 检测的顺序"


@pytest.mark.parametrize("size", [(1366, 768), (683, 384), (640, 320), (640, 800)])
@pytest.mark.parametrize("seconds", [0.0, 600.0, 795.0, 1200.0])
def test_the_bubble_stays_in_the_picture_and_off_the_status_line(
    learner: Learner, qtbot: QtBot, size: tuple[int, int], seconds: float
) -> None:
    learner.window.resize(*size)
    page = page_of(learner)
    decoded(qtbot, page)
    hover(page, seconds)
    bubble = page.bubble
    assert bubble.isVisible()
    assert page.stage.geometry().contains(bubble.geometry())
    assert not page.status.geometry().intersects(bubble.geometry())


def test_the_bubble_is_no_window_and_takes_no_mouse(learner: Learner) -> None:
    page = page_of(learner)
    hover(page, 100.0)
    assert not page.bubble.isWindow()
    assert page.bubble.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert page.bubble.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_the_bubble_goes_with_the_pointer(learner: Learner) -> None:
    page = page_of(learner)
    hover(page, 100.0)
    QTest.mouseMove(page.stage, QPoint(200, 100))
    page.controls.bar.left.emit()
    assert not page.bubble.isVisible()


def test_a_check_takes_the_bubble_away(learner: Learner) -> None:
    page = page_of(learner)
    hover(page, 100.0)
    learner.see(STATES["check-turn_left"])
    assert not page.bubble.isVisible()


def test_nothing_is_decoded_before_somebody_looks(learner: Learner, qtbot: QtBot) -> None:
    page = page_of(learner)
    assert page.sheet.picture(10.0).isNull()
    decoded(qtbot, page)
    assert not page.sheet.picture(10.0).isNull()
    page_of(learner, "lesson-counting")
    assert page.sheet.picture(10.0).isNull()


@pytest.mark.parametrize(
    "spoilt",
    [
        Thumbnails(b"no picture", 30.0, 8, 160, 90),
        replace(thumbnails(), width=4000),
        replace(thumbnails(), interval_s=0.5),  # more pictures told of than there are
    ],
)
def test_a_sheet_that_does_not_fit_shows_no_picture(qtbot: QtBot, spoilt: Thumbnails) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    sheet = ThumbnailSheet(owner)
    sheet.show_sheet(spoilt)
    sheet.want()
    qtbot.waitUntil(lambda: not sheet.waits(), timeout=10_000)
    assert sheet.picture(1100.0).isNull()


# Chapters


def test_chapters_are_gaps_in_the_bar(learner: Learner) -> None:
    page = page_of(learner)
    bar = page.controls.bar
    seen = bar.grab().toImage()
    ratio = seen.devicePixelRatio()

    def ink(seconds: float) -> QColor:
        return seen.pixelColor(round(bar.x_of(seconds) * ratio), round(bar.height() / 2 * ratio))

    for chapter in CHAPTERS[1:3]:
        assert distance(ink(chapter.start_s), QColor(tokens().surface)) < 12
    assert distance(ink(100.0), QColor(tokens().primary)) < 12


def test_the_chapter_of_the_moment_is_named(learner: Learner) -> None:
    page = page_of(learner)
    assert page.controls.chapter.text() == "通风的方法"
    page_of(learner, "lesson-counting")
    assert not page.controls.chapter.isVisible()


def opened(learner: Learner, name: str) -> QMenu:
    """Open a button's menu."""
    button = learner.window.findChild(QWidget, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    menu = learner.window.findChild(QMenu, f"{name}Menu")
    assert menu is not None
    assert menu.isVisible()
    return menu


def test_the_list_of_chapters_opens_what_was_watched(learner: Learner) -> None:
    page_of(learner)
    menu = opened(learner, "chapterButton")
    entries = menu.actions()
    assert [each.isEnabled() for each in entries] == [True, True, True, False]
    assert [each.isChecked() for each in entries] == [False, False, True, False]
    assert "还没看到" in entries[3].text()
    entries[3].trigger()
    assert learner.said == []
    entries[1].trigger()
    menu.close()
    assert learner.said == [intents.Seek(240_000_000)]


def test_a_bar_without_a_film_draws_nothing_odd(qtbot: QtBot) -> None:
    bar = SeekBar()
    qtbot.addWidget(bar)
    bar.resize(300, 28)
    bar.show_film(0.0, 0.0, ())
    assert not bar.grab().isNull()
