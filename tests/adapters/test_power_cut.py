"""The power is cut at every write and every sync of a study session, under the very store.

After each cut the store opens, and is what it was before the call that was under way, or what it
is after it: no returned append is lost, nothing is there by half.
`HYPOTHESIS_PROFILE=long` cuts each place in many more ways, and cuts the recovery, too.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import apsw
import pytest

from sync import chain as links
from sync.adapters.store import Store
from sync.outbox import Sending
from sync.ports import SealedPicture, StoreError, StoreFullError, StoreLockedError
from sync.recorder import Recorder
from sync.session import AcceptedAnswer, AcceptedSession, accept_answer
from tests.old_stores import old_store
from tests.power import Disk, Operation, Survival, open_file, plug_in
from tests.sync_rig import FakePlatform, moment, run_signer, started, watched

KEY = b"\x11" * 32
COPY = Path("power-cut.db.before-v3")
PATH = Path("power-cut.db")  # on no real disk
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
WAYS: tuple[Survival, ...] = ("nothing", "everything", "some")
Seen = tuple[object, ...]
Call = Callable[[Store], object]


@dataclass
class Writer:
    """What is called, one after the other, made ahead: the same for every disk."""

    platform: FakePlatform = field(default_factory=FakePlatform)
    calls: list[Call] = field(default_factory=list)

    def appends(self, recorder: Recorder, second: float, evidence: str = "") -> Recorder:
        record: links.Record
        recorder, record, tick = recorder.record(
            watched(second, second + 1, second), moment(second, recorder.beacons.index)
        )
        self.calls.append(lambda store: store.append(record, tick, evidence=evidence))
        return recorder

    def says(self, recorder: Recorder, second: float) -> Recorder:
        """Something beside the film: the open tick is renewed with it."""
        recorder, record, tick = recorder.record(started(), moment(second))
        assert tick is not None
        self.calls.append(lambda store: store.append(record, tick))
        return recorder

    def ticks(self, recorder: Recorder, second: float) -> Recorder:
        recorder, tick = recorder.tick(watched(second, second + 0.5, second + 0.5), moment(second))
        self.calls.append(lambda store: store.put_tick(tick))
        return recorder

    def receipted(self, recorder: Recorder, index: int) -> Recorder:
        name, state = recorder.state.chain, recorder.state
        jws = recorder.seal(run_signer(name))
        self.calls.append(lambda store: store.put_seal(name, state.seq, jws))
        accepted: AcceptedAnswer = accept_answer(
            self.platform.answer(state, index),
            self.platform.certificate,
            name,
            lambda seq: state.head if seq == state.seq else None,
            recorder.beacons,
        )
        self.calls.append(lambda store: store.store_receipt(name, accepted))
        return recorder.advance(accepted.beacons)


@cache
def a_session() -> tuple[Call, ...]:
    """Two runs after an old one: film, ticks, a picture, seals, receipts, a sign-out."""
    writer = Writer()
    session: AcceptedSession = writer.platform.accepted("c2")
    sealed = b"picture" * 700
    name = hashlib.sha256(sealed).hexdigest()
    picture = SealedPicture(name, "c2", "confined-1", "between", "", "2026-11-23T08:00:00Z", sealed)
    writer.calls.append(lambda store: store.begin_chain(session))
    recorder = Recorder.begin(session)
    recorder, first, _ = recorder.record(started(), moment(0))
    writer.calls.append(lambda store: store.append(first))
    for second in range(4):
        recorder = writer.ticks(recorder, second)
        recorder = writer.says(recorder, second + 0.7)
        recorder = writer.appends(recorder, second + 1.0)
    writer.calls.append(lambda store: store.keep_evidence(picture))
    recorder = writer.appends(recorder, 6.0, name)
    recorder = writer.receipted(recorder, 2)
    writer.calls.append(lambda store: store.close_chain("c1", "sent"))
    writer.calls.append(lambda store: store.evidence_sent(name))
    recorder = writer.ticks(recorder, 7.0)
    writer.calls.append(lambda store: store.drop_tick("c2"))
    for second in range(8, 11):
        recorder = writer.appends(recorder, second)
    recorder = writer.receipted(recorder, 3)
    writer.calls.append(lambda store: store.close_chain("c2", "sent"))
    return tuple(writer.calls)


def seen(store: Store) -> Seen:
    """All that a store tells: two stores that tell the same are the same to us."""
    backlogs = store.backlogs(None)
    ticks = [
        store.batch(Sending(each.chain, each.last + 1, each.last, tick=True, close=False)).tick
        for each in backlogs
    ]
    waiting = store.waiting_evidence()
    pictures: list[object] = [store.sealed_evidence(each.sha256) for each in waiting]
    named = store._db.execute("SELECT sha256, seq FROM evidence ORDER BY number").fetchall()
    pictures += [tuple(row) for row in named]
    chains = (store.open_chains(), store.newest_chain())
    return (chains, backlogs, tuple(map(str, ticks)), waiting, tuple(pictures), store.export())


@dataclass(frozen=True, slots=True)
class Lived:
    """A session on a disk. points: (operations done, what the store told) after each call."""

    disk: Disk
    points: tuple[tuple[int, Seen], ...]

    def around(self, number: int) -> tuple[Seen, Seen]:
        """What may be found after a cut in operation `number`."""
        before = [told for done, told in self.points if done <= number]
        after = [told for done, told in self.points if done > number]
        return (before or after)[-1 if before else 0], (after or before)[0 if after else -1]


def opened() -> Store:
    return Store(PATH, KEY, open_file)


def old_disk() -> Disk:
    disk = Disk()
    plug_in(disk)
    connection = open_file(PATH)
    old_store(connection, 2, KEY)
    connection.close()
    return Disk({path: bytes(data) for path, data in disk.files.items()})


def live(disk: Disk) -> Lived:
    """Bring the old store up to date, study, close, open once more."""
    plug_in(disk)
    store = opened()
    points = [(0, seen(store))]  # a cut in the migration: it is there, in one version or the other
    for call in a_session():
        call(store)
        points.append((len(disk.log), seen(store)))
    store.close()
    opened().close()
    points.append((len(disk.log), points[-1][1]))
    return Lived(disk, tuple(points))


@pytest.fixture(scope="module")
def lived() -> Lived:
    return live(old_disk())


def found_after(disk: Disk) -> Seen:
    plug_in(disk)
    store = opened()
    told = seen(store)
    store.close()
    return told


def test_a_session_is_what_it_should_be(lived: Lived) -> None:
    kinds = [each.kind for each in lived.disk.log]
    paths = {Path(each.path).name for each in lived.disk.log}
    assert {"write", "sync", "delete", "truncate"} <= set(kinds)
    assert {"power-cut.db", "power-cut.db-wal", "power-cut.db.before-v3"} <= paths
    checkpoints = [
        each for each in lived.disk.log if each.path == str(PATH) and each.kind == "sync"
    ]
    assert len(checkpoints) >= 4, "the journal went back into the file while records were written"
    assert len(lived.points) == len(a_session()) + 2
    assert len({told for _, told in lived.points}) >= len(a_session()) - 1, "calls change things"


def test_the_power_is_cut_at_every_operation(lived: Lived) -> None:
    cuts = 0
    for number, left in lived.disk.cuts():
        allowed = lived.around(number)
        for seed in range(40 if LONG else 3):
            how = WAYS[min(seed, 2)]
            told = found_after(left(how, 1000 * number + seed))
            assert told in allowed, f"operation {number} ({lived.disk.log[number].kind}), {how}"
            cuts += 1
    assert cuts >= 3 * len(lived.disk.log)


def version_and_records(path: Path) -> tuple[int, int]:
    connection = open_file(path)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        return version, connection.execute("SELECT count(*) FROM records").fetchone()[0]
    finally:
        connection.close()


def test_there_is_a_whole_copy_before_the_tables_change(lived: Lived) -> None:
    versions = set()
    for number, left in lived.disk.cuts():
        if number > lived.points[1][0]:
            break
        for seed in range(3):
            plug_in(left(WAYS[seed], number))
            version, records = version_and_records(PATH)
            versions.add(version)
            assert records == 5
            if version == 3:
                assert version_and_records(COPY) == (2, 5)
    assert versions == {2, 3}


def test_the_power_is_cut_again_while_the_store_is_mended(lived: Lived) -> None:
    for number, left in lived.disk.cuts():
        if number % (3 if LONG else 29):
            continue
        allowed = lived.around(number)
        found = left("some", number)
        assert found_after(found) in allowed
        for again, left_again in found.cuts():
            if LONG or again % 3 == 0:
                assert found_after(left_again("some", again)) in allowed


def test_without_the_sync_records_would_be_lost(lived: Lived) -> None:
    """The disk tells a store that does not sync from one that does."""
    careless = Disk(lived.disk.begun)
    careless.log = [each for each in lived.disk.log if each.kind != "sync"]
    wrong = 0
    for number, left in careless.cuts():
        if number % 10 == 0 and number > 200:
            try:
                wrong += found_after(left("some", number)) not in lived.around(number)
            except StoreError:  # it does not even open
                wrong += 1
    assert wrong > 5


# ---- The same disk, full or held by another program.


def failing(after: int, times: int, code: int) -> Callable[[Operation], None]:
    """Fail writes and syncs `after` so many, `times` in a row."""
    count = 0

    def trip(_: Operation) -> None:
        nonlocal count
        count += 1
        if after < count <= after + times:
            raise apsw.exception_for(code)

    return trip


def insist(store: Store, call: Call, disk: Disk, kind: type[Exception]) -> int:
    """Call until it works; how often it did not."""
    try:
        call(store)
    except kind:
        disk.trip = lambda _: None  # somebody made room
        call(store)
        return 1
    return 0


def test_the_disk_is_full_at_every_write() -> None:
    begun = old_disk()
    whole = live(Disk(begun.begun))
    refused = 0
    for after in range(3, len(whole.disk.log), 1 if LONG else 7):
        disk = Disk(begun.begun)
        plug_in(disk)
        disk.trip = failing(after, 10_000, apsw.SQLITE_FULL)
        try:
            store = opened()
        except StoreFullError:
            refused += 1
            disk.trip = lambda _: None
            store = opened()
        for call in a_session():
            refused += insist(store, call, disk, StoreFullError)
        disk.trip = lambda _: None
        assert seen(store) == whole.points[-1][1]
        store.close()
    assert refused > 20


def test_somebody_holds_the_file_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("sync.adapters.store_schema.time.sleep", pauses.append)
    begun = old_disk()
    whole = live(Disk(begun.begun))
    for after in range(0, len(whole.disk.log), 1 if LONG else 11):
        disk = Disk(begun.begun)
        plug_in(disk)
        disk.trip = failing(after, 2, apsw.SQLITE_IOERR_WRITE)
        store = opened()
        for call in a_session():
            call(store)
        assert seen(store) == whole.points[-1][1]
        disk.trip = lambda _: None
        store.close()
    assert pauses
    assert sum(pauses) / len(pauses) < 0.1


def test_somebody_holds_the_file_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("sync.adapters.store_schema.time.sleep", pauses.append)
    disk = old_disk()
    plug_in(disk)
    store = opened()
    first = a_session()[0]
    disk.trip = failing(0, 10_000, apsw.SQLITE_IOERR_WRITE)
    with pytest.raises(StoreLockedError):
        first(store)
    assert pauses == [0.02, 0.06, 0.12], "the window does not stand still for longer"
    disk.trip = lambda _: None
    first(store)
    store.close()
