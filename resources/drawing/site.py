"""The place of lesson two: one manhole, one blower, one list at the right."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from resources.drawing import well
from resources.drawing.stage import MARGIN, Beat, day, still

SITE = well.Well(left=MARGIN, right=740, ground=330, bottom=654, chamber=500, neck=62)
"""The manhole of this lesson: always in the same place, so that only what changes moves."""


def site(p: QPainter, beat: Beat) -> None:
    """The backdrop with the manhole."""
    day(p, beat)
    still(p, "three-steps/site", lambda q: well.draw_well(q, SITE))


def panel(place: int, height: float = 92, gap: float = 18) -> QRectF:
    """The box of a list's line in the right hand column."""
    return QRectF(776, 150 + place * (height + gap), 440, height)


def duct_route() -> list[QPointF]:
    """From the blower on the ground into the shaft and down to near the sludge."""
    x = SITE.middle - 44
    route = [QPointF(SITE.left + 172, SITE.ground - 66)]
    start, corner = route[0], QPointF(x, SITE.ground - 66)
    route.append(QPointF(corner.x() - 44, start.y()))
    for step in range(1, 9):
        angle = math.pi / 2 * step / 8
        route.append(
            QPointF(corner.x() - 44 + 44 * math.sin(angle), start.y() + 44 - 44 * math.cos(angle))
        )
    route.append(QPointF(x, SITE.floor - 84))
    return route
