"""Does the window freeze? Measures the longest time the event loop of Qt's thread stood still.

    with watchdog() as dog:
        ...  # let the event loop run: qtbot.waitUntil
    # fails over 100 ms, and says where the thread was

The machine's own noise is not held against the program: time in which the thread could run and
did not, because others had the processor, is subtracted (Linux counts it for each thread).
"""

from __future__ import annotations

import contextlib
import faulthandler
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer

LIMIT_MS = 100.0
_BEAT_MS = 5
_LOOK_S = 0.02
_SUSPICIOUS_NS = 40_000_000


@dataclass(frozen=True)
class Freeze:
    """The event loop stood still for so long; what the thread did then, if it could be seen."""

    ms: float
    at_s: float
    where: str = ""


@dataclass
class Watchdog:
    """What was seen so far."""

    freezes: list[Freeze] = field(default_factory=list)
    """All of more than a few beats."""
    beats: int = 0
    _last_ns: int = 0
    _last_waited_ns: int = 0
    _began_ns: int = 0
    _where: str = ""
    _looking: bool = True

    @property
    def worst(self) -> Freeze:
        """The longest one."""
        return max(self.freezes, key=lambda each: each.ms, default=Freeze(0.0, 0.0))

    @contextlib.contextmanager
    def looks_away(self) -> Iterator[None]:
        """For what the test itself does in this thread, such as stopping a server."""
        self._beat()
        try:
            yield
        finally:
            self._restart()

    def _restart(self) -> None:
        self._last_ns, self._last_waited_ns = time.monotonic_ns(), _waited_ns()
        self._where = ""

    def _beat(self) -> None:
        now_ns, waited_ns = time.monotonic_ns(), _waited_ns()
        gap_ns = now_ns - self._last_ns - (waited_ns - self._last_waited_ns)
        gap_ms = gap_ns / 1e6 - _BEAT_MS
        self.beats += 1
        if gap_ms > 2 * _BEAT_MS:
            self.freezes.append(Freeze(gap_ms, (now_ns - self._began_ns) / 1e9, self._where))
        self._restart()

    def _look(self, thread_id: int, over: threading.Event) -> None:
        """In a thread: note where the watched one is while its event loop stands still.

        Where it holds Python's lock all the while, this comes too late, and sees nothing.
        """
        while not over.wait(_LOOK_S):
            if not self._where and time.monotonic_ns() - self._last_ns > _SUSPICIOUS_NS:
                # No frame is held here: the last owner of its locals would destroy Qt's objects
                with tempfile.TemporaryFile() as file:
                    faulthandler.dump_traceback(file, all_threads=True)
                    file.seek(0)
                    dump = file.read().decode(errors="replace")
                # The newest call comes first
                lines = dump.partition(f"0x{thread_id:016x}")[2].splitlines()[1:9]
                self._where = "\n".join(lines)


@contextlib.contextmanager
def watchdog(limit_ms: float = LIMIT_MS) -> Iterator[Watchdog]:
    """Watch the calling thread's event loop; fail when it stood still for longer."""
    dog = Watchdog()
    parent = QObject()
    timer = QTimer(parent, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(dog._beat)
    over = threading.Event()
    looker = threading.Thread(
        target=dog._look, args=(threading.get_ident(), over), name="watchdog", daemon=True
    )
    dog._began_ns = time.monotonic_ns()
    dog._restart()
    timer.start()
    looker.start()
    try:
        yield dog
        dog._beat()  # what the last lines of the block did counts too
    finally:
        timer.stop()
        over.set()
        looker.join()
        parent.deleteLater()
    if dog.worst.ms > limit_ms:
        worst = dog.worst
        pytest.fail(
            f"the window stood still for {worst.ms:.0f} ms, {worst.at_s:.2f} s after the beginning"
            f"\n{worst.where or '(the thread could not be looked at)'}",
            pytrace=False,
        )


def _waited_ns() -> int:
    """How long this thread has waited for a processor so far; 0 where the system doesn't tell."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        task = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        return int(task.read_text("ascii").split()[1])
    return 0
