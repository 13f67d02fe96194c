"""What the supervising authority reads: institutions, learners, hours, runs. It changes nothing.

Every look at a learner stands in that learner's operation log.
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract import (
    SupervisedChain,
    SupervisedChains,
    SupervisedHours,
    SupervisedInstitution,
    SupervisedInstitutions,
    SupervisedLearner,
    SupervisedLearners,
)
from sync.operations import AuditList
from sync.reference import audit, bundles
from sync.reference.accounts import Account, SupervisorDep
from sync.reference.hours import count
from sync.reference.journal import note
from sync.reference.operations_tables import AuditRow
from sync.reference.paging import PageDep
from sync.reference.platform import AddressDep, Platform, PlatformDep, timestamp
from sync.reference.problems import Refusal, documented
from sync.reference.routes.institution import ENTRIES, entry
from sync.reference.tables import ChainRow, ClassRow, InstitutionRow, LearnerRow

router = APIRouter(prefix="/supervisor", tags=["supervisor"])
BUNDLE = "application/vnd.anxue.bundle"
_PROBLEMS = documented("signed_out", "forbidden")
_ABOUT = documented("signed_out", "forbidden", "not_found")
_NAME = r"^[A-Za-z0-9._-]{1,80}$"
_After = Annotated[
    str | None, Query(pattern=_NAME, description="`next` of the page before; the first without")
]
_Limit = Annotated[int, Query(ge=1, le=500, description="at most so many in a page")]
_Name = Annotated[str, Path(pattern=_NAME)]


@router.get("/institutions", responses=_PROBLEMS)
def supervised_institutions(
    platform: PlatformDep, _supervisor: SupervisorDep, after: _After = None, limit: _Limit = 100
) -> SupervisedInstitutions:
    """Every institution."""
    query = (
        select(InstitutionRow.id, InstitutionRow.name, func.count(LearnerRow.id).label("learners"))
        .outerjoin(LearnerRow, LearnerRow.institution == InstitutionRow.id)
        .group_by(InstitutionRow.id, InstitutionRow.name)
        .order_by(InstitutionRow.id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(InstitutionRow.id > after)
    with platform.store.reading() as db:
        rows = db.execute(query).all()
    return SupervisedInstitutions(
        items=tuple(
            SupervisedInstitution(id=row.id, name=row.name, learners=row.learners)
            for row in rows[:limit]
        ),
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.get("/learners", responses=_PROBLEMS)
def supervised_learners(
    platform: PlatformDep,
    _supervisor: SupervisorDep,
    institution: Annotated[str | None, Query(pattern=_NAME)] = None,
    after: _After = None,
    limit: _Limit = 100,
) -> SupervisedLearners:
    """Learners, of one institution or of all."""
    query = (
        select(LearnerRow, ClassRow.name.label("class_name"))
        .join(ClassRow, ClassRow.id == LearnerRow.class_id)
        .order_by(LearnerRow.id)
        .limit(limit + 1)
    )
    if institution is not None:
        query = query.where(LearnerRow.institution == institution)
    if after is not None:
        query = query.where(LearnerRow.id > after)
    with platform.store.reading() as db:
        rows = db.execute(query).all()
    return SupervisedLearners(
        items=tuple(
            SupervisedLearner(
                id=learner.id,
                name=learner.name,
                institution=learner.institution,
                class_id=learner.class_id,
                class_name=class_name,
            )
            for learner, class_name in rows[:limit]
        ),
        next=rows[limit - 1][0].id if len(rows) > limit else None,
    )


@router.get("/learners/{learner}/hours", responses=_ABOUT)
def supervised_hours(
    learner: _Name, platform: PlatformDep, supervisor: SupervisorDep, address: AddressDep
) -> SupervisedHours:
    """A learner's count, lesson by lesson, each stretch with its reason."""
    with platform.store.writing() as db:
        row = _learner(db, learner)
        note(db, platform, "hours read by the supervisor", learner=learner, address=address,
             detail=supervisor)  # fmt: skip
        _looked(db, platform, supervisor, "hours read", learner, address)
    with platform.store.reading() as db:
        counted = count(db, platform, Account(row.id, row.class_id, ""))
    return SupervisedHours(learner=learner, lessons=tuple(counted.values()))


@router.get("/learners/{learner}/chains", responses=_ABOUT)
def supervised_chains(
    learner: _Name,
    platform: PlatformDep,
    supervisor: SupervisorDep,
    address: AddressDep,
    after: _After = None,
    limit: _Limit = 100,
) -> SupervisedChains:
    """A learner's runs, oldest first."""
    query = select(ChainRow).where(ChainRow.learner == learner)
    with platform.store.writing() as db:
        _learner(db, learner)
        note(db, platform, "runs read by the supervisor", learner=learner, address=address,
             detail=supervisor)  # fmt: skip
        _looked(db, platform, supervisor, "runs read", learner, address)
    with platform.store.reading() as db:
        if after is not None:
            last = db.get(ChainRow, after)
            if last is None or last.learner != learner:
                raise Refusal("not_found", "after: no run of this learner's")
            query = query.where(
                (ChainRow.opened_at > last.opened_at)
                | ((ChainRow.opened_at == last.opened_at) & (ChainRow.id > last.id))
            )
        order = query.order_by(ChainRow.opened_at, ChainRow.id).limit(limit + 1)
        rows = db.scalars(order).all()
    return SupervisedChains(
        items=tuple(map(_chain, rows[:limit])),
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.get(
    "/chains/{chain}/bundle",
    response_class=Response,
    responses={
        200: {
            "content": {BUNDLE: {"schema": {"type": "string", "format": "binary"}}},
            "description": "The run as a record bundle: `main.py verify` examines it.",
        },
        **_ABOUT,
    },
)
def chain_bundle(
    chain: _Name, platform: PlatformDep, supervisor: SupervisorDep, address: AddressDep
) -> Response:
    """Every record of one run with its proofs, for an audit."""
    with platform.store.writing() as db:
        row = db.get(ChainRow, chain)
        if row is None:
            raise Refusal("not_found", "the platform does not know this chain")
        note(db, platform, "records read by the supervisor", learner=row.learner, address=address,
             detail=f"{supervisor}, {chain}")  # fmt: skip
        _looked(db, platform, supervisor, "records read", chain, address)
    with platform.store.reading() as db:
        data = bundles.of_chain(db, platform, db.get_one(ChainRow, chain))
    return Response(data, media_type=BUNDLE, headers={"cache-control": "no-store"})


@router.get("/audit", responses=_PROBLEMS, response_model_exclude_unset=True)
def supervised_audit(
    platform: PlatformDep,
    _supervisor: SupervisorDep,
    page: PageDep,
    institution: Annotated[
        str | None, Query(pattern=_NAME, description="whose log; the platform's own without")
    ] = None,
) -> AuditList:
    """The audit log of an institution, or of the platform itself, newest first."""
    query = (
        select(AuditRow)
        .where(AuditRow.log == (institution or audit.PLATFORM))
        .order_by(AuditRow.number.desc())
        .limit(page.size(ENTRIES) + 1)
    )
    after = page.key(int)
    if after is not None:
        query = query.where(AuditRow.number < after[0])
    with platform.store.reading() as db:
        rows, more = page.cut(db.scalars(query).all(), ENTRIES, lambda row: (row.number,))
    return AuditList(entries=tuple(map(entry, rows)), **more)


def _looked(
    db: Session, platform: Platform, who: str, action: str, subject: str, address: str
) -> None:
    """A look of the supervisor's stands in the platform's own log."""
    told = audit.Action(
        log=audit.PLATFORM, role="supervisor", who=who, action=action, subject=subject,
        address=address,
    )  # fmt: skip
    audit.write(db, platform.keys.vault, told, platform.clock())


def _learner(db: Session, learner: str) -> LearnerRow:
    row = db.get(LearnerRow, learner)
    if row is None:
        raise Refusal("not_found", "no such learner")
    return row


def _chain(row: ChainRow) -> SupervisedChain:
    return SupervisedChain(
        chain=row.id,
        learner=row.learner,
        seq=row.seq,
        sealed_seq=row.sealed_seq,
        head=row.head.hex(),
        opened_at=timestamp(row.opened_at),
        received_at=timestamp(row.received_at),
        closed_at=_perhaps(row.closed_at),
        taken_over_at=_perhaps(row.superseded_at),
        forked_at=_perhaps(row.forked_at),
    )


def _perhaps(time: datetime | None) -> str | None:
    return None if time is None else timestamp(time)
