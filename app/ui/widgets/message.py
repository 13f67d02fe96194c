"""A message inside a page: what happened, what it means for the time, what to do."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from app.texts import Message
from app.ui.widgets.basics import Button, Paragraph, Symbol, Tone, column, dress, row

MessageKind = Literal["info", "success", "attention", "danger"]

_ICONS: dict[MessageKind, tuple[str, Tone]] = {
    "info": ("info", "primary"),
    "success": ("check_circle", "success"),
    "attention": ("warning", "attention"),
    "danger": ("warning", "danger"),
}


class MessageBox(QFrame):
    """A tinted box with an icon, up to three sentences and, if asked for, one button."""

    def __init__(self, name: str, button: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.symbol = Symbol("info", 22)
        self.what = Paragraph("strong")
        self.time = Paragraph()
        self.todo = Paragraph()
        self.button = Button(button or f"{name}Button")
        words = column(self.what, self.time, self.todo, gap=2)
        layout = row(gap=12, margin=(14, 12, 14, 12))
        layout.addLayout(column(self.symbol, None))
        layout.addLayout(words, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)
        self.button.setHidden(not button)
        self.hide()

    def show_message(self, kind: MessageKind, message: Message | None) -> None:
        """Show a message, or nothing."""
        self.setVisible(message is not None)
        if message is None:
            return
        self.symbol.show_icon(*_ICONS[kind])
        dress(self, "kind", kind)
        for label, text in (
            (self.what, message.what),
            (self.time, message.time),
            (self.todo, message.todo),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleName(" ".join(filter(None, (message.what, message.time, message.todo))))
