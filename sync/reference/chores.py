"""What has to be done now and then: days' roots, and what was kept for its term goes.

Any process may do it at any time, several at once; whoever comes late does it late. Nothing
here deletes early: a term is counted in calendar months from the entry's own time, and where
the database has a clock of its own that disagrees by more than a day, nothing is deleted at all.
"""

import logging
import threading
import time
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from sync.contract import Policy
from sync.reference import evidence, rates, roots
from sync.reference.platform import Platform, policy_in_force
from sync.reference.problems import Refusal
from sync.reference.store import clocks_agree
from sync.reference.tables import OperationRow

log = logging.getLogger(__name__)
LEAST_MONTHS = 6
EVERY_S = 600.0
OBJECTS_EVERY_S = 86_400.0  # a million objects are a thousand pages of their list
_ENDS_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Done:
    """operations, guesses: how many were deleted. clock: whether it was believed."""

    roots: int = 0
    operations: int = 0
    guesses: int = 0
    clock: bool = True


def run(platform: Platform, *, objects: bool = True) -> Done:
    """Do everything that is due. objects: whether the object store is gone through as well."""
    made = roots.make_due(platform)
    now = platform.clock()
    with platform.store.writing() as db:
        if not clocks_agree(db, now):
            platform.running.log.error("clock", why="it is not the database's: nothing is deleted")
            return Done(roots=made, clock=False)
        try:
            _, policy = policy_in_force(db)
        except Refusal:
            return Done(roots=made)
        operations = sweep_operations(db, now, policy)
        guesses = rates.sweep(db, now)
    evidence.sweep_rows(platform)
    if objects:
        evidence.sweep_objects(platform)
    return Done(roots=made, operations=operations, guesses=guesses)


def operations_months(policy: Policy) -> int:
    """The operation log holds addresses, which are kept online as long as the rest (the pledge:
    24 months), and never less than the six months of requirement 22.
    """
    return max(LEAST_MONTHS, policy.keeps_months_online)


def sweep_operations(db: Session, now: datetime, policy: Policy) -> int:
    """Delete what is older than the term; how many lines."""
    before = months_before(now, operations_months(policy))
    gone = db.execute(delete(OperationRow).where(OperationRow.at < before))
    return int(getattr(gone, "rowcount", 0))


def months_before(time: datetime, months: int) -> datetime:
    """So many calendar months ago, at the latest: a month's 31st is then the other's last day."""
    year, month = divmod(time.year * 12 + time.month - 1 - months, 12)
    return time.replace(
        year=year, month=month + 1, day=min(time.day, monthrange(year, month + 1)[1])
    )


@contextmanager
def housekeeping(platform: Platform, every_s: float = EVERY_S) -> Iterator[None]:
    """A thread that does the chores now and then, while this lasts."""
    stop = threading.Event()

    def keep() -> None:
        gone_through = -OBJECTS_EVERY_S
        while True:
            begun = time.monotonic()
            objects = begun - gone_through >= OBJECTS_EVERY_S
            try:
                run(platform, objects=objects)
                gone_through = begun if objects else gone_through
            except SQLAlchemyError as error:  # the database is away: the next time, then
                platform.running.log.warning("chores", error=type(error).__name__)
            except Exception:
                # One fault must not end all chores for as long as the process runs.
                log.exception("the chores failed; they go on")
            if stop.wait(every_s):
                return

    thread = threading.Thread(target=keep, name="chores", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_ENDS_WITHIN_S)
