"""A film in blocks: how many, how long, and the proof that goes with each on the disk."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BLOCK_BYTES = 64 * 1024
PROOF_BYTES = 32
_NONCE_BYTES, _TAG_BYTES = 12, 16
_PERSON = b"anxue-media"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a film of `size_bytes` falls into blocks; only the last one is shorter."""

    size_bytes: int

    @property
    def count(self) -> int:
        """The number of blocks."""
        return -(-self.size_bytes // BLOCK_BYTES)

    def length(self, block: int) -> int:
        """Return a block's bytes."""
        return min(BLOCK_BYTES, self.size_bytes - block * BLOCK_BYTES)


class Seal:
    """Proves blocks of one film, and enciphers them where `encrypted`.

    A proof is a BLAKE2b of film, place and bytes, keyed if there is a key: the same for every
    program that keeps the film, so that two can write the same file at once. The cipher is
    AES-256-GCM under a key of the film's own, with a random nonce for each writing.
    """

    def __init__(self, sha256: str, key: bytes | None, *, encrypted: bool) -> None:
        self._film = bytes.fromhex(sha256)
        self._proof_key = b"" if key is None else self._derive(key, b"proof")
        self._cipher: AESGCM | None = None
        if encrypted and key is not None:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            self._cipher = AESGCM(self._derive(key, b"cipher"))

    @property
    def overhead(self) -> int:
        """How many bytes a block is longer on the disk."""
        return _NONCE_BYTES + _TAG_BYTES if self._cipher else 0

    def prove(self, data: bytes, place: int) -> bytes:
        """Return the proof of what stands at `place`: a block's number, or -1 for the index."""
        digest = hashlib.blake2b(
            self._film + place.to_bytes(8, "big", signed=True),
            digest_size=PROOF_BYTES, key=self._proof_key, person=_PERSON,
        )  # fmt: skip
        digest.update(data)
        return digest.digest()

    def holds(self, proof: bytes, data: bytes, place: int) -> bool:
        """Tell whether a proof is that of `data`."""
        return hmac.compare_digest(proof, self.prove(data, place))

    def close_up(self, data: bytes, block: int) -> bytes:
        """Return a block as it stands on the disk."""
        if self._cipher is None:
            return data
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, self._about(block))

    def open_up(self, kept: bytes, block: int) -> bytes | None:
        """Return a block as the film has it; None if it was tampered with."""
        if self._cipher is None:
            return kept
        from cryptography.exceptions import InvalidTag

        try:
            nonce, sealed = kept[:_NONCE_BYTES], kept[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, sealed, self._about(block))
        except (InvalidTag, ValueError):
            return None

    def _about(self, block: int) -> bytes:
        return self._film + block.to_bytes(8, "big")

    def _derive(self, key: bytes, purpose: bytes) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = _PERSON + b" " + purpose + b" " + self._film
        return HKDF(SHA256(), 32, salt=None, info=info).derive(key)
