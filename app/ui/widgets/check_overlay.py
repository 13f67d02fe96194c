"""The random check: the film is dimmed, there is one thing to do and the time for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QWidget

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
        centre = Qt.AlignmentFlag.AlignHCenter
        self._ask = QWidget()
        ask = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._ask)
        ask.setContentsMargins(0, 0, 0, 0)
        ask.setSpacing(2)
        ask.addWidget(self.art, 0, centre)
        ask.addWidget(self.instruction)
        ask.addWidget(self.hint)
        self._rest = QWidget()
        rest = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._rest)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.setSpacing(2)
        rest.addWidget(self.time)
        rest.addWidget(self.attempts)
        rest.addSpacing(8)
        rest.addWidget(self.button, 0, centre)
        self._tiny = False  # no height even for the drawing
        self._layout = QGridLayout(self)
        self._layout.setSpacing(10)
        self._arrange(tall=True)
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
        if not acting:
            self.picture.show_action(0, 0.0)
        self.art.setVisible(acting and not self._tiny)
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
        turn = {"turn_left": -1, "turn_right": 1}.get(view.action, 0)
        self.picture.show_left(left, "primary" if seconds > 10 else "danger")
        self.picture.show_action(turn, view.progress)

    def _arrange(self, *, tall: bool) -> None:
        """On one axis where there is height for it; else the picture beside the words."""
        grid = self._layout
        for widget in (self.picture, self._ask, self._rest):
            grid.removeWidget(widget)
        for row in range(4):
            grid.setRowStretch(row, 0)
        if tall:
            grid.addWidget(self._ask, 0, 0)
            grid.addWidget(self.picture, 1, 0)
            grid.addWidget(self._rest, 2, 0)
            grid.setRowStretch(1, 1)
            grid.setColumnStretch(1, 0)
        else:
            grid.addWidget(self.picture, 0, 0, 4, 1)
            grid.addWidget(self._ask, 1, 1)
            grid.addWidget(self._rest, 2, 1)
            grid.setRowStretch(0, 1)
            grid.setRowStretch(3, 1)
            grid.setColumnStretch(1, 1)
        grid.setColumnStretch(0, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tall, roomy = self.height() >= 460, self.height() > 360
        self._arrange(tall=tall)
        self.art.resize_to(84 if roomy else 40)
        self._tiny = self.height() < 220
        self.art.setVisible(not self.art.isHidden() and not self._tiny)
        self.instruction.dress(NUMBER if roomy else TITLE, "on_stage")
        self.hint.dress(LESSON if roomy else BODY, "stage_second")
        side = 18 if roomy else 4
        self._layout.setContentsMargins(side, side, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(tokens().stage, 0.93))
        painter.end()
