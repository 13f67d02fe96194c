"""The random check: the film is dimmed, there is one thing to do and the time for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QWidget

from app import texts
from app.ui.language import translate
from app.ui.theme import BODY, LESSON, NUMBER, TITLE, colour, font, tokens
from app.ui.widgets.action_art import ActionArt
from app.ui.widgets.basics import Button
from app.ui.widgets.preview import RoundPicture
from app.view import CheckView


class _StageText(QLabel):
    """Centred text on the dark stage, which has the same colours in both schemes."""

    def __init__(self, size: int, *, bold: bool = False, ink: str = "on_stage") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bold = bold
        self.dress(size, ink)

    def dress(self, size: int, ink: str) -> None:
        self.setFont(font(size, bold=self._bold, tabular=True))
        palette = self.palette()
        value = QColor(getattr(tokens(), ink))
        if palette.color(QPalette.ColorRole.WindowText) != value:
            palette.setColor(QPalette.ColorRole.WindowText, value)
            self.setPalette(palette)


class CheckOverlay(QWidget):
    """Covers the film during a check; wide and low when the screen is small."""

    retry = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("checkOverlay")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.picture = RoundPicture()
        self.picture.setObjectName("checkPicture")
        self.art = ActionArt()
        self.instruction = _StageText(NUMBER, bold=True)
        self.instruction.setObjectName("checkInstruction")
        self.hint = _StageText(LESSON, ink="stage_second")
        self.time = _StageText(TITLE, bold=True)
        self.time.setObjectName("checkTime")
        self.attempts = _StageText(BODY, ink="stage_second")
        self.attempts.setObjectName("checkAttempts")
        self.button = Button("checkRetry", "primary", "refresh")
        self.button.clicked.connect(self.retry)
        self._words = QWidget()
        centre = Qt.AlignmentFlag.AlignHCenter
        words = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._words)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(6)
        words.addStretch(1)
        words.addWidget(self.art, 0, centre)
        for label in (self.instruction, self.hint, self.time, self.attempts):
            words.addWidget(label)
        words.addSpacing(6)
        words.addWidget(self.button, 0, centre)
        words.addStretch(1)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(24, 12, 24, 12)
        self._layout.setSpacing(24)
        self._layout.addWidget(self.picture, 1)
        self._layout.addWidget(self._words, 1)
        self.hide()

    def set_frame(self, frame: QImage) -> None:
        """The newest camera picture."""
        self.picture.set_frame(frame)

    def render_check(self, view: CheckView | None) -> None:
        """Show a check, or nothing."""
        self.setVisible(view is not None)
        if view is None:
            return
        acting = view.phase == "acting"
        self.art.setVisible(acting)
        self.time.setVisible(acting)
        self.attempts.setVisible(acting or view.phase == "failed")
        self.button.setVisible(view.phase == "failed" and view.attempts_left > 0)
        left = view.seconds_left / max(view.seconds_total, 0.001)
        if acting:
            self._show_acting(view, left)
        elif view.phase == "passed":
            self.instruction.setText(translate("Check", "验证通过"))
            self.hint.setText(translate("Check", "课程马上继续"))
            self.picture.show_left(1.0, "success", "check")
        elif view.phase == "failed":
            words = texts.check_failure(translate, view.reason)
            self.instruction.setText(words.what)
            self.hint.setText(words.todo)
            self.picture.show_left(left, "danger", "cross")
        else:
            words = texts.check_over(translate, view)
            self.instruction.setText(words.what)
            self.hint.setText(f"{words.time}\n{words.todo}")
            self.picture.show_left(0.0, "danger", "cross")
        self.attempts.setText(translate("Check", "还可以试 {n} 次").format(n=view.attempts_left))
        self.button.say(translate("Check", "再试一次"))
        self.setAccessibleName(f"{self.instruction.text()} {self.hint.text()}")

    def _show_acting(self, view: CheckView, left: float) -> None:
        self.art.show_action(view.action)
        self.instruction.setText(texts.action(translate, view.action))
        step = ""
        if view.total > 1:
            step = translate("Check", "第 {i} 个动作，共 {n} 个").format(
                i=view.index + 1, n=view.total
            )
        self.hint.setText(texts.hint(translate, view.hint) or step)
        seconds = max(0, round(view.seconds_left))
        self.time.setText(translate("Check", "剩余 {n} 秒").format(n=seconds))
        self.picture.show_left(left, "primary" if seconds > 10 else "danger")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.height() > 360
        self.art.resize_to(96 if roomy else 52)
        self.instruction.dress(NUMBER if roomy else TITLE, "on_stage")
        self.hint.dress(LESSON if roomy else BODY, "stage_second")
        side = 24 if roomy else 10
        self._layout.setContentsMargins(side, 8, side, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(tokens().stage, 0.86))
        painter.end()
