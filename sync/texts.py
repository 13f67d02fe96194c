"""Statements read at once: a pattern for each kind that fits only its canonical text.

There is one text for one statement, so that a pattern can say which: what it fits and what
its values pass is what `records.encode` would write, and nothing has to be written again to
compare. What it does not fit is left to the slow way, which finds the words for what is
wrong. A server reads by this; tests/unit/test_sync_texts.py holds both ways to one answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import isfinite
from typing import Any, cast

from sync.facts import Fact, Moment
from sync.slots import (
    BY_VERB,
    LIMITS,
    MAX_ITEMS,
    MAX_NS,
    MAX_OFFSET_MS,
    MAX_TEXT,
    MAX_US,
    SLOTS,
    Codec,
    Slot,
)
from sync.vocabulary import ACTIVITY_TYPES, FOLDERS, IN_CONTEXT, NAMING, OWN, VIDEO, Kind, Subject

# In each pattern "(@" opens the group that takes the value; `_group` gives it its name.
_UUID = "(@[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_HOME = "(@https?://[A-Za-z0-9.:-]{1,120}(?:/[A-Za-z0-9._~-]{1,80}){0,8})"
_NAME = "(@[A-Za-z0-9._-]{1,80})"
_WALL = r"(@[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)"
_WHOLE = "(@0|[1-9][0-9]{0,15})"
_NANOS = '"(@0|[1-9][0-9]{0,18})"'
# Texts that need no escape; the others go the slow way.
_PLAIN = rf'[^"\\\x00-\x1f]{{0,{MAX_TEXT}}}'
_VERB = '"verb":{"id":"'
_FIXED = (
    *("id", "home", "learner", "registration", "chain", "seq"),  # a `Place`
    *("named", "parent", "mono", "beacon", "wall"),
)
_FIRST = len(_FIXED)

_PATTERNS: dict[Codec, str] = {
    "text": f'"(@{_PLAIN})"',
    "texts": rf'\[(@(?:"{_PLAIN}"(?:,"{_PLAIN}")*)?)\]',
    "int": _WHOLE,
    "signed": "(@0|-?[1-9][0-9]{0,9})",
    "float": "(@-?[0-9.]{1,30}(?:e[+-][0-9]{1,3})?)",
    "micros": "(@[0-9.]{1,30}(?:e[+-][0-9]{1,3})?)",
    "bool": "(@true|false)",
    "nanos": _NANOS,
}


class _OtherwiseError(ValueError):
    """Not to be read this way."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a text says, with the two ids as they stand in it (they are not checked here)."""

    fact: Fact
    moment: Moment
    home_page: str
    learner: str
    chain: str
    seq: int
    id: str
    registration: str


Place = tuple[str, str, str, str, str, str]
"""id, home page, learner, registration, chain and number, as they stand in a statement."""


def read(text: str) -> Read | None:
    """The statement that this is the one text of; None: it may be one, ask `records`."""
    found = _find(text)
    if found is None:
        return None
    reader, groups = found
    said_id, home, learner, registration, chain, seq, *_ = groups
    try:
        fact, moment = reader.said(groups)
        number = _whole(seq)
    except ValueError:
        return None
    if number < 1:
        return None
    return Read(fact, moment, home, learner, chain, number, said_id, registration)


def read_at(text: str, place: Place) -> tuple[Fact, Moment] | None:
    """The same where it is known what the text must say of its place; else None."""
    found = _find(text)
    if found is None or found[1][:6] != place:
        return None
    try:
        return found[0].said(found[1])
    except ValueError:
        return None


def _find(text: str) -> "tuple[_Reader, tuple[str, ...]] | None":
    at = text.find(_VERB)
    if at < 0:
        return None
    begins = at + len(_VERB)
    reader = _reader(text[begins : text.find('"', begins)])
    if reader is None:
        return None
    found = reader.pattern.fullmatch(text)
    return None if found is None else (reader, found.group(*reader.groups))


_Own = tuple[str, Callable[[str], Any] | None, bool, Any]
"""A field's name, how it is read (None: as it stands), whether it came later, its default."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """One kind's pattern. groups: numbers of the groups `_FIXED` and of those of the slots."""

    kind: Kind
    pattern: re.Pattern[str]
    groups: tuple[int, ...]
    own: tuple[_Own, ...]

    def said(self, groups: tuple[str, ...]) -> tuple[Fact, Moment]:
        """Raises ValueError where a value is none that is written like that."""
        chain, named, parent, mono, beacon, wall = groups[4], *groups[6:_FIRST]
        datetime.fromisoformat(wall)
        arguments: dict[str, Any] = {}
        if self.kind.subject != "session":
            arguments[self.kind.subject] = named
        elif named != chain:
            raise _OtherwiseError
        if parent:
            arguments["lesson"] = parent
        for (name, parse, later, default), said in zip(self.own, groups[_FIRST:], strict=True):
            if said is None:
                continue  # the field's default
            value = said if parse is None else parse(said)
            if later and value == default:
                raise _OtherwiseError  # at its default it is not said
            arguments[name] = value
        moment = Moment(mono_ns=_nanos(mono), wall=wall, beacon=_whole(beacon))
        return cast("Fact", self.kind.fact(**arguments)), moment


@cache
def _reader(verb: str) -> _Reader | None:
    kind = BY_VERB.get(verb)
    if kind is None:
        return None
    slots = [slot for slot in SLOTS[kind.fact] if slot.name not in NAMING]
    inside = [slot for slot in slots if slot.name != "passed" and slot.name not in IN_CONTEXT]
    if inside and inside[0].may_lack:
        return None  # no comma would be sure of its place
    pattern = re.compile(
        '\\{"id":"' + _group("id", _UUID) + '","actor":\\{"objectType":"Agent","account":'
        '\\{"homePage":"' + _group("home", _HOME) + '","name":"' + _group("learner", _NAME)
        + '"\\}\\},' + re.escape(f'{_VERB}{kind.verb}"}},"object":')
        + _activity("named", kind.subject)
        + _result(kind, slots, inside)
        + ',"context":\\{"registration":"' + _group("registration", _UUID)
        + re.escape(f'","contextActivities":{{"category":[{{"id":"{VIDEO}"}}]')
        + _parent(kind)
        + re.escape(f'}},"extensions":{{"{VIDEO}/extensions/session-id":"')
        + _group("chain", _NAME) + re.escape(f'","{OWN}/extensions/seq":')
        + _group("seq", _WHOLE) + re.escape(f',"{OWN}/extensions/mono-ns":')
        + _group("mono", _NANOS) + re.escape(f',"{OWN}/extensions/beacon":')
        + _group("beacon", _WHOLE)
        + "".join(_following(slot) for slot in slots if slot.name in IN_CONTEXT)
        + '\\}\\},"timestamp":"' + _group("wall", _WALL) + '","version":"2\\.0\\.0"\\}'
    )  # fmt: skip
    groups = pattern.groupindex
    return _Reader(
        kind,
        pattern,
        tuple(groups[name] for name in (*_FIXED, *(f"own_{slot.name}" for slot in slots))),
        tuple((slot.name, _parser(slot), slot.later, slot.default) for slot in slots),
    )


def _result(kind: Kind, slots: list[Slot], inside: list[Slot]) -> str:
    members = ['"success":' + _value(slot) for slot in slots if slot.name == "passed"]
    if kind.verb.endswith("/completed"):
        members.append('"completion":true')
    if inside:
        first, *others = inside
        extensions = _member(first) + "".join(_following(slot) for slot in others)
        members.append('"extensions":\\{' + extensions + "\\}")
    return ',"result":\\{' + ",".join(members) + "\\}" if members else ""


def _parent(kind: Kind) -> str:
    """The lesson that a check or a paper belongs to; elsewhere a group that takes nothing."""
    if kind.subject != "lesson" and any(slot.name == "lesson" for slot in SLOTS[kind.fact]):
        return r',"parent":\[' + _activity("parent", "lesson") + r"\]"
    return "(?P<parent>)"


def _activity(name: str, subject: Subject) -> str:
    kind = re.escape(f'","definition":{{"type":"{ACTIVITY_TYPES[subject]}"}}}}')
    return '\\{"id":"(?P=home)/' + FOLDERS[subject] + "/" + _group(name, _NAME) + kind


def _member(slot: Slot) -> str:
    return re.escape(f'"{slot.iri}":') + _value(slot)


def _following(slot: Slot) -> str:
    return f"(?:,{_member(slot)})?" if slot.may_lack else f",{_member(slot)}"


def _value(slot: Slot) -> str:
    pattern = _PATTERNS.get(slot.codec)
    if pattern is None:
        pattern = '"(@' + "|".join(re.escape(choice) for choice in slot.choices) + ')"'
    return _group(f"own_{slot.name}", pattern)


def _group(name: str, pattern: str) -> str:
    return pattern.replace("(@", f"(?P<{name}>", 1)


def _parser(slot: Slot) -> Callable[[str], Any] | None:
    if slot.name in LIMITS:
        low, high = LIMITS[slot.name]
        return lambda text: _within(_float(text), low, high)
    return _PARSE.get(slot.codec)


def _within(value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise _OtherwiseError
    return value


def _whole(text: str) -> int:
    value = int(text)
    if value >= 2**53:
        raise _OtherwiseError
    return value


def _signed(text: str) -> int:
    value = int(text)
    if not -MAX_OFFSET_MS < value < MAX_OFFSET_MS:
        raise _OtherwiseError
    return value


def _nanos(text: str) -> int:
    value = int(text)
    if value >= MAX_NS:
        raise _OtherwiseError
    return value


def _float(text: str) -> float:
    value = float(text)
    if repr(value) != text or not isfinite(value):
        raise _OtherwiseError
    return value


def _micros(text: str) -> int:
    value = round(float(text) * 1_000_000)
    if not 0 <= value < MAX_US or repr(value / 1_000_000) != text:
        raise _OtherwiseError
    return value


def _texts(text: str) -> tuple[str, ...]:
    items = tuple(text[1:-1].split('","')) if text else ()
    if len(items) > MAX_ITEMS:
        raise _OtherwiseError
    return items


def _truth(text: str) -> bool:
    return text == "true"


_PARSE: dict[Codec, Callable[[str], Any]] = {
    "texts": _texts,
    "float": _float,
    "bool": _truth,
    "int": _whole,
    "signed": _signed,
    "micros": _micros,
    "nanos": _nanos,
}
