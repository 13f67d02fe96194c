"""The day's root: one signature over where all chains stood at the end of a day.

A day has a leaf for each chain that got records in it (its newest record before the day's end,
by arrival) and for each audit log that has grown since its last leaf. What came with a wrong
clock, or too late for its own day, is in the next one. Each root names the one
before, so that whoever has the newest has all: neither the platform's staff nor its database
can rewrite an older day without its being seen.

Any process makes what is due, whenever it gets to it: the leaves follow from records that no
longer change, and the database lets only one of several win.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sync import seal
from sync.merkle import Leaf, Tree, leaf_hash
from sync.operations import ChainProofs, Inclusion, Root
from sync.reference import audit
from sync.reference.operations_tables import AuditHeadRow, RootLeafRow, RootRow
from sync.reference.platform import Platform, timestamp
from sync.reference.store import Store
from sync.reference.tables import BatchRow, RecordRow

SETTLED = timedelta(minutes=15)
"""A day is closed so long after its end: by then every transaction of it has ended, and clocks of
gateways that are further apart are broken."""

LATE = timedelta(days=7)
"""How far back a day looks for what missed its own root."""

_CHUNK = 500
_MAKING = threading.Lock()
_LOCK = 0x726F6F74  # "root"


@dataclass(frozen=True, slots=True)
class _Day:
    name: str
    since: datetime
    until: datetime


def make_due(platform: Platform) -> int:
    """Make the roots of all days that are over; how many. Several processes may try at once."""
    made = 0
    while True:
        with platform.store.reading() as db:  # nearly always there is nothing to do
            if _next_day(db, platform, _newest(db)) is None:
                return made
        try:
            with platform.store.writing() as db:
                if not _make_next(db, platform):
                    return made
        except IntegrityError:
            return made  # another process was quicker, and goes on
        made += 1
        platform.running.log.info("root", count=made)


def proofs(store: Store, chain: str) -> ChainProofs | None:
    """That the chain's heads stand under the roots; None where no root has it."""
    with store.reading() as db:
        leaves = db.scalars(
            select(RootLeafRow)
            .where(RootLeafRow.kind == "chain", RootLeafRow.name == chain)
            .order_by(RootLeafRow.root)
        ).all()
        days = {row.number: row.day for row in db.scalars(
            select(RootRow).where(RootRow.number.in_([leaf.root for leaf in leaves]))
        )}  # fmt: skip
    if not leaves:
        return None
    return ChainProofs(
        chain=chain,
        proofs=tuple(
            Inclusion(
                day=days[leaf.root],
                seq=leaf.seq,
                head=leaf.head.hex(),
                place=leaf.place,
                path=tuple(each.hex() for each in _tree(store, leaf.root).path(leaf.place)),
            )
            for leaf in leaves
        ),
    )


def _make_next(db: Session, platform: Platform) -> bool:
    if db.get_bind().dialect.name == "postgresql":
        # One after the other: each statement sees what others have committed since the last one,
        # and a root must not be made of two views. SQLite's writers take turns anyway.
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    newest = _newest(db)
    day = _next_day(db, platform, newest)
    if day is None:
        return False
    number = newest.number + 1 if newest else 1
    leaves = sorted((*_chains(db, day), *_audit_logs(db)), key=lambda leaf: (leaf.kind, leaf.name))
    now = platform.clock()
    root = Root(
        number=number,
        day=day.name,
        since=timestamp(day.since),
        until=timestamp(day.until),
        size=len(leaves),
        root=Tree([leaf_hash(leaf.data()) for leaf in leaves]).root.hex(),
        previous=seal.text_sha256(newest.text) if newest else "0" * 64,
        made_at=timestamp(now),
    )
    signed = seal.sign(root, "root", platform.keys.signer)
    db.add(RootRow(number=number, day=day.name, text=signed, until=day.until, made_at=now))
    db.flush()
    db.add_all(
        RootLeafRow(
            root=number, place=place, kind=leaf.kind, name=leaf.name, seq=leaf.seq, head=leaf.head
        )
        for place, leaf in enumerate(leaves)
    )
    return True


def _newest(db: Session) -> RootRow | None:
    return db.scalars(select(RootRow).order_by(RootRow.number.desc()).limit(1)).first()


def _next_day(db: Session, platform: Platform, newest: RootRow | None) -> _Day | None:
    """The first day after the newest root that got records and is over."""
    query = select(func.min(BatchRow.arrived_at))
    if newest is not None:
        query = query.where(BatchRow.arrived_at >= newest.until)
    first = db.scalar(query)
    if first is None:
        return None
    offset = timedelta(seconds=platform.settings.day_offset_s)
    midnight = (first + offset).replace(hour=0, minute=0, second=0, microsecond=0)
    day = _Day(f"{midnight:%Y-%m-%d}", midnight - offset, midnight - offset + timedelta(days=1))
    return day if day.until + SETTLED <= platform.clock() else None


def _chains(db: Session, day: _Day) -> Iterator[Leaf]:
    """The head of each chain before the day's end that no root has yet."""
    last = (
        select(BatchRow.chain, func.max(BatchRow.last_seq).label("seq"))
        .where(BatchRow.arrived_at >= day.since - LATE, BatchRow.arrived_at < day.until)
        .group_by(BatchRow.chain)
        .subquery()
    )
    known = (
        select(RootLeafRow.name, func.max(RootLeafRow.seq).label("seq"))
        .where(RootLeafRow.kind == "chain", RootLeafRow.name.in_(select(last.c.chain)))
        .group_by(RootLeafRow.name)
        .subquery()
    )
    query = (
        select(RecordRow.chain, RecordRow.seq, RecordRow.head)
        .join(last, (RecordRow.chain == last.c.chain) & (RecordRow.seq == last.c.seq))
        .outerjoin(known, known.c.name == last.c.chain)
        .where(func.coalesce(known.c.seq, 0) < last.c.seq)
    )
    for row in db.execute(query.execution_options(yield_per=_CHUNK)):
        yield Leaf("chain", row.chain, row.seq, row.head)


def _audit_logs(db: Session) -> Iterator[Leaf]:
    """Where each audit log stands now, unless the newest root that has it says so already."""
    known = {
        row.name: row.seq
        for row in db.execute(
            select(RootLeafRow.name, func.max(RootLeafRow.seq).label("seq"))
            .where(RootLeafRow.kind == "audit")
            .group_by(RootLeafRow.name)
        )
    }
    for head in db.scalars(select(AuditHeadRow).where(AuditHeadRow.number > 0)):
        name = audit.log_name(head.log)
        if known.get(name, 0) < head.number:
            yield Leaf("audit", name, head.number, head.hash)


def _tree(store: Store, root: int) -> Tree:
    """The tree of a day that was made: it never changes. 64 MB for a million chains.

    One is made at a time: whoever else asks for it meanwhile waits, and has it then.
    """
    with _MAKING:
        return _kept_tree(store, root)


@lru_cache(maxsize=4)
def _kept_tree(store: Store, root: int) -> Tree:
    with store.reading() as db:
        rows = db.execute(
            select(RootLeafRow.kind, RootLeafRow.name, RootLeafRow.seq, RootLeafRow.head)
            .where(RootLeafRow.root == root)
            .order_by(RootLeafRow.place)
        )
        return Tree([leaf_hash(Leaf(row.kind, row.name, row.seq, row.head).data()) for row in rows])
