"""Small things on slides: detector, chips, ticks, arrows, locks, phones."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from resources.drawing.stage import (
    CENTRE,
    DANGER,
    PRIMARY,
    SECOND,
    SUCCESS,
    SURFACE,
    TEXT,
    blend,
    faded,
    pen,
    pop,
    tint,
    width_of,
    write,
)


def tick(p: QPainter, centre: QPointF, radius: float, shown: float, colour: QColor) -> None:
    """A filled circle with a tick that draws itself."""
    if shown <= 0:
        return
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    scale = pop(min(1.0, shown * 1.6))
    p.drawEllipse(centre, radius * scale, radius * scale)
    stroke = max(0.0, min(1.0, shown * 2 - 0.8))
    if stroke <= 0:
        return
    a, b, c = QPointF(-0.42, 0.02), QPointF(-0.1, 0.34), QPointF(0.45, -0.3)
    path = QPainterPath(centre + a * radius)
    path.lineTo(centre + (a + (b - a) * min(1.0, stroke * 2)) * radius)
    if stroke > 0.5:
        path.lineTo(centre + (b + (c - b) * (stroke * 2 - 1)) * radius)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(SURFACE, radius * 0.2))
    p.drawPath(path)


def cross(p: QPainter, centre: QPointF, radius: float, shown: float) -> None:
    """A filled red circle with a white cross."""
    if shown <= 0:
        return
    size = radius * pop(shown)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(DANGER)
    p.drawEllipse(centre, size, size)
    p.setPen(pen(SURFACE, size * 0.22))
    reach = size * 0.38
    p.drawLine(centre + QPointF(-reach, -reach), centre + QPointF(reach, reach))
    p.drawLine(centre + QPointF(-reach, reach), centre + QPointF(reach, -reach))


def forbidden(p: QPainter, centre: QPointF, radius: float, shown: float) -> None:
    """A red ring with a bar across."""
    if shown <= 0:
        return
    size = radius * pop(shown)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(DANGER, size * 0.16))
    p.drawEllipse(centre, size, size)
    reach = size * 0.7
    p.drawLine(centre + QPointF(-reach, -reach), centre + QPointF(reach, reach))


def chip(
    p: QPainter, box: QRectF, words: str, size: float, ink: QColor, fill: QColor, shown: float = 1.0
) -> None:
    """A pill with words in the middle, rising into place as ``shown`` goes to 1."""
    if shown <= 0:
        return
    p.save()
    p.setOpacity(p.opacity() * min(1.0, shown * 1.5))
    p.translate(0, 18 * (1 - shown))
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(fill)
    p.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    write(p, box.adjusted(20, 0, -20, 0), words, size, ink, bold=True, align=CENTRE)
    p.restore()


def row(
    p: QPainter, box: QRectF, words: str, size: float, shown: float, active: float,
    colour: QColor = PRIMARY, done: float = 0.0,
) -> None:  # fmt: skip
    """A line of a list: a card that slides in, lit while it is spoken of, ticked when done."""
    if shown <= 0:
        return
    p.save()
    p.setOpacity(p.opacity() * shown)
    p.translate(36 * (1 - shown), 0)
    p.setBrush(tint(colour, 0.02 + 0.12 * active))
    p.setPen(pen(faded(colour, 0.22 + 0.78 * active), 2 + active))
    p.drawRoundedRect(box, 14, 14)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    p.drawRoundedRect(QRectF(box.left() + 16, box.top() + 16, 6, box.height() - 32), 3, 3)
    room = box.adjusted(40, 0, -68, 0)
    write(p, room, words, size, TEXT, bold=True)
    tick(p, QPointF(box.right() - 38, box.center().y()), 20, done, SUCCESS)
    p.restore()


def arrow(p: QPainter, start: QPointF, end: QPointF, colour: QColor, width: float = 6) -> None:
    """A straight arrow."""
    way = end - start
    length = math.hypot(way.x(), way.y())
    if length < 1:
        return
    unit = way / length
    side = QPointF(-unit.y(), unit.x())
    head = width * 2.6
    p.setPen(pen(colour, width))
    p.drawLine(start, end - unit * head * 0.8)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    p.drawPolygon(
        QPolygonF(
            [end, end - unit * head + side * head * 0.6, end - unit * head - side * head * 0.6]
        )
    )


def detector(
    p: QPainter, box: QRectF, readings: list[tuple[str, str, str, bool]], alarm: float, t: float
) -> None:
    """A four-gas detector; each reading is (gas, value, unit, passes); ``alarm`` 0..1."""
    p.save()
    unit = box.width() / 360
    p.translate(box.topLeft())
    p.scale(unit, unit)
    height = box.height() / unit
    blink = alarm * (0.5 + 0.5 * math.sin(t * 14))
    if alarm > 0:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(DANGER, 0.16 * blink))
        p.drawRoundedRect(QRectF(-24, -24, 408, height + 48), 64, 64)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#1F2C38"))
    p.drawRoundedRect(QRectF(130, -30, 100, 60), 16, 16)
    p.setBrush(QColor("#F2C230"))
    p.drawRoundedRect(QRectF(0, 0, 360, height), 44, 44)
    p.setBrush(QColor("#24323F"))
    p.drawRoundedRect(QRectF(16, 16, 328, height - 32), 34, 34)
    p.setBrush(blend(QColor("#5A6875"), QColor("#FF4B40"), blink))
    p.drawRoundedRect(QRectF(110, 34, 140, 16), 8, 8)
    screen = QRectF(36, 70, 288, height - 190)
    p.setBrush(QColor("#F3F8F1"))
    p.drawRoundedRect(screen, 14, 14)
    wide, tall = screen.width() / 2, screen.height() / 2
    for place, (gas, value, measure, passes) in enumerate(readings):
        cell = QRectF(
            screen.left() + place % 2 * wide, screen.top() + place // 2 * tall, wide, tall
        ).adjusted(6, 6, -6, -6)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(tint(SUCCESS if passes else DANGER, 0.12 if passes else 0.2 + 0.2 * blink))
        p.drawRoundedRect(cell, 10, 10)
        ink = TEXT if passes else DANGER
        third = cell.height()
        write(
            p,
            QRectF(cell.left() + 12, cell.top() + third * 0.06, cell.width() - 24, third * 0.24),
            gas,
            third * 0.19,
            SECOND if passes else DANGER,
            bold=True,
        )
        write(
            p,
            QRectF(cell.left() + 8, cell.top() + third * 0.28, cell.width() - 16, third * 0.44),
            value,
            third * 0.38,
            ink,
            bold=True,
            align=CENTRE,
        )
        write(
            p,
            QRectF(cell.left() + 12, cell.top() + third * 0.72, cell.width() - 24, third * 0.22),
            measure,
            third * 0.155,
            SECOND,
            align=CENTRE,
        )
    for place in range(3):
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor("#3A4B5B"))
        p.drawRoundedRect(QRectF(60 + place * 84, height - 92, 72, 48), 16, 16)
    p.restore()


def padlock(p: QPainter, centre: QPointF, size: float, closed: float) -> None:
    """A padlock whose shackle comes down as ``closed`` goes to 1."""
    lift = (1 - closed) * size * 0.28
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(QColor("#6B7A89"), size * 0.13))
    arc = QRectF(centre.x() - size * 0.27, centre.y() - size * 0.78 - lift, size * 0.54, size * 0.6)
    path = QPainterPath(QPointF(arc.left(), centre.y() - size * 0.1 - lift))
    path.lineTo(arc.left(), arc.center().y())
    path.arcTo(arc, 180, -180)
    path.lineTo(arc.right(), centre.y() - size * 0.1 - lift * (1 - closed))
    p.drawPath(path)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(DANGER)
    p.drawRoundedRect(
        QRectF(centre.x() - size * 0.45, centre.y() - size * 0.2, size * 0.9, size * 0.72),
        size * 0.1, size * 0.1,
    )  # fmt: skip
    p.setBrush(SURFACE)
    p.drawEllipse(centre + QPointF(0, size * 0.1), size * 0.09, size * 0.09)
    p.drawRoundedRect(
        QRectF(centre.x() - size * 0.035, centre.y() + size * 0.1, size * 0.07, size * 0.22), 3, 3
    )


def tag(p: QPainter, top: QPointF, size: float, first: str, second: str, swing: float) -> None:
    """A lock-out tag hanging from ``top``."""
    p.save()
    p.translate(top)
    p.rotate(swing)
    p.setPen(pen(QColor("#4A5A6A"), 3))
    p.drawLine(QPointF(0, 0), QPointF(0, size * 0.22))
    box = QRectF(-size * 0.42, size * 0.2, size * 0.84, size * 1.1)
    p.setPen(pen(DANGER, 4))
    p.setBrush(SURFACE)
    p.drawRoundedRect(box, 10, 10)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(DANGER)
    p.drawRoundedRect(QRectF(box.left(), box.top(), box.width(), size * 0.34), 10, 10)
    p.drawRect(QRectF(box.left(), box.top() + size * 0.2, box.width(), size * 0.14))
    p.setBrush(SURFACE)
    p.drawEllipse(QPointF(0, box.top() + size * 0.1), size * 0.05, size * 0.05)
    words = QRectF(box.left() + 8, box.top() + size * 0.42, box.width() - 16, size * 0.28)
    write(p, words, first, size * 0.18, DANGER, bold=True, align=CENTRE)
    write(p, words.translated(0, size * 0.3), second, size * 0.18, TEXT, bold=True, align=CENTRE)
    p.restore()


def waves(
    p: QPainter, centre: QPointF, t: float, colour: QColor, angle: float, shown: float
) -> None:
    """Radio waves leaving ``centre`` in the direction ``angle`` (degrees, 0 right, 90 up)."""
    if shown <= 0:
        return
    p.setBrush(Qt.BrushStyle.NoBrush)
    for place in range(3):
        age = (t * 0.9 + place / 3) % 1.0
        radius = 18 + age * 46
        p.setPen(pen(faded(colour, shown * (1 - age)), 5))
        box = QRectF(centre.x() - radius, centre.y() - radius, radius * 2, radius * 2)
        p.drawArc(box, round((angle - 38) * 16), 76 * 16)


def label(
    p: QPainter, middle: QPointF, words: str, size: float, ink: QColor, fill: QColor,
    shown: float = 1.0,
) -> None:  # fmt: skip
    """A pill as wide as its words, centred on ``middle``."""
    wide = width_of(words, size, True) + size * 1.4
    chip(
        p,
        QRectF(middle.x() - wide / 2, middle.y() - size * 0.9, wide, size * 1.8),
        words,
        size,
        ink,
        fill,
        shown,
    )


def warning_sign(p: QPainter, centre: QPointF, size: float) -> None:
    """A yellow warning triangle with an exclamation mark (the sign of GB 2894)."""
    top = QPointF(centre.x(), centre.y() - size * 0.55)
    left = QPointF(centre.x() - size * 0.6, centre.y() + size * 0.48)
    right = QPointF(centre.x() + size * 0.6, centre.y() + size * 0.48)
    p.setPen(pen(QColor("#14202B"), size * 0.11))
    p.setBrush(QColor("#FFC933"))
    p.drawPolygon(QPolygonF([top, left, right]))
    p.setPen(pen(QColor("#14202B"), size * 0.11))
    p.drawLine(centre + QPointF(0, -size * 0.14), centre + QPointF(0, size * 0.12))
    p.drawPoint(centre + QPointF(0, size * 0.32))


def barrier(p: QPainter, left: QPointF, width: float, shown: float) -> None:
    """A red and white barrier standing on the ground from ``left`` to the right."""
    if shown <= 0:
        return
    p.save()
    p.setOpacity(p.opacity() * shown)
    p.translate(left.x(), left.y() + 20 * (1 - shown))
    p.setPen(pen(QColor("#6B7A89"), 7))
    for x in (10.0, width - 10):
        p.drawLine(QPointF(x, 0), QPointF(x, -86))
    for y in (-78.0, -46.0):
        bar = QPainterPath()
        bar.addRoundedRect(QRectF(0, y, width, 20), 6, 6)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(SURFACE)
        p.drawPath(bar)
        p.save()
        p.setClipPath(bar, Qt.ClipOperation.IntersectClip)
        p.setBrush(DANGER)
        x = -10.0
        while x < width:
            p.drawPolygon(
                QPolygonF([QPointF(x, y + 20), QPointF(x + 16, y), QPointF(x + 34, y),
                           QPointF(x + 18, y + 20)])
            )  # fmt: skip
            x += 36
        p.restore()
    p.restore()
