"""Is the learner's window looked at? Heard from Qt, told at once.

Minimising comes as a window state or, with some window managers, as a hide that Qt did
not ask for. Another program coming to the front comes as the application's state, which
our own dialogs and menus leave alone: that is why `WindowDeactivate` and
`focusWindowChanged`, which they do not, are never looked at.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.events import Focus, FocusChanged

INPUTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class Attention(QObject):
    """Emits `changed(FocusChanged)` when the window is left or come back to.

    `touched()` comes with every key or mouse event of the window.
    """

    changed = Signal(object)
    touched = Signal()

    def __init__(self, window: QWidget, clock_ns: Callable[[], int]) -> None:
        super().__init__(window)
        self._window = window
        self._clock_ns = clock_ns
        self._focus: Focus = "active"
        self._hidden = False
        window.installEventFilter(self)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        self._application = application
        application.applicationStateChanged.connect(self._on_application_state)
        application.installEventFilter(self)

    @property
    def focus(self) -> Focus:
        return self._focus

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in INPUTS:
            self.touched.emit()
        elif watched is self._window:
            if kind == QEvent.Type.Hide and event.spontaneous():
                self._hidden = True
                self._judge(self._application.applicationState())
            elif kind == QEvent.Type.Show:
                self._hidden = False
                self._judge(self._application.applicationState())
            elif kind == QEvent.Type.WindowStateChange:
                self._judge(self._application.applicationState())
        return False

    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        self._judge(state)

    def _judge(self, state: Qt.ApplicationState) -> None:
        now = self._clock_ns()
        if self._window.isMinimized() or self._hidden:
            focus: Focus = "minimised"
        elif state != Qt.ApplicationState.ApplicationActive:
            focus = "unfocused"
        else:
            focus = "active"
        if focus != self._focus:
            self._focus = focus
            self.changed.emit(FocusChanged(at_ns=now, focus=focus))
