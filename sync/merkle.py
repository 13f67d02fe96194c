"""Merkle trees over heads of chains, hashed as in RFC 6962 (section 2.1).

    leaf   H(0x00 | data)          node   H(0x01 | left | right)
    root of n leaves: the left tree has the largest power of two below n

    data = lp(b"anxue/root-leaf/1") | lp(kind) | lp(name) | u64(seq) | head

H is SHA-256, whatever the records' suite: one kind of tree, so that a root is checked with
any tool for Certificate Transparency. lp and u64 are those of `docs/records.md`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

HASH_BYTES = 32
_TAG = b"anxue/root-leaf/1"


class MerkleError(ValueError):
    """A proof, or what it is about, cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a day's root says of one chain. kind: `chain`, or `audit` for a log of the platform.

    seq: the newest record of that day's end. head: h_seq, 32 bytes.
    """

    kind: str
    name: str
    seq: int
    head: bytes

    def data(self) -> bytes:
        """The bytes that are hashed. Raises MerkleError."""
        if len(self.head) != HASH_BYTES or not 0 <= self.seq < 2**63:
            raise MerkleError("no head of a chain")
        return b"".join(
            (
                *(_lp(_TAG), _lp(self.kind.encode()), _lp(self.name.encode())),
                *(self.seq.to_bytes(8, "big"), self.head),
            )
        )


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree over leaf hashes, every level kept: a proof is then a walk of its height."""

    __slots__ = ("_levels",)

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """leaves: in order, from `leaf_hash`."""
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = [node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
            # One without a partner goes up as it is: that is RFC 6962's uneven tree.
            self._levels.append(pairs + below[len(below) & ~1 :])

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        top = self._levels[-1]
        return top[0] if top else hashlib.sha256().digest()

    def path(self, place: int) -> tuple[bytes, ...]:
        """The hashes beside the way from a leaf to the root, lowest first. Raises MerkleError."""
        if not 0 <= place < len(self):
            raise MerkleError(f"no leaf {place} of {len(self)}")
        beside = []
        for level in self._levels[:-1]:
            if (place ^ 1) < len(level):
                beside.append(level[place ^ 1])
            place >>= 1
        return tuple(beside)


def root_of_path(leaf: bytes, place: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a proof leads to; leaf: from `leaf_hash`.

    Raises MerkleError on a path that no tree of this size has.
    """
    if not 0 <= place < size:
        raise MerkleError(f"no leaf {place} of {size}")
    if any(len(each) != HASH_BYTES for each in path):
        raise MerkleError("a hash of another length")
    at, last, value = place, size - 1, leaf
    rest = list(path)
    while last:
        if at & 1 or at < last:
            if not rest:
                raise MerkleError("the path is too short")
            other = rest.pop(0)
            value = node_hash(other, value) if at & 1 else node_hash(value, other)
        at, last = at >> 1, last >> 1
    if rest:
        raise MerkleError("the path is too long")
    return value


def _lp(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
