"""Which rendition is played."""

import pytest

from player.events import Mode
from player.quality import rendition_for

FLUENT, STANDARD, HIGH = Mode.FLUENT, Mode.STANDARD, Mode.HIGH


@pytest.mark.parametrize(
    ("offered", "chosen", "cap", "played"),
    [
        ({FLUENT, STANDARD, HIGH}, STANDARD, HIGH, STANDARD),
        ({FLUENT, STANDARD, HIGH}, HIGH, STANDARD, STANDARD),
        ({FLUENT, HIGH}, STANDARD, HIGH, FLUENT),
        ({STANDARD, HIGH}, FLUENT, HIGH, STANDARD),
        ({HIGH}, FLUENT, FLUENT, HIGH),
    ],
)
def test_the_choice_within_what_is_offered_and_allowed(
    offered: set[Mode], chosen: Mode, cap: Mode, played: Mode
) -> None:
    assert rendition_for(offered, chosen, cap) is played


def test_a_film_without_renditions_is_an_error() -> None:
    with pytest.raises(ValueError, match="without renditions"):
        rendition_for((), HIGH)
