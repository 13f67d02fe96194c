"""Learners' pictures: named by a record, then brought, kept for a term, and then gone."""

import hashlib
import logging
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.contract import EvidenceItem, EvidenceReceipt
from sync.facts import Moment, SnapshotTaken
from sync.reference.objects import MissingObjectError, ObjectsError
from sync.reference.platform import Platform, policy_of, timestamp
from sync.reference.problems import Refusal
from sync.reference.store import clocks_agree
from sync.reference.tables import ChainRow, EvidenceRow

log = logging.getLogger(__name__)
FOLDER = "evidence"
YOUNG = timedelta(days=1)
_SHA256 = re.compile(r"[0-9a-f]{64}")


def expect(
    db: Session, chain: ChainRow, fact: SnapshotTaken, moment: Moment, now: datetime
) -> None:
    """A record names a picture: from now on it may come. Raises Refusal."""
    if not _SHA256.fullmatch(fact.sha256):
        raise Refusal("invalid", "a picture is named by its SHA-256", seq=chain.seq)
    if "\x00" in fact.of_check or len(fact.of_check) > 200:
        raise Refusal("invalid", "no check has such a name", seq=chain.seq)
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


def sweep(db: Session, now: datetime) -> tuple[str, ...]:
    """Delete the rows of what has been kept for its term.

    Returns the objects that are to go as well, after the commit: `forget`. Nothing goes where our
    clock is not the database's.
    """
    if not clocks_agree(db, now):
        log.error("a clock is wrong: no picture is deleted")
        return ()
    over = EvidenceRow.kept_until <= now
    objects = db.scalars(
        select(EvidenceRow.object_key).where(over, EvidenceRow.object_key.is_not(None))
    ).all()
    db.execute(delete(EvidenceRow).where(over))
    return tuple(name for name in objects if name is not None)


def forget(platform: Platform, names: Iterable[str]) -> None:
    """Delete objects whose rows are gone. What fails now is found by `sweep_objects`."""
    if platform.objects is None:
        return
    for name in names:
        try:
            platform.objects.delete(name)
        except ObjectsError as error:
            log.warning("an object stays for now: %s", error)
            return


def keep(platform: Platform, sha256: str, sealed: bytes) -> str | None:
    """Put a picture's bytes into the object store, before its row says that they are there.

    Returns its name; None where pictures are kept in the database. Raises Refusal.
    """
    if platform.objects is None:
        return None
    name = f"{FOLDER}/{sha256[:2]}/{sha256}"
    try:
        platform.objects.put(name, sealed)
    except ObjectsError as error:
        raise Refusal("unavailable", "the picture cannot be kept now; send it again later") from (
            error
        )
    return name


def sealed_bytes(platform: Platform, row: EvidenceRow) -> bytes | None:
    """The picture as it came, from wherever it is kept. None: it is not there. Raises Refusal."""
    if row.object_key is None:
        return row.sealed
    if platform.objects is None:
        raise Refusal("unavailable", "the place where pictures are kept is not joined")
    try:
        data = platform.objects.get(row.object_key)
    except MissingObjectError:
        log.error("a picture's object is missing: %s", row.object_key)
        return None
    except ObjectsError as error:
        raise Refusal("unavailable", "the pictures cannot be reached now") from error
    if hashlib.sha256(data).hexdigest() != row.sha256:
        log.error("a picture's object has other bytes: %s", row.object_key)
        return None
    return data


def sweep_rows(platform: Platform) -> None:
    """Delete what has been kept for its term, rows and objects."""
    with platform.store.writing() as db:
        names = sweep(db, platform.clock())
    forget(platform, names)


def sweep_objects(platform: Platform) -> int:
    """Delete objects that no row names: a crash left them. How many.

    One younger than a day may belong to a row that is just being written.
    """
    if platform.objects is None:
        return 0
    now, gone = platform.clock(), 0
    with platform.store.reading() as db:
        if not clocks_agree(db, now):
            return 0
    try:
        old = (
            name for name, written in platform.objects.names(f"{FOLDER}/") if now - written > YOUNG
        )
        while some := list(islice(old, 500)):
            with platform.store.reading() as db:
                known = select(EvidenceRow.object_key).where(EvidenceRow.object_key.in_(some))
                named = set(db.scalars(known))
            for name in set(some) - named:
                platform.objects.delete(name)
                gone += 1
    except ObjectsError as error:
        log.warning("orphaned objects stay for now: %s", error)
    return gone


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
