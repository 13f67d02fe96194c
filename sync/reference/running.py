"""What one process has beside the platform: its figures, its log, its limits, its end."""

import hashlib
import hmac
import threading
from dataclasses import dataclass, field

from anyio import CapacityLimiter

from sync.reference.kept import Kept
from sync.reference.logs import Log, Silence
from sync.reference.metrics import Metrics
from sync.reference.rates import RatePresets, Rates

TAKERS = 8


@dataclass(frozen=True)
class Running:
    """draining: set when this process is about to end and wants no new work.

    kept: what it remembers to be quick. takers: how many batches are worked at at once; more
    threads would only wait for one another.
    """

    metrics: Metrics = field(default_factory=Metrics)
    log: Log = field(default_factory=Silence)
    rates: Rates = field(default_factory=lambda: Rates(RatePresets()))
    draining: threading.Event = field(default_factory=threading.Event)
    kept: Kept = field(default_factory=Kept)
    takers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(TAKERS))


def derived(vault_key: bytes, purpose: str) -> bytes:
    """A key for one purpose, the same in every process over the same data folder."""
    return hmac.new(vault_key, f"anxue/{purpose}/1".encode(), hashlib.sha256).digest()
