"""An institution's statistics: its learners' progress and hours, also of a period (R20, 21).

The hours of a period are what the count said at its end less what it said at its beginning:
both by the records that had arrived until then. A decision that came later changes both.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.credit import credit
from sync.history import ChainHistory
from sync.operations import LearnerHours
from sync.reference import hours
from sync.reference.accounts import Account
from sync.reference.platform import Platform, timestamp
from sync.reference.tables import ChainRow, ClassRow, LearnerRow

COLUMNS = (
    *("学员编号", "姓名", "班级", "已计学时（秒）", "待确认（秒）", "本期学时（秒）"),
    *("完成课时数", "课时总数", "最近上线"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Period:
    """None at either side: open."""

    since: datetime | None
    until: datetime | None

    @property
    def asked(self) -> bool:
        return self.since is not None or self.until is not None


def learner_hours(
    db: Session, platform: Platform, learner: LearnerRow, period: Period
) -> LearnerHours:
    """One learner's line."""
    account = Account(learner.id, learner.class_id, "")
    chains = db.scalars(select(ChainRow).where(ChainRow.learner == learner.id)).all()
    histories = [hours.history(db, platform, chain) for chain in chains]
    rules = hours.rules(db, platform, account, chains, histories)

    def credited_s(until: datetime | None) -> float:
        told = [each if until is None else _until(each, until) for each in histories]
        # A run that had not begun by then has no witness.
        told = [each for each in told if each.witnesses]
        return sum(lesson.credited_s for lesson in credit(told, rules))

    now = credit(histories, rules)
    in_period = None
    if period.asked:
        before = 0.0 if period.since is None else credited_s(period.since)
        in_period = max(0.0, credited_s(period.until) - before)
    return LearnerHours(
        learner=learner.id,
        name=learner.name,
        class_name=db.get_one(ClassRow, learner.class_id).name,
        credited_s=sum(lesson.credited_s for lesson in now),
        provisional_s=sum(lesson.provisional_s for lesson in now),
        period_s=in_period,
        completed=sum(lesson.completed for lesson in now),
        lessons=len(now),
        last_seen=_last_seen(db, learner.id),
    )


def _until(told: ChainHistory, time: datetime) -> ChainHistory:
    """The run as the platform knew it then."""
    witnesses = tuple(each for each in told.witnesses if each.at_s <= time.timestamp())
    if len(witnesses) == len(told.witnesses):
        return told
    known = max((each.seq for each in witnesses), default=0)
    return replace(told, witnesses=witnesses, entries=told.entries[:known], tick=None)


def _last_seen(db: Session, learner: str) -> str | None:
    at = db.scalar(select(func.max(ChainRow.received_at)).where(ChainRow.learner == learner))
    return None if at is None else timestamp(at)


def as_csv(lines: Sequence[LearnerHours]) -> str:
    """For a spreadsheet: with a byte order mark, and without anything that it would compute."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow(
            (
                *(harmless(line.learner), harmless(line.name), harmless(line.class_name)),
                *(_seconds(line.credited_s), _seconds(line.provisional_s)),
                "" if line.period_s is None else _seconds(line.period_s),
                *(line.completed, line.lessons, line.last_seen or ""),
            )
        )
    return "\ufeff" + told.getvalue()


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, also behind spaces."""
    return (
        f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA) or text[:1] in _FORMULA else text
    )


def _seconds(value: float) -> str:
    return f"{value:.0f}"
