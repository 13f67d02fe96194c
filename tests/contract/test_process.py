"""A platform of our own: killed in the middle of things, misbehaving, left alone."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from sync import trust
from sync.contract import API, LessonCredit
from sync.facts import ConsentGiven
from sync.reference.demo import DEMO_LEARNER
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.faults import Faults, write
from sync.reference.keys import institution_token
from tests.contract.course import make_course
from tests.contract.learner import face, good, problem, sign_in
from tests.contract.serve import COURSE, command

pytestmark = pytest.mark.skipif(
    "ANXUE_CONTRACT_URL" in os.environ, reason="somebody else's server is not ours to kill"
)


@dataclass(frozen=True)
class Own:
    folder: Path
    platform: EmbeddedPlatform
    http: httpx.Client


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    folder = tmp_path_factory.mktemp("own")
    make_course(folder / COURSE)
    with (
        EmbeddedPlatform(command(folder)) as platform,
        httpx.Client(base_url=f"{platform.url}{API}", timeout=20) as http,
    ):
        yield Own(folder, platform, http)


def test_it_says_where_it_is(own: Own) -> None:
    assert own.platform.running
    assert own.platform.certificate == own.folder / "data" / "platform.pem"
    assert own.http.get("/health").status_code == 200


def test_records_survive_a_killed_platform(own: Own) -> None:
    """Nothing lost, nothing twice; and the platform is back where it was."""
    http, url = own.http, own.platform.url
    headers = {"Authorization": f"Bearer {institution_token(own.folder / 'data')}"}
    place = f"/institution/learners/{DEMO_LEARNER.id}/template"
    http.put(place, json={"embedding": face()}, headers=headers)
    certificate = trust.load(own.platform.certificate.read_text("ascii"))
    run = sign_in(http, certificate, DEMO_LEARNER.login, DEMO_LEARNER.password)
    run.post("/identity", {"chain": run.chain, "embedding": face()})
    run.begin("first")
    run.state(run.watched("first", 0.0, 0.3))
    before = run.send(run.batch())
    own.platform.stop(abruptly=True)
    with pytest.raises(httpx.TransportError):
        http.get("/health")
    own.platform.start()
    assert own.platform.url == url
    again = run.send(run.batch())
    assert (again.acked, run.receipt(again).head) == (before.acked, run.receipt(before).head)
    run.state(ConsentGiven(version="1", language="en"))
    run.state(ConsentGiven(version="1", language="en"))
    assert problem(run.post("/records", run.batch(6)), 409, "gap").seq == 4
    run.end("first", 0.3)
    last = run.send(run.batch(5, close=True))
    assert last.acked == len(run.records)
    assert last.credit[0].credited_s == pytest.approx(0.3)
    assert good(run.get("/learners/me/credit/first"), LessonCredit) == last.credit[0]


def test_it_misbehaves_on_request(own: Own) -> None:
    file = own.folder / "faults.json"
    for how in ("half", "lost"):
        write(file, Faults.model_validate({"answer": how}))
        with pytest.raises(httpx.RemoteProtocolError):
            own.http.get("/health")
    write(file, Faults(delay_s=0.2))
    answer = own.http.get("/health")
    assert answer.status_code == 200
    assert answer.elapsed >= timedelta(seconds=0.2)
    write(file, Faults())


def test_it_ends_with_whoever_started_it(own: Own) -> None:
    """Closing its standard input is what the system does when a parent was killed."""
    process = own.platform._process
    assert process is not None
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    assert process.wait(10) == 0
    assert process.stdout.read() == b"", "one line is all that it says"
    assert not own.platform.running
