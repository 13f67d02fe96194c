"""The audit log: what those who are no learners did, each entry bound to the one before.

    hash_n = SHA256(lp("anxue/audit/1") | lp(log) | u64(n) | hash_{n-1} | lp(at) | lp(role)
                    | lp(who) | lp(action) | lp(subject) | lp(detail) | lp(address))
    hash_0 = 32 zero bytes;  lp and u64 as in docs/records.md

An institution has a log, the platform itself has one ("": policies, the supervisor's looks).
Each log's newest number and hash stand in a row with a MAC whose key is not in the database,
and go into the day's signed root (`sync.reference.roots`): entries changed, taken out or put in
are found by `check`, a log rewritten from the beginning by the MAC, and by the roots that others
already have.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sync.reference import seen
from sync.reference.keys import Vault
from sync.reference.operations_tables import AuditHeadRow, AuditRow, RootLeafRow
from sync.reference.platform import Platform, timestamp
from sync.reference.running import derived

PLATFORM = ""
ZERO = bytes(32)
_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that was done.

    log: the institution that it concerns, `PLATFORM` for none. role: institution, supervisor,
    or console. who: a name or number of the token, never the token. subject: whom or what it
    was done to, by id. detail: short, no names, no contact data.
    """

    log: str
    role: str
    who: str
    action: str
    subject: str = ""
    detail: str = ""
    address: str = ""


def write(db: Session, vault: Vault, action: Action, now: datetime) -> int:
    """Add an entry in the transaction of what it is about; its number.

    Do it last: until the commit nobody else can add to this log.
    """
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    begin = {"log": action.log, "number": 0, "hash": ZERO}
    begin["mac"] = _mac(vault, action.log, 0, ZERO)
    db.execute(insert(AuditHeadRow).values(**begin).on_conflict_do_nothing())
    head = db.scalars(
        select(AuditHeadRow).where(AuditHeadRow.log == action.log).with_for_update()
    ).one()
    row = AuditRow(
        log=action.log,
        number=head.number + 1,
        at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        role=action.role[:200],
        who=action.who[:200],
        action=action.action[:200],
        subject=action.subject[:200],
        detail=action.detail[:1000],
        address=action.address[:200],
    )
    row.hash = entry_hash(row, head.hash)
    db.add(row)
    head.number, head.hash = row.number, row.hash
    head.mac = _mac(vault, head.log, head.number, head.hash)
    db.flush()
    return row.number


def by_institution(
    db: Session,
    platform: Platform,
    institution: str,
    action: str,
    *,
    subject: str,
    address: str,
    detail: str = "",
) -> None:
    """An entry for what an institution's people or systems did; last in its transaction."""
    told = Action(
        log=institution,
        role="institution",
        who=seen.who() or institution,
        action=action,
        subject=subject,
        detail=detail,
        address=address,
    )
    write(db, platform.keys.vault, told, platform.clock())


def entry_hash(row: AuditRow, before: bytes) -> bytes:
    """The entry's hash by what stands in its columns now."""
    texts = (timestamp(row.at), row.role, row.who, row.action, row.subject, row.detail, row.address)
    parts = [_lp(b"anxue/audit/1"), _lp(row.log.encode()), row.number.to_bytes(8, "big"), before]
    return hashlib.sha256(b"".join([*parts, *(_lp(text.encode()) for text in texts)])).digest()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that does not fit. number: the entry, 0 for the log as a whole."""

    log: str
    number: int
    code: str


@dataclass(frozen=True, slots=True)
class Checked:
    """entries: by log."""

    entries: dict[str, int]
    doubts: tuple[Doubt, ...]


def check(db: Session, vault: Vault) -> Checked:
    """Walk all logs from their beginnings. The walk goes on after a fault, at what is there."""
    heads = {row.log: row for row in db.scalars(select(AuditHeadRow))}
    logs = sorted({*heads, *db.scalars(select(AuditRow.log).distinct())})
    entries: dict[str, int] = {}
    doubts: list[Doubt] = []
    for log in logs:
        number, before = 0, ZERO
        counted = 0
        # What roots already say about this log, in their order.
        query = select(RootLeafRow.seq, RootLeafRow.head).where(
            RootLeafRow.kind == "audit", RootLeafRow.name == log_name(log)
        )
        rooted = {row.seq: row.head for row in db.execute(query)}
        for row in _entries(db, log):
            counted += 1
            if row.number != number + 1:
                doubts.append(Doubt(log, number + 1, "missing"))
            if entry_hash(row, before) != row.hash:
                doubts.append(Doubt(log, row.number, "changed"))
            if rooted.pop(row.number, row.hash) != row.hash:
                doubts.append(Doubt(log, row.number, "root"))
            number, before = row.number, row.hash
        entries[log] = counted
        doubts += [Doubt(log, gone, "root") for gone in sorted(rooted)]
        doubts += _head_doubts(vault, log, heads.get(log), number, before)
    return Checked(entries, tuple(doubts))


def log_name(log: str) -> str:
    """A log's name in the day's root, where "" would be none."""
    return log or "platform"


def _head_doubts(
    vault: Vault, log: str, head: AuditHeadRow | None, number: int, newest: bytes
) -> list[Doubt]:
    if head is None:
        return [Doubt(log, 0, "head")]
    if not hmac.compare_digest(head.mac, _mac(vault, log, head.number, head.hash)):
        return [Doubt(log, 0, "mac")]
    if head.number > number:
        return [Doubt(log, number + 1, "cut")]
    if (head.number, head.hash) != (number, newest):
        return [Doubt(log, number, "added")]
    return []


def _entries(db: Session, log: str) -> Iterator[AuditRow]:
    after = 0
    while True:
        rows = db.scalars(
            select(AuditRow)
            .where(AuditRow.log == log, AuditRow.number > after)
            .order_by(AuditRow.number)
            .limit(_PAGE)
        ).all()
        yield from rows
        if len(rows) < _PAGE:
            return
        after = rows[-1].number
        db.expunge_all()  # a long log does not have to fit into memory


def _mac(vault: Vault, log: str, number: int, newest: bytes) -> bytes:
    text = _lp(log.encode()) + number.to_bytes(8, "big") + newest
    return hmac.new(derived(vault.key, "audit"), text, hashlib.sha256).digest()


def _lp(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
