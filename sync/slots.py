"""How each field of a fact is written in its statement: the tables behind `sync.records`.

A slot is chosen from a field's name and annotation. `say` gives the JSON value and `parse`
takes it back; `sync.texts` makes a pattern of the same tables.
"""

import math
import re
import types
import typing
from collections.abc import Callable
from dataclasses import Field, dataclass, fields
from typing import Any, Literal, cast

from sync.vocabulary import KINDS, LATER, Kind, extension

MAX_TEXT = 400
MAX_ITEMS = 32

_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,80}")
_NANOS = re.compile(r"0|[1-9]\d{0,18}")
MAX_US = 10**13  # 115 days of film; far below where a double loses a microsecond
MAX_NS = 2**63
MAX_OFFSET_MS = 10**9
LIMITS = {"rate": (1.0, 2.0)}


class RecordError(ValueError):
    """A fact that cannot be stated, or bytes that are not a statement of ours."""


Codec = Literal["text", "texts", "choice", "int", "signed", "float", "bool", "micros", "nanos"]


@dataclass(frozen=True, slots=True)
class Slot:
    """How one field of a fact is written: a codec chosen from its name and annotation."""

    name: str
    iri: str
    codec: Codec
    optional: bool
    choices: tuple[str, ...] = ()
    later: bool = False
    default: Any = None

    @property
    def may_lack(self) -> bool:
        """Whether a statement without it is whole."""
        return self.optional or self.later

    def say(self, value: Any) -> Any:
        """The JSON value. Raises RecordError when the field cannot hold this."""
        if self.choices and value not in self.choices:
            raise RecordError(f"{self.name} cannot be {value!r}")
        said = _SAY[self.codec](self.name, value)
        low, high = LIMITS.get(self.name, (said, said))
        if not low <= said <= high:
            raise RecordError(f"{self.name} cannot be {value!r}")
        return said

    def parse(self, value: Any) -> Any:
        """The field's value. What is not exactly ours is caught by re-encoding."""
        match self.codec:
            case "micros":
                return round(_float(value) * 1_000_000)
            case "nanos":
                return parse_nanos(value)
            case "texts":
                return tuple(value)
            case "float":
                return _float(value)
        return value


def _slots(fact: type) -> tuple[Slot, ...]:
    hints = typing.get_type_hints(fact)
    later = LATER.get(fact, frozenset())
    return tuple(_slot(field, hints[field.name], field.name in later) for field in fields(fact))


def _slot(field: Field[Any], hint: Any, later: bool) -> Slot:
    optional, choices = False, ()
    if isinstance(hint, types.UnionType):
        (hint,) = (part for part in typing.get_args(hint) if part is not types.NoneType)
        optional = True
    if typing.get_origin(hint) is Literal:
        choices = typing.get_args(hint)
    return Slot(
        field.name,
        extension(field.name),
        _codec(field.name, hint),
        optional,
        choices,
        later=later,
        default=field.default if later else None,
    )


def _codec(name: str, hint: Any) -> Codec:
    origin = typing.get_origin(hint)
    if origin is Literal:
        return "choice"
    if origin is tuple:
        return "texts"
    if hint is int and name.endswith("_us"):
        return "micros"
    if hint is int and name.endswith("_ns"):
        return "nanos"
    if name.endswith("offset_ms"):
        return "signed"
    codecs: dict[Any, Codec] = {int: "int", float: "float", bool: "bool", str: "text"}
    return codecs[hint]


def matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def identifier(name: str, value: Any) -> str:
    if not matches(_IDENTIFIER, value):
        raise RecordError(f"{name} is not an identifier: {value!r}")
    return cast("str", value)


def whole(name: str, value: Any, limit: int) -> int:
    if type(value) is not int or not 0 <= value < limit:
        raise RecordError(f"{name} cannot be {value!r}")
    return value


def _signed(name: str, value: Any) -> int:
    if type(value) is not int or not -MAX_OFFSET_MS < value < MAX_OFFSET_MS:
        raise RecordError(f"{name} cannot be {value!r}")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise RecordError(f"{name} is not a text of at most {MAX_TEXT} characters")
    return value


def _texts(name: str, value: Any) -> list[str]:
    if not isinstance(value, tuple) or len(value) > MAX_ITEMS:
        raise RecordError(f"{name} is not a tuple of at most {MAX_ITEMS} texts")
    return [_text(name, item) for item in value]


def _decimal(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RecordError(f"{name} is not a finite number: {value!r}")
    return float(value)


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise RecordError(f"{name} is neither true nor false: {value!r}")
    return value


def _float(value: Any) -> float:
    if type(value) is not float:
        raise RecordError(f"not a decimal number: {value!r}")
    return value


def parse_nanos(value: Any) -> int:
    # Nanoseconds leave the range that every JSON reader keeps exact after 104 days of
    # uptime, so they travel as text.
    if not matches(_NANOS, value):
        raise RecordError(f"not nanoseconds: {value!r}")
    return int(value)


_SAY: dict[str, Callable[[str, Any], Any]] = {
    "text": _text,
    "choice": _text,
    "texts": _texts,
    "float": _decimal,
    "bool": _truth,
    "int": lambda name, value: whole(name, value, 2**53),
    "signed": _signed,
    "micros": lambda name, value: whole(name, value, MAX_US) / 1_000_000,
    "nanos": lambda name, value: str(whole(name, value, MAX_NS)),
}
BY_FACT: dict[type, Kind] = {kind.fact: kind for kind in KINDS}
BY_VERB: dict[str, Kind] = {kind.verb: kind for kind in KINDS}
SLOTS: dict[type, tuple[Slot, ...]] = {kind.fact: _slots(kind.fact) for kind in KINDS}
