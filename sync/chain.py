"""The chain that makes a study record a record: hashes, evolving MACs, beacons.

    h_0 = H(lp("anxue/grant/1") | lp(grant))         the signed grant, its exact text
    h_i = H(lp("anxue/record/1") | lp(chain) | u64(i) | h_{i-1} | H(body_i))
    MAC_i = HMAC(k_i, h_i)        k_{i+1} = HMAC(k_i, "evolve")
    tick  = HMAC(k_{i+1}, lp("anxue/tick/1") | lp(chain) | u64(i) | h_i | H(body))

H and HMAC are those of the grant's suite (`sync.suites`): SHA-256, or SM3; 32 bytes both.
lp(x) is the length of x as four big-endian bytes and then x; u64 is eight bytes,
big-endian. No two different inputs share an encoding. A record's MAC is over exactly 32
bytes, "evolve" is 6 and a tick's input is longer than 32, so that none can be passed off
as another. The platform and the client both start from k_0; record 1 uses k_1, and after
each record the client forgets the key that made it: who takes over the machine later
cannot rewrite what was recorded before.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from sync import suites
from sync.suites import Suite

HASH_BYTES = 32
MAX_BEACON_STEP = 100_000
_EVOLVE = b"evolve"

ChainErrorKind = Literal["sequence", "mac", "tick", "beacon"]


class ChainError(ValueError):
    """A record does not belong where it stands. `seq` is the record's own number."""

    def __init__(self, kind: ChainErrorKind, seq: int, detail: str) -> None:
        super().__init__(f"{kind} at {seq}: {detail}")
        self.kind = kind
        self.seq = seq
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Record:
    """One link: the statement's exact bytes, its hash h_i (32 bytes) and MAC_i (32 bytes)."""

    chain: str
    seq: int
    body: bytes
    head: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Tick:
    """What would close the running segment now; `seq` is the last record before it."""

    chain: str
    seq: int
    body: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class ChainState:
    """Where a chain stands. head: h_seq, 32 bytes. key: k_{seq+1}, for the next record.

    suite: the grant's, `suites.of_token(grant)`, from beginning to end.
    """

    chain: str
    seq: int
    head: bytes
    key: bytes
    suite: Suite = suites.RSA

    def __repr__(self) -> str:
        """Without the key: states end up in logs and tracebacks."""
        return f"ChainState({self.chain!r}, {self.seq}, {self.head.hex()})"


def start(chain: str, grant: str, k0: bytes) -> ChainState:
    """The state before the first record. k0: 32 bytes from the platform."""
    if len(k0) != HASH_BYTES:
        raise ValueError(f"k0 must have {HASH_BYTES} bytes, not {len(k0)}")
    suite = suites.of_token(grant)
    return ChainState(chain, 0, genesis(grant), _evolve(suite, k0), suite)


def genesis(grant: str) -> bytes:
    """h_0: the hash of the signed grant, as the compact JWS stands."""
    return suites.of_token(grant).digest(_lp(b"anxue/grant/1") + _lp(grant.encode("ascii")))


def link(chain: str, seq: int, previous: bytes, body: bytes, suite: Suite = suites.RSA) -> bytes:
    """h_seq of a body after `previous`; needs no key, so anybody can follow a chain."""
    place = _lp(b"anxue/record/1") + _place(chain, seq, previous)
    return suite.digest(place + suite.digest(body))


def append(state: ChainState, body: bytes) -> tuple[ChainState, Record]:
    """Link a body to the chain. The old key is not in the new state."""
    seq = state.seq + 1
    suite = state.suite
    head = link(state.chain, seq, state.head, body, suite)
    mac, key = suite.hmacs(state.key, head, _EVOLVE)
    return ChainState(state.chain, seq, head, key, suite), Record(state.chain, seq, body, head, mac)


def tick(state: ChainState, body: bytes) -> Tick:
    """The open tick after the newest record; the key stays what it was."""
    return Tick(state.chain, state.seq, body, tick_mac(state, body))


def tick_mac(state: ChainState, body: bytes) -> bytes:
    """The MAC that binds a tick to its chain and to the record before it."""
    place = _lp(b"anxue/tick/1") + _place(state.chain, state.seq, state.head)
    return state.suite.hmac(state.key, place + state.suite.digest(body))


def accept(state: ChainState, seq: int, body: bytes, mac: bytes) -> tuple[ChainState, Record]:
    """The platform's side of `append`. Raises ChainError on a wrong number or MAC."""
    if seq != state.seq + 1:
        raise ChainError("sequence", seq, f"expected {state.seq + 1}")
    after, record = append(state, body)
    if not hmac.compare_digest(record.mac, mac):
        raise ChainError("mac", seq, "the MAC does not fit the record")
    return after, record


def accept_all(
    state: ChainState, records: Iterable[tuple[int, bytes, bytes]]
) -> tuple[ChainState, list[bytes]]:
    """`accept` of (seq, body, mac) one after the other; returns their heads. Raises ChainError.

    A gateway's innermost loop: nothing is made that it does not need.
    """
    place = _lp(b"anxue/record/1") + _lp(state.chain.encode("utf-8"))
    seq, head, key, suite = state.seq, state.head, state.key, state.suite
    digest, hmacs, same = suite.digest, suite.hmacs, hmac.compare_digest
    heads = []
    for number, body, mac in records:
        seq += 1
        if number != seq:
            raise ChainError("sequence", number, f"expected {seq}")
        head = digest(place + seq.to_bytes(8, "big") + head + digest(body))
        made, key = hmacs(key, head, _EVOLVE)
        if not same(made, mac):
            raise ChainError("mac", seq, "the MAC does not fit the record")
        heads.append(head)
    return ChainState(state.chain, seq, head, key, suite), heads


def verify(state: ChainState, records: Iterable[tuple[int, bytes, bytes]]) -> ChainState:
    """Accept (seq, body, mac) one after the other, from `start` or from where it stands."""
    return accept_all(state, records)[0]


def accept_tick(state: ChainState, seq: int, body: bytes, mac: bytes) -> Tick:
    """Raises ChainError unless the tick stands right after the newest record."""
    if seq != state.seq:
        raise ChainError("sequence", seq, f"a tick after {seq}, the chain stands at {state.seq}")
    if not hmac.compare_digest(tick_mac(state, body), mac):
        raise ChainError("tick", seq, "the MAC does not fit the tick")
    return Tick(state.chain, seq, body, mac)


@dataclass(frozen=True, slots=True)
class BeaconTrail:
    """The newest verified element of the platform's hash chain.

    Starts as (0, seed commitment); `advance` accepts only what hashes back to it.
    """

    index: int
    value: bytes
    suite: Suite = suites.RSA

    @classmethod
    def committed(cls, commitment: str, suite: Suite = suites.RSA) -> "BeaconTrail":
        """From the grant's `seed_commitment`, 64 hex digits, and the grant's suite."""
        return cls(0, bytes.fromhex(commitment), suite)

    def advance(self, index: int, value: str) -> "BeaconTrail":
        """Check H^(index - self.index)(value) = self.value. Raises ChainError.

        The same index again must carry the same value and changes nothing.
        """
        steps = index - self.index
        if not 0 <= steps <= MAX_BEACON_STEP:
            raise ChainError("beacon", index, f"{steps} steps from {self.index}")
        revealed = bytes.fromhex(value)
        if hash_times(revealed, steps, self.suite) != self.value:
            raise ChainError("beacon", index, f"does not hash to beacon {self.index}")
        return replace(self, index=index, value=revealed)


def hash_times(value: bytes, times: int, suite: Suite = suites.RSA) -> bytes:
    """The suite's hash applied `times` times."""
    for _ in range(times):
        value = suite.digest(value)
    return value


def beacon_chain(last: bytes, length: int, suite: Suite = suites.RSA) -> tuple[bytes, ...]:
    """All of s_0 … s_length for the platform, out of the secret s_length (32 bytes)."""
    values = [last]
    for _ in range(length):
        values.append(suite.digest(values[-1]))
    return tuple(reversed(values))


def _place(chain: str, seq: int, head: bytes) -> bytes:
    if len(head) != HASH_BYTES:
        raise ValueError(f"a head has {HASH_BYTES} bytes, not {len(head)}")
    return _lp(chain.encode("utf-8")) + seq.to_bytes(8, "big") + head


def _lp(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _evolve(suite: Suite, key: bytes) -> bytes:
    return suite.hmac(key, _EVOLVE)
