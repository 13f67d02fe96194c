"""The learner's records on the disk: SQLite through sqlite-utils, one file per learner.

A store belongs to the thread that opened it. That may be the UI's: an append is one
transaction of about 0.3 ms on a solid-state disk (an fsync of 10 to 30 ms on a spinning
one, which the heartbeat's rhythm bears). Methods raise StoreError and leave nothing half
done.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sync import chain as links
from sync import recorder, seal, strictjson, suites, trust
from sync.adapters.store_export import export
from sync.adapters.store_schema import Opener, connect, patient, translated
from sync.adapters.vault import Vault
from sync.contract import RecordBatch
from sync.outbox import Backlog, Sending
from sync.ports import (
    NoSuchChainError,
    SealedPicture,
    StoreDamagedError,
    StoredChain,
    WaitingPicture,
    WrongKeyError,
    WrongThreadError,
)
from sync.session import AcceptedAnswer, AcceptedSession

_OF_A_CHAIN = ("receipts", "seals", "ticks", "evidence", "records", "texts", "chains")
_ABOUT = ("lesson", "why", "check", "taken_at")


class Store:
    """A `sync.ports.RecordStore`. key: 32 bytes, see `sync.adapters.vault.store_key`."""

    def __init__(self, path: Path, key: bytes, opener: Opener | None = None) -> None:
        """Open or begin a store. Raises StoreError; WrongKeyError if it is another's."""
        self._thread = threading.get_ident()
        self._vault = Vault(key)
        with translated():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = connect(path, opener)
        # Where the newest seal stands that the platform has, by chain; after a start it goes again.
        self._sealed: dict[str, int] = {}
        try:
            self._check_key()
        except BaseException:
            self._db.close()
            raise

    @patient
    def begin_chain(self, session: AcceptedSession) -> None:
        """Keep what a run stands on, before its first record.

        A picture that no record names never will be: a crash came between.
        """
        with self._writing():
            self._run("DELETE FROM evidence WHERE seq IS NULL")
            self._run(
                """INSERT INTO chains (chain, learner, first_beacon, first_value, beacon, value)
                VALUES (?, ?, ?, ?, ?, ?)""",
                *(session.grant.chain, session.grant.learner),
                *(session.beacons.index, session.beacons.value.hex()) * 2,
            )
            self._run(
                'INSERT INTO texts (chain, "grant", policy, certificate) VALUES (?, ?, ?, ?)',
                *(session.grant.chain, session.grant_jws, session.policy_jws),
                trust.to_pem(session.certificate),
            )

    @patient
    def append(
        self, record: links.Record, tick: links.Tick | None = None, *, evidence: str = ""
    ) -> None:
        """Keep the next record, and the renewed tick or none, in one transaction.

        evidence: the SHA-256 of the kept picture that the record names, "" for none.
        """
        body = self._vault.seal("record", record.chain, record.seq, record.body)
        with self._writing():
            moved = self._run(
                "UPDATE chains SET last = ? WHERE chain = ? AND last = ?",
                record.seq,
                record.chain,
                record.seq - 1,
            )
            if moved.rowcount != 1:
                raise NoSuchChainError(f"{record.chain} does not stand at {record.seq - 1}")
            self._run(
                "INSERT INTO records (chain, seq, head, mac, body) VALUES (?, ?, ?, ?, ?)",
                *(record.chain, record.seq, record.head, record.mac, body),
            )
            if tick is None:
                self._run("DELETE FROM ticks WHERE chain = ?", record.chain)
            else:
                self._put_tick(tick)
            if evidence:
                self._run(
                    "UPDATE evidence SET seq = ? WHERE sha256 = ? AND chain = ?",
                    *(record.seq, evidence, record.chain),
                )

    @patient
    def keep_evidence(self, picture: SealedPicture) -> None:
        """Keep a picture before its record is written."""
        told = {name: getattr(picture, name) for name in _ABOUT}
        about = self._vault.seal(picture.sha256, picture.chain, 0, strictjson.dumps(told))
        with self._writing():
            self._run(
                "INSERT INTO evidence (sha256, chain, about, picture) VALUES (?, ?, ?, ?)",
                *(picture.sha256, picture.chain, about, picture.sealed),
            )

    def waiting_evidence(self) -> tuple[WaitingPicture, ...]:
        """Every picture that is still here, oldest first; `ready` ones can be sent.

        One whose `about` does not open any more is told all the same, with nothing about it.
        """
        rows = self._rows(
            """SELECT e.sha256, e.chain, e.about, ifnull(e.seq <= c.acked, 0) AS ready
            FROM evidence e JOIN chains c ON c.chain = e.chain ORDER BY e.number"""
        )
        return tuple(
            WaitingPicture(
                row["sha256"], row["chain"], **self._about(row), ready=bool(row["ready"])
            )
            for row in rows
        )

    def sealed_evidence(self, sha256: str) -> bytes | None:
        """A picture's sealed bytes, None if it is not here (any more)."""
        row = self._row("SELECT picture FROM evidence WHERE sha256 = ?", sha256)
        return None if row is None else bytes(row["picture"])

    @patient
    def evidence_sent(self, sha256: str) -> None:
        """The platform has it, or never takes it: it is deleted here."""
        with self._writing():
            self._run("DELETE FROM evidence WHERE sha256 = ?", sha256)

    @patient
    def put_tick(self, tick: links.Tick) -> None:
        """Replace the chain's open tick."""
        with self._writing():
            self._put_tick(tick)

    @patient
    def drop_tick(self, chain: str) -> None:
        with self._writing():
            self._run("DELETE FROM ticks WHERE chain = ?", chain)

    @patient
    def put_seal(self, chain: str, seq: int, jws: str) -> None:
        """Keep a seal; a heartbeat's second one over the same record says nothing new."""
        with self._writing():
            known = self._row("SELECT 1 FROM seals WHERE chain = ? AND seq = ?", chain, seq)
            if known is None:
                self._run("INSERT INTO seals (chain, seq, jws) VALUES (?, ?, ?)", chain, seq, jws)

    @patient
    def store_receipt(
        self, chain: str, accepted: AcceptedAnswer, *, sealed: str | None = None
    ) -> None:
        """Keep the receipt and move the send cursor, in one transaction.

        A receipt that says nothing new (same record, same beacon) is not kept again. sealed: the
        seal that went with what was accepted; it need not go again.
        """
        beacon = accepted.beacons.index
        with self._writing():
            known = self._row(
                "SELECT 1 FROM receipts WHERE chain = ? AND seq = ? AND beacon = ?",
                *(chain, accepted.seq, beacon),
            )
            if known is None:
                self._run(
                    "INSERT INTO receipts (chain, seq, beacon, jws) VALUES (?, ?, ?, ?)",
                    *(chain, accepted.seq, beacon, accepted.receipt),
                )
            moved = self._run(
                """UPDATE chains SET acked = max(acked, ?), value = iif(? > beacon, ?, value),
                beacon = max(beacon, ?) WHERE chain = ? AND last >= ?""",
                *(accepted.seq, beacon, accepted.beacons.value.hex(), beacon),
                *(chain, accepted.seq),
            )
            if moved.rowcount != 1:
                raise NoSuchChainError(f"{chain}/{accepted.seq}")
            over = self._row("SELECT seq FROM seals WHERE chain = ? AND jws = ?", chain, sealed)
        if over is not None:
            self._sealed[chain] = max(over["seq"], self._sealed.get(chain, 0))

    def open_chains(self) -> tuple[StoredChain, ...]:
        """The chains that are not with the platform to their end, oldest first."""
        return tuple(
            self._stored(row)
            for row in self._rows("SELECT * FROM chains WHERE closed IS NULL ORDER BY number")
        )

    def newest_chain(self) -> StoredChain | None:
        """The run before: `SessionStarted` names its head."""
        row = self._row("SELECT * FROM chains ORDER BY number DESC LIMIT 1")
        return None if row is None else self._stored(row)

    def backlogs(self, live: str | None, *, done: bool = False) -> tuple[Backlog, ...]:
        """What the outbox plans with. live: the run that goes on; done: it has ended."""
        rows = self._rows(
            """SELECT c.chain, c.acked, c.last, t.seq AS tick FROM chains c
            LEFT JOIN ticks t ON t.chain = c.chain AND t.seq = c.last
            WHERE c.closed IS NULL ORDER BY c.number"""
        )
        return tuple(
            Backlog(
                row["chain"],
                row["acked"],
                row["last"],
                live=row["chain"] == live,
                tick=row["tick"] is not None,
                done=done and row["chain"] == live,
            )
            for row in rows
        )

    def batch(self, sending: Sending) -> RecordBatch:
        """The contract's message for a `Sending`. Raises StoreDamagedError.

        The seal is the newest over what goes, or, made late, over the record before it, unless
        the platform has that one.
        """
        name = sending.chain
        rows = self._rows(
            "SELECT * FROM records WHERE chain = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            *(name, sending.first, sending.last),
        )
        if [row["seq"] for row in rows] != list(range(sending.first, sending.last + 1)):
            raise StoreDamagedError(f"records {sending.first} to {sending.last} of {name}")
        before = sending.first - 1
        there = self._sealed.get(name) == before
        seal = self._row(
            "SELECT jws FROM seals WHERE chain = ? AND seq BETWEEN ? AND ? ORDER BY number DESC",
            *(name, sending.first if there else before, sending.last),
        )
        tick = self._row("SELECT * FROM ticks WHERE chain = ?", name) if sending.tick else None
        try:
            return RecordBatch(
                chain=name,
                records=tuple(recorder.wire(self._record(row)) for row in rows),
                seal=None if seal is None else seal["jws"],
                tick=None if tick is None else recorder.wire_tick(self._tick(tick)),
                close=sending.close,
                count=sending.count,
            )
        except ValidationError as error:  # a seal of other characters than it was written with
            first = error.errors(include_input=False)[0]
            raise StoreDamagedError(f"{name}: {first['msg']}") from error

    def head_at(self, chain: str, seq: int) -> bytes | None:
        """h_seq of a chain; h_0 for 0; None for a record that is not here."""
        if seq == 0:
            row = self._row('SELECT "grant" FROM texts WHERE chain = ?', chain)
            return None if row is None else links.genesis(row["grant"])
        row = self._row("SELECT head FROM records WHERE chain = ? AND seq = ?", chain, seq)
        return None if row is None else bytes(row["head"])

    @patient
    def close_chain(self, chain: str, why: str) -> None:
        """Nothing more of it is to be sent; its records stay.

        Pictures whose record the platform did not take can never be sent: they go.
        """
        with self._writing():
            self._run("UPDATE chains SET closed = ? WHERE chain = ?", why, chain)
            self._run("DELETE FROM ticks WHERE chain = ?", chain)
            self._run(
                """DELETE FROM evidence WHERE chain = ? AND (seq IS NULL OR seq >
                (SELECT acked FROM chains WHERE chain = ?))""",
                *(chain, chain),
            )

    @patient
    def forget(self, before: datetime) -> int:
        """Delete runs that were granted before and are with the platform to their end.

        The newest run stays: the next one names its head. So does every run with a record that
        has no receipt or a picture that is not sent, that was closed for another reason, or whose
        grant tells no time any more. Returns how many went.
        """
        rows = self._rows(
            """SELECT chain, "grant" FROM chains JOIN texts USING (chain) WHERE closed = 'sent'
            AND acked = last AND number < (SELECT max(number) FROM chains)
            AND chain NOT IN (SELECT chain FROM evidence)"""
        )
        issued = ((row["chain"], _issued(row["grant"])) for row in rows)
        old = [chain for chain, at in issued if at is not None and at < before]
        with self._writing():
            for chain in old:
                for table in _OF_A_CHAIN:
                    self._run(f"DELETE FROM {table} WHERE chain = ?", chain)  # noqa: S608
        return len(old)

    def export(self, chains: Sequence[str] | None = None) -> bytes:
        """The record bundle of these chains, or of all that have a record, oldest first."""
        return export(self._rows, self._record, chains)

    @patient
    def adopt(
        self,
        chain: dict[str, Any],
        records: Sequence[dict[str, Any]],
        rest: dict[str, list[dict[str, Any]]],
    ) -> None:
        """Take over the rows of a chain out of a damaged store; see `store_rescue`."""
        with self._writing():
            self._insert("chains", {key: chain[key] for key in chain if key != "number"})
            for record in records:
                self._insert("records", record)
            for table, rows in rest.items():
                for row in rows:
                    with suppress(sqlite3.IntegrityError):  # damage that still could be read
                        self._insert(table, {key: row[key] for key in row if key != "number"})

    def close(self) -> None:
        with translated():
            self._check_thread()
            self._db.close()

    def _stored(self, row: sqlite3.Row) -> StoredChain:
        head = self.head_at(row["chain"], row["last"])
        if head is None:
            raise StoreDamagedError(f"record {row['last']} of {row['chain']} is missing")
        return StoredChain(
            chain=row["chain"],
            learner=row["learner"],
            acked=row["acked"],
            last=row["last"],
            head=head,
            beacon_index=row["beacon"],
            beacon_value=row["value"],
            suite=self._suite(row["chain"]),
        )

    def _suite(self, chain: str) -> suites.Suite:
        row = self._row('SELECT "grant" FROM texts WHERE chain = ?', chain)
        return suites.RSA if row is None else suites.of_token(row["grant"])

    def _record(self, row: sqlite3.Row) -> links.Record:
        name, seq = row["chain"], row["seq"]
        body = self._vault.open("record", name, seq, row["body"])
        return links.Record(name, seq, body, row["head"], row["mac"])

    def _about(self, row: sqlite3.Row) -> dict[str, Any]:
        try:
            told = strictjson.loads(self._vault.open(row["sha256"], row["chain"], 0, row["about"]))
        except (StoreDamagedError, strictjson.JsonError):
            told = {}
        return {"lesson": "", "why": "between", "check": "", "taken_at": "", **told}

    def _tick(self, row: sqlite3.Row) -> links.Tick:
        name, seq = row["chain"], row["seq"]
        return links.Tick(name, seq, self._vault.open("tick", name, seq, row["body"]), row["mac"])

    def _put_tick(self, tick: links.Tick) -> None:
        body = self._vault.seal("tick", tick.chain, tick.seq, tick.body)
        self._run(
            "INSERT OR REPLACE INTO ticks (chain, seq, mac, body) VALUES (?, ?, ?, ?)",
            *(tick.chain, tick.seq, tick.mac, body),
        )

    def _check_key(self) -> None:
        """A known text tells a wrong key from a damaged file."""
        with self._writing():
            row = self._row("SELECT value FROM meta WHERE name = 'key_check'")
            if row is None:
                sealed = self._vault.seal("key", "", 0, b"anxue")
                self._run("INSERT INTO meta (name, value) VALUES ('key_check', ?)", sealed)
                return
        try:
            self._vault.open("key", "", 0, row["value"])
        except StoreDamagedError as error:
            raise WrongKeyError("written under another key") from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, begun as a writer so that it cannot fail half way for a lock."""
        self._check_thread()
        with translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.conn.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
        self._run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())  # noqa: S608

    def _run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self._db.execute(sql, values)

    def _rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        self._check_thread()
        with translated():
            cursor = self._db.conn.cursor()
            cursor.row_factory = sqlite3.Row
            rows: list[sqlite3.Row] = cursor.execute(sql, values).fetchall()
            return rows

    def _row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        rows = self._rows(sql, *values)
        return rows[0] if rows else None

    def _check_thread(self) -> None:
        if threading.get_ident() != self._thread:
            raise WrongThreadError("the store was opened in another thread")


def _issued(grant: str) -> datetime | None:
    """When the platform signed it, by its own clock; it was verified when it was kept.

    None where the disk has damaged it since: SQLite takes a changed letter for a letter.
    """
    try:
        told = strictjson.loads(seal.from_base64url(grant.split(".")[1]))
        return trust.parse_time(told["issued_at"])
    except (ValueError, LookupError, TypeError):
        return None
