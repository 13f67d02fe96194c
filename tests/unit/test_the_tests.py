"""The tests' own ground: threads are watched, homes are apart, a desktop can be had."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.figures import percentile, spread
from tests.desktop import Desktop

ROOT = Path(__file__).resolve().parents[2]


def test_a_thread_left_behind_fails_its_test(tmp_path: Path) -> None:
    leaky = tmp_path / "test_leaky.py"
    leaky.write_text(
        "import threading\n"
        "def test_leak():\n"
        "    stop = threading.Event()\n"
        "    forgotten = threading.Thread(target=stop.wait, args=(20,), daemon=True)\n"
        "    forgotten.name = 'forgotten'\n"
        "    forgotten.start()\n"
        "def test_tidy():\n"
        "    thread = threading.Thread(target=int)\n"
        "    thread.start()\n",
        "utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider",
         "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(leaky)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "threads left running: forgotten" in run.stdout
    assert "2 passed, 1 error" in run.stdout


@pytest.mark.parametrize("alone", [True, False])
def test_what_keeps_real_time_is_run_by_itself(alone: bool) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider",
         "-m", "real_time" if alone else "not real_time",
         "tests/adapters/test_player_view.py", "tests/unit/test_memory.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ("test_player_view" in run.stdout) is alone
    assert ("test_memory" in run.stdout) is not alone


def test_each_test_has_a_home_of_its_own(own_home: Path) -> None:
    assert Path.home() == own_home
    assert Path(os.environ["XDG_DATA_HOME"]).is_relative_to(own_home)
    assert not any(path for path in (own_home / ".config").iterdir())


@pytest.mark.xvfb
def test_a_desktop_shows_minimises_and_ends(x_desktop: Desktop) -> None:
    script = (
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "app = QApplication([])\n"
        "label = QLabel('x'); label.setWindowTitle('anxue-probe'); label.show()\n"
        "app.exec()\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script], env=x_desktop.environment)
    try:
        window = x_desktop.window("anxue-probe")
        x_desktop.run("xdotool", "windowminimize", "--sync", window)
        assert "Iconic" in x_desktop.run("xprop", "-id", window, "WM_STATE")
    finally:
        child.terminate()
        child.wait(10)


def test_percentiles_and_spread() -> None:
    samples = [float(value) for value in range(1, 101)]
    assert (percentile(samples, 0.5), percentile(samples, 0.99)) == (50, 99)
    assert percentile([7.0], 0.99) == 7
    assert spread(samples) == 1.0
    assert spread([0.0, 0.0]) == 0.0
