"""A lesson's film as a bar: what counts, what waits, what doesn't count, what wasn't seen."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import colour, tokens
from app.view import FilmPart

_HEIGHT = 14
_STEP = 7.0


class FilmBar(QWidget):
    """Stretches of film, told apart by their pattern; colour only helps.

    Solid counts, slanted lines wait, crosses do not count, empty was not watched.
    """

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[FilmPart, ...] = ()
        self._duration_s = 1.0
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_film(self, parts: tuple[FilmPart, ...], duration_s: float, words: str) -> None:
        """Show a film of so many seconds; words: the same for those who do not see it."""
        self.setAccessibleName(words)
        if (parts, duration_s) != (self._parts, self._duration_s):
            self._parts, self._duration_s = parts, max(duration_s, 0.001)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        edge = QPainterPath()
        edge.addRoundedRect(whole, 4, 4)
        painter.fillPath(edge, colour(t.second_tint))
        painter.setClipPath(edge)
        for part in self._parts:
            self._paint(painter, part, whole)
        painter.setClipping(False)
        painter.setPen(QPen(colour(t.line), 1))
        painter.drawPath(edge)
        painter.end()

    def _paint(self, painter: QPainter, part: FilmPart, whole: QRectF) -> None:
        t = tokens()
        left = whole.left() + whole.width() * part.start_s / self._duration_s
        width = whole.width() * (part.end_s - part.start_s) / self._duration_s
        area = QRectF(left, whole.top(), max(1.5, width), whole.height())
        match part.state:
            case "credited":
                painter.fillRect(area, QColor(t.success))
            case "provisional":
                painter.fillRect(area, QColor(t.attention_tint))
                _hatch(painter, area, t.attention, crossed=False)
            case _:
                painter.fillRect(area, QColor(t.danger_tint))
                _hatch(painter, area, t.danger, crossed=True)


def _hatch(painter: QPainter, area: QRectF, ink: str, *, crossed: bool) -> None:
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(QColor(ink), 1.4))
    x = area.left() - area.height()
    while x < area.right():
        low, high = QPointF(x, area.bottom()), QPointF(x + area.height(), area.top())
        painter.drawLine(low, high)
        if crossed:
            painter.drawLine(QPointF(x, area.top()), QPointF(x + area.height(), area.bottom()))
        x += _STEP
    painter.restore()
