"""The server under test: the reference platform, or one that the environment names."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from sync import trust
from sync.contract import API, Courses
from sync.reference.demo import DEMO_LEARNER, SECOND_LEARNER
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.keys import institution_token
from tests.contract.course import make_course
from tests.contract.learner import Run, face, good, sign_in
from tests.contract.serve import COURSE, command

SignIn = Callable[[], Run]


@dataclass(frozen=True)
class Server:
    """Where it is, whom it knows, and what its certificate is."""

    url: str
    certificate: x509.Certificate
    learner: tuple[str, str]
    other: tuple[str, str]
    institution_token: str


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    url = os.environ.get("ANXUE_CONTRACT_URL")
    if url:
        yield _named(url)
        return
    folder = tmp_path_factory.mktemp("platform")
    make_course(folder / COURSE)
    with EmbeddedPlatform(command(folder)) as platform:
        yield Server(
            url=platform.url,
            certificate=trust.load(platform.certificate.read_text("ascii")),
            learner=(DEMO_LEARNER.login, DEMO_LEARNER.password),
            other=(SECOND_LEARNER.login, SECOND_LEARNER.password),
            institution_token=institution_token(folder / "data"),
        )


@pytest.fixture(scope="session")
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.url}{API}", timeout=20) as client:
        yield client


@pytest.fixture(scope="session")
def enrolled(server: Server, http: httpx.Client) -> None:
    """Both learners have a face that the tests know."""
    headers = {"Authorization": f"Bearer {server.institution_token}"}
    for name, password in (server.learner, server.other):
        learner = sign_in(http, server.certificate, name, password).accepted.learner.id
        answer = http.put(
            f"/institution/learners/{learner}/template",
            json={"embedding": face()},
            headers=headers,
        )
        assert answer.status_code == 204, answer.text


@pytest.fixture
def learner(server: Server, http: httpx.Client, enrolled: None) -> SignIn:
    """Call it for a fresh run of the first learner."""
    return lambda: sign_in(http, server.certificate, *server.learner)


@pytest.fixture
def other(server: Server, http: httpx.Client, enrolled: None) -> SignIn:
    """Call it for a fresh run of another learner of the same class."""
    return lambda: sign_in(http, server.certificate, *server.other)


@pytest.fixture
def run(learner: SignIn) -> Run:
    """A fresh run of the first learner."""
    return learner()


@pytest.fixture
def lesson(run: Run) -> str:
    """A lesson that the first learner may study."""
    return good(run.get("/courses"), Courses).courses[0].lessons[0].id


def _named(url: str) -> Server:
    def named(name: str) -> str:
        value = os.environ.get(f"ANXUE_CONTRACT_{name}")
        if not value:
            pytest.exit(f"ANXUE_CONTRACT_URL needs ANXUE_CONTRACT_{name} beside it", 4)
        return value

    return Server(
        url=url.rstrip("/"),
        certificate=trust.load(Path(named("CERTIFICATE")).read_text("ascii")),
        learner=(named("LEARNER"), named("PASSWORD")),
        other=(named("LEARNER_2"), named("PASSWORD_2")),
        institution_token=named("INSTITUTION_TOKEN"),
    )
