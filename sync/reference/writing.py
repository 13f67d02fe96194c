"""What a batch changes, written at once: on PostgreSQL one statement, one way and back.

The chain's row was locked and read by the same transaction and is written from what it has
become; SQLAlchemy's session does not know about it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from sync.reference.tables import BatchRow, ChainRow, RecordRow, WitnessRow

_MOVING = (
    *("seq", "head", "key", "sealed_seq", "beacon", "beacon_at", "received_at", "closed_at"),
    *("forked_at", "tick_seq", "tick_body", "tick_mac", "tick_at"),
)
"""The columns of a chain's row that change while records come in."""


@dataclass(frozen=True, slots=True)
class Brought:
    """Who brought the records, from where, and with which seal over them."""

    seal: str | None
    sender: str
    address: str


@dataclass(frozen=True, slots=True)
class Made:
    """Consecutive records from first_seq on, a list for each column."""

    first_seq: int
    bodies: list[bytes]
    macs: list[bytes]
    heads: list[bytes]

    @property
    def last_seq(self) -> int:
        return self.first_seq + len(self.bodies) - 1


NOTHING = Made(0, [], [], [])


def write(
    db: Session,
    row: ChainRow,
    made: Made,
    brought: Brought,
    now: datetime,
    *,
    witnessed: bool,
) -> None:
    """Add consecutive records, who brought them and the witness; move the chain's row on."""
    if db.connection().dialect.name == "postgresql":
        _at_once(db, row, made, brought, now, witnessed=witnessed)
    else:
        _one_by_one(db, row, made, brought, now, witnessed=witnessed)


def keep_seal(db: Session, chain: str, seq: int, seal: str) -> None:
    """A seal that came by itself stands with the batch that brought the record it is over."""
    of_record = (
        BatchRow.chain == chain,
        BatchRow.first_seq <= seq,
        BatchRow.last_seq >= seq,
    )
    db.execute(update(BatchRow).where(*of_record).values(seal=seal))


def _one_by_one(
    db: Session,
    row: ChainRow,
    made: Made,
    brought: Brought,
    now: datetime,
    *,
    witnessed: bool,
) -> None:
    if made.bodies:
        columns = zip(made.bodies, made.macs, made.heads, strict=True)
        rows = [
            {
                "chain": row.id,
                "seq": seq,
                "body": body,
                "mac": mac,
                "head": head,
                "arrived_at": now,
            }
            for seq, (body, mac, head) in enumerate(columns, made.first_seq)
        ]
        db.execute(insert(RecordRow), rows)
        db.execute(
            insert(BatchRow).values(
                chain=row.id,
                first_seq=made.first_seq,
                last_seq=made.last_seq,
                seal=brought.seal,
                sender=brought.sender,
                address=brought.address,
                arrived_at=now,
            )
        )
    if witnessed:
        witness = {"chain": row.id, "seq": row.seq, "beacon": row.beacon, "at": now}
        db.execute(insert(WitnessRow).values(witness))
    moved = {name: getattr(row, name) for name in _MOVING}
    db.execute(update(ChainRow).where(ChainRow.id == row.id).values(moved))


# --- PostgreSQL ---


def _at_once(
    db: Session,
    row: ChainRow,
    made: Made,
    brought: Brought,
    now: datetime,
    *,
    witnessed: bool,
) -> None:
    at = _bare(now)
    values: list[Any] = []
    if made.bodies:
        values += [row.id, made.first_seq - 1, at, made.bodies, made.macs, made.heads]
        values += [row.id, made.first_seq, made.last_seq]
        values += [brought.seal, brought.sender, brought.address, at]
    if witnessed:
        values += [row.id, row.seq, row.beacon, at]
    values += [_bare(getattr(row, name)) for name in _MOVING]
    values.append(row.id)
    statement = _statement(records=bool(made.bodies), witnessed=witnessed)
    db.connection().exec_driver_sql(statement, tuple(values))


@cache
def _statement(*, records: bool, witnessed: bool) -> str:
    parts = []
    if records:
        # Arrays, because a row each would cost more than checking the row.
        parts.append(
            "record_ AS (INSERT INTO record (chain, seq, body, mac, head, arrived_at)"
            " SELECT %s, %s + row.number, row.body, row.mac, row.head, %s"
            " FROM unnest(%b::bytea[], %b::bytea[], %b::bytea[])"
            " WITH ORDINALITY AS row (body, mac, head, number))"
        )
        parts.append(
            "batch_ AS (INSERT INTO batch"
            " (chain, first_seq, last_seq, seal, sender, address, arrived_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s))"
        )
    if witnessed:
        parts.append(
            "witness_ AS (INSERT INTO witness (chain, seq, beacon, at) VALUES (%s, %s, %s, %s))"
        )
    moved = ", ".join(f"{name} = %s" for name in _MOVING)
    before = ("WITH", ", ".join(parts)) if parts else ()
    return " ".join((*before, "UPDATE chain SET", moved, "WHERE id = %s"))


def _bare(value: Any) -> Any:
    """Times as the columns have them: in UTC, without saying so."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
