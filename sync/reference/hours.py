"""The count: what `sync.credit` says about the records that the platform keeps.

Nothing is counted ahead or kept: the same records give the same answer at any time.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import records, suites
from sync.contract import LessonCredit
from sync.credit import credit
from sync.history import (
    Actions,
    ChainHistory,
    Drawn,
    Entry,
    Identity,
    Rules,
    Schedule,
    Witness,
)
from sync.reference import seeds
from sync.reference.accounts import Account
from sync.reference.platform import Platform, policy_in_force, policy_of
from sync.reference.tables import (
    ChainRow,
    CheckIdentityRow,
    CourseRow,
    EntitlementRow,
    IdentityRow,
    LessonRow,
    RecordRow,
    VerdictRow,
    WitnessRow,
)

_WORST: tuple[Identity, ...] = ("different", "unsure", "same")


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
    chains = db.scalars(select(ChainRow).where(ChainRow.learner == account.learner)).all()
    histories = [history(db, platform, chain) for chain in chains]
    counted = credit(histories, rules(db, platform, account, chains, histories))
    return {lesson.lesson: lesson for lesson in counted}


def rules(
    db: Session,
    platform: Platform,
    account: Account,
    chains: Sequence[ChainRow],
    histories: Sequence[ChainHistory],
) -> Rules:
    """What a learner's histories (of these chains, in their order) are counted by."""
    _, policy = policy_in_force(db)
    durations = {
        lesson.id: lesson.duration_ms * 1000
        for course in entitled_courses(db, account)
        for lesson in course.lessons
    }
    return Rules(
        durations_us=durations,
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
    tick = row.tick_body if row.tick_seq == row.seq else None
    return ChainHistory(
        chain=row.id,
        witnesses=_witnesses(db, platform, row),
        entries=tuple(entries_of(db, row.id)),
        ended=any((row.closed_at, row.superseded_at, row.forked_at)),
        tick=_decoded(tick) if tick is not None else None,
        identity=_identity(db, row.id),
        identities=_identities(db, row.id),
        verdicts=_verdicts(db, row.id),
        risk_review=policy_of(db, row).risk_review,
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
        schedule = platform.schedules(policy_of(db, chain))
        by_seed |= {witness.value: schedule for witness in told.witnesses}
    return _BySeed(by_seed)


def entries_of(db: Session, chain: str) -> Iterable[Entry]:
    """A chain's records, decoded, in order."""
    query = select(RecordRow.body).where(RecordRow.chain == chain).order_by(RecordRow.seq)
    return (_decoded(body) for body in db.scalars(query))


def _witnesses(db: Session, platform: Platform, row: ChainRow) -> tuple[Witness, ...]:
    rows = db.scalars(select(WitnessRow).where(WitnessRow.chain == row.id).order_by(WitnessRow.id))
    last = platform.keys.vault.open(row.seed, f"seed/{row.id}")
    # One walk down the chain of seeds gives every value that was revealed.
    suite = suites.of_token(row.grant)
    value = seeds.reveal(last, row.beacon, row.seed_length, suite)
    values = {}
    for index in range(row.beacon, 0, -1):
        values[index] = value.hex()
        value = seeds.before(value, suite)
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


def _identities(db: Session, chain: str) -> dict[str, Identity]:
    """By check: the worst of the platform's answers, so that asking again mends nothing."""
    told: dict[str, Identity] = {}
    query = select(CheckIdentityRow).where(CheckIdentityRow.chain == chain)
    for row in db.scalars(query):
        answers = {told.get(row.check), row.answer}
        told[row.check] = next((answer for answer in _WORST if answer in answers), "missing")
    return told


def _verdicts(db: Session, chain: str) -> dict[str, bool]:
    query = select(VerdictRow.check, VerdictRow.counts).where(VerdictRow.chain == chain)
    return {row.check: row.counts for row in db.execute(query)}


@lru_cache(maxsize=32_768)
def _decoded(body: bytes) -> Entry:
    """Records never change, so one that was read once need not be read again."""
    statement = records.decode(body)
    return statement.fact, statement.moment
