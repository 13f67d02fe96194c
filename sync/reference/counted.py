"""What the count has read before, and reads no second time.

Records and witnesses are only ever added, so that what was read of a run stays true; only what
came since is asked for. That it is the same run still is seen from the head of the last record:
it stands for every record before it. What the rule of credit made of a run that has ended is
kept under all that the rule looks at.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import records, suites
from sync.credit import judge
from sync.history import ChainHistory, Entry, Rules, Witness
from sync.judgement import Piece
from sync.reference.intake import Kept
from sync.reference.platform import Platform
from sync.reference.tables import ChainRow, RecordRow, WitnessRow

Judged = tuple[Sequence[Piece], float]
"""A run's pieces, and how far the clock is used up after it."""


@dataclass(frozen=True, slots=True)
class Read:
    """A run as far as it was read. head: of the last record; witness: id of the last one."""

    head: bytes = b""
    entries: tuple[Entry, ...] = ()
    lessons: frozenset[str] = frozenset()
    witness: int = 0
    witnesses: tuple[Witness, ...] = ()


def read(db: Session, platform: Platform, row: ChainRow) -> Read:
    """All of a run's records and witnesses."""
    known = platform.running.kept.read.get(row.id) or Read()
    fresh = db.execute(
        select(RecordRow.seq, RecordRow.body, RecordRow.head)
        .where(RecordRow.chain == row.id, RecordRow.seq >= len(known.entries))
        .order_by(RecordRow.seq)
    ).all()
    if known.entries and (not fresh or fresh[0].head != known.head):
        known = Read()  # another database's, or a run that was put back
        fresh = db.execute(
            select(RecordRow.seq, RecordRow.body, RecordRow.head)
            .where(RecordRow.chain == row.id)
            .order_by(RecordRow.seq)
        ).all()
    elif known.entries:
        fresh = fresh[1:]
    entries = tuple(entry(told.body) for told in fresh)
    witnesses = db.execute(
        select(WitnessRow.id, WitnessRow.seq, WitnessRow.beacon, WitnessRow.at)
        .where(WitnessRow.chain == row.id, WitnessRow.id > known.witness)
        .order_by(WitnessRow.id)
    ).all()
    if not entries and not witnesses:
        return known
    lessons = {fact.lesson for fact, _ in entries if hasattr(fact, "lesson")}
    return platform.running.kept.read.put(
        row.id,
        Read(
            head=fresh[-1].head if fresh else known.head,
            entries=known.entries + entries,
            lessons=known.lessons | lessons,
            witness=witnesses[-1].id if witnesses else known.witness,
            witnesses=known.witnesses
            + tuple(
                Witness(told.seq, told.beacon, told.at.timestamp(), _value(platform, row, told[2]))
                for told in witnesses
            ),
        ),
    )


def follow(platform: Platform, chain: str, added: Kept) -> None:
    """Records that were just kept need not be read again, if those before them are known.

    Only after the commit. added.before: the head of the record before them, b"" for none.
    """
    known = platform.running.kept.read.get(chain)
    if known is None and added.first_seq == 1:
        known = Read()
    if known is None or not added.entries or known.head != added.before:
        return
    lessons = known.lessons | {fact.lesson for fact, _ in added.entries if hasattr(fact, "lesson")}
    grown = replace(known, head=added.head, entries=known.entries + added.entries, lessons=lessons)
    platform.running.kept.read.put(chain, grown)


def entry(body: bytes) -> Entry:
    """A record as the rule of credit looks at it."""
    statement = records.decode(body)
    return statement.fact, statement.moment


def judging(
    platform: Platform, chains: Sequence[ChainRow]
) -> Callable[[ChainHistory, Rules, float, float], Judged]:
    """`sync.credit.judge` for these runs, which remembers what became of those that ended."""
    rows = {row.id: row for row in chains}

    def judged(history: ChainHistory, rules: Rules, clock_s: float, until_s: float) -> Judged:
        if not history.ended:
            return judge(history, rules, clock_s, until_s)
        row = rows[history.chain]
        key: Hashable = (
            *(history.chain, row.head, row.policy, len(history.entries), history.witnesses),
            *(history.tick, history.identity, _members(history.identities)),
            *(_members(history.verdicts), history.risk_review, clock_s, until_s),
            *(_members(rules.durations_us), rules.check_tolerance_s, rules.slack_s, rules.gap_s),
            rules.schedule is None,
        )
        return platform.running.kept.judged.or_make(
            key, lambda: judge(history, rules, clock_s, until_s)
        )

    return judged


def _members(values: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(values.items()))


def _value(platform: Platform, row: ChainRow, beacon: int) -> str:
    value = platform.running.kept.seed(
        row.id,
        lambda: platform.keys.vault.open(row.seed, f"seed/{row.id}"),
        beacon,
        row.seed_length,
        suites.of_token(row.grant),
    )
    return value.hex()
