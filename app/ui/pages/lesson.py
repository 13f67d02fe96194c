"""The lesson: the film as large as it goes, and always the line that says what counts.

Keys: space plays and pauses, the left arrow goes back ten seconds, M mutes, F fills the
screen, Esc leaves it. They work wherever the focus is on this page; Enter presses the
button that has the focus.
"""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import intents, texts
from app.texts import span
from app.ui.language import translate
from app.ui.pages.base import PageWidget
from app.ui.theme import tokens
from app.ui.widgets.basics import Elided, Symbol, card, row
from app.ui.widgets.check_overlay import CheckOverlay
from app.ui.widgets.controls import Controls
from app.ui.widgets.dialogs import WhyDialog
from app.ui.widgets.side_column import WIDTH, SideColumn
from app.ui.widgets.stage_overlays import PauseCard
from app.ui.widgets.status_line import StatusLine
from app.view import LessonView

_SIDE_FROM = 1100  # below this width the right column folds away
_SIDE_MOST = 420


class Stage(QWidget):
    """The dark ground with the film in its middle and whatever lies over it."""

    def __init__(self, film: QWidget, *overlays: QWidget) -> None:
        super().__init__()
        self.setObjectName("stage")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._film = film
        self._overlays = overlays
        film.setParent(self)
        for overlay in overlays:
            overlay.setParent(self)
            overlay.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = min(self.width(), self.height() * 16 // 9)
        height = min(self.height(), width * 9 // 16)
        film = QRect(0, 0, width, height)
        film.moveCenter(self.rect().center())
        self._film.setGeometry(film)
        for overlay in self._overlays:
            overlay.setGeometry(self.rect())
            overlay.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().stage))
        painter.end()


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
        self.warning = card("controls")
        self.warning_words = Elided("small")
        self.warning_words.setObjectName("cheatingWarning")
        line = row(Symbol("shield", 16), gap=8, margin=(16, 0, 16, 2))
        line.addWidget(self.warning_words, 1)
        self.warning.setLayout(line)
        for widget in (self.stage, self.status, self.controls, self.warning, self.side):
            widget.setParent(self)
        for source in (self.controls, self.side):
            source.intent.connect(self.intent)
        self.status.resume.connect(self.controls.toggle)
        self.status.why.connect(self._explain)
        self.pause_card.resume.connect(self.controls.toggle)
        self.pause_card.back.connect(lambda: self.intent.emit(intents.BackToClass()))
        self.pause_card.retry.connect(lambda: self.intent.emit(intents.Retry()))
        self.check.retry.connect(lambda: self.intent.emit(intents.RetryCheck()))
        self.controls.full_screen_wanted.connect(lambda: self.set_full_screen(full=not self._full))
        self._make_keys()
        self._order_tabs()
        self.retranslate()

    def _make_keys(self) -> None:
        keys: tuple[tuple[Qt.Key, Callable[[], None]], ...] = (
            (Qt.Key.Key_Space, self._space),
            (Qt.Key.Key_Left, self.controls.go_back),
            (Qt.Key.Key_M, self.controls.toggle_mute),
            (Qt.Key.Key_F, lambda: self.set_full_screen(full=not self._full)),
            (Qt.Key.Key_Escape, lambda: self.set_full_screen(full=False)),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(key == Qt.Key.Key_Left)
            shortcut.activated.connect(act)

    def _order_tabs(self) -> None:
        c = self.controls
        order: list[QWidget] = [
            self.pause_card.button,
            self.pause_card.back_button,
            self.pause_card.retry_button,
            self.check.button,
            self.status.action,
            c.play,
            c.back,
            c.mute,
            c.volume,
            *c.mode_buttons.values(),
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
        self.pause_card.render_pause(view)
        self.check.render_check(view.check)
        if not self.pause_card.isHidden() and not waited:
            self.focus_main()
        if _failed(view) and not _failed(before):
            self.check.button.setFocus()

    def focus_main(self) -> None:
        """Put the focus where Enter does what most want now."""
        control = self.first_focus()
        if control is not None:
            control.setFocus()

    def first_focus(self) -> QWidget | None:
        pause = self.pause_card
        for control in (pause.retry_button, pause.back_button, pause.button):
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
            self._place()

    def _space(self) -> None:
        check = self._view.check if self._view is not None else None
        if check is None:
            self.controls.toggle()
        elif check.phase == "failed" and check.attempts_left > 0:
            self.intent.emit(intents.RetryCheck())

    def _explain(self) -> None:
        """Why a stretch doesn't count (yet)."""
        if self._view is None:
            return
        status = self._view.status
        words = texts.not_counted(translate, status.lost_reason)
        WhyDialog(self, span(status.lost_start_s, status.lost_end_s), words).open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Give the film all the room that the lines below it leave.

        The column takes what a film of 16:9 can't use, up to its largest width.
        """
        width, height = self.width(), self.height()
        low = height < 520
        beside = width >= _SIDE_FROM and not self._full
        left = width - (WIDTH if beside else 0)
        self.status.make_small(small=left < 900 or low)
        self.controls.fit(left, low=low)
        warning = 0 if self._full else 22 if low else 28
        status, controls = self.status.height(), self.controls.height()
        film = max(120, height - status - controls - warning)
        side = min(_SIDE_MOST, max(WIDTH, width - film * 16 // 9)) if beside else 0
        left = width - side
        self.side.setVisible(beside)
        self.side.setGeometry(left, 0, side, height)
        self.warning.setVisible(not self._full)
        top = 0
        for widget, tall in (
            (self.stage, film),
            (self.status, status),
            (self.controls, controls),
            (self.warning, warning),
        ):
            widget.setGeometry(0, top, left, tall)
            top += tall


def _failed(view: LessonView | None) -> bool:
    """Whether an attempt of a check has just not passed."""
    return view is not None and view.check is not None and view.check.phase == "failed"


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
        view.simulated,
    )
