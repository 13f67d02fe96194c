"""Signed out: why, what was counted in this run, what still waits, whom one can ask."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QProgressBar, QWidget

from app import intents, texts
from app.texts import clock
from app.ui.language import translate
from app.ui.pages.base import ScrollingPage
from app.ui.theme import LESSON, NUMBER, font
from app.ui.widgets.announce import announce
from app.ui.widgets.basics import Button, Label, Paragraph, Symbol, Tone, card, column, row
from app.ui.widgets.message import MessageBox
from app.view import SignedOutView


class _Number(QFrame):
    def __init__(self, icon: str, tone: Tone) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.name = Label("strong")
        self.number = Label("display")
        self.number.setFont(font(NUMBER, bold=True, tabular=True))
        self.setLayout(
            column(
                row(Symbol(icon, 20, tone), self.name, None),
                self.number,
                gap=4,
                margin=(20, 16, 20, 16),
            )
        )

    def say(self, name: str, number: str) -> None:
        self.name.setText(name)
        self.number.setText(number)
        self.setAccessibleName(f"{name} {number}")


class _Appeal(QFrame):
    """One click asks a person; the number that comes back can be read, marked and copied."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setObjectName("appeal")
        self.symbol = Symbol("users", 24, "primary")
        self.what, self.words = Paragraph("strong"), Paragraph()
        self.number = QLineEdit()
        self.number.setObjectName("appealNumber")
        self.number.setReadOnly(True)
        self.number.setFont(font(LESSON, bold=True, tabular=True))
        self.copy = Button("appealCopy", "large")
        self.copy.clicked.connect(self._copy)
        self.button = Button("appealButton", "large")
        # A widget of its own: a layout whose widgets are hidden would have no width to give
        self.receipt = QWidget()
        self.receipt.setLayout(row(self.number, self.copy, gap=8))
        text = column(self.what, self.words, self.receipt, gap=4)
        layout = row(gap=16, margin=(20, 16, 20, 16))
        layout.addLayout(column(self.symbol, None))
        layout.addLayout(text, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)
        self._state = ""

    def render_appeal(self, view: SignedOutView) -> None:
        """Show where the request stands; nothing where nothing can be asked."""
        self.setVisible(bool(view.appeal))
        words = texts.appeal(translate, view)
        self.what.setText(words.what)
        self.words.setText(" ".join(filter(None, (words.time, words.todo))))
        sent, failed = view.appeal == "sent", view.appeal == "failed"
        icon: tuple[str, Tone] = ("users", "primary")
        if sent or failed:
            icon = ("check_circle", "success") if sent else ("warning", "attention")
        self.symbol.show_icon(*icon)
        self.button.setHidden(sent)
        self.button.setEnabled(view.appeal != "sending")
        self.button.say(
            translate("SignedOut", "再试一次") if failed else translate("SignedOut", "一键申诉")
        )
        self.receipt.setVisible(sent and bool(view.appeal_number))
        self.number.setText(view.appeal_number)
        self.number.setCursorPosition(0)
        self.number.setAccessibleName(translate("SignedOut", "受理编号"))
        self.copy.say(translate("SignedOut", "复制编号"))
        if view.appeal != self._state:
            before, self._state = self._state, view.appeal
            if before and view.appeal in ("sent", "failed"):
                said = (self.what.plain(), self.words.plain(), view.appeal_number)
                announce(self, " ".join(filter(None, said)), urgent=True)
                (self.copy if sent and view.appeal_number else self.button).setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.number.text())
        self.number.selectAll()
        announce(self, translate("SignedOut", "编号已复制"), urgent=False)


class SignedOutPage(ScrollingPage):
    """Why, three numbers, a person to ask, and a way back in."""

    def __init__(self) -> None:
        super().__init__(width=720)
        self.symbol = Symbol("check_circle", 48, "success")
        self.title = Paragraph("display")
        self.title.setObjectName("signedOutTitle")
        self.todo = Paragraph("lead")
        self.why = MessageBox("signedOutWhy")
        self.appeal = _Appeal()
        self.appeal.button.clicked.connect(lambda: self.intent.emit(intents.FileAppeal()))
        self.counted = _Number("check_circle", "success")
        self.waiting = _Number("hourglass", "second")
        self.lost = _Number("warning", "danger")
        numbers = QHBoxLayout()
        numbers.setSpacing(16)
        for number in (self.counted, self.waiting, self.lost):
            numbers.addWidget(number, 1)
        self.sending = card("quiet")
        self.sending_symbol = Symbol("cloud_check", 22)
        self.sending_words = Paragraph()
        self.sending_words.setObjectName("signedOutSending")
        line = row(self.sending_symbol, gap=12, margin=(16, 12, 16, 12))
        line.addWidget(self.sending_words, 1)
        self.progress = QProgressBar()
        self.progress.setObjectName("signedOutProgress")
        self.progress.setTextVisible(False)
        self.leave = Button("signedOutLeave", "large")
        self.leave.clicked.connect(lambda: self.intent.emit(intents.LeaveNow()))
        line.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignVCenter)
        whole = column(gap=0)
        whole.addLayout(line)
        whole.addWidget(self.progress)
        self.sending.setLayout(whole)
        self.again = Button("signedOutAgain", "primary")
        self.again.clicked.connect(lambda: self.intent.emit(intents.Retry()))
        self.body.addStretch(2)
        for widget in (self.symbol, self.title, self.todo, self.why):
            self.body.addWidget(widget)
        self.body.addLayout(numbers)
        self.body.addWidget(self.appeal)
        self.body.addWidget(self.sending)
        self.body.addSpacing(8)
        self.body.addLayout(row(self.again, None))
        self.body.addStretch(3)
        self.retranslate()

    def retranslate(self) -> None:
        self.again.say(translate("SignedOut", "重新登录"))
        self.leave.say(translate("SignedOut", "先离开，稍后自动发送"))
        self.progress.setAccessibleName(translate("SignedOut", "交给平台的进度"))

    def render_view(self, view: SignedOutView) -> None:
        """Show how a run ended."""
        words = texts.ending(translate, view)
        good = view.reason in ("learner", "closed", "policy")
        self.symbol.show_icon(
            "check_circle" if good else "warning", "success" if good else "attention"
        )
        self.title.setText(words.what)
        self.todo.setText(words.todo)
        self.sending_words.setText(words.time)
        self.leave.setVisible(view.sending)
        self.progress.setVisible(view.sending and view.total > 0)
        self.progress.setRange(0, max(1, view.total))
        self.progress.setValue(view.total - min(view.total, view.unsent + view.pictures))
        waits = view.sending or view.unsent > 0 or view.pictures > 0
        self.sending_symbol.show_icon(
            "hourglass" if waits else "cloud_check", "second" if waits else "success"
        )
        self.counted.say(translate("SignedOut", "本次已计入"), clock(view.credited_s))
        self.waiting.say(translate("SignedOut", "等待确认"), clock(view.provisional_s))
        self.lost.say(translate("SignedOut", "暂未计入"), clock(view.lost_s))
        self.lost.setVisible(view.lost_s > 0)
        failed = view.reason == "check_failed"
        why = texts.why_ended(translate, view) if failed and (view.why or view.lost_s) else None
        self.why.show_message("attention", why)
        self.appeal.render_appeal(view)

    def first_focus(self) -> QWidget | None:
        return self.again
