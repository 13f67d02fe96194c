"""What the platform keeps beside the records, and what it reveals when."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select

from sync import chain as links
from sync import seal
from sync.contract import RecordBatch
from sync.facts import ConsentGiven, SettingChanged, Watched
from sync.reference import seeds
from sync.reference.contact import contact_field
from sync.reference.store import Store
from sync.reference.tables import BatchRow, ChainRow, OperationRow, RecordRow, WitnessRow
from tests.contract.learner import Run, face, problem
from tests.contract.local import Local, local_platform

CONSENT = ConsentGiven(version="2026-11", language="zh_CN")


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    with local_platform(tmp_path) as local:
        yield local


def test_an_answer_that_was_lost_comes_again_to_the_byte(local: Local) -> None:
    run = local.sign_in()
    run.state(CONSENT)
    local.clock.advance(20)
    first = run.post("/records", run.batch())
    local.clock.advance(0.5)
    assert run.post("/records", run.batch()).content == first.content


def _newest(run: Run, batch: RecordBatch) -> int:
    """The index of the beacon that the answer brought."""
    return run.receipt(run.send(batch)).beacon.index


def test_beacons_come_no_faster_than_time(local: Local) -> None:
    run = local.sign_in()
    seen = []
    for seconds in (0.2, 0.3, 5.0, 0.2, 5.0):
        local.clock.advance(seconds)
        run.state(CONSENT)
        seen.append(_newest(run, run.batch(len(run.records))))
    assert seen == [1, 1, 2, 2, 3]
    last = run.batch(len(run.records), close=True)
    local.clock.advance(60)
    assert _newest(run, last) == 4
    local.clock.advance(60)
    assert _newest(run, last) == 4, "a run that has ended learns nothing more"


def test_the_last_seed_is_not_passed(local: Local) -> None:
    run = local.sign_in()
    with local.platform.store.writing() as db:
        db.get_one(ChainRow, run.chain).beacon = seeds.SEED_LENGTH
        db.add(WitnessRow(chain=run.chain, seq=0, beacon=seeds.SEED_LENGTH, at=local.clock()))
    local.clock.advance(60)
    run.state(CONSENT)
    assert _newest(run, run.batch()) == seeds.SEED_LENGTH


def test_seeds_are_the_chain_that_was_promised() -> None:
    last = seeds.draw()
    whole = links.beacon_chain(last, 12)
    assert [seeds.reveal(last, index, 12) for index in range(13)] == list(whole)
    assert seeds.before(whole[5]) == whole[4]
    trail = links.BeaconTrail.committed(whole[0].hex())
    told = seeds.beacon(last, 7, 12)
    assert trail.advance(told.index, told.value).index == 7
    for index in (-1, 13):
        with pytest.raises(ValueError, match="no element"):
            seeds.reveal(last, index, 12)


def test_address_and_arrival_stand_beside_the_records(local: Local) -> None:
    run = local.sign_in()
    run.state(CONSENT)
    run.state(CONSENT)
    local.clock.advance(7)
    run.send(run.batch())
    run.send(run.batch())
    with local.platform.store.reading() as db:
        (batch,) = db.scalars(select(BatchRow))
        assert (batch.first_seq, batch.last_seq, batch.address) == (1, 2, "testclient")
        assert batch.arrived_at == local.clock()
        assert batch.seal is not None
        rows = db.scalars(select(RecordRow).order_by(RecordRow.seq)).all()
        assert [row.body for row in rows] == [record.body for record in run.records]
        assert [row.head for row in rows] == [record.head for record in run.records]
        assert db.get_one(ChainRow, run.chain).sealed_seq == 2
        actions = db.scalars(select(OperationRow.action).order_by(OperationRow.id)).all()
        assert actions == ["sign-in", "face compared"]


def test_the_database_shows_no_secret(local: Local) -> None:
    run = local.sign_in()
    run.state(CONSENT)
    run.send(run.batch())
    local.platform.store.close()
    kept = b"".join(path.read_bytes() for path in (local.folder / "data").glob("*.sqlite3*"))
    secrets = {
        "k0": seal.from_base64url(run.session.k0),
        "the newest key": run.pen.state.key,
        "the face": seal.from_base64url(face()),
        "the token": run.session.token.encode(),
        "the password": b"anxue-demo\x00",
    }
    assert [name for name, secret in secrets.items() if secret in kept] == []


def test_the_database_is_kept_so_that_a_power_cut_loses_nothing(tmp_path: Path) -> None:
    store = Store.in_folder(tmp_path)
    with store.writing() as db:
        connection = db.connection()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        other = sqlite3.connect(tmp_path / "platform.sqlite3", timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    store.close()


def test_a_token_ends_with_its_time(local: Local) -> None:
    run = local.sign_in()
    local.clock.advance(local.platform.settings.session_s)
    problem(run.get("/courses"), 401, "signed_out")


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Windows 11 26100.1742", False),
        ("HD Webcam 1080p 13812345678abc", False),
        ("138123456789", False),
        ("call 13812345678", True),
        ("138-1234-5678", True),
        ("li.wei+a@example.com.cn", True),
        ("WeChat: li", True),
    ],
)
def test_what_counts_as_contact_data(text: str, contact: bool) -> None:
    fact = ConsentGiven(version=text, language="zh_CN")
    assert contact_field(fact) == ("version" if contact else None)


def test_a_camera_may_be_called_what_it_is_for() -> None:
    def field(setting: Literal["camera", "mode"], new: str) -> str | None:
        return contact_field(SettingChanged(setting=setting, old="USB 2.0", new=new))

    assert field("camera", "视频会议电话") is None
    assert field("camera", "13812345678") == "new"
    assert field("mode", "视频会议电话") == "new"


def test_times_are_never_taken_for_telephone_numbers() -> None:
    nanos = 13_812_345_678
    fact = Watched(
        lesson="l", start_us=nanos, end_us=nanos, began_ns=nanos, ended_ns=nanos, mode="high"
    )
    assert re.fullmatch(r"1[3-9]\d{9}", str(nanos))
    assert contact_field(fact) is None
