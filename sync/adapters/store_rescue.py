"""A damaged store: set aside, never deleted; what can still be read goes into a new one."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.adapters.store import Store
from sync.adapters.store_schema import translated
from sync.adapters.vault import Vault
from sync.ports import StoreDamagedError

_COMPANIONS = ("", "-wal", "-shm")
_TABLES = ("receipts", "seals", "ticks", "evidence")


@dataclass(frozen=True, slots=True)
class Rescue:
    """What became of a damaged store. lost: records that are known of and not readable."""

    aside: Path
    chains: int
    records: int
    lost: int


def set_aside(path: Path, stamp: str) -> Path:
    """Rename the store and its journal. stamp: a time for the name, like 20261123T101500Z.

    Raises StoreError. The file's new path is returned; nothing is overwritten.
    """
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    with translated():
        for companion in _COMPANIONS:
            part = path.with_name(path.name + companion)
            if part.exists():
                part.rename(aside.with_name(aside.name + companion))
    return aside


def rescue(path: Path, key: bytes, stamp: str) -> tuple[Store, Rescue]:
    """Set a damaged store aside and open a new one with all that can be read of it.

    Records that were not sent yet come first in importance: a chain is taken over up to
    the first record that cannot be read, because nothing after a hole can be sent.
    """
    aside = set_aside(path, stamp)
    store = Store(path, key)
    chains = records = lost = 0
    with tempfile.TemporaryDirectory() as folder:
        for found in _readable(aside, Path(folder), Vault(key)):
            store.adopt(found.chain, found.records, found.rest)
            chains += 1
            records += len(found.records)
            lost += found.lost
    return store, Rescue(aside, chains, records, lost)


@dataclass(frozen=True, slots=True)
class _Found:
    chain: dict[str, Any]
    records: list[dict[str, Any]]
    rest: dict[str, list[dict[str, Any]]]
    lost: int


def _readable(aside: Path, folder: Path, vault: Vault) -> Iterator[_Found]:
    """What a copy gives: the evidence itself is not opened, which would change it."""
    copy = folder / "copy.db"
    for companion in _COMPANIONS[:2]:
        part = aside.with_name(aside.name + companion)
        if part.exists():
            shutil.copy(part, copy.with_name(copy.name + companion))
    connection = sqlite3.connect(copy, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        for chain in _rows(connection, "SELECT * FROM chains ORDER BY number"):
            yield _chain(connection, chain, vault)
    finally:
        connection.close()


def _chain(connection: sqlite3.Connection, chain: dict[str, Any], vault: Vault) -> _Found:
    name, known = chain["chain"], chain["last"]
    records = []
    for seq in range(1, known + 1):
        # One by one: a bad page spoils only the records on it.
        rows = _rows(connection, "SELECT * FROM records WHERE chain = ? AND seq = ?", name, seq)
        if not rows or not _opens(vault, rows[0]):
            break
        records.append(rows[0])
    last = len(records)
    rest = {
        table: [
            row
            for row in _rows(connection, f"SELECT * FROM {table} WHERE chain = ?", name)  # noqa: S608
            if row["seq"] is not None and row["seq"] <= last
        ]
        for table in _TABLES
    }
    chain = {**chain, "last": last, "acked": min(chain["acked"], last)}
    return _Found(chain, records, rest, known - last)


def _opens(vault: Vault, row: dict[str, Any]) -> bool:
    try:
        vault.open("record", row["chain"], row["seq"], row["body"])
    except StoreDamagedError:
        return False
    return True


def _rows(connection: sqlite3.Connection, sql: str, *values: Any) -> list[dict[str, Any]]:
    """The rows up to the first that cannot be read."""
    rows: list[dict[str, Any]] = []
    try:
        rows.extend(dict(row) for row in connection.execute(sql, values))
    except (sqlite3.Error, OverflowError):
        return rows
    return rows
