"""What a program costs the machine: the time and memory of a process and all it started.

Memory is the proportional share (PSS): pages that several processes share count once on the
whole, so that a program of many processes is not charged for the same page many times.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import percentile

PROC = Path("/proc")
_TICKS_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_LOOKS = 12
"""How often the memory is looked at."""


@dataclass(frozen=True, slots=True)
class Cost:
    """cpu_percent: of one core. rss_mb: proportional share, the median of several looks."""

    cpu_percent: float
    rss_mb: float


def cost(root: int, seconds: float, sleep: Callable[[float], None] = time.sleep) -> Cost:
    """Watch a running process and its descendants for a while."""
    before, began = _cpu_s(root), time.monotonic()
    memory = []
    for _ in range(_LOOKS):
        sleep(seconds / _LOOKS)
        memory.append(pss_mb(root))
    after, took_s = _cpu_s(root), time.monotonic() - began
    used_s = sum(spent - before.get(pid, 0.0) for pid, spent in after.items())
    return Cost(100 * used_s / took_s, percentile(memory, 0.5))


def pss_mb(root: int) -> float:
    """Return the memory of a process and its descendants."""
    return sum(_pss_kb(pid) for pid in family(root)) / 1024


def family(root: int) -> list[int]:
    """Return a process and all its living descendants."""
    children: dict[int, list[int]] = defaultdict(list)
    for pid, fields in _all_stats():
        children[int(fields[1])].append(pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children[pid]
    return found


def warn_if_busy(what: str) -> None:
    """Say on stderr that the machine has other things to do: the figures then are worth less."""
    load = os.getloadavg()[0]
    if load > 0.7 * (os.cpu_count() or 1):
        sys.stderr.write(f"{what}: the machine is busy (load {load:.1f})\n")


def _cpu_s(root: int) -> dict[int, float]:
    members = set(family(root))
    return {
        pid: (int(fields[11]) + int(fields[12])) / _TICKS_S
        for pid, fields in _all_stats()
        if pid in members
    }


def _all_stats() -> Iterator[tuple[int, list[str]]]:
    """Yield each process with the fields of its `stat` from the state on (proc(5), field 3)."""
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it may have ended just now
                text = (folder / "stat").read_text("utf-8", errors="replace")
                yield int(folder.name), text.rpartition(")")[2].split()


def _pss_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text("utf-8").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
