"""What lies over the film while it stands still: the pause card."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app import texts
from app.texts import Message
from app.ui.language import translate
from app.ui.theme import colour, tokens
from app.ui.widgets.basics import (
    Button,
    Paragraph,
    Symbol,
    Tone,
    card,
    column,
    row,
)
from app.ui.widgets.modes import can_lower
from app.ui.widgets.ring import ShareRing
from app.view import LessonView, Reason

_ICONS: dict[str, tuple[str, Tone]] = {
    "learner": ("pause", "attention"),
    "covered": ("eye_off", "attention"),
    "ready": ("film", "primary"),
    "finished": ("check_circle", "success"),
    "stalled": ("hourglass", "attention"),
    "absent": ("user", "attention"),
    "several_faces": ("users", "attention"),
    "camera_lost": ("camera_off", "attention"),
    "camera_covered": ("camera_off", "attention"),
    "camera_starting": ("camera", "primary"),
    "turned_away": ("face", "attention"),
    "eyes_closed": ("eye_off", "attention"),
    "idle": ("clock", "attention"),
    "suspended": ("clock", "attention"),
    "clock": ("clock", "attention"),
    "policy": ("clock", "attention"),
    "taken_over": ("server", "attention"),
    "recovered": ("refresh", "primary"),
}


class PauseCard(QWidget):
    """Dims the film and says why it stands still, with the one big button to go on."""

    resume = Signal()
    back = Signal()
    retry = Signal()
    fluent = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pauseCard")
        self.panel: QFrame = card()
        self.panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.symbol = Symbol("pause", 40, "attention")
        self.ring = ShareRing()
        self.ring.hide()
        self.title = Paragraph("title")
        self.title.setObjectName("pauseTitle")
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.hint = Paragraph("lesson")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.time = Paragraph("second")
        self.time.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = Button("resumeButton", "primary")
        self.button.clicked.connect(self.resume)
        self.back_button = Button("pauseBack", "primary")
        self.back_button.clicked.connect(self.back)
        self.retry_button = Button("lessonRetry", "primary", "refresh")
        self.retry_button.clicked.connect(self.retry)
        self.fluent_button = Button("useFluent", "primary")
        self.fluent_button.clicked.connect(self.fluent)
        centre = Qt.AlignmentFlag.AlignHCenter
        inside = column(gap=8, margin=(32, 24, 32, 24))
        inside.addWidget(self.symbol, 0, centre)
        inside.addWidget(self.ring, 0, centre)
        inside.addWidget(self.title)
        inside.addWidget(self.hint)
        inside.addWidget(self.time)
        inside.addSpacing(8)
        buttons = (self.button, self.back_button, self.retry_button, self.fluent_button)
        inside.addLayout(row(None, *buttons, None, gap=12))
        self.panel.setLayout(inside)
        outer = column(None, row(None, self.panel, None), None, margin=4)
        self.setLayout(outer)
        self._inside = inside
        self._roomy = True
        self._waits = False
        self._view: LessonView | None = None
        self.hide()

    def render_pause(self, view: LessonView) -> None:
        """Show why it stands still; hidden while the film runs or a check is on."""
        self._view = view
        still = not view.playing and view.check is None
        loading = view.loading and view.report is None
        waits = view.buffering is not None and view.report is None and view.check is None
        self._waits = waits
        self.setVisible(still or loading or waits)
        if not (still or loading or waits):
            return
        reason = view.status.reason or ("finished" if view.finished else "learner")
        self._say(view, reason, loading=loading)
        ended = view.finished and view.report is None and not loading
        stuck = waits or reason == "stalled"
        self.back_button.setVisible(ended)
        self.back_button.say(translate("Lesson", "返回课程"))
        self.retry_button.setVisible(view.report is not None)
        self.retry_button.say(translate("Lesson", "重试"))
        self.fluent_button.setVisible(stuck and view.report is None and can_lower(view))
        self.fluent_button.say(translate("Lesson", "改用流畅"))
        first = reason == "ready" and view.position_s < 1
        go_on = view.can_play and not loading and not stuck and view.report is None
        self.button.setVisible(go_on)
        self.button.say(
            translate("Lesson", "重看")
            if ended
            else translate("Lesson", "开始学习")
            if first
            else translate("Lesson", "继续学习")
        )
        self.button.as_kind("large" if ended else "primary")
        self.button.show_key(translate("Lesson", "空格"))

    def _say(self, view: LessonView, reason: Reason, *, loading: bool) -> None:
        """The words, and what stands over them."""
        buffering = view.buffering if self._waits else None
        if view.report is not None:
            message = texts.trouble(translate, view.report)
            self.symbol.show_icon("warning", "attention")
        elif buffering is not None:
            message = texts.buffering(translate, buffering, can_lower=can_lower(view))
            self.ring.show_share(buffering.share)
            self.ring.setAccessibleName(f"{self.ring.percent()}%")
        elif loading:
            message = Message("", "", "")
            self.symbol.show_icon("hourglass", "primary")
        else:
            message = texts.pause(translate, reason)
            self.symbol.show_icon(*_ICONS.get(reason, ("pause", "attention")))
        what = translate("Lesson", "正在打开课程") if loading else message.what
        calm = reason in ("ready", "finished") and view.report is None
        if buffering is not None and not self._ring_px():
            what = f"{what} {self.ring.percent()}%"
        self.title.setText(what)
        for label, text in ((self.hint, message.todo), (self.time, "" if calm else message.time)):
            label.setText(text)
            label.setVisible(bool(text) and (label is self.hint or self._roomy))
        self._show_head()

    def words(self) -> str:
        """All that it says, for who hears the screen."""
        said = [self.title.plain()]
        said += [each.plain() for each in (self.time, self.hint) if not each.isHidden()]
        return " ".join(filter(None, said))

    def _ring_px(self) -> int:
        """How large the ring can be; 0 where its number has to stand in the title."""
        return 76 if self._roomy else 52 if self.height() >= 220 else 0

    def _show_head(self) -> None:
        """The picture over the words, where there is height for it."""
        ring = self._ring_px()
        self.ring.resize_to(ring or 52)
        self.ring.setVisible(ring > 0 and self._waits)
        self.symbol.setVisible(self._roomy and not self._waits)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self._roomy = self.height() > 300
        if self._view is not None:
            self.render_pause(self._view)
        self.panel.setMinimumWidth(min(self.width() - 16, 460))
        self.panel.setMaximumWidth(max(min(self.width() - 16, 560), 100))
        side, top, gap = (32, 24, 8) if roomy else (20, 8, 3)
        self._inside.setSpacing(gap)
        self._inside.setContentsMargins(side, top, side, top)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(tokens().stage, 0.62))
        painter.end()
