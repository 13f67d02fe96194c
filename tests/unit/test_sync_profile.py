"""docs/profile/anxue.jsonld is the code's own profile; run as a program, this writes it."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sync.catalogue import EXAMPLES
from sync.facts import Fact, Moment, SessionEnded, SessionStarted, Watched
from sync.profile import faults, misfits, profile, template_id
from sync.records import Context, encode
from sync.vocabulary import KINDS

FILE = Path(__file__).resolve().parents[2] / "docs" / "profile" / "anxue.jsonld"
MOMENT = Moment(mono_ns=5, wall="2026-11-24T08:00:00.000Z", beacon=1)


def text() -> str:
    return json.dumps(profile(), ensure_ascii=False, indent=1) + "\n"


def statement(fact: Fact) -> dict[str, Any]:
    told = json.loads(encode(fact, MOMENT, Context("https://p.invalid", "l1", "c1", 1)))
    assert isinstance(told, dict)
    return told


TEMPLATES = {each["id"]: each for each in profile()["templates"]}


def test_the_published_profile_is_current() -> None:
    assert FILE.read_text("utf-8") == text(), "run: python -m tests.unit.test_sync_profile"


def test_it_keeps_the_rules() -> None:
    assert faults(profile()) == []
    assert set(TEMPLATES) == {template_id(kind.fact) for kind in KINDS}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda fact: type(fact).__name__)
def test_a_statement_fits_its_template_and_no_other(example: Fact) -> None:
    told = statement(example)
    fitting = [name for name, each in TEMPLATES.items() if not misfits(told, each)]
    assert fitting == [template_id(type(example))]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda fact: type(fact).__name__)
def test_a_statement_with_a_part_missing_does_not_fit(example: Fact) -> None:
    template = TEMPLATES[template_id(type(example))]
    told = statement(example)
    del told["context"]["registration"]
    assert misfits(told, template) == ["$.context.registration is missing"]
    told = statement(example)
    result = told.get("result", {}).get("extensions", {})
    needed = {
        rule["location"][len("$.result.extensions['") : -2]
        for rule in template["rules"]
        if rule["presence"] == "included" and "result.extensions" in rule["location"]
    }
    for name in sorted(needed):
        kept = result.pop(name)
        assert len(misfits(told, template)) == 1, name
        result[name] = kept
    assert misfits(told, template) == []


def test_every_extension_of_an_example_fits_its_schema() -> None:
    schemas = {
        each["id"]: json.loads(each["inlineSchema"])
        for each in profile()["concepts"]
        if each["type"].endswith("Extension")
    }
    kinds: dict[str, type | tuple[type, ...]] = {
        "string": str,
        "array": list,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
    }
    seen = set()
    for example in EXAMPLES:
        told = statement(example)
        said = {**told["context"]["extensions"], **told.get("result", {}).get("extensions", {})}
        for name, value in said.items():
            if name in schemas:
                assert isinstance(value, kinds[schemas[name]["type"]]), name
                seen.add(name)
    assert len(seen) >= 0.9 * len(schemas), set(schemas) - seen


def test_a_run_follows_the_pattern() -> None:
    """The primary pattern as a regular expression over template ids, a word for each."""
    patterns = {each["id"]: each for each in profile()["patterns"]}

    def expression(name: str) -> str:
        told = patterns.get(name)
        if told is None:
            return f"(?:{re.escape(name)} )"
        for operator, sign in (("optional", "?"), ("zeroOrMore", "*"), ("oneOrMore", "+")):
            if operator in told:
                return f"(?:{expression(told[operator])}){sign}"
        if "alternates" in told:
            return "(?:" + "|".join(map(expression, told["alternates"])) + ")"
        return "".join(map(expression, told["sequence"]))

    (primary,) = (name for name, each in patterns.items() if each["primary"])
    whole = re.compile(expression(primary))

    def follows(*facts: type) -> bool:
        return whole.fullmatch("".join(f"{template_id(fact)} " for fact in facts)) is not None

    assert follows(*(type(example) for example in EXAMPLES))
    assert follows(SessionStarted, Watched), "the power was cut"
    assert follows(SessionStarted)
    assert not follows(Watched, SessionEnded)
    assert not follows(SessionStarted, SessionEnded, Watched)
    assert not follows()


@pytest.mark.parametrize(
    ("where", "member", "value", "words"),
    [
        ("concepts", "id", "https://elsewhere.invalid/verbs/x", "not ours"),
        ("concepts", "inScheme", "v9", "no version"),
        ("concepts", "prefLabel", {"en": "x"}, "both languages"),
        ("templates", "verb", "https://elsewhere.invalid/verbs/x", "nobody defines"),
        ("templates", "rules", [{"location": "$.x"}], "without presence"),
        ("templates", "rules", [{"location": "x", "presence": "included"}], "begin"),
        ("templates", "rules", [{"location": "$..x", "presence": "included"}], "more than"),
        ("patterns", "alternates", ["one"], "another form"),
        ("patterns", "optional", "x", "2 operators"),
    ],
)
def test_a_profile_that_breaks_a_rule_is_found(
    where: str, member: str, value: object, words: str
) -> None:
    told = copy.deepcopy(profile())
    told[where][0][member] = value
    assert any(words in fault for fault in faults(told)), faults(told)


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), "utf-8", newline="\n")
