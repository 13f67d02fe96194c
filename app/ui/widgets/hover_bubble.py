"""Over the bar: what one would find at that moment of the film, or why one can't go there.

A child of the page, not a tool tip: a window of its own could take the focus, which
means to the session that the learner went away.
"""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui import icons
from app.ui.theme import BODY, colour, font, tokens

_PICTURE = QSize(192, 108)  # the largest that a small picture is shown
_EDGE = 8
_PAD = 6
_LINE = 26


class HoverBubble(QWidget):
    """A small picture with a line of words; or the words alone, with a lock."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("seekBubble")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._picture = QImage()
        self._words = ""
        self._shown = QSize(0, 0)
        self._closed = False
        self.hide()

    def words(self) -> str:
        """What it says."""
        return self._words

    def has_picture(self) -> bool:
        """Whether it shows one."""
        return not self._picture.isNull()

    def show_at(self, place: QPoint, room: QRect, words: str, picture: QImage | None) -> None:
        """Stand on `place`, inside `room`, both in the parent's coordinates.

        picture: None where the film is closed. It is left out where there is no height.
        """
        self._closed = picture is None
        self._words = words
        shown = QSize(0, 0)
        if picture is not None and not picture.isNull():
            shown = picture.size()
            if shown.width() > _PICTURE.width() or shown.height() > _PICTURE.height():
                shown.scale(_PICTURE, Qt.AspectRatioMode.KeepAspectRatio)
        if shown.height() + _LINE + 4 * _PAD > room.height():
            shown = QSize(0, 0)
        self._picture = picture if picture is not None and shown.height() else QImage()
        lock = 24 if self._closed else 0
        wide = QFontMetricsF(self._face()).horizontalAdvance(words) + lock + 4 * _PAD
        most = max(80, room.width() - 2 * _EDGE)
        width = min(most, max(round(wide) + 1, shown.width() + 2 * _PAD))
        height = _LINE + _PAD + (shown.height() + _PAD if shown.height() else 0)
        self._shown = shown
        left = min(place.x() - width // 2, room.right() + 1 - _EDGE - width)
        self.setGeometry(max(room.left() + _EDGE, left), place.y() - height, width, height)
        self.show()
        self.raise_()
        self.update()

    @staticmethod
    def _face() -> QFont:
        return font(BODY, tabular=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(colour(t.stage_second, 0.5), 1))
        painter.setBrush(QColor(t.stage))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        top = _PAD / 2
        if not self._picture.isNull():
            size = self._shown
            left = (self.width() - size.width()) // 2
            painter.drawImage(QRect(left, _PAD, size.width(), size.height()), self._picture)
            top = size.height() + 1.5 * _PAD
        line = QRectF(2 * _PAD, top, self.width() - 4 * _PAD, _LINE)
        if self._closed:
            icons.paint(painter, "lock", QRectF(line.left(), top + 5, 16, 16), t.stage_second)
            line.setLeft(line.left() + 24)
        painter.setFont(self._face())
        painter.setPen(QColor(t.on_stage))
        words = QFontMetricsF(self._face()).elidedText(
            self._words, Qt.TextElideMode.ElideRight, line.width() + 1
        )
        place = Qt.AlignmentFlag.AlignLeft if self._closed else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(line, place | Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()
