"""After the storm: what was acknowledged, what is stored, and what it counts.

The undisturbed run of the same facts: each run's records as its PC wrote them, each of them
with the platform in the very moment in which it was written. Both are counted by
`sync.credit`, and have to agree to a millisecond, stretch by stretch.
"""

import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import bundle, records, strictjson, suites
from sync import chain as links
from sync.adapters.store import Store
from sync.contract import LessonCredit
from sync.credit import credit
from sync.history import ChainHistory, Entry, Rules, Witness
from sync.reference.hours import history
from sync.reference.platform import Platform
from sync.reference.tables import ChainRow, RecordRow
from sync.verify import verify
from tests.bench.chaos_client import KEY, LESSON, LESSON_S

SAME_S = 0.001
RULES = Rules(durations_us={LESSON: LESSON_S * 1_000_000}, daily_cap_s=1e9)
Bodies = dict[tuple[str, int], bytes]


@dataclass(frozen=True)
class Verdict:
    """Of one learner. unsent: records that never got a receipt; there should be none."""

    acknowledged: int
    unsent: int
    lost: int
    doubled: int
    broken_chains: int
    credit_differs: int
    counted_s: float


def judge(platform: Platform, learner: str, path: Path) -> Verdict:
    """Hold a PC's store against the platform's database."""
    store = Store(path, KEY)
    exported = store.export()
    store.close()
    mine = _bodies(exported)
    acked = _acknowledged(path)
    acknowledged = {key for key in mine if key[1] <= acked[key[0]]}
    with platform.store.reading() as db:
        chains = db.scalars(select(ChainRow).where(ChainRow.learner == learner)).all()
        names = [chain.id for chain in chains]
        rows = db.execute(
            select(RecordRow.chain, RecordRow.seq, RecordRow.body).where(RecordRow.chain.in_(names))
        ).all()
        stored = {(chain, seq): bytes(body) for chain, seq, body in rows}
        histories = [history(db, platform, chain) for chain in chains]
        broken = _broken(db, chains)
    names_told = Counter(strictjson.loads(body)["id"] for _, _, body in rows)
    found = verify(exported, platform.keys.pem)
    (counted,) = credit(histories, RULES)
    (undisturbed,) = credit([_undisturbed(each, mine) for each in histories], RULES)
    return Verdict(
        acknowledged=len(acknowledged),
        unsent=len(mine) - len(acknowledged),
        lost=sum(stored.get(key) != mine[key] for key in acknowledged),
        doubled=sum(times - 1 for times in names_told.values()) + len(stored.keys() - mine.keys()),
        broken_chains=broken + len({fault.chain for fault in found.faults}),
        credit_differs=int(not _alike(counted, undisturbed)),
        counted_s=counted.credited_s + counted.provisional_s,
    )


def _bodies(exported: bytes) -> Bodies:
    """Every record of a bundle, by chain and number."""
    found: Bodies = {}
    chain = ""
    for line in bundle.split(exported):
        value = strictjson.loads(line.data, max_bytes=bundle.MAX_LINE)
        if value["type"] == "chain":
            chain = value["chain"]
        elif value["type"] == "record":
            found[chain, value["seq"]] = value["body"].encode("utf-8")
    return found


def _acknowledged(path: Path) -> dict[str, int]:
    database = sqlite3.connect(path)
    try:
        return dict(database.execute("SELECT chain, acked FROM chains").fetchall())
    finally:
        database.close()


def _broken(db: Session, chains: Sequence[ChainRow]) -> int:
    """Chains whose links do not lead from the grant to the head that the platform has."""
    broken = 0
    for chain in chains:
        suite, head, seq = suites.of_token(chain.grant), links.genesis(chain.grant), 0
        rows = db.execute(
            select(RecordRow.seq, RecordRow.body, RecordRow.head)
            .where(RecordRow.chain == chain.id)
            .order_by(RecordRow.seq)
        )
        whole = True
        for seq, body, stated in rows:
            head = links.link(chain.id, seq, head, bytes(body), suite)
            whole = whole and head == bytes(stated)
        ends = (seq, head) == (chain.seq, bytes(chain.head))
        broken += not (whole and ends) or chain.forked_at is not None
    return broken


def _undisturbed(real: ChainHistory, mine: Bodies) -> ChainHistory:
    """The same facts on a line without faults: each is witnessed as it is written.

    mono_ns is the system's own monotonic clock in every process of the bench.
    """
    off_s = time.time() - time.monotonic()
    entries: list[Entry] = []
    witnesses = [replace(real.witnesses[0], beacon=1)]
    while (body := mine.get((real.chain, len(entries) + 1))) is not None:
        statement = records.decode(body)
        beacon = len(entries) + 1
        entries.append((statement.fact, replace(statement.moment, beacon=beacon)))
        at_s = max(statement.moment.mono_ns / 1e9 + off_s, witnesses[-1].at_s)
        witnesses.append(Witness(len(entries), beacon + 1, at_s))
    tick = real.tick
    if tick is not None:
        tick = (tick[0], replace(tick[1], beacon=len(entries) + 1))
        at_s = tick[1].mono_ns / 1e9 + off_s
        witnesses.append(Witness(len(entries), len(entries) + 2, at_s))
    return replace(real, witnesses=tuple(witnesses), entries=tuple(entries), tick=tick)


def _alike(one: LessonCredit, two: LessonCredit) -> bool:
    parts = [
        [(span.state, span.reason, span.start_s, span.end_s) for span in each.spans]
        for each in (one, two)
    ]
    return len(parts[0]) == len(parts[1]) and all(
        left[:2] == right[:2]
        and abs(left[2] - right[2]) < SAME_S
        and abs(left[3] - right[3]) < SAME_S
        for left, right in zip(*parts, strict=True)
    )
