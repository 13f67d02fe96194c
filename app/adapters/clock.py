"""The program's one monotonic clock, which runs on while the PC sleeps."""

from __future__ import annotations

import time


def now_ns() -> int:
    """Nanoseconds since some moment before the program began.

    Windows' monotonic clock counts the time asleep; Linux has another one that does. A sleep then
    shows as a gap, and only setting the clock as a step between this one and the calendar's.
    """
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if boot is None else time.clock_gettime_ns(boot)
