"""The desk between two runs: a store that cannot be had leaves nothing of the run before."""

from pathlib import Path

from app.adapters.desk import Desk
from app.adapters.stores import Disk, Stores
from app.bootstrap.demo import SessionSecrets
from app.errors import Trouble
from app.events import AppEvent, StoreFailed
from sync.adapters.store import Store
from sync.adapters.store_move import move, unsent
from sync.adapters.store_rescue import rescue
from sync.adapters.template_box import TemplateBox
from sync.ports import RecordStore, StoreFullError
from sync.session import AcceptedSession, accept_session
from tests.sync_rig import FakePlatform, rsa_key, started, watched

KEY = b"\x07" * 32
SECOND_NS = 1_000_000_000


class Full(Store):
    """A disk that is full for as long as `now` says so."""

    now = False

    def begin_chain(self, session: AcceptedSession) -> None:
        if Full.now:
            raise StoreFullError("played")
        super().begin_chain(session)


def accepted(chain: str) -> AcceptedSession:
    platform = FakePlatform()
    answer = platform.session(chain)
    return accept_session(answer, platform.certificate, "demo", rsa_key(1).public_key())


def desk(folder: Path, told: list[AppEvent]) -> Desk:
    def rescue_at(path: Path, key: bytes) -> tuple[RecordStore, int]:
        store, done = rescue(path, key, "now")
        return store, done.records

    stores = Stores(
        folder,
        SessionSecrets(),
        key_of=lambda _machine, _password, _learner: KEY,
        session_secret=lambda: b"\x01" * 32,
        disk=Disk(Full, rescue_at, move, unsent, TemplateBox),
    )
    return Desk(stores, lambda: 0, lambda: 1_800_000_000_000, told.append)


def test_a_disk_that_is_full_at_the_second_sign_in_can_be_tried_again(tmp_path: Path) -> None:
    told: list[AppEvent] = []
    place = desk(tmp_path, told)
    assert place.begin(accepted("c1"), KEY, damaged=False) is not None
    place.keep(started(), SECOND_NS)
    Full.now = True
    try:
        assert place.begin(accepted("c2"), KEY, damaged=False) is None
    finally:
        Full.now = False
    failed = told.pop()
    assert isinstance(failed, StoreFailed)
    assert failed.report.trouble is Trouble.STORE_FULL
    # Nothing goes on in the run before, and the courier sees that this one has to be begun.
    assert place.live is None
    place.keep_tick(watched(0, 1, 2), 2 * SECOND_NS)
    assert place.store is not None
    assert [each.tick for each in place.store.backlogs(None)] == [False]
    opened = place.begin(accepted("c2"), KEY, damaged=False)
    assert opened is not None
    assert opened.unsent == 1
    assert place.live == "c2"
    place.close()
