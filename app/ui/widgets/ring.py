"""The ring of counted time: what the platform confirmed, what waits, what is left."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui import icons
from app.ui.theme import LESSON, NUMBER, SMALL, colour, font, tokens


class Ring(QWidget):
    """Counted time as a solid arc, waiting time as dots after it.

    Shape tells them apart, colour only helps. A large ring carries its number inside; a
    finished small one a tick.
    """

    def __init__(self, size: int = 36, width: int = 4, *, numbers: bool = False) -> None:
        super().__init__()
        self._size = size
        self._width = width
        self._numbers = numbers
        self._counted = self._waiting = 0.0
        self._complete = False
        self._big = self._small = ""
        self.setFixedSize(size, size)

    def show_time(
        self, counted_s: float, waiting_s: float, whole_s: float, *, complete: bool
    ) -> None:
        """Show counted and waiting seconds of a whole."""
        whole = max(whole_s, 0.001)
        state = (min(1.0, counted_s / whole), min(1.0, waiting_s / whole), complete)
        if state != (self._counted, self._waiting, self._complete):
            self._counted, self._waiting, self._complete = state
            self.update()

    def show_words(self, big: str, small: str) -> None:
        """The number in the middle and the line under it."""
        if (big, small) != (self._big, self._small):
            self._big, self._small = big, small
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = self._width / 2 + 0.5
        area = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        pen = QPen(colour(t.hairline), self._width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawEllipse(area)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if self._counted > 0:
            pen.setColor(QColor(t.success))
            painter.setPen(pen)
            painter.drawArc(area, 90 * 16, -round(self._counted * 360 * 16))
        if self._waiting > 0:
            self._dots(painter, area, t.second)
        if self._numbers:
            self._write(painter)
        elif self._complete:
            side = self._size * 0.5
            corner = (self._size - side) / 2
            icons.paint(painter, "check", QRectF(corner, corner, side, side), t.success)
        painter.end()

    def _dots(self, painter: QPainter, area: QRectF, ink: str) -> None:
        """The waiting part: dots, because it isn't solid yet."""
        begin = 90 - self._counted * 360
        length = min(self._waiting, 1 - self._counted) * 360
        step = 360 * self._width * 1.7 / (3.14159 * area.width())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink))
        radius = self._width * 0.36
        painter.save()
        painter.translate(area.center())
        painter.rotate(-begin)
        for number in range(1, max(1, round(length / step)) + 1):
            painter.save()
            painter.rotate(min(number * step, max(length, step)))
            painter.drawEllipse(QPointF(area.width() / 2, 0), radius, radius)
            painter.restore()
        painter.restore()

    def _write(self, painter: QPainter) -> None:
        t = tokens()
        painter.setPen(QColor(t.text))
        painter.setFont(font(NUMBER, bold=True, tabular=True))
        middle = self.height() / 2
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(
            QRectF(0, middle - 34, self.width(), 40),
            centre | Qt.AlignmentFlag.AlignVCenter,
            self._big,
        )
        painter.setPen(QColor(t.second))
        painter.setFont(font(SMALL, tabular=True))
        painter.drawText(
            QRectF(0, middle + 6, self.width(), 22),
            centre | Qt.AlignmentFlag.AlignVCenter,
            self._small,
        )


class ShareRing(QWidget):
    """How much of what the film waits for has come, with the share written inside."""

    def __init__(self, size: int = 76) -> None:
        super().__init__()
        self.setObjectName("bufferRing")
        self._share = 0.0
        self.setFixedSize(size, size)

    def show_share(self, share: float) -> None:
        """share: 0 to 1."""
        share = min(1.0, max(0.0, share))
        if share != self._share:
            self._share = share
            self.update()

    def resize_to(self, size: int) -> None:
        """size: px."""
        self.setFixedSize(size, size)

    def percent(self) -> int:
        """The number inside."""
        return int(self._share * 100)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() / 9.5
        edge = width / 2 + 0.5
        area = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.setPen(QPen(QColor(t.hairline), width))
        painter.drawEllipse(area)
        pen = QPen(QColor(t.primary), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        # A short arc is there from the start: an empty ring would look broken
        painter.drawArc(area, 90 * 16, -round(max(self._share, 0.02) * 360 * 16))
        painter.setPen(QColor(t.text))
        painter.setFont(font(LESSON if self.width() > 60 else SMALL, bold=True, tabular=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, f"{self.percent()}%")
        painter.end()
