"""Which origin to ask: the nearest that has not failed lately."""

from __future__ import annotations

import random
from collections.abc import Sequence

from player.adapters.origins import Origin


class Route:
    """Origins from the nearest to the last, which is the platform and is always asked again.

    One that failed is left alone for a random time within `again_s`, so that the PCs of a room
    do not all come back to it at once. Times are a monotonic clock's seconds.
    """

    def __init__(self, origins: Sequence[Origin], again_s: tuple[float, float]) -> None:
        self._origins = list(origins)
        self._again_s = again_s
        self._not_before = [float("-inf")] * len(self._origins)

    def pick(self, now_s: float) -> Origin:
        """Return the origin to ask now."""
        near = self._near(now_s)
        return near[0] if near else self._origins[-1]

    def failed(self, origin: Origin, now_s: float) -> bool:
        """Note a failure; tell whether another origin is left to ask at once.

        When the last one failed too, all are worth another try.
        """
        at = self._origins.index(origin)
        if at == len(self._origins) - 1:
            self._not_before = [float("-inf")] * len(self._origins)
            return False
        self._not_before[at] = now_s + random.uniform(*self._again_s)
        return True

    def nearer_than(self, origin: Origin, now_s: float) -> bool:
        """Tell whether an origin before this one may be tried again."""
        at = self._origins.index(origin) if origin in self._origins else len(self._origins)
        return any(each <= now_s for each in self._not_before[:at])

    def trust_only_the_last(self) -> None:
        """Somewhere on the way the film was another one."""
        self._origins = self._origins[-1:]
        self._not_before = self._not_before[-1:]

    def _near(self, now_s: float) -> list[Origin]:
        return [
            each
            for each, not_before in zip(self._origins[:-1], self._not_before, strict=False)
            if not_before <= now_s
        ]
