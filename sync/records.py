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

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from sync import strictjson, texts
from sync.facts import Fact, Moment
from sync.slots import (
    BY_FACT,
    BY_VERB,
    MAX_ITEMS,
    MAX_NS,
    MAX_TEXT,
    SLOTS,
    RecordError,
    identifier,
    matches,
    parse_nanos,
    whole,
)
from sync.vocabulary import (
    ACTIVITY_TYPES,
    FOLDERS,
    IN_CONTEXT,
    NAMING,
    OWN,
    VIDEO,
    Kind,
    Subject,
)

__all__ = [
    "MAX_BODY_BYTES",
    "MAX_ITEMS",
    "MAX_TEXT",
    "Context",
    "RecordError",
    "Statement",
    "decode",
    "decode_at",
    "decode_slowly",
    "encode",
    "registration",
    "statement_id",
]

NAMESPACE = uuid5(NAMESPACE_URL, OWN)
_NAMESPACE = NAMESPACE.bytes
VERSION = "2.0.0"
MAX_BODY_BYTES = 16_384

_HOME_PAGE = re.compile(r"https?://[A-Za-z0-9.:-]{1,120}(/[A-Za-z0-9._~-]{1,80}){0,8}")
_WALL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

_MONO = f"{OWN}/extensions/mono-ns"
_BEACON = f"{OWN}/extensions/beacon"
_SEQ = f"{OWN}/extensions/seq"
_SESSION = f"{VIDEO}/extensions/session-id"


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
    """One decoded statement."""

    fact: Fact
    moment: Moment
    context: Context

    @property
    def id(self) -> UUID:
        """The statement's UUID, `statement_id(chain, seq)`."""
        return statement_id(self.context.chain, self.context.seq)


def statement_id(chain: str, seq: int) -> UUID:
    """The permanent id of a record: the same for every sending of it."""
    return uuid5(NAMESPACE, f"{chain}/{seq}")


@lru_cache(maxsize=256)
def registration(chain: str) -> UUID:
    """The id that xAPI has for one run: all statements of a chain share it."""
    return uuid5(NAMESPACE, chain)


@lru_cache(maxsize=4096)
def _registered(chain: str) -> str:
    return _name(chain)


def _name(name: str) -> str:
    """`str(uuid5(NAMESPACE, name))`, for whoever needs thousands."""
    sha1 = hashlib.sha1(_NAMESPACE + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(sha1[16], 16) & 3]
    return f"{sha1[:8]}-{sha1[8:12]}-5{sha1[13:16]}-{variant}{sha1[17:20]}-{sha1[20:32]}"


def encode(fact: Fact, moment: Moment, context: Context) -> bytes:
    """The statement's bytes: compact UTF-8 JSON, keys in a fixed order.

    Raises RecordError on values that no statement can carry (an identifier with other
    characters, a negative position, NaN, a text over 400 characters).
    """
    kind = BY_FACT.get(type(fact))
    if kind is None:
        raise RecordError(f"{type(fact).__name__} is not a fact")
    _check_context(context)
    _check_moment(moment)
    result, beside, names = _say(kind, fact)
    home, chain = context.home_page, context.chain
    activities: dict[str, Any] = {"category": [{"id": VIDEO}]}
    if kind.subject != "lesson" and "lesson" in names:
        activities["parent"] = [_activity(home, "lesson", names["lesson"])]
    statement: dict[str, Any] = {
        "id": _name(f"{chain}/{context.seq}"),
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
        "registration": _registered(chain),
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
    if len(body) <= MAX_BODY_BYTES:
        try:
            read = texts.read(body.decode("utf-8"))
        except UnicodeDecodeError:
            read = None
        if read is not None:
            name = _name(f"{read.chain}/{read.seq}")
            if read.id == name and read.registration == _registered(read.chain):
                context = Context(read.home_page, read.learner, read.chain, read.seq)
                return Statement(read.fact, read.moment, context)
    return decode_slowly(body)


def decode_at(
    text: str, home_page: str, learner: str, chain: str, seq: int
) -> tuple[Fact, Moment] | None:
    """Fact and moment of a statement that stands where it should; None: ask `decode`.

    What it returns is what `decode` would of the text's bytes, with exactly this context.
    """
    if len(text) > MAX_BODY_BYTES // 4:
        return None
    identity = _name(f"{chain}/{seq}")
    return texts.read_at(text, (identity, home_page, learner, _registered(chain), chain, str(seq)))


def decode_slowly(body: bytes) -> Statement:
    """The same by writing it again; says in words what is wrong. Raises RecordError."""
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
    kind = BY_VERB[value["verb"]["id"]]
    account = value["actor"]["account"]
    beside = value["context"]["extensions"]
    home = account["homePage"]
    context = Context(home, account["name"], beside[_SESSION], beside[_SEQ])
    _check_context(context)
    moment = Moment(
        mono_ns=parse_nanos(beside[_MONO]), wall=value["timestamp"], beacon=beside[_BEACON]
    )
    result = value.get("result", {})
    named: dict[str, str] = {}
    if kind.subject != "session":
        named[kind.subject] = _named(home, kind.subject, value["object"])
    if "parent" in value["context"]["contextActivities"]:
        (parent,) = value["context"]["contextActivities"]["parent"]
        named["lesson"] = _named(home, "lesson", parent)
    arguments: dict[str, Any] = {}
    for slot in SLOTS[kind.fact]:
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
    return Statement(fact, moment, context)


def _say(kind: Kind, fact: Fact) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """A fact's fields, sorted into result, context extensions and names."""
    result: dict[str, Any] = {}
    inside: dict[str, Any] = {}
    beside: dict[str, Any] = {}
    names: dict[str, str] = {}
    for slot in SLOTS[kind.fact]:
        value = getattr(fact, slot.name)
        if value is None and slot.optional:
            continue
        said = slot.say(value)
        if slot.later and value == slot.default:
            continue
        if slot.name in NAMING:
            names[slot.name] = identifier(slot.name, said)
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


def _check_context(context: Context) -> None:
    if not matches(_HOME_PAGE, context.home_page):
        raise RecordError(f"not a home page: {context.home_page!r}")
    identifier("learner", context.learner)
    identifier("chain", context.chain)
    if whole("seq", context.seq, 2**53) < 1:
        raise RecordError("records are numbered from 1")


def _check_moment(moment: Moment) -> None:
    whole("mono_ns", moment.mono_ns, MAX_NS)
    whole("beacon", moment.beacon, 2**53)
    if not matches(_WALL, moment.wall):
        raise RecordError(f"not a time in UTC with milliseconds: {moment.wall!r}")
    try:
        datetime.fromisoformat(moment.wall)
    except ValueError as error:
        raise RecordError(f"no such time: {moment.wall}") from error
