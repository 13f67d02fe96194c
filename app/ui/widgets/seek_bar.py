"""The film's bar: what was watched is solid and may be sought, the rest is visibly closed."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from app.ui import icons
from app.ui.language import translate
from app.ui.theme import colour, tokens

Spans = tuple[tuple[float, float], ...]

_SIDE = 18.0  # the handle has room, and the bar begins where the words above it do
_STEP_MS, _PAGE_MS = 10_000, 60_000


class SeekBar(QAbstractSlider):
    """Position and watched stretches of the film; `sought` carries film seconds.

    Whoever asks (mouse, keys, wheel, a screen reader) gets into watched film only: a
    value that this widget did not set itself is a wish, granted or taken back.
    """

    sought = Signal(float)
    hovered = Signal(float, float, bool)
    """x in the bar, film seconds, whether that part may be sought."""
    left = Signal()
    """The pointer is gone, or the bar is of no use now."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("seekBar")
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSingleStep(_STEP_MS)
        self.setPageStep(_PAGE_MS)
        self._position = 0.0
        self._duration = 0.0
        self._watched: Spans = ()
        self._marks: tuple[float, ...] = ()
        self._dragging = False
        self._own = False  # this widget itself sets the value
        self._over: float | None = None
        self._drawn: tuple[float, ...] = ()
        self.valueChanged.connect(self._wished)

    def retranslate(self) -> None:
        """Say the words again."""
        self.setAccessibleName(translate("Lesson", "播放位置"))
        self.setAccessibleDescription(translate("Lesson", "没有看过的部分不能跳过"))

    def show_film(self, position_s: float, duration_s: float, watched: Spans) -> None:
        """Show where the film stands and what may be sought."""
        before = self._drawn
        self._position, self._duration, self._watched = position_s, duration_s, watched
        self._own = True
        self.setRange(0, round(duration_s * 1000))
        self._own = False
        if not self._dragging:
            self._put(position_s)
        # Ten views a second, but the handle of a long film moves one pixel in a second.
        edges = [edge for span in watched for edge in span]
        self._drawn = (duration_s, *(round(self._x(at) * 2) for at in (position_s, *edges)))
        if self._drawn != before:
            self.update()

    def show_marks(self, starts_s: tuple[float, ...]) -> None:
        """Show where chapters begin."""
        if starts_s != self._marks:
            self._marks = starts_s
            self.update()

    def can_seek(self, seconds: float) -> bool:
        """Whether a moment of the film was watched."""
        return any(start <= seconds <= end for start, end in self._watched)

    def x_of(self, seconds: float) -> float:
        """Where a moment of the film lies in the bar."""
        return self._x(seconds)

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

    def _put(self, seconds: float) -> None:
        self._own = True
        self.setValue(round(seconds * 1000))
        self._own = False

    def _wished(self, value: int) -> None:
        """Somebody else set the value: keys, or assistive technology."""
        if self._own:
            return
        seconds = value / 1000
        self._put(self._position)
        if self.isEnabled() and self.can_seek(seconds):
            self.sought.emit(seconds)

    def _hover(self, x: float) -> bool:
        """Tell what lies under the pointer; returns whether it may be sought."""
        seconds = self._seconds(x)
        allowed = self.can_seek(seconds)
        shape = Qt.CursorShape.PointingHandCursor if allowed else Qt.CursorShape.ForbiddenCursor
        self.setCursor(shape)
        self._over = seconds if allowed else None
        self.hovered.emit(x, seconds, allowed)
        self.update()
        return allowed

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._hover(x) and self._dragging:
            self._put(self._seconds(x))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self.mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._dragging:
            return
        self._dragging = False
        seconds = self._seconds(event.position().x())
        if self.can_seek(seconds):
            self.sought.emit(seconds)
        else:
            self._put(self._position)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._leave()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self._dragging = False
            self._leave()

    def _leave(self) -> None:
        self._over = None
        self.left.emit()
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # turning the wheel over the bar must not move the film

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left to right is the way of the film; up and down are the sound's."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
            return
        super().keyPressEvent(event)

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
        for start in self._marks:
            if start > 0:  # a gap in the groove, as wide as it needs to be to be seen
                painter.fillRect(QRectF(self._x(start) - 1.5, groove.top(), 3, 8), t.surface)
        painter.restore()
        last = max((end for _, end in self._watched), default=0.0)
        lock = QRectF(groove.right() - 17, middle - 9, 17, 17)
        if self._x(last) < lock.left() - 12:
            painter.fillRect(lock.adjusted(-5, 0, 1, 2), QColor(t.surface))
            icons.paint(painter, "lock", lock, t.second)
        if self._over is not None:
            place = QRectF(self._x(self._over) - 1, middle - 9, 2, 18)
            painter.fillRect(place, QColor(t.text))
        painter.setPen(QPen(QColor(t.surface), 2))
        painter.setBrush(QColor(t.primary if self.isEnabled() else t.line))
        at = self.value() / 1000 if self._dragging else self._position
        painter.drawEllipse(QPointF(self._x(at), middle), 8, 8)
        painter.end()
