"""Pulling the plug in the middle of a lesson costs at most a second, and nothing counts twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from player.ledger import Ledger
from resources.build import demo_course
from sync.reference.embedded import PORT, EmbeddedPlatform

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
PATIENCE_S = 90


@dataclass
class Study:
    """One run of the program, from its start to its sudden end."""

    process: subprocess.Popen[bytes]
    watchdog: threading.Timer
    told: list[dict[str, object]] = field(default_factory=list)

    def lines(self) -> Iterator[dict[str, object]]:
        """What the program says, until it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told: dict[str, object] = json.loads(line)
            self.told.append(told)
            yield told

    def until(self, name: str) -> object:
        """Read until the program has said this."""
        for told in self.lines():
            if name in told:
                return told[name]
        raise AssertionError(f"the program ended before it said {name!r}: {self.told[-3:]}")

    def kill_after(self, frames: int) -> None:
        """Let so many frames be shown, pull the plug, and read what had been said by then."""
        for told in self.lines():
            frames -= "shown" in told
            if frames <= 0:
                break
        self.process.send_signal(signal.SIGKILL)
        for _ in self.lines():
            pass
        self.process.wait(10)

    def close(self) -> None:
        self.watchdog.cancel()
        self.watchdog.join()
        self.process.kill()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process.wait(10)

    def shown(self) -> list[tuple[int, int]]:
        return [
            (int(told["shown"][0]), int(told["shown"][1]))  # type: ignore[index]
            for told in self.told
            if "shown" in told
        ]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[EmbeddedPlatform]:
    command = [sys.executable, "main.py", "platform", "--data", str(tmp_path / "platform")]
    command += ["--port", PORT, "--demo", str(demo_course()), "--until-stdin-closes"]
    with EmbeddedPlatform(command, cwd=ROOT) as running:
        yield running


def start(platform: EmbeddedPlatform, home: Path, lesson: str) -> Study:
    command = [sys.executable, "-m", "tests.journeys.study_child", platform.url]
    process = subprocess.Popen(
        [*command, str(platform.certificate), str(home), lesson],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    watchdog = threading.Timer(PATIENCE_S, process.kill)
    watchdog.start()
    return Study(process, watchdog)


@pytest.mark.slow
@pytest.mark.course
def test_twenty_kills_at_random_moments_lose_at_most_a_second_each(
    platform: EmbeddedPlatform, tmp_path: Path
) -> None:
    lesson = json.loads((demo_course() / "course.json").read_text("utf-8"))["lessons"][0]["id"]
    home = tmp_path / "learner"
    home.mkdir()
    moments = random.Random(20261123)
    seen = Ledger()
    counted_s = 0.0
    for kill in range(KILLS + 1):
        study = start(platform, home, lesson)
        try:
            counted_s = float(str(study.until("credited")))
            waiting_s = float(str(study.told[-1]["waiting"]))
            # All that was watched before the kills, but for a second of each, is there
            assert counted_s + waiting_s <= seen.watched_us / 1e6 + 0.001, f"kill {kill}: too much"
            assert counted_s + waiting_s >= seen.reach_us(0) / 1e6 - 1.0, study.told
            if kill == KILLS:
                break
            study.kill_after(moments.randrange(5, 90))
        finally:
            study.close()
        shown = study.shown()
        resumed_s = shown[0][0] / 1e6
        assert abs(resumed_s - counted_s) < 0.3, "studying goes on where the count ends"
        for start_us, end_us in shown:
            seen = seen.add(start_us, end_us)
    assert counted_s > 10, "something was studied at all"
