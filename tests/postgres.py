"""A private PostgreSQL for tests and benches: the real one, durable, gone at the end.

    with postgres() as server:
        url = server.database()             an empty database, postgresql+psycopg://…
        more = server.database(template=url)    a copy of that one (nobody may be in it)
        server.kill(); server.start()       power cut, and back

In tests: the fixtures `postgres_server` (one for the run) and `postgres_url` (a fresh
database). fsync and synchronous_commit are on: what is measured is what an institution gets.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

USER = "anxue"
STARTS_WITHIN_S = 30.0
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "log_min_messages": "warning",
}


class PostgresError(Exception):
    """It is not installed, or did not start; the message says how it is got or what it said."""


def binaries() -> Path:
    """The folder of initdb and postgres. Raises PostgresError."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        raise PostgresError("PostgreSQL is missing: apt-get install postgresql")
    return versions[-1].parent


class Postgres:
    """One server over one folder, reached by a socket in it."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the postmaster. It must be running."""
        assert self._process is not None
        return self._process.pid

    def create(self) -> None:
        """initdb. Root may not own a server's files, so then they are the user `postgres`'s."""
        if os.getuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run(
            *(str(self._programs / "initdb"), "--pgdata", str(self._folder / "data")),
            *("--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"),
            "--no-sync",
        )

    def start(self) -> None:
        """Start and wait until it answers. Raises PostgresError."""
        ends = time.monotonic() + STARTS_WITHIN_S
        options = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = _as_postgres(
            *(str(self._programs / "postgres"), "-D", str(self._folder / "data")),
            *("-k", str(self._folder), *options),
        )
        while time.monotonic() < ends:
            with (self._folder / "log").open("ab") as log:
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder
                )
            while process.poll() is None and time.monotonic() < ends:
                with suppress(psycopg.OperationalError), self._maintenance():
                    self._process = process
                    return
                time.sleep(0.05)
            # Servers of one that was killed may still hold its memory for a moment.
            time.sleep(0.1)
        raise PostgresError((self._folder / "log").read_text("utf-8", "replace")[-2000:])

    def stop(self) -> None:
        """End at once, connections and all, with everything on disk."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL to the postmaster, as in a power cut; its servers end by themselves."""
        self._end(signal.SIGKILL)

    def database(self, *, template: str = "template0") -> str:
        """The URL of a new database. template: another's URL, of which it is a copy."""
        name = f"anxue_{secrets.token_hex(6)}"
        if "://" in template:
            template = make_url(template).database or ""
        with self._maintenance() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return f"postgresql+psycopg://{USER}@/{name}?host={self._folder}"

    def drop(self, url: str) -> None:
        """Drop a database, whoever is in it."""
        name = make_url(url).database or ""
        with self._maintenance() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(STARTS_WITHIN_S)
            self._process = None

    def _maintenance(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self._folder), user=USER, dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            _as_postgres(*command), check=False, capture_output=True, cwd=self._folder
        )
        if done.returncode != 0:
            raise PostgresError(done.stderr.decode("utf-8", "replace")[-2000:])


def _as_postgres(*command: str) -> list[str]:
    """Under the right user, and never longer than whoever (which thread) started it."""
    who = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
    return ["setpriv", *who, "--pdeathsig=INT", *command]


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running server in a folder of its own. Raises PostgresError."""
    programs = binaries()
    # A socket's path has at most 107 characters: not below pytest's long folders.
    folder = Path(tempfile.mkdtemp(prefix="anxue-pg-", dir="/tmp"))
    server = Postgres(folder, programs)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One server for the whole run."""
    if sys.platform == "win32":
        pytest.skip("PostgreSQL is started by Debian's packages")
    with postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """A fresh, empty database."""
    url = postgres_server.database()
    yield url
    postgres_server.drop(url)
