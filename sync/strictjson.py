"""JSON without its ambiguities: what two parsers could read differently is refused.

Used wherever bytes come from somebody else: statements, signed payloads, bundles,
answers. `dumps` is the one way that this program writes JSON, so `dumps(loads(b)) == b`
is the test for "exactly the bytes we would have written".
"""

import json
from typing import Any, NoReturn

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 16
MAX_DIGITS = 24
_INT64 = 2**63


class JsonError(ValueError):
    """The bytes are not JSON as we accept it; the message says what is wrong."""


def loads(data: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """Parse UTF-8 JSON.

    Raises JsonError on: more than max_bytes, a byte order mark, bad UTF-8, duplicate
    keys, NaN and infinities, numbers outside int64 or the finite doubles, unpaired
    surrogates, nesting deeper than max_depth, anything that is not JSON.
    """
    if len(data) > max_bytes:
        raise JsonError(f"{len(data)} bytes, at most {max_bytes} are accepted")
    try:
        text = data.decode("utf-8")
        value = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise JsonError(f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise JsonError(f"nested deeper than {max_depth}") from error
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg} at character {error.pos}") from error
    # Few brackets cannot be deep: the walk is needed only for the odd document.
    if data.count(b"{") + data.count(b"[") > max_depth and _depth(value) > max_depth:
        raise JsonError(f"nested deeper than {max_depth}")
    if b"\\u" in data:
        _refuse_surrogates(value)
    return value


def dumps(value: Any) -> bytes:
    """Compact UTF-8 JSON, keys in the order given. Raises JsonError on NaN and surrogates."""
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except (ValueError, UnicodeEncodeError) as error:
        raise JsonError(str(error)) from error


def members(value: Any, *names: str) -> tuple[Any, ...]:
    """The members of an object that has exactly these names, in this order; JsonError otherwise."""
    if not isinstance(value, dict):
        raise JsonError("expected an object")
    if tuple(value) != names:
        raise JsonError(f"expected members {', '.join(names)}, got {', '.join(value)}")
    return tuple(value[name] for name in names)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise JsonError("a key appears twice")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not a JSON number")


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise JsonError("number with too many digits")
    value = int(text)
    if not -_INT64 <= value < _INT64:
        raise JsonError("integer outside 64 bits")
    return value


def _number(text: str) -> float:
    if len(text) > 2 * MAX_DIGITS:
        raise JsonError("number with too many digits")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise JsonError("number outside the finite range")
    return value


def _depth(value: Any) -> int:
    deepest, queue = 0, [(value, 1)]
    while queue:
        item, depth = queue.pop()
        if isinstance(item, dict):
            queue.extend((child, depth + 1) for child in item.values())
        elif isinstance(item, list):
            queue.extend((child, depth + 1) for child in item)
        else:
            depth -= 1
        deepest = max(deepest, depth)
    return deepest


def _refuse_surrogates(value: Any) -> None:
    try:
        _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise JsonError("unpaired surrogate in a string") from error


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_constant=_refuse_constant,
    parse_int=_integer,
    parse_float=_number,
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
