"""One film's file on disk: a header, a proof for each block, then the blocks.

    160 bytes   magic, flags, size, the film's SHA-256; a proof of these; the seal
    32 × count  the blocks' proofs, zeros where a block is not there yet
    from the next 4 KiB on, a slot for each block, enciphered if the header says so

The seal is a proof of all proofs, written when the whole film's SHA-256 was found right. So a
sound film is opened by reading its index, and each block is proven when it is read. No lock
keeps out another program that keeps the same film: whatever two of them write at once is
either the same, or does not prove and is fetched again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import struct
import threading
from pathlib import Path

from player.adapters.blocks import BLOCK_BYTES, PROOF_BYTES, Layout, Seal
from player.adapters.disk import SharedFile, remove_unused
from player.media_rules import MediaRules

_log = logging.getLogger(__name__)

SUFFIX = ".film"
_MAGIC = b"ANXFILM1"
_HEAD = struct.Struct("<8sB7xQ40x32s")  # magic, flags, size, SHA-256
_SEAL_AT = _HEAD.size + PROOF_BYTES
_INDEX_AT = _SEAL_AT + PROOF_BYTES
_ENCRYPTED = 1
_NOTHING = bytes(PROOF_BYTES)
_INDEX_PLACE, _HEADER_PLACE = -1, -2


class InUseError(OSError):
    """Another program has the file open and keeps it in another way."""


def is_plain(path: Path) -> bool:
    """Tell whether a file holds a film, or anything else, that is not enciphered."""
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
    return len(head) < _HEAD.size or not _HEAD.unpack(head)[1] & _ENCRYPTED


class Shelf:
    """A film's file, open for reading and writing. OSError from everything but `close`, `remove`.

    Safe to use from several threads and from several programs.
    """

    def __init__(self, path: Path, size_bytes: int, sha256: str, rules: MediaRules) -> None:
        self._path = path
        self._for_all = rules.shared_folder is not None and path.parent == rules.shared_folder
        self._layout = Layout(size_bytes)
        self._seal = Seal(sha256, rules.key, encrypted=rules.encrypted)
        self._head = _HEAD.pack(
            _MAGIC, _ENCRYPTED if rules.encrypted else 0, size_bytes, bytes.fromhex(sha256)
        )
        self._slot_bytes = BLOCK_BYTES + self._seal.overhead
        index_bytes = self._layout.count * PROOF_BYTES
        self._slots_at = -(-(_INDEX_AT + index_bytes) // 4096) * 4096
        self._lock = threading.Lock()
        self._file = self._opened()
        try:
            self._proofs = bytearray(
                self._file.read(_INDEX_AT, index_bytes).ljust(index_bytes, b"\0")
            )
            seal = self._file.read(_SEAL_AT, PROOF_BYTES)
        except OSError:
            self._file.close()
            raise
        # Without a key anybody could have made the seal, where others may write
        trusting = rules.key is not None or not self._for_all
        self._sound = trusting and self._seal.holds(seal, bytes(self._proofs), _INDEX_PLACE)

    @property
    def sound(self) -> bool:
        """The whole film's SHA-256 was found right, now or earlier."""
        return self._sound

    @property
    def file_bytes(self) -> int:
        """The file's length when the film is whole."""
        count, overhead = self._layout.count, self._seal.overhead
        return self._slots_at + self._layout.size_bytes + count * overhead

    def kept(self) -> bytearray:
        """Return a 1 for each block that is there, as far as the index knows."""
        places = range(0, len(self._proofs), PROOF_BYTES)
        return bytearray(self._proofs[at : at + PROOF_BYTES] != _NOTHING for at in places)

    def get(self, block: int) -> bytes | None:
        """Return a block; None if it is not there, or not as it was written."""
        with self._lock:
            data = self._proven(block)
            # Once more: another program may just have been writing it
            return self._proven(block) if data is None else data

    def put(self, block: int, data: bytes) -> bool:
        """Keep a block. False if the film is known to have another one in this place."""
        proof = self._seal.prove(data, block)
        with self._lock:
            if self._sound and proof != self._proof(block):
                return False
            self._file.write(self._slot(block), self._seal.close_up(data, block))
            self._note(block, proof)
        return True

    def forget(self, block: int) -> None:
        """Drop a block of a film that is not sound; a sound one keeps the proof to be met."""
        with self._lock:
            if not self._sound:
                self._note(block, _NOTHING)

    def look_again(self, block: int) -> bool:
        """Tell whether another program has put a missing block there meanwhile."""
        with self._lock:
            proof = self._file.read(_INDEX_AT + block * PROOF_BYTES, PROOF_BYTES)
            if self._sound or len(proof) < PROOF_BYTES or proof == _NOTHING:
                return False
            self._remember(block, proof)
            return True

    def seal(self) -> None:
        """Note that the whole film is as announced."""
        with self._lock:
            self._file.write(_SEAL_AT, self._seal.prove(bytes(self._proofs), _INDEX_PLACE))
            self._sound = True

    def touch(self) -> None:
        """Note that the film was used now: the longest unused goes first."""
        os.utime(self._path)

    def close(self) -> None:
        """Let go of the file; what was written stays."""
        with self._lock, contextlib.suppress(OSError):
            self._file.close()

    def remove(self) -> None:
        """Close and delete the file, unless another program is using it."""
        self.close()
        remove_unused(self._path)

    def _opened(self) -> SharedFile:
        for _ in range(5):
            file = SharedFile(self._path, for_all=self._for_all)
            try:
                if file.links == 1 and self._begun(file):
                    return file
            except BaseException:
                file.close()
                raise
            removed = file.links == 0  # by another program, before we could hold it
            file.close()
            if not removed:
                _log.info("a film was kept by another key or other rules, or altered: dropped")
                if not remove_unused(self._path):
                    raise InUseError(f"{self._path} is in use")
        raise InUseError(f"{self._path} comes and goes")

    def _begun(self, file: SharedFile) -> bool:
        """Tell whether the file is kept in our way; begin it where it is empty."""
        header = self._head + self._seal.prove(self._head, _HEADER_PLACE)
        there = file.read(0, len(header))
        if not there:
            file.let_grow_thin()
            file.write(0, header)
            return True
        return there == header

    def _proven(self, block: int) -> bytes | None:
        proof = self._proof(block)
        if proof == _NOTHING:
            return None
        length = self._layout.length(block)
        kept = self._file.read(self._slot(block), length + self._seal.overhead)
        data = self._seal.open_up(kept, block)
        return data if data is not None and self._seal.holds(proof, data, block) else None

    def _slot(self, block: int) -> int:
        return self._slots_at + block * self._slot_bytes

    def _proof(self, block: int) -> bytes:
        return bytes(self._proofs[block * PROOF_BYTES : (block + 1) * PROOF_BYTES])

    def _note(self, block: int, proof: bytes) -> None:
        self._file.write(_INDEX_AT + block * PROOF_BYTES, proof)
        self._remember(block, proof)

    def _remember(self, block: int, proof: bytes) -> None:
        self._proofs[block * PROOF_BYTES : (block + 1) * PROOF_BYTES] = proof
