"""Pictures from the camera to the platform, and the questions that leave nothing here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.adapters.asking import Asking
from app.adapters.background import Background
from app.adapters.desk import Desk
from app.adapters.evidence_post import EvidencePost, sealed_picture
from app.adapters.stores import Disk, Stores
from app.bootstrap.demo import SessionSecrets
from app.effects import TakeSnapshot
from app.errors import Trouble
from app.events import (
    AppealFailed,
    AppealFiled,
    AppEvent,
    IdentityAnswered,
    IdentityUnanswered,
    SnapshotsFailed,
    SnapshotsLoaded,
)
from sync import seal, sealing
from sync.adapters.store import Store
from sync.adapters.store_move import move, unsent
from sync.adapters.store_rescue import rescue
from sync.adapters.template_box import TemplateBox
from sync.contract import (
    Appeal,
    AppealReceipt,
    EvidenceItem,
    EvidenceList,
    EvidenceReceipt,
    IdentityAnswer,
    IdentityQuestion,
    Policy,
)
from sync.facts import SnapshotTaken
from sync.ports import (
    GatewayError,
    RecordStore,
    RefusedError,
    ServerFaultError,
    UnreachableError,
)
from sync.session import AcceptedSession, accept_session
from tests.sync_rig import FakePlatform, confirm, rsa_key, time_text

JPEG = b"\xff\xd8 somebody's face \xff\xd9" * 50
OPENS = rsa_key(2)
TAKEN = TakeSnapshot(5_000_000_000, "confined-1", "check", "c1.1")


@dataclass
class Platform:
    """What the gateway would reach. error: what every call ends in, while there is one."""

    error: GatewayError | None = None
    kept: dict[str, bytes] = field(default_factory=dict)
    asked: list[IdentityQuestion] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)
    items: tuple[EvidenceItem, ...] = ()
    calls: int = 0

    def _answer(self) -> None:
        self.calls += 1
        if self.error is not None:
            raise self.error

    def put_evidence(self, sha256: str, sealed: bytes) -> EvidenceReceipt:
        self._answer()
        self.kept[sha256] = sealed
        return EvidenceReceipt(
            sha256=sha256, received_at=time_text(60), kept_until=time_text(63_072_000)
        )

    def evidence(self) -> EvidenceList:
        self._answer()
        return EvidenceList(items=self.items)

    def identify(self, question: IdentityQuestion) -> IdentityAnswer:
        self._answer()
        self.asked.append(question)
        return IdentityAnswer(answer="same", similarity=0.9)

    def appeal(self, appeal: Appeal) -> AppealReceipt:
        self._answer()
        self.appeals.append(appeal)
        return AppealReceipt(number="A-20261124-000001", received_at=time_text(60))


def accepted() -> AcceptedSession:
    key = seal.to_base64url(seal.spki(OPENS.public_key()))
    platform = FakePlatform()
    answer = platform.session("c1", evidence_key=key)
    return accept_session(answer, platform.certificate, "demo", rsa_key(1).public_key())


class Rig:
    """A desk with a real store in a folder, and the post beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[AppEvent] = []
        self.later: list[tuple[float, Callable[[], None]]] = []
        self.platform = Platform()
        self.background = Background("test")
        self.desk = Desk(stores(folder), lambda: 0, lambda: 1_800_000_000_000, self.told.append)
        self.post = EvidencePost(
            self.platform,  # type: ignore[arg-type]
            self.background,
            lambda: 0,
            self.told.append,
            lambda: self.desk.store,
            later=lambda wait_s, what: self.later.append((wait_s, what)),
        )
        self.asking = Asking(
            self.platform,  # type: ignore[arg-type]
            self.background,
            lambda: 0,
            self.told.append,
        )
        self.session = accepted()
        assert self.desk.begin(self.session, b"\x07" * 32, damaged=False) is not None

    @property
    def store(self) -> RecordStore:
        assert self.desk.store is not None
        return self.desk.store

    def take(self, taken: TakeSnapshot = TAKEN) -> SnapshotTaken | None:
        assert self.session.evidence_key is not None
        assert self.desk.live is not None
        picture = sealed_picture(
            JPEG, taken, self.session.evidence_key, self.desk.live, time_text(5)
        )
        return self.desk.keep_picture(picture, taken.at_ns)

    def acknowledge(self) -> None:
        """The platform has all records that there are."""
        assert self.desk.recorder is not None
        self.desk.recorder = confirm(self.store, self.desk.recorder)

    def close(self) -> None:
        self.background.close()
        self.desk.close()


def stores(folder: Path) -> Stores:
    def rescue_at(path: Path, key: bytes) -> tuple[RecordStore, int]:
        store, done = rescue(path, key, "now")
        return store, done.records

    return Stores(
        folder / "records",
        SessionSecrets(),
        key_of=lambda _machine, _password, _learner: b"\x07" * 32,
        session_secret=lambda: b"\x01" * 32,
        disk=Disk(Store, rescue_at, move, unsent, TemplateBox),
    )


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.close()


def test_a_picture_waits_for_its_record_is_sent_and_is_gone(rig: Rig, qtbot: QtBot) -> None:
    fact = rig.take()
    assert fact is not None
    assert (fact.why, fact.of_check, fact.lesson) == ("check", "c1.1", "confined-1")
    rig.post.send()
    assert not rig.store.waiting_evidence()[0].ready, "its record is not with the platform yet"
    assert rig.platform.calls == 0
    rig.acknowledge()
    rig.post.send(again=True)
    qtbot.waitUntil(lambda: not rig.store.waiting_evidence())
    sealed = rig.platform.kept[fact.sha256]
    assert len(sealed) == fact.size_bytes
    assert sealing.open_picture(sealed, OPENS) == JPEG
    assert rig.store.sealed_evidence(fact.sha256) is None


def test_nothing_of_a_face_is_on_the_disk(rig: Rig) -> None:
    rig.take()
    files = [path for path in rig.folder.rglob("*") if path.is_file()]
    assert files
    assert all(b"somebody" not in path.read_bytes() for path in files)
    assert all(b"confined-1.1" not in path.read_bytes() for path in files)


def test_several_go_one_after_the_other(rig: Rig, qtbot: QtBot) -> None:
    for number in range(3):
        rig.take(TakeSnapshot(5_000_000_000 + number, "confined-1", "between"))
    rig.acknowledge()
    rig.post.send(again=True)
    qtbot.waitUntil(lambda: len(rig.platform.kept) == 3)
    qtbot.waitUntil(lambda: not rig.store.waiting_evidence())


def test_while_the_line_is_down_it_is_tried_once_and_then_when_the_line_is_back(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.take()
    rig.take(TakeSnapshot(6_000_000_000, "confined-1", "between"))
    rig.acknowledge()
    rig.platform.error = UnreachableError("no route")
    rig.post.send(again=True)
    qtbot.waitUntil(lambda: rig.platform.calls == 1)
    qtbot.wait(30)
    rig.post.send()
    qtbot.wait(30)
    assert rig.platform.calls == 1, "not one time-out after the other"
    rig.platform.error = None
    rig.post.send(again=True)
    qtbot.waitUntil(lambda: not rig.store.waiting_evidence())


@pytest.mark.parametrize(
    ("code", "stays"), [("invalid", False), ("signed_out", True), ("not_found", True)]
)
def test_what_a_refusal_means(rig: Rig, qtbot: QtBot, code: str, stays: bool) -> None:
    rig.take()
    rig.acknowledge()
    rig.platform.error = RefusedError(code, "no")  # type: ignore[arg-type]
    rig.post.send(again=True)
    qtbot.waitUntil(lambda: rig.platform.calls == 1)
    qtbot.wait(30)
    assert bool(rig.store.waiting_evidence()) is stays
    rig.platform.error = None
    rig.post.send(again=True)
    if code == "signed_out":
        qtbot.wait(30)
        assert rig.platform.calls == 1, "this run's token is over"
        rig.post.begin()
        rig.post.send()
    qtbot.waitUntil(lambda: not rig.store.waiting_evidence())


def test_the_list_says_what_is_there_and_what_is_still_here(rig: Rig, qtbot: QtBot) -> None:
    rig.take()
    rig.post.fetch()
    qtbot.waitUntil(lambda: bool(rig.told))
    waiting = ((time_text(5), "check", "confined-1"),)
    assert rig.told.pop() == SnapshotsLoaded(0, (), waiting)  # type: ignore[arg-type]
    rig.platform.error = UnreachableError("no route")
    rig.post.fetch()
    qtbot.waitUntil(lambda: bool(rig.told))
    failed = rig.told.pop()
    assert isinstance(failed, SnapshotsFailed)
    assert failed.report.trouble is Trouble.UNREACHABLE
    assert failed.waiting == waiting


def test_who_looks_at_the_list_sees_it_change_when_the_last_picture_is_sent(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.take()
    rig.post.fetch()
    qtbot.waitUntil(lambda: len(rig.told) == 1)
    rig.acknowledge()
    rig.post.send(again=True)
    qtbot.waitUntil(lambda: len(rig.told) == 2)
    assert rig.told[-1] == SnapshotsLoaded(0, (), ())


def test_a_picture_that_cannot_be_stored_is_left_out_and_stops_nothing(rig: Rig) -> None:
    rig.desk.close()
    assert rig.take() is None
    assert rig.told == []


# Questions


def test_a_face_that_nobody_answered_for_is_asked_again_when_the_line_is_back(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.platform.error = UnreachableError("no route")
    rig.asking.identity("c1", b"\0" * 512, enrol=False, check="c1.1")
    qtbot.waitUntil(lambda: rig.platform.calls == 1)
    qtbot.wait(30)
    assert rig.told == [], "a check's answer informs; none stops nobody"
    rig.platform.error = None
    rig.asking.again()
    qtbot.waitUntil(lambda: bool(rig.told))
    (answered,) = rig.told
    assert isinstance(answered, IdentityAnswered)
    assert answered.check == "c1.1"
    assert rig.platform.asked[0].check == "c1.1"
    rig.asking.again()
    qtbot.wait(30)
    assert len(rig.platform.asked) == 1


def test_at_sign_in_no_answer_is_told_and_a_refused_face_is_not_asked_about_again(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.platform.error = UnreachableError("no route")
    rig.asking.identity("c1", b"\0" * 512, enrol=False, check="")
    qtbot.waitUntil(lambda: bool(rig.told))
    assert isinstance(rig.told.pop(), IdentityUnanswered)
    rig.platform.error = RefusedError("invalid", "no such check")
    rig.asking.identity("c1", b"\0" * 512, enrol=False, check="c1.9")
    qtbot.waitUntil(lambda: rig.platform.calls == 2)
    rig.platform.error = None
    qtbot.wait(30)
    rig.asking.again()
    qtbot.wait(30)
    assert rig.platform.asked == []


def test_an_appeal_is_answered_by_its_number(rig: Rig, qtbot: QtBot) -> None:
    appeal = Appeal(chain="c1", check="c1.1", lesson="confined-1", reason="other_person")
    rig.asking.appeal(appeal)
    qtbot.waitUntil(lambda: bool(rig.told))
    assert rig.told.pop() == AppealFiled(0, "A-20261124-000001")
    rig.platform.error = UnreachableError("no route")
    rig.asking.appeal(appeal)
    qtbot.waitUntil(lambda: bool(rig.told))
    assert isinstance(rig.told.pop(), AppealFailed)


# The enrolled face


def test_an_enrolled_face_is_kept_only_where_the_policy_says_so(tmp_path: Path) -> None:
    key, face = b"\x07" * 32, b"\x01\x02\x03\x04" * 128
    kept = stores(tmp_path)
    keeps = replace(accepted(), template=face, policy=Policy(template_kept=True))
    assert kept.template("demo", key, keeps) == face
    (file,) = (tmp_path / "records").rglob("template*")
    assert face not in file.read_bytes()
    assert kept.template("demo", key, replace(keeps, template=None)) is None, "withdrawn"
    assert not list((tmp_path / "records").rglob("template*"))
    assert kept.template("demo", key, keeps) == face
    forgets = replace(accepted(), template=face)
    assert kept.template("demo", key, forgets) == face
    assert not list((tmp_path / "records").rglob("template*"))


def test_a_picture_tries_again_by_a_clock_of_its_own(rig: Rig, qtbot: QtBot) -> None:
    """After the sign-out no answer to records comes any more that could set it off."""
    assert rig.take() is not None
    rig.acknowledge()
    rig.platform.error = UnreachableError("ConnectionError")
    for failures in (1, 2, 3):
        rig.later.clear()
        rig.post.send(again=True)
        qtbot.waitUntil(lambda: bool(rig.later), timeout=5000)
        ((wait_s, _),) = rig.later
        assert 2.0 ** (failures - 1) <= wait_s <= 2.0**failures
    rig.platform.error = ServerFaultError(503, 1e9)
    rig.later.clear()
    rig.post.send(again=True)
    qtbot.waitUntil(lambda: bool(rig.later), timeout=5000)
    ((wait_s, again),) = rig.later
    assert wait_s == 600.0, "no answer silences it for years"
    rig.platform.error = None
    again()
    qtbot.waitUntil(lambda: len(rig.platform.kept) == 1, timeout=5000)
    qtbot.waitUntil(lambda: not rig.store.waiting_evidence(), timeout=5000)


def test_a_picture_whose_receipt_was_lost_is_not_sent_again(rig: Rig, qtbot: QtBot) -> None:
    fact = rig.take()
    assert fact is not None
    assert rig.take(replace(TAKEN, check="c1.2")) is not None
    rig.acknowledge()
    rig.platform.items = (
        EvidenceItem(
            sha256=fact.sha256,
            lesson="confined-1",
            why="check",
            taken_at=time_text(5),
            received_at=time_text(60),
            kept_until=time_text(63_072_000),
        ),
    )
    rig.post.begin()
    rig.post.send()
    qtbot.waitUntil(lambda: not rig.store.waiting_evidence(), timeout=5000)
    assert len(rig.platform.kept) == 1
    assert fact.sha256 not in rig.platform.kept
