"""The learner's own picture: mirrored, as in a mirror, wherever it is shown."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import icons
from app.ui.theme import colour, tokens
from app.ui.widgets.stage_ink import DARK_STAGE, Ink


class CameraPicture(QWidget):
    """Shows the newest camera frame, cut to fill a shape.

    The frame comes as the camera sees it and is mirrored while painting, so that an
    arrow to the left on the screen means the learner's own left.
    """

    def __init__(self) -> None:
        super().__init__()
        self._frame = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_frame(self, frame: QImage) -> None:
        """Take the newest picture; a hidden widget keeps it for when it is shown."""
        self._frame = frame
        if self.isVisible():
            self.update()

    def shape(self) -> QPainterPath:
        """The outline the picture is cut to."""
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), 8, 8)
        return path

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = self.shape()
        t = tokens()
        painter.fillPath(shape, QColor(t.stage))
        area = shape.boundingRect()
        painter.save()
        painter.setClipPath(shape)
        if self._frame.isNull():
            side = min(48.0, area.width() / 3)
            place = QRectF(0, 0, side, side)
            place.moveCenter(area.center())
            icons.paint(painter, "camera", place, t.stage_second)
        else:
            painter.translate(area.center())
            painter.scale(-1, 1)
            painter.drawImage(_cover(QSize(self._frame.size()), area), self._frame)
        painter.restore()
        self.decorate(painter)
        painter.end()

    def decorate(self, painter: QPainter) -> None:
        """Paint over the picture; for subclasses."""


def _cover(frame: QSize, area: QRectF) -> QRectF:
    """Where a frame lies, around the origin, to fill `area` without distortion."""
    factor = max(area.width() / frame.width(), area.height() / frame.height())
    width, height = frame.width() * factor, frame.height() * factor
    return QRectF(-width / 2, -height / 2, width, height)


class GuidedPicture(CameraPicture):
    """The large picture of the camera check: an oval to fit the face in, progress around it."""

    def __init__(self) -> None:
        super().__init__()
        self._progress = 0.0
        self._tone = "primary"
        self.setMinimumSize(240, 180)

    def sizeHint(self) -> QSize:
        return QSize(560, 420)

    def show_progress(self, progress: float, tone: str) -> None:
        """How far the check is (0 to 1) and in which colour to say it."""
        if (progress, tone) != (self._progress, self._tone):
            self._progress, self._tone = progress, tone
            self.update()

    def decorate(self, painter: QPainter) -> None:
        t = tokens()
        height = self.height() * 0.80
        oval = QRectF(0, 0, height * 0.76, height)
        oval.moveCenter(QRectF(self.rect()).center())
        outside = self.shape()
        hole = QPainterPath()
        hole.addEllipse(oval)
        painter.fillPath(outside.subtracted(hole), colour(t.stage, 0.55))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(colour("#FFFFFF", 0.9), 2.5)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawEllipse(oval)
        if self._progress > 0:
            ink = {"success": t.stage_success, "attention": t.stage_attention}.get(
                self._tone, t.stage_primary
            )
            pen = QPen(QColor(ink), 7)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(oval, 90 * 16, -round(min(1.0, self._progress) * 360 * 16))


class RoundPicture(CameraPicture):
    """The picture in a check: a circle inside the ring of the time that is left.

    Inside that ring a second one shows how far the action is; beside it stands an arrow.
    """

    def __init__(self) -> None:
        super().__init__()
        self._left = 1.0
        self._tone = "primary"
        self._mark = ""
        self._towards = ""
        self._done = 0.0
        self._ink = DARK_STAGE

    def show_left(self, left: float, tone: str, mark: str = "") -> None:
        """What is left of the time (0 to 1), and a badge on the ring."""
        state = (round(left, 3), tone, mark)
        if state != (self._left, self._tone, self._mark):
            self._left, self._tone, self._mark = state
            self.update()

    def show_action(self, towards: str, done: float) -> None:
        """An arrow to the "left" or "right", or "nod"; how far the action is (0 to 1)."""
        state = (towards, round(min(1.0, done), 2))
        if state != (self._towards, self._done):
            self._towards, self._done = state
            self.update()

    def wear(self, ink: Ink) -> None:
        """Draw with other inks."""
        if ink != self._ink:
            self._ink = ink
            self.update()

    def ring(self) -> QRectF:
        """Where the outer ring lies."""
        side = min(self.width(), self.height()) - 8
        circle = QRectF(0, 0, side, side)
        circle.moveCenter(QRectF(self.rect()).center())
        return circle

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addEllipse(self.ring().adjusted(11, 11, -11, -11))
        return path

    def decorate(self, painter: QPainter) -> None:
        ring = self.ring()
        tones = {
            "success": self._ink.success,
            "attention": self._ink.attention,
            "danger": self._ink.danger,
        }
        ink = tones.get(self._tone, self._ink.primary)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._ink.faint), 6))
        painter.drawEllipse(ring)
        painter.setPen(_round_pen(ink, 6))
        painter.drawArc(ring, 90 * 16, round(self._left * 360 * 16))
        if self._done > 0:
            painter.setPen(_round_pen(self._ink.success, 5))
            painter.drawArc(ring.adjusted(9, 9, -9, -9), 90 * 16, -round(self._done * 360 * 16))
        if self._towards:
            self._arrow(painter, ring)
        if self._mark:
            self._badge(painter, ring, ink)

    def _badge(self, painter: QPainter, ring: QRectF, ink: str) -> None:
        """A tick or a cross on the ring, never across the learner's face."""
        side = min(56.0, max(36.0, ring.width() * 0.2))
        place = QRectF(0, 0, side, side)
        reach = ring.width() / 2 * 0.7071
        place.moveCenter(ring.center() + QPointF(reach, reach))
        painter.setPen(QPen(QColor(self._ink.mark), 4))
        painter.setBrush(QColor(ink))
        painter.drawEllipse(place)
        inset = side * 0.24
        mark = place.adjusted(inset, inset, -inset, -inset)
        icons.paint(painter, self._mark, mark, self._ink.mark)

    def _arrow(self, painter: QPainter, ring: QRectF) -> None:
        """A large arrow beside the picture, on the side to turn to, where there is room."""
        free = (self.width() - ring.width()) / 2
        if free < 72:
            return
        painter.setPen(_round_pen(self._ink.primary, 8))
        if self._towards == "nod":
            self._arrow_of_a_nod(painter, ring)
            return
        turn = -1 if self._towards == "left" else 1
        length = min(64.0, free - 40)
        begin = ring.center().x() + turn * (ring.width() / 2 + 24)
        tip = QPointF(begin + turn * length, ring.center().y())
        wing = length * 0.42
        painter.drawLine(QPointF(begin, tip.y()), tip)
        back = tip.x() - turn * wing
        painter.drawPolyline([QPointF(back, tip.y() - wing), tip, QPointF(back, tip.y() + wing)])

    @staticmethod
    def _arrow_of_a_nod(painter: QPainter, ring: QRectF) -> None:
        """Down, with its point at the height of the chin, on both sides: it is no turn."""
        length = min(64.0, ring.height() * 0.4)
        for side in (-1, 1):
            tip = ring.center() + QPointF(side * (ring.width() / 2 + 40), length / 2)
            painter.drawLine(tip - QPointF(0, length), tip)
            wing = length * 0.36
            painter.drawPolyline([tip + QPointF(-wing, -wing), tip, tip + QPointF(wing, -wing)])


def _round_pen(ink: str, width: float) -> QPen:
    pen = QPen(QColor(ink), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
