"""How the way to the origin fares, in film time."""

from __future__ import annotations

from dataclasses import dataclass

from player.events import LineMeasured
from player.ports import Film, Line, Rendition

_CALM_NS, _HUNGRY_NS = 1_000_000_000, 300_000_000


@dataclass(slots=True)
class LineWatch:
    """When to look: once a second, oftener while somebody waits for the picture."""

    _last_ns: int | None = None

    def due(self, at_ns: int, *, hungry: bool) -> bool:
        """Tell whether it is time to look again, and if so, remember that it was done."""
        pace_ns = _HUNGRY_NS if hungry else _CALM_NS
        if self._last_ns is not None and at_ns - self._last_ns < pace_ns:
            return False
        self._last_ns = at_ns
        return True


def measured(
    at_ns: int, line: Line, film: Film, rendition: Rendition, position_us: int
) -> LineMeasured:
    """Say in film time what the line has brought: bytes are spread evenly over a rendition.

    The player has read on beyond the picture at `position_us`: that is ahead, too.
    """
    size = max(1, rendition.size_bytes)
    ahead_us = film.duration_us * min(line.ahead_bytes, size) // size
    reach_us = film.duration_us * min(line.reach_bytes, size) // size
    ahead_us = max(ahead_us, reach_us - position_us)
    return LineMeasured(at_ns, line.bits_per_second, ahead_us, line.whole, line.kept)
