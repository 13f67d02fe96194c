"""What stands in for a page that is loading: shapes, and only after 300 ms."""

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import tokens
from app.ui.widgets.basics import Label

_DELAY_MS = 300


class Skeleton(QWidget):
    """Grey shapes of the page to come; a quick answer never makes them flash."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("skeleton")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(240)
        self._due = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.show_now)
        self.words = Label("second")
        self.words.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words)
        layout.addStretch(1)

    def begin(self, words: str) -> None:
        """Start waiting."""
        self.words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(True)
        if not self._due and not self._timer.isActive():
            self._timer.start()

    def end(self) -> None:
        """The page has come."""
        self._timer.stop()
        self._due = False
        self.words.hide()
        self.hide()

    def show_now(self) -> None:
        """Show the shapes without waiting any longer."""
        self._due = True
        self.words.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._due:
            return
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(t.hairline))
        painter.setBrush(QColor(t.surface))
        width = self.width() - 1
        painter.drawRoundedRect(QRectF(0.5, 36.5, width, 120), 8, 8)
        painter.drawRoundedRect(QRectF(0.5, 172.5, width, 72), 8, 8)
        painter.setPen(QColor(t.second_tint))
        painter.setBrush(QColor(t.second_tint))
        painter.drawEllipse(QRectF(24, 60, 72, 72))
        painter.drawRoundedRect(QRectF(120, 70, width * 0.35, 18), 4, 4)
        painter.drawRoundedRect(QRectF(120, 104, width * 0.22, 14), 4, 4)
        painter.drawEllipse(QRectF(24, 190, 36, 36))
        painter.drawRoundedRect(QRectF(84, 200, width * 0.4, 16), 4, 4)
        painter.end()
