"""What only a real window system can tell: menus and media keys, with a window manager."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from tests.desktop import Desktop

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 20.0

pytestmark = pytest.mark.xvfb


class Child:
    """The window in a process of its own, and the lines that it says."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.heard: list[str] = []
        self.button: list[str] = []  # where it is on the screen
        self._lines: Queue[str] = Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.x11_child"],
            cwd=ROOT,
            env=desktop.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.strip())

    def wait_for(self, start: str) -> str:
        """The next line that begins so."""
        while True:
            try:
                line = self._lines.get(timeout=WITHIN_S)
            except Empty:
                pytest.fail(f"never heard {start!r}, only {self.heard}")
            self.heard.append(line)
            if line.startswith(start):
                return line

    def click_captions(self) -> None:
        self.desktop.run("xdotool", "mousemove", *self.button, "click", "1")

    def key(self, name: str) -> None:
        self.desktop.run("xdotool", "key", name)

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def child(x_desktop: Desktop) -> Iterator[Child]:
    started = Child(x_desktop)
    try:
        started.button = started.wait_for("ready").split()[1:]
        started.heard.clear()  # coming to the front was a change of focus too
        yield started
    finally:
        started.end()


def test_a_menu_is_not_leaving_the_film(child: Child) -> None:
    child.click_captions()
    child.wait_for("menu")
    child.key("Down")
    child.key("Return")
    said = child.wait_for("said")
    assert "SetCaptions(language='en'" in said
    child.wait_for("closed")
    child.click_captions()
    child.wait_for("menu")
    child.key("Escape")
    child.wait_for("closed")
    assert not [line for line in child.heard if line.startswith("focus")], child.heard


@pytest.mark.parametrize("key", ["XF86AudioPlay", "XF86AudioPause", "XF86AudioStop"])
def test_media_keys_pause_a_film_that_runs(child: Child, key: str) -> None:
    child.key("XF86AudioNext")
    child.key("XF86AudioForward")
    child.key(key)
    assert child.wait_for("said") == "said Pause()"
    assert not [line for line in child.heard if "Seek" in line]
