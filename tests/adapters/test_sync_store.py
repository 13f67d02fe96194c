"""The store on a real disk: durable, hidden, refusing what it must, never losing a file."""

import multiprocessing
import os
import signal
import sqlite3
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync import chain
from sync.adapters.store import Store
from sync.adapters.store_rescue import rescue, set_aside
from sync.adapters.vault import Vault, store_key
from sync.contract import MAX_BATCH
from sync.outbox import Backlog, Sending
from sync.ports import (
    NoSuchChainError,
    StoreDamagedError,
    StoredChain,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
    WrongKeyError,
    WrongThreadError,
)
from sync.recorder import Recorder
from sync.seal import from_base64url
from sync.session import accept_answer
from sync.verify import verify
from tests.sync_rig import FakePlatform, moment, plain_story, run_signer, started, story, watched

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


def begin(store: Store, name: str = "c1") -> Recorder:
    session = PLATFORM.accepted(name)
    store.begin_chain(session)
    return Recorder.begin(session)


def tell(store: Store, recorder: Recorder, count: int = 3) -> Recorder:
    return story(recorder, store.append, plain_story(count))


def confirm(store: Store, recorder: Recorder, index: int = 2, at_s: float = 60) -> Recorder:
    """Seal, send and receipt all there is."""
    name = recorder.state.chain
    store.put_seal(name, recorder.state.seq, recorder.seal(run_signer(name)))
    accepted = accept_answer(
        PLATFORM.answer(recorder.state, index, at_s),
        PLATFORM.certificate,
        name,
        lambda seq: store.head_at(name, seq),
        recorder.beacons,
    )
    store.store_receipt(name, accepted)
    return recorder.advance(accepted.beacons)


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
    assert MAX_BATCH == 200


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


# ---- What goes wrong.


def test_a_second_copy_is_locked_out(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.adapters.store_schema.BUSY_S", 0.05)
    tell(store, begin(store))
    with pytest.raises(StoreLockedError):
        Store(path, KEY)


def test_another_thread_is_told_so(store: Store) -> None:
    caught: list[BaseException] = []

    def try_it(work: Callable[[], object]) -> None:
        try:
            work()
        except WrongThreadError as error:
            caught.append(error)

    for work in (store.open_chains, store.export, lambda: store.drop_tick("c1"), store.close):
        thread = threading.Thread(target=try_it, args=(work,))
        thread.start()
        thread.join()
    assert len(caught) == 4


def test_a_full_disk(path: Path, store: Store) -> None:
    recorder = tell(store, begin(store))
    store._db.execute("PRAGMA max_page_count = 1")  # as large as it is: SQLITE_FULL from now on
    last = recorder.state.seq
    # What cannot be written leaves nothing behind, and goes in once there is room.
    with pytest.raises(StoreFullError):
        story(recorder, store.append, [(watched(n, n + 1, 90), 90.0) for n in range(500)])
    written = store.backlogs("c1")[0].last
    assert last <= written < last + 500
    store._db.execute("PRAGMA max_page_count = 1000000")
    seen: list[chain.Record] = []
    recorder = story(recorder, seen.append, [(watched(n, n + 1, 90), 90.0) for n in range(500)])
    for record in seen[written - last :]:
        store.append(record)
    confirm(store, recorder)
    assert verify(store.export(), PLATFORM.pem).ok


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreReadOnlyError):
        Store(tmp_path / "file" / "records.db", KEY)
    with pytest.raises(StoreReadOnlyError):
        Store(tmp_path, KEY)


def test_a_store_that_became_read_only(store: Store) -> None:
    recorder = begin(store)
    _, record, _ = recorder.record(started(), moment(0))
    store._db.execute("PRAGMA query_only = 1")
    with pytest.raises(StoreReadOnlyError):
        store.append(record)
    store._db.execute("PRAGMA query_only = 0")
    store.append(record)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreReadOnlyError):
        Store(tmp_path / "records.db", KEY)
    tmp_path.chmod(0o700)


def test_a_store_of_a_newer_version(path: Path, store: Store) -> None:
    store._db.execute("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(StoreError, match="newer"):
        Store(path, KEY)


# ---- Damage.


def damaged(path: Path, spoil: Callable[[bytearray], None]) -> None:
    data = bytearray(path.read_bytes())
    spoil(data)
    path.write_bytes(bytes(data))


def fill(path: Path, count: int = 120) -> None:
    """A store with more than a page of everything, closed and so checkpointed."""
    store = Store(path, KEY)
    recorder = confirm(store, tell(store, begin(store), 5))
    story(recorder, store.append, [(watched(n, n + 1, 100 + n), 100.0 + n) for n in range(count)])
    store.close()


def test_a_file_that_is_no_database(path: Path) -> None:
    fill(path)
    damaged(path, lambda data: data.__setitem__(slice(0, 16), b"not a database!!"))
    before = path.read_bytes()
    with pytest.raises(StoreDamagedError):
        Store(path, KEY)
    store, told = rescue(path, KEY, "20261123T100000Z")
    assert (told.chains, told.records) == (0, 0)
    assert told.aside.read_bytes() == before
    assert store.open_chains() == ()
    tell(store, begin(store))
    store.close()


def test_a_bad_page_costs_what_is_on_it(path: Path) -> None:
    fill(path)
    size = path.stat().st_size
    damaged(path, lambda data: data.__setitem__(slice(size - 8192, size), os.urandom(8192)))
    with pytest.raises(StoreDamagedError):
        Store(path, KEY)
    before = path.read_bytes()
    store, told = rescue(path, KEY, "20261123T100000Z")
    assert told.chains == 1
    assert told.records + told.lost == 128
    assert 0 < told.lost < 128
    (kept,) = store.open_chains()
    assert kept.last == told.records
    # What was saved can be sent and is what it was.
    assert len(store.batch(Sending("c1", 1, kept.last, tick=False, close=True)).records)
    found = verify(store.export(), PLATFORM.pem)
    assert {fault.code for fault in found.faults} <= {"unconfirmed"}
    store.close()
    assert told.aside.read_bytes() == before


def test_a_hole_in_the_records(path: Path) -> None:
    fill(path)
    raw = sqlite3.connect(path)
    raw.execute("DELETE FROM records WHERE seq = 50")
    raw.execute("UPDATE records SET body = x'00' WHERE seq = 60")
    raw.commit()
    raw.close()
    store, told = rescue(path, KEY, "20261123T100000Z")
    assert (told.records, told.lost) == (49, 79)
    store.close()


def test_a_store_of_another_key_is_not_read(path: Path) -> None:
    fill(path)
    store, told = rescue(path, b"\x12" * 32, "20261123T100000Z")
    assert told.records == 0
    assert told.lost == 128
    store.close()


def test_nothing_that_was_set_aside_is_overwritten(path: Path) -> None:
    asides = set()
    for _ in range(3):
        fill(path, 1)
        asides.add(set_aside(path, "20261123T100000Z"))
        assert not path.exists()
    assert len(asides) == 3
    assert all(aside.exists() for aside in asides)


# ---- Sudden death.


def study(path: str, told: "multiprocessing.connection.Connection") -> None:
    """Append records and ticks until somebody kills the process."""
    store = Store(Path(path), KEY)
    recorder = tell(store, begin(store), 1)
    for number in range(100_000):
        recorder, tick = recorder.tick(watched(0, 1, 100 + number), moment(100 + number))
        store.put_tick(tick)
        recorder, record, _ = recorder.record(watched(0, 1, 100 + number), moment(100 + number))
        store.append(record)
        told.send((record.seq, record.head.hex()))


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("after", [1, 40])
def test_what_was_appended_survives_a_kill(path: Path, after: int) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=study, args=(str(path), theirs), daemon=True)
    child.start()
    theirs.close()
    last = (0, "")
    for _ in range(after):
        last = ours.recv()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    while ours.poll():
        try:
            last = ours.recv()
        except EOFError:
            break
    ours.close()
    store = Store(path, KEY)
    head = store.head_at("c1", last[0])
    assert head is not None
    assert head.hex() == last[1]
    (kept,) = store.open_chains()
    assert kept.last in {last[0], last[0] + 1}
    # The tail goes first, with its tick, and needs no key: the MACs are there.
    (backlog,) = store.backlogs(None)
    batch = store.batch(Sending("c1", 1, min(200, backlog.last), tick=backlog.tick, close=True))
    reached = store.head_at("c1", 0)
    assert reached is not None
    for record in batch.records:
        reached = chain.link("c1", record.seq, reached, record.body.encode())
    assert reached == store.head_at("c1", batch.records[-1].seq)
    store.close()
