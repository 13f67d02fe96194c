"""One learner's electronic archive (requirements 13, 22, 38): what the platform answers.

`Archive` is the message; `verifications` and `studies` read it out of a run's records, so
that everything in it names the record that says so. No name, no contact data: the learner is
the platform's id, which the institution's own register joins to a person.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from sync.contract import Hex256, Identifier, LessonCredit, Message, ModeName, PageMark
from sync.facts import (
    CheckAttempted,
    CheckFailed,
    CheckIssued,
    IdentityAttempted,
    IdentityConfirmed,
    LessonOpened,
    Watched,
)
from sync.history import Entry, sign_in_check


class ArchiveVerification(Message):
    """Something that was found out about who was there, by record `seq`.

    what: the face at sign-in, an attempt at it, a check that appeared, an attempt, a failure.
    platform: what the platform said to the face. counts: what a person decided.
    """

    seq: int = Field(ge=1)
    at: str
    what: Literal["identified", "sign_in_attempt", "asked", "attempt", "failed"]
    check: str
    lesson: str = ""
    passed: bool | None = None
    reason: str = ""
    similarity: float | None = None
    risk: float | None = None
    platform: str = ""
    counts: bool | None = None


class ArchiveStudy(Message):
    """What one run showed of one lesson. shown_s: film seconds, also what was not counted."""

    lesson: Identifier
    begun_at: str
    ended_at: str
    shown_s: float = Field(ge=0)
    modes: tuple[ModeName, ...]


class ArchivePicture(Message):
    """A picture that a record names. received_at: None if it has not come."""

    sha256: Hex256
    lesson: str
    why: str
    check: str
    taken_at: str
    received_at: str | None
    kept_until: str


class ArchiveRun(Message):
    """One run. ended_at: when its newest record arrived. addresses: where records came from."""

    chain: Identifier
    opened_at: str
    ended_at: str
    closed: bool
    taken_over: bool
    forked: bool
    records: int = Field(ge=0)
    head: Hex256
    addresses: tuple[str, ...]
    studies: tuple[ArchiveStudy, ...]
    verifications: tuple[ArchiveVerification, ...]
    pictures: tuple[ArchivePicture, ...]


class ArchiveTest(Message):
    """One paper. answered_at, score, passed: None while it is open."""

    paper: Identifier
    lesson: Identifier
    issued_at: str
    answered_at: str | None
    score: int | None
    passed: bool | None
    questions: int
    wrong: int | None


class ArchiveLesson(Message):
    """A lesson that the learner may study, and the platform's count without its stretches."""

    course: Identifier
    lesson: Identifier
    title: str
    duration_s: float
    credited_s: float
    provisional_s: float
    not_counted_s: float
    completed: bool


class Archive(Message):
    """`GET learners/me/archive`, `GET institution/learners/{learner}/archive`.

    learner: the account's id under home_page. runs: newest first, by pages; all else is whole
    on each page.
    """

    learner: Identifier
    home_page: str
    institution: str
    class_name: str
    made_at: str
    lessons: tuple[ArchiveLesson, ...]
    tests: tuple[ArchiveTest, ...]
    runs: tuple[ArchiveRun, ...]
    next: PageMark | None = None


def lesson(course: str, title: str, counted: LessonCredit) -> ArchiveLesson:
    return ArchiveLesson(
        course=course,
        lesson=counted.lesson,
        title=title,
        duration_s=counted.duration_s,
        credited_s=counted.credited_s,
        provisional_s=counted.provisional_s,
        not_counted_s=counted.not_counted_s,
        completed=counted.completed,
    )


def verifications(
    chain: str, entries: Iterable[Entry], answers: Mapping[str, str], verdicts: Mapping[str, bool]
) -> tuple[ArchiveVerification, ...]:
    """Who was there, record by record. answers, verdicts: by check, `{chain}.0` at sign-in."""
    told = []
    at_sign_in = sign_in_check(chain)
    for seq, (fact, moment) in enumerate(entries, 1):
        match fact:
            case IdentityConfirmed():
                line = ArchiveVerification(
                    seq=seq,
                    at=moment.wall,
                    what="identified",
                    check=at_sign_in,
                    passed=fact.answer in {"same", "enrolled"},
                    similarity=fact.similarity,
                    risk=fact.risk,
                )
            case IdentityAttempted():
                line = ArchiveVerification(
                    seq=seq,
                    at=moment.wall,
                    what="sign_in_attempt",
                    check=at_sign_in,
                    passed=fact.passed,
                    reason=fact.reason,
                    similarity=fact.similarity,
                    risk=fact.risk,
                )
            case CheckIssued():
                line = ArchiveVerification(
                    seq=seq, at=moment.wall, what="asked", check=fact.check, lesson=fact.lesson
                )
            case CheckAttempted():
                line = ArchiveVerification(
                    seq=seq,
                    at=moment.wall,
                    what="attempt",
                    check=fact.check,
                    lesson=fact.lesson,
                    passed=fact.passed,
                    reason=fact.reason,
                    similarity=fact.similarity,
                    risk=fact.risk,
                )
            case CheckFailed():
                line = ArchiveVerification(
                    seq=seq,
                    at=moment.wall,
                    what="failed",
                    check=fact.check,
                    lesson=fact.lesson,
                    passed=False,
                    reason=fact.reason,
                )
            case _:
                continue
        more = {"platform": answers.get(line.check, ""), "counts": verdicts.get(line.check)}
        told.append(line.model_copy(update=more))
    return tuple(told)


def studies(entries: Iterable[Entry]) -> tuple[ArchiveStudy, ...]:
    """What was shown of each lesson, in the order in which they were opened."""
    begun: dict[str, str] = {}
    ended: dict[str, str] = {}
    shown: dict[str, int] = {}
    modes: dict[str, dict[str, None]] = {}
    for fact, moment in entries:
        match fact:
            case LessonOpened() | Watched():
                begun.setdefault(fact.lesson, moment.wall)
                ended[fact.lesson] = moment.wall
                modes.setdefault(fact.lesson, {})[fact.mode] = None
                if isinstance(fact, Watched):
                    film = fact.end_us - fact.start_us
                    shown[fact.lesson] = shown.get(fact.lesson, 0) + max(film, 0)
            case _ if (name := getattr(fact, "lesson", "")) in begun:
                ended[name] = moment.wall
    return tuple(
        ArchiveStudy(
            lesson=name,
            begun_at=begun[name],
            ended_at=ended[name],
            shown_s=shown.get(name, 0) / 1_000_000,
            modes=tuple(mode for mode in ("fluent", "standard", "high") if mode in modes[name]),
        )
        for name in begun
    )
