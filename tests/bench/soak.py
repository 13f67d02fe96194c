"""Many changes, openings and closings, some while the origin says nothing: what do they leave?

Used by the `soak` benchmark in its long form and by `tests/adapters/test_player_soak.py`.
"""

from __future__ import annotations

import gc
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QTimer

from app.adapters.memory import give_back
from player.events import FrameShown, Mode, ModeChanged, Stalled
from tests.bench.rooms import ColdFilm, Rooms

WARM_UP = 20
"""So many changes, and half as many openings, are made before anything is measured: until both
pipelines have shown every mode, the program is still growing to its size."""
CACHE_BYTES = 64 << 20
"""The cache holds so much, so that it also has to make room again and again."""
_STALL_BYTES = (20_000, 160_000)
"""Where stalls begin: from the file's head, so that it never opens, to 2 s into the film."""
_LATE_US = 50_000_000


@dataclass(frozen=True, slots=True)
class Soaked:
    """What came of it. Growth and leaks are since the end of the warm-up."""

    changes: int
    opens: int
    stalled: int
    rss_growth_mb: float
    threads_leaked: int
    event_loop_gap_max_ms: float
    change_gaps_ms: list[float] = field(default_factory=list)


class LoopWatch:
    """Measures how long the event loop was away, at the most."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._last_ns = 0
        self._timer = QTimer(interval=5)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        self._last_ns = time.monotonic_ns()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        now_ns = time.monotonic_ns()
        self.longest_ms = max(self.longest_ms, (now_ns - self._last_ns) / 1e6)
        self._last_ns = now_ns


class Soak:
    """Drives ours through its rounds. `seed` makes the order; RuntimeError if something hangs."""

    def __init__(self, ours: Rooms, film: ColdFilm, seed: int = 4) -> None:
        self._ours, self._film = ours, film
        self._chance = random.Random(seed)
        self._gaps: list[float] = []
        self.memory_mb: list[tuple[str, float]] = []
        """What was measured on the way, for whoever looks for a leak."""

    def run(self, changes: int, opens: int, stalled: int) -> Soaked:
        """Make so many changes of mode, and so many openings of which some stall."""
        self._change(WARM_UP)
        self._open(WARM_UP // 2, WARM_UP // 8)
        self._gaps.clear()
        before_mb, threads = self._measure("warm"), _threads()
        watch = LoopWatch()
        watch.start()
        self._in_parts("changes", changes, lambda count: self._change(count))
        share = stalled / max(1, opens)
        self._in_parts("opens", opens, lambda count: self._open(count, round(count * share)))
        watch.stop()
        return Soaked(
            changes,
            opens,
            stalled,
            rss_growth_mb=self._measure("end") - before_mb,
            threads_leaked=max(0, _threads() - threads),
            event_loop_gap_max_ms=watch.longest_ms,
            change_gaps_ms=list(self._gaps),
        )

    def _in_parts(self, what: str, count: int, part: Callable[[int], None]) -> None:
        for _ in range(4):
            part(count // 4)
            self._measure(what)
        part(count - count // 4 * 4)

    def _change(self, count: int) -> None:
        ours, mode = self._ours, Mode.FLUENT
        if not ours.watch(self._film.film, mode):
            raise RuntimeError("the film did not begin to play")
        for _ in range(count):
            mode = self._chance.choice([each for each in Mode if each is not mode])
            self._film.renew(mode)
            shown = ours.all(FrameShown)
            if shown and shown[-1].start_us > _LATE_US:
                ours.player.seek(0)
            if not ours.change(mode):
                raise RuntimeError(f"the change to {mode} never came: {ours.events[-3:]}")
            self._gaps += [each.gap_us / 1000 for each in ours.all(ModeChanged)]
            ours.run_for(self._chance.uniform(0.05, 0.4))
        self._close()

    def _open(self, count: int, stalled: int) -> None:
        stalls = [place < stalled for place in range(count)]
        self._chance.shuffle(stalls)
        for stall in stalls:
            mode = self._chance.choice(list(Mode))
            self._film.renew(mode, self._chance.randint(*_STALL_BYTES) if stall else 0)
            if stall:
                self._open_into_a_stall(mode)
            elif not self._ours.watch(self._film.film, mode, frames=5):
                raise RuntimeError(f"the film did not play: {self._ours.events[-3:]}")
            self._close()
            self._ours.run_for(0.02)
        for mode in Mode:
            self._film.renew(mode)

    def _open_into_a_stall(self, mode: Mode) -> None:
        """Wait until the film has stalled, or has not opened for a while; closed it is there."""
        ours = self._ours
        ours.events.clear()
        ours.player.open(self._film.film, mode, 0)
        ours.player.play()
        ours.wait(lambda: bool(ours.all(FrameShown)), 0.7)
        if ours.all(FrameShown) and not ours.wait(lambda: bool(ours.all(Stalled)), 12):
            raise RuntimeError(f"the stall was not noticed: {ours.events[-3:]}")

    def _close(self) -> None:
        """Close the film as the program does when a lesson is left."""
        self._ours.player.close()
        give_back()

    def _measure(self, when: str) -> float:
        """Return the memory in MB once what was let go has gone."""
        self._ours.events.clear()
        self._ours.run_for(1.5)
        gc.collect()
        now_mb = rss_mb()
        self.memory_mb.append((when, now_mb))
        return now_mb


def rss_mb() -> float:
    """Return this process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def _threads() -> int:
    """Count all threads of this process, Python's, Qt's and FFmpeg's."""
    return len(list(Path("/proc/self/task").iterdir()))
