"""A damaged store: set aside, never deleted; what can still be read goes into a new one."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync import chain as links
from sync import seal, strictjson, suites, trust
from sync.adapters.store import Store
from sync.adapters.store_carve import Value, carve, receipts, records
from sync.adapters.store_schema import refuse_journal, rescued, sync_folder, translated
from sync.adapters.vault import Vault
from sync.contract import Seal
from sync.ports import StoreDamagedError

_COMPANIONS = ("", "-wal", "-shm")
_TABLES = ("receipts", "seals", "ticks", "evidence")
_TEXTS = ("grant", "policy", "certificate")
_CHAIN = {
    **dict.fromkeys(("chain", "learner", "first_value", "value"), str),
    **dict.fromkeys(("first_beacon", "beacon", "acked", "last"), int),
}
_HASH_BYTES = 32

Row = dict[str, Any]


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
    """Write all that can be read into a new store, then set the damaged one aside.

    In this order a crash, or a full disk, leaves one of the two whole; see
    `store_schema.settle`. Whatever the platform does not have yet, and follows what it has,
    goes over: a hole in what it has already costs nothing.
    """
    fresh = rescued(path)
    with translated():
        for companion in _COMPANIONS:
            fresh.with_name(fresh.name + companion).unlink(missing_ok=True)
    chains = records = lost = 0
    with translated(), tempfile.TemporaryDirectory() as folder:
        store = Store(fresh, key)
        try:
            for found in _readable(path, Path(folder), Vault(key)):
                store.adopt(found.chain, found.records, found.rest)
                chains += 1
                records += len(found.records)
                lost += found.lost
        finally:
            store.close()
    refuse_journal(fresh)
    aside = set_aside(path, stamp)
    with translated():
        sync_folder(path.parent)
    return Store(path, key), Rescue(aside, chains, records, lost)


@dataclass(frozen=True, slots=True)
class _Found:
    chain: Row
    records: list[Row]
    rest: dict[str, list[Row]]
    lost: int


@dataclass(frozen=True, slots=True)
class _Wreck:
    """A copy that was opened, and what its pages alone gave: records by chain and number."""

    connection: sqlite3.Connection
    vault: Vault
    carved: dict[str, dict[int, Row]] = field(default_factory=dict)
    receipts: dict[str, dict[int, Row]] = field(default_factory=dict)

    def take(self, pages: list[tuple[Value, ...]]) -> None:
        """What lies on the pages, as far as it proves what it is."""
        for chain, seq, head, mac, body in records(iter(pages)):
            row: Row = {"chain": chain, "seq": seq, "head": head, "mac": mac, "body": body}
            if self.body(row) is not None:
                self.carved.setdefault(chain, {})[seq] = row
        for chain, seq, beacon, jws in receipts(iter(pages)):
            told = _told(jws)
            if (told.get("chain"), told.get("seq")) == (chain, seq):
                row = {"chain": chain, "seq": seq, "beacon": beacon, "jws": jws}
                self.receipts.setdefault(chain, {})[seq] = row

    def confirmed(self, name: str) -> Row | None:
        """The newest receipt: the cursor moved with it, in its transaction."""
        rows = self.rows("SELECT * FROM receipts WHERE chain = ?", name)
        known = self.receipts.get(name, {}) | {
            row["seq"]: row
            for row in rows
            if type(row["seq"]) is int and _told(row["jws"]).get("seq") == row["seq"]
        }
        return known[max(known)] if known else None

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """The rows up to the first that cannot be read."""
        rows: list[Row] = []
        try:
            rows.extend(dict(row) for row in self.connection.execute(sql, values))
        except (sqlite3.Error, ValueError, OverflowError):  # also a name that is no text now
            return rows
        return rows

    def body(self, row: Row) -> bytes | None:
        """The record's body, None if it is not what was written."""
        if not all(type(row[name]) is bytes for name in ("head", "mac", "body")):
            return None
        if len(row["mac"]) != _HASH_BYTES:
            return None
        try:
            return self.vault.open("record", row["chain"], row["seq"], row["body"])
        except (StoreDamagedError, OverflowError):
            return None


def _readable(path: Path, folder: Path, vault: Vault) -> Iterator[_Found]:
    """What a copy gives: the evidence itself is not opened, which would change it."""
    copy = folder / "copy.db"
    for companion in _COMPANIONS[:2]:
        part = path.with_name(path.name + companion)
        if part.exists():
            shutil.copy(part, copy.with_name(copy.name + companion))
    journal = copy.with_name(copy.name + "-wal")
    pages = carve(copy.read_bytes(), journal.read_bytes() if journal.exists() else b"")
    connection = sqlite3.connect(copy, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        wreck = _Wreck(connection, vault)
        wreck.take(list(pages))
        for chain in _chains(wreck):
            yield _chain(wreck, chain)
    finally:
        connection.close()


def _chains(wreck: _Wreck) -> list[Row]:
    """The rows of `chains`, from both ends; for lost ones what records and receipts say."""
    known: dict[str, Row] = {}
    for order in ("ASC", "DESC"):
        for row in wreck.rows(f"SELECT * FROM chains ORDER BY number {order}"):  # noqa: S608
            if _sound(row):
                known.setdefault(row["chain"], row)
    learner = next((row["learner"] for row in known.values()), "")
    for name, carved in wreck.carved.items():
        if name not in known:
            known[name] = _rebuilt(wreck, name, learner, max(carved))
    return sorted(known.values(), key=lambda row: row.get("number") or 1 << 62)


def _sound(row: Row) -> bool:
    return all(type(row.get(name)) is kind for name, kind in _CHAIN.items())


def _rebuilt(wreck: _Wreck, name: str, learner: str, last: int) -> Row:
    texts = wreck.rows("SELECT * FROM texts WHERE chain = ?", name)
    told = _told(texts[0]["grant"]) if texts else {}
    first = str(told.get("seed_commitment", "00" * 32))
    receipt = wreck.confirmed(name)
    beacon = _told(receipt["jws"]).get("beacon", {}) if receipt is not None else {}
    return {
        "chain": name,
        "learner": str(told.get("learner", learner)),
        "first_beacon": 0,
        "first_value": first,
        "beacon": int(beacon.get("index", 0)),
        "value": str(beacon.get("value", first)),
        "acked": 0,
        "last": last,
        "closed": None,
    }


def _told(jws: object) -> Row:
    """What a signed text says. It is believed no further than damage could have made it."""
    if not isinstance(jws, str):
        return {}
    try:
        told = strictjson.loads(seal.from_base64url(jws.split(".")[1]))
    except (ValueError, IndexError):
        return {}
    return told if isinstance(told, dict) else {}


def _chain(wreck: _Wreck, chain: Row) -> _Found:
    name, known = chain["chain"], chain["last"]
    carved = wreck.carved.get(name, {})
    known = max([known if 0 <= known < 1 << 24 else 0, *carved])
    readable = {}
    for seq in range(1, known + 1):
        # One by one: a bad page spoils only the records on it.
        sql = "SELECT * FROM records WHERE chain = ? AND seq = ?"
        found = [row for row in wreck.rows(sql, name, seq) if wreck.body(row) is not None]
        if found or seq in carved:
            readable[seq] = found[0] if found else carved[seq]
    texts = _texts(wreck, chain)
    if texts:
        _mend_heads(wreck, readable, suites.of_token(texts["grant"]))
    receipt = wreck.confirmed(name)
    acked = receipt["seq"] if receipt is not None else chain["acked"]
    acked = acked if 0 <= acked <= known else 0
    last = _runs_to(readable, acked + 1)
    if last == acked and acked not in readable:  # nothing behind it that could be sent
        last = acked = _runs_to(readable, 1)
    records = [row for seq, row in sorted(readable.items()) if seq <= last]
    rest = {
        table: [
            row
            for row in wreck.rows(f"SELECT * FROM {table} WHERE chain = ?", name)  # noqa: S608
            if type(row["seq"]) is int and row["seq"] <= last
        ]
        for table in _TABLES
    }
    rest["seals"] = [row for row in rest["seals"] if _sealed(row, texts)]
    if not rest["receipts"] and receipt is not None and receipt["seq"] <= last:
        rest["receipts"] = [receipt]
    rest["texts"] = [texts] if texts else []
    told = {key: chain[key] for key in (*_CHAIN, "closed")}
    told |= {"last": last, "acked": acked}
    return _Found(told, records, rest, known - len(records))


def _sealed(row: Row, texts: Row | None) -> bool:
    """Whether it is one still: over a wrong one the platform closes the chain; it needs none."""
    if texts is None:
        return False
    try:
        sealed = seal.read(row["jws"], "seal", trust.load(texts["certificate"]), Seal)
    except (TypeError, AttributeError, ValueError):  # SealError and TrustError are ValueErrors
        return False
    return (sealed.chain, sealed.seq) == (row["chain"], row["seq"])


def _texts(wreck: _Wreck, chain: Row) -> Row | None:
    """They lay in the chain's own row until version 3."""
    rows = [chain] if "grant" in chain else []
    rows += wreck.rows("SELECT * FROM texts WHERE chain = ?", chain["chain"])
    for row in rows:
        if all(isinstance(row[name], str) for name in _TEXTS):
            return {"chain": chain["chain"], **{name: row[name] for name in _TEXTS}}
    return None


def _mend_heads(wreck: _Wreck, readable: dict[int, Row], suite: suites.Suite) -> None:
    """A head that neither follows nor is followed was damaged; the bodies say what it was.

    Where most do not follow, it is not the heads that are wrong, and nothing is changed.
    """

    def follows(head: bytes, seq: int) -> bytes | None:
        row = readable.get(seq)
        body = wreck.body(row) if row is not None else None
        if row is None or body is None:
            return None
        return links.link(row["chain"], seq, head, body, suite)

    links_of = {
        seq: follows(readable[seq - 1]["head"], seq) for seq in readable if seq - 1 in readable
    }
    wrong = sorted(seq for seq, head in links_of.items() if head != readable[seq]["head"])
    if 2 * len(wrong) > len(links_of):
        return
    for seq in wrong:
        row, before, after = readable[seq], readable[seq - 1], readable.get(seq + 1)
        head = follows(before["head"], seq)
        stands = after is not None and follows(row["head"], seq + 1) == after["head"]
        if head is not None and not stands:
            row["head"] = head


def _runs_to(readable: dict[int, Row], first: int) -> int:
    """The last number of the unbroken run that begins at `first`; first - 1 for none."""
    last = first - 1
    while last + 1 in readable:
        last += 1
    return last
