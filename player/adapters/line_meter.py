"""How fast bytes come while they are waited for."""

from __future__ import annotations

import threading
from collections import deque

WINDOW_NS = 4_000_000_000
_LEAST_NS = 10_000_000  # what came out of a buffer at once tells little
_STEP_NS = 50_000_000  # what comes within this is one entry


class LineMeter:
    """Bits per second over the last seconds of transfer; rest between transfers is left out.

    Times are a monotonic clock's nanoseconds. Safe to use from several threads.
    """

    def __init__(self, window_ns: int = WINDOW_NS) -> None:
        self._window_ns = window_ns
        self._pieces: deque[tuple[int, int]] = deque()  # (busy ns, bytes)
        self._busy_ns = self._bytes = 0
        self._since: int | None = None
        self._lock = threading.Lock()

    def begin(self, now_ns: int) -> None:
        """Bytes are waited for from now on."""
        with self._lock:
            if self._since is None:
                self._since = now_ns

    def arrived(self, now_ns: int, count: int) -> None:
        """So many bytes came, and more are waited for."""
        with self._lock:
            busy_ns = 0 if self._since is None else max(0, now_ns - self._since)
            self._since = now_ns
            if self._pieces and self._pieces[-1][0] + busy_ns < _STEP_NS:
                last_ns, last = self._pieces.pop()
                self._pieces.append((last_ns + busy_ns, last + count))
            else:
                self._pieces.append((busy_ns, count))
            self._busy_ns += busy_ns
            self._bytes += count
            while len(self._pieces) > 1 and self._busy_ns - self._pieces[0][0] >= self._window_ns:
                old_ns, old = self._pieces.popleft()
                self._busy_ns -= old_ns
                self._bytes -= old

    def rest(self, now_ns: int) -> None:
        """Nothing is waited for."""
        self.arrived(now_ns, 0)
        with self._lock:
            self._since = None

    def bits_per_second(self, now_ns: int) -> int:
        """Return the rate, 0 while nothing was measured or nothing has come for the window."""
        with self._lock:
            waiting_ns = 0 if self._since is None else max(0, now_ns - self._since)
            if waiting_ns >= self._window_ns:
                return 0
            busy_ns, total = self._busy_ns + waiting_ns, self._bytes
            for old_ns, old in self._pieces:
                if busy_ns - old_ns < self._window_ns:
                    break
                busy_ns, total = busy_ns - old_ns, total - old
            return total * 8_000_000_000 // max(busy_ns, _LEAST_NS)
