"""One durable append in the client's store, beside the least that any store could do.

Ours: the statement encoded, chained, MACed, the body sealed, the record, the chain's row and the
renewed tick in one transaction, WAL with synchronous=FULL. Peers, in turn with ours on the same
disk: `sqlite`, the bare insert of as many bytes in the same mode; `fdatasync`, the same bytes
appended to a file and synced.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sync.adapters.store import Store
from sync.facts import Watched
from tests.bench.figures import percentile, spread
from tests.sync_rig import NOW_MS, begin

APPENDS = int(os.environ.get("ANXUE_BENCH_APPENDS", "2000"))
WARM = 50


def run() -> dict[str, object]:
    """Keys as the issue names them."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("ANXUE_BENCH_DISK")) as place:
        folder = Path(place)
        ways = {"ours": _ours(folder), "sqlite": _sqlite(folder), "fdatasync": _file(folder)}
        found: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(WARM + APPENDS):
            for name, append in ways.items():
                began = time.perf_counter()
                append()
                if number >= WARM:
                    found[name].append((time.perf_counter() - began) * 1000)
    mine = found.pop("ours")
    peers = {name: _figures(samples) for name, samples in found.items()}
    return {**_figures(mine), "n": len(mine), "spread": spread(mine), "peers": peers}


def _figures(samples: list[float]) -> dict[str, float]:
    return {"p50_ms": percentile(samples, 0.5), "p99_ms": percentile(samples, 0.99)}


def _ours(folder: Path) -> Callable[[], None]:
    store = Store(folder / "records.sqlite3", b"\x01" * 32)
    recorder = begin(store)
    at_ns = 1

    def append() -> None:
        nonlocal recorder, at_ns
        at_ns += 20_000_000_000
        fact = Watched(
            lesson="lesson-1",
            start_us=0,
            end_us=20_000_000,
            began_ns=at_ns - 20_000_000_000,
            ended_ns=at_ns,
            mode="standard",
        )
        recorder, record, tick = recorder.record(fact, recorder.moment(at_ns, NOW_MS))
        store.append(record, tick)

    return append


def _sqlite(folder: Path) -> Callable[[], None]:
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE record (seq INTEGER PRIMARY KEY, body BLOB)")
    body = bytes(1000)

    def append() -> None:
        connection.execute("INSERT INTO record (body) VALUES (?)", (body,))

    return append


def _file(folder: Path) -> Callable[[], None]:
    file = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    body = bytes(1000)

    def append() -> None:
        os.write(file, body)
        os.fdatasync(file)

    return append
