"""The client's own file: what it refuses to open, and who finds what still opens."""

import hashlib
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from sync.adapters.store import Store
from sync.contract import RecordBatch, WireRecord
from sync.outbox import Sending
from sync.ports import SealedPicture, StoredChain, StoreError
from sync.session import accept_answer
from sync.verify import verify
from tests.contract.learner import Run
from tests.contract.local import Local
from tests.tampering import deed
from tests.tampering.deed import Deed
from tests.tampering.requests import CONSENT, Door, packed

KEY = bytes(range(32))
_PICTURE = b"eyJ." + b"A" * 500


@dataclass(frozen=True)
class Contents:
    """All that ever leaves a store. exported: only what the platform confirmed."""

    chains: tuple[StoredChain, ...]
    newest: StoredChain | None
    batches: tuple[RecordBatch, ...]
    exported: bytes
    pictures: tuple[tuple[str, bytes | None], ...]


@dataclass
class Desk:
    """A store of two runs, the older one closed, the newer one with records not yet sent."""

    local: Local
    folder: Path
    whole: bytes = b""
    before: Contents = field(init=False)
    door: Door = field(init=False)
    token: str = field(init=False)
    chain: str = field(init=False)
    acked: int = field(init=False)
    records: tuple[WireRecord, ...] = field(init=False)
    seals: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.door = Door(self.local)
        path = self.folder / "whole.sqlite3"
        store = Store(path, KEY)
        older = self._run_into(store)
        older.send(older.batch(len(older.records) + 1, sealed=False, close=True))
        store.close_chain(older.chain, "done")
        newer = self._run_into(store)
        self.token, self.chain, self.acked = newer.session.token, newer.chain, 8
        for _ in range(4):
            store.append(newer.state(CONSENT))
        self.seals.append(newer.pen.seal(newer.signer))
        store.put_seal(newer.chain, len(newer.records), self.seals[-1])
        newer.open_tick(newer.watched("first", 0.0, 1.0))
        assert newer.tick is not None
        store.put_tick(newer.tick)
        sha256 = hashlib.sha256(_PICTURE).hexdigest()
        store.keep_evidence(
            SealedPicture(sha256, newer.chain, "first", "between", "", "2026-11-24T08:00:00Z",
                          _PICTURE)
        )  # fmt: skip
        store.close()
        self.records = newer.wire()
        self.whole = path.read_bytes()
        self.before = self.contents(path)

    def _run_into(self, store: Store) -> Run:
        """A run of two batches, both sent."""
        run = self.local.sign_in()
        store.begin_chain(run.accepted)
        for _ in range(2):
            for _ in range(4):
                store.append(run.state(CONSENT))
            self.seals.append(run.pen.seal(run.signer))
            store.put_seal(run.chain, len(run.records), self.seals[-1])
            self.local.clock.advance(5)
            trail = run.pen.beacons
            answer = run.send(run.batch(len(run.records) - 3))
            accepted = accept_answer(
                answer,
                self.local.platform.keys.certificate,
                run.chain,
                partial(store.head_at, run.chain),
                trail,
            )
            store.store_receipt(run.chain, accepted)
        return run

    def contents(self, path: Path) -> Contents:
        """Open a store and take out of it all that can ever leave it. Raises StoreError."""
        store = Store(path, KEY)
        try:
            chains = store.open_chains()
            pictures = tuple(
                (each.sha256, store.sealed_evidence(each.sha256))
                for each in store.waiting_evidence()
            )
            batches = tuple(
                store.batch(
                    Sending(chain.chain, chain.acked + 1, chain.last, tick=True, close=False)
                )
                for chain in chains
            )
            exported = store.export()
            return Contents(chains, store.newest_chain(), batches, exported, pictures)
        finally:
            store.close()

    def judged(self, data: bytes, change: Callable[[Path], None] | None = None) -> str:
        """Who finds that this is not the file that was written."""
        path = self.folder / "changed.sqlite3"
        for stale in self.folder.glob("changed.*"):
            stale.unlink()
        path.write_bytes(data)
        try:
            if change is not None:
                change(path)
            found = self.contents(path)
        except StoreError:
            return "client"
        if found == self.before:
            return deed.SAME_STORE
        if any(
            body is None or hashlib.sha256(body).hexdigest() != name
            for name, body in found.pictures
        ):
            return "platform"  # which takes a picture under its own name only (see pictures)
        if found.exported != self.before.exported and self._unsound(found.exported):
            return "auditor"
        reasons = {self._sent(batch) for batch in found.batches}
        if reasons - {deed.SENT_TWICE, deed.NEVER_SENT}:
            return "platform" if "platform" in reasons else "nobody"
        return self._harm(found, reasons)

    def _harm(self, found: Contents, reasons: set[str]) -> str:
        """Of a store that exports and sends nothing but what was written."""
        before = self.before
        names = {chain.chain for chain in found.chains}
        fewer = not names >= {chain.chain for chain in before.chains}
        if fewer or deed.NEVER_SENT in reasons or len(found.pictures) < len(before.pictures):
            return deed.NEVER_SENT
        return deed.SENT_TWICE if found.exported == before.exported else deed.SHORTER

    @cached_property
    def usual(self) -> set[str]:
        """What an auditor says of a store whose tail was not confirmed yet."""
        pem = self.local.platform.keys.pem
        return {fault.code for fault in verify(self.before.exported, pem).faults}

    def _unsound(self, exported: bytes) -> bool:
        faults = verify(exported, self.local.platform.keys.pem).faults
        return bool({fault.code for fault in faults} - self.usual)

    def _sent(self, batch: RecordBatch) -> str:
        """What the platform says of a batch, or why it has nothing to say."""
        mine = [record for record in self.records if batch.chain == self.chain]
        first = batch.records[0].seq if batch.records else 0
        part = tuple(mine[first - 1 : first - 1 + len(batch.records)])
        known = batch.seal is None or batch.seal in self.seals
        ticked = batch.tick is None or bool(part and batch.tick.seq == part[-1].seq)
        if part == batch.records and 0 < first <= self.acked + 1 and known and ticked:
            return deed.SENT_TWICE if part[-1].seq == len(mine) else deed.NEVER_SENT
        content = packed(batch.model_dump(mode="json"))
        kept = self.door.kept()
        return self.door.judged(self.door.post(content, self.token), kept)


def _flip(desk: Desk, drawn: random.Random) -> str:
    return desk.judged(deed.flipped(desk.whole, drawn))


def _cut(desk: Desk, drawn: random.Random) -> str:
    return desk.judged(desk.whole[: drawn.randrange(1, len(desk.whole))])


def _wiped(desk: Desk, drawn: random.Random) -> str:
    """A sector that the disk gives back as zeros, or as another one."""
    sector, count = 512, len(desk.whole) // 512
    one, two = drawn.sample(range(count), 2)
    data = bytearray(desk.whole)
    other = bytes(data[two * sector : (two + 1) * sector]) if drawn.random() < 0.5 else bytes(512)
    data[one * sector : (one + 1) * sector] = other
    if data == desk.whole:
        return deed.SAME_STORE
    return desk.judged(bytes(data))


def _sql(*statements: str) -> Callable[[Desk, random.Random], str]:
    """Rows changed by somebody who has SQLite, though not the key."""

    def attempt(desk: Desk, drawn: random.Random) -> str:
        statement = drawn.choice(statements)
        values = {"one": drawn.randrange(1, 13), "two": drawn.randrange(1, 13)}
        values["blob"] = drawn.randbytes(32)  # type: ignore[assignment]

        def change(path: Path) -> None:
            database = sqlite3.connect(path, isolation_level=None)
            try:
                database.execute(statement, values)
            finally:
                database.close()

        return desk.judged(desk.whole, change)

    return attempt


_ALL = " AND :one AND :two AND :blob IS NOT NULL"
_LIVE = " WHERE chain = (SELECT chain FROM chains ORDER BY number DESC LIMIT 1)"
_COLUMNS = ("head", "mac", "body")
_DROPPED = ("DELETE FROM records" + _LIVE + " AND seq = :one" + _ALL,)  # noqa: S608
_MOVED = tuple(
    "UPDATE records SET # = (SELECT r.# FROM records r WHERE r.chain = records.chain"  # noqa: S608
    " AND r.seq = :two)".replace("#", name)
    + _LIVE
    + " AND seq = :one"
    + _ALL
    for name in _COLUMNS
)
_SPLICED = tuple(
    "UPDATE records SET # = (SELECT r.# FROM records r WHERE r.chain <> records.chain"  # noqa: S608
    " AND r.seq = :two)".replace("#", name)
    + _LIVE
    + " AND seq = :one AND :two <= 8"
    + _ALL
    for name in _COLUMNS
)
_CURSOR = tuple(
    f"UPDATE chains SET {name} = :one" + _LIVE + _ALL  # noqa: S608
    for name in ("acked", "last")
)
_TEXTS = (
    """UPDATE texts SET "grant" = (SELECT t."grant" FROM texts t WHERE t.chain <> texts.chain)
    WHERE :one AND :two AND :blob IS NOT NULL""",
    """UPDATE receipts SET jws = (SELECT r.jws FROM receipts r WHERE r.number <> receipts.number
    ORDER BY r.number LIMIT 1) WHERE number = 1 + :one % 4 AND :two AND :blob IS NOT NULL""",
    """UPDATE seals SET jws = (SELECT s.jws FROM seals s WHERE s.number <> seals.number
    ORDER BY s.number LIMIT 1) WHERE number = 1 + :one % 5 AND :two AND :blob IS NOT NULL""",
)
_RANDOM = tuple(
    f"UPDATE records SET {name} = :blob WHERE rowid = 1 + :one % 16 AND :two"  # noqa: S608
    for name in _COLUMNS
)

_ANY = ("client", "platform", "auditor")
_HARMLESS = (deed.SAME_STORE, deed.SENT_TWICE, deed.NEVER_SENT, deed.SHORTER)
DEEDS: tuple[Deed[Desk], ...] = (
    Deed("store", "a byte flipped", 220, _flip, _ANY, _HARMLESS),
    Deed("store", "cut off", 60, _cut, _ANY, _HARMLESS),
    Deed("store", "a sector wiped or swapped", 80, _wiped, _ANY, _HARMLESS),
    Deed("store", "a record dropped", 20, _sql(*_DROPPED), _ANY, _HARMLESS),
    Deed("store", "hash, MAC or text of another record", 40, _sql(*_MOVED), _ANY, _HARMLESS),
    Deed("store", "hash, MAC or text of another run", 40, _sql(*_SPLICED), _ANY, _HARMLESS),
    Deed("store", "hash, MAC or text of nobody", 40, _sql(*_RANDOM), _ANY, _HARMLESS),
    Deed("store", "the cursors moved", 30, _sql(*_CURSOR), _ANY, _HARMLESS),
    Deed("store", "grants, receipts or seals exchanged", 30, _sql(*_TEXTS), _ANY, _HARMLESS),
)
