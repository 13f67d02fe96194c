"""What a check asks for, drawn: a head that turns or nods, a mouth that opens, eyes that move.

The picture beside it is mirrored, so the arrow for the learner's own left points left.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.widgets.stage_ink import DARK_STAGE, Ink

_LOOKS = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, -1.0), "down": (0.0, 1.0)}


class ActionArt(QWidget):
    """A drawn instruction on the stage."""

    def __init__(self, size: int = 88) -> None:
        super().__init__()
        self._action = ""
        self._dot = ""
        self._ink = DARK_STAGE
        self.setFixedSize(size, size)

    def show_action(self, action: str, dot: str = "") -> None:
        """Draw another action; an unknown one is a face that looks ahead."""
        if (action, dot) != (self._action, self._dot):
            self._action, self._dot = action, dot
            self.update()

    def wear(self, ink: Ink) -> None:
        """Draw with other inks."""
        if ink != self._ink:
            self._ink = ink
            self.update()

    def resize_to(self, size: int) -> None:
        """Grow or shrink with the room there is."""
        self.setFixedSize(size, size)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 96, self.height() / 96)
        painter.setPen(_pen(self._ink.text, 3.2))
        turn = {"turn_left": -1, "turn_right": 1}.get(self._action, 0)
        nods = self._action == "nod"
        self._head(painter, turn, 4.0 if nods else 0.0)
        painter.setPen(_pen(self._ink.primary, 4))
        if turn:
            _arrow_sideways(painter, turn)
        elif nods:
            _arrow_down_and_up(painter)
        painter.end()

    def _head(self, painter: QPainter, turn: int, bow: float) -> None:
        """The face; its features stand on the side it turns to, lower while it nods."""
        painter.drawEllipse(QPointF(48, 44), 27, 33)
        shift = turn * 10.0
        self._eyes(painter, shift, 38 + bow)
        nose = QPainterPath(QPointF(48 + shift, 42 + bow))
        nose.lineTo(QPointF(48 + shift + 4 * (turn or 1), 51 + bow))
        nose.lineTo(QPointF(48 + shift, 52 + bow))
        painter.drawPath(nose)
        if self._action == "open_mouth":
            painter.save()
            painter.setPen(_pen(self._ink.primary, 4))
            painter.drawEllipse(QRectF(39.5, 56, 17, 14))
            painter.restore()
        else:
            mouth = QPainterPath(QPointF(40 + shift, 61 + bow))
            mouth.quadTo(QPointF(48 + shift, 66 + bow), QPointF(56 + shift, 61 + bow))
            painter.drawPath(mouth)

    def _eyes(self, painter: QPainter, shift: float, height: float) -> None:
        """Shut for a blink, wide and looking aside for the dot, else two points."""
        painter.save()
        if self._action == "blink":
            painter.setPen(_pen(self._ink.primary, 4))
            for x in (36.0, 60.0):
                lid = QPainterPath(QPointF(x - 6, height))
                lid.quadTo(QPointF(x, height + 6), QPointF(x + 6, height))
                painter.drawPath(lid)
        elif self._action == "follow_dot":
            across, down = _LOOKS.get(self._dot, (0.0, 0.0))
            painter.setPen(_pen(self._ink.text, 2.4))
            for x in (36.0, 60.0):
                painter.drawEllipse(QPointF(x, height), 7.5, 5.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._ink.primary))
            for x in (36.0, 60.0):
                painter.drawEllipse(QPointF(x + across * 4, height + down * 2.4), 3, 3)
        else:
            painter.setBrush(painter.pen().color())
            for x in (37.0, 59.0):
                painter.drawEllipse(QPointF(x + shift, height), 1.8, 1.8)
        painter.restore()


def _pen(ink: str, width: float) -> QPen:
    pen = QPen(QColor(ink), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _arrow_sideways(painter: QPainter, turn: int) -> None:
    """An arc under the chin with its point on the side to turn to."""
    arc = QPainterPath(QPointF(48 - turn * 24, 84))
    arc.quadTo(QPointF(48, 97), QPointF(48 + turn * 28, 80))
    painter.drawPath(arc)
    tip = QPointF(48 + turn * 28, 80)
    painter.drawPolyline([tip + QPointF(-turn * 11, -1.5), tip, tip + QPointF(-turn * 2.5, 10.5)])


def _arrow_down_and_up(painter: QPainter) -> None:
    """Down and back up, beside the face: one nod."""
    painter.drawLine(QPointF(86, 26), QPointF(86, 62))
    for tip, wing in ((26, 7), (62, -7)):
        painter.drawPolyline([QPointF(80, tip + wing), QPointF(86, tip), QPointF(92, tip + wing)])
