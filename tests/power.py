"""A disk whose power can be cut: files in memory under SQLite, with every operation written down.

What was synced survives a cut; of what was not, any sector may have reached the disk or not, in
any order, and a name that was not synced may be gone, or still there. `Disk.cut` makes the disk
that a machine might find after the cut at an operation. `open_file` gives a connection with the
part of `sqlite3`'s interface that `sync.adapters.store` uses, over apsw and that disk.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import apsw

SECTOR = 512
CHECKPOINT_PAGES = 16
"""How long the journal grows before it goes into the file: 1000 would take a longer story."""

POWERSAFE_OVERWRITE = 0x1000  # as SQLite itself says of Windows and Unix
Kind = Literal["write", "truncate", "sync", "delete"]
Survival = Literal["nothing", "everything", "some"]
"""Of what was not synced."""


@dataclass(frozen=True, slots=True)
class Operation:
    """at: the offset, or the new size; for a deletion 1 if the folder is synced with it."""

    kind: Kind
    path: str
    at: int = 0
    data: bytes = b""


@dataclass(slots=True)
class _File:
    synced: bytes = b""
    pending: list[Operation] = field(default_factory=list)
    named: bool = False
    """Whether its name survives a cut."""

    def survives(self, how: Survival, chance: random.Random) -> bytes:
        found = bytearray(self.synced)
        for each in self.pending:
            if how == "nothing":
                continue
            if each.kind == "truncate":
                if how == "everything" or chance.random() < 0.5:
                    _resize(found, each.at)
                continue
            for start in range(0, len(each.data), SECTOR):
                if how == "everything" or chance.random() < 0.5:
                    _write(found, each.at + start, each.data[start : start + SECTOR])
        return bytes(found)


def _resize(data: bytearray, size: int) -> None:
    del data[size:]
    data.extend(bytes(size - len(data)))


def _write(data: bytearray, at: int, part: bytes) -> None:
    if len(data) < at:
        _resize(data, at)
    data[at : at + len(part)] = part


class Disk:
    """files: path to what the running machine reads. log: all that was done to them.

    trip: called before each operation; what it raises the operation fails with.
    """

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.begun = dict(files or {})
        self.files = {path: bytearray(data) for path, data in self.begun.items()}
        self.log: list[Operation] = []
        self.trip: Callable[[Operation], None] = lambda _: None

    def do(self, done: Operation) -> None:
        self.trip(done)
        self.log.append(done)
        if done.kind == "delete":
            del self.files[done.path]
        elif done.kind == "truncate":
            _resize(self.files[done.path], done.at)
        elif done.kind == "write":
            _write(self.files[done.path], done.at, done.data)

    def cuts(self) -> Iterator[tuple[int, Callable[[Survival, int], Disk]]]:
        """Every operation's number, and what makes the disk that a cut in the middle of it leaves.

        Good until the next one is asked for.
        """
        files = {path: _File(data, named=True) for path, data in self.begun.items()}
        gone: dict[str, _File] = {}
        for number, done in enumerate(self.log):
            if done.kind in ("write", "truncate"):
                files.setdefault(done.path, _File()).pending.append(done)
            yield number, lambda how, seed: _left(files, gone, how, random.Random(seed))
            if done.kind == "sync" and done.path in files:
                file = files[done.path]
                file.synced, file.pending = file.survives("everything", random.Random(0)), []
                if not file.named:  # SQLite syncs the folder of a new journal with it
                    file.named = True
                    gone.clear()
            elif done.kind == "delete" and done.path in files:
                gone[done.path] = files.pop(done.path)
                if done.at:
                    gone.clear()


def _left(
    files: dict[str, _File], gone: dict[str, _File], how: Survival, chance: random.Random
) -> Disk:
    left = {}
    for path, file in {**gone, **files}.items():
        there = file.named if path in files else how != "everything" and chance.random() < 0.5
        if there or (path in files and how != "nothing" and chance.random() < 0.5):
            left[path] = file.survives(how, chance)
    return Disk(left)


class _Handle:
    """One open file, as apsw asks for it."""

    def __init__(self, disk: Disk, path: str, *, scratch: bool) -> None:
        self._disk = disk
        self._path = path
        self._scratch = scratch
        self._data = disk.files.setdefault(path, bytearray())

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self._data[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._do(Operation("write", self._path, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._do(Operation("truncate", self._path, size))

    def xSync(self, _flags: int) -> None:  # noqa: N802
        self._do(Operation("sync", self._path))

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._data)

    def xLock(self, _level: int) -> None:  # noqa: N802
        pass

    def xUnlock(self, _level: int) -> None:  # noqa: N802
        pass

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, _op: int, _pointer: int) -> bool:  # noqa: N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return POWERSAFE_OVERWRITE

    def xClose(self) -> None:  # noqa: N802
        if self._scratch:
            self._disk.files.pop(self._path, None)

    def _do(self, done: Operation) -> None:
        if self._scratch:
            scratch = Disk()
            scratch.files = self._disk.files
            scratch.do(done)
        else:
            self._disk.do(done)


class _Machine(apsw.VFS):
    """One for the process; `disk` is what it has at the moment."""

    def __init__(self) -> None:
        self.disk = Disk()
        self._scratch = 0
        super().__init__("anxue-power", "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802
        flags[1] = flags[0]
        if name is None:
            self._scratch += 1
            return _Handle(self.disk, f"scratch-{self._scratch}", scratch=True)
        path = name if isinstance(name, str) else name.filename()
        if path not in self.disk.files and not flags[0] & apsw.SQLITE_OPEN_CREATE:
            raise apsw.CantOpenError(path)
        return _Handle(self.disk, path, scratch=False)

    def xDelete(self, path: str, syncdir: bool) -> None:  # noqa: N802
        if path in self.disk.files:
            self.disk.do(Operation("delete", path, int(syncdir)))

    def xAccess(self, path: str, _flags: int) -> bool:  # noqa: N802
        return path in self.disk.files

    def xFullPathname(self, path: str) -> str:  # noqa: N802
        return path


_machine: list[_Machine] = []


def plug_in(disk: Disk) -> None:
    """From now on this is the machine's disk."""
    if not _machine:
        _machine.append(_Machine())
    _machine[0].disk = disk


def open_file(path: Path) -> sqlite3.Connection:
    """A `sync.adapters.store_schema.Opener` on the disk that is plugged in."""
    return _Connection(path)  # type: ignore[return-value]  # as much of one as the store uses


class _Row:
    """`sqlite3.Row`, by number and by name."""

    def __init__(self, names: Sequence[str], values: tuple[Any, ...]) -> None:
        self._names, self._values = names, values

    def __getitem__(self, key: int | str) -> Any:
        return self._values[key if isinstance(key, int) else self._names.index(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def keys(self) -> list[str]:
        return list(self._names)


class _Cursor:
    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.row_factory: object = None
        self.description: list[tuple[str, ...]] | None = None
        self.rowcount, self.lastrowid = -1, 0

    def execute(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> _Cursor:
        cursor = self._connection.cursor()
        names: list[str] = []

        def begun(running: apsw.Cursor, _sql: str, _values: object) -> bool:
            names[:] = [str(column[0]) for column in running.get_description()]
            return True

        cursor.exec_trace = begun
        cursor.row_trace = lambda _cursor, row: _Row(names, row)
        try:
            self._rows = list(cursor.execute(sql, values))
        except apsw.Error as error:
            raise _translated(error) from error
        self.description = [(name,) for name in names] or None
        self.rowcount, self.lastrowid = (
            self._connection.changes(),
            self._connection.last_insert_rowid(),
        )
        return self

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())


class _Connection:
    isolation_level = None

    def __init__(self, path: Path) -> None:
        try:
            self.apsw = apsw.Connection(str(path), vfs="anxue-power")
        except apsw.Error as error:
            raise _translated(error) from error
        self.apsw.set_wal_hook(_checkpoint)

    def cursor(self) -> _Cursor:
        return _Cursor(self.apsw)

    def execute(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> _Cursor:
        return self.cursor().execute(sql, values)

    @property
    def in_transaction(self) -> bool:
        return self.apsw.in_transaction

    def commit(self) -> None:
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.execute("ROLLBACK")

    def backup(self, target: _Connection) -> None:
        copying = target.apsw.backup("main", self.apsw, "main")
        try:
            copying.step()
            copying.finish()
        except apsw.Error as error:
            disk = _machine[0].disk
            trip, disk.trip = disk.trip, lambda _: None  # apsw leaks a second error here
            with suppress(apsw.Error):
                copying.close(True)
            disk.trip = trip
            raise _translated(error) from error

    def close(self) -> None:
        with suppress(apsw.Error):  # sqlite3 says nothing of a last checkpoint that fails
            self.apsw.close(True)


def _checkpoint(connection: apsw.Connection, _name: str, pages: int) -> int:
    """As SQLite does by itself, sooner, and with its errors put away as SQLite's own are."""
    if pages >= CHECKPOINT_PAGES:
        with suppress(apsw.Error):
            connection.wal_checkpoint()
    return apsw.SQLITE_OK


def _translated(error: apsw.Error) -> sqlite3.OperationalError:
    told = sqlite3.OperationalError(str(error))
    told.sqlite_errorcode = getattr(error, "extendedresult", 0) or getattr(error, "result", 0)
    return told
