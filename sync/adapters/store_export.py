"""What a store hands to an auditor: the record bundle, see `sync.bundle`."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sync import bundle
from sync import chain as links


class Rows(Protocol):
    def __call__(self, sql: str, *values: Any) -> list[sqlite3.Row]: ...


def export(
    rows: Rows, record: Callable[[sqlite3.Row], links.Record], chains: Sequence[str] | None
) -> bytes:
    """These chains, or all that have a record, oldest first. record: opens a row of `records`."""
    found = rows("SELECT * FROM chains JOIN texts USING (chain) WHERE last > 0 ORDER BY number")
    wanted = [row for row in found if chains is None or row["chain"] in chains]
    return bundle.write([_bundled(rows, record, row) for row in wanted])


def _bundled(
    rows: Rows, record: Callable[[sqlite3.Row], links.Record], row: sqlite3.Row
) -> bundle.BundledChain:
    """Up to the first hole that damage left: a shorter bundle proves less, and nothing false."""
    name = row["chain"]
    found = rows("SELECT * FROM records WHERE chain = ? ORDER BY seq", name)
    whole = [record(each) for place, each in enumerate(found, 1) if each["seq"] == place]
    return bundle.BundledChain(
        chain=name,
        grant=row["grant"],
        policy=row["policy"],
        certificate=row["certificate"],
        beacon_index=row["first_beacon"],
        beacon_value=row["first_value"],
        records=tuple(bundle.BundledRecord(each.seq, each.head, each.body) for each in whole),
        seals=_signed(rows, "seals", name, len(whole)),
        receipts=_signed(rows, "receipts", name, len(whole)),
    )


def _signed(rows: Rows, table: str, name: str, last: int) -> tuple[bundle.Signed, ...]:
    query = f"SELECT seq, jws FROM {table} WHERE chain = ? AND seq <= ? ORDER BY number"  # noqa: S608
    return tuple(bundle.Signed(row["seq"], row["jws"]) for row in rows(query, name, last))
