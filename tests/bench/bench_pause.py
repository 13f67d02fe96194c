"""How fast the film stands still when the learner leaves: from Qt's event, and from the command.

A child process shows the real window, session and player with the coded film under Xvfb
with a window manager. This process minimises it, or has another program take the focus,
reads the clock just before the command, and is told when Qt knew and when the last frame
of the film was painted. Both processes read the same monotonic clock.

`…_p50_ms`, `…_p99_ms`: from Qt's event. `…_whole_p99_ms`: from the window manager's
command; on Linux Qt itself waits 100 ms before it tells a lost focus (measured/player.md).
`fluent_p99_ms`…`changing_p99_ms`: from Qt's event, both ways, by what was left: the film in
each mode in turn, and while a change of mode was under way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.bench.figures import percentile, spread
from tests.desktop import Desktop, start_desktop

ROUNDS = int(os.environ.get("ANXUE_BENCH_ROUNDS", "80"))
SITUATIONS = ("fluent", "standard", "high", "changing")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Pause:
    """event_ms: Qt's event to the last frame. whole_ms: the command to the last frame."""

    situation: str
    event_ms: float
    whole_ms: float


def run() -> dict[str, object]:
    """Measure both ways of leaving, `ROUNDS` times each."""
    with start_desktop() as desktop, _window(desktop) as (told, window, other):
        minimise = [
            _leave(desktop, told, ["windowminimize", window], window) for _ in range(ROUNDS)
        ]
        focus = [_leave(desktop, told, ["windowactivate", other], window) for _ in range(ROUNDS)]
    both = [pause.event_ms for pause in (*minimise, *focus)]
    figures: dict[str, object] = {"n": ROUNDS, "spread": round(spread(both), 3)}
    for name, pauses in (("minimise", minimise), ("focus", focus)):
        events = [pause.event_ms for pause in pauses]
        figures[f"{name}_p50_ms"] = round(percentile(events, 0.5), 2)
        figures[f"{name}_p99_ms"] = round(percentile(events, 0.99), 2)
        figures[f"{name}_whole_p99_ms"] = round(
            percentile([pause.whole_ms for pause in pauses], 0.99), 2
        )
    for situation in SITUATIONS:
        events = [each.event_ms for each in (*minimise, *focus) if each.situation == situation]
        if not events:
            raise RuntimeError(f"nobody left in the situation `{situation}`: more rounds")
        figures[f"{situation}_p99_ms"] = round(percentile(events, 0.99), 2)
    return figures


@contextmanager
def _window(desktop: Desktop) -> Iterator[tuple[IO[str], str, str]]:
    """The child that plays, and another program beside it; their windows' ids."""
    other = subprocess.Popen(
        [sys.executable, "-c", _OTHER], env=desktop.environment, stdout=subprocess.PIPE, text=True
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.pause_child"],
        env={**desktop.environment},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert other.stdout is not None
        other_id = other.stdout.readline().strip()
        window_id = json.loads(child.stdout.readline())["window"]
        yield child.stdout, str(window_id), other_id
    finally:
        for process in (child, other):
            process.terminate()
            process.wait(10)
            assert process.stdout is not None
            process.stdout.close()


def _leave(desktop: Desktop, told: IO[str], command: list[str], window: str) -> Pause:
    """Come back, let it play, leave, and hear when it stood still."""
    desktop.run("xdotool", "windowactivate", window)
    _hear(told, "playing")
    began_ns = time.monotonic_ns()
    desktop.run("xdotool", *command)
    paused = _hear(told, "paused")
    last_ns = int(paused["last_ns"])
    return Pause(
        paused["situation"], (last_ns - int(paused["event_ns"])) / 1e6, (last_ns - began_ns) / 1e6
    )


def _hear(told: IO[str], what: str) -> dict[str, str]:
    for line in told:
        message: dict[str, str] = json.loads(line)
        if message["told"] == what:
            return message
    raise RuntimeError("the child ended")


_OTHER = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(sys.argv)
label = QLabel("another program")
label.resize(300, 120)
label.show()
print(int(label.winId()), flush=True)
app.exec()
"""
