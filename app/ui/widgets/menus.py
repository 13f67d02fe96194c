"""Buttons that open a menu: captions, pace, chapters.

A `QMenu` is a pop-up of our own program: it takes neither the window's place in front
nor the application's active state, so opening one is not leaving the film.
"""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app import intents, texts
from app.intents import CaptionSize
from app.texts import clock
from app.ui.language import current, pick, translate
from app.ui.widgets.basics import Button
from app.view import CaptionsView, Chapter, LessonView


class MenuButton(Button):
    """Opens its menu above itself, inside the window; the words are made when it opens."""

    intent = Signal(object)

    def __init__(self, name: str, icon: str) -> None:
        super().__init__(name, "quiet", icon)
        self.menu_ = QMenu(self)
        self.menu_.setObjectName(f"{name}Menu")
        self.clicked.connect(self._open)

    def fill(self, menu: QMenu) -> None:
        """Put the entries in."""
        raise NotImplementedError

    def choice(self, group: QActionGroup, words: str, intent: object, *, chosen: bool) -> QAction:
        """One of several entries of which one is chosen."""
        action = QAction(words, self.menu_)
        action.setCheckable(True)
        action.setChecked(chosen)
        action.triggered.connect(lambda: self.intent.emit(intent))
        group.addAction(action)
        self.menu_.addAction(action)
        return action

    def _open(self) -> None:
        menu = self.menu_
        menu.clear()
        self.fill(menu)
        chosen = [each for each in menu.actions() if each.isChecked()]
        enabled = [each for each in menu.actions() if each.isEnabled() and each.text()]
        for action in (chosen or enabled)[:1]:
            menu.setActiveAction(action)
        menu.popup(_above(self, menu))


def _above(button: QWidget, menu: QMenu) -> QPoint:
    """The menu's corner: over the button, not beyond the window's right edge."""
    size = menu.sizeHint()
    window = button.window()
    frame = QRect(window.mapToGlobal(QPoint(0, 0)), window.size())
    corner = button.mapToGlobal(QPoint(0, 0))
    left = min(corner.x(), frame.right() - size.width() - 8)
    return QPoint(max(frame.left(), left), corner.y() - size.height() - 4)


class CaptionsButton(MenuButton):
    """Captions: none, or one of the languages there are, and how large."""

    def __init__(self) -> None:
        super().__init__("captionsButton", "captions")
        self._view = CaptionsView()
        self._last = ""

    def render_captions(self, view: CaptionsView, *, words: bool) -> None:
        """Show whether captions are on; `words`: whether there is room to write it."""
        self._view = view
        self._last = view.language or self._last
        self.setVisible(bool(view.offered))
        self.as_kind("quiet" if words else "icon")
        self.show_icon("captions_on" if view.language else "captions")
        hint = translate("Lesson", "隐藏字幕（C）")
        if not view.language:
            hint = translate("Lesson", "显示字幕（C）")
        self.say(translate("Lesson", "字幕"), hint=hint)

    def toggle(self) -> None:
        """Captions off, or on again in the language that was on last."""
        view = self._view
        if not view.offered:
            return
        wanted = next(
            (each for each in (self._last, current()) if each in view.offered), view.offered[0]
        )
        self.intent.emit(intents.SetCaptions("" if view.language else wanted, view.size))

    def fill(self, menu: QMenu) -> None:
        view = self._view
        languages = QActionGroup(menu)
        off = intents.SetCaptions("", view.size)
        self.choice(languages, translate("Lesson", "不显示字幕"), off, chosen=not view.language)
        for each in view.offered:
            name = texts.caption_language(each)
            intent = intents.SetCaptions(each, view.size)
            self.choice(languages, name, intent, chosen=each == view.language)
        menu.addSeparator()
        sizes = QActionGroup(menu)
        names: dict[CaptionSize, str] = {
            "small": translate("Lesson", "小字"),
            "medium": translate("Lesson", "中字"),
            "large": translate("Lesson", "大字"),
        }
        for size, name in names.items():
            intent = intents.SetCaptions(view.language, size)
            self.choice(sizes, name, intent, chosen=size == view.size)


class RateButton(MenuButton):
    """How fast a film that was watched completely is watched again."""

    def __init__(self) -> None:
        super().__init__("rateButton", "speed")
        self._view: LessonView | None = None

    def make_tight(self, *, tight: bool) -> None:
        """Only the number where the line is short."""
        self.show_icon("" if tight else "speed")

    def render_rate(self, view: LessonView) -> None:
        """Show the pace; nothing where there is no choice."""
        self._view = view
        self.setVisible(bool(view.rates))
        rate, what = texts.rate_name(view.rate), translate("Lesson", "播放速度")
        self.say(rate, hint=what)
        self.setAccessibleName(f"{what} {rate}")

    def fill(self, menu: QMenu) -> None:
        view = self._view
        rates = QActionGroup(menu)
        for each in view.rates if view is not None else ():
            chosen = view is not None and abs(each - view.rate) < 0.01
            name = texts.rate_name(each)
            self.choice(rates, name, intents.SetRate(each), chosen=chosen)


class ChapterButton(MenuButton):
    """Where in the film one is, in words; its menu goes to what was watched."""

    def __init__(self) -> None:
        super().__init__("chapterButton", "chapters")
        self._view: LessonView | None = None
        self._room = 200
        self._whole = ""
        self._written = ("", -1)

    def render_chapter(self, view: LessonView) -> None:
        """Show the chapter of this moment; nothing where the film has none."""
        self._view = view
        chapter = chapter_at(view.chapters, view.position_s)
        self._write(chapter_name(chapter) if chapter is not None else "")

    def set_room(self, room: int) -> None:
        """How many px wide it may be."""
        self._room = room
        self._write(self._whole)

    def _write(self, name: str) -> None:
        if (name, self._room) == self._written:
            return
        self._whole, self._written = name, (name, self._room)
        self.ensurePolished()
        metrics = self.fontMetrics()
        self.setText("…")
        around = self.sizeHint().width() - metrics.horizontalAdvance("…")
        room = max(0, self._room - around - 1)
        words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        chapter = translate("Lesson", "章节")
        self.say(words, hint=f"{chapter} · {name}")
        self.setAccessibleName(f"{chapter} {name}")

    def fill(self, menu: QMenu) -> None:
        view = self._view
        if view is None:
            return
        here = chapter_at(view.chapters, view.position_s)
        group = QActionGroup(menu)
        for each in view.chapters:
            intent = intents.Seek(round(each.start_s * 1e6))
            words = f"{clock(each.start_s)}　{chapter_name(each)}"
            open_ = any(start <= each.start_s <= end for start, end in view.watched)
            if not open_:
                words += translate("Lesson", "（还没看到）")
            action = self.choice(group, words, intent, chosen=each is here)
            action.setEnabled(open_)


def chapter_at(chapters: tuple[Chapter, ...], seconds: float) -> Chapter | None:
    """The chapter that a moment belongs to."""
    begun = [each for each in chapters if each.start_s <= seconds + 0.001]
    return max(begun, key=lambda each: each.start_s, default=None)


def chapter_name(chapter: Chapter) -> str:
    """Its name in the language in use."""
    return pick(chapter.title, chapter.title_en)
