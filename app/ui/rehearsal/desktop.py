"""What happens around the window: another program takes the focus, the window is minimised."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

OTHER_PROGRAM = """
import sys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(sys.argv)
label = QLabel("另一个程序 · another program", alignment=Qt.AlignmentFlag.AlignCenter)
label.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
label.resize(420, 160)
label.show()
label.activateWindow()
QTimer.singleShot(60_000, app.quit)
app.exec()
"""


class Desktop:
    """Moves the focus on a real desktop; where Qt has none (offscreen) it says what Qt would."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._other: subprocess.Popen[bytes] | None = None
        self.real = QGuiApplication.platformName() != "offscreen"

    def another_program_comes_to_the_front(self) -> None:
        if self.real:
            self._other = subprocess.Popen([sys.executable, "-c", OTHER_PROGRAM])
        else:
            self._say(Qt.ApplicationState.ApplicationInactive)

    def back_to_our_window(self) -> None:
        if self._other is not None:
            self._other.terminate()
            self._other.wait(timeout=10)
            self._other = None
        self._window.raise_()
        self._window.activateWindow()
        if not self.real:
            self._say(Qt.ApplicationState.ApplicationActive)

    def minimise(self) -> None:
        self._window.showMinimized()

    def restore(self) -> None:
        self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()

    @staticmethod
    def _say(state: Qt.ApplicationState) -> None:
        """The offscreen platform knows no other programs: emit the signal Qt would emit."""
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.applicationStateChanged.emit(state)
