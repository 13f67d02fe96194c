"""Pictures on cards: the three kinds of confined space, an eye, a nose."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath

from resources.drawing.stage import DANGER, TEXT, ease, faded, pen, wave
from resources.drawing.well import SLUDGE, SULPHIDE

STEEL, STEEL_DARK = QColor("#B9C5D1"), QColor("#8796A5")
GROUND = QColor("#AEB9C5")


def sewer(p: QPainter, box: QRectF, t: float, shown: float) -> None:
    """Below ground: a manhole with a pipe, its cover pushed aside."""
    middle, ground = box.center().x(), box.top() + 76
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(GROUND)
    p.drawRect(QRectF(box.left(), ground, box.width(), 196))
    p.setBrush(QColor("#33475A"))
    p.drawRect(QRectF(middle - 40, ground - 2, 80, 70))
    p.drawRoundedRect(QRectF(middle - 92, ground + 56, 184, 112), 14, 14)
    p.setBrush(QColor("#22303D"))
    p.drawEllipse(QPointF(middle + 56, ground + 112), 26, 26)
    p.setBrush(SLUDGE)
    p.drawRoundedRect(QRectF(middle - 92, ground + 140, 184, 28), 10, 10)
    p.setBrush(faded(SULPHIDE, 0.7))
    for bubble in range(6):
        age = (t * 0.35 + bubble / 6) % 1.0
        x = middle - 66 + bubble * 26
        p.setOpacity(p.opacity())
        p.setBrush(faded(SULPHIDE, 0.8 * (1 - age)))
        p.drawEllipse(QPointF(x, ground + 142 - age * 66), 5, 5)
    p.setBrush(QColor("#5B6B7B"))
    slide = 86 * ease(shown)
    p.drawRoundedRect(QRectF(middle - 46 + slide, ground - 14, 92, 14), 6, 6)
    p.setPen(pen(QColor("#7D8B99"), 6))
    p.drawLine(QPointF(box.left(), ground), QPointF(middle - 44, ground))
    p.drawLine(QPointF(middle + 44, ground), QPointF(box.right(), ground))


def silo(p: QPainter, box: QRectF, t: float, _shown: float) -> None:
    """Above ground: a silo with grain running in."""
    middle, ground = box.center().x(), box.top() + 262
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(GROUND)
    p.drawRect(QRectF(box.left(), ground, box.width(), 12))
    shell = QPainterPath()
    shell.moveTo(middle - 78, box.top() + 84)
    shell.lineTo(middle, box.top() + 34)
    shell.lineTo(middle + 78, box.top() + 84)
    shell.lineTo(middle + 78, box.top() + 190)
    shell.lineTo(middle + 22, box.top() + 240)
    shell.lineTo(middle - 22, box.top() + 240)
    shell.lineTo(middle - 78, box.top() + 190)
    shell.closeSubpath()
    shade = QLinearGradient(middle - 78, 0, middle + 78, 0)
    shade.setColorAt(0, STEEL_DARK)
    shade.setColorAt(0.35, QColor("#DDE5EC"))
    shade.setColorAt(1, STEEL_DARK)
    p.setBrush(shade)
    p.drawPath(shell)
    p.setPen(pen(STEEL_DARK, 9))
    for side in (-1, 1):
        p.drawLine(
            QPointF(middle + side * 64, box.top() + 200), QPointF(middle + side * 64, ground)
        )
    window = QPainterPath()
    window.addRoundedRect(QRectF(middle - 44, box.top() + 98, 88, 88), 10, 10)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#33475A"))
    p.drawPath(window)
    p.save()
    p.setClipPath(window, Qt.ClipOperation.IntersectClip)
    heap = QPainterPath(QPointF(middle - 50, box.top() + 190))
    heap.quadTo(
        QPointF(middle, box.top() + 96 + 6 * wave(t, 3)), QPointF(middle + 50, box.top() + 190)
    )
    p.setBrush(QColor("#E0A93A"))
    p.drawPath(heap)
    for grain in range(14):
        age = (t * 0.9 + grain / 14) % 1.0
        x = middle + 5 * wave(grain * 1.7, 5)
        p.drawEllipse(QPointF(x, box.top() + 98 + age * 44), 3, 3)
    p.restore()


def tank(p: QPainter, box: QRectF, t: float, shown: float) -> None:
    """Closed equipment: a tank with a manway and a level that moves."""
    middle, ground = box.center().x(), box.top() + 262
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(GROUND)
    p.drawRect(QRectF(box.left(), ground, box.width(), 12))
    p.setBrush(STEEL_DARK)
    for side in (-1, 1):
        p.drawRoundedRect(QRectF(middle + side * 78 - 14, ground - 62, 28, 62), 4, 4)
    body = QRectF(middle - 132, box.top() + 92, 264, 126)
    shade = QLinearGradient(0, body.top(), 0, body.bottom())
    shade.setColorAt(0, STEEL_DARK)
    shade.setColorAt(0.35, QColor("#E3EAF0"))
    shade.setColorAt(1, STEEL_DARK)
    p.setBrush(shade)
    p.drawRoundedRect(body, 62, 62)
    p.setBrush(QColor("#5B6B7B"))
    p.drawRoundedRect(QRectF(middle - 34, body.top() - 22, 68, 28), 6, 6)
    p.save()
    p.translate(middle - 34, body.top() - 24)
    p.rotate(-58 * ease(shown))
    p.setBrush(QColor("#44525F"))
    p.drawRoundedRect(QRectF(-4, -10, 80, 12), 6, 6)
    p.restore()
    glass = QRectF(middle - 84, body.top() + 34, 168, 60)
    p.setBrush(QColor("#33475A"))
    p.drawRoundedRect(glass, 28, 28)
    p.save()
    clip = QPainterPath()
    clip.addRoundedRect(glass, 28, 28)
    p.setClipPath(clip, Qt.ClipOperation.IntersectClip)
    surface = QPainterPath(QPointF(glass.left(), glass.bottom()))
    for step in range(25):
        x = glass.left() + glass.width() * step / 24
        surface.lineTo(x, glass.top() + 34 + 4 * wave(t + step * 0.09, 1.6))
    surface.lineTo(glass.right(), glass.bottom())
    p.setBrush(QColor("#5F8FBF"))
    p.drawPath(surface)
    p.restore()


def eye(p: QPainter, centre: QPointF, t: float) -> None:
    """An eye that looks about and sees nothing."""
    lid = QPainterPath(centre + QPointF(-112, 0))
    lid.quadTo(centre + QPointF(0, -112), centre + QPointF(112, 0))
    lid.quadTo(centre + QPointF(0, 112), centre + QPointF(-112, 0))
    p.setPen(pen(TEXT, 8))
    p.setBrush(QColor("#F5F7FA"))
    p.drawPath(lid)
    look = QPointF(26 * wave(t, 3.4), 4 * wave(t, 2.1))
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#2F5D8C"))
    p.drawEllipse(centre + look, 38, 38)
    p.setBrush(TEXT)
    p.drawEllipse(centre + look, 19, 19)
    p.setBrush(QColor("#FFFFFF"))
    p.drawEllipse(centre + look + QPointF(10, -11), 8, 8)
    p.setPen(pen(DANGER, 10))
    p.drawLine(centre + QPointF(-96, 84), centre + QPointF(96, -84))


def nose(p: QPainter, centre: QPointF, t: float) -> None:
    """A nose from the side, vapour drifting into it unnoticed."""
    shape = QPainterPath(centre + QPointF(26, -104))
    shape.cubicTo(centre + QPointF(20, -50), centre + QPointF(-40, 0), centre + QPointF(-62, 40))
    shape.cubicTo(centre + QPointF(-74, 76), centre + QPointF(-30, 84), centre + QPointF(-8, 70))
    shape.cubicTo(centre + QPointF(6, 88), centre + QPointF(40, 84), centre + QPointF(48, 60))
    p.setBrush(QColor("#F3CDB0"))
    p.setPen(pen(TEXT, 8))
    p.drawPath(shape)
    p.setPen(pen(TEXT, 7))
    p.drawArc(QRectF(centre.x() - 34, centre.y() + 44, 30, 22), 20 * 16, 170 * 16)
    p.setPen(Qt.PenStyle.NoPen)
    for puff in range(9):
        age = (t * 0.32 + puff / 9) % 1.0
        place = centre + QPointF(-120 + age * 94, 116 - age * 44 + 10 * wave(t + puff, 2.3))
        p.setBrush(faded(SULPHIDE.darker(125), 0.75 * min(1.0, age * 4, (1 - age) * 4)))
        p.drawEllipse(place, 9, 9)
    p.setPen(pen(DANGER, 10))
    p.drawLine(centre + QPointF(-96, 84), centre + QPointF(96, -84))
