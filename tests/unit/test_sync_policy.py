"""Presets that no check could be carried out by are refused where a policy is made."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.planning import rules_of
from sync.contract import Policy


@pytest.mark.parametrize(
    ("presets", "why"),
    [
        ({"check_set": ("nod", "blink")}, "turn"),
        ({"check_set": ()}, "turn"),
        ({"check_set": ("turn_left",)}, "smaller"),
        ({"check_set": ("turn_left", "nod", "nod")}, "twice"),
        ({"check_min_gap_s": 800, "check_max_gap_s": 100}, "check_min_gap_s"),
        ({"match_accept": 0.3}, "match_alert"),
        ({"check_alternative": ("nod",)}, "check_alternative"),
    ],
)
def test_presets_that_do_not_fit_together_are_refused(presets: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Policy(**presets)


def test_what_is_accepted_can_be_carried_out() -> None:
    rules_of(Policy())
    rules_of(Policy(check_alternative=()))
    rules_of(Policy(check_set=("turn_left",), check_actions=1, check_alternative=("nod",)))
