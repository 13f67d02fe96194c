"""The inks of the stage: light on the dark film, dark on the screen's own light.

While a check gives light (`proctor.light.TINT_RGB`) the stage is as bright as a window, so
that it is seen on a face. Every ink of `LIT` has 4.5:1 on each of these colours; the least,
on blue, is 4.8 (`tests/ui/test_check_overlay.py` computes them).
"""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtGui import QColor

from app.ui.theme import LIGHT, colour
from proctor.light import TINT_RGB
from proctor.schedule import Tint

InkName = Literal["text", "second", "primary", "success", "attention", "danger"]


@dataclass(frozen=True, slots=True)
class Ink:
    """What is written with, each `#RRGGBB`.

    faint: the part of a ring that is used up. mark: on a filled badge.
    """

    text: str
    second: str
    primary: str
    success: str
    attention: str
    danger: str
    faint: str
    mark: str


DARK_STAGE: Final = Ink(
    text=LIGHT.on_stage,
    second=LIGHT.stage_second,
    primary=LIGHT.stage_primary,
    success=LIGHT.stage_success,
    attention=LIGHT.stage_attention,
    danger=LIGHT.stage_danger,
    faint="#39424B",
    mark=LIGHT.stage,
)
LIT: Final = Ink(
    text="#0E1822",
    second="#233240",
    primary="#0A3F7A",
    success="#0A4A30",
    attention="#6B3200",
    danger="#7A1712",
    faint="#8C97A3",
    mark="#FFFFFF",
)


def ink_of(tint: str) -> Ink:
    """The ink to write with while the screen gives this light, "" for none."""
    return LIT if tint else DARK_STAGE


def ground_of(tint: str) -> QColor:
    """The stage's own colour under a check; without light the film shines through a little."""
    if not tint:
        return colour(LIGHT.stage, 0.93)
    return QColor(*TINT_RGB[Tint(tint)])
