"""The examination of a bundle: whatever is changed is found, and found where it stands."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from sync import bundle, chain, strictjson, trust
from sync.bundle import BundledChain, BundledRecord, Signed
from sync.facts import ConsentGiven, PresenceChanged, SessionEnded
from sync.findings import WORDS, Findings
from sync.recorder import Recorder
from sync.verify import verify
from tests.sync_rig import (
    BEACONS,
    FakePlatform,
    moment,
    plain_story,
    run_signer,
    started,
    story,
)

PLATFORM = FakePlatform()
CONSENT = ConsentGiven(version="1", language="zh_CN")


def run_of(name: str, previous: tuple[str, str] | None = None) -> BundledChain:
    """A run with three flushes, each sealed and receipted."""
    session = PLATFORM.accepted(name)
    recorder = Recorder.begin(session)
    kept: list[chain.Record] = []
    seals, receipts = [], []
    facts = [(started(previous), 0.0), *plain_story(6)[1:]]
    for number, part in enumerate((facts[:2], facts[2:5], facts[5:]), start=1):
        recorder = story(recorder, kept.append, part)
        seals.append(Signed(recorder.state.seq, recorder.seal(run_signer(name))))
        answer = PLATFORM.answer(recorder.state, 2 * number, 30.0 * number)
        receipts.append(Signed(recorder.state.seq, answer.receipt))
        recorder = recorder.advance(recorder.beacons.advance(2 * number, BEACONS[2 * number].hex()))
    return bundled(name, kept, seals, receipts)


def bundled(
    name: str, kept: list[chain.Record], seals: list[Signed], receipts: list[Signed]
) -> BundledChain:
    session = PLATFORM.accepted(name)
    return BundledChain(
        chain=name,
        grant=session.grant_jws,
        policy=session.policy_jws,
        certificate=trust.to_pem(session.certificate),
        beacon_index=1,
        beacon_value=BEACONS[1].hex(),
        records=tuple(BundledRecord(r.seq, r.head, r.body) for r in kept),
        seals=tuple(seals),
        receipts=tuple(receipts),
    )


@cache
def two_runs() -> tuple[BundledChain, BundledChain]:
    first = run_of("c1")
    return first, run_of("c2", ("c1", first.records[-1].head.hex()))


@cache
def good() -> bytes:
    return bundle.write(two_runs())


@cache
def small() -> bytes:
    """One run of few records, with a line of every kind."""
    run = two_runs()[0]
    return bundle.write(
        [replace(run, records=run.records[:2], seals=run.seals[:1], receipts=run.receipts[:1])]
    )


def examine(data: bytes) -> Findings:
    return verify(data, PLATFORM.pem)


def codes(found: Findings) -> set[str]:
    return {fault.code for fault in found.faults}


def test_a_whole_bundle() -> None:
    found = examine(good())
    assert found.ok, found.explain("en")
    assert [(run.chain, run.records, run.confirmed) for run in found.chains] == [
        ("c1", 9, 9),
        ("c2", 9, 9),
    ]
    assert {note.code for note in found.findings} == {"demo"}
    assert bundle.write(two_runs()) == good()


def line_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def test_no_byte_can_be_changed() -> None:
    """2,100 random bytes, each changed in a random way: found, on its own line."""
    drawn = random.Random(20261123)
    for number in range(2100):
        data = small() if number % 21 else good()
        place = drawn.randrange(len(data))
        changed = bytearray(data)
        changed[place] ^= drawn.randrange(1, 256)
        found = examine(bytes(changed))
        assert not found.ok, f"byte {place} was changed unseen"
        where = {fault.line for fault in found.faults}
        assert line_of(data, place) in where, f"byte {place}: {found.explain('en')}"


def test_no_byte_can_be_put_in_or_taken_out() -> None:
    drawn = random.Random(7)
    data = small()
    for _ in range(150):
        place = drawn.randrange(len(data))
        longer = data[:place] + bytes([drawn.randrange(256)]) + data[place:]
        shorter = data[:place] + data[place + 1 :]
        cut_off = data[:place]
        for changed in (longer, shorter, cut_off):
            assert not examine(changed).ok


def recounted(lines: list[bytes]) -> bytes:
    """A forger's bundle: counts and the end's digest put right again."""
    fixed: list[bytes] = []
    counts: dict[str, int] = {}
    for line in lines[:-1]:
        value = json.loads(line)
        kind = value["type"]
        if kind == "chain":
            counts = {"record": 0, "seal": 0, "receipt": 0}
        elif kind in counts:
            counts[kind] += 1
        elif kind == "chain-end":
            value |= {f"{name}s": number for name, number in counts.items()}
        fixed.append(strictjson.dumps(value))
    body = b"".join(line + b"\n" for line in fixed)
    return body + bundle.end_line(len(fixed), body) + b"\n"


def places(kind: str) -> list[int]:
    lines = good().splitlines()
    return [n for n, line in enumerate(lines) if json.loads(line)["type"] == kind]


@pytest.mark.parametrize("deed", ["delete", "repeat", "swap", "move to the other run"])
def test_records_cannot_be_moved(deed: str) -> None:
    for place in places("record")[:-1]:
        lines = good().splitlines()
        match deed:
            case "delete":
                del lines[place]
            case "repeat":
                lines.insert(place, lines[place])
            case "swap":
                other = next(n for n in places("record") if n > place)
                lines[place], lines[other] = lines[other], lines[place]
            case "move to the other run":
                lines.insert(places("record")[-1], lines.pop(place))
        for forged in (recounted(lines), b"\n".join(lines) + b"\n"):
            found = examine(forged)
            assert {"sequence", "hash", "seal"} & codes(found), found.explain("en")
            assert any(abs(fault.line - place - 1) <= 4 for fault in found.faults) or deed == (
                "move to the other run"
            )


def forged(change: Callable[[dict[str, Any]], Any], kind: str, which: int = 0) -> Findings:
    lines = good().splitlines()
    place = places(kind)[which]
    value = json.loads(lines[place])
    change(value)
    lines[place] = strictjson.dumps(value)
    return examine(recounted(lines))


def test_a_forger_without_keys_gets_nowhere() -> None:
    """A body is changed and every hash after it recomputed."""
    first, second = two_runs()
    records = list(first.records)
    head = records[3].head
    for place in range(4, len(records)):
        body = records[place].body.replace(b"modes", b"modes")
        if place == 4:
            body = body.replace(b'time-to":', b'time-to":9')
        head = chain.link("c1", place + 1, head, body)
        records[place] = BundledRecord(place + 1, head, body)
    found = examine(bundle.write([replace(first, records=tuple(records)), second]))
    assert {"seal", "receipt"} <= codes(found)
    assert "previous" in codes(found)


def other_beacon(value: dict[str, Any]) -> None:
    value["beacon"]["value"] = "00" * 32


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        (lambda v: v.update(chain="c7"), "chain", "grant"),
        (lambda v: v.update(grant=v["policy"]), "chain", "grant"),
        (lambda v: v.update(policy=v["grant"]), "chain", "policy"),
        (lambda v: v.update(certificate=PLATFORM.pem), "chain", "certificate"),
        (lambda v: v.update(certificate="x"), "chain", "certificate"),
        (other_beacon, "chain", "beacon"),
        (lambda v: v.update(beacon=None), "chain", "beacon"),
        (lambda v: v.update(extra=1), "chain", "structure"),
        (lambda v: v.update(type="chian"), "chain", "structure"),
        (lambda v: v.update(seq="1"), "record", "structure"),
        (lambda v: v.update(head="00"), "record", "structure"),
        (lambda v: v.update(head=v["head"].upper()), "record", "structure"),
        (lambda v: v.update(body=v["body"] + " "), "record", "hash"),
        (lambda v: v.update(jws="a.b.c"), "seal", "seal"),
        (lambda v: v.update(jws="a.b.c"), "receipt", "receipt"),
        (lambda v: v.update(version=2), "anxue-bundle", "structure"),
        (lambda v: v.update(chains=3), "anxue-bundle", "structure"),
    ],
)
def test_lines_are_checked(change: Callable[[Any], Any], kind: str, code: str) -> None:
    found = forged(change, kind)
    assert code in codes(found), found.explain("en")


def test_signed_texts_cannot_change_places() -> None:
    lines = good().splitlines()
    for kind in ("seal", "receipt"):
        first, second = places(kind)[:2]
        moved = list(lines)
        moved[first], moved[second] = moved[second], moved[first]
        assert kind in codes(examine(recounted(moved)))
    lines[places("chain")[0]] = lines[places("chain")[1]]
    assert not examine(recounted(lines)).ok


def test_another_platforms_certificate_proves_nothing() -> None:
    other = FakePlatform(demo=False)
    found = verify(good(), other.pem)
    assert not found.ok
    assert "grant" in codes(found)
    assert {"anchor"} <= codes(verify(good(), "no certificate"))
    assert {"anchor"} <= codes(verify(good(), "é"))


def test_every_record_must_be_confirmed() -> None:
    run = run_of("c1")
    found = examine(bundle.write([replace(run, receipts=run.receipts[:-1])]))
    assert codes(found) == {"unconfirmed"}
    (fault,) = found.faults
    assert fault.detail == "4"
    assert "4" in fault.words("zh_CN")
    none = examine(bundle.write([replace(run, receipts=())]))
    assert {"unconfirmed", "unrevealed"} == codes(none)


def test_a_tail_that_was_cut_off_shows_in_the_next_run() -> None:
    first, second = two_runs()
    shorter = replace(
        first, records=first.records[:5], seals=first.seals[:2], receipts=first.receipts[:2]
    )
    assert codes(examine(bundle.write([shorter, second]))) == {"previous"}
    alone = examine(bundle.write([shorter]))
    assert alone.ok
    assert {note.code for note in alone.findings} == {"demo", "no_end"}
    assert {note.code for note in examine(bundle.write([second])).findings} == {
        "demo",
        "previous_absent",
    }


def test_a_crashs_tail_has_no_seal_and_is_confirmed_all_the_same() -> None:
    run = run_of("c1")
    found = examine(bundle.write([replace(run, seals=run.seals[:-1])]))
    assert found.ok
    assert "unsealed" in {note.code for note in found.findings}


def bad_run(facts: list[tuple[Any, float]], head: bytes | None = None) -> Findings:
    """A run of facts that a platform should not have taken."""
    recorder = Recorder.begin(PLATFORM.accepted())
    kept: list[chain.Record] = []
    recorder = story(recorder, kept.append, facts)
    receipt = PLATFORM.answer(replace(recorder.state, head=head or recorder.state.head), 2)
    return examine(
        bundle.write([bundled("c1", kept, [], [Signed(recorder.state.seq, receipt.receipt)])])
    )


def test_the_clock_does_not_run_backwards() -> None:
    absent = PresenceChanged(lesson="confined-1", state="absent")
    assert codes(bad_run([(absent, 50.0), (absent, 40.0)])) == {"clock"}
    assert bad_run([(absent, 50.0), (absent, 49.5), (SessionEnded(reason="idle"), 51.0)]).ok


def test_statements_are_read_in_their_place() -> None:
    session = PLATFORM.accepted()
    recorder = Recorder.begin(session)
    elsewhere = replace(recorder, learner="learner-8")
    _, record, _ = elsewhere.record(CONSENT, moment(1))
    ahead, later, _ = recorder.record(CONSENT, moment(1, 40))
    for made, expected in ((record, "context"), (later, "unrevealed")):
        state = replace(ahead.state, head=made.head)
        receipt = Signed(1, PLATFORM.answer(state, 2).receipt)
        found = examine(bundle.write([bundled("c1", [made], [], [receipt])]))
        assert codes(found) == {expected}
    state, plain = chain.append(session.start, b'{"not":"ours"}')
    receipt = Signed(1, PLATFORM.answer(state, 2).receipt)
    found = examine(bundle.write([bundled("c1", [plain], [], [receipt])]))
    assert codes(found) == {"statement"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"{}\n",
        b"\x00" * 100,
        b"\n" * 50,
        b"[]\n[]\n",
        b'{"type":"end","lines":0,"sha256":""}\n',
        b'{"type":"anxue-bundle","version":1,"chains":0}\n',
        b'{"type":"record"}\n',
        b"{" * 10_000,
    ],
)
def test_nothing_makes_it_stumble(data: bytes) -> None:
    found = examine(data)
    assert not found.ok
    assert found.explain("en")


def test_an_empty_bundle_is_whole() -> None:
    assert examine(bundle.write([])).ok


def test_what_was_found_is_told_to_machines_and_people() -> None:
    found = examine(good().replace(b"time-to", b"time-tO", 1))
    told = json.loads(found.to_json())
    assert told["ok"] is False
    assert told["chains"][0]["learner"] == "learner-7"
    place = told["findings"][1]
    assert {"line", "offset", "code", "words", "seq", "chain"} <= set(place)
    assert "不可信" in found.explain("zh_CN")
    assert "cannot be relied on" in found.explain("en")
    assert "记录完好" in examine(good()).explain("zh_CN")


def test_every_finding_has_words() -> None:
    for zh, en in WORDS.values():
        assert zh.format(seq=1, detail="x")
        assert en.format(seq=1, detail="x")


def test_a_seal_of_another_kind() -> None:
    run = run_of("c1")
    wrong = Signed(run.seals[0].seq, run.receipts[0].jws)
    found = examine(bundle.write([replace(run, seals=(wrong, *run.seals[1:]))]))
    assert codes(found) == {"seal"}
