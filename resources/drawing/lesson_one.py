"""Scenes of lesson one: what a confined space is and what is wrong with its air."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from resources.drawing import people, spaces, things, well
from resources.drawing.stage import (
    ATTENTION,
    CENTRE,
    DANGER,
    LINE,
    MARGIN,
    NIGHT_DANGER,
    NIGHT_PRIMARY,
    NIGHT_SECOND,
    NIGHT_TEXT,
    PRIMARY,
    RIGHT,
    SECOND,
    SUCCESS,
    SURFACE,
    TEXT,
    WIDTH,
    Beat,
    blend,
    card,
    day,
    ease,
    faded,
    mix,
    night,
    pen,
    pop,
    still,
    tint,
    veil,
    wave,
    write,
)


def opening_one(p: QPainter, beat: Beat) -> None:
    """The title beside a manhole in the dark, gas drifting in it."""
    night(p, beat)
    pit = well.Well(left=700, right=1240, ground=330, bottom=660, neck=70, chamber=400, shaft=140)
    still(p, f"{beat.scene}/pit", lambda q: well.draw_well(q, pit, night=True))
    well.draw_gas(p, pit, well.METHANE, beat.t, 1, (0.02, 0.30), 21, 26)
    well.draw_gas(p, pit, well.SULPHIDE, beat.t + 3, 1, (0.62, 0.98), 22, 34)
    pose = people.STAND.toward(people.HOLD, 0.5 + 0.5 * wave(beat.t, 4))
    people.person(p, QPointF(860, 322), 190, pose, people.PLAIN)
    title(p, beat, beat.words["name"], beat.enter(1, 0.8))


def title(p: QPainter, beat: Beat, name: str, shown: float) -> None:
    """Course, lesson and an English line on the left; ``name`` appears with ``shown``."""
    write(p, QRectF(MARGIN, 150, 600, 36), beat.words["english"], 24, NIGHT_PRIMARY, bold=True)
    write(p, QRectF(MARGIN, 204, 620, 92), beat.words["course"], 74, NIGHT_TEXT, bold=True)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(NIGHT_PRIMARY)
    p.drawRoundedRect(QRectF(MARGIN, 330, 120 * ease((beat.t - 0.4) / 0.9), 6), 3, 3)
    p.save()
    p.setOpacity(shown)
    p.translate(0, 20 * (1 - shown))
    write(p, QRectF(MARGIN, 366, 200, 48), beat.words["part"], 36, NIGHT_SECOND)
    write(p, QRectF(MARGIN, 420, 600, 64), name, 52, NIGHT_TEXT, bold=True)
    p.restore()


def what_it_is(p: QPainter, beat: Beat) -> None:
    """Three marks of a confined space, then its three kinds."""
    day(p, beat)
    first, last = beat.lines[0]
    for place, name in enumerate(("closed", "place", "enter")):
        # Each mark comes when its part of the sentence is spoken.
        shown = ease((beat.t - first - (last - first) * (0.02, 0.30, 0.58)[place]) / 0.6)
        box = QRectF(MARGIN + place * 392, 140, 368, 64)
        things.chip(p, box, beat.words[name], 30, PRIMARY, tint(PRIMARY, 0.13), shown)
    draws = (spaces.sewer, spaces.silo, spaces.tank)
    for place, name in enumerate(("below", "above", "vessel")):
        shown = beat.enter(place + 1, 0.7)
        lit = beat.during(place + 1)
        box = QRectF(MARGIN + place * 392, 236, 368, 410)
        p.save()
        p.translate(0, 16 * (1 - shown))
        card(p, box, SURFACE, blend(QColor("#D5DCE4"), PRIMARY, lit))
        p.setClipRect(box.adjusted(3, 3, -3, -3))
        draws[place](p, box, beat.t, shown)
        p.setClipping(False)
        words = QRectF(box.left() + 16, box.bottom() - 116, box.width() - 32, 52)
        write(p, words, beat.words[name], 36, TEXT, bold=True, align=CENTRE)
        note = words.translated(0, 52)
        write(p, note, beat.words[f"{name}_eg"], 28, SECOND, align=CENTRE)
        veil(p, box, shown)
        p.restore()


def gases(p: QPainter, beat: Beat) -> None:
    """Three gases find their heights in a manhole."""
    day(p, beat)
    pit = well.Well(left=MARGIN, right=720, ground=210, bottom=646, chamber=520, neck=80)
    still(p, f"{beat.scene}/pit", lambda q: well.draw_well(q, pit))
    seen = beat.enter(0, 1.5)
    methane, sulphide, monoxide = (beat.enter(line, 1.2) for line in (1, 2, 3))
    lit = [beat.during(line) for line in (1, 2, 3)]
    for place, (colour, strength, lane) in enumerate(
        (
            (well.METHANE, methane, (0.0, 0.30)),
            (well.SULPHIDE, sulphide, (0.66, 1.0)),
            (well.MONOXIDE, monoxide, (0.05, 0.95)),
        )
    ):
        # Before a gas is named it is there already, everywhere and pale: unseen danger.
        high, low = mix(0.05, lane[0], strength), mix(0.95, lane[1], strength)
        level = max(0.22 * seen, strength)
        well.draw_gas(p, pit, colour, beat.t + place, level, (high, low), 31 + place, 44)
    well.draw_bubbles(p, pit, beat.t, lit[1])
    spark = lit[0] * (0.75 + 0.25 * wave(beat.t, 0.23))
    well.burst(p, QPointF(pit.middle - 150, pit.roof + 44), 34, spark)
    things.label(
        p,
        QPointF(pit.middle - 258 + 86, pit.room.bottom() - 150),
        "O₂ ?",
        26,
        SURFACE,
        faded(TEXT, 0.55),
        seen * (1 - methane),
    )
    people.person(p, QPointF(190, 204), 78, people.STAND)
    for place, (name, colour) in enumerate(
        (("ch4", ATTENTION), ("h2s", QColor("#7A7A00")), ("co", QColor("#5B45A8")))
    ):
        shown = (methane, sulphide, monoxide)[place]
        box = QRectF(764, 168 + place * 162, 452, 138)
        fact(p, box, beat.words[name], beat.words[f"{name}_note"], colour, shown, lit[place])


def fact(
    p: QPainter, box: QRectF, head: str, note: str, colour: QColor, shown: float, lit: float
) -> None:
    """A card with a coloured dot, a big name and one line below."""
    if shown <= 0:
        return
    p.save()
    p.setOpacity(p.opacity() * shown)
    p.translate(30 * (1 - shown), 0)
    card(p, box, blend(SURFACE, tint(colour, 0.16), lit), blend(QColor("#D5DCE4"), colour, lit))
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    p.drawEllipse(QPointF(box.left() + 40, box.top() + 46), 13, 13)
    write(
        p, QRectF(box.left() + 70, box.top() + 20, box.width() - 90, 52), head, 36, TEXT, bold=True
    )
    write(p, QRectF(box.left() + 70, box.top() + 76, box.width() - 90, 44), note, 27, SECOND)
    p.restore()


def oxygen(p: QPainter, beat: Beat) -> None:
    """A scale of oxygen whose pointer moves as it is spoken of."""
    day(p, beat)
    words = beat.words
    left, right, top = 130.0, 1150.0, 396.0
    least, most = 14.0, 26.0

    def at(percent: float) -> float:
        return left + (percent - least) / (most - least) * (right - left)

    value = 20.9 + 0.06 * wave(beat.t, 2.2)
    swing = ease(beat.since(1) / 2.6)
    value += (1 - abs(2 * swing - 1)) * 1.9 - math.sin(swing * math.pi) * 0.6 * (1 - swing)
    value = mix(value, 15.2 + 0.12 * wave(beat.t, 1.1), beat.enter(2, 1.8))
    value = mix(value, 24.8 + 0.1 * wave(beat.t, 1.3), beat.enter(3, 1.6))
    zones = (
        (least, 19.5, DANGER, "low", beat.during(2)),
        (19.5, 23.5, SUCCESS, "good", beat.during(1)),
        (23.5, most, ATTENTION, "high", beat.during(3)),
    )
    colour = next(zone[2] for zone in zones if value < zone[1] or zone is zones[-1])
    write(p, QRectF(440, 150, 400, 140), f"{value:.1f}", 138, colour, bold=True, align=CENTRE)
    write(p, QRectF(440, 292, 400, 44), words["unit"], 30, SECOND, align=CENTRE)
    for start, stop, zone_colour, name, lit in zones:
        box = QRectF(at(start) + 2, top, at(stop) - at(start) - 4, 74)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(blend(tint(zone_colour, 0.24), zone_colour, lit))
        p.drawRoundedRect(box, 10, 10)
        write(p, box, words[name], 34, blend(zone_colour, SURFACE, lit), bold=True, align=CENTRE)
        if lit > 0:
            things.label(
                p,
                QPointF(_inside(box.center().x(), 300), 582),
                words[f"{name}_note"],
                34,
                zone_colour,
                tint(zone_colour, 0.14),
                lit,
            )
    for mark in range(14, 27, 2):
        p.setPen(pen(LINE, 2))
        p.drawLine(QPointF(at(mark), top + 82), QPointF(at(mark), top + 94))
        if mark not in (20, 24):
            write(p, QRectF(at(mark) - 40, top + 96, 80, 34), str(mark), 24, SECOND, align=CENTRE)
    for edge, shown in ((19.5, beat.enter(1)), (23.5, beat.enter(1, delay=0.5))):
        if shown > 0:
            p.setPen(pen(faded(SUCCESS, shown), 4))
            p.drawLine(QPointF(at(edge), top - 12), QPointF(at(edge), top + 96))
            write(
                p,
                QRectF(at(edge) - 60, top + 96, 120, 34),
                f"{edge}",
                28,
                faded(SUCCESS, shown),
                bold=True,
                align=CENTRE,
            )
    pointer = QPainterPath(QPointF(at(value), top - 6))
    pointer.lineTo(at(value) - 20, top - 40)
    pointer.lineTo(at(value) + 20, top - 40)
    pointer.closeSubpath()
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    p.drawPath(pointer)
    _breather(p, beat, value)


def _inside(x: float, half: float) -> float:
    return min(WIDTH - MARGIN - half, max(MARGIN + half, x))


def _breather(p: QPainter, beat: Beat, value: float) -> None:
    """A worker who sags when the oxygen sinks, and catches fire's glow when there is too much."""
    weak = ease((18.5 - value) / 3)
    pose = people.STAND.toward(people.SLUMP, weak)
    glow = ease((value - 23.5) / 1.0)
    if glow > 0:
        for ring in range(3):
            size = 60 + ring * 22 + 6 * wave(beat.t, 0.5, ring / 3)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(faded(QColor("#F08A24"), 0.16 * glow))
            p.drawEllipse(QPointF(1060, 250), size, size * 1.1)
    people.person(p, QPointF(1060, 344), 180, pose)


def limits(p: QPainter, beat: Beat) -> None:
    """A detector beside the four limits; at the end one reading fails."""
    day(p, beat)
    words = beat.words
    fail = beat.enter(5, 0.6)
    sulphide = mix(0.0, 18.0, ease((beat.since(5) - 0.1) / 0.8))
    settle = ease((beat.t - 0.3) / 1.8)
    readings = [
        (
            "O₂",
            f"{20.9 * settle + 0.05 * (round(wave(beat.t, 3)) if settle == 1 else 0):.1f}",
            "%VOL",
            True,
        ),
        ("EX", "0" if settle < 1 else f"{max(0, round(0.6 + wave(beat.t, 4.1)))}", "%LEL", True),
        ("H₂S", f"{sulphide:.0f}", "mg/m³", sulphide <= 10),
        ("CO", "0" if settle < 1 else f"{max(0, round(1.4 + wave(beat.t, 5.3)))}", "mg/m³", True),
    ]
    shake = 2.5 * fail * math.sin(beat.t * 60) * (1 - ease((beat.since(5) - 1.2) / 0.5))
    things.detector(p, QRectF(110 + shake, 176, 320, 466), readings, fail, beat.t)
    for place, name in enumerate(("o2", "ex", "h2s", "co")):
        line = place + 1
        shown = beat.enter(0, 0.5, delay=0.25 + place * 0.14)
        lit = beat.during(line)
        bad = fail * (name == "h2s")
        box = QRectF(520, 140 + place * 102, 696, 86)
        p.save()
        p.setOpacity(shown)
        p.translate(30 * (1 - shown), 0)
        tone = blend(PRIMARY, DANGER, bad)
        glow = max(lit, bad)
        card(p, box, blend(SURFACE, tint(tone, 0.16), glow), blend(QColor("#D5DCE4"), tone, glow))
        write(p, box.adjusted(28, 0, -440, 0), words[name], 34, TEXT, bold=True)
        value = blend(SECOND, TEXT, beat.enter(line))
        write(
            p,
            box.adjusted(260, 0, -92, 0),
            words[f"{name}_limit"],
            40,
            blend(value, DANGER, bad),
            bold=True,
            align=RIGHT,
        )
        mark = QPointF(box.right() - 44, box.center().y())
        things.tick(p, mark, 23, beat.enter(line, 0.6, 0.5) * (1 - bad), SUCCESS)
        things.cross(p, mark, 23, bad)
        p.restore()
    things.chip(p, QRectF(520, 560, 696, 84), words["stop"], 40, SURFACE, DANGER, fail)


def blind_rescue(p: QPainter, beat: Beat) -> None:
    """One after the other goes down; then the line that must not be crossed."""
    night(p, beat)
    pit = well.Well(left=MARGIN, right=740, ground=300, bottom=646, chamber=520, neck=70, shaft=170)
    still(p, f"{beat.scene}/pit", lambda q: well.draw_well(q, pit, night=True))
    well.draw_gas(p, pit, well.SULPHIDE, beat.t, 1, (0.35, 1.0), 41, 60)
    floor = pit.floor + 16
    collapse = people.STAND.toward(people.LYING, ease((beat.since(0) + 0.2) / 1.4))
    people.person(p, QPointF(pit.middle - 180, floor), 150, collapse)
    _goes_down(p, pit, beat.since(1), 150, floor)
    stopped = beat.enter(3, 0.5)
    _goes_down(p, pit, beat.since(2) - 0.2, -10, floor)
    worry = people.STAND.toward(people.ALARMED, 0.5 + 0.5 * wave(beat.t, 1.2))
    people.person(p, QPointF(pit.middle - 250, pit.ground - 8), 128, worry, people.PLAIN)
    if stopped > 0:
        things.barrier(p, QPointF(pit.middle - 110, pit.ground - 6), 220, stopped)
        things.warning_sign(p, QPointF(pit.middle, pit.ground - 122), 70 * pop(stopped))
    for place, name in enumerate(("first", "second", "third")):
        shown = beat.enter((0, 1, 2)[place], 0.6, 0.5 if place == 0 else 0.0)
        if place == 0:
            shown = beat.enter(1, 0.5)
        if place == 1:
            shown = beat.enter(1, 0.5, 1.2)
        box = QRectF(784, 150 + place * 82, 432, 66)
        _toll(p, box, place + 1, beat.words[name], shown * (1 - 0.55 * stopped))
    for place, name in enumerate(("vent", "test", "gear")):
        shown = ease((beat.since(3) - 0.35 - place * 0.85) / 0.5)
        box = QRectF(784 + place * 148, 416, 136, 60)
        things.chip(p, box, beat.words[name], 28, NIGHT_DANGER, QColor("#4A1F22"), shown)
    last = ease((beat.since(3) - 2.7) / 0.6)
    things.chip(p, QRectF(784, 500, 432, 104), beat.words["never"], 58, SURFACE, DANGER, last)


def _goes_down(p: QPainter, pit: well.Well, since: float, aside: float, floor: float) -> None:
    """Walk to the shaft, climb down, step aside, collapse: all within four seconds."""
    if since < 0:
        return
    edge, rungs = pit.middle + 250, pit.middle + pit.shaft / 2 - 46
    if since < 1.0:
        x = mix(edge, rungs, ease(since))
        people.person(p, QPointF(x, pit.ground - 8), 150, people.walking(since), mirrored=True)
    elif since < 2.4:
        y = mix(pit.ground - 8, floor, (since - 1.0) / 1.4)
        people.person(p, QPointF(rungs, y), 150, people.climbing(since))
    else:
        x = mix(rungs, pit.middle + aside, ease((since - 2.4) / 0.9))
        pose = people.STAND.toward(people.LYING, ease((since - 2.7) / 1.2))
        people.person(p, QPointF(x, floor), 150, pose)


def _toll(p: QPainter, box: QRectF, count: int, words: str, shown: float) -> None:
    if shown <= 0:
        return
    p.save()
    p.setOpacity(shown)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor("#223140"))
    p.drawRoundedRect(box, 14, 14)
    for place in range(count):
        p.setBrush(NIGHT_DANGER)
        p.drawEllipse(QPointF(box.left() + 32 + place * 30, box.center().y()), 11, 11)
    write(p, box.adjusted(120, 0, -16, 0), words, 30, NIGHT_TEXT)
    p.restore()


def recap_one(p: QPainter, beat: Beat) -> None:
    """Eye and nose fail, the instrument does not."""
    day(p, beat)
    first, last = beat.lines[0]
    starts = (first, first + (last - first) * 0.5, beat.lines[1][0])
    for place, name in enumerate(("eye", "nose", "meter")):
        since = beat.t - starts[place]
        shown = ease(since / 0.6)
        box = QRectF(MARGIN + place * 392, 160, 368, 460)
        good = name == "meter"
        p.save()
        p.translate(0, 18 * (1 - shown))
        tone = SUCCESS if good else DANGER
        card(p, box, SURFACE, blend(QColor("#D5DCE4"), tone, shown))
        middle = QPointF(box.center().x(), box.top() + 160)
        if name == "eye":
            spaces.eye(p, middle, beat.t)
        elif name == "nose":
            spaces.nose(p, middle, beat.t)
        else:
            readings = [
                ("O₂", "20.9", "%VOL", True),
                ("EX", "0", "%LEL", True),
                ("H₂S", "0", "mg/m³", True),
                ("CO", "0", "mg/m³", True),
            ]
            things.detector(
                p, QRectF(middle.x() - 88, middle.y() - 112, 176, 252), readings, 0, beat.t
            )
        mark = QPointF(box.right() - 48, box.top() + 48)
        if good:
            things.tick(p, mark, 28, ease((since - 0.4) / 0.6), SUCCESS)
        else:
            things.cross(p, mark, 28, min(1.0, max(0.0, (since - 0.4) / 0.5)))
        words = QRectF(box.left() + 20, box.bottom() - 134, box.width() - 40, 56)
        write(p, words, beat.words[name], 42, tone, bold=True, align=CENTRE)
        write(p, words.translated(0, 60), beat.words[f"{name}_note"], 28, SECOND, align=CENTRE)
        veil(p, box, shown)
        p.restore()


SCENES: Mapping[str, Callable[[QPainter, Beat], None]] = {
    "opening_one": opening_one,
    "what_it_is": what_it_is,
    "gases": gases,
    "oxygen": oxygen,
    "limits": limits,
    "blind_rescue": blind_rescue,
    "recap_one": recap_one,
}
DARK = frozenset({"opening_one", "blind_rescue"})
