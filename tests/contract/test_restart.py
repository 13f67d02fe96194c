"""The platform is killed in the middle of things: nothing lost, nothing twice."""

import os
from pathlib import Path

import httpx
import pytest

from sync import trust
from sync.contract import API, LessonCredit
from sync.facts import ConsentGiven
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.keys import institution_token
from sync.reference.seed import DEMO_LEARNER
from tests.contract.course import make_course
from tests.contract.learner import face, good, problem, sign_in
from tests.contract.serve import COURSE, command

pytestmark = pytest.mark.skipif(
    "ANXUE_CONTRACT_URL" in os.environ, reason="somebody else's server is not ours to kill"
)


def test_records_survive_a_killed_platform(tmp_path: Path) -> None:
    make_course(tmp_path / COURSE)
    with EmbeddedPlatform(command(tmp_path)) as platform:
        url = platform.url
        certificate = trust.load(platform.certificate.read_text("ascii"))
        with httpx.Client(base_url=f"{url}{API}", timeout=20) as http:
            headers = {"Authorization": f"Bearer {institution_token(tmp_path / 'data')}"}
            place = f"/institution/learners/{DEMO_LEARNER.id}/template"
            http.put(place, json={"embedding": face()}, headers=headers)
            run = sign_in(http, certificate, DEMO_LEARNER.login, DEMO_LEARNER.password)
            run.post("/identity", {"chain": run.chain, "embedding": face()})
            run.begin("first")
            run.state(run.watched("first", 0.0, 0.3))
            before = run.send(run.batch())
            platform.stop(abruptly=True)
            with pytest.raises(httpx.TransportError):
                http.get("/health")
            platform.start()
            assert platform.url == url, "back where it was"
            again = run.send(run.batch())
            assert (again.acked, again.head) == (before.acked, before.head)
            run.state(ConsentGiven(version="1", language="en"))
            run.state(ConsentGiven(version="1", language="en"))
            assert problem(run.post("/records", run.batch(6)), 409, "gap").seq == 4
            run.end("first", 0.3)
            last = run.send(run.batch(5, close=True))
            assert last.acked == len(run.records)
            assert last.credit[0].credited_s == pytest.approx(0.3)
            counted = good(run.get("/learners/me/credit/first"), LessonCredit)
            assert counted == last.credit[0]
