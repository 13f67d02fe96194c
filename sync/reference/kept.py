"""What one process remembers to be quick. Nothing here is the truth: the database is.

Whatever is kept cannot change (a policy's text, a seed, a record), or is kept under all that it
depends on. Any process may forget it at any time, and several may remember different things.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

from cryptography import x509

from sync import trust
from sync.chain import hash_times
from sync.contract import Policy
from sync.suites import Suite

if TYPE_CHECKING:
    from sync.reference.counted import Judged, Read

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_STEP = 64
MOST_ENTRIES = 300_000
"""Records that are kept decoded: about 200 MB."""


class Newest(Generic[K, V]):
    """The values of the newest keys. Any thread.

    weigh: how much a value is, of which `most` fit; the newest one always does.
    """

    def __init__(self, size: int, weigh: Callable[[V], int] | None = None, most: int = 0) -> None:
        self._size = size
        self._weigh = weigh
        self._most = most
        self._weight = 0
        self._lock = threading.Lock()
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> V:
        with self._lock:
            before = self._values.pop(key, None)
            if before is not None:
                self._weight -= self._weighed(before)
            self._values[key] = value
            self._weight += self._weighed(value)
            while len(self._values) > 1 and (
                len(self._values) > self._size or self._weight > self._most
            ):
                self._weight -= self._weighed(self._values.popitem(last=False)[1])
        return value

    def _weighed(self, value: V) -> int:
        return 0 if self._weigh is None else self._weigh(value)

    def or_make(self, key: K, make: Callable[[], V]) -> V:
        """Two threads may both make it: it is the same."""
        value = self.get(key)
        return self.put(key, make()) if value is None else value


@dataclass(frozen=True)
class Kept:
    """policies: by number. seeds: every 64th of a chain's. read: records that were decoded.

    judged: what the rule of credit made of a run that has ended.
    """

    policies: Newest[int, Policy] = field(default_factory=lambda: Newest(64))
    seeds: Newest[str, tuple[bytes, ...]] = field(default_factory=lambda: Newest(4096))
    read: "Newest[str, Read]" = field(
        default_factory=lambda: Newest(512, lambda read: len(read.entries), MOST_ENTRIES)
    )
    judged: "Newest[Hashable, Judged]" = field(default_factory=lambda: Newest(4096))

    def seed(
        self, chain: str, last: Callable[[], bytes], index: int, length: int, suite: Suite
    ) -> bytes:
        """s_index of the chain's seeds, of which `last` gives s_length: at most 63 hashes."""
        if not 0 <= index <= length:
            raise ValueError(f"no element {index} in a chain of {length}")
        marks = self.seeds.or_make(chain, lambda: _marks(last(), length, suite))
        # marks[i] is s_(length - 64 i)
        steps = length - index
        return hash_times(marks[steps // _STEP], steps % _STEP, suite)


def _marks(last: bytes, length: int, suite: Suite) -> tuple[bytes, ...]:
    marks = [last]
    for _ in range(length // _STEP):
        marks.append(hash_times(marks[-1], _STEP, suite))
    return tuple(marks)


@lru_cache(maxsize=4096)
def certificate(pem: str) -> x509.Certificate:
    """The first of a text of certificates, parsed once."""
    return trust.load_all(pem)[0]
