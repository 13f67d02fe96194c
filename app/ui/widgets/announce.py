"""What a screen reader, or the computer's voice, says by itself while the eyes are elsewhere.

A check gives seconds: who doesn't see the screen has to hear each new instruction without
going to look for it. Hints come and go with every frame, so one is only said when it has
stood for a moment, and not again until something else was said.
"""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

STANDS_MS = 700
"""How long a hint stands before it is said: a head that moves passes several."""


def announce(source: QWidget, text: str, *, urgent: bool) -> None:
    """Have a screen reader say `text`; urgent: at once, in place of what it is saying."""
    event = QAccessibleAnnouncementEvent(source, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


class Prompter(QObject):
    """Says each thing once. `said` carries the same words for the computer's voice."""

    said = Signal(str)

    def __init__(self, source: QWidget) -> None:
        super().__init__(source)
        self._source = source
        self._last = ""
        self._hint = self._waiting = ""
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(STANDS_MS)
        self.timer.timeout.connect(self._say_hint)

    def now(self, text: str) -> None:
        """Say what has to be done or has happened, unless it was the last that was said."""
        if text and text != self._last:
            self._last = text
            self._hint = ""
            self._say(text, urgent=True)

    def soon(self, hint: str) -> None:
        """Say a hint if it still stands in a moment; empty: there is none any more."""
        if hint == self._waiting:
            return
        self._waiting = hint
        if hint and hint != self._hint:
            self.timer.start()
        else:
            self.timer.stop()

    def aside(self, text: str) -> None:
        """Say something that interrupts nothing and is forgotten."""
        self._say(text, urgent=False)

    def forget(self) -> None:
        """Say everything anew from here."""
        self._last = self._hint = self._waiting = ""
        self.timer.stop()

    def _say_hint(self) -> None:
        self._hint = self._waiting
        self._say(self._hint, urgent=False)

    def _say(self, text: str, *, urgent: bool) -> None:
        announce(self._source, text, urgent=urgent)
        self.said.emit(text)
