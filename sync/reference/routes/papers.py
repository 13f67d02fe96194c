"""Tests after a lesson: papers without keys go out, answers come in, the platform grades."""

import secrets
from datetime import datetime, timedelta
from typing import Literal, cast

from fastapi import APIRouter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract import Paper, PaperAnswers, PaperRequest, PaperResult, Policy, Question
from sync.reference import forwarding
from sync.reference.accounts import Account, LearnerDep, in_turn
from sync.reference.hours import entitled_lesson
from sync.reference.journal import note
from sync.reference.platform import AddressDep, Platform, PlatformDep, policy_in_force
from sync.reference.problems import Refusal, documented
from sync.reference.tables import LessonRow, PaperRow, QuestionRow

router = APIRouter(tags=["papers"])
QUESTIONS_PER_PAPER = 5
GRACE = timedelta(seconds=30)  # the way there and back
_PROBLEMS = documented("signed_out", "forbidden", "not_found", "closed", "taken_over")


@router.post("/papers", responses=_PROBLEMS)
def draw_paper(
    request: PaperRequest, platform: PlatformDep, account: LearnerDep, address: AddressDep
) -> Paper:
    """Draw questions for a lesson. A paper that is still open is given out again."""
    with platform.store.writing() as db:
        _, policy = policy_in_force(db)
        lesson = entitled_lesson(db, account, request.lesson)
        if lesson is None or not lesson.questions:
            raise Refusal("not_found", "no test for such a lesson among the learner's courses")
        in_turn(db, account.learner)
        now = platform.clock()
        paper = _open_paper(db, account, lesson, now)
        left = policy.test_attempts - _attempts(db, account.learner, lesson.id)
        if paper is None:
            if left <= 0:
                raise Refusal("closed", "all attempts are used up")
            paper = _draw(lesson, account, policy, now)
            db.add(paper)
            note(db, platform, "paper drawn", learner=account.learner, address=address,
                 detail=lesson.id)  # fmt: skip
        questions = {question.id: question for question in lesson.questions}
        return Paper(
            id=paper.id,
            lesson=lesson.id,
            seconds_per_question=policy.test_seconds_per_question,
            attempts_left=left,
            questions=tuple(_question(questions[name]) for name in paper.questions),
        )


@router.post("/papers/{paper}/answers", responses=_PROBLEMS)
def answer_paper(
    paper: str,
    answers: PaperAnswers,
    platform: PlatformDep,
    account: LearnerDep,
    address: AddressDep,
) -> PaperResult:
    """Grade a paper, once. The same answers again get the same result."""
    with platform.store.writing() as db:
        row = db.scalar(select(PaperRow).where(PaperRow.id == paper).with_for_update())
        if row is None:
            raise Refusal("not_found", "the platform does not know this paper")
        if row.learner != account.learner:
            raise Refusal("forbidden", "another learner's paper")
        _, policy = policy_in_force(db)
        given = {name: sorted(set(chosen)) for name, chosen in answers.answers.items()}
        unknown = set(given) - set(row.questions)
        if unknown:
            raise Refusal("invalid", f"not on this paper: {', '.join(sorted(unknown))[:200]}")
        if row.answered_at is None:
            _grade(db, platform, row, given, policy)
            forwarding.enqueue_report(db, platform, account.chain)
            note(db, platform, "paper answered", learner=account.learner, address=address,
                 detail=f"{row.lesson}, {row.score}")  # fmt: skip
        elif row.answers != given:
            raise Refusal("closed", "the paper has been answered, or its time was up")
        return PaperResult(
            score=row.score or 0,
            passed=bool(row.passed),
            attempts_left=policy.test_attempts - _attempts(db, account.learner, row.lesson),
            wrong=tuple(row.wrong or ()),
        )


def _open_paper(db: Session, account: Account, lesson: LessonRow, now: datetime) -> PaperRow | None:
    """The paper that still has time. One whose time is up counts as an attempt."""
    query = select(PaperRow).where(
        PaperRow.learner == account.learner,
        PaperRow.lesson == lesson.id,
        PaperRow.answered_at.is_(None),
    )
    for paper in db.scalars(query):
        if now <= paper.due_at:
            return paper
        paper.answered_at, paper.answers, paper.score, paper.passed = paper.due_at, {}, 0, False
        paper.wrong = list(paper.questions)
    db.flush()
    return None


def _draw(lesson: LessonRow, account: Account, policy: Policy, now: datetime) -> PaperRow:
    pool = [question.id for question in lesson.questions]
    chosen = secrets.SystemRandom().sample(pool, min(QUESTIONS_PER_PAPER, len(pool)))
    time = timedelta(seconds=policy.test_seconds_per_question * len(chosen))
    return PaperRow(
        id=f"p{secrets.token_hex(12)}",
        learner=account.learner,
        lesson=lesson.id,
        questions=chosen,
        issued_at=now,
        due_at=now + time + GRACE,
    )


def _grade(
    db: Session, platform: Platform, row: PaperRow, given: dict[str, list[int]], policy: Policy
) -> None:
    """Right is what names all keys and nothing else. Answers that come late are worth nothing."""
    now = platform.clock()
    late = now > row.due_at
    keys = {
        question.id: sorted(question.keys)
        for question in db.scalars(select(QuestionRow).where(QuestionRow.id.in_(row.questions)))
    }
    wrong = [name for name in row.questions if late or given.get(name) != keys[name]]
    row.answered_at, row.answers, row.wrong = now, given, wrong
    row.score = round(100 * (len(row.questions) - len(wrong)) / len(row.questions))
    row.passed = row.score >= policy.test_pass_mark
    db.flush()


def _attempts(db: Session, learner: str, lesson: str) -> int:
    query = select(func.count()).select_from(PaperRow)
    return (
        db.scalar(
            query.where(
                PaperRow.learner == learner,
                PaperRow.lesson == lesson,
                PaperRow.answered_at.is_not(None),
            )
        )
        or 0
    )


def _question(row: QuestionRow) -> Question:
    return Question(
        id=row.id,
        kind=cast("Literal['true_false', 'single', 'multiple']", row.kind),
        text=row.text,
        text_en=row.text_en,
        options=tuple(row.options),
        options_en=tuple(row.options_en),
    )
