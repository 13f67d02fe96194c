"""The count: what `sync.credit` says about the records that the platform keeps.

The same records give the same answer at any time, in any process: what `sync.reference.counted`
remembers only saves reading them again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract import LessonCredit
from sync.credit import credit, explain
from sync.explained import Watching
from sync.history import (
    Actions,
    ChainHistory,
    Drawn,
    Entry,
    Identity,
    Rules,
    Schedule,
)
from sync.reference.accounts import Account
from sync.reference.counted import entry, judging, read
from sync.reference.platform import Platform, kept_policy, policy_now
from sync.reference.tables import (
    ChainRow,
    CheckIdentityRow,
    CourseRow,
    EntitlementRow,
    IdentityRow,
    LessonRow,
    RecordRow,
    VerdictRow,
)

_WORST: tuple[Identity, ...] = ("different", "unsure", "same")
_ANSWERS: dict[str, Identity] = {
    answer: answer for answer in ("same", "different", "unsure", "enrolled")
}


def entitled_courses(db: Session, account: Account) -> tuple[CourseRow, ...]:
    """What the learner's class may study."""
    query = (
        select(CourseRow)
        .join(EntitlementRow, EntitlementRow.course == CourseRow.id)
        .where(EntitlementRow.class_id == account.class_id)
        .order_by(CourseRow.id)
    )
    return tuple(db.scalars(query))


def entitled_lesson(db: Session, account: Account, lesson: str) -> LessonRow | None:
    """The lesson, if the learner may study it."""
    query = (
        select(LessonRow)
        .join(EntitlementRow, EntitlementRow.course == LessonRow.course)
        .where(EntitlementRow.class_id == account.class_id, LessonRow.id == lesson)
    )
    return db.scalar(query)


def count(db: Session, platform: Platform, account: Account) -> dict[str, LessonCredit]:
    """Every lesson of the learner's class, by its id, in the order of the courses."""
    return {lesson.lesson: lesson for lesson in _count(db, platform, account)}


def count_and_touched(
    db: Session, platform: Platform, account: Account, chain: str
) -> tuple[LessonCredit, ...]:
    """The count of those lessons that a chain's records speak of."""
    counted = _count(db, platform, account)
    touched = read(db, platform, db.get_one(ChainRow, chain)).lessons
    return tuple(lesson for lesson in counted if lesson.lesson in touched)


def watchings(
    db: Session, platform: Platform, account: Account, lesson: str
) -> tuple[Watching, ...] | None:
    """What became of each time that the lesson was watched; None for one they may not study."""
    chains, histories, told_rules = _counted(db, platform, account)
    if lesson not in told_rules.durations_us:
        return None
    told = explain(histories, told_rules, judging(platform, chains))
    return tuple(watching for watching in told if watching.lesson == lesson)


def _count(db: Session, platform: Platform, account: Account) -> tuple[LessonCredit, ...]:
    chains, histories, told_rules = _counted(db, platform, account)
    return credit(histories, told_rules, judging(platform, chains))


def _counted(
    db: Session, platform: Platform, account: Account
) -> tuple[Sequence[ChainRow], list[ChainHistory], Rules]:
    """A learner's runs, as the rule of credit looks at them, and what they are counted by."""
    chains = db.scalars(select(ChainRow).where(ChainRow.learner == account.learner)).all()
    told = _Told.of(db, [chain.id for chain in chains])
    histories = [_history(db, platform, chain, told) for chain in chains]
    return chains, histories, rules(db, platform, account, chains, histories)


def rules(
    db: Session,
    platform: Platform,
    account: Account,
    chains: Sequence[ChainRow],
    histories: Sequence[ChainHistory],
) -> Rules:
    """What a learner's histories (of these chains, in their order) are counted by."""
    policy = policy_now(db, platform)
    lessons = db.execute(
        select(LessonRow.id, LessonRow.duration_ms)
        .join(EntitlementRow, EntitlementRow.course == LessonRow.course)
        .where(EntitlementRow.class_id == account.class_id)
        .order_by(LessonRow.course, LessonRow.place)
    )
    return Rules(
        durations_us={lesson.id: lesson.duration_ms * 1000 for lesson in lessons},
        check_tolerance_s=platform.settings.check_tolerance_s,
        daily_cap_s=policy.daily_cap_s,
        day_offset_s=platform.settings.day_offset_s,
        schedule=_schedule(db, platform, chains, histories),
    )


def lessons_of(db: Session, chain: str) -> set[str]:
    """The lessons that a chain's records speak of."""
    return {fact.lesson for fact, _ in entries_of(db, chain) if hasattr(fact, "lesson")}


def history(db: Session, platform: Platform, row: ChainRow) -> ChainHistory:
    """One run as the rule of credit looks at it."""
    return _history(db, platform, row, _Told.of(db, [row.id]))


@dataclass(frozen=True)
class _Told:
    """What was said about runs beside their records, by the run."""

    identity: dict[str, Identity]
    identities: dict[str, dict[str, Identity]]
    verdicts: dict[str, dict[str, bool]]

    @classmethod
    def of(cls, db: Session, chains: Sequence[str]) -> "_Told":
        """Three questions, however many runs."""
        told = cls({}, defaultdict(dict), defaultdict(dict))
        faces = select(IdentityRow.chain, IdentityRow.answer)
        for face in db.execute(faces.where(IdentityRow.chain.in_(chains)).order_by(IdentityRow.id)):
            # The newest answer; it stands above what the record says.
            told.identity[face.chain] = _ANSWERS.get(face.answer, "missing")
        checks = select(CheckIdentityRow).where(CheckIdentityRow.chain.in_(chains))
        for row in db.scalars(checks):
            # The worst of the platform's answers, so that asking again mends nothing.
            of_run = told.identities[row.chain]
            answers = {of_run.get(row.check), row.answer}
            of_run[row.check] = next((answer for answer in _WORST if answer in answers), "missing")
        verdicts = select(VerdictRow.chain, VerdictRow.check, VerdictRow.counts)
        for verdict in db.execute(verdicts.where(VerdictRow.chain.in_(chains))):
            told.verdicts[verdict.chain][verdict.check] = verdict.counts
        return told


def _history(db: Session, platform: Platform, row: ChainRow, told: _Told) -> ChainHistory:
    tick = row.tick_body if row.tick_seq == row.seq else None
    known = read(db, platform, row)
    return ChainHistory(
        chain=row.id,
        witnesses=known.witnesses,
        entries=known.entries,
        ended=any((row.closed_at, row.superseded_at, row.forked_at)),
        tick=_decoded(tick) if tick is not None else None,
        identity=told.identity.get(row.id, "missing"),
        identities=told.identities.get(row.id, {}),
        verdicts=told.verdicts.get(row.id, {}),
        risk_review=kept_policy(db, platform, row.policy).risk_review,
    )


class _BySeed:
    """The schedule of each run's own policy: a `sync.history.Schedule`.

    A seed was revealed in one run only, so that it names the run and the policy it had: a
    policy of today does not undo the checks of yesterday.
    """

    def __init__(self, schedules: Mapping[str, Schedule]) -> None:
        self._schedules = schedules

    def check(
        self, seed: str, ordinal: int, film_left_s: float, checked_in_film: bool, since_s: float
    ) -> Drawn:
        schedule = self._schedules[seed]
        return schedule.check(seed, ordinal, film_left_s, checked_in_film, since_s)

    def sign_in(self, seed: str, attempt: int) -> tuple[Actions, Actions]:
        return self._schedules[seed].sign_in(seed, attempt)


def _schedule(
    db: Session, platform: Platform, chains: Sequence[ChainRow], histories: Sequence[ChainHistory]
) -> Schedule | None:
    if platform.schedules is None:
        return None
    by_seed: dict[str, Schedule] = {}
    for chain, told in zip(chains, histories, strict=True):
        schedule = platform.schedules(kept_policy(db, platform, chain.policy))
        by_seed |= {witness.value: schedule for witness in told.witnesses}
    return _BySeed(by_seed)


def entries_of(db: Session, chain: str) -> Iterable[Entry]:
    """A chain's records, decoded, in order."""
    query = select(RecordRow.body).where(RecordRow.chain == chain).order_by(RecordRow.seq)
    return (_decoded(body) for body in db.scalars(query))


@lru_cache(maxsize=32_768)
def _decoded(body: bytes) -> Entry:
    """Records never change, so one that was read once need not be read again."""
    return entry(body)
