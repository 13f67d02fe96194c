"""The list of promises of `main.py platform check`, against the server under test."""

import httpx
import pytest

from sync.contract import API
from sync.reference.conformance.examine import PROMISES, try_one
from sync.reference.conformance.line import Line
from sync.reference.conformance.promise import Check
from tests.contract.conftest import Server

EXPLAINED = {"answers.retry_after", "media.address"}  # where the server had no occasion to show it


@pytest.fixture(scope="module")
def line(server: Server) -> Line:
    return Line(
        http=httpx.Client(base_url=f"{server.url}{API}", timeout=20),
        certificate=server.certificate,
        learner=server.learner,
        other=server.other,
        institution_token=server.institution_token,
    )


@pytest.mark.parametrize("check", PROMISES, ids=lambda check: check.name)
def test_the_server_keeps(line: Line, check: Check) -> None:
    result = try_one(line, check)
    assert result.state == "kept" or check.name in EXPLAINED, result
    assert result.state != "broken", result


def test_each_promise_has_a_name_and_words_of_its_own() -> None:
    names = [check.name for check in PROMISES]
    assert len(set(names)) == len(names)
    for check in PROMISES:
        assert check.chinese
        assert check.english
        assert not check.chinese.isascii(), check.name
        assert check.english.isascii(), check.name
