"""Thousands of ways to tamper: each is found, or does no harm for a reason that is checked.

Run as a program, this writes the table into docs/records.md.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync import bundle, chain, strictjson
from sync.bundle import BundledChain, Signed
from sync.recorder import Recorder
from sync.session import accept_session
from sync.verify import verify
from tests.contract.local import Local, local_platform
from tests.sync_rig import FakePlatform, plain_story, rsa_key, run_signer, story
from tests.tampering import answers, bundles, deed, requests, stores, table
from tests.tampering.deed import Deed
from tests.unit.test_sync_verify import bundled, two_runs

FILE = Path(__file__).resolve().parents[2] / "docs" / "records.md"
BEGIN = "<!-- tampering: python -m tests.unit.test_sync_tamper -->\n"
END = "<!-- end of tampering -->\n"
SEED = 20261124


def named(deeds: tuple[Deed[Any], ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("tried", deeds, ids=lambda tried: tried.what)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with local_platform(tmp_path_factory.mktemp("tampering")) as local:
        yield local


@pytest.fixture(scope="module")
def audit() -> bundles.Audit:
    return bundles.Audit(two_runs(), another_learners(), FakePlatform().pem)


def another_learners() -> BundledChain:
    """A run of another learner on the same platform, receipted as it should be."""
    platform = FakePlatform()
    answer = platform.session("c9", learner="learner-8")
    named = answer.model_copy(
        update={"learner": answer.learner.model_copy(update={"id": "learner-8"})}
    )
    session = accept_session(named, platform.certificate, "demo", rsa_key(1).public_key())
    kept: list[chain.Record] = []
    recorder = story(Recorder.begin(session), kept.append, plain_story(6))
    whole = bundled("c9", kept, [Signed(len(kept), recorder.seal(run_signer("c9")))], [])
    receipt = Signed(len(kept), platform.answer(recorder.state, 2).receipt)
    return replace(whole, grant=session.grant_jws, receipts=(receipt,))


@pytest.fixture(scope="module")
def line() -> answers.Line:
    return answers.Line()


@pytest.fixture(scope="module")
def door(local: Local) -> requests.Door:
    return requests.Door(local)


@pytest.fixture(scope="module")
def album(door: requests.Door) -> requests.Album:
    return requests.Album(door)


@pytest.fixture(scope="module")
def desk(local: Local, tmp_path_factory: pytest.TempPathFactory) -> stores.Desk:
    return stores.Desk(local, tmp_path_factory.mktemp("desk"))


@named(bundles.DEEDS)
def test_bundles(audit: bundles.Audit, tried: Deed[bundles.Audit]) -> None:
    assert sum(tried.play(audit, SEED).values()) == tried.count


@named(answers.DEEDS)
def test_grants_and_receipts(line: answers.Line, tried: Deed[answers.Line]) -> None:
    assert sum(tried.play(line, SEED).values()) == tried.count


@named(requests.DEEDS)
def test_requests(door: requests.Door, tried: Deed[requests.Door]) -> None:
    assert sum(tried.play(door, SEED).values()) == tried.count


@named(requests.PICTURES)
def test_pictures(album: requests.Album, tried: Deed[requests.Album]) -> None:
    assert sum(tried.play(album, SEED).values()) == tried.count


@named(stores.DEEDS)
def test_stores(desk: stores.Desk, tried: Deed[stores.Desk]) -> None:
    assert sum(tried.play(desk, SEED).values()) == tried.count


def test_what_is_not_tampered_with_is_taken(line: answers.Line, audit: bundles.Audit) -> None:
    """Else a door that refuses everything would pass all of the above."""
    session = line.session.model_dump_json().encode()
    assert line.believed(session) == deed.SAME_CERTIFICATE
    newest = line.answers[-1].model_dump_json().encode()
    assert line.received(newest, len(line.heads)) == "nobody"
    for whole in (audit.whole, audit.small):
        with pytest.raises(deed.UnseenError):
            audit.judged(whole)
    told = strictjson.loads(session)
    assert line.believed(strictjson.dumps(told)) == deed.SAME_CERTIFICATE


def test_the_other_learner_s_run_is_sound_by_itself(audit: bundles.Audit) -> None:
    assert verify(bundle.write([audit.other]), audit.certificate).ok


def test_what_nobody_sees_is_told(audit: bundles.Audit) -> None:
    """The checks can fail: the one cut that nobody sees, without the run after it."""
    blind = Deed("bundle", "the newest run cut off at a receipt", 1, _newest, ("auditor",))
    with pytest.raises(deed.UnseenError):
        blind.play(audit, SEED)


def _newest(audit: bundles.Audit, _: object) -> str:
    run = audit.runs[1]
    last = run.receipts[0].seq
    shorter = replace(
        run, records=run.records[:last], receipts=run.receipts[:1], seals=run.seals[:1]
    )
    return audit.judged(bundle.write([audit.runs[0], shorter]))


def test_there_are_five_thousand() -> None:
    assert table.tries(table.all_deeds()) >= 5000


def written() -> str:
    """The file as it should be."""
    before, _, rest = FILE.read_text("utf-8").partition(BEGIN)
    return before + BEGIN + "\n" + table.table() + "\n" + END + rest.partition(END)[2]


def test_the_table_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == written()


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8", newline="\n")
