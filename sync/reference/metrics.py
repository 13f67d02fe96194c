"""Figures for Prometheus, of one process.

Served at `/metrics` (outside `/v1`) to whoever holds `private/metrics.token`: a gateway
stands behind a proxy, where an address proves nothing. Several processes are several targets;
Prometheus adds them up. docs/operating.md has the scrape configuration and the alerts.
"""

import hmac
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from wsgiref.simple_server import WSGIServer

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool

TOKEN_FILE = "metrics.token"  # noqa: S105 (a file's name)
CONTENT_TYPE = CONTENT_TYPE_LATEST
UNKNOWN = "unknown"
_BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
Reading = float | Mapping[str, float]


class Metrics:
    """Counts for one process; `gauge` hangs in what is asked for only when somebody looks."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._gauges = _Gauges()
        self.registry.register(self._gauges)
        of = self.registry
        self._requests = Counter(
            "anxue_requests", "Answers, by route and status.", ("method", "route", "status"),
            registry=of,
        )  # fmt: skip
        self._seconds = Histogram(
            "anxue_request_seconds", "From the first byte to the last.", ("route",),
            buckets=_BUCKETS_S, registry=of,
        )  # fmt: skip
        self._refusals = Counter(
            "anxue_refusals", "Problems answered, by code.", ("code",), registry=of
        )
        self._records = Counter("anxue_records", "Records verified and kept.", registry=of)
        self._batches = Counter("anxue_batches", "Batches that brought new ones.", registry=of)
        self._faults = Counter("anxue_faults", "Answers of 500.", registry=of)

    def answered(
        self, method: str, route: str, status: int, seconds: float, code: str, records: int
    ) -> None:
        """One request. route: a template, "" where none was found, so that labels are few."""
        route = route or UNKNOWN
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if code:
            self._refusals.labels(code).inc()
        if status == 500:
            self._faults.inc()
        if records:
            self._records.inc(records)
            self._batches.inc()

    def gauge(self, name: str, words: str, read: Callable[[], Reading], label: str = "") -> None:
        """A figure that is read at each scrape; with `label` it is a mapping of its values.

        One that cannot be read is left out of that scrape.
        """
        self._gauges.add(f"anxue_{name}", words, read, label)

    def watch_pool(self, engine: Engine) -> None:
        """Connections of the database's pool."""
        pool = engine.pool
        if isinstance(pool, QueuePool):
            self.gauge("db_connections_used", "In use now.", lambda: float(pool.checkedout()))
            self.gauge("db_connections_idle", "Kept open.", lambda: float(pool.checkedin()))

    def text(self) -> bytes:
        """What Prometheus reads."""
        return generate_latest(self.registry)


class _Gauges(Collector):
    def __init__(self) -> None:
        self._readers: dict[str, tuple[str, Callable[[], Reading], str]] = {}

    def add(self, name: str, words: str, read: Callable[[], Reading], label: str) -> None:
        self._readers[name] = (words, read, label)

    def collect(self) -> Iterable[Metric]:
        for name, (words, read, label) in self._readers.items():
            try:
                told = read()
            except Exception:  # noqa: BLE001, S112 (one broken reader must not hide the others)
                continue
            family = GaugeMetricFamily(name, words, labels=(label,) if label else ())
            if isinstance(told, Mapping):
                for value, figure in told.items():
                    family.add_metric((value,), figure)
            else:
                family.add_metric((), told)
            yield family


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


@dataclass(frozen=True)
class Apart:
    """A small server of the figures alone."""

    port: int
    _server: WSGIServer
    _thread: threading.Thread

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def serve_apart(metrics: Metrics, port: int) -> Apart:
    """Serve on a port of its own (0: any), for this machine alone. Raises OSError."""
    server, thread = start_http_server(port, "127.0.0.1", metrics.registry)
    return Apart(server.server_port, server, thread)


def token(folder: Path) -> str:
    """The data folder's token for `/metrics`; made where there is none."""
    path = folder / "private" / TOKEN_FILE
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(fresh, path)  # the first of several processes wins, with a whole file
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text("ascii").strip()


def may_look(authorization: str, token: str) -> bool:
    """Whether a request's Authorization is `Bearer` and the token."""
    return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
