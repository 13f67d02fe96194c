"""A disk that is full at the very end of a run: its last records are sent once there is room."""

from pathlib import Path
from typing import cast

from pytestqt.qtbot import QtBot

from app.adapters.courier import PlatformCourier
from app.adapters.courier_parts import Client, Clocks, Trusted
from app.adapters.stores import Disk, Stores
from app.bootstrap.demo import SessionSecrets
from app.errors import Trouble
from app.events import AppEvent, SignedIn, StoreFailed
from sync import chain as links
from sync.adapters.keys import session_secret
from sync.adapters.store import Store
from sync.adapters.store_move import move, unsent
from sync.adapters.store_rescue import rescue
from sync.adapters.template_box import TemplateBox
from sync.adapters.vault import store_key
from sync.contract import EvidenceList, RecordBatch, Session
from sync.facts import SessionEnded
from sync.ports import Gateway, RecordStore, StoreFullError, UnreachableError
from tests.sync_rig import FakePlatform, rsa_key, started, watched

S = 1_000_000_000


class Full(Store):
    now = False

    def append(
        self, record: links.Record, tick: links.Tick | None = None, *, evidence: str = ""
    ) -> None:
        if Full.now:
            raise StoreFullError("played")
        super().append(record, tick, evidence=evidence)


class Listening:
    """A platform that takes everything in, and whose answers are lost."""

    def __init__(self) -> None:
        self.platform = FakePlatform()
        self.batches: list[RecordBatch] = []

    def sign_in(self, question: object) -> Session:
        return self.platform.session("c1")

    def send_records(self, batch: RecordBatch) -> None:
        self.batches.append(batch)
        raise UnreachableError("played")

    def evidence(self) -> EvidenceList:
        return EvidenceList(items=())

    def clock_off_s(self) -> None:
        return None


def courier(
    folder: Path, gateway: Listening, told: list[AppEvent], now: list[int]
) -> PlatformCourier:
    def rescue_at(path: Path, key: bytes) -> tuple[RecordStore, int]:
        store, done = rescue(path, key, "now")
        return store, done.records

    secrets = SessionSecrets()
    return PlatformCourier(
        cast("Gateway", gateway),
        Trusted(gateway.platform.certificate, "demo"),
        Client("1", "a test", "", simulated=True),
        Clocks(lambda: now[0], lambda: 1_800_000_000_000),
        stores=Stores(
            folder,
            secrets,
            key_of=store_key,
            session_secret=session_secret,
            disk=Disk(Full, rescue_at, move, unsent, TemplateBox),
        ),
        make_key=lambda: rsa_key(1),
        secrets=secrets,
        exports=folder,
        tell=told.append,
    )


def test_a_chain_is_not_closed_before_its_last_records_are_written(
    tmp_path: Path, qtbot: QtBot
) -> None:
    told: list[AppEvent] = []
    now = [0]
    gateway = Listening()
    made = courier(tmp_path, gateway, told, now)
    made.sign_in("a", "p", remember=False)
    qtbot.waitUntil(lambda: any(isinstance(each, SignedIn) for each in told))
    made.keep(started(), S)
    Full.now = True
    try:
        made.keep(watched(0, 5, 6), 6 * S)
        made.keep(SessionEnded(reason="learner"), 7 * S)
        made.flush(close=True)
        qtbot.waitUntil(lambda: bool(gateway.batches))
    finally:
        Full.now = False
    failed = next(each for each in told if isinstance(each, StoreFailed))
    assert failed.report.trouble is Trouble.STORE_FULL
    assert [len(each.records) for each in gateway.batches] == [1]
    assert not gateway.batches[0].close, "the rest would never be taken"
    now[0] = 3600 * S
    made.mend("store_full")
    qtbot.waitUntil(lambda: len(gateway.batches) > 1)
    assert len(gateway.batches[-1].records) == 3
    assert gateway.batches[-1].close
    assert gateway.batches[-1].seal not in (None, gateway.batches[0].seal), (
        "the seal is over the last of them"
    )
    made.close()
