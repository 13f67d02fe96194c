"""The platform's database: SQLite that survives a power cut, or any other by its URL."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from sync.reference.migrations import upgrade

RESTS_S = 2.0


class Store:
    """Transactions on one database. `reading` never waits; `writing` takes turns."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        # Rows are read after their transaction, so they must not expire with it.
        readers = self.engine
        if self.engine.dialect.name == "postgresql":
            # One view for all of a reader's queries, as SQLite has it anyway.
            readers = readers.execution_options(isolation_level="REPEATABLE READ")
        self._readers = sessionmaker(readers, expire_on_commit=False)
        writers = self.engine.execution_options(writes=True)
        self._writers = sessionmaker(writers, expire_on_commit=False)
        upgrade(self.engine)

    @classmethod
    def in_folder(cls, folder: Path) -> "Store":
        return cls(f"sqlite:///{folder / 'platform.sqlite3'}")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view of the database."""
        with self._readers() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back when anything is raised."""
        with self._writers.begin() as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


def in_turn(db: Session, what: str) -> None:
    """Until this transaction ends no other process does the same thing; SQLite's take turns anyway.

    On PostgreSQL each statement sees what others have committed before it, and so does what
    follows this one.
    """
    if db.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")
        db.execute(lock, {"what": f"anxue/{what}"})


def clocks_agree(db: Session, now: datetime) -> bool:
    """Whether our clock is within a day of the database's: who deletes what is old asks first."""
    if db.get_bind().dialect.name != "postgresql":
        return True  # SQLite's clock is ours
    theirs = db.scalar(select(func.clock_timestamp()))
    assert isinstance(theirs, datetime)
    return abs(theirs.astimezone(UTC) - now) < timedelta(days=1)


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        # As many as there are threads that answer; what else waits for one gets it in time.
        plain, arguments = _arguments(url)
        engine = create_engine(plain, pool_size=16, max_overflow=24, connect_args=arguments)
        event.listen(engine, "checkin", _rest)
        event.listen(engine, "checkout", _wake)
        return engine
    engine = create_engine(url, pool_size=8, max_overflow=32, connect_args={"timeout": 20})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _arguments(url: str) -> tuple[URL, dict[str, int | None]]:
    """The URL, and what psycopg wants as a number: `?prepare_threshold=none` prepares nothing, for
    a PgBouncer that hands each transaction to another server.
    """
    told = make_url(url)
    threshold = told.query.get("prepare_threshold")
    if not isinstance(threshold, str):
        return told, {}
    value = None if threshold == "none" else int(threshold)
    return told.difference_update_query(["prepare_threshold"]), {"prepare_threshold": value}


def _rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _wake(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Ask whether a connection that has rested still stands; one in use says so by itself."""
    if time.monotonic() - record.info.get("rests_since", 0.0) < RESTS_S:
        return
    try:
        connection.execute("")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error  # the pool opens another


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # `_begin` begins; the driver must not
    # FULL: an answered record has been through fsync. NORMAL loses the newest in a power cut.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer locks before it reads; two that both read first could never both go on.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
