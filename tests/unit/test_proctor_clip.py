"""What people write about their clips is understood, or said; nothing is guessed or raises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor.clip import Asked, Remark, Statement, action_of, is_live, read
from proctor.schedule import Action, Place


def test_as_the_issue_says() -> None:
    text = json.dumps(
        {
            "person": "王",
            "actions": [{"at_s": 6.5, "action": "blink"}, {"at_s": 2, "action": "nod"}],
        }
    )
    assert read(text) == Statement("王", (Asked(2.0, Action.NOD), Asked(6.5, Action.BLINK)))


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("turn_left", Action.TURN_LEFT),
        ("turnLeft", Action.TURN_LEFT),
        ("Look-Left", Action.TURN_LEFT),
        ("LEFT", Action.TURN_LEFT),
        ("向左转头", Action.TURN_LEFT),
        ("head right", Action.TURN_RIGHT),
        ("mouth", Action.OPEN_MOUTH),
        ("open_mouth", Action.OPEN_MOUTH),
        ("张嘴", Action.OPEN_MOUTH),
        ("blink_twice", Action.BLINK),
        ("ｂｌｉｎｋ", Action.BLINK),
        ("点头", Action.NOD),
        ("follow the dot", Action.FOLLOW_DOT),
        ("smile", None),
        ("", None),
        ("turn", None),
    ],
)
def test_names_of_actions(name: str, action: Action | None) -> None:
    assert action_of(name) is action


def test_every_action_is_understood_by_its_own_name() -> None:
    assert [action_of(action.value) for action in Action] == list(Action)


@pytest.mark.parametrize("label", ["live", "LIVE", "Bona_Fide", "genuine", "真人"])
def test_the_living(label: str) -> None:
    assert is_live(label)


@pytest.mark.parametrize("label", ["print", "replay", "alive-mask", "", "deepfake"])
def test_everything_else_is_an_attack(label: str) -> None:
    assert not is_live(label)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("", Remark.NOT_JSON),
        ("{", Remark.NOT_JSON),
        ("[" * 100_000, Remark.NOT_JSON),
        ("[]", Remark.NOT_AN_OBJECT),
        ('{"person": ["a"]}', Remark.PERSON_ODD),
        ('{"actions": "blink"}', Remark.ACTIONS_ODD),
        ('{"actions": ["blink"]}', Remark.ACTIONS_ODD),
        ('{"actions": [{"at_s": 1, "action": "smile"}]}', Remark.ACTION_UNKNOWN),
        ('{"actions": [{"at_s": 1, "action": 7}]}', Remark.ACTION_UNKNOWN),
        ('{"actions": [{"at_s": -1, "action": "nod"}]}', Remark.TIME_ODD),
        ('{"actions": [{"at_s": NaN, "action": "nod"}]}', Remark.TIME_ODD),
        ('{"actions": [{"at_s": true, "action": "nod"}]}', Remark.TIME_ODD),
        ('{"actions": [{"action": "nod"}]}', Remark.TIME_ODD),
        ('{"actions": [{"at_s": 1, "action": "dot"}]}', Remark.DOT_UNKNOWN),
        ('{"actions": [{"at_s": 1, "action": "dot", "dot": ["up", "over"]}]}', Remark.DOT_UNKNOWN),
    ],
)
def test_what_is_odd_is_said(text: str, remark: Remark) -> None:
    found = read(text)
    assert [note.remark for note in found.notes] == [remark]
    assert found.actions == ()
    assert len(found.notes[0].detail) < 200


def test_one_odd_action_spoils_no_other() -> None:
    entries = [{"at_s": 1, "action": "smile"}, {"at_s": "3.5", "action": "left"}]
    found = read(json.dumps({"person": 12, "actions": entries}))
    assert found.person == "12"
    assert found.actions == (Asked(3.5, Action.TURN_LEFT),)


def test_a_dot_with_its_places() -> None:
    entry = {"at_s": 1, "action": "follow_dot", "dot": ["left", "Up"]}
    found = read(json.dumps({"actions": [entry]}))
    assert found.actions == (Asked(1.0, Action.FOLLOW_DOT, (Place.LEFT, Place.UP)),)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["person", "actions", "at_s", "action", "dot", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(json_values | st.fixed_dictionaries({"actions": st.lists(json_values, max_size=3)}))
def test_no_statement_raises(value: object) -> None:
    found = read(json.dumps(value))
    assert list(found.actions) == sorted(found.actions, key=lambda each: each.at_s)


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    read(text)
