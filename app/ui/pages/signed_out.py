"""Signed out: why, what was counted in this run, and what still waits."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app import intents, texts
from app.texts import clock
from app.ui.language import translate
from app.ui.pages.base import ScrollingPage
from app.ui.theme import NUMBER, font
from app.ui.widgets.basics import Button, Label, Paragraph, Symbol, Tone, card, column, row
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


class SignedOutPage(ScrollingPage):
    """Three numbers and a way back in."""

    def __init__(self) -> None:
        super().__init__(width=720)
        self.symbol = Symbol("check_circle", 48, "success")
        self.title = Paragraph("display")
        self.title.setObjectName("signedOutTitle")
        self.todo = Paragraph("lead")
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
        self.sending.setLayout(line)
        self.again = Button("signedOutAgain", "primary")
        self.again.clicked.connect(lambda: self.intent.emit(intents.Retry()))
        self.body.addStretch(2)
        for widget in (self.symbol, self.title, self.todo):
            self.body.addWidget(widget)
        self.body.addLayout(numbers)
        self.body.addWidget(self.sending)
        self.body.addSpacing(8)
        self.body.addLayout(row(self.again, None))
        self.body.addStretch(3)
        self.retranslate()

    def retranslate(self) -> None:
        self.again.say(translate("SignedOut", "重新登录"))

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
        waits = view.sending or view.unsent > 0
        self.sending_symbol.show_icon(
            "hourglass" if waits else "cloud_check", "second" if waits else "success"
        )
        self.counted.say(translate("SignedOut", "本次已计入"), clock(view.credited_s))
        self.waiting.say(translate("SignedOut", "等待确认"), clock(view.provisional_s))
        self.lost.say(translate("SignedOut", "暂未计入"), clock(view.lost_s))
        self.lost.setVisible(view.lost_s > 0)

    def first_focus(self) -> QWidget | None:
        return self.again
