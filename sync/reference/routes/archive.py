"""A learner's electronic archive: for the learner, and for the learner's own institution."""

from collections import defaultdict
from collections.abc import Sequence

from fastapi import APIRouter
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sync import archive
from sync.archive import Archive, ArchivePicture, ArchiveRun, ArchiveTest
from sync.history import sign_in_check
from sync.reference import audit
from sync.reference.accounts import Account, InstitutionDep, LearnerDep
from sync.reference.hours import count, entitled_courses, entries_of
from sync.reference.journal import note
from sync.reference.paging import Page, PageDep
from sync.reference.platform import AddressDep, Platform, PlatformDep, timestamp
from sync.reference.problems import Refusal, documented
from sync.reference.tables import (
    BatchRow,
    ChainRow,
    CheckIdentityRow,
    ClassRow,
    EvidenceRow,
    IdentityRow,
    InstitutionRow,
    LearnerRow,
    PaperRow,
    VerdictRow,
)

router = APIRouter(tags=["archive"])
RUNS = 20  # a page, unless another number is asked for


@router.get(
    "/learners/me/archive",
    responses=documented("signed_out", "taken_over"),
    response_model_exclude_unset=True,
)
def my_archive(platform: PlatformDep, account: LearnerDep, page: PageDep) -> Archive:
    """Everything about the learner's own study: contents, runs, checks, tests, pictures' hashes.

    The newest runs, unless a page is asked for.
    """
    with platform.store.reading() as db:
        return _archive(db, platform, db.get_one(LearnerRow, account.learner), page)


@router.get(
    "/institution/learners/{learner}/archive",
    responses=documented("signed_out", "forbidden", "not_found"),
    response_model_exclude_unset=True,
)
def learner_archive(
    learner: str,
    platform: PlatformDep,
    institution: InstitutionDep,
    page: PageDep,
    address: AddressDep,
) -> Archive:
    """The same for the institution's own learners. The learner's log says that it was read."""
    query = select(LearnerRow).where(
        LearnerRow.id == learner, LearnerRow.institution == institution
    )
    with platform.store.writing() as db:
        row = db.scalar(query)
        if row is None:
            raise Refusal("not_found", "no such learner of this institution")
        told = _archive(db, platform, row, page)
        action = "archive read by the institution"
        note(db, platform, action, learner=learner, address=address)
        audit.by_institution(*(db, platform, institution, action), subject=learner, address=address)
    return told


def _archive(db: Session, platform: Platform, learner: LearnerRow, page: Page) -> Archive:
    account = Account(learner.id, learner.class_id, "")
    rows = db.scalars(_runs(db, learner, page)).all()
    runs, more = page.cut(rows, RUNS, lambda row: (row.id,))
    counted = count(db, platform, account)
    papers = select(PaperRow).where(PaperRow.learner == learner.id).order_by(PaperRow.issued_at)
    return Archive(
        learner=learner.id,
        home_page=platform.settings.home_page,
        institution=db.get_one(InstitutionRow, learner.institution).name,
        class_name=db.get_one(ClassRow, learner.class_id).name,
        made_at=timestamp(platform.clock()),
        lessons=tuple(
            archive.lesson(course.id, lesson.title, counted[lesson.id])
            for course in entitled_courses(db, account)
            for lesson in course.lessons
        ),
        tests=tuple(map(_test, db.scalars(papers))),
        runs=_told(db, runs),
        **more,
    )


def _runs(db: Session, learner: LearnerRow, page: Page) -> Select[ChainRow]:
    """Newest first, one more than the page has. Raises Refusal for another's mark."""
    query = select(ChainRow).where(ChainRow.learner == learner.id)
    after = page.key(str)
    if after is not None:
        last = db.get(ChainRow, after[0])
        if last is None or last.learner != learner.id:
            raise Refusal("invalid", "after: not a mark of this list")
        same = (ChainRow.opened_at == last.opened_at) & (ChainRow.id < last.id)
        query = query.where((ChainRow.opened_at < last.opened_at) | same)
    return query.order_by(ChainRow.opened_at.desc(), ChainRow.id.desc()).limit(page.size(RUNS) + 1)


def _told(db: Session, runs: Sequence[ChainRow]) -> tuple[ArchiveRun, ...]:
    names = [run.id for run in runs]
    addresses: dict[str, dict[str, None]] = defaultdict(dict)
    for batch in db.scalars(
        select(BatchRow).where(BatchRow.chain.in_(names)).order_by(BatchRow.id)
    ):
        addresses[batch.chain][batch.address] = None
    pictures = defaultdict(list)
    for row in db.scalars(
        select(EvidenceRow).where(EvidenceRow.chain.in_(names)).order_by(EvidenceRow.taken_at)
    ):
        pictures[row.chain].append(_picture(row))
    answers = _answers(db, names)
    verdicts = {
        row.check: row.counts
        for row in db.scalars(select(VerdictRow).where(VerdictRow.chain.in_(names)))
    }
    told = []
    for run in runs:
        entries = tuple(entries_of(db, run.id))
        told.append(
            ArchiveRun(
                chain=run.id,
                opened_at=timestamp(run.opened_at),
                ended_at=timestamp(run.received_at),
                closed=run.closed_at is not None,
                taken_over=run.superseded_at is not None,
                forked=run.forked_at is not None,
                records=run.seq,
                head=run.head.hex(),
                addresses=tuple(addresses[run.id]),
                studies=archive.studies(entries),
                verifications=archive.verifications(run.id, entries, answers, verdicts),
                pictures=tuple(pictures[run.id]),
            )
        )
    return tuple(told)


def _answers(db: Session, chains: Sequence[str]) -> dict[str, str]:
    """The platform's newest answer to the face, by check."""
    told: dict[str, str] = {}
    at_sign_in = select(IdentityRow).where(IdentityRow.chain.in_(chains)).order_by(IdentityRow.id)
    for row in db.scalars(at_sign_in):
        told[sign_in_check(row.chain)] = row.answer
    in_checks = select(CheckIdentityRow).where(CheckIdentityRow.chain.in_(chains))
    for check in db.scalars(in_checks.order_by(CheckIdentityRow.id)):
        told[check.check] = check.answer
    return told


def _picture(row: EvidenceRow) -> ArchivePicture:
    return ArchivePicture(
        sha256=row.sha256,
        lesson=row.lesson,
        why=row.why,
        check=row.check,
        taken_at=row.taken_at,
        received_at=None if row.received_at is None else timestamp(row.received_at),
        kept_until=timestamp(row.kept_until),
    )


def _test(row: PaperRow) -> ArchiveTest:
    return ArchiveTest(
        paper=row.id,
        lesson=row.lesson,
        issued_at=timestamp(row.issued_at),
        answered_at=None if row.answered_at is None else timestamp(row.answered_at),
        score=row.score,
        passed=row.passed,
        questions=len(row.questions),
        wrong=None if row.wrong is None else len(row.wrong),
    )
