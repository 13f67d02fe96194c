"""Records come in: every link, MAC and seal is checked before anything is kept.

A batch is taken whole or not at all. What was taken before changes nothing when it comes
again, so that a client may send until it has an answer. One transaction a batch, with the
chain's row locked: two batches of one chain take turns.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import chain as links
from sync import records, seal, suites
from sync.contract import Beacon, OpenTick, Receipt, RecordBatch, Seal, WireRecord
from sync.facts import SnapshotTaken, Watched
from sync.history import Entry
from sync.reference import evidence, forwarding, kept, seen
from sync.reference.accounts import Account
from sync.reference.contact import contact_field
from sync.reference.platform import Platform, kept_policy, timestamp
from sync.reference.problems import Refusal
from sync.reference.tables import ChainRow, RecordRow, WitnessRow
from sync.reference.writing import NOTHING, Brought, Made, keep_seal, write


@dataclass(frozen=True, slots=True)
class Kept:
    """What a batch added: after which head, up to which, and what the records say."""

    before: bytes
    first_seq: int
    head: bytes
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Taken:
    """What the answer says besides the count."""

    acked: int
    receipt: str
    next_after_s: float
    kept: Kept


class _Parsed(NamedTuple):
    """A record as it came, its texts decoded."""

    seq: int
    body: bytes
    mac: bytes
    text: str


def chain_of(db: Session, account: Account, chain: str, *, lock: bool = False) -> ChainRow:
    """The learner's own chain. Raises Refusal for any other."""
    query = select(ChainRow).where(ChainRow.id == chain)
    row = db.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise Refusal("not_found", "the platform does not know this chain")
    if row.learner != account.learner:
        raise Refusal("forbidden", "another learner's chain")
    return row


def take(
    db: Session,
    platform: Platform,
    account: Account,
    batch: RecordBatch,
    address: str,
    own: ChainRow | None = None,
) -> Taken | Refusal:
    """Check and keep a batch. own: the row of the account's own chain, locked, if it is there.

    Raises Refusal, and nothing is kept. Returns one where it has to be kept that the
    chain was forked.
    """
    now = platform.clock()
    if own is not None and own.id == batch.chain:
        row = own
    else:
        row = chain_of(db, account, batch.chain, lock=True)
    db.expunge(row)  # `write` writes it
    brought = Brought(batch.seal, account.chain, address)
    if row.forked_at is not None:
        raise Refusal("fork", "the chain is closed for review", seq=row.seq)
    parsed = [_parse(record) for record in batch.records]
    _check_numbers(row, parsed)
    known = [record for record in parsed if record.seq <= row.seq]
    if known and _contradicts(db, platform, row, known):
        row.forked_at = now
        write(db, row, NOTHING, brought, now, witnessed=False)
        return Refusal("fork", "two different records carry one number", seq=row.seq)
    fresh = parsed[len(known) :]
    if fresh and row.closed_at is not None:
        raise Refusal("closed", "the chain has ended", seq=row.seq)
    before = row.head if row.seq else b""
    state, made, entries = _keep(db, platform, row, fresh, now)
    sealed_before = row.sealed_seq
    if batch.seal is not None:
        _take_seal(db, row, batch.seal, made)
        if not fresh and row.sealed_seq > sealed_before:
            keep_seal(db, row.id, row.sealed_seq, batch.seal)
    ticked = batch.tick is not None and _take_tick(row, state, batch.tick, now)
    if fresh:
        seen.taken(len(fresh))
        forwarding.enqueue(db, platform, row.id, fresh[0].seq, fresh[-1].seq)
    revealed = account.chain == row.id and _reveal(db, platform, row, now)
    closed = batch.close and row.closed_at is None
    if closed:
        row.closed_at = now
    witnessed = bool(fresh) or ticked or revealed
    if witnessed or closed or batch.seal is not None:
        write(db, row, made, brought, now, witnessed=witnessed)
    policy = kept_policy(db, platform, row.policy)
    kept_now = Kept(before, made.first_seq, row.head, entries)
    return Taken(row.seq, _receipt(platform, row), policy.heartbeat_s, kept_now)


def _parse(record: WireRecord | OpenTick) -> _Parsed:
    try:
        mac = seal.from_base64url(record.mac)
        return _Parsed(record.seq, record.body.encode("utf-8"), mac, record.body)
    except (seal.SealError, UnicodeEncodeError) as error:
        raise Refusal("invalid", f"record {record.seq}: {error}") from error


def _check_numbers(row: ChainRow, parsed: list[_Parsed]) -> None:
    for before, after in pairwise(parsed):
        if after.seq != before.seq + 1:
            raise Refusal("invalid", f"record {after.seq} after {before.seq}", seq=row.seq)
    if parsed and parsed[0].seq > row.seq + 1:
        raise Refusal("gap", f"expected record {row.seq + 1}", seq=row.seq)


def _contradicts(db: Session, platform: Platform, row: ChainRow, known: list[_Parsed]) -> bool:
    """Whether the holder of the chain's key made a second record of a number that is kept.

    Raises Refusal when the other text is nobody's: its MAC does not fit either.
    """
    kept = {
        record.seq: record
        for record in db.scalars(
            select(RecordRow).where(
                RecordRow.chain == row.id, RecordRow.seq.between(known[0].seq, known[-1].seq)
            )
        )
    }
    for record in known:
        same = kept[record.seq]
        if record.body == same.body and hmac.compare_digest(record.mac, same.mac):
            continue
        state = _state_before(db, platform, row, record.seq)
        try:
            links.accept(state, record.seq, record.body, record.mac)
        except links.ChainError as error:
            raise Refusal("bad_mac", str(error), seq=row.seq) from error
        return True
    return False


def _state_before(db: Session, platform: Platform, row: ChainRow, seq: int) -> links.ChainState:
    """The chain as it stood before a record that is kept: k_0 evolves again."""
    state = links.start(row.id, row.grant, platform.keys.vault.open(row.k0, f"k0/{row.id}"))
    earlier = db.scalars(
        select(RecordRow)
        .where(RecordRow.chain == row.id, RecordRow.seq < seq)
        .order_by(RecordRow.seq)
    )
    for record in earlier:
        state, _ = links.append(state, record.body)
    return state


def _keep(
    db: Session, platform: Platform, row: ChainRow, fresh: list[_Parsed], now: datetime
) -> tuple[links.ChainState, Made, tuple[Entry, ...]]:
    """Check the new records one after the other and add them; the chain's row moves on."""
    vault, place = platform.keys.vault, f"key/{row.id}"
    suite = suites.of_token(row.grant)
    state = links.ChainState(row.id, row.seq, row.head, vault.open(row.key, place), suite)
    if not fresh:
        return state, NOTHING, ()
    bodies, macs = [record.body for record in fresh], [record.mac for record in fresh]
    try:
        state, heads = links.accept_all(state, [record[:3] for record in fresh])
    except links.ChainError as error:
        raise Refusal("bad_mac", str(error), seq=row.seq) from error
    entries = tuple(_check_statement(row, record) for record in fresh)
    for fact, moment in entries:
        if isinstance(fact, SnapshotTaken):
            evidence.expect(db, row, fact, moment, now)
    row.seq, row.head, row.received_at = state.seq, state.head, now
    row.key = vault.seal(state.key, place)
    row.tick_seq = row.tick_body = row.tick_mac = row.tick_at = None
    return state, Made(fresh[0].seq, bodies, macs, heads), entries


def _check_statement(row: ChainRow, record: _Parsed) -> Entry:
    """A statement of this learner, in this chain, at this place, of no later time than now."""
    entry = records.decode_at(record.text, row.home_page, row.learner, row.id, record.seq)
    fact, moment = entry or _in_words(row, record)
    if moment.beacon > row.beacon:
        raise Refusal("invalid", f"record {record.seq}: a beacon not yet revealed", seq=row.seq)
    field = contact_field(fact)
    if field is not None:
        raise Refusal("invalid", f"record {record.seq}: contact data in {field}", seq=row.seq)
    return fact, moment


def _in_words(row: ChainRow, record: _Parsed) -> Entry:
    """The same of what the quick way would not take; says what is wrong. Raises Refusal."""
    try:
        statement = records.decode(record.body)
    except records.RecordError as error:
        raise Refusal("invalid", f"record {record.seq}: {error}", seq=row.seq) from error
    if statement.context != records.Context(row.home_page, row.learner, row.id, record.seq):
        raise Refusal("invalid", f"record {record.seq}: not of this chain and place", seq=row.seq)
    return statement.fact, statement.moment


def _take_seal(db: Session, row: ChainRow, text: str, made: Made) -> None:
    """Check a seal over a record that is kept. A seal may come again, or late.

    made: the records that came with it.
    """
    try:
        sealed = seal.read(text, "seal", kept.certificate(row.certificate), Seal)
    except seal.SealError as error:
        raise Refusal("bad_seal", str(error), seq=row.seq) from error
    if sealed.chain != row.id or sealed.seq > row.seq or sealed.beacon > row.beacon:
        raise Refusal("bad_seal", "over something that the platform does not have", seq=row.seq)
    if made.heads and sealed.seq >= made.first_seq:
        head = made.heads[sealed.seq - made.first_seq]
    else:
        head = db.get_one(RecordRow, (row.id, sealed.seq)).head
    if head.hex() != sealed.head:
        raise Refusal("bad_seal", f"over another record {sealed.seq}", seq=row.seq)
    row.sealed_seq = max(row.sealed_seq, sealed.seq)


def _take_tick(row: ChainRow, state: links.ChainState, tick: OpenTick, now: datetime) -> bool:
    """Keep the open tick apart, if it is newer than the one that is kept."""
    parsed = _parse(tick)
    if parsed.seq < row.seq:
        return False  # an old request that comes again; its segment has long been closed
    if parsed.seq > row.seq:
        raise Refusal("gap", f"a tick after {parsed.seq}", seq=row.seq)
    try:
        links.accept_tick(state, parsed.seq, parsed.body, parsed.mac)
    except links.ChainError as error:
        raise Refusal("bad_mac", str(error), seq=row.seq) from error
    # The statement has the number that it would get if the segment were closed now.
    watched, _ = _check_statement(row, parsed._replace(seq=parsed.seq + 1))
    if not isinstance(watched, Watched):
        raise Refusal("invalid", "a tick states what was watched, nothing else", seq=row.seq)
    if row.closed_at is not None:
        return False
    if row.tick_body is not None:
        kept = records.decode(row.tick_body).fact
        if isinstance(kept, Watched) and kept.ended_ns >= watched.ended_ns:
            return False
    row.tick_seq, row.tick_body, row.tick_mac, row.tick_at = (
        parsed.seq,
        parsed.body,
        parsed.mac,
        now,
    )
    return True


def _reveal(db: Session, platform: Platform, row: ChainRow, now: datetime) -> bool:
    """Move on to the next beacon if it is time for one. Not for runs that are over."""
    if row.closed_at is not None or row.beacon >= row.seed_length:
        return False
    newest = row.beacon_at
    if newest is None:
        newest = db.scalars(
            select(WitnessRow.at)
            .where(WitnessRow.chain == row.id, WitnessRow.beacon == row.beacon)
            .order_by(WitnessRow.id)
            .limit(1)
        ).one()
    if now - newest < timedelta(seconds=platform.settings.beacon_gap_s):
        return False
    row.beacon += 1
    row.beacon_at = now
    return True


def _receipt(platform: Platform, row: ChainRow) -> str:
    value = platform.running.kept.seed(
        row.id,
        lambda: platform.keys.vault.open(row.seed, f"seed/{row.id}"),
        row.beacon,
        row.seed_length,
        suites.of_token(row.grant),
    )
    receipt = Receipt(
        chain=row.id,
        seq=row.seq,
        head=row.head.hex(),
        beacon=Beacon(index=row.beacon, value=value.hex()),
        received_at=timestamp(row.received_at),
    )
    return seal.sign(receipt, "receipt", platform.keys.signer)
