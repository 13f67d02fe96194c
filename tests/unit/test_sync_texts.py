"""The quick way of reading a statement and the slow one say the same of every text."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import texts
from sync.catalogue import EXAMPLES
from sync.facts import CheckAttempted, Fact, Moment, SessionStarted, Watched
from sync.records import Context, RecordError, decode, decode_at, decode_slowly, encode
from tests.unit.test_sync_records import CONTEXT, CONTEXTS, FACTS, MOMENT, MOMENTS

WATCHED = Watched(
    lesson="l1", start_us=0, end_us=61_500_000, began_ns=1, ended_ns=2, mode="standard"
)


def outcome(way: Any, body: bytes) -> object:
    try:
        return way(body)
    except RecordError as error:
        return str(error)


@given(FACTS, MOMENTS, CONTEXTS)
def test_both_read_what_is_written(fact: Fact, moment: Moment, context: Context) -> None:
    body = encode(fact, moment, context)
    read = texts.read(body.decode())
    assert decode(body) == decode_slowly(body)
    if b"\\" not in body:
        assert read is not None
        assert (read.fact, read.moment, read.seq) == (fact, moment, context.seq)
        assert (read.home_page, read.learner, read.chain) == (
            *(context.home_page, context.learner, context.chain),
        )


@pytest.mark.parametrize("fact", EXAMPLES, ids=lambda fact: type(fact).__name__)
def test_every_kind_has_a_quick_way(fact: Fact) -> None:
    assert texts.read(encode(fact, MOMENT, CONTEXT).decode()) is not None


MUTATIONS = st.one_of(
    st.tuples(st.just("flip"), st.integers(0, 2000), st.integers(1, 255)),
    st.tuples(st.just("drop"), st.integers(0, 2000), st.integers(1, 60)),
    st.tuples(st.just("double"), st.integers(0, 2000), st.integers(1, 60)),
    st.tuples(
        st.just("put"),
        st.integers(0, 2000),
        st.sampled_from([b"0", b" ", b"e0", b".0", b"-", b'"', b"1", b",", b"\\u0041", b"\xff"]),
    ),
)


def bent(body: bytes, mutation: tuple[str, int, Any]) -> bytes:
    how, at, what = mutation
    at %= len(body)
    if how == "flip":
        return body[:at] + bytes([body[at] ^ what]) + body[at + 1 :]
    if how == "drop":
        return body[:at] + body[at + what :]
    if how == "double":
        return body[: at + what] + body[at:]
    return body[:at] + bytes(what) + body[at:]


@given(FACTS, MOMENTS, CONTEXTS, st.lists(MUTATIONS, min_size=1, max_size=3))
def test_both_say_the_same_of_a_bent_text(
    fact: Fact, moment: Moment, context: Context, mutations: list[tuple[str, int, Any]]
) -> None:
    body = encode(fact, moment, context)
    for mutation in mutations:
        body = bent(body, mutation)
    assert outcome(decode, body) == outcome(decode_slowly, body)
    at_place(body, context)


def at_place(body: bytes, context: Context) -> None:
    """What is taken for a statement of this place is what the slow way says of it, and here."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return
    where = context.home_page, context.learner, context.chain, context.seq
    entry = decode_at(text, *where)
    if entry is not None:
        statement = decode_slowly(body)
        assert entry == (statement.fact, statement.moment)
        assert statement.context == context


@given(FACTS, MOMENTS, CONTEXTS, CONTEXTS)
def test_only_its_own_place_is_the_place(
    fact: Fact, moment: Moment, context: Context, other: Context
) -> None:
    body = encode(fact, moment, context)
    if b"\\" not in body and len(body) <= 4096:
        where = context.home_page, context.learner, context.chain, context.seq
        assert decode_at(body.decode(), *where) == (fact, moment)
    at_place(body, other)
    at_place(body, replace(context, seq=context.seq + 1))


@given(FACTS, st.sampled_from(["0{}", "-{}", "{}.0", "{}0", "{}e0", "+{}", "9{}", "1e400", "{}5"]))
def test_both_say_the_same_of_other_numbers(fact: Fact, form: str) -> None:
    """Each number of the text in another form, one after the other."""
    text = encode(fact, MOMENT, CONTEXT).decode()
    for found in re.finditer(r"(?<=[:,\"])-?[0-9][0-9.e+-]*(?=[,\"}])", text):
        other = text[: found.start()] + form.format(found[0]) + text[found.end() :]
        assert outcome(decode, other.encode()) == outcome(decode_slowly, other.encode())


@pytest.mark.parametrize(
    ("fact", "old", "new"),
    [
        (WATCHED, '-ns":"2"}', '-ns":"2","https://w3id.org/anxue/xapi/extensions/rate":1.0}'),
        (WATCHED, "0.0,", "-0.0,"),
        (WATCHED, "2026-11", "2026-13"),
        (WATCHED, "standard", "st\\u0061ndard"),
        (WATCHED, "platform.invalid/lessons", "platform.invalid/x/lessons"),
        (WATCHED, 'extensions/seq":3', 'extensions/seq":0'),
        (WATCHED, '"version":"2.0.0"', '"version":"2.0.0" '),
        (SessionStarted(client_version="1", system="s", camera="c"), "[]", '["",]'),
        (SessionStarted(client_version="1", system="s", camera="c"), "chains/c1", "chains/c2"),
        (
            CheckAttempted(
                check="k", lesson="l", attempt=1, passed=True, reason="", similarity=0.5,
                seconds=1.0, actions=("a", "b"), risk=0.25,
            ),
            "0.25", "0.0",
        ),
    ],
)  # fmt: skip
def test_neither_takes_what_nobody_wrote(fact: Fact, old: str, new: str) -> None:
    text = encode(fact, MOMENT, CONTEXT).decode()
    assert old in text
    other = text.replace(old, new, 1).encode()
    assert isinstance(outcome(decode, other), str)
    assert outcome(decode, other) == outcome(decode_slowly, other)
