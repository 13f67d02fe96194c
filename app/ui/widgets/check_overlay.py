"""The random check: the film is dimmed, there is one thing to do and the time for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from app import texts
from app.texts import Message
from app.ui.language import translate
from app.ui.theme import BODY, LESSON, NUMBER, TITLE
from app.ui.widgets.action_art import ActionArt
from app.ui.widgets.announce import Prompter
from app.ui.widgets.basics import Button
from app.ui.widgets.preview import RoundPicture
from app.ui.widgets.stage_ink import Ink
from app.ui.widgets.stage_light import StageLight
from app.ui.widgets.stage_text import StageText
from app.view import CheckView

_TOWARDS = {"turn_left": "left", "turn_right": "right", "nod": "nod"}
_HURRY_S = 10


class CheckOverlay(StageLight):
    """Covers the film during a check; wide and low when the screen is small.

    It takes the focus, so that a screen reader is with it. `spoken` carries what the
    computer's voice should say, when the learner wants that.
    """

    retry = Signal()
    change = Signal()
    spoken = Signal(str)

    def __init__(self, *, at_sign_in: bool = False) -> None:
        super().__init__(radius=8.0 if at_sign_in else 0.0)
        self.setObjectName("signInCheck" if at_sign_in else "checkOverlay")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._at_sign_in = at_sign_in
        self._view: CheckView | None = None
        self._hurried = False
        self._tall, self._roomy = True, True
        self.prompter = Prompter(self)
        self.prompter.said.connect(self._speak)
        self.picture = RoundPicture()
        self.picture.setObjectName("checkPicture")
        self.art = ActionArt()
        self.instruction = StageText(NUMBER, bold=True)
        self.instruction.setObjectName("checkInstruction")
        self.hint = StageText(LESSON, ink="second")
        self.hint.setObjectName("checkHint")
        self.time = StageText(TITLE, bold=True)
        self.time.setObjectName("checkTime")
        self.attempts = StageText(BODY, ink="second")
        self.attempts.setObjectName("checkAttempts")
        self.waiting = StageText(BODY, ink="second")
        self.waiting.setObjectName("checkWaiting")
        self.button = Button("checkRetry", "primary", "refresh")
        self.button.clicked.connect(self.retry)
        self.other = Button("checkChange", "large")
        self.other.clicked.connect(self.change)
        centre = Qt.AlignmentFlag.AlignHCenter
        self._ask, ask = _column()
        ask.addWidget(self.art, 0, centre)
        ask.addWidget(self.instruction)
        ask.addWidget(self.hint)
        self._rest, rest = _column()
        for label in (self.time, self.attempts, self.waiting):
            rest.addWidget(label)
        rest.addSpacing(8)
        rest.addWidget(self.button, 0, centre)
        self._grid = QGridLayout(self)
        self._grid.setSpacing(10)
        self._arrange()
        self.hide()

    def set_frame(self, frame: QImage) -> None:
        """The newest camera picture."""
        self.picture.set_frame(frame)

    def render_check(self, view: CheckView | None) -> None:
        """Show a check, or nothing."""
        before, self._view = self._view, view
        if view is None:
            self.prompter.forget()
            self.hide()
            return
        if view.speech and (before is None or not before.speech):
            self.prompter.forget()
        self.shine(view.tint)
        acting = view.phase == "acting"
        self._show_parts(view)
        self.show_dot(view.dot if acting else "")
        if acting:
            self._show_acting(view)
        else:
            self._show_result(view)
        self.attempts.setText(texts.attempts_left(translate, view.attempts_left))
        self.button.say(translate("Check", "再试一次"))
        self.other.say(
            translate("Check", "我做不了这个动作"),
            hint=translate("Check", "换成其他动作，不影响验证"),
        )
        self._name(self.instruction.text(), self.hint.text())
        self.show()
        if before is None or before.phase != view.phase:
            self._take_focus(view)
        self._tell(view, before)

    def _show_parts(self, view: CheckView) -> None:
        """What belongs to the phase and has room."""
        acting, failed = view.phase == "acting", view.phase == "failed"
        follows = view.action == "follow_dot"
        lane = 0
        if acting and follows:
            lane = 68 if self._tall else 30
        if lane != self.lane:
            self.lane = lane
            self._arrange()
        self.art.setVisible(acting and not follows and self.height() >= 220)
        self.time.setVisible(acting)
        self.attempts.setVisible(acting or failed)
        self.waiting.setVisible(bool(self._waiting_words(view)) and (self._roomy or failed))
        self.button.setVisible(failed and view.attempts_left > 0)
        shown = acting and view.may_change
        if not shown and self.other.hasFocus():
            self.setFocus()
        self.other.setVisible(shown)

    def _waiting_words(self, view: CheckView) -> str:
        if view.phase not in ("acting", "failed"):
            return ""
        return texts.check_waiting(translate, view.waiting_s)

    def _show_acting(self, view: CheckView) -> None:
        left = view.seconds_left / max(view.seconds_total, 0.001)
        self.art.show_action(view.action, view.dot)
        self.instruction.setText(texts.action(translate, view.action))
        hint = texts.hint(translate, view.hint)
        self.hint.setText(hint or texts.which_action(translate, view))
        asks = texts.asks_for_help(view.hint)
        self.hint.use("attention" if asks else "second", bold=asks)
        seconds = max(0, round(view.seconds_left))
        self.time.setText(translate("Check", "剩余 {n} 秒").format(n=seconds))
        self.waiting.setText(self._waiting_words(view))
        self.picture.show_left(left, "primary" if seconds > _HURRY_S else "danger")
        self.picture.show_action(_TOWARDS.get(view.action, ""), view.progress)

    def _show_result(self, view: CheckView) -> None:
        words = self._result_words(view)
        good = view.phase == "passed"
        left = view.seconds_left / max(view.seconds_total, 0.001)
        self.instruction.setText(words.what)
        if view.phase == "failed":
            self.hint.setText(words.todo)
            self.waiting.setText(words.time)
        else:
            self.hint.setText("\n".join(filter(None, (words.time, words.todo))))
        self.hint.use("second")
        self.picture.show_action("", 0.0)
        if good:
            self.picture.show_left(1.0, "success", "check")
        else:
            self.picture.show_left(left, "attention", "cross")

    def _result_words(self, view: CheckView) -> Message:
        if view.phase == "passed":
            return texts.check_passed(translate, view, at_sign_in=self._at_sign_in)
        if view.phase == "failed":
            return texts.check_failure(translate, view.reason, view.waiting_s)
        return texts.check_over(translate, view, at_sign_in=self._at_sign_in)

    # For those who hear the screen

    def _name(self, name: str, description: str) -> None:
        """Set only what changed: a screen reader reads a new name of what has the focus."""
        if name != self.accessibleName():
            self.setAccessibleName(name)
        if description != self.accessibleDescription():
            self.setAccessibleDescription(description)

    def _tell(self, view: CheckView, before: CheckView | None) -> None:
        """Say what is new: the instruction, where the dot is, a hint, how it ended."""
        if view.phase != "acting":
            words = self._result_words(view)
            tries = ""
            if view.phase == "failed" and view.attempts_left > 0:
                tries = self.attempts.text()
            self.prompter.soon("")
            self.prompter.now(" ".join(filter(None, (words.what, words.time, words.todo, tries))))
            return
        place = texts.dot_place(translate, view.dot)
        goes_on = before is not None and before.phase == "acting" and before.action == view.action
        if goes_on and place and before is not None and before.dot != view.dot:
            self.prompter.now(place)
        elif not goes_on or not place:
            self.prompter.now(" ".join(filter(None, (self.instruction.text(), place))))
        asks = texts.asks_for_help(view.hint)
        self.prompter.soon(self.hint.text() if asks else "")
        hurry = view.seconds_left <= _HURRY_S
        if hurry and not self._hurried:
            self.prompter.aside(self.time.text())
        self._hurried = hurry

    def _speak(self, words: str) -> None:
        if self._view is not None and self._view.speech:
            self.spoken.emit(words)

    def _take_focus(self, view: CheckView) -> None:
        if view.phase == "failed" and view.attempts_left > 0:
            self.button.setFocus()
        else:
            self.setFocus()

    # Room

    def wear(self, ink: Ink) -> None:
        """Write and draw with other inks."""
        for label in (self.instruction, self.hint, self.time, self.attempts, self.waiting):
            label.wear(ink)
        self.art.wear(ink)
        self.picture.wear(ink)

    def _arrange(self) -> None:
        """On one axis where there is height for it; else the picture beside the words.

        The button for other actions stands in a corner that the round picture leaves free.
        """
        grid, align = self._grid, Qt.AlignmentFlag
        for widget in (self.picture, self._ask, self._rest, self.other):
            grid.removeWidget(widget)
        for row in range(4):
            grid.setRowStretch(row, 0)
        for column in range(3):
            grid.setColumnStretch(column, 0)
        grid.setColumnStretch(0, 1)
        if self._tall:
            grid.addWidget(self._ask, 0, 0)
            grid.addWidget(self.picture, 1, 0)
            grid.addWidget(self._rest, 2, 0)
            if self.width() >= 720:
                grid.addWidget(self.other, 1, 0, align.AlignRight | align.AlignBottom)
                self.other.raise_()
            else:
                grid.addWidget(self.other, 3, 0, align.AlignHCenter)
            grid.setRowStretch(1, 1)
        else:
            grid.addWidget(self.picture, 0, 0, 4, 1)
            grid.addWidget(self._ask, 1, 1)
            grid.addWidget(self._rest, 2, 1)
            grid.addWidget(self.other, 0, 2, 4, 1, align.AlignVCenter)
            grid.setRowStretch(0, 1)
            grid.setRowStretch(3, 1)
            grid.setColumnStretch(1, 2)
        side = self.lane or (18 if self._roomy else 4)
        grid.setContentsMargins(side, side, side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tall, self._roomy = self.height() >= 460, self.height() > 360
        self.lane = 0
        self._arrange()
        self.art.resize_to(84 if self._roomy else 40)
        self.instruction.write_with(NUMBER if self._roomy else TITLE)
        self.hint.write_with(LESSON if self._roomy else BODY)
        if self._view is not None:
            self._show_parts(self._view)
        self.settle()


def _column() -> tuple[QWidget, QBoxLayout]:
    """Widgets below each other, close together."""
    holder = QWidget()
    layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    return holder, layout
