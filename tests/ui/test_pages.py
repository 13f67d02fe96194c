"""Every page in every state: drawn without a complaint, in one language, nothing cut off."""

import re
from dataclasses import replace
from typing import Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QSlider, QWidget

from app.ui.gallery_pictures import learner as picture
from app.ui.gallery_states import states
from app.ui.pages.lesson import LessonPage
from app.ui.widgets.basics import Button, Elided, Paragraph
from app.view import WindowView
from tests.ui.conftest import Learner, settle

Language = Literal["zh_CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh_CN", "en")
BOTH = pytest.mark.parametrize("language", LANGUAGES)
STATES = states()

ONE_OF_EACH = (
    "sign-in-wrong_password",
    "consent",
    "consent-declined",
    "camera-mismatch",
    "class-offline",
    "class-empty",
    "lesson-not-counted",
    "lesson-paused-unfocused",
    "lesson-slow-line",
    "lesson-capped",
    "lesson-again",
    "lesson-buffering",
    "lesson-no-sound",
    "check-failed-print",
    "check-turn_left",
    "hours",
    "signed-out-unsent",
    "trouble-camera_busy",
    "notice-offline",
)

_FAMILY = re.compile("^(check-hint|camera-hint|check-failed|signed-out-why|trouble)-")
# One of each family whose states differ in nothing but their words.
DISTINCT = {
    _FAMILY.sub(r"\1-…", name) if _FAMILY.match(name) else name: view
    for name, view in STATES.items()
}

HAN = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile("[A-Za-z]{3,}")
# Data, not words of the program: names, titles, addresses, the other language's own name.
DATA = re.compile(
    "中文|English|陈国华|粤安职业培训学校|2026 年有限空间作业班|特种作业|Esc|Tab|xueyuan|anquan2026"
    "|learn.example.cn|gd20260412|内置摄像头|Logi C270 HD WebCam"
    "|进入前必须先检测氧气、可燃气体和有毒气体，\n检测合格后才能进入。"
    "|Measure oxygen, flammable and toxic gases before you enter."
)


def words_of(widget: QWidget) -> list[str]:
    """All that a learner, or a screen reader, is told by what is visible."""
    said = []
    for child in widget.findChildren(QWidget):
        if not child.isVisible():
            continue
        said += [child.accessibleName(), child.accessibleDescription(), child.toolTip()]
        if isinstance(child, Paragraph):
            said.append(child.plain())
        elif isinstance(child, Elided):
            said.append(child.whole())
        elif isinstance(child, QLabel | QAbstractButton):
            said.append(child.text())
        elif isinstance(child, QLineEdit):
            said.append(child.placeholderText())
    return [text for text in said if text]


@BOTH
def test_every_state_speaks_one_language(learner: Learner, language: Language) -> None:
    foreign = HAN if language == "en" else LATIN
    for name, view in STATES.items():
        learner.see(view, language=language)
        for text in words_of(learner.window):
            assert not foreign.search(DATA.sub("", text)), f"{name}: {text}"


@BOTH
def test_changing_the_language_changes_everything_at_once(
    learner: Learner, language: Language
) -> None:
    other: Language = "en" if language == "zh_CN" else "zh_CN"
    for name in ONE_OF_EACH:
        view = STATES[name]
        learner.see(view, language=language)
        fresh = words_of(learner.window)
        learner.see(view, language=other)
        learner.see(view, language=language)
        assert words_of(learner.window) == fresh


@BOTH
def test_nothing_is_cut_off(learner: Learner, language: Language) -> None:
    for name, view in STATES.items():
        learner.see(view, language=language)
        for label in learner.window.findChildren(QLabel):
            if label.isVisible():
                assert not cut(label), f"{name}: {label.text()} {label.size()}"
        for button in learner.window.findChildren(Button):
            if button.isVisible() and button.text():
                wanted = button.sizeHint().width()
                assert button.width() >= wanted, f"{name}: {button.text()}"


def test_at_200_percent_only_what_may_give_way_does(learner: Learner) -> None:
    learner.window.resize(683, 384)
    for name, view in STATES.items():
        learner.see(view, language="en")
        for label in learner.window.findChildren(QLabel):
            if label.isVisible() and not isinstance(label, Elided):
                assert not cut(label), f"{name}: {label.text()} {label.size()}"


def cut(label: QLabel) -> bool:
    """Whether a label shows less than its text."""
    if isinstance(label, Elided):
        return label.text() != label.whole()
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + 1
    return label.sizeHint().width() > label.width() + 1


@BOTH
@pytest.mark.parametrize("size", [(640, 320), (640, 800), (683, 384), (911, 512), (1100, 600)])
def test_no_control_of_the_film_is_cut_off_or_outside(
    learner: Learner, size: tuple[int, int], language: Language
) -> None:
    learner.window.resize(*size)
    for name, view in STATES.items():
        if not name.startswith("lesson"):
            continue
        learner.see(view, language=language)
        page = learner.window.stack.currentWidget()
        assert isinstance(page, LessonPage)
        for button in page.controls.findChildren(Button):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), f"{name}: {button.objectName()}"
                place = button.rect().translated(button.mapTo(page, button.rect().topLeft()))
                assert page.controls.geometry().contains(place), f"{name}: {button.objectName()}"
        assert page.controls.bar.width() >= 120, name


@pytest.mark.parametrize("size", [(683, 384), (911, 512), (960, 600), (1366, 768), (1920, 1080)])
def test_the_lesson_shows_film_status_and_controls_at_every_size(
    learner: Learner, size: tuple[int, int]
) -> None:
    learner.window.resize(*size)
    learner.see(STATES["lesson-counting"])
    inside = learner.window.rect()
    for name in ("stage", "statusLine", "playButton", "modeFluent", "modeHigh", "cheatingWarning"):
        control = learner.window.findChild(QWidget, name)
        assert control is not None
        assert control.isVisible()
        place = control.rect().translated(control.mapTo(learner.window, control.rect().topLeft()))
        assert inside.contains(place), name
    stage = learner.window.findChild(QWidget, "stage")
    assert stage is not None
    assert stage.height() >= size[1] * 0.55
    side = learner.window.findChild(QWidget, "sideColumn")
    assert side is not None
    assert side.isVisible() == (size[0] >= 1100)


def test_the_film_is_16_to_9_and_as_large_as_it_goes(learner: Learner) -> None:
    learner.see(STATES["lesson-counting"])
    stage = learner.window.findChild(QWidget, "stage")
    assert stage is not None
    film = stage.children()[0]
    assert isinstance(film, QWidget)
    assert film.width() / film.height() == pytest.approx(16 / 9, abs=0.01)
    assert film.width() >= stage.width() - 2 or film.height() >= stage.height() - 2


def test_the_status_line_never_moves(learner: Learner) -> None:
    learner.see(STATES["lesson-counting"])
    line = learner.window.findChild(QWidget, "statusLine")
    assert line is not None
    place = line.geometry()
    for name, view in STATES.items():
        if name.startswith(("lesson", "check")):
            learner.see(view)
            assert line.isVisible(), name
            assert line.geometry() == place, name


def test_every_control_has_a_name_for_tests_and_one_for_people(learner: Learner) -> None:
    for name, view in DISTINCT.items():
        learner.see(view)
        for control in learner.window.findChildren(QWidget):
            if not control.isVisible() or control.parent() is None:
                continue
            if isinstance(control, QAbstractButton | QLineEdit | QSlider):
                if control.focusPolicy() == Qt.FocusPolicy.NoFocus:
                    continue  # the eye inside the password field, reached by its field
                assert control.objectName(), f"{name}: {control}"
                assert control.accessibleName(), f"{name}: {control.objectName()}"


def test_rendering_the_same_view_again_touches_nothing(learner: Learner) -> None:
    learner.see(STATES["lesson-counting"])
    page = learner.window.stack.currentWidget()
    assert page is not None
    calls: list[object] = []
    page.render_view = calls.append  # type: ignore[attr-defined]
    learner.see(replace(STATES["lesson-counting"]))
    assert calls == []


def test_the_camera_picture_reaches_the_page_that_shows_it(learner: Learner) -> None:
    for name in ("camera-positioning", "lesson-counting", "check-blink", "class"):
        learner.see(STATES[name])
        learner.window.set_preview(picture())
        learner.window.set_preview(QImage())
        settle()


def test_a_page_is_built_when_it_is_needed(learner: Learner) -> None:
    learner.see(STATES["sign-in"])
    assert learner.window.stack.count() == 1


def test_closing_asks_first(learner: Learner) -> None:
    view: WindowView = STATES["class"]
    learner.see(view)
    asked: list[bool] = []
    learner.window.close_requested.connect(lambda: asked.append(True))
    learner.window.close()
    assert asked == [True]
    assert learner.window.isVisible()
    learner.window.allow_close()
    assert not learner.window.isVisible()
