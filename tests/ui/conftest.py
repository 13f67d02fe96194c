"""One window for the tests of this folder, with the catalogue compiled."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui import language
from app.ui.catalogue import CATALOGUE, compile_catalogue
from app.ui.gallery_pictures import film
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.view import WindowView

# Said by Qt's offscreen platform for each new window, tool tip and menu; it means nothing.
_OFFSCREEN = r"This plugin does not support ((propagateSizeHints|raise)\(\)|grabbing the keyboard)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let those lines pass; every other warning of Qt fails the test."""
    for item in items:
        if "tests/ui" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore(_OFFSCREEN))


@pytest.fixture(scope="session", autouse=True)
def catalogue() -> None:
    """Compile the English words, as `dev.py` does at set-up."""
    compiled = CATALOGUE.with_suffix(".qm")
    if not compiled.exists() or compiled.stat().st_mtime < CATALOGUE.stat().st_mtime:
        compile_catalogue()


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


class Learner:
    """A window, what it was told to show, and what it said."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        self.said: list[object] = []
        window.intent.connect(self.said.append)

    def see(self, view: WindowView, **changes: object) -> None:
        """Render a view and let the layouts settle."""
        self.window.render(replace(view, **changes))  # type: ignore[arg-type]
        settle()


def settle() -> None:
    """Let layouts and posted events come to rest, without waiting for time to pass."""
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()


@pytest.fixture
def learner(theme: Theme, qtbot: QtBot) -> Iterator[Learner]:
    """A shown window at the size of the screens we are made for."""
    language.use("zh_CN")
    window = MainWindow(film())
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    yield Learner(window, qtbot)
    language.use("zh_CN")
    window.allow_close()
    window.deleteLater()
    # Now, not later: a restyling would visit every window that is left.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
