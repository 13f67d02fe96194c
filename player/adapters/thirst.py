"""Whether a film has enough of its bytes: to be sought in, and to run on after it had to wait."""

from __future__ import annotations

from player.adapters.timing import Timing
from player.events import Mode
from player.line import measured
from player.ports import Film, Line


def thirsty(line: Line | None) -> bool:
    """Nothing is there beyond what Qt has read: the next read hangs, and a seek with it."""
    return line is not None and not line.whole and line.ahead_bytes == 0


def quenched(
    line: Line | None, film: Film, mode: Mode, position_us: int, rate: float, timing: Timing
) -> bool:
    """A film that waited at `position_us` has enough to run on at `rate`."""
    if line is None or line.whole:
        return True
    ahead_us = measured(0, line, film, film.renditions[mode], position_us).ahead_us
    return ahead_us >= min(timing.enough_us * rate, (film.duration_us - position_us) / 2)
