"""A look at the connection: a line for each step, and what to do where it ended."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app import texts
from app.ui.language import translate
from app.ui.widgets.announce import announce
from app.ui.widgets.basics import Button, Label, Paragraph, Symbol, card, column, row, scrolling
from app.view import LineView
from sync.connection import Examined, Finding

_NAME = 96
"""How wide the names of the steps are."""


class LineDialog(QDialog):
    """`again` asks for another look. `finished` comes when it is closed.

    login: a proxy asks who one is, and this is where one can say so, also in the middle of study:
    host:port.
    """

    again = Signal()
    login = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lineDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("Connection", "检查网络连接"))
        self.resize(min(640, parent.width() - 40), min(560, parent.height() - 40))
        self.retry = Button("lineAgain", "large", "refresh")
        self.retry.say(translate("Connection", "再检查一次"))
        self.retry.clicked.connect(self.again)
        self._asks = ""
        self.proxy = Button("lineProxy", "large")
        self.proxy.say(translate("SignIn", "填写代理密码"))
        self.proxy.clicked.connect(lambda: self.login.emit(self._asks))
        close = Button("lineClose", "primary")
        close.say(translate("Connection", "知道了"))
        close.clicked.connect(self.accept)
        self._body = QWidget()
        self._lines = column(gap=8, margin=(24, 20, 24, 20))
        self._body.setLayout(self._lines)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scrolling(self._body), 1)
        layout.addLayout(row(None, self.proxy, self.retry, close, gap=12, margin=(24, 12, 24, 16)))
        close.setFocus()

    def render_line(self, view: LineView) -> None:
        """Show what was found, or that it takes its time."""
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.retry.setEnabled(bool(view.examined))
        self._asks = next((each.asks for each in view.examined if each.asks), "")
        self.proxy.setVisible(bool(self._asks))
        self._lines.addWidget(Label("title", text=self.windowTitle()))
        if not view.examined:
            words = translate("Connection", "正在检查，通常只要几秒，最多半分钟。")
            self._lines.addWidget(Paragraph("lead", text=words))
        for examined in view.examined:
            self._lines.addWidget(_address(examined))
        self._lines.addStretch(1)
        if view.examined:
            well = all(each.well for each in view.examined)
            said = translate("Connection", "连接没有问题。")
            if not well:
                said = translate("Connection", "连接有问题，请看标出的一步。")
            announce(self, said, urgent=True)


def _address(examined: Examined) -> QWidget:
    box = card()
    box.setLayout(column(gap=10, margin=(20, 14, 20, 14)))
    layout = box.layout()
    if layout is not None:
        layout.addWidget(Label("strong", text=examined.address))
        for finding in examined.findings:
            layout.addWidget(_step(finding))
    return box


def _step(finding: Finding) -> QWidget:
    words = texts.connection_step(translate, finding)
    name = texts.connection_step_name(translate, finding)
    line = QWidget()
    text = column(gap=2)
    text.addWidget(Paragraph("", text=words.what))
    if words.todo:
        text.addWidget(Paragraph("second", text=words.todo))
    inside = row(gap=12)
    symbol = (
        Symbol("warning", 20, "attention")
        if finding.wrong
        else Symbol("check_circle", 20, "success")
    )
    inside.addWidget(symbol, 0, Qt.AlignmentFlag.AlignTop)
    head = Paragraph("strong", text=name)
    head.setFixedWidth(_NAME)
    inside.addWidget(head, 0, Qt.AlignmentFlag.AlignTop)
    inside.addLayout(text, 1)
    line.setLayout(inside)
    return line
