"""Forwarding beside serving, so that a platform that was joined to a neighbour needs no second
program. Several gateways may each do it; `main.py platform worker` does nothing else.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sync.reference.forwarding import Depth, depth
from sync.reference.platform import Platform
from sync.reference.worker import Worker

_ENDS_WITHIN_S = 5.0


def gauges(platform: Platform) -> None:
    """What waits for neighbours, and what was given up, as figures by neighbour."""

    def depths() -> tuple[Depth, ...]:
        with platform.store.reading() as db:
            return depth(db, platform.clock())

    if not platform.settings.integrations.destinations:
        return
    add = platform.running.metrics.gauge
    add("forwarding_waiting", "Entries on their way.", lambda: _by(depths(), "waiting"), "to")
    add("forwarding_dead", "Entries given up.", lambda: _by(depths(), "dead"), "to")
    add("forwarding_oldest_seconds", "Age of the oldest.", lambda: _by(depths(), "oldest_s"), "to")


def _by(depths: tuple[Depth, ...], name: str) -> dict[str, float]:
    return {each.destination: float(getattr(each, name)) for each in depths}


@contextmanager
def forwarding(platform: Platform) -> Iterator[None]:
    """A worker in a thread, while this lasts; none where no neighbour is joined.

    A request to a neighbour that is not over in time is left behind: its lease ends.
    """
    if not platform.settings.integrations.destinations:
        yield
        return
    stop = threading.Event()
    worker = Worker(platform)
    thread = threading.Thread(target=worker.run, args=(stop,), name="forwarding", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_ENDS_WITHIN_S)
