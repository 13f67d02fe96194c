"""How many records a second two gateways check and keep, with PostgreSQL behind them.

Everything is real: records encoded, chained and sealed ahead, gzip over HTTP, two processes of
`main.py platform`, a PostgreSQL with fsync. A batch counts when its answer with the receipt has
come, which is after the commit. At the end every acknowledged record is looked for in the
database, byte for byte, and every last receipt is verified.

Client, gateways and database share this machine. A backlog asks for the count once, with its
last batch, as the client does; the 200 who study at once ask with every batch.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import make_url

from sync import seal, trust
from sync.contract import Receipt
from sync.reference.keys import CERTIFICATE_FILE
from tests.bench.figures import percentile, spread
from tests.bench.gateway_rig import Rig, requests, rig, sign_in_all
from tests.contract.learner import Run

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("ANXUE_BENCH_ROUNDS", "3"))
CHAINS = 16
"""Connections that bring a backlog at once, each its own chain."""
BATCHES = {200: 16, 50: 24, 10: 48}
"""For each size: how many batches a chain brings in one round."""
CLIENTS = int(os.environ.get("ANXUE_BENCH_CLIENTS", "200"))
CLIENT_BATCHES = 5
CLIENT_SIZE = 10


def run() -> dict[str, object]:
    """Measure; keys as the issue names them."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        learners = ROUNDS * len(BATCHES) * CHAINS + CLIENTS
        with rig(folder, learners=learners) as gateways:
            return _measure(gateways, folder, learners)


def _measure(gateways: Rig, folder: Path, learners: int) -> dict[str, object]:
    runs = sign_in_all(gateways, range(learners))
    rates: dict[int, list[float]] = {size: [] for size in BATCHES}
    sent = 0
    waiting = iter(runs)
    for _ in range(ROUNDS):
        for size, batches in BATCHES.items():
            chosen = [next(waiting) for _ in range(CHAINS)]
            told = _load(gateways, folder, chosen, size, batches)
            rates[size].append(size * batches * CHAINS / _seconds(told))
            sent += batches * CHAINS
    told = _load(gateways, folder, list(waiting), CLIENT_SIZE, CLIENT_BATCHES, counted=True)
    latencies = [float(str(latency)) for latency in _list(told["latencies_ms"])]
    _check(gateways, runs)
    figures: dict[str, object] = {
        f"batch_{size}_per_s": percentile(found, 0.5) for size, found in sorted(rates.items())
    }
    figures["clients_200_p50_ms"] = percentile(latencies, 0.5)
    figures["clients_200_p99_ms"] = percentile(latencies, 0.99)
    figures["clients_200_per_s"] = CLIENT_SIZE * len(latencies) / _seconds(told)
    widest = max(spread(found) for found in rates.values())
    return {**figures, "n": sent + len(latencies), "spread": widest}


def _load(
    gateways: Rig,
    folder: Path,
    runs: Sequence[Run],
    size: int,
    batches: int,
    *,
    counted: bool = False,
) -> dict[str, object]:
    """Let the lean client send; every answer is checked against what was made."""
    plan = []
    for number, run in enumerate(runs):
        url = gateways.urls[number % len(gateways.urls)]
        place = urlsplit(url)
        made = requests(run, url, size, batches, counted=counted)
        plan.append((place.hostname, place.port, made))
    (folder / "plan").write_bytes(pickle.dumps(plan))
    subprocess.run(
        [sys.executable, "-m", "tests.bench.gateway_load", folder / "plan", folder / "answers"],
        cwd=ROOT,
        check=True,
    )
    told: dict[str, object] = json.loads((folder / "answers").read_text("utf-8"))
    certificate = trust.load((gateways.data / CERTIFICATE_FILE).read_text("ascii"))
    for run, last in zip(runs, _list(told["last"]), strict=True):
        assert isinstance(last, dict)
        receipt = seal.read(str(last["receipt"]), "receipt", certificate, Receipt)
        if (receipt.chain, receipt.seq) != (run.chain, len(run.records)):
            raise AssertionError(f"{run.chain}: acknowledged {receipt.seq}")
        if receipt.head != run.records[-1].head.hex():
            raise AssertionError(f"{run.chain}: a receipt for something else")
    return told


def _check(gateways: Rig, runs: Sequence[Run]) -> None:
    """Every record that was acknowledged is in the database, byte for byte."""
    url = make_url(gateways.database_url)
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database
    ) as connection:
        for run in runs:
            rows = connection.execute(
                "SELECT body, mac, head FROM record WHERE chain = %s ORDER BY seq", (run.chain,)
            ).fetchall()
            made = [(record.body, record.mac, record.head) for record in run.records]
            if [tuple(bytes(value) for value in row) for row in rows] != made:
                raise AssertionError(f"{run.chain}: {len(rows)} records instead of {len(made)}")


def _seconds(told: dict[str, object]) -> float:
    seconds = told["seconds"]
    assert isinstance(seconds, float)
    return seconds


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value
