"""A trouble that stops everything: what happened, what it means for the time, what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app import intents, texts
from app.errors import Trouble
from app.ui.language import translate
from app.ui.pages.base import ScrollingPage
from app.ui.widgets.basics import Button, Label, Paragraph, Symbol, card, column, row
from app.ui.widgets.camera_menu import CameraMenu
from app.view import TroubleView

_ICONS = {
    "camera": "camera_off",
    "film": "film",
    "store": "store",
    "clock": "clock",
    "no_camera": "camera_off",
    "unreachable": "cloud_off",
    "server": "server",
    "nonsense": "server",
    "busy": "server",
    "name": "cloud_off",
    "no_way": "cloud_off",
    "portal": "cloud_off",
    "line": "shield",
    "proxy": "lock",
    "other": "users",
    "unsure": "face",
    "check": "face",
    "wrong": "lock",
    "untrusted": "shield",
    "demo": "server",
    "taken": "server",
    "signed": "exit",
    "records": "shield",
    "no_keyring": "lock",
    "key": "lock",
}


def trouble_icon(trouble: Trouble) -> str:
    """The icon of what is in trouble."""
    return _ICONS.get(trouble.value, _ICONS.get(trouble.value.split("_")[0], "warning"))


class TroublePage(ScrollingPage):
    """Three short paragraphs in the order in which one asks, and one button."""

    def __init__(self) -> None:
        super().__init__(width=720)
        self.symbol = Symbol("warning", 48, "attention")
        self.title = Paragraph("display")
        self.title.setObjectName("troubleTitle")
        self.time_head, self.time = Label("strong"), Paragraph("lesson")
        self.todo_head, self.todo = Label("strong"), Paragraph("lesson")
        self.retry = Button("troubleRetry", "primary", "refresh")
        self.retry.clicked.connect(lambda: self.intent.emit(intents.Retry()))
        self.without = Button("troubleDoWithout")
        self.without.clicked.connect(lambda: self.intent.emit(intents.DoWithoutKeyring()))
        self.choice = CameraMenu()
        self.choice.intent.connect(self.intent)
        self.support = Paragraph("second")
        self.support_symbol = Symbol("phone", 20)
        self.facts = card()
        lines = column(gap=0, margin=(24, 16, 24, 16))
        self._time_line = self._line("clock", self.time_head, self.time)
        lines.addWidget(self._time_line)
        self._rule = card("line")
        lines.addWidget(self._rule)
        lines.addWidget(self._line("pen", self.todo_head, self.todo))
        self.facts.setLayout(lines)
        self.body.addStretch(2)
        self.body.addWidget(self.symbol)
        self.body.addWidget(self.title)
        self.body.addWidget(self.facts)
        self.body.addSpacing(4)
        support = row(self.support_symbol, gap=8)
        support.addWidget(self.support, 1)
        foot = row(self.retry, self.without, self.choice, gap=24)
        foot.addLayout(support, 1)
        self.body.addLayout(foot)
        self.body.addStretch(3)
        self.retranslate()

    @staticmethod
    def _line(icon: str, head: Label, text: Paragraph) -> QWidget:
        widget = QWidget()
        line = QHBoxLayout(widget)
        line.setContentsMargins(0, 10, 0, 10)
        line.setSpacing(16)
        line.addWidget(Symbol(icon, 22, "second"), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(column(head, text, gap=2), 1)
        return widget

    def retranslate(self) -> None:
        self.time_head.setText(translate("TroublePage", "您的时间"))
        self.todo_head.setText(translate("TroublePage", "您可以这样做"))
        self.retry.say(translate("TroublePage", "重试"))
        self.without.say(translate("TroublePage", "继续学习"))
        self.choice.retranslate()

    def render_view(self, view: TroubleView) -> None:
        """Show a trouble."""
        message = texts.trouble(translate, view.report)
        self.symbol.show_icon(trouble_icon(view.report.trouble), "attention")
        self.title.setText(message.what)
        self.time.setText(message.time)
        self._time_line.setVisible(bool(message.time))
        self._rule.setVisible(bool(message.time))
        self.todo.setText(message.todo)
        self.retry.setVisible(view.can_retry)
        self.without.setVisible(view.can_do_without)
        self.choice.render_cameras(view.cameras, view.camera)
        contact = view.support_contact
        self.support.setText(
            translate("TroublePage", "培训机构：{contact}").format(contact=contact)
        )
        self.support.setVisible(bool(contact))
        self.support_symbol.setVisible(bool(contact))

    def first_focus(self) -> QWidget | None:
        return self.retry
