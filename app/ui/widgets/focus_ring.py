"""The focus ring: 2 px in the primary colour, 2 px away from the control.

A stylesheet can't paint outside a control, so one small widget follows the focus. It
shows while the keyboard is used and hides at the next press of the mouse.
"""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QWidget
from shiboken6 import isValid

from app.ui.theme import colour, tokens

_OUT = 4  # the gap of 2 and the line of 2
_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show)


class FocusRing(QWidget):
    """Follows the keyboard focus inside one window.

    It filters the events of the native window (keys and mouse only) and of the one
    focused control, never those of the whole application: Python is not asked about
    each repaint of the film.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._control: QWidget | None = None
        self._keyboard = False
        self._native: QWindow | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def watch_input(self) -> None:
        """Begin to tell keyboard from mouse; the window has to be shown for that."""
        native = self._window.windowHandle()
        if native is not self._native:
            self._native = native
            native.installEventFilter(self)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if not isValid(self) or self._control is new:
            return
        previous = self._control
        if previous is not None and isValid(previous):
            previous.removeEventFilter(self)
        self._control = None
        if new is not None and self._window.isAncestorOf(new):
            reason = getattr(new, "focus_reason", None)
            if reason is not None:
                self._keyboard = reason in _BY_KEY or (
                    self._keyboard and reason != Qt.FocusReason.MouseFocusReason
                )
            if new.focusPolicy() & Qt.FocusPolicy.TabFocus:
                self._control = new
                new.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        """Lie around the control, inside what scrolls with it."""
        control = self._control
        seen = control is not None and control.isVisible()
        if control is None or not seen or not (self._keyboard or isinstance(control, QLineEdit)):
            self.hide()
            return
        home = control.parentWidget() or self._window
        while home is not self._window and not _scrolls(home):
            home = home.parentWidget() or self._window
        if self.parentWidget() is not home:
            self.setParent(home)
        corner = control.mapTo(home, control.rect().topLeft())
        self.setGeometry(QRect(corner, control.size()).adjusted(-_OUT, -_OUT, _OUT, _OUT))
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress):
            keyboard = kind == QEvent.Type.KeyPress
            if keyboard != self._keyboard:
                self._keyboard = keyboard
                self._place()
        elif watched is self._control and kind in _MOVES:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(tokens().primary), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)
        painter.end()


def _scrolls(widget: QWidget) -> bool:
    """Whether this is the content of a scroll area."""
    parent = widget.parentWidget()
    area = parent.parentWidget() if parent is not None else None
    return isinstance(area, QScrollArea) and area.widget() is widget
