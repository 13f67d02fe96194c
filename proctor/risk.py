"""How likely it is that a camera shows a deception: several signs, one explained number.

No sign is a verdict. Each says what was measured and how much it weighs; together they
give a risk that stands in the record, and the platform decides what it means.
"""

from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    """What speaks against a living person before an ordinary camera."""

    FLAT = "flat"
    NO_REFLECTION = "no_reflection"
    STILL = "still"
    MOIRE = "moire"
    BORDER = "border"
    REPEATED_FRAMES = "repeated_frames"
    LOOP = "loop"
    TOO_REGULAR = "too_regular"
    NO_NOISE = "no_noise"
    STREAM_CHANGED = "stream_changed"
    VIRTUAL_CAMERA = "virtual_camera"
    PASSIVE_MODEL = "passive_model"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign. level: 0 nothing to 1 as strong as it gets. value: what was measured, in the
    sign's own unit (`proctor.signs` names them).
    """

    sign: Sign
    level: float
    value: float


@dataclass(frozen=True, slots=True)
class Risk:
    """score: 0 to 1. evidence: every sign that could be measured, strongest first."""

    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Those that weigh anything, strongest first."""
        return tuple(each.sign for each in self.evidence if each.level >= 0.5)
