"""A learner's own count and operation log."""

from fastapi import APIRouter
from sqlalchemy import select

from sync.contract import Hours, LessonCredit, Operation
from sync.reference.accounts import LearnerDep
from sync.reference.hours import count
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
        operations=tuple(
            Operation(
                at=timestamp(row.at), action=row.action, address=row.address, detail=row.detail
            )
            for row in operations
        ),
    )
