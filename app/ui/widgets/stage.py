"""The dark ground with the film in its middle and whatever lies over it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import tokens
from app.ui.widgets.captions import Captions


class Stage(QWidget):
    """Keeps the film at 16:9, as large as it goes; the pointer can be hidden over it."""

    def __init__(self, film: QWidget, *overlays: QWidget) -> None:
        super().__init__()
        self.setObjectName("stage")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._film = film
        self._overlays = overlays
        self._clear = 0
        self.captions = Captions()
        film.setParent(self)
        self.captions.setParent(self)
        for overlay in overlays:
            overlay.setParent(self)
            overlay.hide()

    def keep_clear(self, height: int) -> None:
        """Controls lie over the lowest `height` px: words and cards stand above them."""
        if height != self._clear:
            self._clear = height
            self._place()

    def hide_pointer(self, *, hidden: bool) -> None:
        """Take the pointer off the film, or give it back."""
        if hidden:
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            self.unsetCursor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        width = min(self.width(), self.height() * 16 // 9)
        height = min(self.height(), width * 9 // 16)
        film = QRect(0, 0, width, height)
        film.moveCenter(self.rect().center())
        self._film.setGeometry(film)
        self.captions.setGeometry(self.rect())
        self.captions.place(film, lifted=self._clear)
        self.captions.raise_()
        for overlay in self._overlays:
            overlay.setGeometry(self.rect().adjusted(0, 0, 0, -self._clear))
            overlay.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().stage))
        painter.end()
