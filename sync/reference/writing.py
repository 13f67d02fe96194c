"""Many rows with one statement."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from sync.chain import Record
from sync.reference.tables import RecordRow

# Arrays, because a statement for each row would cost more than checking the row.
_UNNEST = (
    "INSERT INTO record (chain, seq, body, mac, head, arrived_at)"
    " SELECT %s, %s + row.number, row.body, row.mac, row.head, %s"
    " FROM unnest(%b::bytea[], %b::bytea[], %b::bytea[])"
    " WITH ORDINALITY AS row (body, mac, head, number)"
)


def add_records(db: Session, chain: str, made: Sequence[Record], now: datetime) -> None:
    """Add consecutive records of a chain, whose row the transaction has locked."""
    connection = db.connection()
    if connection.dialect.name == "postgresql":
        columns = ([record.body for record in made], [record.mac for record in made])
        heads = [record.head for record in made]
        at = now.astimezone(UTC).replace(tzinfo=None)
        connection.exec_driver_sql(_UNNEST, (chain, made[0].seq - 1, at, *columns, heads))
        return
    rows = [
        {
            "chain": chain,
            "seq": record.seq,
            "body": record.body,
            "mac": record.mac,
            "head": record.head,
            "arrived_at": now,
        }
        for record in made
    ]
    connection.execute(insert(RecordRow.__table__), rows)  # type: ignore[arg-type]
