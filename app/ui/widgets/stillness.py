"""Nothing moved for a while and the film runs: the pointer, and what else is in its way, goes.

Like the focus ring it listens to the native window, which hears every key and movement
of the mouse but none of the film's repaints.
"""

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QCursor, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

STILL_MS = 2500
_WAKING = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
    QEvent.Type.TouchBegin,
)


class Stillness(QObject):
    """Emits `changed(True)` when all is still, `changed(False)` at the first movement.

    controls: while the pointer is over them nothing goes.
    """

    changed = Signal(bool)

    def __init__(self, controls: QWidget) -> None:
        super().__init__(controls)
        self._controls = controls
        self._native: QWindow | None = None
        self._running = False
        self._last = QPointF()
        self.still = False
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(STILL_MS)
        self.timer.timeout.connect(self._time_up)

    def watch(self, native: QWindow | None) -> None:
        """Begin to listen; the window has to be shown for that."""
        if native is not None and native is not self._native:
            self._native = native
            native.installEventFilter(self)

    def film_runs(self, *, runs: bool) -> None:
        """Only while the film runs does anything go."""
        if runs == self._running:
            return
        self._running = runs
        self.wake()

    def wake(self) -> None:
        """Something moved: everything is there again, and the time begins anew."""
        if self._running:
            self.timer.start()
        else:
            self.timer.stop()
        if self.still:
            self.still = False
            self.changed.emit(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _WAKING:
            self.wake()
        elif isinstance(event, QMouseEvent) and event.globalPosition() != self._last:
            # A window system may repeat a place when something under the pointer changed
            self._last = event.globalPosition()
            self.wake()
        return False

    def _time_up(self) -> None:
        if not self._running or not isValid(self._controls):
            return
        controls = self._controls
        over = controls.rect().contains(controls.mapFromGlobal(QCursor.pos()))
        busy = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if busy or (over and controls.isVisible()):
            self.timer.start()
            return
        self.still = True
        self.changed.emit(True)
