"""`main.py platform check` finds what is wrong: servers with one promise broken each."""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import main
from sync.reference.conformance.examine import PROMISES, try_one
from sync.reference.conformance.line import Line
from sync.reference.demo import DEMO_LEARNER, SECOND_LEARNER
from sync.reference.keys import institution_token
from tests.contract.conftest import Server
from tests.contract.local import in_process, local_platform

BY_NAME = {check.name: check for check in PROMISES}


@dataclass(frozen=True)
class Answered:
    """An answer on its way out, to be bent: headers in lower case."""

    path: str
    status: int
    headers: dict[str, str]
    body: bytes


Bend = Callable[[Answered], Answered]


class Bent:
    """ASGI: gives each answer to `bend` before it goes out."""

    def __init__(self, app: ASGIApp, bend: Bend) -> None:
        self._app = app
        self.bend = bend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started: Message = {}
        parts: list[bytes] = []

        async def bent(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            headers = {key.decode(): value.decode() for key, value in started["headers"]}
            answer = self.bend(Answered(scope["path"], started["status"], headers, b"".join(parts)))
            if scope["method"] != "HEAD" and answer.status != 304:
                answer.headers["content-length"] = str(len(answer.body))
            told = [(key.encode(), value.encode()) for key, value in answer.headers.items()]
            await send({**started, "status": answer.status, "headers": told})
            await send({"type": "http.response.body", "body": answer.body})

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        plain = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, bent)


def _status(path: str, old: int, new: int) -> Bend:
    def bend(answer: Answered) -> Answered:
        if re.search(path, answer.path) and answer.status == old:
            return Answered(answer.path, new, answer.headers, answer.body)
        return answer

    return bend


def _text(path: str, old: str, new: str) -> Bend:
    """In bodies of JSON below a path: what the regular expression finds becomes `new`."""

    def bend(answer: Answered) -> Answered:
        told = answer.headers.get("content-type", "") == "application/json"
        if not told or not re.search(path, answer.path):
            return answer
        body = re.sub(old, new, answer.body.decode()).encode()
        return Answered(answer.path, answer.status, answer.headers, body)

    return bend


def _header(path: str, name: str, value: str | None) -> Bend:
    def bend(answer: Answered) -> Answered:
        if re.search(path, answer.path) and (value is None or answer.status < 400):
            headers = {key: told for key, told in answer.headers.items() if key != name}
            headers |= {} if value is None else {name: value}
            return Answered(answer.path, answer.status, headers, answer.body)
        return answer

    return bend


def _told_apart() -> Bend:
    tries = count()

    def bend(answer: Answered) -> Answered:
        body = answer.body.replace(b"name or password", f"{next(tries)}".encode())
        return Answered(answer.path, answer.status, answer.headers, body)

    return bend


def _portal(answer: Answered) -> Answered:
    if answer.path.endswith("/categories"):
        return Answered(answer.path, 200, {"content-type": "text/html"}, b"<h1>Welcome</h1>")
    return answer


# What is bent, the promise that must be found broken, and what its words must say.
BENT: tuple[tuple[str, Bend, str, str], ...] = (
    ("another certificate", _text("/health", r'_sha256":"..', r'_sha256":"00'), "public.health",
     "another certificate"),
    ("a policy that nobody signed", _text("/policy$", r"\.[\w-]{9}", ".AAAAAAAAA"),
     "public.policy", "signature"),
    ("a policy changed on the way", _text("/sessions", r'"policy":"[\w-]+\.', '"policy":"e30.'),
     "sessions.grant", "policy"),
    ("another first beacon", _text("/sessions", r'"value":"..', '"value":"ff'), "sessions.grant",
     "beacon"),
    ("wrong passwords told apart", _told_apart(), "sessions.wrong_password", "differ"),
    ("a wrong password is forbidden", _status("/sessions", 401, 403), "sessions.wrong_password",
     "expected 401 wrong_password, got POST /v1/sessions: 403"),
    ("keys not looked at", _status("/sessions", 422, 200), "sessions.key", "got POST"),
    ("take-over without 409", _status("/records", 409, 200), "sessions.take_over",
     "409 taken_over"),
    ("take-over not told", _text("/chains/", r'"taken_over":true', '"taken_over":false'),
     "sessions.take_over", "was taken over"),
    ("open doors", _status("/hours", 401, 200), "sessions.token", "401 signed_out"),
    ("another's chain", _status("/chains/", 403, 200), "sessions.stranger", "403 forbidden"),
    ("no receipt", _text("/records", r'"receipt":"[^"]+",', ""), "records.receipt", "receipt"),
    ("a foreign receipt", _text("/records", r'"acked":3', '"acked":2'), "records.receipt",
     "something else"),
    ("a gap is taken", _status("/records", 409, 200), "records.gap", "409 gap"),
    ("a gap without a number", _text("/records", r',"seq":\d+', ""), "records.gap", "says None"),
    ("forks stay open", _text("/chains/", r'"closed":true', '"closed":false'), "records.fork",
     "open after a fork"),
    ("MACs not checked", _text("/records", '"bad_mac"', '"invalid"'), "records.mac", "bad_mac"),
    ("seals not checked", _status("/records", 422, 200), "records.seal", "bad_seal"),
    ("contact data kept", _status("/records", 422, 200), "records.contact", "422 invalid"),
    ("contact data repeated", _text("/records", "contact data in", "13812345678 in"),
     "records.contact", "repeats"),
    ("a receipt that nobody signed", _text("/records", r'("receipt":"[\w-]+\.[\w-]+\.).{9}',
     r"\1AAAAAAAAA"), "records.receipt", "signature"),
    ("packed bodies refused", _status("/records", 200, 415), "records.gzip", "expected 200"),
    ("no limit", _status("/records", 413, 200), "records.too_large", "413 too_large"),
    ("another gzip", _status("/records", 415, 422), "records.gzip", "415 invalid"),
    ("credit for nothing", _text("/credit/|/records", r'"credited_s":[\d.]+', '"credited_s":99.5'),
     "credit.witnessed", "0.2 s were watched"),
    ("no reasons", _text("/hours|/credit/", r'"reason":"\w+"', '"reason":""'),
     "credit.nothing_for_nothing", "no reason"),
    ("count and spans differ", _text("/hours", r'"credited_s":[\d.]+', '"credited_s":99.5'),
     "credit.spans", "not the sum"),
    ("no address in the log", _text("/hours", r'"address":"[^"]*"', '"address":""'),
     "credit.hours", "no address"),
    ("every face is right", _text("/identity", r'"answer":"\w+"', '"answer":"same"'),
     "identity.compare", "should be unsure, is same"),
    ("anybody enrols", _status("/template", 403, 204), "identity.enrol", "403 forbidden"),
    ("pictures not kept as long", _text("/evidence$", r'"kept_until":"20', '"kept_until":"19'),
     "evidence.kept", "how long"),
    ("pictures of any kind", _status("/evidence/", 415, 200), "evidence.refused", "415 invalid"),
    ("pictures in caches", _header("/institution/evidence", "cache-control", "public"),
     "evidence.private", "may be cached"),
    ("appeals without end", _text("v1/appeals", r'"number":"A', '"number":"B'), "appeals.verdict",
     "not in the institution's list"),
    ("another's archive", _text("/archive", r'"learner":"[^"]+"', '"learner":"x"'), "archive.own",
     "another's"),
    ("no films' ETag", _header(r"\.mp4$", "etag", None), "media.whole", "no ETag"),
    ("no ranges", _status(r"\.mp4$", 206, 200), "media.range", "Range 0-0: 200"),
    ("films for all", _status(r"\.mp4$", 401, 200), "media.private", "401 signed_out"),
    ("addresses for ever", _status(r"\.mp4$", 403, 200), "media.address", "403 forbidden"),
    ("addresses that no cache keeps", _header(r"\.mp4$", "cache-control", "private"),
     "media.address", "a cache"),
    ("keys in papers", _text("/papers$", r'"kind":', r'"keys":[0],"kind":'), "papers.keys",
     "keys"),
    ("marks for nothing", _text("/answers", r'"score":0', '"score":100'), "papers.graded",
     "scores 100"),
    ("another form of refusal", _text("/nothing", r'"detail"', '"message"'), "answers.problem",
     "404 not_found"),
    ("a captive portal", _portal, "courses.lessons", "no Categories"),
    ("no date", _header("/v1", "date", None), "answers.date", "no Date"),
    ("a clock of another century", _text("/health", r'"now":"20', '"now":"19'), "answers.clock",
     "behind"),
    ("no HTML", _header("/hours", "content-type", "text/html"), "answers.html", "HTML"),
    ("a fault", _status("/nothing", 404, 500), "answers.fault", "answers 500"),
    ("busy without an hour", _status("/nothing", 404, 503), "answers.retry_after",
     "without Retry-After"),
)  # fmt: skip


@pytest.fixture(scope="module")
def bent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bent, Line]]:
    """One platform for all, behind whatever bends it just now."""
    folder = tmp_path_factory.mktemp("bent")
    with local_platform(folder) as local:
        door = Bent(local.http.app, lambda answer: answer)
        http = in_process(door)
        line = Line(
            http=http,
            certificate=local.platform.keys.certificate,
            learner=(DEMO_LEARNER.login, DEMO_LEARNER.password),
            other=(SECOND_LEARNER.login, SECOND_LEARNER.password),
            institution_token=institution_token(folder / "data"),
        )
        yield door, line
        http.close()


@pytest.mark.parametrize(
    ("bend", "name", "words"), [case[1:] for case in BENT], ids=[case[0] for case in BENT]
)
def test_a_broken_promise_is_named_in_words(
    bent: tuple[Bent, Line], bend: Bend, name: str, words: str
) -> None:
    door, line = bent
    line.heard.clear()
    door.bend = bend
    if name in {"answers.html", "answers.fault", "answers.retry_after"}:
        line.run().get("/learners/me/hours")
        line.run().get("/nothing")
    result = try_one(line, BY_NAME[name])
    assert result.state == "broken", result
    assert words in result.english, result
    assert not result.chinese.isascii()


def test_nearly_every_promise_was_seen_broken() -> None:
    """The ones left out differ from a neighbour only in what they send."""
    seen = {name for _, _, name, _ in BENT}
    assert len(seen) >= 0.6 * len(PROMISES), set(BY_NAME) - seen


def _run(server: Server, folder: Path, *more: str) -> int:
    pem = folder / "platform.pem"
    from cryptography.hazmat.primitives.serialization import Encoding

    pem.write_bytes(server.certificate.public_bytes(Encoding.PEM))
    who = ("--learner", server.learner[0], "--learner-2", server.other[0])
    return main.main(["platform", "check", server.url, "--certificate", str(pem), *who, *more])


@pytest.fixture
def passwords(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANXUE_CONTRACT_PASSWORD", server.learner[1])
    monkeypatch.setenv("ANXUE_CONTRACT_PASSWORD_2", server.other[1])
    monkeypatch.setenv("ANXUE_CONTRACT_INSTITUTION_TOKEN", server.institution_token)


@pytest.mark.usefixtures("passwords")
def test_the_command_says_it_in_both_languages(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, tmp_path, "--only", "sessions.w") == 0
    told = capsys.readouterr().out
    assert "✓ sessions.wrong_password: 密码错误" in told
    assert "a wrong password and an unknown name look the same" in told
    assert "守约 · kept: 1" in told


@pytest.mark.usefixtures("passwords")
def test_the_command_says_it_for_machines(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, tmp_path, "--only", "public", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["name"], each["state"]) for each in told["promises"]] == [
        ("public.health", "kept"),
        ("public.policy", "kept"),
    ]


@pytest.mark.usefixtures("passwords")
def test_the_command_finds_what_is_wrong(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ANXUE_CONTRACT_PASSWORD", "not the password")
    assert _run(server, tmp_path, "--only", "sessions.grant") == 1
    told = capsys.readouterr().out
    assert "✗ sessions.grant" in told
    assert "→ 应答 200，得到 POST /v1/sessions: 401 wrong_password" in told
    assert "→ expected 200, got POST /v1/sessions: 401 wrong_password" in told
    assert "not the password" not in told


def test_nothing_can_be_tried_without_server_certificate_or_password(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("ANXUE_CONTRACT_P")]:
        monkeypatch.delenv(name)
    assert _run(server, tmp_path) == 2
    monkeypatch.setenv("ANXUE_CONTRACT_PASSWORD", "x")
    pem = str(tmp_path / "platform.pem")
    who = ("--learner", "x")
    nowhere = ["platform", "check", "http://127.0.0.1:9", "--certificate", pem, *who]
    assert main.main(nowhere) == 2
    (tmp_path / "bad.pem").write_text("no certificate")
    nowhere[4] = str(tmp_path / "bad.pem")
    assert main.main(nowhere) == 2


def test_the_list_needs_no_server(capsys: pytest.CaptureFixture[str]) -> None:
    told = ["platform", "check", "x", "--certificate", "x", "--learner", "x", "--list"]
    assert main.main([*told, "--language", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PROMISES)
    assert lines[0].isascii()
