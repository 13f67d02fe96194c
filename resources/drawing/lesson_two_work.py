"""Scenes of lesson two from the work on: worker, watcher, rescue, summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from resources.drawing import people, things, well
from resources.drawing.site import SITE, duct_route, panel, site
from resources.drawing.stage import (
    ATTENTION,
    CENTRE,
    DANGER,
    MARGIN,
    PRIMARY,
    SECOND,
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
    still,
    tint,
    veil,
    wave,
    write,
)

_FLOOR = SITE.floor + 14
_RUNGS = SITE.middle + SITE.shaft / 2 - 46
_SPOT = SITE.middle + 116


def _running_blower(p: QPainter, t: float) -> None:
    route = duct_route()
    still(p, "three-steps/duct", lambda q: well.draw_duct(q, route))
    well.draw_blower(p, QPointF(SITE.left + 116, SITE.ground - 8), t)
    room = SITE.room
    p.save()
    p.setClipPath(SITE.inside())
    for side in (-1, 1):
        wall = room.left() + 44 if side < 0 else room.right() - 44
        flow = [
            route[-1],
            QPointF(wall, SITE.floor - 30),
            QPointF(wall, room.top() + 40),
            QPointF(SITE.middle + 20, room.top() + 26),
        ]
        well.draw_flow(p, flow, t, well.FRESH, 0.55, 9, 0.13, 40, 80)
    p.restore()


def _on_rope(p: QPainter, top: QPointF, feet: QPointF, height: float) -> None:
    """The line from the tripod to the back of the harness, round the edge of the roof."""
    hook = feet + QPointF(0, -height * 0.80)
    if hook.y() > SITE.roof:
        share = (SITE.roof - top.y()) / (hook.y() - top.y())
        straight = top.x() + (hook.x() - top.x()) * share
        edge = QPointF(min(straight, SITE.middle + SITE.shaft / 2 - 12), SITE.roof)
        well.draw_rope(p, top, edge)
        top = edge
    well.draw_rope(p, top, hook)


def work(p: QPainter, beat: Beat) -> None:
    """Down the ladder on a line, work, alarm, out again."""
    site(p, beat)
    words, t = beat.words, beat.t
    leaving = beat.since(2)
    alarm = beat.during(2)
    _running_blower(p, t)
    height = 150.0
    pose = people.working(t)
    mirrored = False
    if leaving < 0:
        down = beat.since(0) - 0.8
        if down < 3.2:
            feet = QPointF(_RUNGS, mix(SITE.ground - 8, _FLOOR, ease(down / 3.2)))
            pose = people.climbing(t) if down > 0 else people.STAND
        else:
            aside = ease((down - 3.2) / 1.0)
            feet = QPointF(mix(_RUNGS, _SPOT, aside), _FLOOR)
            pose = people.walking(t) if aside < 1 else people.working(t)
    else:
        aside = 1 - ease((leaving - 0.5) / 0.8)
        up = ease((leaving - 1.3) / 2.6)
        feet = QPointF(mix(_RUNGS, _SPOT, aside), mix(_FLOOR, SITE.ground - 8, up))
        pose = people.ALARMED if leaving < 0.5 else people.walking(t)
        mirrored = 0.5 <= leaving < 1.3
        if leaving >= 1.3:
            pose = people.climbing(t) if up < 1 else people.STAND
        out = ease((leaving - 3.9) / 0.8)
        feet += QPointF(120 * out, 0)
        if 0 < out < 1:
            pose = people.walking(t)
    top = well.draw_tripod(p, SITE, 168)
    _on_rope(p, top, feet, height)
    people.person(p, feet, height, pose, people.HARNESSED, mirrored)
    chest = feet + QPointF(0, -height * 0.62)
    _pager(p, chest + QPointF(20, 0), alarm, t)
    watch = people.STAND.toward(people.SIGNAL, alarm)
    people.person(
        p, QPointF(SITE.right - 60, SITE.ground - 8), 160, watch, people.WATCHER, mirrored=True
    )
    for place, name in enumerate(("harness", "keep", "alarm", "again")):
        colour = DANGER if name == "alarm" else PRIMARY
        things.row(
            p, panel(place, 104, 16), words[name], 32, beat.enter(place), beat.during(place), colour
        )


def _pager(p: QPainter, at: QPointF, alarm: float, t: float) -> None:
    """The gas alarm on the worker's chest, with its sound."""
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#F2C230"))
    p.drawRoundedRect(QRectF(at.x() - 7, at.y() - 11, 14, 22), 3, 3)
    p.setBrush(blend(SUCCESS, DANGER, alarm))
    p.drawRoundedRect(QRectF(at.x() - 4, at.y() - 8, 8, 8), 2, 2)
    if alarm > 0:
        for ring in range(3):
            age = (t * 1.4 + ring / 3) % 1.0
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.setPen(pen(faded(QColor("#FF6A5E"), alarm * (1 - age)), 5))
            p.drawEllipse(at, 14 + age * 56, 14 + age * 56)


def watcher(p: QPainter, beat: Beat) -> None:
    """Outside stays outside: in touch, not away, not in, and first to call everybody out."""
    site(p, beat)
    words, t = beat.words, beat.t
    _running_blower(p, t)
    top = well.draw_tripod(p, SITE, 168)
    feet = QPointF(_SPOT, _FLOOR)
    out = beat.since(3) - 0.9
    pose = people.working(t)
    if out > 0:
        side = ease(out / 0.7)
        feet = QPointF(
            mix(_SPOT, _RUNGS, side), mix(_FLOOR, SITE.ground + 40, ease((out - 0.7) / 3))
        )
        pose = people.walking(t) if side < 1 else people.climbing(t)
    _on_rope(p, top, feet, 150)
    people.person(p, feet, 150, pose, people.HARNESSED, mirrored=0 < out < 0.7)
    stand = QPointF(SITE.middle + 196, SITE.ground - 8)
    talk = beat.during(0)
    call = beat.enter(3, 0.4)
    gesture = people.STAND.toward(people.SIGNAL, max(talk, 0.25)).toward(people.ALARMED, call)
    glow = 0.5 + 0.5 * wave(t, 2.0)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(faded(SUCCESS, 0.10 + 0.08 * glow))
    p.drawEllipse(stand + QPointF(0, -4), 82, 22)
    people.person(p, stand, 196, gesture, people.WATCHER, mirrored=True)
    things.label(p, stand + QPointF(86, -176), words["badge"], 30, SURFACE, SUCCESS, beat.enter(0))
    things.waves(p, stand + QPointF(-30, -168), t, PRIMARY, 215, talk)
    things.waves(p, feet + QPointF(14, -136), t + 0.4, QColor("#7DB8F5"), 60, talk)
    away = beat.during(1)
    if away > 0:
        start = stand + QPointF(60, -60)
        things.arrow(p, start, start + QPointF(70, 0), faded(DANGER, away), 9)
        things.cross(p, start + QPointF(40, -44), 26, away)
    inward = beat.during(2)
    if inward > 0:
        start = QPointF(SITE.middle + 118, SITE.ground - 40)
        things.arrow(
            p, start, QPointF(SITE.middle + 34, SITE.ground + 34), faded(DANGER, inward), 9
        )
        things.cross(p, QPointF(SITE.middle + 60, SITE.ground - 42), 26, inward)
    for place, (name, colour) in enumerate(
        (("watch", SUCCESS), ("leave", DANGER), ("enter", DANGER), ("call", ATTENTION))
    ):
        things.row(
            p, panel(place, 104, 16), words[name], 32, beat.enter(place), beat.during(place), colour
        )


def rescue(p: QPainter, beat: Beat) -> None:
    """Call, lift from outside; only with breathing apparatus inside."""
    site(p, beat)
    t = beat.t
    well.draw_gas(p, SITE, well.SULPHIDE, t, 0.75, (0.45, 1.0), 91, 40)
    lifting = beat.since(1)
    entering = beat.since(2)
    top = well.draw_tripod(p, SITE, 178)
    hand = well.draw_winch(p, SITE, -max(0.0, lifting) * 3.4 if entering < 0 else 0.0, 178)
    lifted = ease((lifting - 0.8) / 6.0)
    upright = ease((lifting - 0.4) / 1.2)
    feet = QPointF(SITE.middle - 10, mix(_FLOOR, SITE.ground + 22, lifted))
    pose = people.LYING.toward(people.HANGING, upright)
    gone = beat.enter(2, 0.5)
    p.save()
    p.setOpacity(1 - gone)
    if lifting > 0.2:
        hook = feet + QPointF(0, -150 * mix(0.10, 0.80, upright))
        well.draw_rope(p, top, hook)
    people.person(p, feet, 150, pose, people.HARNESSED)
    p.restore()
    if entering > 0:
        p.save()
        p.setOpacity(gone)
        depth = mix(SITE.ground + 10, _FLOOR, ease((entering - 0.4) / 4.5))
        inside = QPointF(_RUNGS, depth)
        _on_rope(p, top, inside, 150)
        moving = people.climbing(t) if depth < _FLOOR - 1 else people.HOLD
        people.person(p, inside, 150, moving, people.RESCUER)
        people.person(p, QPointF(SITE.middle - 150, _FLOOR), 150, people.LYING, people.HARNESSED)
        p.restore()
    crew = QPointF(hand.x() + 62, SITE.ground - 8)
    reach = ((crew.x() - hand.x()) / 168, (crew.y() - hand.y()) / 168)
    crank = people.Pose(
        **{**people.STAND.__dict__, "hand_r": reach, "elbow_r": (reach[0] * 0.6 + 0.05, 0.58)}
    )
    people.person(p, crew, 168, crank, people.WATCHER, mirrored=True)
    calling = people.STAND.toward(people.SIGNAL, 1.0)
    people.person(p, QPointF(SITE.left + 116, SITE.ground - 8), 160, calling, people.PLAIN)
    things.waves(p, QPointF(SITE.left + 140, SITE.ground - 150), t, DANGER, 45, beat.during(0))
    _number(p, QRectF(776, 140, 440, 158), beat)
    _ways(p, beat)


def _ways(p: QPainter, beat: Beat) -> None:
    """From outside if it can be done, else with breathing apparatus."""
    words = beat.words
    for place, (name, colour) in enumerate((("outside", SUCCESS), ("inside", ATTENTION))):
        shown, lit = beat.enter(place + 1), beat.during(place + 1)
        box = QRectF(776, 318 + place * 166, 440, 148)
        if shown <= 0:
            continue
        p.save()
        p.setOpacity(shown)
        p.translate(30 * (1 - shown), 0)
        card(p, box, blend(SURFACE, tint(colour, 0.14), lit), blend(QColor("#D5DCE4"), colour, lit))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(colour)
        p.drawRoundedRect(QRectF(box.left() + 16, box.top() + 22, 6, box.height() - 44), 3, 3)
        write(p, box.adjusted(44, 16, -20, -78), words[name], 36, TEXT, bold=True)
        write(p, box.adjusted(44, 72, -20, -20), words[f"{name}_note"], 31, colour, bold=True)
        p.restore()


def _number(p: QPainter, box: QRectF, beat: Beat) -> None:
    """Whom to call, with a ringing telephone."""
    shown, lit = beat.enter(0), beat.during(0)
    if shown <= 0:
        return
    p.save()
    p.setOpacity(shown)
    p.translate(30 * (1 - shown), 0)
    card(p, box, blend(SURFACE, tint(DANGER, 0.12), lit), blend(QColor("#D5DCE4"), DANGER, lit))
    p.save()
    p.translate(box.left() + 66, box.center().y())
    p.rotate(8 * lit * wave(beat.t, 0.16))
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#22303D"))
    p.drawRoundedRect(QRectF(-34, -58, 68, 116), 14, 14)
    p.setBrush(SURFACE)
    p.drawRoundedRect(QRectF(-26, -46, 52, 80), 6, 6)
    p.setBrush(DANGER)
    p.drawEllipse(QPointF(0, -6), 18, 18)
    p.restore()
    write(p, box.adjusted(128, 12, -16, -92), beat.words["call"], 32, SECOND, bold=True)
    write(p, box.adjusted(128, 62, -16, -12), beat.words["numbers"], 60, DANGER, bold=True)
    p.restore()


def recap_two(p: QPainter, beat: Beat) -> None:
    """The three steps once more, each with its picture."""
    day(p, beat)
    words, t = beat.words, beat.t
    for place, name in enumerate(("vent", "test", "work")):
        since = beat.since(place) - (1.4 if place == 0 else 0.0)
        shown = ease(since / 0.6)
        box = QRectF(MARGIN + place * 392, 150, 368, 430)
        p.save()
        p.translate(0, 18 * (1 - shown))
        card(p, box, SURFACE, blend(QColor("#D5DCE4"), SUCCESS, shown))
        middle = QPointF(box.center().x(), box.top() + 150)
        if name == "vent":
            p.save()
            p.translate(middle + QPointF(0, 96))
            p.scale(1.7, 1.7)
            well.draw_blower(p, QPointF(0, 0), t)
            p.restore()
        elif name == "test":
            readings = [
                ("O₂", "20.9", "%VOL", True),
                ("EX", "0", "%LEL", True),
                ("H₂S", "0", "mg/m³", True),
                ("CO", "0", "mg/m³", True),
            ]
            things.detector(p, QRectF(middle.x() - 80, middle.y() - 104, 160, 228), readings, 0, t)
        else:
            people.person(p, middle + QPointF(-66, 114), 216, people.working(t), people.HARNESSED)
            people.person(
                p, middle + QPointF(80, 114), 216, people.SIGNAL, people.WATCHER, mirrored=True
            )
        things.tick(
            p, QPointF(box.right() - 44, box.top() + 44), 26, ease((since - 0.5) / 0.6), SUCCESS
        )
        line = QRectF(box.left() + 16, box.bottom() - 136, box.width() - 32, 62)
        write(p, line, f"{place + 1}  {words[name]}", 46, PRIMARY, bold=True, align=CENTRE)
        write(p, line.translated(0, 64), words[f"{name}_note"], 29, SECOND, align=CENTRE)
        veil(p, box, shown)
        p.restore()
    things.chip(
        p, QRectF(440, 604, 400, 72), words["home"], 40, SURFACE, SUCCESS, beat.enter(3, 0.6, 2.4)
    )


SCENES: Mapping[str, Callable[[QPainter, Beat], None]] = {
    "work": work,
    "watcher": watcher,
    "rescue": rescue,
    "recap_two": recap_two,
}
