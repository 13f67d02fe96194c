"""One film, in blocks that arrive in any order; readers wait for theirs.

The blocks lie on a shelf on the disk. Where the disk takes no more, those around the reader's
place are held in memory and the rest is fetched again when it is wanted.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import threading
from collections.abc import Callable

from player.adapters.blocks import BLOCK_BYTES, Layout
from player.adapters.shelf import Shelf
from player.events import Fault
from player.ports import Trouble

_log = logging.getLogger(__name__)

__all__ = ["BLOCK_BYTES", "CachedFile", "Reader", "ReaderClosedError", "UnavailableError"]

WINDOW_BLOCKS = 512
"""How much of a film is held in memory where the disk takes no more: 32 MiB."""


_FULL = (errno.ENOSPC, errno.EDQUOT)


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

    `attach` gives it its shelf; until then everything is missing. `make_room` is asked once
    for each block that the disk refuses, and says whether it is worth trying again.
    Safe to use from several threads; only those that read or write wait for the disk.
    """

    def __init__(
        self,
        size_bytes: int,
        sha256: str,
        make_room: Callable[[], bool] = lambda: False,
        window_blocks: int = WINDOW_BLOCKS,
    ) -> None:
        self.size_bytes = size_bytes
        self.sha256 = sha256
        self.layout = Layout(size_bytes)
        self._make_room = make_room
        self._window = window_blocks
        self._disk = threading.RLock()  # taken before `_changed`, never the other way round
        self._changed = threading.Condition()
        self._have = bytearray(self.layout.count)
        self._doubtful: set[int] = set()
        self._memory: dict[int, bytes] = {}
        self._shelf: Shelf | None = None
        self._kept = True
        self._full = False  # memory: no more is wanted until the reader has come nearer
        self._sound = False
        self._hash, self._hashed = hashlib.sha256(), 0
        self._last: tuple[int, bytes] = (-1, b"")
        self._wanted = self._place = 0
        self._waiting = 0
        self._trouble: Trouble | None = None

    # For those who look after it: nothing here waits for the disk

    @property
    def trouble(self) -> Trouble | None:
        """What keeps the next bytes from coming; UNREACHABLE may pass, the others will not."""
        return self._trouble

    def set_trouble(self, trouble: Trouble | None) -> bool:
        """Note how the line fares; tell whether that is news. Final troubles wake all readers."""
        if trouble == self._trouble:
            return False
        with self._changed:
            self._trouble = trouble
            self._changed.notify_all()
        return True

    @property
    def sound(self) -> bool:
        """The whole film's hash was found right."""
        return self._sound

    @property
    def whole(self) -> bool:
        """Every block is there (the hash may not have been looked at yet)."""
        with self._changed:
            return self._have.find(0) < 0

    @property
    def kept(self) -> bool:
        """False where the film is held in memory only."""
        return self._kept

    @property
    def waited_for(self) -> bool:
        """A reader can't go on."""
        return self._waiting > 0

    def has(self, block: int) -> bool:
        """Tell whether a block is there."""
        with self._changed:
            return bool(self._have[block])

    def ahead_bytes(self) -> int:
        """Return how many bytes are there from the reader's place on, without a gap."""
        with self._changed:
            return self.reach_bytes() - self._place

    def reach_bytes(self) -> int:
        """Return where the first byte is missing from the reader's place on."""
        with self._changed:
            gap = self._have.find(0, self._place // BLOCK_BYTES)
            end = self.size_bytes if gap < 0 else gap * BLOCK_BYTES
            return max(end, self._place)

    def next_missing(self) -> int | None:
        """Return the block to fetch next: from the reader's place on, then what is left."""
        with self._changed:
            ahead = self._have.find(0, self._wanted)
            if self._kept:
                first = ahead if ahead >= 0 else self._have.find(0)
                return first if first >= 0 else None
            distance = ahead - self._wanted
            if ahead < 0 or distance >= self._window * 3 // 4:
                self._full = True
            elif distance < self._window // 4:
                self._full = False
            return None if self._full else ahead

    def urgent_missing(self) -> int | None:
        """Return the block that a reader waits for, if it is not there."""
        with self._changed:
            return None if self._have[self._wanted] else self._wanted

    def rest(self, over: Callable[[], bool]) -> None:
        """Wait until something is missing or the hash is due, or `over` (look with `wake`)."""
        with self._changed:
            while not over() and not self.due and self.next_missing() is None:
                self._changed.wait()

    def wake(self) -> None:
        """Have `rest` look again."""
        with self._changed:
            self._changed.notify_all()

    # For the readers

    def read(self, offset: int, length: int, reader: Reader) -> bytes:
        """Return 1 to `length` bytes at `offset`, waiting until they are there.

        b"" behind the end. Raises `ReaderClosedError` as soon as the reader is closed, and
        `UnavailableError` when the bytes will never come. A block that was altered on the disk
        is missing.
        """
        if offset >= self.size_bytes:
            return b""
        block, within = divmod(offset, BLOCK_BYTES)
        data = None
        while data is None:
            self._wait_for(block, reader)
            data = self._load(block)
        piece = data[within : within + length]
        with self._changed:
            if reader.closed:
                raise ReaderClosedError
            self._last = block, data  # the rest of it is asked for next
            self._place = offset + len(piece)
        return piece

    def close_reader(self, reader: Reader) -> None:
        """End the reader's waiting at once."""
        with self._changed:
            reader.closed = True
            self._changed.notify_all()

    def _wait_for(self, block: int, reader: Reader) -> None:
        with self._changed:
            if block != self._wanted:
                self._wanted = block
                if not self._kept:
                    self._changed.notify_all()  # the window moves
            while not self._have[block]:
                if reader.closed:
                    raise ReaderClosedError
                if self._trouble is not None and self._trouble.fault is not Fault.UNREACHABLE:
                    raise UnavailableError(self._trouble)
                self._wanted, self._place = block, block * BLOCK_BYTES
                self._changed.notify_all()
                self._waiting += 1
                try:
                    self._changed.wait()
                finally:
                    self._waiting -= 1

    def _load(self, block: int) -> bytes | None:
        with self._changed:
            number, data = self._last
            if number == block:
                return data
            if block in self._memory:
                return self._memory[block]
        with self._disk:
            kept = self._from_shelf(block)
            if kept is None:
                self._lose(block)
            return kept

    def _from_shelf(self, block: int) -> bytes | None:
        if self._shelf is None:
            return None
        try:
            return self._shelf.get(block)
        except OSError as error:  # a sector gone, a disk pulled out
            _log.warning("a kept block can't be read: %s", error)
            return None

    def _lose(self, block: int) -> None:
        """A block is not, or no longer, what was kept: it is fetched again."""
        if self._shelf is not None:
            _log.warning("block %d of a kept film is damaged, and is fetched again", block)
            try:
                self._shelf.forget(block)
            except OSError:
                _log.debug("and the disk can't be written")
        with self._changed:
            self._have[block] = 0
            if block < self._hashed and not self._sound:
                self._hash, self._hashed = hashlib.sha256(), 0
            self._changed.notify_all()

    # For the thread that fetches

    def attach(self, open_shelf: Callable[[], Shelf | None]) -> None:
        """Take over what is kept already, if it has not been; None: memory has to do."""
        with self._disk:
            if self._shelf is not None:
                return
            shelf = self._shelf = open_shelf()
            with self._changed:
                self._kept = shelf is not None
                if shelf is not None:
                    self._have = shelf.kept()
                    for block in self._memory:
                        self._have[block] = 1
                    self._sound = shelf.sound
                    if not shelf.sound:  # who knows from where they came
                        self._doubtful = {b for b, there in enumerate(self._have) if there}
                self._changed.notify_all()

    def write(self, block: int, data: bytes, *, doubtful: bool = False) -> bool:
        """Keep a block; False if it is not the one the film is known to have there.

        doubtful: it came from where films may be others than the platform's.
        """
        with self._disk:
            if self._have[block]:
                return True
            stored = self._store(block, data)
            if stored is None:
                return False
            if block == self._hashed:
                self._hash.update(data)
                self._hashed += 1
            with self._changed:
                (self._doubtful.add if doubtful else self._doubtful.discard)(block)
                if stored:
                    self._have[block] = 1
                elif -self._window // 4 <= block - self._wanted < self._window:
                    self._memory[block] = data
                    self._have[block] = 1
                    self._shrink()
                self._changed.notify_all()
            return True

    def _store(self, block: int, data: bytes) -> bool | None:
        """Tell whether the disk took a block; None: it is not the film's."""
        while self._shelf is not None and self._kept:
            try:
                return self._shelf.put(block, data) or None
            except OSError as error:
                if error.errno in _FULL and self._make_room():
                    continue
                _log.warning("the disk takes no more of a film: %s", error)
                with self._changed:
                    self._kept = False
        return False

    def _shrink(self) -> None:
        def distance(block: int) -> int:
            return block - self._wanted if block >= self._wanted else 3 * (self._wanted - block)

        while len(self._memory) > self._window:
            farthest = max(self._memory, key=distance)
            del self._memory[farthest]
            self._have[farthest] = 0

    def look_again(self, block: int) -> bool:
        """Tell whether another program has fetched a missing block meanwhile."""
        with self._disk:
            try:
                there = self._shelf is not None and self._shelf.look_again(block)
            except OSError:
                return False
            if there:
                with self._changed:
                    self._have[block] = 1
                    self._doubtful.add(block)
                    self._changed.notify_all()
            return there

    @property
    def due(self) -> bool:
        """The whole hash can be looked at, and has not been found right yet."""
        with self._changed:
            return not self._sound and (
                self._hashed == self.layout.count or (self._kept and self.whole)
            )

    def check(self, over: Callable[[], bool]) -> bool:
        """Look at the whole hash when it is `due`; False: wrong, see `reject`.

        Reads what was not hashed when it came. True as well if `over`, or if a block turns
        out to be missing: then it is not `sound` yet.
        """
        while self._hashed < self.layout.count:
            if over():
                return True
            with self._disk:
                block = self._hashed
                data = self._memory.get(block) or self._from_shelf(block)
                if data is None:
                    self._lose(block)
                    return True
                self._hash.update(data)
                self._hashed += 1
        with self._disk:
            if self._hashed < self.layout.count:
                return True  # a block was lost meanwhile
            if self._hash.hexdigest() != self.sha256:
                return False
            try:
                if self._shelf is not None and self._kept:
                    self._shelf.seal()
            except OSError as error:
                _log.warning("a film can't be sealed: %s", error)
        with self._changed:
            self._sound = True
            self._doubtful.clear()
        return True

    def reject(self) -> bool:
        """After a wrong hash: drop the blocks that are doubtful; False if none was: drop all."""
        with self._disk:
            with self._changed:  # who only asks need not wait for the disk
                doubtful, self._doubtful = self._doubtful, set()
                self._hash, self._hashed = hashlib.sha256(), 0
                self._last = -1, b""
                for block in doubtful or range(self.layout.count):
                    self._have[block] = 0
                    self._memory.pop(block, None)
            if self._shelf is not None and doubtful:
                for block in doubtful:
                    with contextlib.suppress(OSError):
                        self._shelf.forget(block)
            elif self._shelf is not None:
                self._shelf.remove()
                self._shelf = None
            with self._changed:
                self._changed.notify_all()
            return bool(doubtful)

    def close(self) -> None:
        """Let go of the file; what was fetched stays on the disk."""
        with self._disk:
            if self._shelf is not None:
                if any(self._have):
                    self._shelf.close()
                else:
                    self._shelf.remove()
                self._shelf = None
