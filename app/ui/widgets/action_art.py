"""What a check asks for, drawn: a head that turns, a mouth that opens, eyes that blink.

The picture beside it is mirrored, so the arrow for the learner's own left points left.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme import tokens


class ActionArt(QWidget):
    """A drawn instruction on the dark stage."""

    def __init__(self, size: int = 88) -> None:
        super().__init__()
        self._action = ""
        self.setFixedSize(size, size)

    def show_action(self, action: str) -> None:
        """Draw another action; an unknown one is a face that looks ahead."""
        if action != self._action:
            self._action = action
            self.update()

    def resize_to(self, size: int) -> None:
        """Grow or shrink with the room there is."""
        self.setFixedSize(size, size)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 96, self.height() / 96)
        pen = QPen(QColor(t.on_stage), 3.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        turn = {"turn_left": -1, "turn_right": 1}.get(self._action, 0)
        self._head(painter, turn)
        accent = QPen(QColor(t.stage_primary), 4)
        accent.setCapStyle(Qt.PenCapStyle.RoundCap)
        accent.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(accent)
        if turn:
            self._arrow_sideways(painter, turn)
        elif self._action == "nod":
            painter.drawLine(QPointF(86, 30), QPointF(86, 62))
            painter.drawPolyline([QPointF(79, 55), QPointF(86, 62), QPointF(93, 55)])
        painter.end()

    def _head(self, painter: QPainter, turn: int) -> None:
        """The face; a turned one has its features on the side it turns to."""
        centre = 48.0
        painter.drawEllipse(QPointF(centre, 44), 27, 33)
        shift = turn * 10.0
        accent = QPen(painter.pen())
        if self._action == "blink":
            accent.setColor(QColor(tokens().stage_primary))
            accent.setWidthF(4)
            painter.save()
            painter.setPen(accent)
            for x in (36.0, 60.0):
                lid = QPainterPath(QPointF(x - 6, 38))
                lid.quadTo(QPointF(x, 44), QPointF(x + 6, 38))
                painter.drawPath(lid)
            painter.restore()
        else:
            painter.save()
            painter.setBrush(painter.pen().color())
            for x in (37.0, 59.0):
                painter.drawEllipse(QPointF(x + shift, 38), 1.8, 1.8)
            painter.restore()
        nose = QPainterPath(QPointF(centre + shift, 42))
        nose.lineTo(QPointF(centre + shift + 4 * (turn or 1), 51))
        nose.lineTo(QPointF(centre + shift, 52))
        painter.drawPath(nose)
        if self._action == "open_mouth":
            accent.setColor(QColor(tokens().stage_primary))
            accent.setWidthF(4)
            painter.save()
            painter.setPen(accent)
            painter.drawEllipse(QRectF(39.5, 56, 17, 14))
            painter.restore()
        else:
            mouth = QPainterPath(QPointF(40 + shift, 61))
            mouth.quadTo(QPointF(centre + shift, 66), QPointF(56 + shift, 61))
            painter.drawPath(mouth)

    def _arrow_sideways(self, painter: QPainter, turn: int) -> None:
        """An arc under the chin with its point on the side to turn to."""
        arc = QPainterPath(QPointF(48 - turn * 24, 84))
        arc.quadTo(QPointF(48, 97), QPointF(48 + turn * 28, 80))
        painter.drawPath(arc)
        tip = QPointF(48 + turn * 28, 80)
        painter.drawPolyline(
            [tip + QPointF(-turn * 11, -1.5), tip, tip + QPointF(-turn * 2.5, 10.5)]
        )
