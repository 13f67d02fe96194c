"""The gateway's log: what happened, and nothing about anybody."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reference import logs, seen
from sync.reference.demo import DEMO_LEARNER
from tests.contract.learner import sign_in
from tests.contract.local import Local, local_platform


class Lines(io.StringIO):
    """A stream whose lines are read as JSON."""

    def read_lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Local, Lines]]:
    """A platform that tells everything."""
    lines = Lines()
    with local_platform(tmp_path_factory.mktemp("platform"), log=logs.to(lines)) as local:
        yield local, lines


@pytest.fixture
def local(rig: tuple[Local, Lines]) -> Local:
    return rig[0]


@pytest.fixture
def lines(rig: tuple[Local, Lines]) -> Lines:
    rig[1].seek(0)
    rig[1].truncate()
    return rig[1]


def test_a_request_is_one_line_by_its_template(local: Local, lines: Lines) -> None:
    answer = local.http.get(
        "/chains/c-of-somebody?name=王小明", headers={"X-Request-Id": "abcd-1234"}
    )
    assert answer.headers["x-request-id"] == "abcd-1234"
    (line,) = lines.read_lines()
    assert line["event"] == "request"
    assert line["request"] == "abcd-1234"
    assert line["route"] == "/v1/chains/{chain}"
    assert (line["status"], line["code"], line["level"]) == (401, "signed_out", "info")
    assert isinstance(line["ms"], float)


def test_nobody_is_in_it(local: Local, lines: Lines) -> None:
    """Name, password, token, id, address and what was asked: none of it is written."""
    run = sign_in(
        local.http, local.platform.keys.certificate, DEMO_LEARNER.login, DEMO_LEARNER.password
    )
    assert run.get("/learners/me/hours?secret=query").status_code == 200
    assert (
        local.http.post("/sessions", content=b'{"name":"wang","password":"hunter2"').status_code
        == 422
    )
    assert local.http.get("/nothing/wang-xiaoming").status_code == 404
    told = lines.getvalue()
    token = run.headers["Authorization"].removeprefix("Bearer ")
    for secret in (
        *(DEMO_LEARNER.login, DEMO_LEARNER.password, DEMO_LEARNER.name, DEMO_LEARNER.id),
        *(token, run.chain, "hunter2", "secret", "wang-xiaoming", "testclient"),
    ):
        assert secret not in told, secret
    names = {str(line["learner"]) for line in lines.read_lines() if "learner" in line}
    assert len(names) == 1, "a learner has one pseudonym"
    assert next(iter(names)).startswith("p-")
    assert lines.read_lines()[-1]["route"] == "unknown"


def test_a_fault_has_places_and_no_message(local: Local, lines: Lines) -> None:
    state = local.http.app.state  # type: ignore[attr-defined]
    state.platform, platform = None, state.platform
    answer = local.http.get("/policy")
    state.platform = platform
    assert answer.status_code == 500
    assert answer.json()["code"] == "unavailable"
    line = lines.read_lines()[-1]
    assert line["level"] == "error"
    assert line["error"] == "AssertionError"
    assert "sync/reference/platform.py" in str(line["frames"])
    assert answer.headers["x-request-id"] == line["request"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "4bf92f3577b34da6a3ce929d0e0e4736",
        ),
        ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", None),
        ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", None),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", None),
        ("nonsense", None),
    ],
)
def test_a_trace_is_followed(local: Local, lines: Lines, given: str, kept: str | None) -> None:
    local.http.get("/policy", headers={"traceparent": given})
    assert lines.read_lines()[-1].get("trace") == kept


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "with space", "line\tbreak1", "王王王王王王王王"]
)
def test_a_strange_request_id_is_replaced(local: Local, given: str) -> None:
    answer = local.http.get("/policy", headers={"X-Request-Id": given.encode()})
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 16


def test_health_is_not_told(local: Local, lines: Lines) -> None:
    assert local.http.get("/health").status_code == 200
    assert lines.read_lines() == []


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=400) | st.integers(), max_size=5))
def test_only_named_members_and_one_line(members: dict[str, str | int]) -> None:
    lines = Lines()
    logs.to(lines).info(
        "event", **{name: value for name, value in members.items() if name != "event"}
    )
    (line,) = lines.getvalue().splitlines()
    assert set(json.loads(line)) <= logs.MEMBERS


def test_other_libraries_keep_their_arguments_to_themselves() -> None:
    lines = Lines()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        logs.everything_to(lines)
        logging.getLogger("some.library").warning("cannot log in %s", "wang@example.cn")
        logging.getLogger("some.library").warning("filled in before: wang@example.cn")
        try:
            raise ValueError("wang@example.cn")
        except ValueError:
            logging.getLogger("some.library").exception("failed for %s", "wang@example.cn")
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
    assert "wang" not in lines.getvalue()
    told = lines.read_lines()
    assert [line.get("why") for line in told] == ["cannot log in %s", None, "failed for %s"]
    assert told[2]["error"] == "ValueError"


def test_notes_outside_of_a_request_go_nowhere() -> None:
    seen.learner("learner-7")
    seen.taken(3)
