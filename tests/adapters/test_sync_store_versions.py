"""Stores of earlier versions: brought up to date with a copy of before, or left as they are."""

import sqlite3
from pathlib import Path

import pytest

from sync.adapters.store import Store
from sync.adapters.store_rescue import rescue
from sync.adapters.store_schema import VERSION
from sync.outbox import Backlog, Sending
from sync.ports import StoreFullError
from sync.verify import verify
from tests.old_stores import NEXT, old_file
from tests.sync_rig import FakePlatform, begin, confirm, tell

KEY = b"\x11" * 32
PLATFORM = FakePlatform()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "学员" / "records.db"


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("version", sorted(NEXT))
def test_an_old_store_goes_on(path: Path, version: int) -> None:
    recorder = old_file(path, version, KEY)
    before = path.read_bytes()
    store = Store(path, KEY)
    assert store.backlogs(None) == (Backlog("c1", 0, 5, live=False, tick=True),)
    batch = store.batch(Sending("c1", 1, 5, tick=True, close=True))
    assert len(batch.records) == 5
    assert batch.tick is not None
    assert batch.seal is not None
    assert len(store.waiting_evidence()) == (1 if version > 1 else 0)
    assert store.head_at("c1", 0) is not None
    confirm(store, recorder)
    confirm(store, tell(store, begin(store, "c2")))
    found = verify(store.export(), PLATFORM.pem)
    assert {fault.code for fault in found.faults} <= {"unconfirmed"}, found.faults
    store.close()

    copy = path.with_name(f"{path.name}.before-v{VERSION}")
    assert version_of(copy) == version
    assert version_of(path) == VERSION
    raw = sqlite3.connect(copy)
    assert raw.execute("SELECT count(*) FROM records").fetchone() == (5,)
    raw.close()
    assert abs(copy.stat().st_size - len(before)) < 40_000
    Store(path, KEY).close()
    assert not copy.exists(), "the next start finds the new tables sound"


def test_there_is_no_copy_of_nothing(path: Path) -> None:
    Store(path, KEY).close()
    Store(path, KEY).close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_without_room_for_the_copy_nothing_is_changed(path: Path) -> None:
    old_file(path, 2, KEY)
    before = path.read_bytes()

    def small(opened: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(opened, isolation_level=None)
        if "before" in opened.name:
            connection.execute("PRAGMA max_page_count = 2")
        return connection

    with pytest.raises(StoreFullError):
        Store(path, KEY, small)
    assert path.read_bytes() == before
    store = Store(path, KEY)  # somebody made room
    assert store.backlogs(None)[0].last == 5
    store.close()


@pytest.mark.parametrize("version", sorted(NEXT))
def test_a_damaged_old_store_is_rescued(path: Path, version: int) -> None:
    old_file(path, version, KEY)
    data = bytearray(path.read_bytes())
    data[:100] = bytes(100)
    path.write_bytes(data)
    store, told = rescue(path, KEY, "20261124T100000Z")
    assert (told.records, told.lost) == (5, 0)
    assert len(store.batch(Sending("c1", 1, 5, tick=False, close=True)).records) == 5
    store.close()


def test_a_chains_row_stays_small(path: Path) -> None:
    store = Store(path, KEY)
    tell(store, begin(store))
    store.close()
    raw = sqlite3.connect(path)
    pages = "SELECT count(*) FROM dbstat WHERE name = 'chains' AND pagetype = 'overflow'"
    assert raw.execute(pages).fetchone() == (0,)
    raw.close()
