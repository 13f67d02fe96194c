"""The one line that is always in the same place: a mark, a word, a number."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app import texts
from app.ui.language import translate
from app.ui.theme import tokens
from app.ui.widgets.basics import Button, Elided, Label, Tone, dress
from app.view import Status

_TONES: dict[str, Tone] = {
    "counting": "success",
    "waiting": "second",
    "paused": "attention",
    "needed": "primary",
    "not_counted": "danger",
    "finished": "success",
}

_BY_ITSELF = ("ready", "", "stalled")  # nothing to resume: not begun, or it goes on by itself


class _Mark(QWidget):
    """The mark, drawn so that it has the same shape with every font."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(18, 18)
        self._kind = ""

    def show_kind(self, kind: str) -> None:
        if kind != self._kind:
            self._kind = kind
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(getattr(tokens(), _TONES.get(self._kind, "second")))
        centre = QPointF(9, 9)
        pen = QPen(ink, 2.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if self._kind == "counting":
            painter.setBrush(ink)
            painter.drawEllipse(centre, 5.5, 5.5)
        elif self._kind == "waiting":
            painter.drawEllipse(centre, 5.5, 5.5)
        elif self._kind == "needed":
            painter.drawEllipse(centre, 7, 7)
            painter.setBrush(ink)
            painter.drawEllipse(centre, 2, 2)
        elif self._kind == "paused":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawRoundedRect(QRectF(3.5, 2.5, 4, 13), 1, 1)
            painter.drawRoundedRect(QRectF(10.5, 2.5, 4, 13), 1, 1)
        elif self._kind == "not_counted":
            painter.drawLine(QPointF(9, 2.5), QPointF(9, 10.5))
            painter.setBrush(ink)
            painter.drawEllipse(QPointF(9, 15), 0.8, 0.8)
        else:
            painter.drawPolyline([QPointF(3, 9.5), QPointF(7.5, 14), QPointF(15, 4.5)])
        painter.end()


class StatusLine(QWidget):
    """Tells at one glance whether time is counting, and offers the one thing to do."""

    resume = Signal()
    why = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusLine")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(48)
        self.mark = _Mark()
        self.word = Label("status")
        self.word.setObjectName("statusWord")
        self.detail = Elided("lesson")
        self.detail.setObjectName("statusDetail")
        self.number = Label("status")
        self.number.setObjectName("statusNumber")
        self.action = Button("statusAction", "link")
        self.action.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 0, 16, 0)
        layout.setSpacing(10)
        layout.addWidget(self.mark)
        layout.addWidget(self.word)
        layout.addWidget(self.detail)
        layout.addWidget(self.action)
        layout.addStretch(1)
        layout.addWidget(self.number)
        self._view: Status | None = None
        self._small = False
        self._shown: tuple[object, ...] = ()

    def render_status(self, view: Status, *, can_play: bool) -> None:
        """Show a status; `can_play` decides whether resuming is offered."""
        words = texts.status(translate, view)
        tone = _TONES[view.kind]
        self._view = view
        shown = (view.kind, view.reason, words, can_play)
        if shown == self._shown:
            return
        self._shown = shown
        self.mark.show_kind(view.kind)
        dress(self.word, "tone", tone)
        self.word.setText(words.word)
        self.detail.setText(words.detail)
        self._fit()
        self.number.setText(words.number)
        self.setAccessibleName(f"{words.mark} {words.word} {words.detail} {words.number}")
        offer = ""
        if view.kind == "not_counted":
            offer = translate("Lesson", "为什么")
        elif view.kind == "paused" and can_play and view.reason not in _BY_ITSELF:
            offer = translate("Lesson", "继续学习")
        self.action.setVisible(bool(offer))
        if offer:
            self.action.say(offer)
        self.update()

    def retranslate(self) -> None:
        """Have the words said again with the next view."""
        self._shown = ()

    def make_small(self, *, small: bool) -> None:
        """Smaller letters where the line is short."""
        for label in (self.word, self.number):
            dress(label, "size", "small" if small else "")
        self._small = small
        self._fit()
        self.setFixedHeight(40 if small else 48)

    def _fit(self) -> None:
        """A short line leaves the reason to the button that explains it."""
        lost = self._view is not None and self._view.kind == "not_counted"
        self.detail.setVisible(not (lost and self._small))

    def _act(self) -> None:
        if self._view is not None and self._view.kind == "not_counted":
            self.why.emit()
        else:
            self.resume.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        tone = _TONES[self._view.kind] if self._view is not None else "second"
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(getattr(t, f"{tone}_tint")))
        painter.fillRect(0, 0, 5, self.height(), QColor(getattr(t, tone)))
        painter.end()
