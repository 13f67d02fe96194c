"""A person's hands and eyes for the rehearsal: find a widget by its name, use it, look at it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget


class NotThereError(LookupError):
    """A widget that a person would use now is missing, hidden or greyed out."""


class Hands:
    """Uses the widgets of one window as a person would: only what is visible and enabled."""

    def __init__(self, window: QWidget, out: Path) -> None:
        self._window = window
        self._out = out
        self._count = 0
        self.screens: list[str] = []

    def can(self, name: str) -> bool:
        """Whether the widget is there to be used right now."""
        return any(each.isVisible() and each.isEnabled() for each in self._named(name))

    def click(self, name: str) -> None:
        button = self._find(name)
        if not isinstance(button, QAbstractButton):
            raise NotThereError(f"{name} is not a button")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def write(self, name: str, text: str) -> None:
        field = self._find(name)
        if not isinstance(field, QLineEdit):
            raise NotThereError(f"{name} is not a field")
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(key_target(self._window), key)

    def look(self, name: str) -> str:
        """Take a picture of the window; returns its path."""
        self._count += 1
        path = self._out / "screens" / f"{self._count:02d}-{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grab().save(str(path)):
            raise OSError(f"cannot write {path}")
        self.screens.append(str(path))
        return str(path)

    def _named(self, name: str) -> list[QWidget]:
        return self._window.findChildren(QWidget, name)

    def _find(self, name: str) -> QWidget:
        for each in self._named(name):
            if each.isVisible() and each.isEnabled():
                return each
        raise NotThereError(name)


def key_target(window: QWidget) -> QWidget:
    """Where a key goes: the widget that has the focus, else the window."""
    focused: QWidget | None = window.focusWidget()
    return window if focused is None else focused
