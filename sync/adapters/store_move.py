"""A store under another key or another name, and a look at stores that are not ours."""

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sync.adapters.store import Store
from sync.adapters.store_schema import connect, refuse_journal, sync_folder, translated
from sync.adapters.vault import Vault
from sync.ports import StoreDamagedError, WrongKeyError

_SEALED = (
    ("records", "rowid, 'record', chain, seq, body", "body"),
    ("ticks", "rowid, 'tick', chain, seq, body", "body"),
    ("evidence", "rowid, sha256, chain, 0, about", "about"),
    ("meta", "name, 'key', '', 0, value", "value"),
)
"""Table; what names a row, its place as `Vault` knows it, what is sealed; that one's column."""


def move(old: Path, old_key: bytes, new: Path, new_key: bytes) -> None:
    """Seal everything under the new key, in one transaction, then give the file its new name.

    May be cut off anywhere and called again: the file is under one of the two keys. Raises
    StoreError; then it is under its old name still.
    """
    try:
        Store(old, old_key).close()
    except WrongKeyError:
        Store(old, new_key).close()  # it was cut off between the two steps
    else:
        if old_key != new_key:
            _rekey(old, Vault(old_key), Vault(new_key))
    refuse_journal(old)
    with translated():
        for copy in old.parent.glob(f"{old.name}.before-v*"):  # else nobody would ever delete it
            copy.replace(new.with_name(new.name + copy.name.removeprefix(old.name)))
        old.rename(new)
        sync_folder(new.parent)


def _rekey(path: Path, old: Vault, new: Vault) -> None:
    """What does not open stays as it is: damage goes no further."""
    db = connect(path)
    try:
        with translated(), db.atomic():
            for table, columns, sealed in _SEALED:
                name = columns.split(",")[0]
                update = f"UPDATE {table} SET {sealed} = ? WHERE {name} = ?"  # noqa: S608
                rows = db.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608
                for which, kind, chain, seq, body in rows:
                    with suppress(StoreDamagedError):
                        text = old.open(kind, chain, seq, body)
                        db.execute(update, (new.seal(kind, chain, seq, text), which))
    finally:
        db.close()  # the journal goes into the file


def unsent(path: Path) -> int:
    """How many records of a store are not with the platform; needs no key, changes nothing.

    It may be in use on another computer: it is read without locks, as its file stands. After a
    crash its newest records, often all, are in the journal alone: then a copy of both is read.
    """
    journal = path.with_name(f"{path.name}-wal")
    try:
        if not journal.exists():
            return _unsent(f"{path.as_uri()}?mode=ro&immutable=1")
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.db"
            shutil.copy(path, copy)
            shutil.copy(journal, copy.with_name("copy.db-wal"))
            return _unsent(copy.as_uri())
    except (sqlite3.Error, OSError, ValueError):
        return 0


def _unsent(uri: str) -> int:
    query = "SELECT ifnull(sum(last - acked), 0) FROM chains WHERE closed IS NULL"
    with closing(sqlite3.connect(uri, uri=True)) as there:
        return int(there.execute(query).fetchone()[0])
