"""What the maker of a clip says about it: whose it is, and which action was asked for when.

People write such files by hand and with other programs, so obvious names are understood,
and whatever is not is said (`Note`) instead of guessed.
"""

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard

from proctor.schedule import Action, Place

LIVE = "live"

_LIVE_NAMES = frozenset(
    {"live", "living", "real", "genuine", "bonafide", "client", "真人", "活体", "真实"}
)

_NAMES: dict[Action, tuple[str, ...]] = {
    Action.TURN_LEFT: (
        "turnleft", "left", "lookleft", "headleft", "turnheadleft", "yawleft",
        "leftturn", "左", "左转", "向左", "向左转", "左转头", "向左转头", "向左看", "转左",
    ),
    Action.TURN_RIGHT: (
        "turnright", "right", "lookright", "headright", "turnheadright", "yawright",
        "rightturn", "右", "右转", "向右", "向右转", "右转头", "向右转头", "向右看", "转右",
    ),
    Action.OPEN_MOUTH: (
        "openmouth", "mouth", "mouthopen", "openyourmouth", "jaw", "jawopen", "张嘴", "开口",
        "张口",
    ),
    Action.BLINK: (
        "blink", "blinktwice", "twoblinks", "doubleblink", "blinks", "eyes", "closeeyes",
        "eyesclosed", "eyeblink", "blinkeyes", "眨眼", "眨两下眼", "眨眼两次", "闭眼",
    ),
    Action.NOD: ("nod", "nodding", "nodhead", "headnod", "nodyourhead", "点头", "低头"),
    Action.FOLLOW_DOT: (
        "followdot", "dot", "followthedot", "gaze", "lookatdot", "followpoint", "看点", "跟点",
    ),
}  # fmt: skip
"""Left and right are the person's own, as everywhere here."""

_ACTIONS = {name: action for action, names in _NAMES.items() for name in names}


class Remark(StrEnum):
    """What is odd about a clip's statement; `Note.detail` says where."""

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    PERSON_ODD = "person_odd"
    ACTIONS_ODD = "actions_odd"
    ACTION_UNKNOWN = "action_unknown"
    TIME_ODD = "time_odd"
    DOT_UNKNOWN = "dot_unknown"
    AFTER_THE_END = "after_the_end"


@dataclass(frozen=True, slots=True)
class Note:
    remark: Remark
    detail: str


@dataclass(frozen=True, slots=True)
class Asked:
    """at_s: seconds from the clip's beginning. dot: places, for `follow_dot` only."""

    at_s: float
    action: Action
    dot: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """person: "" where none is named. actions: by their times."""

    person: str = ""
    actions: tuple[Asked, ...] = ()
    notes: tuple[Note, ...] = ()


def is_live(label: str) -> bool:
    """Whether a folder's name means living people; every other name is an attack's."""
    return _letters(label) in _LIVE_NAMES


def action_of(name: str) -> Action | None:
    """The action that a name obviously means."""
    return _ACTIONS.get(_letters(name))


def read(text: str) -> Statement:
    """A statement from the text of its JSON file; never raises."""
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Statement(notes=(Note(Remark.NOT_JSON, str(error)),))
    if not _is_object(data):
        return Statement(notes=(Note(Remark.NOT_AN_OBJECT, _short(data)),))
    notes: list[Note] = []
    person = data.get("person")
    if not isinstance(person, str | int | None) or isinstance(person, bool):
        notes.append(Note(Remark.PERSON_ODD, _short(person)))
        person = None
    found = data.get("actions")
    asked: list[Asked] = []
    if isinstance(found, list):
        for entry in found:
            made = _asked(entry)
            if isinstance(made, Note):
                notes.append(made)
            else:
                asked.append(made)
    elif found is not None:
        notes.append(Note(Remark.ACTIONS_ODD, _short(found)))
    asked.sort(key=lambda each: each.at_s)
    name = "" if person is None else unicodedata.normalize("NFC", str(person)).strip()
    return Statement(name, tuple(asked), tuple(notes))


def _asked(entry: object) -> Asked | Note:
    if not _is_object(entry):
        return Note(Remark.ACTIONS_ODD, _short(entry))
    name, at_s = entry.get("action"), _seconds(entry.get("at_s"))
    action = action_of(name) if isinstance(name, str) else None
    if action is None:
        return Note(Remark.ACTION_UNKNOWN, _short(name))
    if at_s is None:
        return Note(Remark.TIME_ODD, _short(entry.get("at_s")))
    if action is not Action.FOLLOW_DOT:
        return Asked(at_s, action)
    dot = _places(entry.get("dot"))
    return Asked(at_s, action, dot) if dot else Note(Remark.DOT_UNKNOWN, _short(entry.get("dot")))


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds <= 86_400 else None


def _places(value: object) -> tuple[Place, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        return ()
    known = {place.value: place for place in Place}
    places = [known.get(_letters(name)) if isinstance(name, str) else None for name in names]
    return tuple(place for place in places if place is not None) if all(places) else ()


def _letters(name: str) -> str:
    """Only what distinguishes: no case, no blanks, hyphens or full-width forms."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
