"""One film on disk, in blocks that arrive in any order; readers wait for theirs."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import BinaryIO

from player.events import Fault
from player.ports import Trouble

BLOCK_BYTES = 64 * 1024
_HASH_STEP = 1024 * 1024


class ReaderClosedError(Exception):
    """Nobody wants these bytes any more."""


class UnavailableError(Exception):
    """These bytes will not come: `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.detail)
        self.trouble = trouble


class Reader:
    """One opening of a file, so that it can be closed while somebody waits in `read`."""

    def __init__(self) -> None:
        self.closed = False


class CachedFile:
    """Blocks of a film whose size and SHA-256 are known before the first byte arrives.

    A file `<sha256>.part` until everything is there and the hash is right, then `<sha256>.film`.
    Safe to use from several threads.
    """

    def __init__(self, folder: Path, size_bytes: int, sha256: str) -> None:
        self.size_bytes = size_bytes
        self.sha256 = sha256
        self._part = folder / f"{sha256}.part"
        self._whole = folder / f"{sha256}.film"
        self._blocks = -(-size_bytes // BLOCK_BYTES)
        self._have: set[int] = set()
        self._wanted = 0
        self._trouble: Trouble | None = None
        self._changed = threading.Condition()
        self._handle: BinaryIO | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What keeps the next bytes from coming; UNREACHABLE may pass, the others will not."""
        return self._trouble

    def set_trouble(self, trouble: Trouble | None) -> bool:
        """Note how the line fares; tell whether that is news. Final troubles wake all readers."""
        with self._changed:
            news = trouble != self._trouble
            self._trouble = trouble
            self._changed.notify_all()
            return news

    @property
    def complete(self) -> bool:
        """Every block is there (the hash may not have been looked at yet)."""
        with self._changed:
            return len(self._have) == self._blocks

    def read(self, offset: int, length: int, reader: Reader) -> bytes:
        """Return 1 to `length` bytes at `offset`, waiting until they are there.

        b"" behind the end. Raises `ReaderClosedError` as soon as the reader is closed, and
        `UnavailableError` when the bytes will never come.
        """
        if offset >= self.size_bytes:
            return b""
        block = offset // BLOCK_BYTES
        with self._changed:
            while block not in self._have:
                if reader.closed:
                    raise ReaderClosedError
                if self._trouble is not None and self._trouble.fault is not Fault.UNREACHABLE:
                    raise UnavailableError(self._trouble)
                self._wanted = block
                self._changed.wait()
            if reader.closed:
                raise ReaderClosedError
            self._wanted = block
            handle = self._open()
            handle.seek(offset)
            return handle.read(min(length, (block + 1) * BLOCK_BYTES - offset))

    def close_reader(self, reader: Reader) -> None:
        """End the reader's waiting at once."""
        with self._changed:
            reader.closed = True
            self._changed.notify_all()

    def write(self, block: int, data: bytes) -> None:
        """Keep a block. OSError when the disk does not take it."""
        with self._changed:
            if block not in self._have:
                handle = self._open()
                handle.seek(block * BLOCK_BYTES)
                handle.write(data)
                handle.flush()
                self._have.add(block)
            self._changed.notify_all()

    def has(self, block: int) -> bool:
        """Tell whether a block is there."""
        with self._changed:
            return block in self._have

    def block_bytes(self, block: int) -> int:
        """Return a block's length; only the last one is shorter."""
        return min(BLOCK_BYTES, self.size_bytes - block * BLOCK_BYTES)

    def next_missing(self) -> int | None:
        """Return the block to fetch next: from the readers' place on, then what is left."""
        with self._changed:
            ahead = range(self._wanted, self._blocks)
            behind = range(self._wanted)
            return next((b for r in (ahead, behind) for b in r if b not in self._have), None)

    def urgent_missing(self) -> int | None:
        """Return the block that a reader waits for, if it is not there."""
        with self._changed:
            return None if self._wanted in self._have else self._wanted

    def adopt(self) -> None:
        """Take over a whole file of an earlier run, if there is a sound one. Reads all of it."""
        if not self._whole.exists():
            return
        if self._whole.stat().st_size == self.size_bytes and _sha256(self._whole) == self.sha256:
            with self._changed:
                self._have = set(range(self._blocks))
                self._changed.notify_all()
        else:
            self._whole.unlink()

    def finish(self) -> bool:
        """Check the hash once every block is there; keep the file, or drop it and say False."""
        with self._changed:
            if self._whole.exists():
                return True
            self._close()
            if _sha256(self._part) == self.sha256:
                self._part.replace(self._whole)
                return True
            self._part.unlink()
            self._have.clear()
            return False

    def touch(self) -> None:
        """Note that the film was used today: the longest unused goes first."""
        if self._whole.exists():
            self._whole.touch()

    def close(self) -> None:
        """Let go of the file; what was fetched stays."""
        with self._changed:
            self._close()

    def _open(self) -> BinaryIO:
        if self._handle is None:
            if self._whole.exists():
                self._handle = self._whole.open("rb")
            else:
                self._handle = self._part.open("r+b" if self._part.exists() else "w+b")
        return self._handle

    def _close(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_HASH_STEP):
            digest.update(piece)
    return digest.hexdigest()
