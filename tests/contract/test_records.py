"""Records: taken in order, whole, once, and only if everything about them is right."""

import gzip
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sync import chain as links
from sync import seal
from sync.contract import ChainState, IdentityAnswer, LessonCredit, RecordAnswer
from sync.facts import (
    ConsentGiven,
    Fact,
    ModeSwitched,
    Paused,
    PictureQuality,
    SessionStarted,
)
from sync.session import accept_answer
from tests.contract.conftest import Server, SignIn
from tests.contract.learner import Run, body, good, problem

STARTED = SessionStarted(client_version="0.1.0", system="a test", camera="none")
CONSENT = ConsentGiven(version="2026-11", language="zh_CN")


def write(run: Run, *facts: Fact) -> None:
    for fact in facts or (STARTED, CONSENT, CONSENT):
        run.state(fact)


def kept(run: Run) -> ChainState:
    return good(run.get(f"/chains/{run.chain}"), ChainState)


def test_a_whole_session_is_kept_and_counted(server: Server, run: Run, lesson: str) -> None:
    answer = good(run.post("/identity", {"chain": run.chain, "embedding": run.session.template}),
                  IdentityAnswer)  # fmt: skip
    assert answer.answer == "same"
    before = good(run.get(f"/learners/me/credit/{lesson}"), LessonCredit)
    at = before.resume_s
    run.begin(lesson, position_s=at, duration_s=before.duration_s)
    run.plan("check-1", lesson, after_s=300, left_s=before.duration_s - at)
    run.send(run.batch())
    tick = run.open_tick(run.watched(lesson, at, at + 0.1))
    run.send(run.batch(len(run.records) + 1, sealed=False, tick=tick))
    run.clock_ns -= 100_000_000
    run.state(run.watched(lesson, at, at + 0.2))
    run.ask("check-1", lesson, at + 0.2)
    run.attempt("check-1", lesson)
    run.end(lesson, at + 0.2)
    trail = run.pen.beacons
    last = run.send(run.batch(5, close=True))

    def head_at(seq: int) -> bytes:
        return run.records[seq - 1].head

    accepted = accept_answer(last, server.certificate, run.chain, head_at, trail)
    assert accepted.seq == len(run.records)
    (counted,) = (credit for credit in last.credit if credit.lesson == lesson)
    assert counted.credited_s == pytest.approx(before.credited_s + 0.2, abs=1e-6)
    assert counted.provisional_s == before.provisional_s
    assert good(run.get(f"/learners/me/credit/{lesson}"), LessonCredit) == counted
    assert kept(run).closed


def test_how_it_looked_and_how_fast_is_kept_and_earns_nothing(run: Run, lesson: str) -> None:
    before = good(run.get(f"/learners/me/credit/{lesson}"), LessonCredit)
    run.begin(lesson)
    switched = ModeSwitched(
        lesson=lesson, position_us=0, old="high", new="fluent", gap_us=0, automatic=True
    )
    measured = PictureQuality(
        lesson=lesson, mode="fluent", frames=250, dropped=3, late=1, stalls=1, stalled_ms=800,
        unseen_ms=0, sound="muted", sound_offset_ms=-20, bits_per_second=2_000_000,
    )  # fmt: skip
    fast = replace(run.watched(lesson, 5.0, 5.2), rate=2.0)
    covered = Paused(lesson=lesson, position_us=5_200_000, reason="covered")
    write(run, switched, fast, covered, measured)
    run.end(lesson, 5.2)
    run.send(run.batch(close=True))
    assert kept(run).seq == len(run.records)
    after = good(run.get(f"/learners/me/credit/{lesson}"), LessonCredit)
    assert (after.credited_s, after.provisional_s) == (before.credited_s, before.provisional_s)
    assert after.resume_s == before.resume_s


def test_what_comes_again_changes_nothing(run: Run, lesson: str) -> None:
    run.begin(lesson)
    run.state(run.watched(lesson, 5.0, 5.1))
    first = run.send(run.batch())
    head = run.receipt(first).head
    for _ in range(3):
        again = run.send(run.batch())
        assert (again.acked, again.credit) == (first.acked, first.credit)
        assert run.receipt(again).head == head
    # Half of it old, half of it new: an answer was lost, and the learner went on.
    run.end(lesson, 5.1)
    assert run.send(run.batch(2)).acked == len(run.records)
    assert run.send(run.batch(1, 2)).acked == len(run.records)


def test_a_gap_is_answered_with_what_the_platform_has(run: Run) -> None:
    write(run)
    assert problem(run.post("/records", run.batch(2)), 409, "gap").seq == 0
    run.send(run.batch(1, 1))
    assert problem(run.post("/records", run.batch(3)), 409, "gap").seq == 1
    assert run.send(run.batch(2)).acked == 3


def test_records_of_a_batch_follow_one_another(run: Run) -> None:
    write(run)
    batch = body(run.batch())
    for order in ([0, 2], [1, 0, 2], [0, 0, 1], [0, 1, 1]):
        bent = {**batch, "seal": None, "records": [batch["records"][place] for place in order]}
        problem(run.post("/records", bent), 422, "invalid")
    assert kept(run).seq == 0


def test_a_second_history_closes_the_chain_for_review(run: Run) -> None:
    write(run)
    early = run.pen
    run.send(run.batch())
    # The holder of the key rewrites record 3: everything about it is right but its past.
    start = run.accepted.start
    for record in run.records[:2]:
        start, _ = links.append(start, record.body)
    run.pen = type(early)(early.home_page, early.learner, start, early.beacons)
    other = run.state(STARTED)
    assert other.seq == 3
    forged = {"chain": run.chain, "records": [body(run.wire(4)[0])]}
    assert problem(run.post("/records", forged), 409, "fork").seq == 3
    assert kept(run).closed
    problem(run.post("/records", run.batch(1, 3)), 409, "fork")


def test_another_text_without_the_key_is_no_second_history(run: Run) -> None:
    write(run)
    run.send(run.batch())
    batch = body(run.batch())
    batch["records"][1]["mac"] = seal.to_base64url(bytes(32))
    problem(run.post("/records", batch), 422, "bad_mac")
    assert not kept(run).closed


@pytest.mark.parametrize("what", ["mac", "body", "seal", "foreign seal", "seal over nothing"])
def test_nothing_of_a_tampered_batch_is_kept(run: Run, learner: SignIn, what: str) -> None:
    write(run)
    batch = body(run.batch())
    code = "bad_seal"
    match what:
        case "mac":
            mac = bytearray(seal.from_base64url(batch["records"][2]["mac"]))
            mac[7] ^= 1
            batch["records"][2]["mac"] = seal.to_base64url(bytes(mac))
            code = "bad_mac"
        case "body":
            batch["records"][1]["body"] = batch["records"][1]["body"].replace("zh_CN", "en")
            code = "bad_mac"
        case "seal":
            batch["seal"] = batch["seal"][:-8] + "AAAAAAAA"
        case "foreign seal":
            later = learner()
            batch["seal"] = run.pen.seal(later.signer)
            run.session = later.session  # the newest token speaks for the earlier run
        case _:
            batch["records"] = batch["records"][:2]
    problem(run.post("/records", batch), 422, code)
    assert kept(run).seq == 0


def test_a_closed_chain_takes_nothing_more(run: Run) -> None:
    write(run)
    run.send(run.batch(close=True))
    run.send(run.batch(close=True))
    run.state(CONSENT)
    assert problem(run.post("/records", run.batch(4)), 409, "closed").seq == 3


@pytest.mark.parametrize(
    "text", ["13812345678", "+86 138 1234 5678", "li@example.com", "weixin:abc", "tel:0755"]
)
def test_contact_data_is_refused(run: Run, text: str) -> None:
    write(run, SessionStarted(client_version="0.1.0", system=f"PC {text}", camera="none"))
    told = problem(run.post("/records", run.batch()), 422, "invalid")
    assert text not in told.detail
    assert kept(run).seq == 0


def test_words_that_announce_contact_data_are_refused_too(run: Run) -> None:
    write(run, ConsentGiven(version="微信 abc", language="zh_CN"))
    problem(run.post("/records", run.batch()), 422, "invalid")


def test_a_camera_may_be_named_after_what_it_was_made_for(run: Run) -> None:
    """Refused, its owner could not study at all: the name comes with every sign-in."""
    write(run, SessionStarted(client_version="0.1.0", system="PC", camera="视频会议电话摄像头"))
    assert run.post("/records", run.batch()).status_code == 200


def test_long_numbers_are_not_telephone_numbers(run: Run) -> None:
    run.clock_ns = 13_812_345_678
    write(run, STARTED, run.watched("first", 1.0, 1.1))
    assert run.send(run.batch()).acked == 2


@pytest.mark.parametrize("claim", ["later beacon", "another learner", "another chain", "words"])
def test_a_record_states_its_own_run_and_time(run: Run, claim: str) -> None:
    write(run, STARTED)
    pen = run.pen
    match claim:
        case "later beacon":
            trail = links.BeaconTrail(pen.beacons.index + 1, bytes(32))
            run.pen = type(pen)(pen.home_page, pen.learner, pen.state, trail)
            run.state(CONSENT)
        case "another learner":
            run.pen = type(pen)(pen.home_page, "somebody", pen.state, pen.beacons)
            run.state(CONSENT)
        case "another chain":
            foreign = links.ChainState("c0", pen.state.seq, pen.state.head, pen.state.key)
            run.pen = type(pen)(pen.home_page, pen.learner, foreign, pen.beacons)
            text = run.state(CONSENT).body
            run.records.pop()
            _, record = links.append(pen.state, text)
            run.records.append(record)
        case _:
            _, record = links.append(pen.state, b'{"verb":"watched"}')
            run.records.append(record)
    problem(run.post("/records", {**body(run.batch(sealed=False))}), 422, "invalid")
    assert kept(run).seq == 0


def test_a_tick_stands_behind_the_newest_record(run: Run, lesson: str) -> None:
    run.begin(lesson)
    run.send(run.batch())
    tick = run.open_tick(run.watched(lesson, 20.0, 20.1))
    batch = body(run.batch(4, sealed=False, tick=tick))
    assert good(run.post("/records", batch), RecordAnswer).acked == 3
    assert good(run.post("/records", batch), RecordAnswer).acked == 3
    for name, value, status, code in (
        ("mac", seal.to_base64url(bytes(32)), 422, "bad_mac"),
        ("body", tick.body.replace("fluent", "high"), 422, "bad_mac"),
        ("seq", 4, 409, "gap"),
    ):
        bent = {**batch, "tick": {**batch["tick"], name: value}}
        problem(run.post("/records", bent), status, code)
    run.state(run.watched(lesson, 20.1, 20.2))
    run.send(run.batch(4))
    assert good(run.post("/records", batch), RecordAnswer).acked == 4, "an old tick comes late"


def test_a_tick_states_only_what_was_watched(run: Run) -> None:
    write(run)
    moment = run.pen.moment(run.clock_ns, 1_790_000_000_000)
    _, record, _ = run.pen.record(CONSENT, moment)
    mac = links.tick_mac(run.pen.state, record.body)
    tick = {"seq": 3, "body": record.body.decode(), "mac": seal.to_base64url(mac)}
    problem(run.post("/records", {**body(run.batch()), "tick": tick}), 422, "invalid")
    assert kept(run).seq == 0


def test_beacons_hash_back_to_the_grant(run: Run) -> None:
    # `send` advances the trail, which checks each beacon against the one before.
    for _ in range(3):
        write(run, CONSENT)
        run.send(run.batch(len(run.records)))
    assert run.pen.beacons.index >= run.session.beacon.index


def _packed(run: Run, content: bytes, encoding: str = "gzip") -> httpx.Response:
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding, **run.headers}
    return run.http.post("/records", content=content, headers=headers)


def test_bodies_may_be_packed(run: Run) -> None:
    write(run)
    plain = run.batch().model_dump_json().encode()
    assert good(_packed(run, gzip.compress(plain)), RecordAnswer).acked == 3
    problem(_packed(run, gzip.compress(plain)[:-9]), 422, "invalid")
    problem(_packed(run, gzip.compress(plain) + b"more"), 422, "invalid")
    problem(_packed(run, plain), 422, "invalid")
    problem(_packed(run, plain, "br"), 415, "invalid")
    problem(_packed(run, gzip.compress(bytes(50_000_000))), 413, "too_large")


def test_too_much_is_refused(run: Run) -> None:
    problem(_packed(run, b" " * 5_000_000, "identity"), 413, "too_large")
    write(run)
    record = body(run.batch())["records"][0]
    many = {"chain": run.chain, "records": [{**record, "seq": seq} for seq in range(1, 202)]}
    problem(run.post("/records", many), 422, "invalid")
    large = {"chain": run.chain, "records": [{**record, "body": "x" * 16_385}]}
    problem(run.post("/records", large), 422, "invalid")


@pytest.mark.parametrize(
    "bend",
    [
        {"extra": 1},
        {"chain": "../etc"},
        {"records": None},
        {"seal": "a.b"},
        {"tick": {"seq": -1, "body": "", "mac": "AA"}},
        {"records": [{"seq": 1, "body": "\ud800", "mac": "AA"}]},
        {"records": [{"seq": 1, "body": "{}", "mac": "A"}]},
    ],
)
def test_what_is_no_batch_is_refused(run: Run, bend: dict[str, Any]) -> None:
    text = json.dumps({"chain": run.chain, "records": [], **bend})
    problem(_packed(run, text.encode(), "identity"), 422, "invalid")
