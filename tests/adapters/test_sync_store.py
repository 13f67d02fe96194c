"""The store on a real disk: durable, hidden, refusing what it must, never losing a file."""

import sqlite3
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from sync import chain
from sync.adapters.store import Store
from sync.adapters.vault import Vault, store_key
from sync.outbox import Backlog, Sending
from sync.ports import (
    NoSuchChainError,
    StoreDamagedError,
    StoredChain,
    StoreError,
    WrongKeyError,
)
from sync.recorder import Recorder
from sync.seal import from_base64url
from sync.session import AcceptedAnswer, accept_answer
from sync.verify import verify
from tests.sync_rig import (
    NOW,
    FakePlatform,
    begin,
    confirm,
    moment,
    run_signer,
    started,
    tell,
    watched,
)

KEY = b"\x11" * 32
PLATFORM = FakePlatform()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "学员" / "records.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path, KEY)
    yield store
    store.close()


def test_a_run_is_kept_and_exported(store: Store) -> None:
    recorder = confirm(store, tell(store, begin(store)))
    assert verify(store.export(), PLATFORM.pem).ok
    assert store.export(["c1"]) == store.export()
    assert store.export([]) != store.export()
    (kept,) = store.open_chains()
    assert kept == StoredChain(
        chain="c1",
        learner="learner-7",
        acked=6,
        last=6,
        head=recorder.state.head,
        beacon_index=2,
        beacon_value=recorder.beacons.value.hex(),
    )


def test_what_is_kept_is_there_again(path: Path) -> None:
    store = Store(path, KEY)
    recorder = confirm(store, tell(store, begin(store)))
    before = store.export()
    store.close()
    store = Store(path, KEY)
    assert store.export() == before
    newest = store.newest_chain()
    assert newest is not None
    assert newest.head == recorder.state.head
    store.close()


def test_records_take_their_place_or_none(store: Store) -> None:
    recorder = begin(store)
    recorder, first, _ = recorder.record(started(), moment(0))
    _, second, _ = recorder.record(started(), moment(0))
    with pytest.raises(NoSuchChainError):
        store.append(second)
    store.append(first)
    with pytest.raises(NoSuchChainError):
        store.append(first)
    with pytest.raises(NoSuchChainError):
        store.append(replace(second, chain="c9"))
    assert store.head_at("c1", 1) == first.head
    assert store.head_at("c1", 2) is None
    assert store.head_at("c9", 0) is None
    with pytest.raises(StoreError):
        store.begin_chain(PLATFORM.accepted())


def test_the_cursor_moves_only_with_a_receipt(store: Store) -> None:
    recorder = tell(store, begin(store))
    assert store.backlogs("c1") == (Backlog("c1", 0, 6, live=True),)
    recorder = confirm(store, recorder)
    assert store.backlogs("c1") == (Backlog("c1", 6, 6, live=True),)
    accepted = accept_answer(
        PLATFORM.answer(recorder.state, 3),
        PLATFORM.certificate,
        "c1",
        lambda seq: store.head_at("c1", seq),
        recorder.beacons,
    )
    with pytest.raises(NoSuchChainError):
        store.store_receipt("c1", replace(accepted, seq=7))
    assert len(store.open_chains()) == 1
    assert store.open_chains()[0].beacon_index == 2
    # A late answer for an earlier record moves nothing back.
    store.store_receipt("c1", replace(accepted, seq=2))
    assert store.backlogs("c1")[0].acked == 6


def test_a_batch_carries_records_seal_and_tick(store: Store) -> None:
    recorder = tell(store, begin(store))
    store.put_seal("c1", 6, recorder.seal(run_signer()))
    recorder, tick = recorder.tick(watched(30, 35, 70), moment(70))
    store.put_tick(tick)
    assert store.backlogs("c1")[0].tick
    batch = store.batch(Sending("c1", 3, 6, tick=True, close=False))
    assert [record.seq for record in batch.records] == [3, 4, 5, 6]
    assert batch.seal is not None
    assert batch.tick is not None
    assert batch.tick.seq == 6
    state = PLATFORM.accepted().start
    for record in store.batch(Sending("c1", 1, 6, tick=False, close=True)).records:
        state, _ = chain.accept(state, record.seq, record.body.encode(), from_base64url(record.mac))
    assert state == recorder.state
    empty = store.batch(Sending("c1", 7, 6, tick=False, close=True))
    assert (empty.records, empty.tick, empty.close) == ((), None, True)
    with pytest.raises(StoreDamagedError):
        store.batch(Sending("c1", 5, 9, tick=False, close=False))


def test_a_seal_goes_until_the_platform_has_it(path: Path) -> None:
    store = Store(path, KEY)

    def accepted(recorder: Recorder, index: int) -> AcceptedAnswer:
        answer, trail = PLATFORM.answer(recorder.state, index), recorder.beacons
        at = partial(store.head_at, "c1")
        return accept_answer(answer, PLATFORM.certificate, "c1", at, trail)

    def seal(first: int, last: int) -> str | None:
        return store.batch(Sending("c1", first, last, tick=False, close=False)).seal

    recorder = tell(store, begin(store))
    store.store_receipt("c1", accepted(recorder, 2), sealed=seal(1, 6))
    assert seal(7, 6) is None
    # Made when its record was there already, it still goes, and again until that is answered.
    sixth = recorder.seal(run_signer())
    store.put_seal("c1", 6, sixth)
    assert seal(7, 6) == sixth
    store.store_receipt("c1", accepted(recorder, 3))  # the answer to an older question
    assert seal(7, 6) == sixth
    store.store_receipt("c1", accepted(recorder, 4), sealed=seal(7, 6))
    assert seal(7, 6) is None
    # A platform that was put back to an earlier state gets the record and the seal again.
    assert seal(4, 6) == sixth
    recorder, record, _ = recorder.record(watched(60, 70, 80), moment(80))
    store.append(record)
    assert seal(7, 7) is None, "nothing stands under the newest record yet"
    seventh = recorder.seal(run_signer())
    store.put_seal("c1", 7, seventh)
    assert seal(7, 7) == seventh
    store.store_receipt("c1", accepted(recorder, 5), sealed=seventh)
    assert seal(8, 7) is None
    store.close()
    # That it went is not written down: after a start it goes once more.
    store = Store(path, KEY)
    assert seal(8, 7) == seventh
    store.close()


def test_a_tick_is_replaced_renewed_and_dropped(store: Store) -> None:
    recorder = tell(store, begin(store), 1)
    for second in (1, 2):
        recorder, tick = recorder.tick(watched(10, 10 + second, 50 + second), moment(50 + second))
        store.put_tick(tick)
    recorder, tick = recorder.tick(watched(10, 13, 53), moment(53))
    store.put_tick(tick)
    sending = Sending("c1", 5, 4, tick=True, close=True)
    kept = store.batch(sending).tick
    assert kept is not None
    assert kept.body.encode() == tick.body
    recorder, record, renewed = recorder.record(started(), moment(53.2))
    store.append(record, renewed)
    kept = store.batch(replace(sending, first=6, last=5)).tick
    assert kept is not None
    assert kept.seq == 5
    store.drop_tick("c1")
    assert not store.backlogs(None)[0].tick
    recorder, tick = recorder.tick(watched(10, 14, 54), moment(54))
    store.put_tick(tick)
    recorder, record, none = recorder.record(watched(10, 14.5, 54.5), moment(54.5))
    assert none is None
    store.append(record, none)
    assert not store.backlogs(None)[0].tick


def test_chains_wait_in_their_order_until_closed(store: Store) -> None:
    for name in ("c1", "c2", "c3"):
        tell(store, begin(store, name), 1)
    assert [backlog.chain for backlog in store.backlogs("c3")] == ["c1", "c2", "c3"]
    assert [backlog.live for backlog in store.backlogs("c3")] == [False, False, True]
    assert store.backlogs("c3", done=True)[2].done
    store.close_chain("c1", "done")
    store.close_chain("c2", "fork")
    assert [kept.chain for kept in store.open_chains()] == ["c3"]
    assert b'"c1"' in store.export()


def test_heartbeats_do_not_pile_up(store: Store) -> None:
    recorder = tell(store, begin(store))
    for _ in range(5):
        recorder = confirm(store, recorder)
    assert store.export().count(b'"type":"receipt"') == 1
    assert store.export().count(b'"type":"seal"') == 1
    confirm(store, recorder, 3)
    assert store.export().count(b'"type":"receipt"') == 2


# ---- What is on the disk.


def test_nothing_of_a_person_is_readable(path: Path) -> None:
    store = Store(path, KEY)
    recorder = tell(store, begin(store))
    recorder, tick = recorder.tick(watched(30, 35, 70, lesson="secret-lesson"), moment(70))
    store.put_tick(tick)
    on_disk = b"".join(part.read_bytes() for part in path.parent.iterdir())
    store.close()
    for text in (b"confined-1", b"secret-lesson", b"verbs/watched", b"similarity", KEY):
        assert text not in on_disk
    if sys.platform != "win32":
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_bodies_open_only_in_their_place(path: Path) -> None:
    store = Store(path, KEY)
    tell(store, begin(store))
    store.close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE records SET body = (SELECT body FROM records WHERE seq = 3) WHERE seq = 4")
    raw.commit()
    raw.close()
    store = Store(path, KEY)
    with pytest.raises(StoreDamagedError, match="c1/4"):
        store.export()
    store.close()


def test_another_key(path: Path, store: Store) -> None:
    store.close()
    with pytest.raises(WrongKeyError):
        Store(path, b"\x12" * 32)
    with pytest.raises(ValueError, match="32 bytes"):
        Store(path, b"short")


def test_keys_of_learners_machines_and_passwords_differ() -> None:
    keys = {
        store_key(machine, password, learner)
        for machine in (b"m" * 32, b"n" * 32)
        for password in ("p1", "p2")
        for learner in ("a", "b")
    }
    assert len(keys) == 8
    assert store_key(b"m" * 32, "p1", "a") in keys
    vault = Vault(KEY)
    assert vault.seal("record", "c1", 1, b"x") != vault.seal("record", "c1", 1, b"x")
    for kind, name, seq in (("tick", "c1", 1), ("record", "c2", 1), ("record", "c1", 2)):
        with pytest.raises(StoreDamagedError):
            vault.open(kind, name, seq, vault.seal("record", "c1", 1, b"x"))
    with pytest.raises(StoreDamagedError):
        vault.open("record", "c1", 1, b"")


# ---- What is kept for how long.


def test_old_runs_go_when_all_of_them_is_receipted(store: Store) -> None:
    for name in ("c1", "c2", "c3", "c4"):
        recorder = tell(store, begin(store, name))
        if name != "c2":
            confirm(store, recorder)
    for name in ("c1", "c4"):
        store.close_chain(name, "sent")
    store.close_chain("c3", "fork")
    assert store.forget(NOW) == 0, "a run of just then is not old"
    before = store.export()
    assert store.forget(NOW + timedelta(days=1)) == 1
    after = store.export()
    assert b'"c1"' in before
    assert b'"c1"' not in after
    assert store.head_at("c1", 1) is None
    # What is not with the platform, was refused, or is named by the next run: all there.
    assert store.backlogs(None) == (Backlog("c2", 0, 6, live=False),)
    assert len(store.batch(Sending("c2", 1, 6, tick=False, close=True)).records) == 6
    assert store.export(["c3"]) != store.export([])
    newest = store.newest_chain()
    assert newest is not None
    assert newest.chain == "c4"
    tables = ("chains", "records", "receipts", "seals", "texts")
    counts = [store._db.execute(f"SELECT count(*) FROM {each}").fetchone()[0] for each in tables]  # noqa: S608
    assert counts == [3, 18, 2, 2, 3]


def test_nothing_unreceipted_is_ever_deleted(store: Store) -> None:
    kinds = [(True, True), (True, False), (False, True), (False, False), (True, True)]
    for number, (receipted, closed) in enumerate(kinds):
        recorder = tell(store, begin(store, f"c{number}"), 1)
        if receipted:
            confirm(store, recorder)
        if closed:
            store.close_chain(f"c{number}", "sent")
    assert store.forget(NOW + timedelta(days=10_000)) == 1
    there = [store.head_at(f"c{number}", 1) is not None for number in range(len(kinds))]
    assert there == [False, True, True, True, True]
