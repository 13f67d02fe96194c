"""Workers: a helmet, a vest, limbs that move between poses."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from resources.drawing.stage import pen

SKIN = QColor("#E9B994")
CLOTH = QColor("#2F5D8C")
CLOTH_DARK = QColor("#244A70")
VEST = QColor("#F08A24")
STRIPE = QColor("#FFF3C4")
HELMET = QColor("#FFC933")
WATCHER_HELMET = QColor("#E5484D")
BOOT = QColor("#2A3440")
HARNESS = QColor("#13202C")

Point = tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """Joints in units of body height, x to the right, y up, (0, 0) between the feet."""

    head: Point
    neck: Point
    hip: Point
    hand_l: Point
    elbow_l: Point
    hand_r: Point
    elbow_r: Point
    knee_l: Point
    foot_l: Point
    knee_r: Point
    foot_r: Point

    def toward(self, other: Pose, share: float) -> Pose:
        """Return the pose ``share`` of the way from this one to another."""

        def between(a: Point, b: Point) -> Point:
            return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share

        return Pose(
            between(self.head, other.head),
            between(self.neck, other.neck),
            between(self.hip, other.hip),
            between(self.hand_l, other.hand_l),
            between(self.elbow_l, other.elbow_l),
            between(self.hand_r, other.hand_r),
            between(self.elbow_r, other.elbow_r),
            between(self.knee_l, other.knee_l),
            between(self.foot_l, other.foot_l),
            between(self.knee_r, other.knee_r),
            between(self.foot_r, other.foot_r),
        )


STAND = Pose(
    head=(0, 0.90), neck=(0, 0.79), hip=(0, 0.47),
    hand_l=(-0.19, 0.44), elbow_l=(-0.18, 0.61), hand_r=(0.19, 0.44), elbow_r=(0.18, 0.61),
    knee_l=(-0.075, 0.25), foot_l=(-0.08, 0.03), knee_r=(0.075, 0.25), foot_r=(0.08, 0.03),
)  # fmt: skip
HOLD = Pose(
    head=(0.01, 0.90), neck=(0, 0.79), hip=(0, 0.47),
    hand_l=(0.10, 0.60), elbow_l=(-0.15, 0.60), hand_r=(0.24, 0.62), elbow_r=(0.17, 0.56),
    knee_l=(-0.075, 0.25), foot_l=(-0.09, 0.03), knee_r=(0.075, 0.25), foot_r=(0.09, 0.03),
)  # fmt: skip
ALARMED = Pose(
    head=(0, 0.90), neck=(0, 0.79), hip=(0, 0.47),
    hand_l=(-0.24, 0.98), elbow_l=(-0.22, 0.78), hand_r=(0.24, 0.98), elbow_r=(0.22, 0.78),
    knee_l=(-0.09, 0.25), foot_l=(-0.11, 0.03), knee_r=(0.09, 0.25), foot_r=(0.11, 0.03),
)  # fmt: skip
SIGNAL = Pose(
    head=(0, 0.90), neck=(0, 0.79), hip=(0, 0.47),
    hand_l=(-0.19, 0.44), elbow_l=(-0.18, 0.61), hand_r=(0.12, 0.88), elbow_r=(0.22, 0.68),
    knee_l=(-0.075, 0.25), foot_l=(-0.08, 0.03), knee_r=(0.075, 0.25), foot_r=(0.08, 0.03),
)  # fmt: skip
SLUMP = Pose(
    head=(0.13, 0.66), neck=(0.06, 0.60), hip=(0, 0.30),
    hand_l=(-0.12, 0.26), elbow_l=(-0.12, 0.44), hand_r=(0.24, 0.28), elbow_r=(0.19, 0.42),
    knee_l=(-0.16, 0.22), foot_l=(-0.10, 0.03), knee_r=(0.13, 0.20), foot_r=(0.06, 0.03),
)  # fmt: skip
LYING = Pose(
    head=(0.48, 0.13), neck=(0.36, 0.11), hip=(0.04, 0.09),
    hand_l=(0.20, 0.03), elbow_l=(0.30, 0.03), hand_r=(0.52, 0.02), elbow_r=(0.42, 0.03),
    knee_l=(-0.20, 0.14), foot_l=(-0.40, 0.05), knee_r=(-0.18, 0.06), foot_r=(-0.42, 0.04),
)  # fmt: skip
HANGING = Pose(
    head=(0.05, 0.87), neck=(0.02, 0.79), hip=(0, 0.47),
    hand_l=(-0.11, 0.40), elbow_l=(-0.15, 0.60), hand_r=(0.13, 0.40), elbow_r=(0.16, 0.60),
    knee_l=(-0.06, 0.27), foot_l=(-0.10, 0.07), knee_r=(0.06, 0.27), foot_r=(0.03, 0.06),
)  # fmt: skip


def working(t: float) -> Pose:
    """Bending forward and turning a spanner."""
    turn = math.sin(t * 3.2) * 0.04
    return Pose(
        head=(0.17, 0.79), neck=(0.11, 0.71), hip=(-0.02, 0.44),
        hand_l=(0.30, 0.47 + turn), elbow_l=(0.16, 0.52),
        hand_r=(0.34 - turn, 0.55 + turn), elbow_r=(0.24, 0.54),
        knee_l=(-0.09, 0.25), foot_l=(-0.12, 0.03), knee_r=(0.09, 0.25), foot_r=(0.10, 0.03),
    )  # fmt: skip


def climbing(t: float) -> Pose:
    """On a ladder at the right hand side, a rung every second."""
    swing = math.sin(t * 2 * math.pi)
    return Pose(
        head=(0.02, 0.90), neck=(0, 0.79), hip=(-0.04, 0.47),
        hand_l=(0.15, 0.88 + 0.07 * swing), elbow_l=(0.15, 0.68),
        hand_r=(0.17, 0.88 - 0.07 * swing), elbow_r=(0.19, 0.70),
        knee_l=(0.08, 0.31 + 0.04 * swing), foot_l=(0.10, 0.08 + 0.05 * swing),
        knee_r=(0.05, 0.29 - 0.04 * swing), foot_r=(0.13, 0.08 - 0.05 * swing),
    )  # fmt: skip


def walking(t: float) -> Pose:
    """Walking on the spot to the right, two steps a second."""
    swing = math.sin(t * 2 * math.pi)
    lift = abs(math.cos(t * 2 * math.pi)) * 0.02
    return Pose(
        head=(0.02, 0.89 + lift), neck=(0.01, 0.78 + lift), hip=(0, 0.46 + lift),
        hand_l=(-0.02 - 0.13 * swing, 0.47), elbow_l=(-0.09 - 0.03 * swing, 0.60),
        hand_r=(0.04 + 0.13 * swing, 0.47), elbow_r=(0.05 + 0.06 * swing, 0.60),
        knee_l=(0.05 + 0.10 * swing, 0.26), foot_l=(0.14 * swing, 0.04),
        knee_r=(0.05 - 0.10 * swing, 0.26), foot_r=(-0.14 * swing, 0.04),
    )  # fmt: skip


@dataclass(frozen=True)
class Outfit:
    """What a person wears beside the work clothes."""

    helmet: QColor = field(default_factory=lambda: HELMET)
    vest: QColor = field(default_factory=lambda: VEST)
    harness: bool = False
    breathing: bool = False


PLAIN = Outfit()
HARNESSED = Outfit(harness=True)
WATCHER = Outfit(helmet=WATCHER_HELMET, vest=QColor("#D93A3F"))
RESCUER = Outfit(helmet=WATCHER_HELMET, harness=True, breathing=True)


def person(
    p: QPainter, feet: QPointF, height: float, pose: Pose, outfit: Outfit = PLAIN,
    mirrored: bool = False,
) -> None:  # fmt: skip
    """Draw a worker of ``height`` px standing at ``feet``; mirrored faces left."""
    p.save()
    p.translate(feet)
    p.scale(-height if mirrored else height, -height)
    _limb(p, pose.hip, pose.knee_l, pose.foot_l, CLOTH_DARK, 0.105, -0.045)
    _foot(p, pose.knee_l, pose.foot_l)
    _limb(p, pose.neck, pose.elbow_l, pose.hand_l, CLOTH_DARK, 0.078, -0.10, shoulder=True)
    _limb(p, pose.hip, pose.knee_r, pose.foot_r, CLOTH, 0.105, 0.045)
    _foot(p, pose.knee_r, pose.foot_r)
    if outfit.breathing:
        _cylinder(p, pose)
    _trunk(p, pose, outfit)
    _head(p, pose, outfit)
    _limb(p, pose.neck, pose.elbow_r, pose.hand_r, CLOTH, 0.078, 0.10, shoulder=True)
    p.restore()


def _limb(
    p: QPainter, root: Point, joint: Point, end: Point, cloth: QColor, width: float,
    aside: float, shoulder: bool = False,
) -> None:  # fmt: skip
    start = QPointF(root[0] + aside, root[1] - (0.05 if shoulder else 0.0))
    path = QPainterPath(start)
    path.lineTo(QPointF(*joint))
    path.lineTo(QPointF(*end))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(cloth, width))
    p.drawPath(path)
    if shoulder:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(SKIN)
        p.drawEllipse(QPointF(*end), 0.043, 0.043)


def _foot(p: QPainter, knee: Point, foot: Point) -> None:
    lying = abs(knee[1] - foot[1]) < 0.12
    toe = (foot[0], foot[1] + 0.04) if lying else (foot[0] + 0.055, foot[1])
    p.setPen(pen(BOOT, 0.085))
    p.drawLine(QPointF(*foot), QPointF(*toe))


def _trunk(p: QPainter, pose: Pose, outfit: Outfit) -> None:
    across = _across(pose)
    neck, hip = QPointF(*pose.neck), QPointF(*pose.hip)
    path = QPainterPath()
    path.moveTo(neck - across * 0.125 + (hip - neck) * 0.06)
    path.quadTo(neck - (hip - neck) * 0.10, neck + across * 0.125 + (hip - neck) * 0.06)
    path.lineTo(hip + across * 0.105)
    path.lineTo(hip - across * 0.105)
    path.closeSubpath()
    p.setPen(pen(outfit.vest, 0.03))
    p.setBrush(outfit.vest)
    p.drawPath(path)
    p.setPen(pen(STRIPE, 0.032))
    for share in (0.52, 0.80):
        middle = neck + (hip - neck) * share
        p.drawLine(middle - across * 0.105, middle + across * 0.105)
    if outfit.harness:
        p.setPen(pen(HARNESS, 0.026))
        p.drawLine(neck - across * 0.095, hip + across * 0.08)
        p.drawLine(neck + across * 0.095, hip - across * 0.08)
        p.drawLine(hip - across * 0.10, hip + across * 0.10)


def _across(pose: Pose) -> QPointF:
    """Unit vector from one shoulder to the other: at right angles to the spine."""
    dx, dy = pose.neck[0] - pose.hip[0], pose.neck[1] - pose.hip[1]
    length = math.hypot(dx, dy) or 1.0
    return QPointF(dy / length, -dx / length)


def _cylinder(p: QPainter, pose: Pose) -> None:
    back = _across(pose) * -0.10
    neck, hip = QPointF(*pose.neck), QPointF(*pose.hip)
    p.setPen(pen(QColor("#C9A400"), 0.10))
    p.drawLine(neck + back + (hip - neck) * 0.2, neck + back + (hip - neck) * 0.8)


def _head(p: QPainter, pose: Pose, outfit: Outfit) -> None:
    spine = math.degrees(math.atan2(pose.head[1] - pose.neck[1], pose.head[0] - pose.neck[0]))
    p.save()
    p.translate(QPointF(*pose.head))
    p.rotate(spine - 90)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(SKIN)
    p.drawRoundedRect(QRectF(-0.03, -0.12, 0.06, 0.08), 0.02, 0.02)
    p.drawEllipse(QPointF(0, -0.005), 0.066, 0.074)
    if outfit.breathing:
        p.setBrush(QColor("#1D2A36"))
        p.drawRoundedRect(QRectF(-0.05, -0.065, 0.11, 0.09), 0.035, 0.035)
        p.setBrush(QColor("#9CC9F5"))
        p.drawRoundedRect(QRectF(-0.028, -0.02, 0.08, 0.036), 0.015, 0.015)
    p.setBrush(outfit.helmet)
    shell = QPainterPath()
    shell.moveTo(-0.082, 0.018)
    shell.cubicTo(-0.085, 0.125, 0.085, 0.125, 0.082, 0.018)
    shell.closeSubpath()
    p.drawPath(shell)
    p.drawRoundedRect(QRectF(-0.088, 0.008, 0.205, 0.024), 0.012, 0.012)
    p.setBrush(outfit.helmet.darker(115))
    p.drawRoundedRect(QRectF(-0.014, 0.03, 0.028, 0.07), 0.012, 0.012)
    p.restore()
