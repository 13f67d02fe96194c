"""What a page shows when it has nothing to show: why, and what comes next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from app.texts import Message
from app.ui.widgets.basics import Button, Paragraph, Symbol, Tone, column


class Blank(QFrame):
    """A card with an icon, a sentence, what it means, and one button."""

    def __init__(self, icon: str, button: str, *, tone: Tone = "second") -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.title = Paragraph("heading")
        self.text = Paragraph("second")
        self.button = Button(button, "primary", "refresh")
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        centre = Qt.AlignmentFlag.AlignHCenter
        inside = column(gap=8, margin=(40, 48, 40, 48))
        inside.addWidget(Symbol(icon, 44, tone), 0, centre)
        inside.addWidget(self.title)
        inside.addWidget(self.text)
        inside.addSpacing(12)
        inside.addWidget(self.button, 0, centre)
        self.setLayout(inside)
        self.hide()

    def say(self, message: Message, button: str) -> None:
        """Show why, and what the button does."""
        self.title.setText(message.what)
        self.text.setText("\n".join(filter(None, (message.time, message.todo))))
        self.button.say(button)
