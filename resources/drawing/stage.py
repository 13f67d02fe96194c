"""The stage: size, colours and type of the slides, words on it, and motion's easing.

Colours are the tokens of docs/design-language.md. Sizes are larger than on a page: a film is
also watched at half size, so nothing that matters is under 28 px here.
"""

from __future__ import annotations

import math
import os
import sys
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QLinearGradient,
    QPainter,
    QPen,
)

from resources.errors import BuildError

WIDTH, HEIGHT = 1280, 720
MARGIN = 64

BG, SURFACE = QColor("#F5F7FA"), QColor("#FFFFFF")
TEXT, SECOND, LINE = QColor("#14202B"), QColor("#4A5A6A"), QColor("#8796A5")
PRIMARY, SUCCESS = QColor("#0B5CAD"), QColor("#13734A")
ATTENTION, DANGER = QColor("#9A4B00"), QColor("#B3261E")
NIGHT, NIGHT_SURFACE = QColor("#10161D"), QColor("#19222C")
NIGHT_TEXT, NIGHT_SECOND, NIGHT_LINE = QColor("#E8EDF2"), QColor("#A9B6C3"), QColor("#66788A")
NIGHT_PRIMARY, NIGHT_SUCCESS = QColor("#7DB8F5"), QColor("#6FD3A3")
NIGHT_ATTENTION, NIGHT_DANGER = QColor("#F2B36B"), QColor("#FF9B93")

FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "SimHei",
)
"""Chinese faces that the slides may be set in, best first."""

LEFT, CENTRE, RIGHT = (
    Qt.AlignmentFlag.AlignLeft,
    Qt.AlignmentFlag.AlignHCenter,
    Qt.AlignmentFlag.AlignRight,
)

Draw = Callable[[QPainter], None]


def open_stage() -> str:
    """Start Qt without a screen if nobody did, return the Chinese face to draw with.

    Raises `BuildError` where this machine has no Chinese face: slides of empty boxes must
    never be kept.
    """
    if QGuiApplication.instance() is None:
        if sys.platform.startswith("linux"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
            # Importing cv2 sets these two to folders of its own, without any Chinese face.
            os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)
            os.environ.pop("QT_QPA_FONTDIR", None)
        _STATE.application = QGuiApplication(["anxue-slides"])
    if not _STATE.family:
        _STATE.family = chinese_family(QFontDatabase.families())
    return _STATE.family


def chinese_family(installed: list[str]) -> str:
    """Return the best of `FAMILIES` that is installed; raises `BuildError` if none is."""
    for family in FAMILIES:
        if family in installed:
            return family
    raise BuildError(
        "这台电脑没有中文字体，无法绘制演示课程。Debian：apt-get install fonts-wqy-microhei；"
        "Windows：请在“可选功能”中添加简体中文补充字体。",
        "This machine has no Chinese font, the demo course can't be drawn. Debian: apt-get"
        " install fonts-wqy-microhei; Windows: add the Chinese (Simplified) supplemental"
        " fonts under Optional features.",
    )


@dataclass
class _State:
    application: QGuiApplication | None = None
    family: str = ""
    stills: dict[str, QImage] = field(default_factory=dict)


_STATE = _State()


@dataclass(frozen=True)
class Beat:
    """Where a scene is: ``t`` seconds of ``length``, its words, its lines' times."""

    scene: str
    t: float
    length: float
    lines: tuple[tuple[float, float], ...]
    words: Mapping[str, str]
    heading: str
    source: str
    chip: str

    def since(self, line: int) -> float:
        """Seconds since line ``line`` began, negative before."""
        return self.t - self.lines[line][0]

    def enter(self, line: int, seconds: float = 0.6, delay: float = 0.0) -> float:
        """0 before the line, eased to 1 within ``seconds`` after it began (plus ``delay``)."""
        return ease((self.since(line) - delay) / seconds)

    def during(self, line: int, seconds: float = 0.35) -> float:
        """1 while the line is the newest, eased in and out; 0 otherwise."""
        begun = ease(self.since(line) / seconds)
        if line + 1 >= len(self.lines):
            return begun
        return begun * (1 - ease(self.since(line + 1) / seconds))


def ease(share: float) -> float:
    """Map 0..1 to 0..1 slowly in, slowly out; clamps outside."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def pop(share: float) -> float:
    """Like `ease`, with a small overshoot: for things that land."""
    if share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    return 1 + 2.2 * (share - 1) ** 3 + 1.2 * (share - 1) ** 2


def mix(first: float, second: float, share: float) -> float:
    """Linear between two values."""
    return first + (second - first) * share


def blend(first: QColor, second: QColor, share: float) -> QColor:
    """Linear between two colours, alpha too."""
    return QColor.fromRgbF(
        mix(first.redF(), second.redF(), share),
        mix(first.greenF(), second.greenF(), share),
        mix(first.blueF(), second.blueF(), share),
        mix(first.alphaF(), second.alphaF(), share),
    )


def tint(colour: QColor, share: float = 0.11) -> QColor:
    """A pale background of a token."""
    return blend(SURFACE, colour, share)


def faded(colour: QColor, alpha: float) -> QColor:
    """The colour with ``alpha`` 0..1."""
    result = QColor(colour)
    result.setAlphaF(min(1.0, max(0.0, alpha)))
    return result


def pen(colour: QColor, width: float) -> QPen:
    """A solid round pen."""
    return QPen(
        QBrush(colour),
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def font(size: float, bold: bool = False) -> QFont:
    """The slides' face at ``size`` px."""
    face = QFont(_STATE.family)
    face.setPixelSize(max(1, round(size)))
    face.setBold(bold)
    face.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return face


def width_of(words: str, size: float, bold: bool = False) -> float:
    """Width of ``words`` in px."""
    return QFontMetricsF(font(size, bold)).horizontalAdvance(words)


def write(
    p: QPainter,
    box: QRectF,
    words: str,
    size: float,
    colour: QColor = TEXT,
    bold: bool = False,
    align: Qt.AlignmentFlag = LEFT,
) -> None:
    """Write one line into ``box``, vertically centred, smaller if it would stick out."""
    natural = width_of(words, size, bold)
    if natural > box.width():
        size *= box.width() / natural
    p.setFont(font(size, bold))
    p.setPen(colour)
    p.drawText(box.adjusted(0, -40, 0, 40), align | Qt.AlignmentFlag.AlignVCenter, words)


def still(p: QPainter, name: str, draw: Draw, opaque: bool = False) -> None:
    """Draw what never moves once per process, then copy it; ``opaque`` fills the stage."""
    image = _STATE.stills.get(name)
    if image is None:
        depth = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(WIDTH, HEIGHT, depth)
        image.fill(Qt.GlobalColor.transparent)
        painter = begin(image)
        draw(painter)
        painter.end()
        if len(_STATE.stills) > 24:
            _STATE.stills.clear()
        _STATE.stills[name] = image
    p.drawImage(0, 0, image)


def begin(image: QImage) -> QPainter:
    """A painter with smooth edges and text."""
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    return painter


def day(p: QPainter, beat: Beat) -> None:
    """The light backdrop with heading and source."""

    def backdrop(q: QPainter) -> None:
        q.fillRect(0, 0, WIDTH, HEIGHT, BG)
        _titles(q, beat, PRIMARY, TEXT, SECOND)

    still(p, f"{beat.scene}/day", backdrop, opaque=True)


def night(p: QPainter, beat: Beat) -> None:
    """The dark backdrop with heading and source."""

    def backdrop(q: QPainter) -> None:
        shade = QLinearGradient(0, 0, WIDTH, HEIGHT)
        shade.setColorAt(0, NIGHT)
        shade.setColorAt(1, QColor("#152A41"))
        q.fillRect(0, 0, WIDTH, HEIGHT, shade)
        _titles(q, beat, NIGHT_PRIMARY, NIGHT_TEXT, NIGHT_SECOND)

    still(p, f"{beat.scene}/night", backdrop, opaque=True)


def _titles(p: QPainter, beat: Beat, accent: QColor, text: QColor, second: QColor) -> None:
    if beat.heading:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(accent)
        p.drawRoundedRect(QRectF(MARGIN, 52, 8, 56), 4, 4)
        write(p, QRectF(MARGIN + 28, 52, 900, 56), beat.heading, 46, text, bold=True)
        write(p, QRectF(WIDTH - MARGIN - 360, 52, 360, 56), beat.chip, 24, second, align=RIGHT)
    if beat.source:
        write(p, QRectF(MARGIN, 672, WIDTH - 2 * MARGIN, 28), beat.source, 20, second)


def card(p: QPainter, box: QRectF, fill: QColor = SURFACE, edge: QColor | None = None) -> None:
    """A rounded surface with a hairline."""
    p.setBrush(fill)
    p.setPen(pen(edge or QColor("#D5DCE4"), 2))
    p.drawRoundedRect(box, 16, 16)


def veil(p: QPainter, box: QRectF, shown: float) -> None:
    """Hide a card that is not yet spoken of: paler than by opacity, nothing shines through."""
    if shown < 1:
        p.fillRect(box.adjusted(-3, -3, 3, 3), faded(BG, 0.9 * (1 - shown)))


def wave(t: float, period: float, phase: float = 0.0) -> float:
    """A sine in -1..1."""
    return math.sin(2 * math.pi * (t / period + phase))


class Route:
    """A broken line on which a place is asked for by its share 0..1 of the whole length."""

    def __init__(self, points: Sequence[QPointF]) -> None:
        """Measure the line once: it is asked many times a frame."""
        self.points = list(points)
        self._reached = [0.0]
        for a, b in pairwise(self.points):
            self._reached.append(self._reached[-1] + math.hypot((b - a).x(), (b - a).y()))

    def at(self, share: float) -> QPointF:
        """The point at ``share``, clamped to the ends."""
        want = min(1.0, max(0.0, share)) * self._reached[-1]
        place = min(max(1, bisect_left(self._reached, want)), len(self.points) - 1)
        start, end = self._reached[place - 1], self._reached[place]
        a, b = self.points[place - 1], self.points[place]
        return a + (b - a) * ((want - start) / (end - start)) if end > start else b
