"""Scenes of lesson two up to the air test; the work itself is in `lesson_two_work`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from resources.drawing import people, things, well
from resources.drawing.lesson_one import title
from resources.drawing.site import SITE, duct_route, panel, site
from resources.drawing.stage import (
    CENTRE,
    DANGER,
    MARGIN,
    NIGHT_PRIMARY,
    NIGHT_SUCCESS,
    NIGHT_TEXT,
    PRIMARY,
    SECOND,
    SUCCESS,
    SURFACE,
    TEXT,
    Beat,
    Route,
    blend,
    card,
    ease,
    faded,
    mix,
    night,
    pen,
    tint,
    wave,
    write,
)


def opening_two(p: QPainter, beat: Beat) -> None:
    """Three steps light up one after the other."""
    night(p, beat)
    title(p, beat, "", 0)
    shown = ease((beat.t - 0.3) / 0.8)
    p.save()
    p.setOpacity(shown)
    write(p, QRectF(MARGIN, 366, 300, 48), beat.words["part"], 36, NIGHT_TEXT)
    p.restore()
    for place, name in enumerate(("vent", "test", "work")):
        since = beat.since(place) - (1.1 if place == 0 else 0.0)
        lit = ease(since / 0.5)
        box = QRectF(MARGIN + place * 400, 450, 352, 132)
        p.setPen(pen(blend(QColor("#3A4B5B"), NIGHT_PRIMARY, lit), 3))
        p.setBrush(blend(QColor("#19222C"), QColor("#0B5CAD"), lit))
        p.drawRoundedRect(box, 20, 20)
        ink = blend(QColor("#66788A"), QColor("#FFFFFF"), lit)
        write(
            p,
            QRectF(box.left() + 28, box.top(), 70, box.height()),
            str(place + 1),
            72,
            blend(QColor("#3A4B5B"), NIGHT_PRIMARY, lit),
            bold=True,
        )
        write(p, box.adjusted(96, 0, -16, 0), beat.words[name], 58, ink, bold=True)
        if place < 2:
            reach = ease((beat.since(place + 1) + 0.35) / 0.4)
            start = QPointF(box.right() + 8, box.center().y())
            things.arrow(p, start, start + QPointF(32 * reach, 0), NIGHT_SUCCESS, 6)


def ventilate(p: QPainter, beat: Beat) -> None:
    """A blower fills the manhole with fresh air from below; the gas leaves at the top."""
    site(p, beat)
    words = beat.words
    running = beat.enter(1, 1.2)
    cleared = ease((beat.since(1) - 1.2) / 7.5)
    foul = 1 - 0.94 * cleared
    t = beat.t
    well.draw_gas(p, SITE, well.SULPHIDE, t, foul, (0.3 * (1 - running), 1.0), 51, 54)
    well.draw_gas(p, SITE, well.METHANE, t, foul, (0.0, 0.4), 52, 30)
    _fresh_air(p, t, running)
    _cover(p, beat)
    route = duct_route()
    well.draw_duct(p, route, shown=running)
    well.draw_blower(p, QPointF(SITE.left + 116, SITE.ground - 8), t, running)
    intake = [
        QPointF(SITE.left - 20, 150),
        QPointF(SITE.left + 40, SITE.ground - 66),
        QPointF(SITE.left + 80, SITE.ground - 66),
    ]
    well.draw_flow(p, intake, t, QColor("#3B8FD9"), running, 7, 0.4, 44, 6)
    out = [
        QPointF(SITE.middle + 30, SITE.roof + 30),
        QPointF(SITE.middle + 30, SITE.ground - 30),
        QPointF(SITE.middle + 90, SITE.ground - 110),
        QPointF(SITE.right - 20, 168),
    ]
    well.draw_flow(p, out, t, QColor("#A08A1E"), running * (1 - 0.75 * cleared), 12, 0.22, 46, 7)
    natural = beat.enter(0, 0.8, 1.6) * (1 - running)
    for side in (-46.0, 10.0):
        wind = [
            QPointF(SITE.middle + side, SITE.ground - 70 if side < 0 else SITE.roof + 20),
            QPointF(SITE.middle + side, SITE.roof + 20 if side < 0 else SITE.ground - 70),
        ]
        well.draw_flow(p, wind, t, QColor("#3B8FD9"), natural, 4, 0.4, 20, 8)
    things.label(p, QPointF(SITE.left + 104, 150), words["fresh"], 26, SURFACE, PRIMARY, running)
    things.label(
        p,
        QPointF(SITE.right - 104, 150),
        words["foul"],
        26,
        SURFACE,
        QColor("#6E6410"),
        running * (1 - 0.7 * cleared),
    )
    for place, name in enumerate(("open", "blow", "place")):
        things.row(
            p,
            panel(place),
            words[name],
            32,
            beat.enter(place),
            beat.during(place),
            PRIMARY,
            done=ease((beat.since(place) - 3.0) / 0.6),
        )
    _no_oxygen(
        p, panel(3, 92, 18).adjusted(0, 0, 0, 64), words["oxygen"], words["o2"], beat.enter(3)
    )


def _cover(p: QPainter, beat: Beat) -> None:
    """The manhole's cover slides off to the right."""
    slide = ease((beat.since(0) - 1.2) / 1.2)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#3F4D5A"))
    x = SITE.middle - 84 + slide * 196
    p.drawRoundedRect(QRectF(x, SITE.ground - 22, 168, 18), 7, 7)


def _fresh_air(p: QPainter, t: float, running: float) -> None:
    """Streams that leave the duct near the sludge, turn and climb along both walls."""
    room = SITE.room
    mouth = QPointF(SITE.middle - 44, SITE.floor - 78)
    p.save()
    p.setClipPath(SITE.inside())
    for side in (-1, 1):
        wall = room.left() + 44 if side < 0 else room.right() - 44
        route = [
            mouth,
            QPointF(mouth.x() + side * 20, SITE.floor - 30),
            QPointF(wall, SITE.floor - 34),
            QPointF(wall, room.top() + 40),
            QPointF(SITE.middle + 40, room.top() + 26),
            QPointF(SITE.middle + 40, SITE.ground - 20),
        ]
        for lane in range(3):
            well.draw_flow(
                p,
                route,
                t + lane * 1.9,
                well.FRESH,
                running * 0.9,
                12,
                0.13,
                30 + lane * 34,
                60 + lane,
            )
    p.restore()


def _no_oxygen(p: QPainter, box: QRectF, words: str, mark: str, shown: float) -> None:
    """An oxygen bottle under a forbidding sign."""
    if shown <= 0:
        return
    p.save()
    p.setOpacity(shown)
    card(p, box, tint(DANGER, 0.10), DANGER)
    bottle = QRectF(box.left() + 62, box.top() + 36, 54, box.height() - 56)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#4A90C9"))
    p.drawRoundedRect(bottle, 20, 20)
    p.setBrush(QColor("#2F5D8C"))
    p.drawRoundedRect(QRectF(bottle.center().x() - 9, bottle.top() - 18, 18, 24), 5, 5)
    write(p, bottle, mark, 26, SURFACE, bold=True, align=CENTRE)
    things.forbidden(p, QPointF(bottle.center().x(), box.center().y()), 62, shown)
    write(
        p,
        QRectF(box.left() + 176, box.top(), box.width() - 196, box.height()),
        words,
        34,
        DANGER,
        bold=True,
    )
    p.restore()


def test_air(p: QPainter, beat: Beat) -> None:
    """A sampling tube goes down to three heights; readings come in their order."""
    site(p, beat)
    words = beat.words
    t = beat.t
    again = beat.enter(3, 0.8)
    well.draw_gas(p, SITE, well.SULPHIDE, t, 0.25 + 0.5 * again, (0.55, 1.0), 71, 30)
    heights = [SITE.room.top() + share * SITE.room.height() for share in (0.14, 0.5, 0.86)]
    start, end = beat.lines[0]
    steps = [start + (end - start) * share for share in (0.58, 0.70, 0.84)]
    depth = SITE.ground + 10.0
    for moment, height in zip(steps, heights, strict=True):
        depth = mix(depth, height, ease((t - moment + 0.4) / 0.9))
    x = SITE.middle - 30
    hand = QPointF(SITE.middle - 126, SITE.ground - 102)
    tube = QPainterPath(hand)
    tube.cubicTo(
        QPointF(x, SITE.ground - 150), QPointF(x, SITE.ground - 90), QPointF(x, SITE.ground - 10)
    )
    tube.lineTo(x, depth)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(QColor("#E8EDF2"), 7))
    p.drawPath(tube)
    p.setPen(pen(QColor("#2F7FC4"), 4))
    p.drawPath(tube)
    line = Route([QPointF(x, SITE.ground - 70), QPointF(x, depth)])
    for bead in range(6):
        share = 1 - (bead / 6 + t * 0.25) % 1.0
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor("#7DB8F5"))
        p.drawEllipse(line.at(share), 5, 5)
    p.setBrush(QColor("#F2C230"))
    p.drawRoundedRect(QRectF(x - 8, depth - 6, 16, 30), 7, 7)
    for place, (name, height) in enumerate(zip(("upper", "middle", "lower"), heights, strict=True)):
        shown = ease((t - steps[place]) / 0.5)
        p.setPen(pen(faded(SURFACE, 0.25 + 0.35 * shown), 3))
        p.drawLine(QPointF(SITE.room.left() + 96, height), QPointF(x - 20, height))
        mark = QPointF(SITE.room.left() + 62, height)
        p.setPen(pen(blend(QColor("#66788A"), SURFACE, shown), 3))
        p.setBrush(blend(QColor("#33475A"), SUCCESS, shown))
        p.drawEllipse(mark, 29, 29)
        write(
            p,
            QRectF(mark.x() - 29, mark.y() - 29, 58, 58),
            words[name],
            34,
            SURFACE,
            bold=True,
            align=CENTRE,
        )
    people.person(
        p, QPointF(SITE.middle - 160, SITE.ground - 8), 152, people.HOLD, people.HARNESSED
    )
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#F2C230"))
    p.drawRoundedRect(QRectF(hand.x() - 17, hand.y() - 26, 32, 48), 7, 7)
    p.setBrush(blend(QColor("#D9F2E2"), DANGER, again * (0.5 + 0.5 * wave(t, 0.5))))
    p.drawRoundedRect(QRectF(hand.x() - 12, hand.y() - 20, 22, 24), 4, 4)
    _order(p, beat)
    _clock(p, QRectF(776, 448, 440, 96), words["window"], beat)
    things.chip(p, QRectF(776, 562, 440, 76), words["again"], 30, SURFACE, DANGER, again)


def _order(p: QPainter, beat: Beat) -> None:
    """Which gas is read first, second and third."""
    words, t = beat.words, beat.t
    begin, finish = beat.lines[1]
    order = [begin + (finish - begin) * share for share in (0.0, 0.32, 0.64)]
    for place, name in enumerate(("first", "second", "third")):
        shown = ease((t - order[place]) / 0.5)
        following = order[place + 1] if place < 2 else beat.lines[2][0]
        lit = shown * (1 - ease((t - following) / 0.4))
        box = panel(place, 84, 14)
        things.row(p, box, "", 34, shown, lit, PRIMARY, done=ease((t - following) / 0.6))
        p.save()
        p.setOpacity(shown)
        write(p, box.adjusted(42, 0, 0, 0), str(place + 1), 44, PRIMARY, bold=True)
        write(p, box.adjusted(92, 0, -70, 0), words[name], 34, TEXT, bold=True)
        p.restore()


def _clock(p: QPainter, box: QRectF, words: str, beat: Beat) -> None:
    """A ring of half an hour that runs down."""
    shown = beat.enter(2)
    if shown <= 0:
        return
    p.save()
    p.setOpacity(shown)
    card(p, box, tint(PRIMARY, 0.10), PRIMARY)
    ring = QRectF(box.left() + 22, box.top() + 16, 64, 64)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(tint(PRIMARY, 0.3), 9))
    p.drawEllipse(ring)
    p.setPen(pen(PRIMARY, 9))
    left = 180 * (1 - 0.8 * ease(beat.since(2) / 4))
    p.drawArc(ring, 90 * 16, -round(left * 16))
    write(p, box.adjusted(110, 0, -16, 0), words, 34, SECOND if shown < 1 else PRIMARY, bold=True)
    p.restore()


SCENES: Mapping[str, Callable[[QPainter, Beat], None]] = {
    "opening_two": opening_two,
    "ventilate": ventilate,
    "test_air": test_air,
}
DARK = frozenset({"opening_two"})
