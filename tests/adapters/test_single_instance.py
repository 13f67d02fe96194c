"""A second start on the same account: real processes, a real lock, a real socket."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.adapters.places import Places
from app.adapters.single_instance import SingleInstance
from tests.sync_rig import FakePlatform

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0
SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app.adapters.single_instance import SingleInstance
application = QCoreApplication([])
alone = SingleInstance(Path(sys.argv[1]))
first = alone.is_first(lambda: None)
print("first" if first else "handed over" if alone.hand_over() else "no answer", flush=True)
if "stay" in sys.argv:
    sys.stdin.read()
elif "crash" in sys.argv:
    import os
    os.abort()
"""


def second(folder: Path, *how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SECOND, str(folder), *how],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def alone(tmp_path: Path, qtbot: QtBot) -> Iterator[SingleInstance]:
    alone = SingleInstance(tmp_path)
    yield alone
    alone.close()


def test_the_second_hands_over_to_the_first(
    tmp_path: Path, alone: SingleInstance, qtbot: QtBot
) -> None:
    shown: list[int] = []
    assert alone.is_first(lambda: shown.append(1))
    with second(tmp_path) as other:
        qtbot.waitUntil(lambda: bool(shown), timeout=20_000)
        qtbot.waitUntil(lambda: other.poll() is not None, timeout=20_000)
        assert other.stdout is not None
        assert other.stdout.read() == "handed over\n"
    assert shown == [1]


def test_another_account_has_a_program_of_its_own(tmp_path: Path, alone: SingleInstance) -> None:
    assert alone.is_first(lambda: None)
    theirs = SingleInstance(tmp_path / "other")
    assert theirs.is_first(lambda: None)
    theirs.close()


def test_who_crashed_or_left_is_no_longer_the_first(tmp_path: Path, alone: SingleInstance) -> None:
    with second(tmp_path, "crash") as other:
        assert other.stdout is not None
        assert other.stdout.read() == "first\n"
    assert alone.is_first(lambda: None)
    alone.close()
    again = SingleInstance(tmp_path)
    assert again.is_first(lambda: None)
    again.close()


def test_a_first_one_that_hangs_is_not_waited_for(
    tmp_path: Path, alone: SingleInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.adapters.single_instance.WITHIN_MS", 200)
    with second(tmp_path, "stay") as other:  # it never runs its event loop
        assert other.stdout is not None
        assert other.stdout.readline() == "first\n"
        assert not alone.is_first(lambda: None)
        assert not alone.hand_over(), "and so the window opens, and the sign-in says why it can't"
        assert other.stdin is not None
        other.stdin.close()


def test_a_folder_that_takes_no_lock_stops_nobody(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("in the way")
    assert SingleInstance(tmp_path / "file").is_first(lambda: None)


def test_the_program_itself_started_twice(own_home: Path) -> None:
    places = Places.of_user()
    places.config.mkdir(parents=True, exist_ok=True)
    (places.config / "platform.pem").write_text(FakePlatform(demo=False).pem, "ascii")
    command = [sys.executable, str(ROOT / "main.py"), "--platform", "https://127.0.0.1:9"]
    with subprocess.Popen(command, cwd=ROOT) as first:
        try:
            ends = time.monotonic() + PATIENCE_S
            while not (places.data / "program.lock").exists():
                assert first.poll() is None
                assert time.monotonic() < ends
                time.sleep(0.05)
            other = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False
            )
            assert other.returncode == 0, other.stderr
            assert "安学已经打开" in other.stdout
            assert "is open already" in other.stdout
            assert first.poll() is None, "the first goes on"
        finally:
            first.terminate()
