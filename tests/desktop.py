"""A desktop to test on: Xvfb on a display of its own, with a window manager.

Used by tests (fixture ``x_desktop``) and by benchmarks. Nothing here needs a screen or
disturbs one that is there.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

STARTS_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Desktop:
    """A running virtual desktop; hand ``environment`` to the processes that shall live on it."""

    display: str
    environment: Mapping[str, str]

    def run(self, *command: str, timeout_s: float = 20.0) -> str:
        """Run a small tool (xdotool, wmctrl, xprop) there and return what it printed."""
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=timeout_s,
            check=True,
        )  # fmt: skip
        return done.stdout

    def window(self, title: str) -> str:
        """Wait for a window with this title to be shown and return its number."""
        found = self.run("xdotool", "search", "--sync", "--onlyvisible", "--name", title)
        return found.split()[0]


@contextmanager
def start_desktop(width: int = 1366, height: int = 768) -> Iterator[Desktop]:
    """Start a screen and a window manager, and end both however the block ends."""
    for tool in ("Xvfb", "openbox", "xdotool", "xprop"):
        if shutil.which(tool) is None:
            message = f"{tool} is missing: `python3 dev.py test` installs it or says how"
            raise FileNotFoundError(message)
    with ExitStack() as stack:
        display = stack.enter_context(_screen(width, height))
        environment = {
            **{key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"},
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_XCB_GL_INTEGRATION": "none",  # no GPU: GL would cost a whole core
        }
        desktop = Desktop(display, environment)
        manager = subprocess.Popen(
            ["openbox", "--sm-disable"],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        stack.callback(_end, manager)
        _wait_for_manager(desktop, manager)
        yield desktop


@contextmanager
def _screen(width: int, height: int) -> Iterator[str]:
    """Start Xvfb on a display that it chooses itself, so that runs side by side never clash."""
    reading, writing = os.pipe()
    try:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24",
             "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()  # ends at once where Xvfb dies
        if not number:
            message = "Xvfb did not start"
            raise RuntimeError(message)
        yield f":{number}"
    finally:
        _end(server)


def _wait_for_manager(desktop: Desktop, manager: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + STARTS_WITHIN_S
    while "window id" not in desktop.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"):
        if manager.poll() is not None or time.monotonic() > ends:
            message = f"openbox did not start on {desktop.display}"
            raise RuntimeError(message)
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
