"""How often the proctor is wrong: counts, exact intervals, and what they are called.

The words are those of ISO/IEC 30107-3. An attack of one kind that is taken for a living
learner counts to that kind's APCER, a living learner who is taken for an attack to the
BPCER; who gave the program nothing to judge (no face, a broken file) is a non-response and
counts to neither. Kinds of attack are never pooled: the worst one is what an attacker uses.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

CONFIDENCE = 0.95

_HALVINGS = 60
"""Steps of a bisection: more than a double can tell apart."""


class Decision(StrEnum):
    """What became of a presentation. Only ACCEPTED takes it for a living learner.

    REFERRED: the actions were done, but the risk is such that the platform looks at it.
    NO_RESPONSE: there was nothing to judge.
    """

    ACCEPTED = "accepted"
    REFERRED = "referred"
    REJECTED = "rejected"
    NO_RESPONSE = "no_response"


@dataclass(frozen=True, slots=True)
class Rate:
    """`errors` of `of` presentations."""

    errors: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.errors <= self.of:
            raise ValueError(f"{self.errors} errors of {self.of}")

    @property
    def share(self) -> float | None:
        """0 to 1; None where there was none to judge."""
        return self.errors / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of Clopper and Pearson, exact for any size."""
        return clopper_pearson(self.errors, self.of)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more often one group meets an error than another, as shares, 95 % interval."""

    points: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One presentation. kind: "" a living learner, else the attack's name. reason: why it was
    not accepted, "" otherwise. risk: 0 to 1, as the signs gave it.
    """

    kind: str
    decision: Decision
    reason: str = ""
    risk: float = 0.0

    @property
    def score(self) -> float:
        """What a threshold can be laid on: the risk, and 1 for whoever failed the actions."""
        return 1.0 if self.decision is Decision.REJECTED else min(self.risk, 1.0)


@dataclass(frozen=True, slots=True)
class DetPoint:
    """Errors when everything with at least `threshold` counts as an attack."""

    threshold: float
    apcer: float
    bpcer: float


def clopper_pearson(errors: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Exact interval of a share: the probabilities under which what was seen is no surprise.

    (0, 1) where nothing was looked at. Agrees with scipy's to 1e-9 (tests).
    """
    tail = (1 - confidence) / 2
    low = 0.0 if errors == 0 else _root(lambda p: _at_least(errors, of, p) - tail)
    high = 1.0 if errors == of else _root(lambda p: tail - _at_most(errors, of, p))
    return low, high


def rule_of_three(of: int) -> float:
    """The highest share that no error at all in `of` presentations still allows (95 %)."""
    return clopper_pearson(0, of, 0.90)[1]


def wilson(errors: int, of: int) -> tuple[float, float]:
    """Score interval of a share, 95 %; only as a part of `difference`."""
    if not of:
        return 0.0, 1.0
    z, share = 1.959963984540054, errors / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(one: Rate, other: Rate) -> Difference:
    """`one` less `other`, by Newcombe's hybrid score method (1998, his number 10)."""
    p, q = one.share or 0.0, other.share or 0.0
    (p_low, p_high), (q_low, q_high) = wilson(one.errors, one.of), wilson(other.errors, other.of)
    return Difference(
        p - q,
        p - q - math.hypot(p - p_low, q_high - q),
        p - q + math.hypot(p_high - p, q - q_low),
    )


def bpcer(judged: Iterable[Judged]) -> Rate:
    """Living learners who were taken for an attack."""
    lives = [each for each in judged if not each.kind and _responded(each)]
    return Rate(sum(each.decision is not Decision.ACCEPTED for each in lives), len(lives))


def apcer(judged: Iterable[Judged]) -> dict[str, Rate]:
    """Attacks that were taken for living learners, each kind by itself, by name."""
    kinds: dict[str, list[bool]] = {}
    for each in judged:
        if each.kind and _responded(each):
            kinds.setdefault(each.kind, []).append(each.decision is Decision.ACCEPTED)
    return {kind: Rate(sum(found), len(found)) for kind, found in sorted(kinds.items())}


def non_response(judged: Iterable[Judged]) -> dict[str, Rate]:
    """Presentations that could not be judged, by kind; "" are the living."""
    kinds: dict[str, list[bool]] = {}
    for each in judged:
        kinds.setdefault(each.kind, []).append(not _responded(each))
    return {kind: Rate(sum(found), len(found)) for kind, found in sorted(kinds.items())}


def det(lives: Sequence[float], attacks: Sequence[float]) -> tuple[DetPoint, ...]:
    """All that a threshold on scores can reach, from accepting few to accepting all.

    lives, attacks: their scores, 0 to 1. Both must hold some.
    """
    if not lives or not attacks:
        raise ValueError("a curve needs the living and attacks")
    thresholds = sorted({*lives, *attacks})
    thresholds.append(math.nextafter(max(1.0, thresholds[-1]), math.inf))
    return tuple(
        DetPoint(
            at,
            sum(score < at for score in attacks) / len(attacks),
            sum(score >= at for score in lives) / len(lives),
        )
        for at in thresholds
    )


def equal_error(points: Sequence[DetPoint]) -> float:
    """The error where both kinds are alike, between the two nearest points' middles."""
    nearest = min(points, key=lambda each: abs(each.apcer - each.bpcer))
    return (nearest.apcer + nearest.bpcer) / 2


def _responded(judged: Judged) -> bool:
    return judged.decision is not Decision.NO_RESPONSE


def _at_least(errors: int, of: int, p: float) -> float:
    """P(X >= errors) for a binomial X."""
    return _sum(range(errors, of + 1), of, p)


def _at_most(errors: int, of: int, p: float) -> float:
    return _sum(range(errors + 1), of, p)


def _sum(counts: range, of: int, p: float) -> float:
    if p <= 0:
        return 1.0 if 0 in counts else 0.0
    if p >= 1:
        return 1.0 if of in counts else 0.0
    whole, hit, miss = math.lgamma(of + 1), math.log(p), math.log1p(-p)
    return math.fsum(
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * hit + (of - k) * miss)
        for k in counts
    )


def _root(rising: Callable[[float], float]) -> float:
    """Where a function that rises from 0 to 1 crosses zero."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
