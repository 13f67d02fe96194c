"""The xAPI Profile of our statements, as JSON-LD: made from the tables that write them.

    profile() -> dict        published as docs/profile/anxue.jsonld
    faults(profile) -> list  which rules of docs/profile/README.md it breaks
    misfits(statement, template) -> list   which rules of a template a statement breaks

xAPI Profile Specification 1.0. Concepts are only what is ours; names of ADL and of the Video
Profile are used, not defined again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from sync.profile_words import EXTENSION_WORDS
from sync.slots import SLOTS, Slot
from sync.vocabulary import (
    ACTIVITY_TYPES,
    EXTENSIONS,
    IN_CONTEXT,
    KINDS,
    NAMING,
    OWN,
    VIDEO,
    Kind,
    Subject,
)

VERSION = f"{OWN}/v1"
MADE_AT = "2026-11-24T00:00:00Z"
CONTEXT = "https://w3id.org/xapi/profiles/context"
CONFORMS = "https://w3id.org/xapi/profiles#1.0"
_MOMENT = ("mono_ns", "beacon", "seq")
_SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "maxLength": 400},
    "texts": {"type": "array", "maxItems": 32, "items": {"type": "string", "maxLength": 400}},
    "choice": {"type": "string"},
    "int": {"type": "integer", "minimum": 0},
    "signed": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "micros": {"type": "number", "minimum": 0},
    "nanos": {"type": "string", "pattern": "^(0|[1-9][0-9]{0,18})$"},
}
_SUBJECTS: dict[Subject, tuple[str, str, str]] = {
    "session": ("run", "一次学习", "what a learner does from sign-in to sign-out"),
    "check": ("check", "核验", "a check whether the learner is there, at a random moment"),
}
Json = dict[str, Any]


def profile() -> Json:
    """The whole profile; the same value each time."""
    return {
        "id": OWN,
        "@context": CONTEXT,
        "type": "Profile",
        "conformsTo": CONFORMS,
        "prefLabel": {"en": "Anxue study records", "zh-CN": "安学学习记录"},
        "definition": {
            "en": "What is written down of online safety training: film, checks, tests.",
            "zh-CN": "安全生产网络培训的学习记录：影片、核验、考试。",
        },
        "versions": [{"id": VERSION, "generatedAtTime": MADE_AT}],
        "author": {"type": "Organization", "name": "Anxue 安学"},
        "concepts": [*_verbs(), *_activity_types(), *_extensions()],
        "templates": [_template(kind) for kind in KINDS],
        "patterns": _patterns(),
    }


def template_id(fact: type) -> str:
    return f"{OWN}/templates/{_dashed(fact.__name__)}"


def _concept(identity: str, kind: str, label: tuple[str, str], what: tuple[str, str]) -> Json:
    return {
        "id": identity,
        "type": kind,
        "inScheme": VERSION,
        "prefLabel": {"en": label[0], "zh-CN": label[1]},
        "definition": {"en": what[0], "zh-CN": what[1]},
    }


def _verbs() -> list[Json]:
    return [
        _concept(
            kind.verb,
            "Verb",
            (kind.verb.rpartition("/")[2].replace("-", " "), kind.meaning_zh),
            (kind.meaning_en, kind.meaning_zh),
        )
        for kind in KINDS
        if kind.verb.startswith(OWN)
    ]


def _activity_types() -> list[Json]:
    return [
        _concept(ACTIVITY_TYPES[subject], "ActivityType", (english, chinese), (meaning, chinese))
        for subject, (english, chinese, meaning) in _SUBJECTS.items()
    ]


def _extensions() -> list[Json]:
    used: dict[str, list[Slot]] = {}
    for kind in KINDS:
        for slot in SLOTS[kind.fact]:
            if slot.iri.startswith(OWN) and slot.name not in NAMING and slot.name != "passed":
                used.setdefault(slot.name, []).append(slot)
    beside: Json = {"mono_ns": "nanos", "beacon": "int", "seq": "int"}
    told = [
        ("ResultExtension", name, _schema(tuple(slot.codec for slot in slots)))
        for name, slots in sorted(used.items())
    ]
    told += [("ContextExtension", name, _schema((beside[name],))) for name in _MOMENT]
    return [
        {
            **_concept(
                _own(name), kind, (name.replace("_", " "), EXTENSION_WORDS[name][1]),
                EXTENSION_WORDS[name],
            ),
            "inlineSchema": json.dumps(schema),
        }
        for kind, name, schema in told
    ]  # fmt: skip


def _schema(codecs: tuple[str, ...]) -> Json:
    """One schema that all facts' uses of an extension fit; a choice is a text."""
    told = {"text" if codec == "choice" else codec for codec in codecs}
    (codec,) = told
    return _SCHEMAS[codec]


def _own(name: str) -> str:
    return f"{OWN}/extensions/{name.replace('_', '-')}"


def _template(kind: Kind) -> Json:
    told: Json = {
        "id": template_id(kind.fact),
        "type": "StatementTemplate",
        "inScheme": VERSION,
        "prefLabel": {"en": kind.fact.__name__, "zh-CN": kind.meaning_zh},
        "definition": {"en": kind.meaning_en, "zh-CN": kind.meaning_zh},
        "verb": kind.verb,
        "objectActivityType": ACTIVITY_TYPES[kind.subject],
    }
    slots = SLOTS[kind.fact]
    if kind.subject != "lesson" and any(slot.name == "lesson" for slot in slots):
        told["contextParentActivityType"] = [ACTIVITY_TYPES["lesson"]]
    always = [
        _rule("$.timestamp"),
        _rule("$.actor.account.homePage"),
        _rule("$.context.registration"),
        _rule("$.context.contextActivities.category[*].id", any=[VIDEO]),
        _rule(_at("context", f"{VIDEO}/extensions/session-id")),
        *(_rule(_at("context", _own(name))) for name in _MOMENT),
    ]
    if kind.verb.endswith("/completed"):
        always.append(_rule("$.result.completion", all=[True]))
    return {**told, "rules": [*always, *(rule for slot in slots if (rule := _of_slot(slot)))]}


def _of_slot(slot: Slot) -> Json | None:
    if slot.name in NAMING:
        return None
    if slot.name == "passed":
        return _rule("$.result.success", all=[True, False])
    location = _at("context" if slot.name in IN_CONTEXT else "result", slot.iri)
    if slot.may_lack:
        return {"location": location, "presence": "recommended"} | _among(slot)
    return _rule(location) | _among(slot)


def _among(slot: Slot) -> Json:
    return {"all": list(slot.choices)} if slot.choices else {}


def _rule(location: str, **more: Any) -> Json:
    return {"location": location, "presence": "included", **more}


def _at(where: str, iri: str) -> str:
    return f"$.{where}.extensions['{iri}']"


def _patterns() -> list[Json]:
    """A run: it begins, things happen in any order, and it ends, unless the power was cut."""
    first, last = KINDS[0], KINDS[-1]
    middle = [template_id(kind.fact) for kind in KINDS[1:-1]]
    return [
        _pattern("anything", ("anything in a run", "学习中的任何记录"), False, alternates=middle),
        _pattern("course-of-a-run", ("its course", "学习过程"), False,
                 zeroOrMore=f"{OWN}/patterns/anything"),
        _pattern("end-of-a-run", ("its end", "结束"), False, optional=template_id(last.fact)),
        _pattern("run", ("a run", "一次学习"), True, sequence=[
            template_id(first.fact), f"{OWN}/patterns/course-of-a-run",
            f"{OWN}/patterns/end-of-a-run",
        ]),
    ]  # fmt: skip


def _pattern(name: str, words: tuple[str, str], primary: bool, **what: Any) -> Json:
    return {
        "id": f"{OWN}/patterns/{name}",
        "type": "Pattern",
        "inScheme": VERSION,
        "primary": primary,
        "prefLabel": {"en": words[0], "zh-CN": words[1]},
        "definition": {"en": words[0], "zh-CN": words[1]},
        **what,
    }


def _dashed(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


# The rules that are checked: docs/profile/README.md says them in words.

_OPERATORS = {"alternates", "optional", "oneOrMore", "sequence", "zeroOrMore"}
_FOREIGN = {
    *(kind.verb for kind in KINDS if not kind.verb.startswith(OWN)),
    *(name for name in ACTIVITY_TYPES.values() if not name.startswith(OWN)),
    *EXTENSIONS.values(),
    f"{VIDEO}/extensions/session-id",
}


def faults(told: Mapping[str, Any]) -> list[str]:
    """What is wrong with a profile, in words; nothing if it is as it should be."""
    wrong = [
        f"the profile has no {name}"
        for name in ("id", "@context", "type", "conformsTo", "prefLabel", "definition", "versions",
                     "author", "concepts", "templates", "patterns")
        if not told.get(name)
    ]  # fmt: skip
    if wrong:
        return wrong
    if (told["type"], told["@context"], told["conformsTo"]) != ("Profile", CONTEXT, CONFORMS):
        wrong.append("it is not an xAPI Profile 1.0")
    everything = [*told["concepts"], *told["templates"], *told["patterns"]]
    versions = {version["id"] for version in told["versions"]}
    names = [each["id"] for each in everything]
    wrong += [f"{name} stands twice" for name in {name for name in names if names.count(name) > 1}]
    for each in everything:
        wrong += _own_faults(each, versions)
    known = {*names, *_FOREIGN}
    for template in told["templates"]:
        wrong += _template_faults(template, known)
    for pattern in told["patterns"]:
        wrong += _pattern_faults(pattern, {*names})
    if not any(pattern["primary"] for pattern in told["patterns"]):
        wrong.append("no pattern is primary")
    return wrong


def _own_faults(each: Mapping[str, Any], versions: set[str]) -> list[str]:
    name = each["id"]
    wrong = [] if name.startswith(f"{OWN}/") else [f"{name} is not ours to define"]
    if each.get("inScheme") not in versions:
        wrong.append(f"{name} is in no version")
    wrong += [
        f"{name} has no {member} in both languages"
        for member in ("prefLabel", "definition")
        if not (each.get(member, {}).get("en") and each[member].get("zh-CN"))
    ]
    if each["type"].endswith("Extension"):
        try:
            json.loads(each["inlineSchema"])
        except (KeyError, ValueError):
            wrong.append(f"{name} has no inline schema")
    return wrong


def _template_faults(template: Mapping[str, Any], known: set[str]) -> list[str]:
    name = template["id"]
    said = [template["verb"], template["objectActivityType"]]
    said += template.get("contextParentActivityType", [])
    wrong = [f"{name} uses {iri}, which nobody defines" for iri in said if iri not in known]
    for rule in template["rules"]:
        if rule.get("presence") not in {"included", "excluded", "recommended"}:
            wrong.append(f"{name}: a rule without presence")
        try:
            _steps(rule["location"])
        except ValueError as error:
            wrong.append(f"{name}: {error}")
        used = set(re.findall(r"\['([^']+)'\]", rule["location"]))
        wrong += [f"{name} uses {iri}, which nobody defines" for iri in used - known]
    return wrong


def _pattern_faults(pattern: Mapping[str, Any], names: set[str]) -> list[str]:
    name = pattern["id"]
    operators = _OPERATORS & set(pattern)
    if len(operators) != 1:
        return [f"{name} has {len(operators)} operators"]
    (operator,) = operators
    parts = pattern[operator]
    many = operator in {"alternates", "sequence"}
    if many != isinstance(parts, list) or (many and len(parts) < 2):
        return [f"{name}: {operator} has another form"]
    parts = parts if many else [parts]
    return [f"{name} names {part}, which is not there" for part in parts if part not in names]


_STEP = re.compile(r"\.([A-Za-z]+)|\['([^']+)'\]|(\[\*\])")


def _steps(location: str) -> list[str]:
    """The part of JSONPath that our rules are written in. Raises ValueError."""
    if not location.startswith("$"):
        raise ValueError(f"{location} does not begin at the statement")
    at, steps = 1, []
    while at < len(location):
        match = _STEP.match(location, at)
        if match is None:
            raise ValueError(f"{location} is more than the JSONPath that is used here")
        steps.append(match[1] or match[2] or "*")
        at = match.end()
    return steps


def _found(value: Any, location: str) -> list[Any]:
    def step(values: list[Any], name: str) -> list[Any]:
        if name == "*":
            return [each for value in values if isinstance(value, list) for each in value]
        return [value[name] for value in values if isinstance(value, dict) and name in value]

    return reduce(step, _steps(location), [value])


def misfits(statement: Mapping[str, Any], template: Mapping[str, Any]) -> list[str]:
    """Which rules of a template a statement, as parsed JSON, does not keep."""
    wrong = []
    if statement["verb"]["id"] != template["verb"]:
        wrong.append(f"the verb is {statement['verb']['id']}")
    if statement["object"]["definition"]["type"] != template["objectActivityType"]:
        wrong.append("an object of another type")
    parents = template.get("contextParentActivityType", [])
    told = _found(dict(statement), "$.context.contextActivities.parent[*].definition.type")
    if told != parents:
        wrong.append(f"parents {told}, not {parents}")
    for rule in template["rules"]:
        wrong += _broken(_found(dict(statement), rule["location"]), rule)
    return wrong


def _broken(values: Sequence[Any], rule: Mapping[str, Any]) -> list[str]:
    where = rule["location"]
    if rule["presence"] == "included" and not values:
        return [f"{where} is missing"]
    if "any" in rule and not any(value in rule["any"] for value in values):
        return [f"{where} is none of {rule['any']}"]
    if "all" in rule and any(value not in rule["all"] for value in values):
        return [f"{where} is {values}, which may not be"]
    return []
