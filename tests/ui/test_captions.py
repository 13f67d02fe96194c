"""Captions: readable on any picture, as large as the learner likes, off with one key."""

from dataclasses import replace
from typing import get_args

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from app import intents
from app.events import FocusChanged
from app.intents import CaptionSize
from app.ui.attention import Attention
from app.ui.gallery_states import LESSON, states
from app.ui.pages.lesson import LessonPage
from app.ui.theme import colour, tokens
from app.ui.widgets.captions import BOX
from app.view import CaptionsView
from tests.ui.conftest import Learner, settle
from tests.ui.test_theme import contrast

STATES = states()
WORDS = "先检测氧气。"
LONG = "进入有限空间之前，必须先通风，再用检测仪测量氧气、可燃气体和有毒气体的浓度，" * 2


def page_with(learner: Learner, text: str = WORDS, size: CaptionSize = "medium") -> LessonPage:
    captions = CaptionsView(("zh_CN", "en"), "zh_CN", size, text)
    learner.see(STATES["lesson-counting"], lesson=replace(LESSON, captions=captions))
    page = learner.window.stack.currentWidget()
    assert isinstance(page, LessonPage)
    return page


def film_of(page: LessonPage) -> QRect:
    film = page.stage.children()[0]
    assert isinstance(film, QWidget)
    return film.geometry()


@pytest.mark.parametrize("picture", ["#FFFFFF", "#000000", "#FFE000", "#7F7F7F"])
def test_the_words_can_be_read_on_any_picture(picture: str) -> None:
    ground, behind = colour(tokens().stage), colour(picture)
    mixed = "#" + "".join(
        f"{round(over * BOX + under * (1 - BOX)):02X}"
        for over, under in (
            (ground.red(), behind.red()),
            (ground.green(), behind.green()),
            (ground.blue(), behind.blue()),
        )
    )
    assert contrast(tokens().on_stage, mixed) >= 7


@pytest.mark.parametrize("size", get_args(CaptionSize))
@pytest.mark.parametrize("window", [(1366, 768), (683, 384), (640, 320)])
@pytest.mark.parametrize("text", [WORDS, LONG, "一行\n又一行", "Measure first, then enter. " * 8])
def test_they_stand_in_the_film_on_two_lines(
    learner: Learner, size: CaptionSize, window: tuple[int, int], text: str
) -> None:
    learner.window.resize(*window)
    page = page_with(learner, text, size)
    captions = page.stage.captions
    face, lines = captions.lines()
    assert film_of(page).contains(captions.box().toAlignedRect())
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    if window == (1366, 768):
        assert len(lines) <= 2
        assert face.pixelSize() >= 16


def test_no_word_is_left_alone_on_the_second_line(learner: Learner) -> None:
    page = page_with(
        learner, "Measure oxygen, flammable and toxic gases before you enter.", "large"
    )
    first, second = page.stage.captions.lines()[1]
    assert len(second) > len(first) / 2


def test_lines_are_run_together_before_letters_shrink(learner: Learner) -> None:
    learner.window.resize(640, 320)
    text = "进入前必须先检测氧气、可燃气体和有毒气体，\n检测合格后才能进入。"
    assert len(page_with(learner, text).stage.captions.lines()[1]) == 2


def test_the_letters_grow_with_choice_and_film(learner: Learner) -> None:
    sizes = [
        page_with(learner, size=size).stage.captions.lines()[0].pixelSize()
        for size in ("small", "medium", "large")
    ]
    assert sizes[0] < sizes[1] < sizes[2]
    learner.window.resize(683, 384)
    settle()
    page = page_with(learner, size="large")
    assert page.stage.captions.lines()[0].pixelSize() < sizes[2]


def test_between_words_there_is_nothing(learner: Learner) -> None:
    page = page_with(learner, " \n ")
    assert not page.stage.captions.isVisible()
    assert page.stage.captions.box().isEmpty()


def test_a_screen_reader_is_told(learner: Learner) -> None:
    assert page_with(learner).stage.captions.accessibleName() == WORDS


def test_markup_is_shown_as_it_is(learner: Learner) -> None:
    page = page_with(learner, "<b>氧气</b>")
    assert page.stage.captions.lines()[1] == ["<b>氧气</b>"]


def test_without_a_track_there_is_no_button(learner: Learner) -> None:
    learner.see(STATES["lesson-counting"])
    button = learner.window.findChild(QWidget, "captionsButton")
    assert button is not None
    assert not button.isVisible()


def opened(learner: Learner) -> QMenu:
    button = learner.window.findChild(QWidget, "captionsButton")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    menu = learner.window.findChild(QMenu, "captionsButtonMenu")
    assert menu is not None
    assert menu.isVisible()
    return menu


def test_the_menu_offers_languages_and_sizes(learner: Learner) -> None:
    page_with(learner)
    menu = opened(learner)
    words = [each.text() for each in menu.actions() if each.text()]
    assert words == ["不显示字幕", "中文", "English", "小字", "中字", "大字"]
    assert [each.text() for each in menu.actions() if each.isChecked()] == ["中文", "中字"]
    menu.close()


@pytest.mark.parametrize(
    ("downs", "said"),
    [
        (0, intents.SetCaptions("zh_CN", "medium")),
        (1, intents.SetCaptions("en", "medium")),
        (4, intents.SetCaptions("zh_CN", "large")),
    ],
)
def test_the_menu_is_used_with_the_keyboard(learner: Learner, downs: int, said: object) -> None:
    page_with(learner)
    menu = opened(learner)
    for _ in range(downs):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert learner.said == [said]
    assert not menu.isVisible()


def test_opening_the_menu_is_not_leaving_the_film(learner: Learner) -> None:
    page_with(learner)
    left: list[FocusChanged] = []
    attention = Attention(learner.window, lambda: 0)
    attention.changed.connect(left.append)
    menu = opened(learner)
    settle()
    assert attention.focus == "active"
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    settle()
    assert left == []
    assert learner.said == []


def test_the_key_remembers_the_language(learner: Learner) -> None:
    captions = CaptionsView(("zh_CN", "en"), "en")
    learner.see(STATES["lesson-counting"], lesson=replace(LESSON, captions=captions))
    page = learner.window.stack.currentWidget()
    assert page is not None
    QTest.keyClick(page, Qt.Key.Key_C)
    off = replace(captions, language="")
    learner.see(STATES["lesson-counting"], lesson=replace(LESSON, captions=off))
    QTest.keyClick(page, Qt.Key.Key_C)
    assert learner.said == [
        intents.SetCaptions("", "medium"),
        intents.SetCaptions("en", "medium"),
    ]
