"""What every page is: a widget that shows a view, speaks its words, and sends intents."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import MARGIN
from app.ui.widgets.basics import scrolling


class PageWidget(QWidget):
    """A page fills the window below the header."""

    intent = Signal(object)
    spoken = Signal(str)  # what the computer's voice should say

    def render_view(self, view: Any) -> None:
        """Show this page's part of the view; each page says which type that is."""

    def retranslate(self) -> None:
        """Say the words that no view carries; called when the language changed."""

    def first_focus(self) -> QWidget | None:
        """The control that has the focus when the page is entered."""
        return None

    def set_preview(self, frame: QImage) -> None:
        """The newest camera picture; most pages don't show it."""


class ScrollingPage(PageWidget):
    """A page whose content is a column of bounded width that scrolls when it must."""

    def __init__(self, width: int = 1040) -> None:
        super().__init__()
        self.body = QVBoxLayout()
        self.body.setSpacing(16)
        self.body.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setMaximumWidth(width)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        holder.setLayout(self.body)
        content = QWidget()
        sides = QHBoxLayout(content)
        sides.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        sides.addStretch(1)
        sides.addWidget(holder, 1000)
        sides.addStretch(1)
        self.area = scrolling(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def focusNextPrevChild(self, forward: bool) -> bool:
        moved = super().focusNextPrevChild(forward)
        control = self.focusWidget()
        if control is not None:
            self.area.ensureWidgetVisible(control, 16, 48)
        return moved
