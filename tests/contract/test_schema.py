"""schemathesis over the whole document: no 500, and no answer that is not documented.

Each operation is asked many things, right and wrong, by those who may and those who may not,
about things that are there and things that are not. The same seed each time;
`HYPOTHESIS_PROFILE=long` asks hundreds of times as many.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.contract import Problem
from sync.reference.app import bare_app
from tests.contract.learner import problem
from tests.contract.world import World, world
from tests.postgres import Postgres

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
EXAMPLES = 600 if LONG else 14
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROLES = ("learner", "learner", "other", "institution", "institution", "supervisor", "nonsense", "")
ODD = ("\x00", "a\x00b", "\U0001f525", "..", "%00", "x" * 5000, "-1", str(2**63), str(10**400))
DOCUMENT = bare_app().openapi()
OPERATIONS = tuple(
    (method, path) for path, told in sorted(DOCUMENT["paths"].items()) for method in sorted(told)
)

pytestmark = pytest.mark.slow


@schemathesis.serializer("application/jose")
def _as_it_is(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def there(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[World]:
    """On PostgreSQL, which refuses more than SQLite does; on Windows on what there is."""
    folder = tmp_path_factory.mktemp("world")
    if sys.platform == "win32":
        with world(folder) as there:
            yield there
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    url = server.database()
    with world(folder, url) as there:
        yield there
    server.drop(url)


def _right(operation: dict[str, Any]) -> str:
    """The role that an operation is for."""
    schemes = {name for each in operation.get("security", []) for name in each}
    return next((name for name in ("institution", "supervisor") if name in schemes), "learner")


def _ask(there: World, case: Case[Any], role: str) -> httpx.Response:
    """The case over the wire that all tests in this process use."""
    http: httpx.Client = there.local.http
    told = case.as_transport_kwargs(base_url=str(http.base_url).removesuffix("/v1/"))
    headers = {name: value for name, value in dict(told.pop("headers")).items()
               if name.lower() != "authorization"}  # fmt: skip
    token = there.tokens.get(role, "")
    if token:
        headers["Authorization"] = f"Bearer {token}"
    known = {"method", "url", "params", "json", "data", "files"}
    rest = {name: value for name, value in told.items() if name in known and value is not None}
    if isinstance(rest.get("data"), (str, bytes)):
        rest["content"] = rest.pop("data")
    if "json" in rest:  # surrogates and huge numbers as they may come, not as httpx allows them
        rest["content"] = json.dumps(rest.pop("json")).encode("utf-8", "surrogatepass")
        headers.setdefault("Content-Type", "application/json")
    return http.request(**rest, headers=headers)


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda told: told)
def test_whatever_is_asked_the_answer_is_documented(there: World, method: str, path: str) -> None:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    operation = schema[path][method.upper()]
    run = there.run
    real = {
        "chain": (run.chain, *ODD),
        "lesson": (there.lesson, *ODD),
        "learner": (run.accepted.learner.id, *ODD),
        "sha256": (there.sha256, "0" * 64, *ODD),
        "paper": (there.paper.id, *ODD),
        "check": (there.check, f"{run.chain}.0", *ODD),
        "mode": ("fluent", "high", *ODD),
    }
    right = _right(DOCUMENT["paths"][path][method])
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case: Case[Any] = data.draw(cases)
        for name in list(case.path_parameters or {}):
            if name in real and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(real[name]))
        if isinstance(case.body, dict) and "chain" in case.body and data.draw(st.booleans()):
            case.body["chain"] = run.chain
        role = right if data.draw(st.booleans()) else data.draw(st.sampled_from(ROLES))
        if path == "/v1/sessions" and isinstance(case.body, dict) and data.draw(st.booleans()):
            case.body["name"] = data.draw(st.sampled_from(("demo2", *ODD[:3])))
        try:
            answer = _ask(there, case, role)
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            if type(error).__module__.startswith("sync"):
                raise
            return  # nothing that could be sent
        case.validate_response(answer, checks=CHECKS)

    ask()


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
def test_another_method_is_405_and_says_which_there_are(there: World, path: str) -> None:
    there_are = {method.upper() for method in DOCUMENT["paths"][path]}
    filled = path.replace("{mode}", "fluent")
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - there_are:
        url = there.local.http.base_url.copy_with(path=filled)
        answer = there.local.http.request(method, url)
        told = problem(answer, 405, "invalid")
        assert told.detail
        assert set(answer.headers["allow"].split(", ")) & there_are, (method, answer.headers)


BODIES: tuple[tuple[bytes, dict[str, str]], ...] = (
    (b"", {}),
    (b"\xff\xfe\x00", {"Content-Type": "application/json"}),
    (b"{}", {"Content-Type": "text/html"}),
    (b"{}", {}),
    (b"[" * 100_000, {"Content-Type": "application/json"}),
    (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, {"Content-Type": "application/json"}),
    (b"9" * 10_000, {"Content-Type": "application/json"}),
    (b'{"chain": 1e999}', {"Content-Type": "application/json"}),
    (b'{"chain": NaN}', {"Content-Type": "application/json"}),
    (b'{"chain": "a\\u0000b"}', {"Content-Type": "application/json"}),
    (b'{"chain": "\\ud800"}', {"Content-Type": "application/json"}),
    (b"{}", {"Content-Encoding": "br"}),
    (b"{}", {"Content-Encoding": "gzip"}),
    (b"x" * 4_500_000, {"Content-Type": "application/json"}),
    (b"{}", {"Content-Type": "application/json; charset=utf-7"}),
    (b"{}", {"Content-Length": "999999999999999999999"}),
)


@pytest.mark.parametrize(
    ("method", "path"), [told for told in OPERATIONS if told[0] != "get"], ids=lambda told: told
)
def test_odd_bodies_are_refused_by_name(there: World, method: str, path: str) -> None:
    operation = DOCUMENT["paths"][path][method]
    token = there.tokens[_right(operation)]
    filled = path
    for name in ("chain", "check", "paper", "sha256", "learner"):
        filled = filled.replace("{" + name + "}", str(getattr(there, name, "x")))
    for content, headers in BODIES:
        answer = there.local.http.request(
            method,
            there.local.http.base_url.copy_with(path=filled),
            content=content,
            headers={"Authorization": f"Bearer {token}", **headers},
        )
        assert str(answer.status_code) in operation["responses"], (content[:40], answer.text)
        assert answer.status_code in {401, 403, 404, 413, 415, 422}, (content[:40], answer.text)
        Problem.model_validate_json(answer.content)


ODD_TEXTS = ("\x00", "a\x00b", "\ud800", "\U0010ffff", "x" * 70_000, "%", "'; --", "\u202e")


def test_odd_texts_in_every_member_of_a_message(there: World) -> None:
    """Where PostgreSQL refuses what SQLite takes, the contract has to refuse it first."""
    run = there.run
    messages: dict[str, dict[str, Any]] = {
        "/v1/sessions": {
            "name": "demo2", "password": "x", "public_key": "AA",
            "client": {"version": "1", "system": "PC", "language": "en"},
        },
        "/v1/appeals": {
            "chain": run.chain, "check": "", "lesson": "", "reason": "", "text": "",
        },
        "/v1/papers": {"lesson": there.lesson},
        f"/v1/papers/{there.paper.id}/answers": {"answers": {}},
        "/v1/identity": {"chain": run.chain, "embedding": "AA", "check": there.check},
        "/v1/records": {"chain": run.chain, "records": []},
    }  # fmt: skip
    for path, message in messages.items():
        for member, value in message.items():
            if isinstance(value, (list, tuple)):
                continue
            for odd in ODD_TEXTS:
                bent = {**message, member: {odd: [0]} if isinstance(value, dict) else odd}
                answer = there.local.http.post(
                    there.local.http.base_url.copy_with(path=path),
                    content=json.dumps(bent).encode(),
                    headers={**run.headers, "Content-Type": "application/json"},
                )
                documented = DOCUMENT["paths"].get(path, {}).get("post", {}).get("responses")
                assert answer.status_code < 500, (path, member, odd, answer.text)
                assert documented is None or str(answer.status_code) in documented
                kept = "\x00" in odd or "\ud800" in odd
                assert not kept or answer.status_code >= 400, (path, member, answer.text)
