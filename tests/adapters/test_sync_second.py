"""A platform at two addresses: sign-in tries both, records follow, nothing is lost or doubled."""

from collections.abc import Iterator

import pytest

from sync.adapters.gateway import HttpGateway
from sync.contract import RecordBatch
from sync.endpoints import FIRST_BACK_S, PROBE_GAP_S
from sync.ports import NonsenseError, RefusedError, ServerFaultError, UnreachableError
from sync.recorder import Recorder, wire
from tests.answering import HTML, PLATFORM, QUESTION, Reply, Server
from tests.sync_rig import moment, started

GONE = Reply(None)
HEALTH = {
    "status": "ok",
    "version": "1",
    "demo": True,
    "certificate_sha256": "5a" * 32,
    "now": "2026-11-24T08:00:00Z",
}


class Pair:
    """first, second: two servers of one platform. now_s: the client's clock."""

    def __init__(self) -> None:
        self.first, self.second, self.now_s = Server(), Server(), 0.0
        self.gateway = HttpGateway(
            self.first.url, second=self.second.url, timeouts_s=(2, 5), now_s=lambda: self.now_s
        )

    def sign_in(self) -> None:
        self.second.say(PLATFORM.session())
        self.gateway.sign_in(QUESTION)

    def close(self) -> None:
        self.gateway.close()
        self.first.close()
        self.second.close()


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = Pair()
    yield pair
    pair.close()


@pytest.mark.parametrize(
    "bent", [GONE, Reply(502, HTML), Reply(200, HTML), Reply(302, b"", {"Location": "http://x/"})]
)
def test_signing_in_tries_both(pair: Pair, bent: Reply) -> None:
    pair.first.reply = bent
    pair.sign_in()
    assert pair.second.asked[-1].path == "/v1/sessions"


def test_a_refusal_is_an_answer(pair: Pair) -> None:
    pair.first.say({"code": "wrong_password", "detail": "no"}, 401)
    with pytest.raises(RefusedError):
        pair.gateway.sign_in(QUESTION)
    assert pair.second.asked == [], "a wrong password is not tried twice"


def test_trouble_only_when_both_are_out_of_reach(pair: Pair) -> None:
    pair.first.reply = Reply(503, b"", {"Retry-After": "40"})
    pair.second.reply = GONE
    with pytest.raises(ServerFaultError) as fault:
        pair.gateway.courses()
    assert fault.value.retry_after_s == 40
    pair.first.reply = GONE
    with pytest.raises(UnreachableError):
        pair.gateway.courses()


def test_records_follow_with_the_same_token_and_bytes(pair: Pair) -> None:
    pair.first.reply = GONE
    pair.sign_in()
    recorder, record, _ = Recorder.begin(PLATFORM.accepted()).record(started(), moment(0))
    answer = PLATFORM.answer(recorder.state, 2)
    pair.second.say(answer)
    batch = RecordBatch(chain="c1", records=(wire(record),))
    assert pair.gateway.send_records(batch) == answer
    sent = pair.second.asked[-1]
    assert sent.headers["authorization"] == "Bearer t-1"
    assert {each.body for each in pair.first.asked if each.path == "/v1/records"} == {sent.body}


def test_left_after_two_failures_and_come_back_to_when_it_is_well(pair: Pair) -> None:
    courses: dict[str, object] = {"courses": []}
    pair.first.reply = GONE
    pair.second.say(courses)
    pair.gateway.courses()
    assert pair.gateway.preferred() == pair.first.url
    pair.gateway.courses()
    assert pair.gateway.preferred() == pair.second.url
    asked = len(pair.first.asked)
    pair.gateway.courses()
    assert len(pair.first.asked) == asked, "who is asked at the second waits for no time-out"
    pair.first.say(HEALTH)
    for at_s in (FIRST_BACK_S + 1, FIRST_BACK_S + PROBE_GAP_S + 2):
        pair.now_s = at_s
        pair.second.say(courses)
        if at_s > FIRST_BACK_S + PROBE_GAP_S:
            # Well for the second time: the question itself goes to the first, which says HEALTH.
            with pytest.raises(NonsenseError):
                pair.gateway.courses()
        else:
            pair.gateway.courses()
    assert pair.gateway.preferred() == pair.first.url
    probes = [each for each in pair.first.asked if each.path == "/v1/health"]
    assert len(probes) == 2
    assert all("authorization" not in each.headers for each in probes)


def test_the_policy_may_name_and_withdraw_it(pair: Pair) -> None:
    assert not pair.gateway.use_second("http://platform.invalid"), "never over an open line"
    assert pair.gateway.use_second("")
    pair.first.reply = GONE
    with pytest.raises(UnreachableError):
        pair.gateway.courses()
    assert pair.second.asked == []
    assert pair.gateway.use_second(pair.second.url)
    pair.second.say({"courses": []})
    assert pair.gateway.courses().courses == ()


def test_a_films_address_is_of_the_platform_that_gave_it(pair: Pair) -> None:
    pair.first.reply = GONE
    pair.second.say({"url": "/v1/media/x?sig=1", "expires_at": "2026-11-24T09:00:00Z"})
    assert pair.gateway.media_address("/v1/media/x").url == f"{pair.second.url}/v1/media/x?sig=1"
