"""What neighbours have still to get: written in the transaction that keeps the records.

    enqueue(db, platform, chain, first, last)     one row a batch and destination, if any is joined
    claimed = claim(db, "xapi", now, lease)       a worker takes the next one
    settle(db, claimed, Delivered(), now, chance) and says what became of it

Records that were kept are so certain to be forwarded, at least once: a worker that dies leaves a
lease that ends. What a neighbour refuses for good, or does not take for days, becomes a dead
letter with the reason, and only a person sends it on its way again. Several workers may run: on
PostgreSQL a row that one is taking is skipped by the others, on SQLite they take turns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from sync.reference.integration_tables import ForwardingRow
from sync.reference.integrations import SUPERVISION
from sync.reference.tables import ChainRow

if TYPE_CHECKING:
    from sync.reference.platform import Platform

LEASE = timedelta(minutes=5)
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 3600.0
LONGEST_ASKED_S = 6 * 3600.0
MAX_TRIES = 60
"""About two days at an hour each: over a weekend nothing is given up that Monday mends."""
MAX_REFUSALS = 5
MAX_ERROR = 500
REPORT_DELAY = timedelta(minutes=5)
"""The supervision platform gets a learner's count, not records: once for so much study."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The neighbour has it, now or from before."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; it is the neighbour's or the line's fault. after_s: what `Retry-After` asked."""

    reason: str
    after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The neighbour does not take this, and says that it is our fault. A few tries, then dead."""

    reason: str


Outcome = Delivered | Later | Refused


@dataclass(frozen=True, slots=True)
class Claimed:
    """An entry that a worker is at. tries: those that failed before."""

    id: int
    destination: str
    chain: str
    first_seq: int
    last_seq: int
    tries: int
    lease: str


@dataclass(frozen=True, slots=True)
class Depth:
    """waiting: entries on their way. dead: given up. oldest_s: how long the oldest waits."""

    destination: str
    waiting: int
    dead: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An entry that was given up, and why."""

    id: int
    destination: str
    chain: str
    first_seq: int
    last_seq: int
    tries: int
    dead_at: datetime
    error: str


def enqueue(db: Session, platform: "Platform", chain: str, first_seq: int, last_seq: int) -> None:
    """In the records' own transaction: they are to be forwarded to every joined neighbour."""
    now = platform.clock()
    for destination in platform.settings.integrations.destinations:
        db.add(_entry(destination, chain, first_seq, last_seq, now))


def enqueue_report(db: Session, platform: "Platform", chain: str) -> None:
    """The count of this run's learner has changed without a record: a test, a verdict."""
    if SUPERVISION in platform.settings.integrations.destinations:
        db.add(_entry(SUPERVISION, chain, 0, 0, platform.clock()))


def backfill(db: Session, destination: str, now: datetime) -> int:
    """Every record that is kept, for a neighbour that was joined later; how many chains.

    Sent twice is harmless: neighbours know what they have by its id.
    """
    waiting = select(ForwardingRow.chain).where(
        ForwardingRow.destination == destination, ForwardingRow.first_seq == 1
    )
    query = select(ChainRow.id, ChainRow.seq).where(ChainRow.seq > 0, ChainRow.id.not_in(waiting))
    chains = db.execute(query.order_by(ChainRow.opened_at)).all()
    for chain in chains:
        db.add(_entry(destination, chain.id, 1, chain.seq, now))
    return len(chains)


def claim(db: Session, destination: str, now: datetime, lease: str) -> Claimed | None:
    """Take the oldest entry that is due and nobody's; None without one."""
    query = (
        select(ForwardingRow)
        .where(
            ForwardingRow.destination == destination,
            ForwardingRow.dead_at.is_(None),
            ForwardingRow.not_before <= now,
            or_(ForwardingRow.leased_until.is_(None), ForwardingRow.leased_until <= now),
        )
        .order_by(ForwardingRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = db.scalar(query)
    if row is None:
        return None
    row.lease, row.leased_until = lease, now + LEASE
    return Claimed(row.id, destination, row.chain, row.first_seq, row.last_seq, row.tries, lease)


def also_of(db: Session, claimed: Claimed, chains: set[str], now: datetime) -> list[Claimed]:
    """Take further entries of these chains as well: what one message says answers them all."""
    query = (
        select(ForwardingRow)
        .where(
            ForwardingRow.destination == claimed.destination,
            ForwardingRow.chain.in_(chains),
            ForwardingRow.dead_at.is_(None),
            ForwardingRow.id != claimed.id,
            or_(ForwardingRow.leased_until.is_(None), ForwardingRow.leased_until <= now),
        )
        .with_for_update(skip_locked=True)
    )
    rows = db.scalars(query).all()
    for row in rows:
        row.lease, row.leased_until = claimed.lease, now + LEASE
    return [
        Claimed(row.id, row.destination, row.chain, row.first_seq, row.last_seq, row.tries,
                claimed.lease)
        for row in rows
    ]  # fmt: skip


def settle(
    db: Session,
    claimed: Claimed,
    outcome: Outcome,
    now: datetime,
    chance: float,
    *,
    done_to: int | None = None,
    refused: Sequence[tuple[int, str]] = (),
) -> None:
    """Note what became of an entry. A worker whose lease another has by now changes nothing.

    chance: 0 to 1, spreads the waits. done_to: the last record that is settled although the
    whole did not go through; the entry goes on after it. refused: single records among them
    that the neighbour will never take: each becomes a dead letter of its own.
    """
    row = db.get(ForwardingRow, claimed.id, with_for_update=True)
    if row is None or row.lease != claimed.lease:
        return
    for seq, reason in refused:
        dead = _entry(claimed.destination, claimed.chain, seq, seq, now)
        dead.tries, dead.dead_at, dead.error = 1, now, reason[:MAX_ERROR]
        db.add(dead)
    if done_to is not None and done_to >= row.first_seq:
        row.first_seq, row.tries = done_to + 1, 0  # it moves: the neighbour is there
    match outcome:
        case Delivered():
            db.delete(row)
            return
        case Refused(reason):
            row.tries += 1
            row.error = reason[:MAX_ERROR]
            row.not_before = now + timedelta(seconds=wait_s(row.tries, None, chance))
            if row.tries >= MAX_REFUSALS:
                row.dead_at = now
        case Later(reason, after_s):
            row.tries += 1
            row.error = reason[:MAX_ERROR]
            row.not_before = now + timedelta(seconds=wait_s(row.tries, after_s, chance))
            if row.tries >= MAX_TRIES:
                row.dead_at = now
    row.lease = row.leased_until = None


def wait_s(tries: int, asked_s: float | None, chance: float) -> float:
    """How long to wait after so many failures: doubled each time, up to an hour, spread.

    What the neighbour asked for is obeyed, up to six hours: no header silences us for ever.
    """
    grown = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(tries - 1, 20))
    own = grown * (0.5 + 0.5 * chance)
    return own if asked_s is None else max(own, min(asked_s, LONGEST_ASKED_S))


def depth(db: Session, now: datetime) -> tuple[Depth, ...]:
    """How much waits, by destination: for gauges, and for whoever looks."""
    alive = ForwardingRow.dead_at.is_(None)
    query = (
        select(
            ForwardingRow.destination,
            func.count().filter(alive).label("waiting"),
            func.count().filter(~alive).label("dead"),
            func.min(ForwardingRow.created_at).filter(alive).label("oldest"),
        )
        .group_by(ForwardingRow.destination)
        .order_by(ForwardingRow.destination)
    )
    return tuple(
        Depth(
            row.destination,
            row.waiting,
            row.dead,
            (now - row.oldest).total_seconds() if row.oldest else 0.0,
        )
        for row in db.execute(query)
    )


def dead_letters(db: Session, destination: str | None = None) -> Iterator[DeadLetter]:
    """What was given up, oldest first."""
    query = select(ForwardingRow).where(ForwardingRow.dead_at.is_not(None))
    if destination is not None:
        query = query.where(ForwardingRow.destination == destination)
    for row in db.scalars(query.order_by(ForwardingRow.id)):
        assert row.dead_at is not None
        yield DeadLetter(
            row.id,
            row.destination,
            row.chain,
            row.first_seq,
            row.last_seq,
            row.tries,
            row.dead_at,
            row.error,
        )


def retry(db: Session, now: datetime, ids: set[int] | None = None) -> int:
    """Send dead letters on their way again: these, or all; how many."""
    query = update(ForwardingRow).where(ForwardingRow.dead_at.is_not(None))
    if ids is not None:
        query = query.where(ForwardingRow.id.in_(ids))
    changed = db.execute(query.values(dead_at=None, tries=0, not_before=now, lease=None))
    return int(getattr(changed, "rowcount", 0))


def drop(db: Session, ids: set[int]) -> int:
    """Give dead letters up for good, because a person has dealt with them; how many."""
    gone = db.execute(
        delete(ForwardingRow).where(ForwardingRow.dead_at.is_not(None), ForwardingRow.id.in_(ids))
    )
    return int(getattr(gone, "rowcount", 0))


def _entry(destination: str, chain: str, first: int, last: int, now: datetime) -> ForwardingRow:
    return ForwardingRow(
        destination=destination,
        chain=chain,
        first_seq=first,
        last_seq=last,
        created_at=now,
        not_before=now + REPORT_DELAY if destination == SUPERVISION else now,
        tries=0,
        error="",
    )
