"""The export to a provincial supervision platform: what it says, and how it is handed over.

One `SupervisionExport` says all about one learner and one lesson; a later `revision` replaces
an earlier one of the same `id`. The platform signs each (JWS, `anxue-export+jws`). A province
with an interface of its own needs a `SupervisionSink` that says the same in its words;
`HttpSink` is the reference. docs/integration.md maps the regulation's items to these fields.
There is no contact data in it, and no picture: only their hashes.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID, uuid5

import httpx
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import seal, trust
from sync.contract import Hex256, Identifier, LessonCredit, Message
from sync.facts import CheckAttempted, CheckIssued, SessionEnded, Watched
from sync.reference.accounts import Account
from sync.reference.forwarding import Delivered, Later, Outcome, Refused
from sync.reference.hours import count, entries_of
from sync.reference.integration_tables import SignOnRow
from sync.reference.integrations import SupervisionSettings
from sync.reference.platform import Platform, timestamp
from sync.reference.record_store import retry_after
from sync.reference.tables import (
    BatchRow,
    ChainRow,
    ClassRow,
    CourseRow,
    EvidenceRow,
    InstitutionRow,
    LearnerRow,
    LessonRow,
    PaperRow,
)

NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562: URLs


class ExportedLearner(Message):
    """account: the learner at this platform. subjects: at sign-on providers, by issuer.

    employer: the class, which platforms form by employer; a platform with a register of
    employers puts the employer here.
    """

    account: Identifier
    subjects: dict[str, str]
    institution: Identifier
    institution_name: str
    employer: str


class ExportedContent(Message):
    course: Identifier
    course_title: str
    category: str
    lesson: Identifier
    title: str
    duration_s: float


class ExportedRun(Message):
    """One run in which the lesson was watched. head, seq: what its records are proved by."""

    chain: Identifier
    started_at: str
    ended_at: str
    ended_by: str
    addresses: tuple[str, ...]
    seq: int
    head: Hex256


class ExportedCheck(Message):
    """A random check: when it was asked, how often it was tried, whether it was passed."""

    check: str
    asked_at: str
    attempts: int
    passed: bool


class ExportedTest(Message):
    answered_at: str
    score: int
    passed: bool


class SupervisionExport(Message):
    """Payload of the signed export. Times RFC 3339 in UTC, durations in seconds of film."""

    type: Literal["anxue-supervision-export"] = "anxue-supervision-export"
    version: Literal[1] = 1
    id: str
    revision: int = Field(ge=0)
    platform: str
    made_at: str
    learner: ExportedLearner
    content: ExportedContent
    started_at: str
    ended_at: str
    credited_s: float
    provisional_s: float
    not_counted_s: float
    completed: bool
    runs: tuple[ExportedRun, ...]
    checks: tuple[ExportedCheck, ...]
    tests: tuple[ExportedTest, ...]
    pictures: tuple[Hex256, ...]


class SupervisionSink(Protocol):
    """Where exports go. The same one may come twice."""

    def deliver(self, export: SupervisionExport, signed: str, now: datetime) -> Outcome: ...


class HttpSink:
    """The reference adapter: `POST` of the JWS, answered with what was taken.

    The answer has to be JSON and name id and revision: a page that says 200 took nothing.
    """

    def __init__(self, settings: SupervisionSettings, client: httpx.Client | None = None) -> None:
        self._settings = settings
        self._http = client or httpx.Client(timeout=settings.timeout_s)

    def deliver(self, export: SupervisionExport, signed: str, now: datetime) -> Outcome:
        headers = {
            "content-type": "application/jose",
            "accept": "application/json",
            "idempotency-key": f"{export.id}.{export.revision}",
        }
        if self._settings.token:
            headers["authorization"] = f"Bearer {self._settings.token}"
        try:
            answer = self._http.post(self._settings.url, content=signed, headers=headers)
        except httpx.HTTPError as error:
            return Later(f"the supervision platform cannot be reached: {type(error).__name__}")
        told = f"the supervision platform answered {answer.status_code}"
        if answer.status_code in (200, 201, 202):
            return Delivered() if _took(answer, export) else Later(f"{told}, but not what was sent")
        if answer.status_code == 409:
            return Delivered()  # it has this revision, or a later one
        if answer.status_code in (400, 413, 415, 422):
            return Refused(f"{told}: {' '.join(answer.text.split())[:300]}")
        return Later(told, retry_after(answer.headers.get("retry-after"), now))


def exports(
    db: Session, platform: Platform, learner: str, lessons: set[str]
) -> Iterable[SupervisionExport]:
    """All that is to be said about a learner's lessons, as of now. Raises nothing of its own."""
    settings = platform.settings.integrations.supervision
    assert settings is not None
    now = platform.clock()
    row = db.get_one(LearnerRow, learner)
    counted = count(db, platform, Account(row.id, row.class_id, ""))
    story = _Story(db, row)
    for name, credit in counted.items():
        if name in lessons and (name in story.watched or name in story.tests):
            yield story.export(settings, credit, now)


def signed(export: SupervisionExport, platform: Platform) -> str:
    return seal.sign(export, "export", platform.keys.signer)


class _Story:
    """What a learner's records, papers and pictures say, put in order by lesson."""

    def __init__(self, db: Session, learner: LearnerRow) -> None:
        self._db, self._learner = db, learner
        self.watched: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.runs: dict[str, dict[str, ExportedRun]] = defaultdict(dict)
        self.checks: dict[str, dict[str, ExportedCheck]] = defaultdict(dict)
        self.tests: dict[str, list[ExportedTest]] = defaultdict(list)
        self._pictures: dict[str, list[str]] = defaultdict(list)
        chains = db.scalars(select(ChainRow).where(ChainRow.learner == learner.id))
        for chain in sorted(chains, key=lambda each: (each.opened_at, each.id)):
            self._read(chain)
        papers = select(PaperRow).where(
            PaperRow.learner == learner.id, PaperRow.answered_at.is_not(None)
        )
        for paper in db.scalars(papers.order_by(PaperRow.answered_at)):
            assert paper.answered_at is not None
            self.tests[paper.lesson].append(
                ExportedTest(
                    answered_at=timestamp(paper.answered_at),
                    score=paper.score or 0,
                    passed=bool(paper.passed),
                )
            )
        pictures = select(EvidenceRow).where(EvidenceRow.learner == learner.id)
        for picture in db.scalars(pictures.order_by(EvidenceRow.taken_at, EvidenceRow.sha256)):
            self._pictures[picture.lesson].append(picture.sha256)

    def export(
        self, settings: SupervisionSettings, credit: LessonCredit, now: datetime
    ) -> SupervisionExport:
        name = credit.lesson
        times = self.watched[name]
        taken = [test.answered_at for test in self.tests[name]]
        return SupervisionExport(
            id=str(uuid5(NAMESPACE, f"{settings.platform_id}/{self._learner.id}/{name}")),
            revision=int(now.timestamp() * 1000),
            platform=settings.platform_id,
            made_at=timestamp(now),
            learner=self._who(),
            content=self._what(credit),
            started_at=min([start for start, _ in times] or taken),
            ended_at=max([end for _, end in times] or taken),
            credited_s=credit.credited_s,
            provisional_s=credit.provisional_s,
            not_counted_s=credit.not_counted_s,
            completed=credit.completed,
            runs=tuple(self.runs[name].values()),
            checks=tuple(self.checks[name].values()),
            tests=tuple(self.tests[name]),
            pictures=tuple(self._pictures[name]),
        )

    def _read(self, chain: ChainRow) -> None:
        ended_by, last, here = "", timestamp(chain.opened_at), set[str]()
        for fact, moment in entries_of(self._db, chain.id):
            last = max(last, moment.wall)
            match fact:
                case Watched(lesson=lesson):
                    took = timedelta(microseconds=(fact.ended_ns - fact.began_ns) // 1000)
                    began = timestamp(trust.parse_time(moment.wall) - took)
                    self.watched[lesson].append((began, moment.wall))
                    here.add(lesson)
                case CheckIssued(check=check, lesson=lesson):
                    self.checks[lesson][check] = ExportedCheck(
                        check=check, asked_at=moment.wall, attempts=0, passed=False
                    )
                case CheckAttempted(check=check, lesson=lesson, passed=passed):
                    asked = self.checks[lesson].get(check)
                    if asked is not None:
                        self.checks[lesson][check] = asked.model_copy(
                            update={
                                "attempts": asked.attempts + 1,
                                "passed": asked.passed or passed,
                            }
                        )
                case SessionEnded(reason=reason):
                    ended_by = reason
                case _:
                    pass
        addresses = select(BatchRow.address).where(BatchRow.chain == chain.id).distinct()
        for lesson in here:
            self.runs[lesson][chain.id] = ExportedRun(
                chain=chain.id,
                started_at=timestamp(chain.opened_at),
                ended_at=last,
                ended_by=ended_by,
                addresses=tuple(sorted(self._db.scalars(addresses))),
                seq=chain.seq,
                head=chain.head.hex(),
            )

    def _who(self) -> ExportedLearner:
        learner = self._learner
        linked = select(SignOnRow).where(SignOnRow.learner == learner.id)
        return ExportedLearner(
            account=learner.id,
            subjects={row.issuer: row.subject for row in self._db.scalars(linked)},
            institution=learner.institution,
            institution_name=self._db.get_one(InstitutionRow, learner.institution).name,
            employer=self._db.get_one(ClassRow, learner.class_id).name,
        )

    def _what(self, credit: LessonCredit) -> ExportedContent:
        lesson = self._db.get_one(LessonRow, credit.lesson)
        course = self._db.get_one(CourseRow, lesson.course)
        return ExportedContent(
            course=course.id,
            course_title=course.title,
            category=course.category,
            lesson=lesson.id,
            title=lesson.title,
            duration_s=credit.duration_s,
        )


def _took(answer: httpx.Response, export: SupervisionExport) -> bool:
    try:
        told = answer.json()
    except ValueError:
        return False
    return (
        isinstance(told, dict)
        and told.get("id") == export.id
        and told.get("revision") == export.revision
    )
