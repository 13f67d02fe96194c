"""How likely it is that a camera shows a deception: several signs, one explained number.

No sign is a verdict. Each says what was measured and how much it weighs; together they
give a risk that stands in the record, and the platform decides what it means.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import prod


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


WEIGHTS: Mapping[Sign, float] = {
    Sign.LOOP: 0.85,
    Sign.FLAT: 0.80,
    Sign.VIRTUAL_CAMERA: 0.35,
    Sign.NO_NOISE: 0.35,
    Sign.PASSIVE_MODEL: 0.35,
    Sign.TOO_REGULAR: 0.35,
    Sign.NO_REFLECTION: 0.30,
    Sign.STILL: 0.30,
    Sign.MOIRE: 0.30,
    Sign.REPEATED_FRAMES: 0.25,
    Sign.STREAM_CHANGED: 0.25,
    Sign.BORDER: 0.20,
}
"""The risk that one sign at its strongest gives by itself.

Only two reach the policy's usual 0.6: the very same frames again, and a head that turned and
was flat. Of the others, each with honest causes, it takes three, or two of `TOGETHER`.
"""

TOGETHER: Mapping[frozenset[Sign], float] = {
    frozenset({Sign.NO_NOISE, Sign.TOO_REGULAR}): 0.50,
    frozenset({Sign.NO_NOISE, Sign.VIRTUAL_CAMERA}): 0.35,
    frozenset({Sign.NO_REFLECTION, Sign.TOO_REGULAR}): 0.45,
    frozenset({Sign.MOIRE, Sign.BORDER}): 0.30,
}
"""Pairs that say more than both apart: a camera that smooths still has a clock that trembles,
a virtual camera that passes on a real one passes on its grain, and a pattern with an edge
around it is a screen. Footage fed in shows no light of this screen, on a clock that no
camera has: without that pair 8 of 45 loops passed, those that began with what was asked
(`bench proctor-accuracy`), with it 1. A pattern with an edge weighs as much as a review needs:
1 of 6 recordings on a tablet did what was asked by chance, at 0.59 with a weight of 0.20."""


def level(value: float, nothing: float, full: float) -> float:
    """0 where `value` is at `nothing` or beyond, 1 at `full`, straight in between."""
    return min(1.0, max(0.0, (value - nothing) / (full - nothing)))


def combine(evidence: Iterable[Evidence]) -> Risk:
    """All evidence as one risk: the chance that at least one of independent signs is right.

    1 minus the product of (1 - weight * level), with the pairs of `TOGETHER` as signs of
    their own, as strong as the weaker of the two. The order of evidence does not matter, and
    no sign ever takes away from the risk.
    """
    found = sorted(evidence, key=lambda each: (-WEIGHTS[each.sign] * each.level, each.sign))
    levels = {each.sign: each.level for each in found}
    alone = prod(1 - WEIGHTS[sign] * strong for sign, strong in levels.items())
    pairs = prod(
        1 - weight * min(levels.get(sign, 0.0) for sign in pair)
        for pair, weight in TOGETHER.items()
    )
    return Risk(round(1 - alone * pairs, 6), tuple(found))
