"""Serve a data folder: `main.py platform`.

Once it listens, one line of JSON on stdout says where: {"url", "certificate", "pid"}.
"""

import gc
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from sync.contract import Policy, SuiteName
    from sync.reference.platform import Schedules
    from sync.reference.rates import RatePresets

# What needs a second to import (FastAPI, SQLAlchemy, uvicorn) is imported in `serve`: this
# module belongs to the command line.


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """port 0: any free one. until_stdin_closes: end with whoever holds our standard input.

    database_url: of a PostgreSQL, where it is not an SQLite in the data folder; several
    processes over one database need one data folder, for its keys. share_port: they may all
    listen on one port, and the system deals the connections out (not on Windows).

    demo: fill the folder with the demo where that has not been done; course is the folder
    of its course.json, policy replaces the demo's. media_address_s: how long a film's
    signed address is good for. faults: a file of `sync.reference.faults`; for tests only.

    metrics_port: where `/metrics` is served as well, on the loopback, without a token: for
    processes that share a port. drain_s: how long after SIGTERM requests are still taken while
    `GET ready` says no already. logged: a line for each request; otherwise only of faults.
    suite: of the keys, where the folder has none yet; None: RSA, or whatever it has. rates: how
    often somebody may ask; None: the presets.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 0
    database_url: str | None = None
    share_port: bool = False
    until_stdin_closes: bool = False
    demo: bool = False
    course: Path | None = None
    policy: "Policy | None" = None
    media_address_s: float = 6 * 3600
    faults: Path | None = None
    metrics_port: int | None = None
    drain_s: float = 0.0
    logged: bool = False
    suite: "SuiteName | None" = None
    rates: "RatePresets | None" = None


def serve(options: ServeOptions, schedules: "Schedules | None" = None) -> int:
    """Run until told to stop; 0 if all went well, 1 with a line on stderr if not."""
    import uvicorn

    from sync.reference import background, chores, integrations, logs, metrics
    from sync.reference.app import create_app
    from sync.reference.integrations import IntegrationsError
    from sync.reference.keys import CERTIFICATE_FILE, KeysError, load_or_make
    from sync.reference.objects import ObjectsError
    from sync.reference.platform import Settings
    from sync.reference.rates import RatePresets
    from sync.reference.seed import SeedError, seed_demo
    from sync.reference.signon import SignOnError

    log = logs.everything_to(sys.stderr)
    try:
        listener = _listen(options.host, options.port, shared=options.share_port)
    except OSError as error:
        sys.stderr.write(f"{options.host}:{options.port}: {error.strerror}\n")
        return 1
    host, port = listener.getsockname()[:2]
    try:
        load_or_make(options.data, suite=options.suite)
        if options.demo:
            seed_demo(
                options.data,
                course=options.course,
                policy=options.policy,
                database_url=options.database_url,
            )
        app = create_app(
            Settings(
                data=options.data,
                database_url=options.database_url,
                media_address_s=options.media_address_s,
                integrations=integrations.load(options.data),
                rates=options.rates or RatePresets(),
            ),
            schedules=schedules,
            faults=options.faults,
            log=log if options.logged else logs.OnlyFaults(log),
        )
    except (KeysError, SeedError, IntegrationsError, ObjectsError, SignOnError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.metrics_port is not None:
        try:
            metrics.serve_apart(app.state.platform.running.metrics, options.metrics_port)
        except OSError as error:
            sys.stderr.write(f"127.0.0.1:{options.metrics_port}: {error.strerror}\n")
            return 1
    told = {
        "url": f"http://{host}:{port}",
        "certificate": str(options.data.resolve() / CERTIFICATE_FILE),
        "pid": os.getpid(),
    }

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            with super().capture_signals():
                yield
                # What told us to end has been obeyed; raised again, it would cut off what ends
                # after the server: the worker, the chores.
                self._captured_signals.clear()

        def handle_exit(self, sig: int, frame: "FrameType | None") -> None:
            draining = app.state.platform.running.draining
            if sig == signal.SIGTERM and options.drain_s > 0 and not draining.is_set():
                # Proxies see `ready` fail and send nothing new; what comes is still answered.
                draining.set()
                log.info("draining")
                end = threading.Timer(options.drain_s, super().handle_exit, (sig, frame))
                end.daemon = True
                end.start()
                return
            draining.set()
            super().handle_exit(sig, frame)

    server = Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            date_header=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=2 if options.drain_s == 0 else 20,
        )
    )
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
    _collect_rarely()
    with (
        background.forwarding(app.state.platform),
        chores.housekeeping(app.state.platform),
    ):
        server.run(sockets=[listener])
    return 0


def _collect_rarely() -> None:
    """What is there at the start stays; looking through it for rings took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if os.name == "posix":
        # So that a platform can come back to its port while old connections still linger.
        # On Windows the same option would let two programs share the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _end_with_stdin(server: object) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    server.should_exit = True  # type: ignore[attr-defined]
