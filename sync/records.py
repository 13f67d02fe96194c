"""A fact as the bytes of one xAPI 2.0 statement, and back.

    encode(fact, moment, context) -> bytes        decode(bytes) -> Statement

The bytes are written once and kept for ever; nothing here ever re-serialises a stored
statement except to check that it is exactly what `encode` would have written. That
check makes decoding strict: there is one text for one statement. A field that a fact got
later is not said at its default, so that older texts stay what they were.

The actor is an account (home page and learner id), never a name, a mail address or a
telephone number. Statement ids are derived from chain and number, so that sending one
twice is recognised for ever.
"""

import math
import re
import types
import typing
from collections.abc import Callable
from dataclasses import Field, dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from sync import strictjson
from sync.facts import Fact, Moment
from sync.vocabulary import (
    ACTIVITY_TYPES,
    FOLDERS,
    IN_CONTEXT,
    KINDS,
    LATER,
    NAMING,
    OWN,
    VIDEO,
    Kind,
    Subject,
    extension,
)

NAMESPACE = uuid5(NAMESPACE_URL, OWN)
VERSION = "2.0.0"
MAX_BODY_BYTES = 16_384
MAX_TEXT = 400
MAX_ITEMS = 32

_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,80}")
_HOME_PAGE = re.compile(r"https?://[A-Za-z0-9.:-]{1,120}(/[A-Za-z0-9._~-]{1,80}){0,8}")
_WALL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_NANOS = re.compile(r"0|[1-9]\d{0,18}")
_MAX_US = 10**13  # 115 days of film; far below where a double loses a microsecond
_MAX_NS = 2**63
_MAX_OFFSET_MS = 10**9
_LIMITS = {"rate": (1.0, 2.0)}

_MONO = f"{OWN}/extensions/mono-ns"
_BEACON = f"{OWN}/extensions/beacon"
_SEQ = f"{OWN}/extensions/seq"
_SESSION = f"{VIDEO}/extensions/session-id"


class RecordError(ValueError):
    """A fact that cannot be stated, or bytes that are not a statement of ours."""


@dataclass(frozen=True, slots=True)
class Context:
    """Whose statement it is and where it stands.

    home_page: the platform's, under which `learner` is an account; no trailing slash.
    chain, learner: identifiers of the contract. seq: the record's number, from 1.
    """

    home_page: str
    learner: str
    chain: str
    seq: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One decoded statement. id: the statement's UUID, `statement_id(chain, seq)`."""

    fact: Fact
    moment: Moment
    context: Context
    id: UUID


def statement_id(chain: str, seq: int) -> UUID:
    """The permanent id of a record: the same for every sending of it."""
    return uuid5(NAMESPACE, f"{chain}/{seq}")


@lru_cache(maxsize=256)
def registration(chain: str) -> UUID:
    """The id that xAPI has for one run: all statements of a chain share it."""
    return uuid5(NAMESPACE, chain)


def encode(fact: Fact, moment: Moment, context: Context) -> bytes:
    """The statement's bytes: compact UTF-8 JSON, keys in a fixed order.

    Raises RecordError on values that no statement can carry (an identifier with other
    characters, a negative position, NaN, a text over 400 characters).
    """
    kind = _BY_FACT.get(type(fact))
    if kind is None:
        raise RecordError(f"{type(fact).__name__} is not a fact")
    _check_context(context)
    _check_moment(moment)
    result, beside, names = _say(kind, fact)
    home, chain = context.home_page, context.chain
    activities: dict[str, Any] = {"category": [{"id": VIDEO}]}
    if kind.subject == "check" and "lesson" in names:
        activities["parent"] = [_activity(home, "lesson", names["lesson"])]
    statement: dict[str, Any] = {
        "id": str(statement_id(chain, context.seq)),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": home, "name": context.learner},
        },
        "verb": {"id": kind.verb},
        "object": _activity(home, kind.subject, names.get(kind.subject, chain)),
    }
    if result:
        statement["result"] = result
    statement["context"] = {
        "registration": str(registration(chain)),
        "contextActivities": activities,
        "extensions": {
            _SESSION: chain,
            _SEQ: context.seq,
            _MONO: str(moment.mono_ns),
            _BEACON: moment.beacon,
            **beside,
        },
    }
    statement["timestamp"] = moment.wall
    statement["version"] = VERSION
    body = strictjson.dumps(statement)
    if len(body) > MAX_BODY_BYTES:
        raise RecordError(f"a statement of {len(body)} bytes")
    return body


def decode(body: bytes) -> Statement:
    """Read a statement back. Raises RecordError unless `encode` would write these bytes."""
    try:
        value = strictjson.loads(body, max_bytes=MAX_BODY_BYTES)
        statement = _read(value)
    except strictjson.JsonError as error:
        raise RecordError(f"not strict JSON: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"not a statement of ours: {error}") from error
    if encode(statement.fact, statement.moment, statement.context) != body:
        raise RecordError("not the bytes that this statement has")
    return statement


def _read(value: Any) -> Statement:
    kind = _BY_VERB[value["verb"]["id"]]
    account = value["actor"]["account"]
    beside = value["context"]["extensions"]
    home = account["homePage"]
    context = Context(home, account["name"], beside[_SESSION], beside[_SEQ])
    _check_context(context)
    moment = Moment(
        mono_ns=_parse_nanos(beside[_MONO]), wall=value["timestamp"], beacon=beside[_BEACON]
    )
    result = value.get("result", {})
    named: dict[str, str] = {}
    if kind.subject != "session":
        named[kind.subject] = _named(home, kind.subject, value["object"])
    if "parent" in value["context"]["contextActivities"]:
        (parent,) = value["context"]["contextActivities"]["parent"]
        named["lesson"] = _named(home, "lesson", parent)
    arguments: dict[str, Any] = {}
    for slot in _SLOTS[kind.fact]:
        if slot.name in NAMING:
            arguments[slot.name] = named[slot.name]
        elif slot.name == "passed":
            arguments[slot.name] = slot.parse(result["success"])
        else:
            place = beside if slot.name in IN_CONTEXT else result.get("extensions", {})
            if slot.may_lack and slot.iri not in place:
                continue  # the field's default
            arguments[slot.name] = slot.parse(place[slot.iri])
    fact = cast("Fact", kind.fact(**arguments))
    return Statement(fact, moment, context, statement_id(context.chain, context.seq))


def _say(kind: Kind, fact: Fact) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """A fact's fields, sorted into result, context extensions and names."""
    result: dict[str, Any] = {}
    inside: dict[str, Any] = {}
    beside: dict[str, Any] = {}
    names: dict[str, str] = {}
    for slot in _SLOTS[kind.fact]:
        value = getattr(fact, slot.name)
        if value is None and slot.optional:
            continue
        said = slot.say(value)
        if slot.later and value == slot.default:
            continue
        if slot.name in NAMING:
            names[slot.name] = _identifier(slot.name, said)
        elif slot.name == "passed":
            result["success"] = said
        elif slot.name in IN_CONTEXT:
            beside[slot.iri] = said
        else:
            inside[slot.iri] = said
    if kind.verb.endswith("/completed"):
        result["completion"] = True
    if inside:
        result["extensions"] = inside
    return result, beside, names


def _activity(home: str, subject: Subject, name: str) -> dict[str, Any]:
    return {
        "id": f"{home}/{FOLDERS[subject]}/{name}",
        "definition": {"type": ACTIVITY_TYPES[subject]},
    }


def _named(home: str, subject: Subject, activity: Any) -> str:
    prefix = f"{home}/{FOLDERS[subject]}/"
    identity = activity["id"]
    if not isinstance(identity, str) or not identity.startswith(prefix):
        raise RecordError(f"not a {subject} of {home}")
    return identity[len(prefix) :]


_Codec = Literal["text", "texts", "choice", "int", "signed", "float", "bool", "micros", "nanos"]


@dataclass(frozen=True, slots=True)
class _Slot:
    """How one field of a fact is written: a codec chosen from its name and annotation."""

    name: str
    iri: str
    codec: _Codec
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
        low, high = _LIMITS.get(self.name, (said, said))
        if not low <= said <= high:
            raise RecordError(f"{self.name} cannot be {value!r}")
        return said

    def parse(self, value: Any) -> Any:
        """The field's value. What is not exactly ours is caught by re-encoding."""
        match self.codec:
            case "micros":
                return round(_float(value) * 1_000_000)
            case "nanos":
                return _parse_nanos(value)
            case "texts":
                return tuple(value)
            case "float":
                return _float(value)
        return value


def _slots(fact: type) -> tuple[_Slot, ...]:
    hints = typing.get_type_hints(fact)
    later = LATER.get(fact, frozenset())
    return tuple(_slot(field, hints[field.name], field.name in later) for field in fields(fact))


def _slot(field: Field[Any], hint: Any, later: bool) -> _Slot:
    optional, choices = False, ()
    if isinstance(hint, types.UnionType):
        (hint,) = (part for part in typing.get_args(hint) if part is not types.NoneType)
        optional = True
    if typing.get_origin(hint) is Literal:
        choices = typing.get_args(hint)
    return _Slot(
        field.name,
        extension(field.name),
        _codec(field.name, hint),
        optional,
        choices,
        later=later,
        default=field.default if later else None,
    )


def _codec(name: str, hint: Any) -> _Codec:
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
    codecs: dict[Any, _Codec] = {int: "int", float: "float", bool: "bool", str: "text"}
    return codecs[hint]


def _check_context(context: Context) -> None:
    if not _matches(_HOME_PAGE, context.home_page):
        raise RecordError(f"not a home page: {context.home_page!r}")
    _identifier("learner", context.learner)
    _identifier("chain", context.chain)
    if _whole("seq", context.seq, 2**53) < 1:
        raise RecordError("records are numbered from 1")


def _check_moment(moment: Moment) -> None:
    _whole("mono_ns", moment.mono_ns, _MAX_NS)
    _whole("beacon", moment.beacon, 2**53)
    if not _matches(_WALL, moment.wall):
        raise RecordError(f"not a time in UTC with milliseconds: {moment.wall!r}")
    try:
        datetime.fromisoformat(moment.wall)
    except ValueError as error:
        raise RecordError(f"no such time: {moment.wall}") from error


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _identifier(name: str, value: Any) -> str:
    if not _matches(_IDENTIFIER, value):
        raise RecordError(f"{name} is not an identifier: {value!r}")
    return cast("str", value)


def _whole(name: str, value: Any, limit: int) -> int:
    if type(value) is not int or not 0 <= value < limit:
        raise RecordError(f"{name} cannot be {value!r}")
    return value


def _signed(name: str, value: Any) -> int:
    if type(value) is not int or not -_MAX_OFFSET_MS < value < _MAX_OFFSET_MS:
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


def _parse_nanos(value: Any) -> int:
    # Nanoseconds leave the range that every JSON reader keeps exact after 104 days of
    # uptime, so they travel as text.
    if not _matches(_NANOS, value):
        raise RecordError(f"not nanoseconds: {value!r}")
    return int(value)


_SAY: dict[str, Callable[[str, Any], Any]] = {
    "text": _text,
    "choice": _text,
    "texts": _texts,
    "float": _decimal,
    "bool": _truth,
    "int": lambda name, value: _whole(name, value, 2**53),
    "signed": _signed,
    "micros": lambda name, value: _whole(name, value, _MAX_US) / 1_000_000,
    "nanos": lambda name, value: str(_whole(name, value, _MAX_NS)),
}
_BY_FACT: dict[type, Kind] = {kind.fact: kind for kind in KINDS}
_BY_VERB: dict[str, Kind] = {kind.verb: kind for kind in KINDS}
_SLOTS: dict[type, tuple[_Slot, ...]] = {kind.fact: _slots(kind.fact) for kind in KINDS}
