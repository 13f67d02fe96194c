"""The HTTP client against servers that behave, and against all that do not."""

import gzip
import json
import random
import socket
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate

import pytest

from sync.adapters.gateway import MAX_ANSWER, HttpGateway
from sync.adapters.institution import Institution
from sync.contract import Appeal, IdentityQuestion, PaperAnswers, RecordBatch, SignIn
from sync.ports import (
    GatewayError,
    NonsenseError,
    PortalError,
    RefusedError,
    ServerFaultError,
    UnreachableError,
)
from sync.recorder import Recorder, wire
from tests.answering import HTML, PLATFORM, QUESTION, Reply, Server, signed_in
from tests.sync_rig import NOW_MS, moment, started


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def gateway(server: Server) -> Iterator[HttpGateway]:
    gateway = HttpGateway(server.url, timeouts_s=(2, 5), utc_s=lambda: NOW_MS / 1000 + 86_400)
    yield gateway
    gateway.close()


def test_signing_in(server: Server, gateway: HttpGateway) -> None:
    server.say(PLATFORM.session())
    assert gateway.clock_off_s() is None
    assert gateway.sign_in(QUESTION) == PLATFORM.session()
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/sessions")
    assert SignIn.model_validate_json(asked.body) == QUESTION
    assert gateway.clock_off_s() == 86_400


def test_records_go_packed_and_with_the_token(server: Server, gateway: HttpGateway) -> None:
    signed_in(server, gateway)
    recorder, record, _ = Recorder.begin(PLATFORM.accepted()).record(started(), moment(0))
    answer = PLATFORM.answer(recorder.state, 2)
    server.say(answer)
    batch = RecordBatch(chain="c1", records=(wire(record),))
    assert gateway.send_records(batch) == answer
    asked = server.asked[-1]
    assert asked.headers["content-encoding"] == "gzip"
    assert asked.headers["authorization"] == "Bearer t-1"
    told = gzip.decompress(asked.body)
    assert RecordBatch.model_validate_json(told) == batch
    assert set(json.loads(told)) == {"chain", "records"}, "what is at its default is not said"


def test_a_heartbeat_carries_no_header_that_nobody_reads(
    server: Server, gateway: HttpGateway
) -> None:
    signed_in(server, gateway)
    server.say({})
    with pytest.raises(NonsenseError):
        gateway.send_records(RecordBatch(chain="c1", records=()))
    told = {name.lower() for name in server.asked[-1].headers}
    assert told == {
        *("host", "user-agent", "accept-encoding", "authorization"),
        *("content-type", "content-encoding", "content-length"),
    }


def test_the_other_questions_have_their_paths(server: Server, gateway: HttpGateway) -> None:
    signed_in(server, gateway)
    server.say({})
    answers = PaperAnswers(answers={})
    questions: list[tuple[Callable[[], object], str]] = [
        (lambda: gateway.chain("c1"), "GET /v1/chains/c1"),
        (
            lambda: gateway.identify(IdentityQuestion(chain="c1", embedding="AAAA")),
            "POST /v1/identity",
        ),
        (gateway.courses, "GET /v1/courses"),
        (gateway.hours, "GET /v1/learners/me/hours"),
        (lambda: gateway.paper("confined-1"), "POST /v1/papers"),
        (
            lambda: gateway.answer_paper("p1", answers),
            "POST /v1/papers/p1/answers",
        ),
        (gateway.health, "GET /v1/health"),
        (gateway.evidence, "GET /v1/learners/me/evidence"),
        (lambda: gateway.appeal(Appeal(chain="c1")), "POST /v1/appeals"),
        (lambda: gateway.put_evidence("5a" * 32, b"a.b.c.d.e"), f"PUT /v1/evidence/{'5a' * 32}"),
    ]
    for ask, expected in questions:
        with pytest.raises(NonsenseError):
            ask()
        asked = server.asked[-1]
        assert f"{asked.method} {asked.path}" == expected
    server.say({"courses": []})
    assert gateway.courses().courses == ()


def test_a_picture_goes_as_it_is_and_its_receipt_is_for_it(
    server: Server, gateway: HttpGateway
) -> None:
    signed_in(server, gateway)
    receipt = {"sha256": "5a" * 32, "received_at": "now", "kept_until": "later"}
    server.say(receipt)
    assert gateway.put_evidence("5a" * 32, b"a.b.c.d.e").kept_until == "later"
    asked = server.asked[-1]
    assert (asked.body, asked.headers["content-type"]) == (b"a.b.c.d.e", "application/jose")
    assert asked.headers["authorization"] == "Bearer t-1"
    with pytest.raises(NonsenseError):
        gateway.put_evidence("6b" * 32, b"a.b.c.d.e")


def test_the_institution_enrols_with_its_own_token(server: Server) -> None:
    server.reply = Reply(204, b"")
    institution = Institution(server.url, "secret", timeouts_s=(2, 5))
    institution.enrol("learner-7", bytes(512))
    asked = server.asked[-1]
    assert f"{asked.method} {asked.path}" == "PUT /v1/institution/learners/learner-7/template"
    assert asked.headers["authorization"] == "Bearer secret"
    server.say({"code": "not_found", "detail": "nobody"}, 404)
    with pytest.raises(RefusedError) as caught:
        institution.enrol("learner-8", bytes(512))
    assert caught.value.code == "not_found"
    with pytest.raises(ValueError, match="https"):
        Institution("http://platform.invalid", "secret")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(200, HTML, {"Content-Type": "text/html"}), PortalError),
        (Reply(200, HTML), PortalError),
        (Reply(511, HTML), PortalError),
        (Reply(200, b""), NonsenseError),
        (Reply(200, b"{}"), NonsenseError),
        (Reply(200, b"[]"), NonsenseError),
        (Reply(200, b'{"token":"a","token":"b"}'), NonsenseError),
        (Reply(200, b"[" * 100_000), NonsenseError),
        (Reply(200, b" " * (MAX_ANSWER + 1)), NonsenseError),
        (Reply(200, b"no gzip", {"Content-Encoding": "gzip"}), NonsenseError),
        (Reply(204, b""), NonsenseError),
        (Reply(302, b"", {"Location": "http://portal.invalid/"}), PortalError),
        (Reply(200, b'5\r\n{"cou', {"Transfer-Encoding": "chunked"}), UnreachableError),
        (Reply(404, HTML), NonsenseError),
        (Reply(401, HTML), NonsenseError),
        (Reply(418, b'{"code":"teapot","detail":""}'), NonsenseError),
        (Reply(500, HTML), ServerFaultError),
        (Reply(502, b""), ServerFaultError),
        (Reply(503, b'{"code":"unavailable","detail":"later"}'), ServerFaultError),
        (Reply(429, b""), ServerFaultError),
        (Reply(408, b""), ServerFaultError),
        (Reply(413, HTML), RefusedError),
        (Reply(401, b'{"code":"wrong_password","detail":"no"}'), RefusedError),
        (Reply(None), UnreachableError),
        (Reply(200, b"{}", {"Content-Length": "100"}), UnreachableError),
    ],
)
def test_what_is_no_answer(
    server: Server, gateway: HttpGateway, reply: Reply, error: type[GatewayError]
) -> None:
    server.reply = reply
    with pytest.raises(error) as caught:
        gateway.sign_in(QUESTION)
    assert "anxue" not in str(caught.value)
    assert "演示" not in str(caught.value)


def test_refusals_carry_what_the_platform_said(server: Server, gateway: HttpGateway) -> None:
    server.say({"code": "gap", "detail": "expected record 4", "seq": 3}, 409)
    with pytest.raises(RefusedError) as refused:
        gateway.send_records(RecordBatch(chain="c1", records=()))
    assert (refused.value.code, refused.value.seq) == ("gap", 3)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("-5", 0),
        ("soon", 0),
        ("99999999", 3600),
        ("9" * 5000, 3600),
        (formatdate(NOW_MS / 1000 + 90, usegmt=True), 90),
        (formatdate(NOW_MS / 1000 - 90, usegmt=True), 0),
        (formatdate(NOW_MS / 1000 + 10**9, usegmt=True), 3600),
        ("Mon, 99 Nov 2026 00:00:00 GMT", 0),
        ("Mon, 23 Nov 99999999999999 00:00:00 GMT", 0),
    ],
)
def test_retry_after(server: Server, gateway: HttpGateway, header: str, seconds: float) -> None:
    server.reply = Reply(503, b"", {"Retry-After": header})
    with pytest.raises(ServerFaultError) as fault:
        gateway.courses()
    assert (fault.value.status, fault.value.retry_after_s) == (503, seconds)


def test_a_connection_that_ran_out_is_made_anew(server: Server, gateway: HttpGateway) -> None:
    server.say({"courses": []})
    server.reply.stale = True
    assert gateway.courses().courses == ()
    assert len(server.asked) == 2
    # Signing in twice would take over the run that the first one began.
    server.reply.stale = True
    with pytest.raises(UnreachableError):
        gateway.sign_in(QUESTION)
    assert len(server.asked) == 3


def test_a_platform_that_does_not_answer(server: Server) -> None:
    server.reply = Reply(pause=True)
    gateway = HttpGateway(server.url, timeouts_s=(1, 0.1))
    with pytest.raises(UnreachableError, match="ReadTimeout"):
        gateway.courses()
    gateway.close()


@pytest.mark.parametrize("coding", ["identity", "gzip", "chunked"])
def test_an_answer_that_comes_byte_by_byte_ends(server: Server, coding: str) -> None:
    """Each byte is within the limit of a read; the learner's records would wait for ever."""
    body, headers = b'{"courses":[]}' + b" " * 4000, {"Content-Encoding": coding}
    if coding == "gzip":
        body = gzip.compress(random.Random(1).randbytes(4000))
    if coding == "chunked":
        body = b"1\r\n \r\n" * 4000
        headers = {"Transfer-Encoding": "chunked", "Content-Length": ""}
    server.reply = Reply(200, body, headers, drip_s=0.02)
    gateway = HttpGateway(server.url, timeouts_s=(1, 0.15))
    begun_s = time.monotonic()
    with pytest.raises(UnreachableError, match="does not end"):
        gateway.sign_in(QUESTION)
    assert time.monotonic() - begun_s < 5
    gateway.close()


def test_half_an_answer_is_none(server: Server, gateway: HttpGateway) -> None:
    whole = gzip.compress(b'{"courses":[]}')
    for body, headers in (
        (b'{"courses":[]}', {"Content-Length": "900"}),
        (whole[:-9], {"Content-Length": str(len(whole)), "Content-Encoding": "gzip"}),
        (b"e\r\n" + b'{"cour', {"Transfer-Encoding": "chunked", "Content-Length": ""}),
    ):
        server.reply = Reply(200, body, headers)
        with pytest.raises(UnreachableError):
            gateway.courses()
    server.reply = Reply(200, whole[:-14], {"Content-Encoding": "gzip"})
    with pytest.raises(NonsenseError):
        gateway.courses()
    server.reply = Reply(200, whole, {"Content-Encoding": "gzip"})
    assert gateway.courses().courses == ()


def test_a_platform_that_is_not_there() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gateway = HttpGateway(f"http://127.0.0.1:{port}", timeouts_s=(1, 1))
    with pytest.raises(UnreachableError, match="ConnectionError"):
        gateway.courses()
    gateway.close()


def test_a_line_that_is_not_tls(server: Server) -> None:
    gateway = HttpGateway(server.url.replace("http:", "https:"), timeouts_s=(1, 1))
    with pytest.raises(UnreachableError):
        gateway.courses()
    gateway.close()


@pytest.mark.parametrize(
    "url",
    [
        *("http://platform.invalid", "ftp://platform.invalid", "platform.invalid", ""),
        *("https://platform.invalid:99999", "https://platform.invalid:x", "https://a:0"),
    ],
)
def test_records_never_go_over_an_open_line(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        HttpGateway(url)


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Mon, 99 Nov 2026 00:00:00 GMT",
        "Mon, 99999999999999999999 Nov 2026 00:00:00 GMT",
        "Mon, 23 Nov 99999999999999 00:00:00 GMT",
        "Mon, 23 Nov 2026 00:00:00 +99999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ],
)
def test_an_answer_without_a_readable_date(server: Server, gateway: HttpGateway, date: str) -> None:
    server.say({"courses": []}, Date=date)
    gateway.courses()
    assert gateway.clock_off_s() is None
