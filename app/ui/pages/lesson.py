"""The lesson: the film as large as it goes, and always the line that says what counts.

Keys: space and the media keys play and pause, the left arrow goes back ten seconds, up
and down change the volume, M mutes, C shows captions, F fills the screen, Esc leaves it.
They work wherever the focus is on this page; Enter presses the button that has the focus.
Nothing goes forward: "next" and "fast forward" of a keyboard have no meaning here.
"""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from app import intents, texts
from app.texts import clock, span
from app.ui.language import translate
from app.ui.pages.base import PageWidget
from app.ui.widgets.announce import announce
from app.ui.widgets.basics import Elided, Label, Symbol, card, row
from app.ui.widgets.check_overlay import CheckOverlay
from app.ui.widgets.controls import Controls
from app.ui.widgets.dialogs import WhyDialog
from app.ui.widgets.hover_bubble import HoverBubble
from app.ui.widgets.menus import chapter_at, chapter_name
from app.ui.widgets.modes import note_of, picture_of
from app.ui.widgets.side_column import WIDTH, SideColumn
from app.ui.widgets.stage import Stage
from app.ui.widgets.stage_overlays import PauseCard
from app.ui.widgets.status_line import StatusLine
from app.ui.widgets.stillness import Stillness
from app.ui.widgets.thumbnails import ThumbnailSheet
from app.view import LessonView
from player.events import Mode

_SIDE_FROM = 1100  # below this width the right column folds away
_SIDE_MOST = 420
_REPEATED = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down)


class LessonPage(PageWidget):
    """Lays itself out by hand: what the film doesn't need, the others share."""

    full_screen_wanted = Signal(bool)

    def __init__(self, film: QWidget) -> None:
        super().__init__()
        self._view: LessonView | None = None
        self._full = False
        self.pause_card = PauseCard()
        self.check = CheckOverlay()
        self.stage = Stage(film, self.pause_card, self.check)
        self.status = StatusLine()
        self.controls = Controls()
        self.side = SideColumn()
        self.foot = card("controls")
        self.warning_words = Elided("small")
        self.warning_words.setObjectName("cheatingWarning")
        self.note = Label("small", "attention")
        self.note.setObjectName("modeNote")
        line = row(Symbol("shield", 16), gap=8, margin=(16, 0, 16, 2))
        line.addWidget(self.warning_words, 1)
        line.addWidget(self.note)
        self.foot.setLayout(line)
        self.note.hide()
        for widget in (self.stage, self.status, self.controls, self.foot, self.side):
            widget.setParent(self)
        self.bubble = HoverBubble(self)
        self.sheet = ThumbnailSheet(self)
        self._over: tuple[float, float, bool] | None = None
        self.stillness = Stillness(self.controls)
        self._left_focus: QWidget | None = None
        for source in (self.controls, self.side):
            source.intent.connect(self.intent)
        self.status.resume.connect(self.controls.toggle)
        self.status.why.connect(self._explain)
        self.pause_card.resume.connect(self.controls.toggle)
        self.pause_card.back.connect(lambda: self.intent.emit(intents.BackToClass()))
        self.pause_card.retry.connect(lambda: self.intent.emit(intents.Retry()))
        self.pause_card.fluent.connect(lambda: self.intent.emit(intents.SetMode(Mode.FLUENT)))
        self.controls.bar.hovered.connect(self._hover)
        self.controls.bar.left.connect(self._hover_ends)
        self.sheet.ready.connect(self._show_bubble)
        self.stillness.changed.connect(self._go_still)
        self.check.retry.connect(lambda: self.intent.emit(intents.RetryCheck()))
        self.check.change.connect(lambda: self.intent.emit(intents.UseAlternative()))
        self.check.spoken.connect(self.spoken)
        self.controls.full_screen_wanted.connect(lambda: self.set_full_screen(full=not self._full))
        self._make_keys()
        self._order_tabs()
        self.retranslate()

    def _make_keys(self) -> None:
        c = self.controls
        keys: tuple[tuple[Qt.Key, Callable[[], None]], ...] = (
            (Qt.Key.Key_Space, self._space),
            (Qt.Key.Key_MediaTogglePlayPause, c.toggle),
            (Qt.Key.Key_MediaPlay, c.toggle),  # X11 calls the one key for both so
            (Qt.Key.Key_MediaPause, c.pause_film),
            (Qt.Key.Key_MediaStop, c.pause_film),
            (Qt.Key.Key_Left, c.go_back),
            (Qt.Key.Key_AudioRewind, c.go_back),
            (Qt.Key.Key_Up, lambda: c.sound.change(1)),
            (Qt.Key.Key_Down, lambda: c.sound.change(-1)),
            (Qt.Key.Key_M, c.sound.toggle_mute),
            (Qt.Key.Key_C, c.captions.toggle),
            (Qt.Key.Key_F, lambda: self.set_full_screen(full=not self._full)),
            (Qt.Key.Key_Escape, lambda: self.set_full_screen(full=False)),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(key in _REPEATED)
            shortcut.activated.connect(act)

    def _order_tabs(self) -> None:
        c = self.controls
        order: list[QWidget] = [
            self.pause_card.button,
            self.pause_card.back_button,
            self.pause_card.retry_button,
            self.pause_card.fluent_button,
            self.check,
            self.check.button,
            self.check.other,
            self.status.action,
            c.bar,
            c.play,
            c.back,
            c.chapter,
            c.sound.mute,
            c.sound.slider,
            c.rate,
            c.captions,
            *c.modes.buttons.values(),
            c.full,
        ]
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def retranslate(self) -> None:
        self._view = None
        self.controls.retranslate()
        self.controls.show_full_screen(full=self._full)
        self.side.retranslate()
        self.status.retranslate()
        self.warning_words.setText(
            translate(
                "Lesson",
                "请本人认真学习。代学、挂机等行为会被记录，有关学时不予计入。",
            )
        )

    def render_view(self, view: LessonView) -> None:
        """Show the lesson as it is at this moment."""
        before = self._view
        self._view = view
        self.controls.render_controls(view)
        if before is None or before.status != view.status or before.can_play != view.can_play:
            self.status.render_status(view.status, can_play=view.can_play)
        if before is None or _side(before) != _side(view):
            self.side.render_side(view)
        waited = not self.pause_card.isHidden()
        checked = not self.check.isHidden()
        self.pause_card.render_pause(view)
        self.check.render_check(view.check)
        self.stage.captions.render_captions(view.captions)
        self.sheet.show_sheet(view.thumbnails)
        self._say_note(view)
        self.stillness.film_runs(runs=view.playing and view.check is None and not view.buffering)
        opened = before is not None and before.loading and not view.loading
        paused = not self.pause_card.isHidden()
        if (paused and (opened or not waited)) or (checked and self.check.isHidden()):
            self.focus_main()
        reason = view.status.reason if paused else ""
        if reason and (before is None or before.status.reason != reason):
            announce(self.pause_card, self.pause_card.words(), urgent=True)

    def focus_main(self) -> None:
        """Put the focus where Enter does what most want now."""
        control = self.first_focus()
        if control is not None:
            control.setFocus()

    def first_focus(self) -> QWidget | None:
        pause = self.pause_card
        offers = (pause.retry_button, pause.back_button, pause.fluent_button, pause.button)
        for control in offers:
            if not control.isHidden() and not pause.isHidden():
                return control
        return self.controls.play

    def set_preview(self, frame: QImage) -> None:
        self.side.set_frame(frame)
        self.check.set_frame(frame)

    def set_full_screen(self, *, full: bool) -> None:
        """Fill the screen with film, status and controls, or stop doing so."""
        if full != self._full:
            self._full = full
            self.controls.show_full_screen(full=full)
            self.full_screen_wanted.emit(full)
            self.stillness.wake()
            self._place()

    def _space(self) -> None:
        check = self._view.check if self._view is not None else None
        if check is None:
            self.controls.toggle()
        elif check.phase == "failed" and check.attempts_left > 0:
            self.intent.emit(intents.RetryCheck())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Any key answers "are you there?"; other pauses ask for their button."""
        view = self._view
        if view is not None and view.status.reason == "eyes_closed" and view.can_play:
            self.intent.emit(intents.Play())
            return
        super().keyPressEvent(event)

    def _explain(self) -> None:
        """Why a stretch doesn't count (yet)."""
        if self._view is None:
            return
        status = self._view.status
        words = texts.not_counted(translate, status.lost_reason)
        WhyDialog(self, span(status.lost_start_s, status.lost_end_s), words).open()

    def _say_note(self, view: LessonView) -> None:
        note = note_of(view)
        if note != self.note.text():
            self.note.setText(note)
            self.note.setVisible(bool(note))
            if self._full:
                self._place()

    # Over the bar

    def _hover(self, x: float, seconds: float, allowed: bool) -> None:
        self.sheet.want()
        self._over = (x, seconds, allowed)
        self._show_bubble()

    def _hover_ends(self) -> None:
        self._over = None
        self.bubble.hide()

    def _show_bubble(self) -> None:
        """Over the status line, which it never covers, and above where the pointer is."""
        view = self._view
        if self._over is None or view is None:
            return
        x, seconds, allowed = self._over
        words = translate("Lesson", "没有看过的部分不能跳过")
        if allowed:
            chapter = chapter_at(view.chapters, seconds)
            words = clock(seconds)
            if chapter is not None:
                words = f"{words} · {chapter_name(chapter)}"
        at = self.controls.bar.mapTo(self, QPoint(round(x), 0))
        stage = self.stage.geometry()
        above = min(stage.bottom() + 1, self.controls.y()) - 6
        picture = self.sheet.picture(seconds) if allowed else None
        self.bubble.show_at(QPoint(at.x(), above), stage, words, picture)

    # Room, and what goes while nothing moves

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.stillness.watch(self.window().windowHandle())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _go_still(self, still: bool) -> None:
        """Pointer off the film; in full screen the controls go too, the status line never."""
        self.stage.hide_pointer(hidden=still)
        if not self._full and self.controls.isVisible():
            return
        focus = QApplication.focusWidget()
        if still and focus is not None and self.controls.isAncestorOf(focus):
            self._left_focus = focus
            self.setFocus()  # else Qt would look for another control
        self._place()
        if not still and self._left_focus is not None:
            self._left_focus.setFocus()
            self._left_focus = None

    def _place(self) -> None:
        """Give the film all the room that the lines below it leave."""
        width, height = self.width(), self.height()
        low = height < 520
        beside = width >= _SIDE_FROM and not self._full
        left = width - (WIDTH if beside else 0)
        self.status.make_small(small=left < 900 or low)
        self.controls.make_low(low=low)
        self.side.setVisible(beside)
        if self._full:
            self._place_full(width, height, 22 if low else 28)
        else:
            self._place_window(width, height, 22 if low else 28, beside=beside)
        self._hover_ends()

    def _place_window(self, width: int, height: int, foot: int, *, beside: bool) -> None:
        """Below each other; the column takes what a film of 16:9 can't use."""
        status, controls = self.status.height(), self.controls.height()
        film = max(120, height - status - controls - foot)
        side = min(_SIDE_MOST, max(WIDTH, width - film * 16 // 9)) if beside else 0
        left = width - side
        self.controls.fit(left)
        self.side.setGeometry(left, 0, side, height)
        self.controls.show()
        self.foot.show()
        self.stage.keep_clear(0)
        top = 0
        for widget, tall in (
            (self.stage, film),
            (self.status, status),
            (self.controls, controls),
            (self.foot, foot),
        ):
            widget.setGeometry(0, top, left, tall)
            top += tall

    def _place_full(self, width: int, height: int, foot: int) -> None:
        """The film keeps its size; controls lie over its lower edge while they are there."""
        status, controls = self.status.height(), self.controls.height()
        there = not self.stillness.still
        view = self._view
        slow = there and bool(self.note.text()) and view is not None and picture_of(view).slow_line
        foot = foot if slow else 0
        over = controls + foot if there else 0
        bottom = height - status
        self.controls.fit(width)
        self.stage.setGeometry(0, 0, width, bottom)
        self.stage.keep_clear(over)
        self.status.setGeometry(0, bottom, width, status)
        self.controls.setGeometry(0, bottom - controls - foot, width, controls)
        self.foot.setGeometry(0, bottom - foot, width, foot)
        for widget, shown in ((self.controls, there), (self.foot, bool(foot))):
            widget.setVisible(shown)
            widget.raise_()


def _side(view: LessonView) -> tuple[object, ...]:
    """What of a lesson the right column shows."""
    status = view.status
    return (
        int(status.credited_s),
        int(status.provisional_s),
        status.duration_s,
        view.lesson,
        view.lessons,
        view.questions,
        view.finished,
        view.face_present,
        view.camera_on,
        view.simulated,
    )
