"""Which file is whose: keys that change, PCs that change, stores that nobody can read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from platformdirs.windows import Windows, get_win_folder_from_env_vars

from app.adapters.places import Places
from app.adapters.stores import Disk, Stores
from app.errors import Trouble
from sync.adapters.store import Store
from sync.adapters.store_move import move, unsent
from sync.adapters.store_rescue import rescue
from sync.adapters.template_box import TemplateBox
from sync.adapters.vault import store_key
from sync.outbox import Sending
from sync.ports import NoKeyringError, RecordStore, StoreFullError
from tests.sync_rig import begin, confirm, tell

SECRET = b"\x55" * 32
Move = Callable[[Path, bytes, Path, bytes], None]


class Pc:
    """A keyring. secret: None where there is none."""

    def __init__(self, secret: bytes | None) -> None:
        self.secret = secret

    def machine_secret(self) -> bytes:
        if self.secret is None:
            raise NoKeyringError("played")
        return self.secret

    def password(self, name: str) -> str | None:
        return None

    def remember_password(self, name: str, password: str) -> None: ...

    def forget_password(self, name: str) -> None: ...


def stores(folder: Path, pc: bytes | None = b"m" * 32, moving: Move = move) -> Stores:
    def rescue_at(path: Path, key: bytes) -> tuple[RecordStore, int]:
        store, done = rescue(path, key, "now")
        return store, done.records

    return Stores(
        folder,
        Pc(pc),
        key_of=store_key,
        session_secret=lambda: b"s" * 32,
        disk=Disk(Store, rescue_at, moving, unsent, TemplateBox),
    )


def study(kept: Stores, key: bytes, *, sent: bool = False) -> None:
    store = kept.open("a", key)
    recorder = tell(store, begin(store))
    if sent:
        confirm(store, recorder)
    store.close()


def sendable(store: RecordStore) -> int:
    """How many records can really be read and sent."""
    (backlog,) = store.backlogs(None)
    batch = store.batch(Sending("c1", backlog.acked + 1, backlog.last, tick=False, close=True))
    return len(batch.records)


def test_a_changed_password_loses_nothing(tmp_path: Path) -> None:
    kept = stores(tmp_path)
    study(kept, kept.key("a", "first", SECRET))
    again = stores(tmp_path)
    key = again.key("a", "second", SECRET)
    store = again.open("a", key)
    assert sendable(store) == 6
    assert again.unread("a", key) is None
    store.close()


def test_a_store_under_the_password_is_brought_along(tmp_path: Path) -> None:
    """From a version, or a platform, that knew no other secret."""
    plain = store_key(b"m" * 32, "first", "a")
    old = stores(tmp_path)
    study(old, plain)  # no mark in its name: as it was written then
    (before,) = tmp_path.rglob("records-*.db")
    assert before.name.count("-") == 1
    now = stores(tmp_path)
    key = now.key("a", "first", SECRET)
    store = now.open("a", key)
    assert sendable(store) == 6
    store.close()
    assert not before.exists()
    assert len(list(tmp_path.rglob("records-*.db"))) == 1
    with pytest.raises(Exception, match="another key"):
        Store(next(tmp_path.rglob("records-*.db")), plain)


def test_the_move_can_be_cut_off_anywhere(tmp_path: Path) -> None:
    plain = store_key(b"m" * 32, "first", "a")
    study(stores(tmp_path), plain)

    def sealed_and_not_renamed(old: Path, old_key: bytes, new: Path, new_key: bytes) -> None:
        move(old, old_key, new, new_key)
        new.rename(old)
        raise StoreFullError("played")

    cut = stores(tmp_path, moving=sealed_and_not_renamed)
    with pytest.raises(StoreFullError):
        cut.open("a", cut.key("a", "first", SECRET))
    now = stores(tmp_path)
    store = now.open("a", now.key("a", "first", SECRET))
    assert sendable(store) == 6
    store.close()


def test_a_damaged_store_is_rescued_and_brought_along(tmp_path: Path) -> None:
    plain = store_key(b"m" * 32, "first", "a")
    study(stores(tmp_path), plain)
    (path,) = tmp_path.rglob("records-*.db")
    path.write_bytes(b"\xa5" * 100 + path.read_bytes()[100:])
    now = stores(tmp_path)
    key = now.key("a", "first", SECRET)
    store, records = now.rescue("a", key)
    assert records == 6
    assert sendable(store) == 6
    store.close()
    store = now.open("a", key)
    assert sendable(store) == 6
    store.close()


def test_a_rescue_that_was_cut_off_is_found_under_its_older_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The damaged file is aside, the rescued one has no name yet: nothing is begun beside it."""
    study(stores(tmp_path), store_key(b"m" * 32, "first", "a"))
    (path,) = tmp_path.rglob("records-*.db")
    path.write_bytes(b"\xa5" * 100 + path.read_bytes()[100:])
    rename = Path.rename

    def cut(source: Path, target: Path) -> Path:
        if source.name.endswith(".rescued"):
            raise OSError(28, "played")
        return rename(source, target)

    now = stores(tmp_path)
    key = now.key("a", "first", SECRET)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", cut)
        with pytest.raises(StoreFullError):
            now.rescue("a", key)
    assert not path.exists()
    again = stores(tmp_path)
    store = again.open("a", again.key("a", "first", SECRET))
    assert sendable(store) == 6
    store.close()


def test_a_store_from_another_pc_is_recognised(tmp_path: Path) -> None:
    there = stores(tmp_path, b"n" * 32)
    study(there, there.key("a", "p", SECRET))
    (foreign,) = tmp_path.rglob("records-*.db")
    before = foreign.read_bytes()
    here = stores(tmp_path)
    key = here.key("a", "p", SECRET)
    here.open("a", key).close()
    told = here.unread("a", key)
    assert told is not None
    assert (told.trouble, told.records) == (Trouble.STORE_ELSEWHERE, 6)
    assert here.unread("a", key) is None, "told once"
    assert foreign.read_bytes() == before, "nothing of it is changed"
    # Back on the other PC all is there, and sent by then it says nothing here.
    store = there.open("a", there.key("a", "p", SECRET))
    assert sendable(store) == 6
    store.close()


def test_what_was_sent_is_not_spoken_of(tmp_path: Path) -> None:
    there = stores(tmp_path, b"n" * 32)
    study(there, there.key("a", "p", SECRET), sent=True)
    here = stores(tmp_path)
    assert here.unread("a", here.key("a", "p", SECRET)) is None


def test_a_key_that_is_lost_is_told_as_that(tmp_path: Path) -> None:
    kept = stores(tmp_path)
    study(kept, kept.key("a", "first"))  # a platform that hands out no secret
    key = kept.key("a", "second")
    told = kept.unread("a", key)
    assert told is not None
    assert (told.trouble, told.records) == (Trouble.STORE_OTHER_KEY, 6)
    session = stores(tmp_path / "b", None)
    study(session, session.key("a", "p", SECRET))
    after = stores(tmp_path / "b")
    told = after.unread("a", after.key("a", "p", SECRET))
    assert told is not None
    assert told.trouble is Trouble.STORE_OTHER_KEY


def test_without_a_keyring_it_asks_once_and_keeps_one_key(tmp_path: Path) -> None:
    kept = stores(tmp_path, None)
    key = kept.key("a", "p", SECRET)
    assert kept.must_ask
    kept.ask_no_more()
    assert not kept.must_ask
    assert kept.key("a", "p", SECRET) == key, "a second sign-in finds the first one's records"
    mended = stores(tmp_path)
    mended.key("a", "p", SECRET)
    assert not mended.must_ask


def test_learners_of_one_pc_are_kept_apart(tmp_path: Path) -> None:
    kept = stores(tmp_path)
    keys = {kept.key(name, "p", secret) for name in "ab" for secret in (SECRET, b"\x56" * 32)}
    assert len(keys) == 4


def test_records_lie_in_the_local_profile(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in the one that Windows copies from PC to PC."""
    monkeypatch.setattr("app.adapters.places.platformdirs.PlatformDirs", Windows)
    monkeypatch.setattr("platformdirs.windows.get_win_folder", get_win_folder_from_env_vars)
    monkeypatch.setenv("ALLUSERSPROFILE", str(own_home / "ProgramData"))
    places = Places.of_user()
    local = own_home / "AppData" / "Local"
    assert all(local in each.parents for each in (places.data, places.config, places.log))
