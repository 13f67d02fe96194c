"""No part of a page ever flashes up as a window of its own.

It would take the focus, which means to the session that the learner went away.
"""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from app.ui.gallery_states import states
from tests.ui.conftest import Learner


class Strays(QObject):
    """Takes down every window that is shown beside the one."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow() and not isinstance(watched, QMainWindow):  # type: ignore[attr-defined]
            self.found.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


def test_only_the_window_is_a_window(learner: Learner, qapp: QApplication) -> None:
    strays = Strays()
    qapp.installEventFilter(strays)
    try:
        for name, view in states().items():
            learner.see(view)
            assert strays.found == [], name
    finally:
        qapp.removeEventFilter(strays)
