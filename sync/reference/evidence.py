"""Learners' pictures: named by a record, then brought, kept for a term, and then gone."""

import re
from calendar import monthrange
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from sync.contract import EvidenceItem, EvidenceReceipt
from sync.facts import Moment, SnapshotTaken
from sync.reference.platform import policy_of, timestamp
from sync.reference.problems import Refusal
from sync.reference.tables import ChainRow, EvidenceRow

_SHA256 = re.compile(r"[0-9a-f]{64}")


def expect(
    db: Session, chain: ChainRow, fact: SnapshotTaken, moment: Moment, now: datetime
) -> None:
    """A record names a picture: from now on it may come. Raises Refusal."""
    if not _SHA256.fullmatch(fact.sha256):
        raise Refusal("invalid", "a picture is named by its SHA-256", seq=chain.seq)
    if db.get(EvidenceRow, (chain.learner, fact.sha256)) is not None:
        return  # named twice; the first record stands
    db.add(
        EvidenceRow(
            learner=chain.learner,
            sha256=fact.sha256,
            chain=chain.id,
            lesson=fact.lesson,
            why=fact.why,
            check=fact.of_check,
            size_bytes=fact.size_bytes,
            taken_at=moment.wall,
            kept_until=_later(now, policy_of(db, chain).keeps_months_offline),
        )
    )


def sweep(db: Session, now: datetime) -> int:
    """Delete what has been kept for its term; how many."""
    gone = db.execute(delete(EvidenceRow).where(EvidenceRow.kept_until <= now))
    return int(getattr(gone, "rowcount", 0))


def receipt(row: EvidenceRow) -> EvidenceReceipt:
    assert row.received_at is not None
    return EvidenceReceipt(
        sha256=row.sha256,
        received_at=timestamp(row.received_at),
        kept_until=timestamp(row.kept_until),
    )


def item(row: EvidenceRow) -> EvidenceItem:
    assert row.received_at is not None
    return EvidenceItem.model_validate(
        {
            "sha256": row.sha256,
            "lesson": row.lesson,
            "why": row.why,
            "check": row.check,
            "taken_at": row.taken_at,
            "received_at": timestamp(row.received_at),
            "kept_until": timestamp(row.kept_until),
        }
    )


def _later(time: datetime, months: int) -> datetime:
    """So many calendar months on; the last of a month stays the last."""
    years, month = divmod(time.month - 1 + months, 12)
    year = time.year + years
    return time.replace(
        year=year, month=month + 1, day=min(time.day, monthrange(year, month + 1)[1])
    )
