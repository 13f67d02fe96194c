"""Statements: every fact survives, and only our own bytes are read."""

import dataclasses
import json
import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import facts, records
from sync.facts import Fact, Moment
from sync.records import Context, RecordError, decode, encode, statement_id
from sync.vocabulary import KINDS

NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789._-", min_size=1, max_size=80)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(0, 2**53 - 1),
    tuple[str, ...]: st.lists(TEXTS, max_size=5).map(tuple),
    str | None: st.none() | TEXTS,
    int | None: st.none() | st.integers(-(10**9) + 1, 10**9 - 1),
}


def values(name: str, hint: Any) -> st.SearchStrategy[Any]:
    if name in {"lesson", "check", "paper"}:
        return NAMES
    if name == "rate":
        return st.floats(1, 2)
    if name.endswith("_us"):
        return st.integers(0, 10**13 - 1)
    if name.endswith("_ns"):
        return st.integers(0, 2**63 - 1)
    if typing.get_origin(hint) is typing.Literal:
        return st.sampled_from(typing.get_args(hint))
    return PLAIN[hint]


def some(kind: type) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind)
    return st.builds(
        kind, **{f.name: values(f.name, hints[f.name]) for f in dataclasses.fields(kind)}
    )


FACTS: st.SearchStrategy[Fact] = st.one_of([some(kind) for kind in typing.get_args(Fact)])
MOMENTS = st.builds(
    Moment,
    mono_ns=st.integers(0, 2**63 - 1),
    wall=st.datetimes().map(
        lambda time: f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z"
    ),
    beacon=st.integers(1, 100_000),
).filter(lambda moment: len(moment.wall) == 24)
CONTEXTS = st.builds(
    Context,
    home_page=st.sampled_from(["https://a.invalid", "http://127.0.0.1:8080/anxue"]),
    learner=NAMES,
    chain=NAMES,
    seq=st.integers(1, 10**9),
)
CONTEXT = Context("https://platform.invalid", "learner-7", "c1", 3)
MOMENT = Moment(mono_ns=12, wall="2026-11-23T08:00:00.000Z", beacon=2)


@given(FACTS, MOMENTS, CONTEXTS)
def test_what_is_written_is_read(fact: Fact, moment: Moment, context: Context) -> None:
    statement = decode(encode(fact, moment, context))
    assert statement.fact == fact
    assert statement.moment == moment
    assert statement.context == context
    assert statement.id == statement_id(context.chain, context.seq)


def test_every_fact_has_one_kind_and_one_verb() -> None:
    assert [kind.fact for kind in KINDS] == list(typing.get_args(Fact))
    assert len({kind.verb for kind in KINDS}) == len(KINDS)


def test_a_statement_is_xapi() -> None:
    body = encode(
        facts.LessonFinished(lesson="confined-1", duration_us=150_000_000), MOMENT, CONTEXT
    )
    statement = json.loads(body)
    assert statement["actor"] == {
        "objectType": "Agent",
        "account": {"homePage": "https://platform.invalid", "name": "learner-7"},
    }
    assert statement["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
    assert statement["object"]["id"] == "https://platform.invalid/lessons/confined-1"
    assert statement["result"]["completion"] is True
    extensions = statement["context"]["extensions"]
    assert extensions["https://w3id.org/xapi/video/extensions/length"] == 150.0
    assert statement["version"] == "2.0.0"
    assert statement["timestamp"] == MOMENT.wall


def test_a_whole_number_of_seconds_is_the_same_number() -> None:
    fact = facts.IdentityConfirmed(similarity=1, answer="same", seconds=2)
    assert decode(encode(fact, MOMENT, CONTEXT)).fact == fact


WATCHED = facts.Watched(
    lesson="l1", start_us=1, end_us=60_000_001, began_ns=5, ended_ns=6, mode="standard"
)
SWITCHED = facts.ModeSwitched(lesson="l1", position_us=1, old="high", new="fluent", gap_us=4)
MEASURED = facts.PictureQuality(
    lesson="l1", mode="high", frames=1024, dropped=6, late=2, stalls=1, stalled_ms=840,
    unseen_ms=0, sound="ok", sound_offset_ms=-12, bits_per_second=3_900_000,
)  # fmt: skip


IDENTIFIED = facts.IdentityConfirmed(similarity=0.62, answer="same", seconds=2.5)
PLANNED = facts.CheckPlanned(
    check="c1.1", lesson="l1", seed_index=2, film_left_s=120.0, checked_in_film=False,
    after_s=63.5, actions=("turn_left", "blink"),
)  # fmt: skip
ATTEMPTED = facts.CheckAttempted(
    check="c1.1", lesson="l1", attempt=1, passed=True, reason="", similarity=0.7, seconds=5.0,
    actions=("turn_left", "blink"),
)  # fmt: skip
PICTURED = facts.SnapshotTaken(lesson="l1", why="between", sha256="0a" * 32, size_bytes=41_000)


@pytest.mark.parametrize(
    ("fact", "fuller", "said"),
    [
        (
            IDENTIFIED,
            dataclasses.replace(
                IDENTIFIED, actions=("blink",), attempts=2, risk=0.3, signs=("flat",),
                alternative=True,
            ),
            ("actions", "attempts", "risk", "signs", "alternative"),
        ),
        (PLANNED, dataclasses.replace(PLANNED, since_s=12.5), ("since-s",)),
        (
            ATTEMPTED,
            dataclasses.replace(ATTEMPTED, risk=0.61, signs=("loop",), alternative=True),
            ("risk", "signs", "alternative"),
        ),
        (
            PICTURED,
            dataclasses.replace(PICTURED, why="check", of_check="c1.1"),
            ("of-check",),
        ),
    ],
)  # fmt: skip
def test_what_came_with_the_proctor_is_not_said_at_its_default(
    fact: Fact, fuller: Fact, said: tuple[str, ...]
) -> None:
    plain, full = encode(fact, MOMENT, CONTEXT), encode(fuller, MOMENT, CONTEXT)
    for name in said:
        word = f'"https://w3id.org/anxue/xapi/extensions/{name}":'.encode()
        assert word not in plain
        assert word in full
    assert (decode(plain).fact, decode(full).fact) == (fact, fuller)


@pytest.mark.parametrize("state", ["turned_away", "camera_covered", "eyes_closed"])
def test_new_states_of_presence_are_read(state: Any) -> None:
    for fact in (
        facts.PresenceChanged(lesson="l1", state=state),
        facts.Paused(lesson="l1", position_us=5, reason=state),
    ):
        assert decode(encode(fact, MOMENT, CONTEXT)).fact == fact


@pytest.mark.parametrize(
    "fact",
    [
        dataclasses.replace(PICTURED, why="always"),  # type: ignore[arg-type]
        dataclasses.replace(PICTURED, size_bytes=-1),
        dataclasses.replace(PLANNED, since_s=float("nan")),
        dataclasses.replace(ATTEMPTED, risk=True),
        dataclasses.replace(ATTEMPTED, alternative=1),  # type: ignore[arg-type]
        dataclasses.replace(ATTEMPTED, signs=["flat"]),  # type: ignore[arg-type]
        facts.LessonClosed(lesson="../etc", position_us=0),
        facts.LessonClosed(lesson="", position_us=0),
        facts.LessonClosed(lesson="a", position_us=-1),
        facts.LessonClosed(lesson="a", position_us=True),
        facts.LessonClosed(lesson="a", position_us=10**13),
        facts.IdentityConfirmed(similarity=float("nan"), answer="same", seconds=1),
        facts.IdentityConfirmed(similarity=0.5, answer="perhaps", seconds=1),  # type: ignore[arg-type]
        facts.ConsentGiven(version="x" * 401, language="en"),
        facts.ConsentGiven(version="\ud800", language="en"),
        dataclasses.replace(WATCHED, rate=0.99),
        dataclasses.replace(WATCHED, rate=2.01),
        dataclasses.replace(WATCHED, rate=float("inf")),
        dataclasses.replace(WATCHED, rate=True),
        dataclasses.replace(SWITCHED, automatic=0),  # type: ignore[arg-type]
        dataclasses.replace(MEASURED, dropped=-1),
        dataclasses.replace(MEASURED, sound_offset_ms=10**9),
        dataclasses.replace(MEASURED, sound_offset_ms=1.5),  # type: ignore[arg-type]
        dataclasses.replace(MEASURED, sound="loud"),  # type: ignore[arg-type]
    ],
)
def test_what_no_statement_can_carry_is_refused(fact: Fact) -> None:
    with pytest.raises(ValueError):
        encode(fact, MOMENT, CONTEXT)


@pytest.mark.parametrize(
    "context",
    [
        dataclasses.replace(CONTEXT, seq=0),
        dataclasses.replace(CONTEXT, chain="a/b"),
        dataclasses.replace(CONTEXT, learner="13800138000@example"),
        dataclasses.replace(CONTEXT, home_page="ftp://platform.invalid"),
        dataclasses.replace(CONTEXT, home_page="https://platform.invalid/"),
    ],
)
def test_a_statement_of_nobody_is_refused(context: Context) -> None:
    with pytest.raises(RecordError):
        encode(facts.ConsentGiven(version="1", language="en"), MOMENT, context)


@pytest.mark.parametrize("wall", ["2026-11-23", "2026-02-30T00:00:00.000Z", "2026-11-23T08:00:00Z"])
def test_no_such_time(wall: str) -> None:
    moment = dataclasses.replace(MOMENT, wall=wall)
    with pytest.raises(RecordError):
        encode(facts.ConsentGiven(version="1", language="en"), moment, CONTEXT)


SAMPLE = encode(WATCHED, MOMENT, CONTEXT)


@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255))
def test_no_byte_can_be_another(place: int, flip: int) -> None:
    """A flipped byte is refused, or states something else: never the same fact twice."""
    changed = bytearray(SAMPLE)
    changed[place] ^= flip
    try:
        statement = decode(bytes(changed))
    except RecordError:
        return
    assert statement != decode(SAMPLE)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('{"id"', '{ "id"'),
        lambda text: text.replace('"version":"2.0.0"', '"version":"2.0.0","stored":1'),
        lambda text: text.replace("60.000001", "60.0000010"),
        lambda text: text.replace('extensions/seq":3', 'extensions/seq":4'),
        lambda text: text.replace("verbs/watched", "verbs/slept"),
        lambda text: text.replace('"end_us"', '"end"').replace("time-to", "time-too"),
        lambda text: text[:-1] + ',"id":"x"}',
        lambda text: "[]",
        lambda text: "null",
        lambda text: "{}",
        lambda text: '{"verb":{"id":[]}}',
        lambda text: text.replace('"https://platform.invalid/lessons/l1"', "7"),
    ],
)
def test_other_texts_for_a_statement_are_refused(change: Any) -> None:
    text = SAMPLE.decode()
    assert change(text) != text
    with pytest.raises(RecordError):
        decode(change(text).encode())


OLD = (
    b'{"id":"58de4970-77b6-59d6-b2ae-fcbbb09d1001","actor":{"objectType":"Agent","account":'
    b'{"homePage":"https://platform.invalid","name":"learner-7"}},"verb":{"id":'
    b'"VERB"},"object":{"id":"https://platform.invalid/lessons/l1","definition":{"type":'
    b'"https://w3id.org/xapi/video/activity-type/video"}},"result":{"extensions":{RESULT}},'
    b'"context":{"registration":"56e8e1ce-5d79-5092-bdd4-a1c88c7aeb75","contextActivities":'
    b'{"category":[{"id":"https://w3id.org/xapi/video"}]},"extensions":{'
    b'"https://w3id.org/xapi/video/extensions/session-id":"c1",'
    b'"https://w3id.org/anxue/xapi/extensions/seq":1,'
    b'"https://w3id.org/anxue/xapi/extensions/mono-ns":"12",'
    b'"https://w3id.org/anxue/xapi/extensions/beacon":2MODE}},'
    b'"timestamp":"2026-11-23T08:00:00.000Z","version":"2.0.0"}'
)
OLD_WATCHED = (
    OLD.replace(b"VERB", b"https://w3id.org/anxue/xapi/verbs/watched")
    .replace(
        b"RESULT",
        b'"https://w3id.org/xapi/video/extensions/time-from":1e-06,'
        b'"https://w3id.org/xapi/video/extensions/time-to":60.000001,'
        b'"https://w3id.org/anxue/xapi/extensions/began-ns":"5",'
        b'"https://w3id.org/anxue/xapi/extensions/ended-ns":"6"',
    )
    .replace(b"MODE", b',"https://w3id.org/xapi/video/extensions/quality":"standard"')
)
OLD_SWITCHED = (
    OLD.replace(b"VERB", b"http://adlnet.gov/expapi/verbs/interacted")
    .replace(
        b"RESULT",
        b'"https://w3id.org/xapi/video/extensions/time":1e-06,'
        b'"https://w3id.org/anxue/xapi/extensions/old":"high",'
        b'"https://w3id.org/anxue/xapi/extensions/new":"fluent",'
        b'"https://w3id.org/anxue/xapi/extensions/gap-us":4e-06',
    )
    .replace(b"MODE", b"")
)


@pytest.mark.parametrize(("old", "fact"), [(OLD_WATCHED, WATCHED), (OLD_SWITCHED, SWITCHED)])
def test_texts_from_before_a_field_came_stay_what_they_are(old: bytes, fact: Fact) -> None:
    assert decode(old).fact == fact
    assert encode(fact, MOMENT, dataclasses.replace(CONTEXT, seq=1)) == old


@pytest.mark.parametrize(
    ("old", "said", "default", "other"),
    [
        (OLD_WATCHED, b'"https://w3id.org/anxue/xapi/extensions/rate":', b"1.0", b"1.5"),
        (OLD_SWITCHED, b'"https://w3id.org/anxue/xapi/extensions/automatic":', b"false", b"true"),
    ],
)
def test_a_later_field_is_not_said_at_its_default(
    old: bytes, said: bytes, default: bytes, other: bytes
) -> None:
    before, _, after = old.partition(b'}},"context"')
    assert decode(before + b"," + said + other + b'}},"context"' + after).fact != decode(old).fact
    for text in (default, b"null", b"1", b"0"):
        with pytest.raises(RecordError):
            decode(before + b"," + said + text + b'}},"context"' + after)


def test_sound_that_nobody_could_measure_is_not_said() -> None:
    silent = dataclasses.replace(MEASURED, sound="no_device", sound_offset_ms=None)
    body = encode(silent, MOMENT, CONTEXT)
    assert b"sound-offset-ms" not in body
    assert decode(body).fact == silent
    assert b'sound-offset-ms":-12' in encode(MEASURED, MOMENT, CONTEXT)


def test_ids_are_for_ever() -> None:
    """Published: another derivation would double every record at every record store."""
    assert str(statement_id("c1", 1)) == "58de4970-77b6-59d6-b2ae-fcbbb09d1001"
    assert str(records.registration("c1")) == "56e8e1ce-5d79-5092-bdd4-a1c88c7aeb75"
