"""A manhole cut open, and what belongs to it: gas, blower, duct, tripod, ladder."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPolygonF

from resources.drawing.stage import Route, faded, pen

SOIL, SOIL_DARK, PAVING = QColor("#C3CCD6"), QColor("#AEB9C5"), QColor("#7D8B99")
WALL, VOID_TOP, VOID_LOW = QColor("#93A1AF"), QColor("#33475A"), QColor("#1B2833")
SLUDGE = QColor("#4B4436")
METHANE, SULPHIDE, MONOXIDE = QColor("#F2B36B"), QColor("#D8E05A"), QColor("#C5B3F2")
FRESH = QColor("#8FD0FF")
STEEL = QColor("#C9D2DB")
DUCT = QColor("#F2C230")


@dataclass(frozen=True)
class Well:
    """Where a manhole stands: ``left``..``right`` of the soil, ``ground`` level, ``bottom``."""

    left: float = 64.0
    right: float = 760.0
    ground: float = 250.0
    bottom: float = 640.0
    shaft: float = 150.0
    neck: float = 90.0
    chamber: float = 470.0

    @property
    def middle(self) -> float:
        """X of the shaft's axis."""
        return (self.left + self.right) / 2

    @property
    def roof(self) -> float:
        """Y of the chamber's ceiling."""
        return self.ground + self.neck

    @property
    def floor(self) -> float:
        """Y of the sludge's surface."""
        return self.bottom - 62

    @property
    def room(self) -> QRectF:
        """The chamber's inside above the sludge."""
        left = self.middle - self.chamber / 2
        return QRectF(left, self.roof, self.chamber, self.floor - self.roof)

    def inside(self) -> QPainterPath:
        """The outline of everything that is air below the ground."""
        path = QPainterPath()
        room = QRectF(
            self.middle - self.chamber / 2, self.roof, self.chamber, self.bottom - 36 - self.roof
        )
        path.addRoundedRect(room, 26, 26)
        shaft = QPainterPath()
        shaft.addRect(
            QRectF(self.middle - self.shaft / 2, self.ground - 30, self.shaft, self.neck + 68)
        )
        return path.united(shaft)


def draw_well(p: QPainter, well: Well, ladder: bool = True, night: bool = False) -> None:
    """Soil, paving, walls, the dark inside, sludge, and a ladder at the right of the shaft."""
    soil = QRectF(well.left, well.ground, well.right - well.left, well.bottom - well.ground)
    earth = QLinearGradient(0, well.ground, 0, well.bottom)
    earth.setColorAt(0, QColor("#2C3A48") if night else SOIL)
    earth.setColorAt(1, QColor("#1E2A36") if night else SOIL_DARK)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(earth)
    p.drawRoundedRect(soil, 14, 14)
    _stones(p, soil, night)
    inside = well.inside()
    # Below the ground only: the shaft is open at the top.
    p.save()
    p.setClipRect(QRectF(well.left, well.ground - 8, well.right - well.left, 2000))
    p.setPen(pen(QColor("#5B6B7B") if night else WALL, 16))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawPath(inside)
    dark = QLinearGradient(0, well.ground, 0, well.bottom)
    dark.setColorAt(0, VOID_TOP)
    dark.setColorAt(1, VOID_LOW)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(dark)
    p.drawPath(inside)
    p.setClipPath(inside, Qt.ClipOperation.IntersectClip)
    p.setBrush(SLUDGE)
    p.drawRect(QRectF(well.left, well.floor, well.right - well.left, 80))
    p.setPen(pen(QColor("#6A6150"), 4))
    p.drawLine(QPointF(well.left, well.floor), QPointF(well.right, well.floor))
    p.restore()
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#4A5A6A") if night else PAVING)
    half = well.shaft / 2 + 8
    for left, right in ((well.left, well.middle - half), (well.middle + half, well.right)):
        p.drawRoundedRect(QRectF(left, well.ground - 8, right - left, 16), 5, 5)
    if ladder:
        draw_ladder(p, well)


def _stones(p: QPainter, soil: QRectF, night: bool) -> None:
    places = np.random.default_rng(3).random((70, 3))
    p.setBrush(QColor(255, 255, 255, 14 if night else 60))
    for x, y, size in places:
        p.drawEllipse(
            QPointF(
                soil.left() + 14 + x * (soil.width() - 28),
                soil.top() + 22 + y * (soil.height() - 36),
            ),
            2 + size * 5,
            1.5 + size * 3,
        )


def draw_ladder(p: QPainter, well: Well) -> None:
    """Rails and rungs from the ground to the sludge."""
    right = well.middle + well.shaft / 2 - 12
    left = right - 34
    top, low = well.ground - 2, well.floor
    p.setPen(pen(STEEL, 4))
    for x in (left, right):
        p.drawLine(QPointF(x, top), QPointF(x, low))
    p.setPen(pen(STEEL, 3))
    y = top + 12
    while y < low:
        p.drawLine(QPointF(left, y), QPointF(right, y))
        y += 24


@cache
def _seeds(seed: int, count: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).random((count, 5))


def draw_gas(
    p: QPainter, well: Well, colour: QColor, t: float, strength: float,
    height: tuple[float, float], seed: int, count: int = 46, size: float = 8.0,
) -> None:  # fmt: skip
    """Drifting clouds of a gas between two heights (0 at the roof, 1 at the sludge).

    A closed form of ``t``: any frame can be drawn without the ones before it.
    """
    if strength <= 0:
        return
    room = well.room
    p.save()
    p.setClipPath(well.inside())
    p.setPen(Qt.PenStyle.NoPen)
    top = room.top() + height[0] * room.height()
    deep = (height[1] - height[0]) * room.height()
    for x, y, phase, speed, bulk in _seeds(seed, count):
        shown = min(1.0, max(0.0, strength * 1.6 - phase * 0.6))
        if shown <= 0:
            continue
        sway = math.sin(t * (0.5 + speed) + phase * 6.28)
        rise = math.cos(t * (0.4 + speed * 0.7) + phase * 9)
        px = room.left() + 12 + (x * 0.96 + 0.02) * (room.width() - 24) + sway * 16
        py = top + y * deep + rise * 9
        radius = size * (0.7 + bulk)
        p.setBrush(faded(colour, 0.13 * shown))
        p.drawEllipse(QPointF(px, py), radius * 2.1, radius * 2.1)
        p.setBrush(faded(colour, 0.85 * shown))
        p.drawEllipse(QPointF(px, py), radius * 0.5, radius * 0.5)
    p.restore()


def draw_flow(
    p: QPainter, route: list[QPointF], t: float, colour: QColor, strength: float,
    count: int = 12, speed: float = 0.16, spread: float = 0.0, seed: int = 5,
) -> None:  # fmt: skip
    """Short strokes that move along a route, evenly spaced, fading in and out at its ends."""
    if strength <= 0:
        return
    offsets = _seeds(seed, count)
    line = Route(route)
    for place in range(count):
        share = (place / count + t * speed) % 1.0
        ahead = min(1.0, share + 0.035)
        alpha = strength * min(1.0, share / 0.08, (1 - share) / 0.15)
        shift = QPointF(
            (offsets[place][0] - 0.5) * spread, (offsets[place][1] - 0.5) * spread * 0.4
        )
        p.setPen(pen(faded(colour, max(0.0, alpha)), 5))
        p.drawLine(line.at(share) + shift, line.at(ahead) + shift)


def draw_blower(p: QPainter, foot: QPointF, t: float, running: float = 1.0) -> None:
    """A blower of about 130 x 110 px standing at ``foot`` (its lower middle)."""
    p.save()
    p.translate(foot)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#2A3440"))
    p.drawRoundedRect(QRectF(-58, -12, 116, 12), 4, 4)
    p.setBrush(QColor("#0B5CAD"))
    p.drawRoundedRect(QRectF(-52, -108, 104, 100), 26, 26)
    p.setBrush(QColor("#0F2438"))
    p.drawEllipse(QPointF(0, -58), 40, 40)
    p.translate(0, -58)
    p.rotate(t * 700 * running)
    p.setBrush(QColor("#CFE6FB"))
    for blade in range(5):
        p.save()
        p.rotate(blade * 72)
        shape = QPainterPath(QPointF(0, 0))
        shape.cubicTo(QPointF(14, -10), QPointF(18, -30), QPointF(4, -36))
        shape.cubicTo(QPointF(-2, -28), QPointF(-4, -14), QPointF(0, 0))
        p.drawPath(shape)
        p.restore()
    p.setBrush(QColor("#F5F7FA"))
    p.drawEllipse(QPointF(0, 0), 7, 7)
    p.restore()


def draw_duct(p: QPainter, route: list[QPointF], width: float = 38, shown: float = 1.0) -> None:
    """A yellow hose along a route, with rings; ``shown`` 0..1 of its length."""
    if shown <= 0:
        return
    line = Route(route)
    points = [line.at(shown * place / 60) for place in range(61)]
    path = QPainterPath(points[0])
    for point in points[1:]:
        path.lineTo(point)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(QColor("#B98A00"), width))
    p.drawPath(path)
    p.setPen(pen(DUCT, width - 8))
    p.drawPath(path)
    p.setPen(pen(QColor("#D9A514"), 3))
    for a, b in zip(points[1::2], points[2::2], strict=True):
        step = b - a
        length = math.hypot(step.x(), step.y()) or 1
        side = QPointF(-step.y(), step.x()) / length * (width / 2 - 5)
        p.drawLine(a - side, a + side)


def draw_tripod(p: QPainter, well: Well, height: float = 150) -> QPointF:
    """A rescue tripod over the opening; returns the point its rope hangs from."""
    top = QPointF(well.middle, well.ground - height)
    spread = well.shaft / 2 + 34
    p.setPen(pen(QColor("#5B6B7B"), 9))
    p.drawLine(top, QPointF(well.middle + 18, well.ground - 14))
    p.setPen(pen(QColor("#9FB0BF"), 9))
    for side in (-1, 1):
        p.drawLine(top, QPointF(well.middle + side * spread, well.ground - 8))
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#B3261E"))
    p.drawRoundedRect(QRectF(top.x() - 20, top.y() - 12, 40, 22), 8, 8)
    p.setBrush(QColor("#2A3440"))
    p.drawEllipse(QPointF(top.x(), top.y() + 14), 9, 9)
    return QPointF(top.x(), top.y() + 22)


def draw_winch(p: QPainter, well: Well, turn: float, height: float = 150) -> QPointF:
    """The crank on the tripod's right leg; returns where the hand goes."""
    share = 0.52
    at = QPointF(
        well.middle + (well.shaft / 2 + 34) * share, well.ground - height + (height - 8) * share
    )
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#2A3440"))
    p.drawRoundedRect(QRectF(at.x() - 15, at.y() - 15, 30, 30), 7, 7)
    p.setBrush(STEEL)
    p.drawEllipse(at, 9, 9)
    hand = at + QPointF(math.cos(turn), math.sin(turn)) * 26
    p.setPen(pen(QColor("#4A5A6A"), 6))
    p.drawLine(at, hand)
    p.setPen(pen(QColor("#B3261E"), 12))
    p.drawPoint(hand)
    return hand


def draw_rope(p: QPainter, start: QPointF, end: QPointF, colour: QColor | None = None) -> None:
    """A taut line."""
    p.setPen(pen(colour or QColor("#E5484D"), 4))
    p.drawLine(start, end)


def draw_bubbles(p: QPainter, well: Well, t: float, strength: float) -> None:
    """Bubbles that break out of the stirred sludge."""
    if strength <= 0:
        return
    p.save()
    p.setClipPath(well.inside())
    p.setPen(Qt.PenStyle.NoPen)
    room = well.room
    for x, y, phase, speed, bulk in _seeds(11, 26):
        age = (t * (0.5 + 0.5 * speed) + phase) % 1.0
        p.setBrush(faded(SULPHIDE, strength * (1 - age) * 0.9))
        place = QPointF(
            room.left() + 30 + x * (room.width() - 60),
            room.bottom() + 12 - age * (60 + 60 * y),
        )
        p.drawEllipse(place, 3 + 5 * bulk, 3 + 5 * bulk)
    p.restore()


def burst(p: QPainter, centre: QPointF, radius: float, strength: float) -> None:
    """A spark: a star of eight points."""
    if strength <= 0:
        return
    star = QPolygonF()
    for corner in range(16):
        reach = radius * strength * (1.0 if corner % 2 == 0 else 0.45)
        angle = corner * math.pi / 8
        star.append(centre + QPointF(math.cos(angle), math.sin(angle)) * reach)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(faded(QColor("#FFD25E"), strength))
    p.drawPolygon(star)
