"""What every test gets: no screen, no real home, no thread left behind.

The lines before the imports of Qt matter: Qt reads them once, when it is loaded.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.desktop import Desktop, start_desktop
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]  # fixtures of another file

settings.register_profile("short", max_examples=60, deadline=None)
settings.register_profile(
    "long", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

HOME_VARIABLES = {
    "HOME": "",
    "USERPROFILE": "",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
    "XDG_RUNTIME_DIR": "run",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
}


def shared_cache() -> Path:
    """The machine's own cache of models and films: only read, too dear to make for each test."""
    from resources.cache import cache_dir

    return cache_dir().resolve()


_SHARED_CACHE = shared_cache()  # before any test moves the home


REAL_TIME = ("adapters/test_player_*.py", "journeys/test_*.py", "ui/test_on_x11.py")
"""Where film plays or people study by the clock: run beside others, they measure the others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `dev.py test` runs by itself, after all else."""
    for item in items:
        if any(item.path.match(f"tests/{place}") for place in REAL_TIME):
            item.add_marker(pytest.mark.real_time)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a home of its own, empty; only the cache of models and films is shared."""
    home = tmp_path_factory.mktemp("home")
    for name, place in HOME_VARIABLES.items():
        folder = home / place
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(folder))
    (home / "run").chmod(0o700)
    monkeypatch.setenv("ANXUE_CACHE", str(_SHARED_CACHE))
    return home


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Let Qt find its own plug-ins: cv2, where a test imported it, points it to OpenCV's."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        os.environ.pop(name, None)
    return ["anxue"]


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Whoever takes the log over, as a gateway does, has it until the test ends."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


# Pools that libraries keep for the life of the process, by the names of their threads.
LIBRARY_THREADS = ("AnyIO worker thread", "pydevd", "QDBus")


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test after which a thread still runs that did not run before it."""
    before = set(threading.enumerate())
    yield
    ends = time.monotonic() + 3.0
    while left := _new_threads(before):
        if time.monotonic() > ends:
            names = ", ".join(sorted(thread.name for thread in left))
            pytest.fail(f"threads left running: {names}")
        time.sleep(0.01)


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before
        and thread.is_alive()
        and not isinstance(thread, threading._DummyThread)  # Qt's own, seen from Python
        and not thread.name.startswith(LIBRARY_THREADS)
    ]


@pytest.fixture
def x_desktop() -> Iterator[Desktop]:
    """A virtual screen with a window manager, for tests that start the program as a process."""
    if not sys.platform.startswith("linux"):
        pytest.skip("needs X11")
    with start_desktop() as desktop:
        yield desktop
