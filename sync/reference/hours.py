"""The count: what `sync.credit` says about the records that the platform keeps.

Nothing is counted ahead or kept: the same records give the same answer at any time.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import records
from sync.contract import LessonCredit
from sync.credit import credit
from sync.history import ChainHistory, Entry, Identity, PlanCheck, Rules, Witness
from sync.reference import seeds
from sync.reference.accounts import Account
from sync.reference.platform import Platform, policy_in_force, policy_of
from sync.reference.tables import (
    ChainRow,
    CourseRow,
    EntitlementRow,
    IdentityRow,
    LessonRow,
    RecordRow,
    WitnessRow,
)


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
    _, policy = policy_in_force(db)
    chains = db.scalars(select(ChainRow).where(ChainRow.learner == account.learner)).all()
    histories = [history(db, platform, chain) for chain in chains]
    durations = {
        lesson.id: lesson.duration_ms * 1000
        for course in entitled_courses(db, account)
        for lesson in course.lessons
    }
    rules = Rules(
        durations_us=durations,
        check_tolerance_s=platform.settings.check_tolerance_s,
        daily_cap_s=policy.daily_cap_s,
        day_offset_s=platform.settings.day_offset_s,
        plan_check=_plan_check(db, platform, chains, histories),
    )
    return {lesson.lesson: lesson for lesson in credit(histories, rules)}


def lessons_of(db: Session, chain: str) -> set[str]:
    """The lessons that a chain's records speak of."""
    return {fact.lesson for fact, _ in _entries(db, chain) if hasattr(fact, "lesson")}


def history(db: Session, platform: Platform, row: ChainRow) -> ChainHistory:
    """One run as the rule of credit looks at it."""
    tick = row.tick_body if row.tick_seq == row.seq else None
    return ChainHistory(
        chain=row.id,
        witnesses=_witnesses(db, platform, row),
        entries=tuple(_entries(db, row.id)),
        ended=any((row.closed_at, row.superseded_at, row.forked_at)),
        tick=_decoded(tick) if tick is not None else None,
        identity=_identity(db, row.id),
    )


def _plan_check(
    db: Session, platform: Platform, chains: Sequence[ChainRow], histories: Sequence[ChainHistory]
) -> PlanCheck | None:
    """The schedule of checks of each run's own policy.

    A seed was revealed in one run only, so that it names the run and the policy it had: a
    policy of today does not undo the checks of yesterday.
    """
    if platform.plan_checks is None:
        return None
    by_seed: dict[str, PlanCheck] = {}
    for chain, told in zip(chains, histories, strict=True):
        plan = platform.plan_checks(policy_of(db, chain))
        by_seed |= {witness.value: plan for witness in told.witnesses}

    def plan_check(
        seed: str, ordinal: int, film_left_s: float, checked_in_film: bool
    ) -> tuple[float, tuple[str, ...]]:
        return by_seed[seed](seed, ordinal, film_left_s, checked_in_film)

    return plan_check


def _entries(db: Session, chain: str) -> Iterable[Entry]:
    query = select(RecordRow.body).where(RecordRow.chain == chain).order_by(RecordRow.seq)
    return (_decoded(body) for body in db.scalars(query))


def _witnesses(db: Session, platform: Platform, row: ChainRow) -> tuple[Witness, ...]:
    rows = db.scalars(select(WitnessRow).where(WitnessRow.chain == row.id).order_by(WitnessRow.id))
    last = platform.keys.vault.open(row.seed, f"seed/{row.id}")
    # One walk down the chain of seeds gives every value that was revealed.
    value = seeds.reveal(last, row.beacon, row.seed_length)
    values = {}
    for index in range(row.beacon, 0, -1):
        values[index] = value.hex()
        value = seeds.before(value)
    return tuple(
        Witness(witness.seq, witness.beacon, witness.at.timestamp(), values[witness.beacon])
        for witness in rows
    )


def _identity(db: Session, chain: str) -> Identity:
    """The platform's newest answer; it stands above what the record says."""
    query = select(IdentityRow.answer).where(IdentityRow.chain == chain)
    answer = db.scalar(query.order_by(IdentityRow.id.desc()).limit(1))
    match answer:
        case "same" | "different" | "unsure" | "enrolled":
            return answer
    return "missing"


@lru_cache(maxsize=32_768)
def _decoded(body: bytes) -> Entry:
    """Records never change, so one that was read once need not be read again."""
    statement = records.decode(body)
    return statement.fact, statement.moment
