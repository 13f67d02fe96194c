"""The film's bar: what was watched is solid and may be sought, the rest is visibly closed."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip

from app.texts import clock
from app.ui import icons
from app.ui.language import translate
from app.ui.theme import colour, tokens

Spans = tuple[tuple[float, float], ...]

_SIDE = 18.0  # the handle has room, and the bar begins where the words above it do


class SeekBar(QAbstractSlider):
    """Position and watched stretches of the film; `sought` carries film seconds.

    The keyboard is the page's: left arrow goes back, nothing goes forward.
    """

    sought = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("seekBar")
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self._position = 0.0
        self._duration = 0.0
        self._watched: Spans = ()
        self._dragging = False
        self._drawn: tuple[float, ...] = ()

    def retranslate(self) -> None:
        """Say the words again."""
        self.setAccessibleName(translate("Lesson", "播放位置"))
        self.setAccessibleDescription(translate("Lesson", "没有看过的部分不能跳过"))

    def show_film(self, position_s: float, duration_s: float, watched: Spans) -> None:
        """Show where the film stands and what may be sought."""
        before = self._drawn
        self._position, self._duration, self._watched = position_s, duration_s, watched
        self.setRange(0, round(duration_s * 1000))
        if not self._dragging:
            self.setValue(round(position_s * 1000))
        # Ten views a second, but the handle of a long film moves one pixel in a second.
        edges = [edge for span in watched for edge in span]
        self._drawn = (duration_s, *(round(self._x(at) * 2) for at in (position_s, *edges)))
        if self._drawn != before:
            self.update()

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:  # noqa: N802  (Qt's)
        """Nothing: `show_film` knows when a repaint is due."""

    def sizeHint(self) -> QSize:
        return QSize(200, 28)  # high enough to hit, though the groove is thin

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 28)

    def _x(self, seconds: float) -> float:
        return _SIDE + (self.width() - 2 * _SIDE) * seconds / max(self._duration, 0.001)

    def _seconds(self, x: float) -> float:
        share = (x - _SIDE) / max(self.width() - 2 * _SIDE, 1)
        return min(1.0, max(0.0, share)) * self._duration

    def _open(self, seconds: float) -> bool:
        return any(start <= seconds <= end for start, end in self._watched)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        seconds = self._seconds(event.position().x())
        allowed = self._open(seconds)
        shape = Qt.CursorShape.PointingHandCursor if allowed else Qt.CursorShape.ForbiddenCursor
        self.setCursor(shape)
        words = clock(seconds)
        if not allowed:
            words = f"{words}　{translate('Lesson', '没有看过的部分不能跳过')}"
        QToolTip.showText(event.globalPosition().toPoint(), words, self)
        if self._dragging and allowed:
            self.setValue(round(seconds * 1000))
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self.mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._dragging:
            return
        self._dragging = False
        seconds = self._seconds(event.position().x())
        if self._open(seconds):
            self.sought.emit(seconds)
        else:
            self.setValue(round(self._position * 1000))
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # turning the wheel over the bar must not move the film

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        groove = QRectF(_SIDE, middle - 4, self.width() - 2 * _SIDE, 8)
        path = QPainterPath()
        path.addRoundedRect(groove, 4, 4)
        painter.fillPath(path, QColor(t.second_tint))
        painter.save()
        painter.setClipPath(path)
        painter.setPen(QPen(colour(t.line), 1.2))
        x = groove.left() - 8
        while x < groove.right():  # hatched: closed
            painter.drawLine(QPointF(x, groove.bottom()), QPointF(x + 8, groove.top()))
            x += 6
        for start, end in self._watched:
            left, right = self._x(start), self._x(end)
            painter.fillRect(QRectF(left, groove.top(), right - left, 8), QColor(t.primary))
        painter.restore()
        last = max((end for _, end in self._watched), default=0.0)
        lock = QRectF(groove.right() - 17, middle - 9, 17, 17)
        if self._x(last) < lock.left() - 12:
            painter.fillRect(lock.adjusted(-5, 0, 1, 2), QColor(t.surface))
            icons.paint(painter, "lock", lock, t.second)
        painter.setPen(QPen(QColor(t.surface), 2))
        painter.setBrush(QColor(t.primary))
        at = self.value() / 1000 if self._dragging else self._position
        painter.drawEllipse(QPointF(self._x(at), middle), 8, 8)
        painter.end()
