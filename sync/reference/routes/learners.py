"""A learner's own count and operation log."""

from datetime import UTC, datetime

from fastapi import APIRouter
from sqlalchemy import select

from sync.contract import Hours, LessonCredit, Operation
from sync.explained import CreditMinute, CreditMinutes, Minute, minutes
from sync.operations import OperationList
from sync.reference.accounts import LearnerDep
from sync.reference.hours import count, watchings
from sync.reference.paging import PageDep
from sync.reference.platform import PlatformDep, timestamp
from sync.reference.problems import Refusal, documented
from sync.reference.tables import OperationRow

router = APIRouter(prefix="/learners/me", tags=["learners"])
MAX_OPERATIONS = 200


@router.get("/credit/{lesson}", responses=documented("signed_out", "not_found", "taken_over"))
def lesson_credit(lesson: str, platform: PlatformDep, account: LearnerDep) -> LessonCredit:
    """One lesson's count, stretch by stretch, with the reason for what is not counted."""
    with platform.store.reading() as db:
        counted = count(db, platform, account)
    if lesson not in counted:
        raise Refusal("not_found", "no such lesson among the learner's courses")
    return counted[lesson]


@router.get(
    "/credit/{lesson}/minutes", responses=documented("signed_out", "not_found", "taken_over")
)
def lesson_minutes(lesson: str, platform: PlatformDep, account: LearnerDep) -> CreditMinutes:
    """The same minute by minute, by the platform's clock: what was watched when, and what
    became of it. Film that was watched twice is in two minutes.
    """
    with platform.store.reading() as db:
        told = watchings(db, platform, account, lesson)
    if told is None:
        raise Refusal("not_found", "no such lesson among the learner's courses")
    return CreditMinutes(lesson=lesson, minutes=tuple(map(_minute, minutes(told))))


def _minute(told: Minute) -> CreditMinute:
    return CreditMinute(
        at=timestamp(datetime.fromtimestamp(told.at_s, UTC)),
        from_s=told.from_s,
        to_s=told.to_s,
        credited_s=told.credited_s,
        provisional_s=told.provisional_s,
        not_counted_s=told.not_counted_s,
        reasons=dict(told.reasons),
    )


@router.get("/hours", responses=documented("signed_out", "taken_over"))
def hours(platform: PlatformDep, account: LearnerDep) -> Hours:
    """The count of every lesson, and what was done in the learner's name."""
    query = (
        select(OperationRow)
        .where(OperationRow.learner == account.learner)
        .order_by(OperationRow.id.desc())
        .limit(MAX_OPERATIONS)
    )
    with platform.store.reading() as db:
        counted = count(db, platform, account)
        operations = db.scalars(query).all()
    return Hours(
        lessons=tuple(counted.values()),
        operations=tuple(map(_operation, operations)),
    )


@router.get(
    "/operations",
    responses=documented("signed_out", "taken_over"),
    response_model_exclude_unset=True,
)
def my_operations(platform: PlatformDep, account: LearnerDep, page: PageDep) -> OperationList:
    """What was done in the learner's name, and by whom from where; newest first."""
    query = (
        select(OperationRow)
        .where(OperationRow.learner == account.learner)
        .order_by(OperationRow.id.desc())
        .limit(page.size(MAX_OPERATIONS) + 1)
    )
    after = page.key(int)
    if after is not None:
        query = query.where(OperationRow.id < after[0])
    with platform.store.reading() as db:
        rows, more = page.cut(db.scalars(query).all(), MAX_OPERATIONS, lambda row: (row.id,))
    return OperationList(operations=tuple(map(_operation, rows)), **more)


def _operation(row: OperationRow) -> Operation:
    return Operation(
        at=timestamp(row.at), action=row.action, address=row.address, detail=row.detail
    )
