"""The real program and a real platform that can be switched to misbehave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap.program import Setting
from app.ui import language
from app.ui.catalogue import CATALOGUE, compile_catalogue
from app.ui.theme import Theme
from player.adapters.chatter import quieten
from resources.build import demo_course
from sync.ports import Secrets
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.faults import FILE, Faults, write
from sync.trust import Mode
from tests.contract.serve import command
from tests.faults.camera import Camera
from tests.faults.person import Person

# Said by Qt's offscreen platform for each new window; it means nothing.
_OFFSCREEN = r"This plugin does not support (propagateSizeHints|raise)\(\)"
ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/faults" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore(_OFFSCREEN))
            item.add_marker(pytest.mark.course)


@pytest.fixture(scope="session", autouse=True)
def english() -> None:
    """Compile the English words, as `dev.py` does at set-up."""
    compiled = CATALOGUE.with_suffix(".qm")
    if not compiled.exists() or compiled.stat().st_mtime < CATALOGUE.stat().st_mtime:
        compile_catalogue()


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """What `new_application` does to the one that pytest-qt made."""
    quieten()
    Theme(qapp)
    return qapp


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedPlatform, Path]]:
    folder = tmp_path_factory.mktemp("platform")
    with EmbeddedPlatform(command(folder, demo_course()), cwd=ROOT) as platform:
        yield platform, folder / FILE


@pytest.fixture
def platform(running: tuple[EmbeddedPlatform, Path]) -> Iterator[EmbeddedPlatform]:
    """In good order before each test, and back on its port after it."""
    platform, file = running
    write(file, Faults())
    platform.start()
    yield platform
    write(file, Faults())


@pytest.fixture
def turn(
    platform: EmbeddedPlatform, running: tuple[EmbeddedPlatform, Path]
) -> Callable[[Faults], None]:
    """Have the platform misbehave from now on; `turn(Faults())` mends it."""
    return lambda faults: write(running[1], faults)


class Start:
    """Starts the program, as often as a test wants; the same home each time."""

    def __init__(
        self, qtbot: QtBot, application: QApplication, platform: EmbeddedPlatform, home: Path
    ) -> None:
        self._qtbot = qtbot
        self._application = application
        self._platform = platform
        self.home = home
        self.people: list[Person] = []

    def __call__(
        self,
        *,
        camera: Camera | None = None,
        secrets: Secrets | None = None,
        mode: Mode = "demo",
        change: Callable[[Setting], Setting] = lambda setting: setting,
    ) -> Person:
        language.use("zh_CN")
        person = Person(
            self._qtbot,
            self._application,
            self._platform,
            self.home,
            camera=camera,
            secrets=secrets,
            mode=mode,
            change=change,
        )
        self.people.append(person)
        return person


@pytest.fixture
def start(
    qtbot: QtBot, dressed: QApplication, platform: EmbeddedPlatform, tmp_path: Path
) -> Iterator[Start]:
    start = Start(qtbot, dressed, platform, tmp_path / "learner")
    yield start
    for person in start.people:
        person.close()
    # Now, not later: a restyling would visit every window that is left.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    language.use("zh_CN")
