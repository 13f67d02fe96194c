"""Pictures and faces on the PC's disk: kept until they are sent, hidden, and then gone."""

import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sync.adapters.store import Store
from sync.adapters.store_rescue import rescue
from sync.adapters.template_box import TemplateBox
from sync.facts import SnapshotTaken
from sync.ports import SealedPicture, WaitingPicture
from sync.recorder import Recorder
from sync.session import TEMPLATE_BYTES
from tests.sync_rig import NOW, begin, confirm, moment, tell

KEY = b"\x11" * 32
SEALED = b"header.key.nonce." + b"x" * 40_000 + b".tag"
SHA = "5a" * 32
FACE = bytes(range(256)) * 2


def picture(sha256: str = SHA, chain: str = "c1", check: str = "c1.1") -> SealedPicture:
    return SealedPicture(
        sha256, chain, "confined-1", "check", check, "2026-11-24T08:00:00.000Z", SEALED
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "学员" / "records.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path, KEY)
    yield store
    store.close()


def name_it(store: Store, recorder: Recorder, sha256: str = SHA) -> Recorder:
    """The record that names a picture."""
    fact = SnapshotTaken(
        lesson="confined-1", why="check", sha256=sha256, size_bytes=len(SEALED), of_check="c1.1"
    )
    recorder, record, tick = recorder.record(fact, moment(50, recorder.beacons.index))
    store.append(record, tick, evidence=sha256)
    return recorder


def test_a_picture_is_ready_when_its_record_is_receipted_and_gone_when_it_is_sent(
    store: Store,
) -> None:
    recorder = tell(store, begin(store))
    store.keep_evidence(picture())
    told = WaitingPicture(
        SHA, "c1", "confined-1", "check", "c1.1", "2026-11-24T08:00:00.000Z", ready=False
    )
    assert store.waiting_evidence() == (told,)
    recorder = name_it(store, recorder)
    assert [waiting.ready for waiting in store.waiting_evidence()] == [False]
    confirm(store, recorder)
    assert [waiting.ready for waiting in store.waiting_evidence()] == [True]
    assert store.sealed_evidence(SHA) == SEALED
    store.evidence_sent(SHA)
    assert (store.waiting_evidence(), store.sealed_evidence(SHA)) == ((), None)


def test_a_picture_survives_a_crash_and_one_without_a_record_does_not(path: Path) -> None:
    store = Store(path, KEY)
    recorder = tell(store, begin(store))
    store.keep_evidence(picture())
    name_it(store, recorder)
    store.keep_evidence(picture("6b" * 32))
    store.close()
    store = Store(path, KEY)
    assert len(store.waiting_evidence()) == 2
    begin(store, "c2")
    assert [waiting.sha256 for waiting in store.waiting_evidence()] == [SHA]
    store.close()


def test_pictures_of_records_that_were_never_taken_go_with_the_chain(store: Store) -> None:
    recorder = tell(store, begin(store))
    store.keep_evidence(picture())
    recorder = confirm(store, name_it(store, recorder))
    store.keep_evidence(picture("6b" * 32))
    name_it(store, recorder, "6b" * 32)
    store.close_chain("c1", "fork")
    assert [waiting.sha256 for waiting in store.waiting_evidence()] == [SHA]
    assert store.waiting_evidence()[0].ready


def test_a_run_stays_for_as_long_as_a_picture_of_it_waits(store: Store) -> None:
    recorder = tell(store, begin(store))
    store.keep_evidence(picture())
    confirm(store, name_it(store, recorder))
    store.close_chain("c1", "sent")
    begin(store, "c2")
    late = NOW + timedelta(days=10_000)
    assert store.forget(late) == 0
    assert store.waiting_evidence()[0].ready
    store.evidence_sent(SHA)
    assert store.forget(late) == 1


def test_a_grant_that_the_disk_damaged_does_not_end_the_sign_in(store: Store) -> None:
    """SQLite takes a changed letter for a letter: the run stays, nothing else happens."""
    grants = ("", "x", "a.b.c", "a.é.c", "a.eyJpc3N1ZWRfYXQiOjF9.c", "a.e30.c", "a.bnVsbA.c")
    for number, grant in enumerate(grants):
        confirm(store, tell(store, begin(store, f"c{number}")))
        store.close_chain(f"c{number}", "sent")
        store._db.execute('UPDATE texts SET "grant" = ? WHERE chain = ?', (grant, f"c{number}"))
    confirm(store, tell(store, begin(store, "whole")))
    store.close_chain("whole", "sent")
    begin(store, "newest")
    assert store.forget(NOW + timedelta(days=10_000)) == 1
    assert store.head_at("whole", 1) is None
    assert store.head_at("c0", 1) is not None


def test_what_is_told_of_a_picture_is_not_to_be_read_on_the_disk(path: Path) -> None:
    store = Store(path, KEY)
    begin(store)
    store.keep_evidence(picture(check="a-check-by-name"))
    store.close()
    data = b"".join(part.read_bytes() for part in path.parent.iterdir())
    assert SEALED[:400] in data
    assert b"a-check-by-name" not in data


def test_pictures_are_saved_out_of_a_damaged_store(path: Path) -> None:
    store = Store(path, KEY)
    recorder = tell(store, begin(store))
    store.keep_evidence(picture())
    confirm(store, name_it(store, recorder))
    store.close()
    store, _ = rescue(path, KEY, "20261124T100000Z")
    assert [waiting.ready for waiting in store.waiting_evidence()] == [True]
    assert store.sealed_evidence(SHA) == SEALED
    store.close()


# ---- The enrolled face, where the policy lets it be kept.


def test_a_kept_face_opens_for_its_own_account_and_key(tmp_path: Path) -> None:
    box = TemplateBox(tmp_path / "学员", KEY)
    assert box.load("learner-7") is None
    box.save("learner-7", FACE)
    assert box.load("learner-7") == FACE
    assert box.load("learner-8") is None
    assert TemplateBox(tmp_path / "学员", b"\x12" * 32).load("learner-7") is None
    (kept,) = (tmp_path / "学员").iterdir()
    assert FACE[:32] not in kept.read_bytes()
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    # Bound to the account: the file under another's name is nobody's.
    box.save("learner-8", FACE)
    other = next(each for each in (tmp_path / "学员").iterdir() if each != kept)
    other.write_bytes(kept.read_bytes())
    assert box.load("learner-8") is None
    kept.write_bytes(kept.read_bytes()[:-1])
    assert box.load("learner-7") is None
    box.forget("learner-7")
    assert not kept.exists()
    box.forget("learner-7")


def test_the_policy_says_whether_a_face_is_kept(tmp_path: Path) -> None:
    box = TemplateBox(tmp_path, KEY)
    assert box.settle("learner-7", FACE, kept=False) == FACE
    assert list(tmp_path.iterdir()) == []
    assert box.settle("learner-7", FACE, kept=True) == FACE
    assert box.load("learner-7") == FACE
    assert box.settle("learner-7", None, kept=True) is None, "nobody is enrolled any more"
    assert list(tmp_path.iterdir()) == []
    box.settle("learner-7", FACE, kept=True)
    assert box.settle("learner-7", None, kept=False) is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_face_is_not_kept(tmp_path: Path) -> None:
    assert len(FACE) == TEMPLATE_BYTES
    with pytest.raises(ValueError, match="512"):
        TemplateBox(tmp_path, KEY).save("learner-7", FACE[:-1])
