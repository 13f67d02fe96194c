"""What an institution asks about its own: learners' progress and hours, the audit log."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import select

from sync.operations import AuditEntry, AuditList, LearnerList
from sync.reference import audit
from sync.reference.accounts import InstitutionDep
from sync.reference.operations_tables import AuditRow
from sync.reference.paging import PageDep
from sync.reference.platform import AddressDep, PlatformDep, timestamp
from sync.reference.problems import Refusal, documented
from sync.reference.reports import Period, as_csv, learner_hours
from sync.reference.tables import LearnerRow

router = APIRouter(prefix="/institution", tags=["institution"])
LEARNERS = 50
ENTRIES = 200
_CSV = "text/csv"
_Time = Annotated[
    str | None,
    Query(
        max_length=40,
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$",
        description="RFC 3339, UTC",
    ),
]


@router.get(
    "/learners",
    responses={
        200: {
            "model": LearnerList,
            "content": {_CSV: {"schema": {"type": "string"}}},
            "description": "A page; as CSV the next one's address is in `Link`, rel=next.",
        },
        **documented("signed_out", "forbidden"),
    },
)
def institution_learners(
    platform: PlatformDep,
    institution: InstitutionDep,
    address: AddressDep,
    request: Request,
    page: PageDep,
    since: _Time = None,
    until: _Time = None,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """The institution's learners by id, their progress, their hours, and those of a period."""
    period = Period(_time("since", since), _time("until", until))
    if period.since and period.until and period.since > period.until:
        raise Refusal("invalid", "since: after until")
    query = (
        select(LearnerRow)
        .where(LearnerRow.institution == institution)
        .order_by(LearnerRow.id)
        .limit(page.size(LEARNERS) + 1)
    )
    after = page.key(str)
    if after is not None:
        query = query.where(LearnerRow.id > after[0])
    with platform.store.reading() as db:
        rows, more = page.cut(db.scalars(query).all(), LEARNERS, lambda row: (row.id,))
        lines = tuple(learner_hours(db, platform, row, period) for row in rows)
    with platform.store.writing() as db:
        audit.by_institution(
            *(db, platform, institution, "statistics read"),
            subject=f"{lines[0].learner} – {lines[-1].learner}" if lines else "",
            detail=form,
            address=address,
        )
    if form == "json":
        told = LearnerList(learners=lines, from_time=since, until_time=until, **more)
        return JSONResponse(told.model_dump(mode="json", exclude_unset=True))
    headers = {"cache-control": "no-store"}
    if "next" in more:
        headers["link"] = f'<{request.url.include_query_params(after=more["next"])}>; rel="next"'
    return Response(as_csv(lines), media_type=f"{_CSV}; charset=utf-8", headers=headers)


@router.get(
    "/audit",
    responses=documented("signed_out", "forbidden"),
    response_model_exclude_unset=True,
)
def institution_audit(
    platform: PlatformDep, institution: InstitutionDep, page: PageDep
) -> AuditList:
    """What the institution's own people and systems did, newest first."""
    query = (
        select(AuditRow)
        .where(AuditRow.log == institution)
        .order_by(AuditRow.number.desc())
        .limit(page.size(ENTRIES) + 1)
    )
    after = page.key(int)
    if after is not None:
        query = query.where(AuditRow.number < after[0])
    with platform.store.reading() as db:
        rows, more = page.cut(db.scalars(query).all(), ENTRIES, lambda row: (row.number,))
    return AuditList(entries=tuple(map(entry, rows)), **more)


def entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        number=row.number,
        at=timestamp(row.at),
        role=row.role,
        who=row.who,
        action=row.action,
        subject=row.subject,
        detail=row.detail,
        address=row.address,
        hash=row.hash.hex(),
    )


def _time(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal("invalid", f"{name}: no such time") from error
