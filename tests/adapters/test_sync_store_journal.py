"""What is in the journal alone stays with its file, whatever the file is called afterwards."""

import shutil
from pathlib import Path

import pytest

from sync.adapters import store_move, store_rescue
from sync.adapters.store import Store
from sync.adapters.store_move import move, unsent
from sync.adapters.store_rescue import rescue
from sync.adapters.store_schema import VERSION
from sync.outbox import Sending
from sync.ports import StoreFullError
from tests.old_stores import old_file
from tests.sync_rig import begin, tell

KEY, NEW = b"\x11" * 32, b"\x12" * 32
ALL = Sending("c1", 1, 6, tick=False, close=True)


class NoRoom(Store):
    """A disk that is full when the store is closed: SQLite keeps the journal and says nothing."""

    def __init__(self, path: Path, key: bytes) -> None:
        super().__init__(path, key)
        self._place = path

    def close(self) -> None:
        files = [self._place, self._place.with_name(f"{self._place.name}-wal")]
        kept = {each: each.read_bytes() for each in files if each.exists()}
        super().close()
        for each, data in kept.items():
            each.write_bytes(data)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "学员" / "records.db"


def crashed(path: Path) -> None:
    """A store whose program was killed: nothing of its records is in the file itself."""
    whole = path.with_name("whole.db")
    store = Store(whole, KEY)
    tell(store, begin(store))
    for end in ("", "-wal"):
        shutil.copy(whole.with_name(whole.name + end), path.with_name(path.name + end))
    store.close()
    whole.unlink()
    assert path.stat().st_size < path.with_name(f"{path.name}-wal").stat().st_size


def test_unsent_records_are_counted_in_the_journal_too(path: Path) -> None:
    """No keyring and a crash: the next start has to say that they cannot be read again."""
    crashed(path)
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    assert unsent(path) == 6
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before
    path.with_name(f"{path.name}-wal").unlink()
    assert unsent(path) == 0


def test_a_store_whose_journal_did_not_fit_keeps_its_name(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed(path)
    there = path.with_name("new.db")
    with monkeypatch.context() as patch:
        patch.setattr(store_move, "Store", NoRoom)
        with pytest.raises(StoreFullError):
            move(path, KEY, there, KEY)
    assert not there.exists()
    move(path, KEY, there, NEW)  # somebody made room
    store = Store(there, NEW)
    assert len(store.batch(ALL).records) == 6
    store.close()


def test_a_rescue_whose_journal_did_not_fit_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed(path)
    spoiled = b"\xa5" * 100 + path.read_bytes()[100:]
    path.write_bytes(spoiled)
    with monkeypatch.context() as patch:
        patch.setattr(store_rescue, "Store", NoRoom)
        with pytest.raises(StoreFullError):
            rescue(path, KEY, "now")
    assert path.read_bytes() == spoiled
    store, told = rescue(path, KEY, "now")
    assert told.records == len(store.batch(ALL).records) == 6
    store.close()


def test_the_damaged_journal_is_not_taken_for_the_new_ones(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off after the damaged file got its new name and before its journal did."""
    crashed(path)
    journal = path.with_name(f"{path.name}-wal")
    whole, spoiled = journal.read_bytes(), b"\xa5" * 100 + path.read_bytes()[100:]
    path.write_bytes(spoiled)
    rename, left = Path.rename, 2

    def cut(source: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(28, "played")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", cut)
    with pytest.raises(StoreFullError):
        rescue(path, KEY, "now")
    monkeypatch.setattr(Path, "rename", rename)
    assert journal.read_bytes() == whole
    store = Store(path, KEY)
    assert len(store.batch(ALL).records) == 6
    store.close()
    aside = path.with_name(f"{path.name}.damaged-now")
    assert aside.read_bytes() == spoiled
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == whole


def test_the_copy_of_before_goes_along_and_goes(path: Path) -> None:
    """A copy under the old name would lie there with its records for ever."""
    old_file(path, 2, KEY)
    there = path.with_name("new.db")
    move(path, KEY, there, KEY)
    names = {each.name for each in path.parent.iterdir()}
    assert names == {"new.db", f"new.db.before-v{VERSION}"}
    Store(there, KEY).close()
    assert [each.name for each in path.parent.iterdir()] == ["new.db"]
