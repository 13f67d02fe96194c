"""Learners ask a person; the institution reads, looks, and decides about a check."""

from collections import defaultdict
from datetime import timedelta

from fastapi import APIRouter, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract import Appeal, AppealItem, AppealList, AppealReceipt, Verdict
from sync.facts import CheckIssued, IdentityConfirmed
from sync.history import sign_in_check
from sync.reference import audit, forwarding
from sync.reference.accounts import InstitutionDep, LearnerDep
from sync.reference.contact import has_contact
from sync.reference.hours import entries_of
from sync.reference.intake import chain_of
from sync.reference.journal import note
from sync.reference.paging import PageDep
from sync.reference.platform import AddressDep, Platform, PlatformDep, timestamp
from sync.reference.problems import Refusal, documented
from sync.reference.store import in_turn
from sync.reference.tables import AppealRow, ChainRow, EvidenceRow, LearnerRow, VerdictRow

router = APIRouter(tags=["appeals"])
MAX_APPEALS = 500


@router.post("/appeals", responses=documented("signed_out", "forbidden", "not_found", "taken_over"))
def file_appeal(
    appeal: Appeal, platform: PlatformDep, account: LearnerDep, address: AddressDep
) -> AppealReceipt:
    """Ask a person to look at what was not counted. The same appeal again: the same number."""
    if has_contact(appeal.text) or has_contact(appeal.reason):
        raise Refusal("invalid", "contact data in the text")
    told = appeal.model_dump()
    with platform.store.writing() as db:
        in_turn(db, "appeals")
        chain_of(db, account, appeal.chain)
        known = db.scalars(
            select(AppealRow).filter_by(learner=account.learner, **told).limit(1)
        ).first()
        if known is None:
            known = AppealRow(
                number=_number(db, platform),
                learner=account.learner,
                received_at=platform.clock(),
                **told,
            )
            db.add(known)
            note(db, platform, "appeal", learner=account.learner, address=address,
                 detail=f"{known.number}, {appeal.check}")  # fmt: skip
        return AppealReceipt(number=known.number, received_at=timestamp(known.received_at))


@router.get(
    "/institution/appeals",
    responses=documented("signed_out", "forbidden"),
    response_model_exclude_unset=True,
)
def appeals(platform: PlatformDep, institution: InstitutionDep, page: PageDep) -> AppealList:
    """What the institution's learners have asked, newest first."""
    query = (
        select(AppealRow)
        .join(LearnerRow, LearnerRow.id == AppealRow.learner)
        .where(LearnerRow.institution == institution)
        .order_by(AppealRow.number.desc())
        .limit(page.size(MAX_APPEALS) + 1)
    )
    after = page.key(str)
    if after is not None:
        query = query.where(AppealRow.number < after[0])
    with platform.store.reading() as db:
        rows, more = page.cut(db.scalars(query).all(), MAX_APPEALS, lambda row: (row.number,))
        chains = {row.chain for row in rows}
        decided = {
            row.check: row.counts
            for row in db.scalars(select(VerdictRow).where(VerdictRow.chain.in_(chains)))
        }
        kept = defaultdict(list)
        pictures = select(EvidenceRow).where(
            EvidenceRow.chain.in_(chains), EvidenceRow.received_at.is_not(None)
        )
        for picture in db.scalars(pictures.order_by(EvidenceRow.taken_at)):
            kept[picture.chain, picture.check].append(picture.sha256)
    return AppealList(
        appeals=tuple(
            AppealItem(
                number=row.number,
                received_at=timestamp(row.received_at),
                learner=row.learner,
                chain=row.chain,
                check=row.check,
                lesson=row.lesson,
                reason=row.reason,
                text=row.text,
                counts=decided.get(row.check),
                evidence=tuple(kept[row.chain, row.check]) if row.check else (),
            )
            for row in rows
        ),
        **more,
    )


@router.put(
    "/institution/checks/{check}/verdict",
    status_code=204,
    responses=documented("signed_out", "forbidden", "not_found"),
)
def decide(
    check: str,
    verdict: Verdict,
    platform: PlatformDep,
    institution: InstitutionDep,
    address: AddressDep,
) -> Response:
    """Whether a check counts; it stands above what was measured, and may be changed.

    check: as the records name it; `{chain}.0` is the check at sign-in.
    """
    with platform.store.writing() as db:
        chain = db.scalar(
            select(ChainRow)
            .join(LearnerRow, LearnerRow.id == ChainRow.learner)
            .where(ChainRow.id == check.rpartition(".")[0], LearnerRow.institution == institution)
        )
        if chain is None or not _was_asked(db, chain.id, check):
            raise Refusal("not_found", "no such check of the institution's learners")
        db.merge(
            VerdictRow(
                check=check,
                chain=chain.id,
                counts=verdict.counts,
                institution=institution,
                at=platform.clock(),
            )
        )
        forwarding.enqueue_report(db, platform, chain.id)
        note(db, platform, "check decided", learner=chain.learner, address=address,
             detail=f"{check}: {'counts' if verdict.counts else 'does not count'}")  # fmt: skip
        audit.by_institution(
            *(db, platform, institution, "check decided"),
            subject=chain.learner,
            detail=f"{check}: {'counts' if verdict.counts else 'does not count'}",
            address=address,
        )
    return Response(status_code=204)


def _was_asked(db: Session, chain: str, check: str) -> bool:
    at_sign_in = check == sign_in_check(chain)
    return any(
        isinstance(fact, IdentityConfirmed)
        if at_sign_in
        else isinstance(fact, CheckIssued) and fact.check == check
        for fact, _ in entries_of(db, chain)
    )


def _number(db: Session, platform: Platform) -> str:
    """The next of the day, by the calendar where the learners are."""
    day = platform.clock() + timedelta(seconds=platform.settings.day_offset_s)
    begin = f"A-{day:%Y%m%d}-"
    last = db.scalar(select(func.max(AppealRow.number)).where(AppealRow.number.like(f"{begin}%")))
    return f"{begin}{int(last.removeprefix(begin)) + 1 if last else 1:06d}"
