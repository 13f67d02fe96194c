"""What the platform says is checked before it is used; the recorder writes what it is told."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from sync import chain, records, seal
from sync.contract import Policy, Receipt, RecordAnswer, Session
from sync.facts import PresenceChanged, SessionEnded
from sync.recorder import Recorder, wall_text, wire, wire_tick
from sync.session import MistrustError, accept_answer, accept_session
from tests.sync_rig import (
    BEACONS,
    FakePlatform,
    beacon,
    moment,
    plain_story,
    rsa_key,
    run_signer,
    started,
    story,
    time_text,
    watched,
)

PLATFORM = FakePlatform()
Change = Callable[[Session], Session]


def changed(**members: Any) -> Change:
    return lambda session: session.model_copy(update=members)


def granted(**members: Any) -> Change:
    return lambda _: PLATFORM.session(**members)


def test_a_session_is_accepted() -> None:
    session = PLATFORM.accepted()
    assert (session.grant.chain, session.learner.id) == ("c1", "learner-7")
    assert session.start.head == chain.genesis(session.grant_jws)
    assert session.beacons.index == 1
    assert "t-1" not in repr(session)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (granted(expires_at=time_text(0.5)), "grant"),
        (granted(issued_at=time_text(60)), "grant"),
        (granted(issued_at="soon"), "grant"),
        (granted(key_sha256="00" * 32), "grant"),
        (granted(learner="another"), "grant"),
        (granted(demo=False), "grant"),
        (granted(policy_sha256="00" * 32), "policy"),
        (granted(chain="c9"), "certificate"),
        (granted(seed_commitment="00" * 32), "beacon"),
        (changed(beacon=beacon(2).model_copy(update={"index": 1})), "beacon"),
        (changed(k0="AAAA"), "k0"),
        (changed(k0="AB"), "k0"),
        (changed(template="AAAA"), "template"),
        (changed(template="AB"), "template"),
        (changed(now="now"), "platform"),
        (changed(now=time_text(90 * 86_400)), "platform"),
        (changed(grant=PLATFORM.session().policy), "grant"),
        (changed(policy=PLATFORM.session().grant), "policy"),
        (changed(policy=seal.sign(Policy(idle_warning_s=99), "policy", PLATFORM.signer)), "policy"),
        (changed(certificate=PLATFORM.pem), "certificate"),
        (changed(certificate=PLATFORM.pem * 2), "certificate"),
        (changed(certificate=PLATFORM.pem * 3), "certificate"),
        (changed(certificate=""), "certificate"),
    ],
)
def test_a_session_is_refused(change: Change, code: str) -> None:
    answer = change(PLATFORM.session())
    with pytest.raises(MistrustError) as caught:
        accept_session(answer, PLATFORM.certificate, "demo", rsa_key(1).public_key())
    assert caught.value.code == code


def test_demo_keys_have_no_force_in_production() -> None:
    with pytest.raises(MistrustError) as caught:
        accept_session(
            PLATFORM.session(), PLATFORM.certificate, "production", rsa_key(1).public_key()
        )
    assert caught.value.demo
    real = FakePlatform(demo=False)
    with pytest.raises(MistrustError) as caught:
        accept_session(real.session(), real.certificate, "demo", rsa_key(1).public_key())
    assert caught.value.code == "platform"
    assert not caught.value.demo


def test_an_old_answer_cannot_be_played_again() -> None:
    with pytest.raises(MistrustError, match="another key"):
        accept_session(PLATFORM.session(), PLATFORM.certificate, "demo", rsa_key(2).public_key())


def recorded() -> tuple[Recorder, list[chain.Record]]:
    kept: list[chain.Record] = []
    return story(Recorder.begin(PLATFORM.accepted()), kept.append, plain_story()), kept


def heads(kept: list[chain.Record]) -> Callable[[int], bytes | None]:
    known = {record.seq: record.head for record in kept}
    return lambda seq: known.get(seq)


def test_an_answer_is_accepted() -> None:
    recorder, kept = recorded()
    answer = PLATFORM.answer(recorder.state, 3)
    accepted = accept_answer(answer, PLATFORM.certificate, "c1", heads(kept), recorder.beacons)
    assert (accepted.seq, accepted.head) == (kept[-1].seq, kept[-1].head)
    assert recorder.advance(accepted.beacons).beacons.index == 3
    late = chain.BeaconTrail(1, BEACONS[1])
    assert recorder.advance(accepted.beacons).advance(late).beacons.index == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: answer.model_copy(update={"acked": 1}),
        lambda answer: answer.model_copy(update={"receipt": PLATFORM.session().grant}),
    ],
)
def test_an_answer_that_contradicts_its_receipt(
    change: Callable[[RecordAnswer], RecordAnswer],
) -> None:
    recorder, kept = recorded()
    answer = change(PLATFORM.answer(recorder.state, 3))
    with pytest.raises(MistrustError):
        accept_answer(answer, PLATFORM.certificate, "c1", heads(kept), recorder.beacons)


def test_receipts_of_another_chain_head_or_beacon() -> None:
    recorder, kept = recorded()
    other = dataclasses.replace(recorder.state, chain="c2")
    forked = dataclasses.replace(recorder.state, head=b"\x01" * 32)
    ahead = dataclasses.replace(recorder.state, seq=99)
    for state in (other, forked, ahead):
        with pytest.raises(MistrustError):
            accept_answer(
                PLATFORM.answer(state, 3), PLATFORM.certificate, "c1", heads(kept), recorder.beacons
            )
    newest = recorder.beacons.advance(5, BEACONS[5].hex())
    with pytest.raises(MistrustError):
        accept_answer(
            PLATFORM.answer(recorder.state, 3), PLATFORM.certificate, "c1", heads(kept), newest
        )


def test_a_receipt_for_nothing_yet() -> None:
    recorder = Recorder.begin(PLATFORM.accepted())
    head = recorder.state.head
    accepted = accept_answer(
        PLATFORM.answer(recorder.state, 1),
        PLATFORM.certificate,
        "c1",
        lambda seq: head if seq == 0 else None,
        recorder.beacons,
    )
    assert accepted.seq == 0


def test_the_recorder_writes_what_the_platform_accepts() -> None:
    session = PLATFORM.accepted()
    recorder, kept = recorded()
    state = session.start
    for record in kept:
        state, _ = chain.accept(state, record.seq, record.body, record.mac)
    assert state == recorder.state
    statement = records.decode(kept[1].body)
    assert statement.context == records.Context(session.grant.home_page, "learner-7", "c1", 2)
    assert wire(kept[0]).body.encode() == kept[0].body


def test_a_tick_is_renewed_until_its_segment_is_closed() -> None:
    recorder = Recorder.begin(PLATFORM.accepted())
    recorder, _, tick = recorder.record(started(), moment(0))
    assert tick is None
    recorder, tick = recorder.tick(watched(0, 5, 10), moment(10))
    assert chain.accept_tick(recorder.state, tick.seq, tick.body, tick.mac) == tick
    assert records.decode(tick.body).context.seq == 2
    absent = PresenceChanged(lesson="confined-1", state="absent")
    recorder, record, tick = recorder.record(absent, moment(10.2))
    assert record.seq == 2
    assert tick is not None
    assert chain.accept_tick(recorder.state, 2, tick.body, tick.mac) == tick
    assert records.decode(tick.body).context.seq == 3
    assert wire_tick(tick).seq == 2
    # An earlier segment does not close it, its own does.
    earlier = watched(0, 1, 5)
    recorder, _, tick = recorder.record(earlier, moment(10.3))
    assert tick is not None
    closed, _, tick = recorder.record(watched(0, 5.4, 10.4), moment(10.4))
    assert tick is None
    assert closed.record(absent, moment(11))[2] is None
    assert recorder.record(SessionEnded(reason="learner"), moment(11))[2] is None
    assert recorder.drop_tick().record(absent, moment(11))[2] is None


def test_seals_cover_the_newest_record() -> None:
    recorder, kept = recorded()
    sealed = seal.read(
        recorder.seal(run_signer()), "seal", run_signer().certificate, type(recorder_seal())
    )
    assert sealed == recorder_seal()
    assert sealed.head == kept[-1].head.hex()
    with pytest.raises(ValueError, match="seq"):
        Recorder.begin(PLATFORM.accepted()).seal(run_signer())


def recorder_seal() -> Any:
    from sync.contract import Seal

    recorder, _ = recorded()
    return Seal(chain="c1", seq=recorder.state.seq, head=recorder.state.head.hex(), beacon=1)


def test_wall_text() -> None:
    assert wall_text(0) == "1970-01-01T00:00:00.000Z"
    assert wall_text(1_795_420_800_042) == "2026-11-23T08:00:00.042Z"


def test_a_receipt_is_a_message() -> None:
    answer = PLATFORM.answer(recorded()[0].state, 2)
    assert seal.read(answer.receipt, "receipt", PLATFORM.certificate, Receipt).seq == answer.acked
