"""What is spoken, written over the film's lower edge, readable on any picture."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from app.intents import CaptionSize
from app.ui.theme import colour, font, tokens
from app.view import CaptionsView

BOX = 0.8  # how dark the box is: tests compute the contrast on a white picture
_SHARES: dict[CaptionSize, float] = {"small": 0.038, "medium": 0.05, "large": 0.068}
_LEAST_PX = 13
_LINES = 2


class Captions(QWidget):
    """Lies over the whole stage and lets the mouse through; letters grow with the film."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("captions")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view = CaptionsView()
        self._film = QRect()
        self._lifted = 0
        self._known: tuple[object, ...] = ()
        self._lines: tuple[QFont, list[str]] = (QFont(), [])
        self.hide()

    def render_captions(self, view: CaptionsView) -> None:
        """Show the words of this moment, or nothing."""
        shown = CaptionsView(size=view.size, text=view.text.strip())
        if shown == self._view:
            return
        self._view = shown
        self.setAccessibleName(shown.text)
        self.setVisible(bool(shown.text))
        self.update()

    def place(self, film: QRect, *, lifted: int) -> None:
        """film: where the picture lies in this widget. lifted: px at the bottom to keep clear."""
        if (film, lifted) != (self._film, self._lifted):
            self._film, self._lifted = film, lifted
            self.update()

    def lines(self) -> tuple[QFont, list[str]]:
        """The face and the lines: two where that is possible, with smaller letters if need be.

        Kept until words or film change: the film below has this widget painted at each frame.
        """
        height, wide = self._film.height(), self._film.width() * 0.88
        known = (self._view, height, wide)
        if known != self._known:
            self._known = known
            self._lines = _fitted(self._view.text, round(height * _SHARES[self._view.size]), wide)
        return self._lines

    def box(self) -> QRectF:
        """Where the words stand, with their ground; empty when there are none."""
        if not self._view.text or self._film.isEmpty():
            return QRectF()
        face, lines = self.lines()
        metrics = QFontMetricsF(face)
        pad = face.pixelSize() * 0.45
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * pad
        height = len(lines) * metrics.height() * 1.1 + pad
        bottom = min(
            self._film.bottom() + 1 - self._film.height() * 0.035, self.height() - self._lifted - 8
        )
        return QRectF(self._film.center().x() - width / 2, bottom - height, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        box = self.box()
        if box.isEmpty():
            return
        t = tokens()
        face, lines = self.lines()
        metrics = QFontMetricsF(face)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(t.stage, BOX))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(QColor(t.on_stage))
        painter.setFont(face)
        step = metrics.height() * 1.1
        top = box.top() + face.pixelSize() * 0.225
        for number, line in enumerate(lines):
            place = QRectF(box.left(), top + number * step, box.width(), step)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, line)
        painter.end()


def _fitted(text: str, size: int, wide: float) -> tuple[QFont, list[str]]:
    """Letters of at most `size` px, so that there are two lines no wider than `wide`.

    Lines that don't fit as they were written are run together before letters shrink.
    """
    size, together = max(_LEAST_PX, size), _joined(text)
    while True:
        face = font(size)
        as_written = _broken(text, face, wide)
        if len(as_written) <= _LINES and "\n" in text:
            return face, as_written
        lines = _broken(together, face, wide)
        if len(lines) <= _LINES:
            return face, lines if len(lines) == 1 else _even(together, face, wide)
        if size == _LEAST_PX:
            return face, lines
        size -= 1


def _joined(text: str) -> str:
    """The lines as one; Chinese needs no space between them."""
    result = ""
    for line in (each.strip() for each in text.splitlines()):
        gap = " " if result and result[-1].isascii() and line[:1].isascii() else ""
        result += gap + line
    return result


def _even(text: str, face: QFont, wide: float) -> list[str]:
    """Two lines of about the same length: no single word is left for the second."""
    least = wide / 2
    while wide - least > face.pixelSize() / 2:
        middle = (least + wide) / 2
        if len(_broken(text, face, middle)) <= _LINES:
            wide = middle
        else:
            least = middle
    return _broken(text, face, wide)


def _broken(text: str, face: QFont, wide: float) -> list[str]:
    """The text in lines no wider than `wide`, broken as its language breaks."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    result = []
    for part in text.splitlines():
        layout = QTextLayout(part, face)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(wide)
            line.setPosition(QPointF(0, 0))
            start = line.textStart()
            result.append(part[start : start + line.textLength()].strip())
        layout.endLayout()
    return [line for line in result if line]
