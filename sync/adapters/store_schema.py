"""The store's tables, how they are opened, and how SQLite's failures are told apart."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from sync.ports import (
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
)

VERSION = 2
BUSY_S = 2.0

# Forward only: a migration that was released is never changed, the next one follows it.
MIGRATIONS = Migrations("anxue-records")


@MIGRATIONS()
def m001_first_tables(db: Database) -> None:
    """Bodies are sealed (nonce, ciphertext, tag); everything else says nothing of a person."""
    for statement in (
        """CREATE TABLE chains (
            number INTEGER PRIMARY KEY,
            chain TEXT NOT NULL UNIQUE,
            learner TEXT NOT NULL,
            "grant" TEXT NOT NULL,
            policy TEXT NOT NULL,
            certificate TEXT NOT NULL,
            first_beacon INTEGER NOT NULL,
            first_value TEXT NOT NULL,
            beacon INTEGER NOT NULL,
            value TEXT NOT NULL,
            acked INTEGER NOT NULL DEFAULT 0,
            last INTEGER NOT NULL DEFAULT 0,
            closed TEXT
        ) STRICT""",
        """CREATE TABLE records (
            chain TEXT NOT NULL REFERENCES chains (chain),
            seq INTEGER NOT NULL,
            head BLOB NOT NULL,
            mac BLOB NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (chain, seq)
        ) STRICT""",
        """CREATE TABLE ticks (
            chain TEXT PRIMARY KEY REFERENCES chains (chain),
            seq INTEGER NOT NULL,
            mac BLOB NOT NULL,
            body BLOB NOT NULL
        ) STRICT""",
        """CREATE TABLE seals (
            number INTEGER PRIMARY KEY,
            chain TEXT NOT NULL REFERENCES chains (chain),
            seq INTEGER NOT NULL,
            jws TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE receipts (
            number INTEGER PRIMARY KEY,
            chain TEXT NOT NULL REFERENCES chains (chain),
            seq INTEGER NOT NULL,
            beacon INTEGER NOT NULL,
            jws TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX seals_of ON seals (chain, seq)",
        "CREATE INDEX receipts_of ON receipts (chain, seq)",
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    ):
        db.execute(statement)
    db.execute("PRAGMA user_version = 1")


@MIGRATIONS()
def m002_pictures(db: Database) -> None:
    """seq: the record that names the picture, NULL until it is written. about: sealed, as all
    bodies are; picture: sealed to the platform, which alone can open it.
    """
    db.execute(
        """CREATE TABLE evidence (
            number INTEGER PRIMARY KEY,
            sha256 TEXT NOT NULL UNIQUE,
            chain TEXT NOT NULL REFERENCES chains (chain),
            seq INTEGER,
            about BLOB NOT NULL,
            picture BLOB NOT NULL
        ) STRICT"""
    )
    db.execute("PRAGMA user_version = 2")


def connect(path: Path) -> Database:
    """Open a store's file and bring its tables up to date. Raises StoreError.

    FULL: a returned append has been through fsync (NORMAL lost the newest records in most
    simulated power cuts). EXCLUSIVE: a second copy of the program cannot open the store,
    and there is no shared-memory file for a network drive to corrupt.
    """
    with translated():
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        try:
            for pragma in (
                "locking_mode = EXCLUSIVE",
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                "trusted_schema = OFF",
            ):
                connection.execute(f"PRAGMA {pragma}")
            check(connection)
            db = Database(connection, execute_plugins=False)
            MIGRATIONS.apply(db)
        except BaseException:
            connection.close()
            raise
        return db


def check(connection: sqlite3.Connection) -> None:
    """Raises StoreDamagedError unless the file's structure is sound and not newer than we."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreDamagedError(str(found))
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StoreError(f"written by a newer version of the program ({version} > {VERSION})")


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's errors as ours, by their primary result code; the system's by their number."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise _BY_CODE.get(code, StoreError)(str(error)) from error
    except OSError as error:
        kind = _BY_ERRNO.get(error.errno or 0, StoreError)
        raise kind(str(error)) from error


_BY_ERRNO: dict[int, type[StoreError]] = {
    errno.ENOSPC: StoreFullError,
    errno.EDQUOT: StoreFullError,
    errno.EACCES: StoreReadOnlyError,
    errno.EPERM: StoreReadOnlyError,
    errno.EROFS: StoreReadOnlyError,
    errno.ENOTDIR: StoreReadOnlyError,
    errno.EEXIST: StoreReadOnlyError,
}
_BY_CODE: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_CORRUPT: StoreDamagedError,
    sqlite3.SQLITE_NOTADB: StoreDamagedError,
    sqlite3.SQLITE_FORMAT: StoreDamagedError,
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_READONLY: StoreReadOnlyError,
    sqlite3.SQLITE_CANTOPEN: StoreReadOnlyError,
    sqlite3.SQLITE_PERM: StoreReadOnlyError,
    sqlite3.SQLITE_BUSY: StoreLockedError,
    sqlite3.SQLITE_LOCKED: StoreLockedError,
}
