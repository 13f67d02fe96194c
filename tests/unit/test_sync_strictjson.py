"""JSON without ambiguities."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.strictjson import JsonError, dumps, loads, members

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_round_trip(value: Any) -> None:
    data = dumps(value)
    assert dumps(loads(data, max_depth=64)) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"1e999",
        b"-1e999",
        b"9223372036854775808",
        b"1" * 5000,
        b"0." + b"1" * 5000,
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b"\xff",
        b'\xef\xbb\xbf"x"',
        b"[" * 17 + b"]" * 17,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"1 2",
        b"'a'",
        b"[1,]",
        b"01",
        b'"\x01"',
    ],
)
def test_refused(data: bytes) -> None:
    with pytest.raises(JsonError):
        loads(data)


def test_limits() -> None:
    assert loads(b"[" * 16 + b"]" * 16)
    assert loads(b"[" + b"[]," * 50 + b"[]]")
    with pytest.raises(JsonError, match="at most 3"):
        loads(b"[[]]", max_bytes=3)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"a": ["\udc00"]}])
def test_not_written(value: Any) -> None:
    with pytest.raises(JsonError):
        dumps(value)


def test_members() -> None:
    assert members({"a": 1, "b": 2}, "a", "b") == (1, 2)
    wrongs: tuple[Any, ...] = ({"a": 1}, {"b": 2, "a": 1}, {"a": 1, "b": 2, "c": 3}, [], None)
    for wrong in wrongs:
        with pytest.raises(JsonError):
            members(wrong, "a", "b")
