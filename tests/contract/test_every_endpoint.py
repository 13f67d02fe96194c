"""Every endpoint with every role: a route that is not in the table below fails the test.

Each question is one that would be answered to its rightful asker, about the first learner's
things; so whoever gets it answered reads what is theirs, or is refused for who they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
import pytest

from sync import sealing
from sync.contract import Problem
from sync.reference.app import bare_app
from tests.contract.learner import body, face, run_key, sign_in_message
from tests.contract.world import SPARE, World, world

LEARNERS = ("learner", "other", "far", "expired", "taken over")
OFFICES = ("institution", "far institution", "withdrawn")
ROLES = ("nobody", *LEARNERS, "nonsense", *OFFICES, "supervisor")


@dataclass(frozen=True)
class Row:
    """What an endpoint answers. other, far: to other learners, of the class and elsewhere.

    ok: to whom it is for. far_office: to another institution. path: with the names of the
    first learner's things in braces.
    """

    path: str
    whose: str
    ok: int = 200
    other: int = 200
    far: int = 200
    far_office: int = 200
    send: dict[str, Any] = field(default_factory=dict)


ANYBODY, LEARNER, OFFICE, SUPERVISOR = "anybody", "learner", "office", "supervisor"
_FILM = "/v1/media/{lesson}/fluent.mp4"
# By operation, `method path` of the OpenAPI document.
TABLE: dict[str, Row] = {
    "get /v1/health": Row("/v1/health", ANYBODY),
    "get /v1/ready": Row("/v1/ready", ANYBODY),
    "get /v1/policy": Row("/v1/policy", ANYBODY),
    "get /v1/sign-in": Row("/v1/sign-in", ANYBODY),
    "get /v1/roots": Row("/v1/roots", ANYBODY),
    "get /v1/roots/{day}": Row("/v1/roots/2020-01-01", ANYBODY, ok=404),
    "get /v1/chains/{chain}/proofs": Row("/v1/chains/{chain}/proofs", ANYBODY, ok=404),
    "post /v1/sessions": Row("/v1/sessions", ANYBODY, send={"json": "sign in"}),
    "get /v1/chains/{chain}": Row("/v1/chains/{chain}", LEARNER, other=403, far=403),
    "post /v1/records": Row(
        "/v1/records", LEARNER, other=403, far=403, send={"json": "records"}
    ),
    "post /v1/identity": Row(
        "/v1/identity", LEARNER, other=403, far=403, send={"json": "identity"}
    ),
    "put /v1/evidence/{sha256}": Row(
        "/v1/evidence/{sha256}", LEARNER, other=404, far=404, send={"content": "sealed"}
    ),
    "get /v1/learners/me/evidence": Row("/v1/learners/me/evidence", LEARNER),
    "get /v1/learners/me/archive": Row("/v1/learners/me/archive", LEARNER),
    "get /v1/learners/me/operations": Row("/v1/learners/me/operations", LEARNER),
    "get /v1/learners/me/hours": Row("/v1/learners/me/hours", LEARNER),
    "get /v1/learners/me/credit/{lesson}": Row(
        "/v1/learners/me/credit/{lesson}", LEARNER, far=404
    ),
    "get /v1/learners/me/credit/{lesson}/minutes": Row(
        "/v1/learners/me/credit/{lesson}/minutes", LEARNER, far=404
    ),
    "post /v1/appeals": Row(
        "/v1/appeals", LEARNER, other=403, far=403, send={"json": "appeal"}
    ),
    "get /v1/courses": Row("/v1/courses", LEARNER),
    "get /v1/categories": Row("/v1/categories", LEARNER),
    "get /v1/media/{lesson}/{mode}.mp4": Row(_FILM, LEARNER, far=404),
    "head /v1/media/{lesson}/{mode}.mp4": Row(_FILM, LEARNER, far=404),
    "get /v1/media/{lesson}/{mode}.mp4/address": Row(f"{_FILM}/address", LEARNER, far=404),
    "get /v1/media/{lesson}/thumbnails.jpg": Row(
        "/v1/media/{lesson}/thumbnails.jpg", LEARNER, far=404
    ),
    "get /v1/media/{lesson}/{language}.vtt": Row(
        "/v1/media/{lesson}/zh_CN.vtt", LEARNER, far=404
    ),
    "post /v1/papers": Row("/v1/papers", LEARNER, far=404, send={"json": "lesson"}),
    "post /v1/papers/{paper}/answers": Row(
        "/v1/papers/{paper}/answers", LEARNER, other=403, far=403, send={"json": "answers"}
    ),
    "put /v1/institution/learners/{learner}/template": Row(
        "/v1/institution/learners/{learner}/template", OFFICE, ok=204, far_office=404,
        send={"json": "template"},
    ),
    "get /v1/institution/learners/{learner}/archive": Row(
        "/v1/institution/learners/{learner}/archive", OFFICE, far_office=404
    ),
    "get /v1/institution/learners": Row("/v1/institution/learners", OFFICE),
    "get /v1/institution/audit": Row("/v1/institution/audit", OFFICE),
    "get /v1/institution/evidence/{sha256}": Row(
        "/v1/institution/evidence/{sha256}", OFFICE, far_office=404
    ),
    "get /v1/institution/appeals": Row("/v1/institution/appeals", OFFICE),
    "put /v1/institution/checks/{check}/verdict": Row(
        "/v1/institution/checks/{check}/verdict", OFFICE, ok=204, far_office=404,
        send={"json": "verdict"},
    ),
    "get /v1/supervisor/institutions": Row("/v1/supervisor/institutions", SUPERVISOR),
    "get /v1/supervisor/learners": Row("/v1/supervisor/learners", SUPERVISOR),
    "get /v1/supervisor/audit": Row("/v1/supervisor/audit", SUPERVISOR),
    "get /v1/supervisor/learners/{learner}/hours": Row(
        "/v1/supervisor/learners/{learner}/hours", SUPERVISOR
    ),
    "get /v1/supervisor/learners/{learner}/chains": Row(
        "/v1/supervisor/learners/{learner}/chains", SUPERVISOR
    ),
    "get /v1/supervisor/chains/{chain}/bundle": Row(
        "/v1/supervisor/chains/{chain}/bundle", SUPERVISOR
    ),
}  # fmt: skip
UNLISTED = {"head /v1/media/{lesson}/{mode}.mp4"}  # not in the document: HEAD goes with GET


@cache
def operations() -> frozenset[str]:
    """Every `method path` that the application documents."""
    paths = bare_app().openapi()["paths"]
    return frozenset(f"{method} {path}" for path, told in paths.items() for method in told)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as there:
        yield there


def test_every_endpoint_has_a_row() -> None:
    lacking = operations() - set(TABLE)
    assert not lacking, f"say in TABLE who may ask: {lacking}"


def _sent(there: World, row: Row) -> dict[str, Any]:
    """The body and its type, with the first learner's things in it."""
    run = there.run
    bodies: dict[str, Any] = {
        "sign in": body(sign_in_message(SPARE.login, SPARE.password, run_key())),
        "records": body(run.batch()),
        "identity": {"chain": run.chain, "embedding": face()},
        "appeal": {"chain": run.chain, "check": there.check},
        "lesson": {"lesson": there.lesson},
        "answers": {"answers": {question.id: [] for question in there.paper.questions}},
        "template": {"embedding": face()},
        "verdict": {"counts": True},
    }
    told = {name: bodies.get(what, there.sealed) for name, what in row.send.items()}
    if "content" in told:
        told["headers"] = {"Content-Type": sealing.MEDIA_TYPE}
    return told


def ask(there: World, operation: str, role: str) -> httpx.Response:
    row = TABLE[operation]
    names = {
        "{chain}": there.run.chain,
        "{lesson}": there.lesson,
        "{learner}": there.run.accepted.learner.id,
        "{sha256}": there.sha256,
        "{paper}": there.paper.id,
        "{check}": there.check,
    }
    path = row.path
    for name, value in names.items():
        path = path.replace(name, value)
    told = _sent(there, row)
    headers = told.pop("headers", {})
    if there.tokens[role]:
        headers["Authorization"] = f"Bearer {there.tokens[role]}"
    http: httpx.Client = there.local.http
    url = http.base_url.copy_with(path=path)
    return http.request(operation.partition(" ")[0], url, headers=headers, **told)


def expected(row: Row, role: str) -> tuple[int, str]:
    """Status and, for a refusal, its code."""
    answered = {
        ANYBODY: dict.fromkeys(ROLES, row.ok),
        LEARNER: {"learner": row.ok, "other": row.other, "far": row.far},
        OFFICE: {"institution": row.ok, "far institution": row.far_office},
        SUPERVISOR: {"supervisor": row.ok},
    }[row.whose]
    if role in answered:
        return answered[role], ""
    if role == "nobody":
        return 401, "signed_out"
    if row.whose == LEARNER:
        return (409, "taken_over") if role == "taken over" else (401, "signed_out")
    if row.whose == OFFICE and role == "withdrawn":
        return 401, "signed_out"
    return 403, "forbidden"


@pytest.mark.parametrize("operation", sorted(TABLE))
def test_who_may_ask_and_who_may_not(there: World, operation: str) -> None:
    if operation not in operations() | UNLISTED:
        pytest.fail(f"{operation} is no more: take its row out")
    row = TABLE[operation]
    for role in ROLES:
        answer = ask(there, operation, role)
        status, code = expected(row, role)
        assert answer.status_code == status, (role, answer.text)
        if status >= 400 and operation not in UNLISTED:
            told = Problem.model_validate_json(answer.content)
            assert told.code == (code or told.code), role
        if role in {"learner", "institution", "supervisor"} or row.whose == ANYBODY:
            continue
        if status >= 400 and operation in UNLISTED:
            continue
        asked_about = set(answer.request.url.path.split("/"))
        foreign = [
            name for name in there.private if name in answer.text and name not in asked_about
        ]
        assert not foreign, (role, answer.text)


def test_a_signed_address_opens_its_film_and_nothing_else(there: World) -> None:
    query = there.address.url.partition("?")[2]
    base = there.local.http.base_url
    for operation in sorted(operations()):
        row = TABLE[operation]
        if row.whose == ANYBODY or operation.startswith("get /v1/media/{lesson}/{mode}.mp4"):
            continue
        path = row.path.replace("{lesson}", there.lesson)
        answer = there.local.http.request(
            operation.partition(" ")[0],
            base.copy_with(raw_path=f"{path}?{query}".encode()),
            **_sent(there, row),
        )
        assert answer.status_code in {401, 422}, (operation, answer.text)
