"""The store's tables, how they are opened, and how SQLite's failures are told apart."""

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from sync.ports import (
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
)

P = ParamSpec("P")
T = TypeVar("T")
Opener = Callable[[Path], sqlite3.Connection]
"""Opens a file with SQLite, in autocommit; another one is for tests of what disks do."""

VERSION = 3
BUSY_S = 0.2
PAUSES_S = (0.02, 0.06, 0.12)
"""How long SQLite waits for a lock, and how long to wait before each further try where another
program holds the file: a virus scanner lets go within a moment. Together a second, when a store
is opened, for which the window stands still; a second program holds it for as long as it runs."""

_JOURNALS = ("-wal", "-shm")

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


@MIGRATIONS()
def m003_texts_apart(db: Database) -> None:
    """The large texts of a chain leave the row that every append changes."""
    for statement in (
        """CREATE TABLE texts (
            chain TEXT PRIMARY KEY REFERENCES chains (chain),
            "grant" TEXT NOT NULL,
            policy TEXT NOT NULL,
            certificate TEXT NOT NULL
        ) STRICT""",
        """INSERT INTO texts (chain, "grant", policy, certificate)
        SELECT chain, "grant", policy, certificate FROM chains ORDER BY number""",
        'ALTER TABLE chains DROP COLUMN "grant"',
        "ALTER TABLE chains DROP COLUMN policy",
        "ALTER TABLE chains DROP COLUMN certificate",
    ):
        db.execute(statement)
    db.execute("PRAGMA user_version = 3")


def open_sqlite(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)


def patient(method: Callable[P, T]) -> Callable[P, T]:
    """Try again for a moment while another program holds the file. Only for what is one
    transaction: it did nothing when it failed.
    """

    @wraps(method)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        for pause_s in PAUSES_S:
            try:
                return method(*args, **kwargs)
            except StoreLockedError:
                time.sleep(pause_s)
        return method(*args, **kwargs)

    return again


@patient
def connect(path: Path, opener: Opener | None = None) -> Database:
    """Open a store's file and bring its tables up to date. Raises StoreError.

    FULL: a returned append has been through fsync (NORMAL lost the newest records in most
    simulated power cuts). EXCLUSIVE: a second copy of the program cannot open the store,
    and there is no shared-memory file for a network drive to corrupt. Before tables are
    changed the whole file is copied; where there is no room for the copy, nothing is changed.
    """
    opener = opener or open_sqlite
    settle(path)
    with translated(path):
        connection = opener(path)
        try:
            for pragma in (
                "locking_mode = EXCLUSIVE",
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                "trusted_schema = OFF",
            ):
                connection.execute(f"PRAGMA {pragma}")
            version = check(connection)
            if version == VERSION:
                drop_backups(path)
            elif version:
                back_up(connection, path, opener)
            db = Database(connection, execute_plugins=False)
            MIGRATIONS.apply(db)
        except BaseException:
            with suppress(sqlite3.Error):
                connection.close()
            raise
        return db


def back_up(connection: sqlite3.Connection, path: Path, opener: Opener) -> None:
    """Copy the open store to `NAME.before-vN`, durably, over an unfinished copy of before."""
    target = path.with_name(f"{path.name}.before-v{VERSION}")
    copy = opener(target)
    try:
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = DELETE"):
            copy.execute(f"PRAGMA {pragma}")
        # In one transaction of the copy, synced before it ends: it is whole or empty.
        connection.backup(copy)
    finally:
        copy.close()


def drop_backups(path: Path) -> None:
    """A start that finds the new tables sound needs the copy of the old ones no more."""
    for copy in path.parent.glob(f"{path.name}.before-v*"):
        with suppress(OSError):
            copy.unlink()


def rescued(path: Path) -> Path:
    """Where `store_rescue` writes the new store, before it takes the damaged one's place."""
    return path.with_name(f"{path.name}.rescued")


def settle(path: Path) -> None:
    """Bring a rescue to its end that a crash cut off between its renames.

    A journal of the damaged file that still lies here would be taken for the new one's.
    """
    with translated():
        if not path.exists() and rescued(path).exists():
            asides = path.parent.glob(f"{path.name}.damaged-*")
            aside = max(
                (each.name for each in asides if each.name[-4:] not in _JOURNALS), default=""
            )
            for end in _JOURNALS:
                left = path.with_name(path.name + end)
                if left.exists():
                    left.rename(path.with_name((aside or f"{path.name}.damaged") + end))
            rescued(path).rename(path)
            sync_folder(path.parent)


def refuse_journal(path: Path) -> None:
    """A closed store is about to get another name: all of it must be in its one file.

    SQLite says nothing where a full disk keeps it from taking in the journal at the end; what
    is in there would stay behind under the old name. Raises StoreFullError.
    """
    with translated():
        journal = path.with_name(f"{path.name}-wal")
        if journal.exists() and journal.stat().st_size:
            raise StoreFullError(f"{journal.name} is not in the file yet")


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut; NTFS sees to that by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check(connection: sqlite3.Connection) -> int:
    """The tables' version, 0 for a new file. Raises StoreDamagedError unless the file's
    structure is sound, StoreError if it is newer than we.
    """
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreDamagedError(str(found))
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise StoreError(f"written by a newer version of the program ({version} > {VERSION})")
    return version


@contextmanager
def translated(path: Path | None = None) -> Iterator[None]:
    """SQLite's errors as ours, by their primary result code; the system's by their number.

    path: what is being opened. One that may be written and cannot be opened is held by
    somebody, which Windows does not tell apart.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        kind = _BY_CODE.get(code, StoreError)
        if code == sqlite3.SQLITE_CANTOPEN and path is not None and _may_be_written(path):
            kind = StoreLockedError
        raise kind(str(error)) from error
    except UnicodeDecodeError as error:  # a damaged name in a message of SQLite's
        raise StoreDamagedError(str(error)) from error
    except OSError as error:
        kind = _BY_ERRNO.get(error.errno or 0, StoreError)
        raise kind(str(error)) from error


def _may_be_written(path: Path) -> bool:
    return path.is_file() and all(os.access(each, os.W_OK) for each in (path, path.parent))


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
    sqlite3.SQLITE_IOERR: StoreLockedError,  # on Windows: a scanner in the way
}
