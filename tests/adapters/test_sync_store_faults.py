"""The store when things go wrong: locked, full, damaged, killed."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sync import chain
from sync.adapters.store import Store
from sync.adapters.store_rescue import rescue, set_aside
from sync.outbox import Sending
from sync.ports import (
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
    WrongThreadError,
)
from sync.verify import verify
from tests.sync_rig import FakePlatform, begin, confirm, moment, started, story, tell, watched

KEY = b"\x11" * 32
NOBODY = 65_534
PLATFORM = FakePlatform()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "学员" / "records.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path, KEY)
    yield store
    store.close()


def test_a_second_copy_is_locked_out(path: Path, store: Store) -> None:
    """Soon: the window stands still for as long as it tries."""
    tell(store, begin(store))
    begun_s = time.monotonic()
    with pytest.raises(StoreLockedError):
        Store(path, KEY)
    assert time.monotonic() - begun_s < 3


HOLD = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


def test_a_program_that_holds_the_file_for_a_moment_is_waited_for(path: Path) -> None:
    """A backup, a virus scanner: a process of its own that lets go after a while."""
    path.parent.mkdir()
    command = [sys.executable, "-c", HOLD, str(path), "0.4"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        store = Store(path, KEY)
        recorder = tell(store, begin(store))
        assert store.backlogs("c1")[0].last == recorder.state.seq
        store.close()


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


@contextmanager
def nobody(folder: Path) -> Iterator[None]:
    """Root may write anywhere: be somebody else for a while, whose the folder is."""
    if os.geteuid() != 0:
        yield
        return
    os.chown(folder, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_read_only_folder() -> None:
    with TemporaryDirectory() as name:  # not tmp_path: nobody else may go there
        folder = Path(name)
        with nobody(folder):
            folder.chmod(0o500)
            with pytest.raises(StoreReadOnlyError):
                Store(folder / "records.db", KEY)
            with pytest.raises(StoreReadOnlyError):
                Store(folder / "a" / "records.db", KEY)
            folder.chmod(0o700)
            Store(folder / "records.db", KEY).close()  # somebody gave the right to
            folder.chmod(0o500)
            with pytest.raises(StoreReadOnlyError):
                Store(folder / "records.db", KEY)
            folder.chmod(0o700)


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
    assert (told.chains, told.records, told.lost) == (1, 128, 0), "out of its pages, one by one"
    assert told.aside.read_bytes() == before
    (kept,) = store.open_chains()
    assert (kept.acked, kept.last) == (8, 128), "the receipt was there, too"
    tell(store, begin(store, "c2"))
    store.close()


def test_a_file_of_something_else(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(os.urandom(20_000))
    store, told = rescue(path, KEY, "20261123T100000Z")
    assert (told.chains, told.records) == (0, 0)
    assert store.open_chains() == ()
    tell(store, begin(store))
    store.close()


def test_a_bad_page_costs_what_is_on_it(path: Path) -> None:
    fill(path)
    raw = sqlite3.connect(path)
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    pages = "SELECT max(pageno) FROM dbstat WHERE name = 'records' AND pagetype = 'leaf'"
    (page,) = raw.execute(pages).fetchone()
    raw.close()
    bad = slice((page - 1) * size, page * size)
    damaged(path, lambda data: data.__setitem__(bad, os.urandom(size)))
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
def test_what_was_appended_survives_a_kill(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=study, args=(str(path), theirs), daemon=True)
    child.start()
    theirs.close()
    last = (0, "")
    for _ in range(40):
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
