"""The scene of the permit: nothing begins before it is granted."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from resources.drawing import people, things
from resources.drawing.stage import (
    CENTRE,
    DANGER,
    MARGIN,
    PRIMARY,
    SUCCESS,
    SURFACE,
    TEXT,
    Beat,
    blend,
    card,
    day,
    ease,
    faded,
    mix,
    pen,
    tint,
    wave,
    write,
)


def permit(p: QPainter, beat: Beat) -> None:
    """A form that is ticked on the left, a valve that is closed and locked on the right."""
    day(p, beat)
    words = beat.words
    sheet = QRectF(MARGIN, 142, 520, 506)
    card(p, sheet)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(tint(PRIMARY, 0.13))
    p.drawRoundedRect(QRectF(sheet.left(), sheet.top(), sheet.width(), 82), 16, 16)
    write(
        p,
        QRectF(sheet.left(), sheet.top(), sheet.width(), 82),
        words["form"],
        38,
        PRIMARY,
        bold=True,
        align=CENTRE,
    )
    for place, name in enumerate(("approve", "brief", "isolate", "sign")):
        lit = beat.during(place)
        done = ease((beat.since(place) - (1.6 if place == 0 else 1.2)) / 0.7)
        line = QRectF(sheet.left() + 24, sheet.top() + 104 + place * 98, sheet.width() - 48, 82)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(blend(SURFACE, tint(PRIMARY, 0.13), lit))
        p.drawRoundedRect(line, 12, 12)
        write(p, line.adjusted(88, 0, -8, 0), words[name], 34, TEXT, bold=True)
        mark = QPointF(line.left() + 44, line.center().y())
        p.setPen(pen(QColor("#8796A5"), 4))
        p.setBrush(SURFACE)
        p.drawEllipse(mark, 23, 23)
        things.tick(p, mark, 26, done, SUCCESS)
    stage = QRectF(620, 142, 596, 506)
    card(p, stage)
    stamp = beat.during(0)
    brief, lock, sign = beat.during(1), beat.enter(2, 0.5) * (1 - beat.enter(3)), beat.enter(3)
    _stamp(p, stage, beat, stamp)
    _briefing(p, stage, beat, brief)
    _lockout(p, stage, beat, lock)
    _fence(p, stage, beat, sign)


def _fence(p: QPainter, stage: QRectF, beat: Beat, sign: float) -> None:
    """A barrier round the open manhole and a warning sign above it."""
    if sign <= 0:
        return
    p.save()
    p.setOpacity(sign)
    p.setPen(pen(QColor("#7D8B99"), 12))
    p.drawLine(QPointF(stage.left() + 60, 590), QPointF(stage.right() - 60, 590))
    p.setPen(pen(QColor("#22303D"), 14))
    p.drawLine(QPointF(stage.center().x() - 70, 590), QPointF(stage.center().x() + 70, 590))
    p.restore()
    things.barrier(p, QPointF(stage.left() + 130, 584), 336, ease(beat.since(3) / 0.6))
    grown = ease((beat.since(3) - 0.5) / 0.5)
    things.warning_sign(p, QPointF(stage.center().x(), 350), 190 * grown)


def _stamp(p: QPainter, stage: QRectF, beat: Beat, shown: float) -> None:
    """A gate that stays shut until the stamp falls."""
    if shown <= 0:
        return
    p.save()
    p.setOpacity(shown)
    centre = stage.center()
    fall = ease((beat.since(0) - 1.3) / 0.35)
    people.person(p, QPointF(centre.x() - 150, 590), 300, people.STAND)
    size = mix(1.5, 1.0, fall)
    p.save()
    p.translate(centre.x() + 120, centre.y() - 10)
    p.rotate(-12)
    p.scale(size, size)
    p.setOpacity(shown * fall)
    p.setPen(pen(DANGER, 9))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawEllipse(QPointF(0, 0), 116, 116)
    p.setPen(pen(DANGER, 4))
    p.drawEllipse(QPointF(0, 0), 98, 98)
    write(p, QRectF(-100, -50, 200, 100), beat.words["passed"], 68, DANGER, bold=True, align=CENTRE)
    p.restore()
    p.restore()


def _briefing(p: QPainter, stage: QRectF, beat: Beat, shown: float) -> None:
    """One explains, two listen; three bubbles: task, danger, way out."""
    if shown <= 0:
        return
    p.save()
    p.setOpacity(shown)
    nod = 0.5 + 0.5 * wave(beat.t, 1.8)
    speaker = people.STAND.toward(people.SIGNAL, nod)
    people.person(p, QPointF(stage.left() + 130, 606), 270, speaker, people.WATCHER)
    for place in range(2):
        people.person(
            p,
            QPointF(stage.right() - 210 + place * 110, 606),
            250,
            people.STAND.toward(people.HOLD, 0.2),
            people.HARNESSED,
            mirrored=True,
        )
    for place in range(3):
        grown = ease((beat.since(1) - 1.0 - place * 0.9) / 0.5)
        middle = QPointF(stage.left() + 150 + place * 150, 236)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(tint((PRIMARY, DANGER, SUCCESS)[place], 0.16))
        p.drawEllipse(middle, 62 * grown, 62 * grown)
        if grown > 0.6:
            _sign_of(p, middle, place)
    p.restore()


def _sign_of(p: QPainter, middle: QPointF, place: int) -> None:
    if place == 0:  # a spanner: what to do
        p.setPen(pen(PRIMARY, 13))
        p.drawLine(middle + QPointF(-22, 22), middle + QPointF(14, -14))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(pen(PRIMARY, 9))
        p.drawArc(QRectF(middle.x() + 2, middle.y() - 38, 36, 36), 100 * 16, 250 * 16)
    elif place == 1:
        things.warning_sign(p, middle + QPointF(0, 2), 62)
    else:
        things.arrow(p, middle + QPointF(0, 34), middle + QPointF(0, -36), SUCCESS, 13)


def _lockout(p: QPainter, stage: QRectF, beat: Beat, shown: float) -> None:
    """A valve wheel turns shut on its pipe, the lock closes, the tag falls."""
    if shown <= 0:
        return
    p.save()
    p.setOpacity(shown)
    since = beat.since(2)
    turn = ease((since - 0.2) / 1.6)
    y = 470.0
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#8796A5"))
    p.drawRect(QRectF(stage.left() + 4, y - 38, stage.width() - 8, 76))
    p.setBrush(QColor("#B9C5D1"))
    p.drawRect(QRectF(stage.left() + 4, y - 28, stage.width() - 8, 16))
    middle = QPointF(stage.center().x() - 70, y)
    flow = 1 - turn
    for place in range(7):
        share = (place / 7 + beat.t * 0.35 * max(flow, 0.02)) % 1.0
        x = stage.left() + 26 + share * (middle.x() - stage.left() - 110)
        p.setBrush(faded(QColor("#D8E05A"), 0.9))
        p.drawEllipse(QPointF(x, y + 8), 9, 9)
        if flow > 0.05:
            x = middle.x() + 70 + share * (stage.right() - middle.x() - 96)
            p.setBrush(faded(QColor("#D8E05A"), 0.9 * flow))
            p.drawEllipse(QPointF(x, y + 8), 9, 9)
    p.setBrush(QColor("#4A5A6A"))
    for side in (-1, 1):
        p.drawRoundedRect(QRectF(middle.x() + side * 62 - 11, y - 54, 22, 108), 5, 5)
    p.drawRoundedRect(QRectF(middle.x() - 52, y - 46, 104, 92), 20, 20)
    p.drawRect(QRectF(middle.x() - 10, y - 150, 20, 110))
    hub = QPointF(middle.x(), y - 168)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(QColor("#B3261E"), 17))
    p.drawEllipse(hub, 84, 84)
    p.setPen(pen(QColor("#B3261E"), 12))
    for spoke in range(3):
        angle = math.radians(turn * 300 + spoke * 120)
        p.drawLine(hub, hub + QPointF(math.cos(angle), math.sin(angle)) * 80)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#4A5A6A"))
    p.drawEllipse(hub, 19, 19)
    things.label(
        p,
        QPointF(middle.x(), 606),
        beat.words["valve"],
        30,
        SURFACE,
        SUCCESS,
        ease((since - 1.8) / 0.4),
    )
    shut = ease((since - 2.6) / 0.4)
    if since > 2.0:
        p.setOpacity(shown * ease((since - 2.0) / 0.4))
        things.padlock(p, hub + QPointF(84, 20), 74, shut)
    if since > 3.0:
        swing = 10 * math.exp(-(since - 3.0) * 1.2) * math.cos((since - 3.0) * 6)
        p.setOpacity(shown * ease((since - 3.0) / 0.3))
        things.tag(p, hub + QPointF(190, -86), 150, beat.words["tag_1"], beat.words["tag_2"], swing)
    p.restore()
