"""What comes out of many attempts: rates by ISO/IEC 30107-3, by group, and a bench's figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from proctor.evaluation import (
    Decision,
    Difference,
    Judged,
    Rate,
    apcer,
    bpcer,
    det,
    difference,
    equal_error,
)
from tests.bench.attempts import Made, Tried
from tests.bench.figures import spread

COVERED = ("mask", "dark_glasses")
"""Learners who wear them are asked to take them off: a group of their own, in no BPCER."""


def honest(made: Iterable[Made]) -> list[Made]:
    """The living, but for those with something over their face."""
    return [each for each in made if not each.kind and each.value not in COVERED]


def attempts(made: Iterable[Made]) -> list[Judged]:
    """Each attempt as it was decided."""
    return [judged(each.kind, tried) for each in made for tried in each.tried]


def judged(kind: str, tried: Tried) -> Judged:
    """An attempt in the evaluation's own shape."""
    return Judged(kind, Decision(tried.decision), tried.reason, tried.risk)


def first_attempts(made: Iterable[Made]) -> list[Judged]:
    """Who fails once tries again, so later attempts are not like the first: rates are of those."""
    return [judged(each.kind, each.tried[0]) for each in made]


def check_rate(made: Iterable[Made]) -> Rate:
    """Checks that no attempt of which was accepted, of all."""
    checks = [each.tried[-1].decision != Decision.ACCEPTED.value for each in made]
    return Rate(sum(checks), len(checks))


def flagged(made: Iterable[Made], review: float) -> Rate:
    """Injected frames that pass although the camera is known for a virtual one."""
    injected = [each.tried[0] for each in made if each.kind == "injected"]
    passed = [
        tried.decision != Decision.REJECTED.value and tried.risk_flagged < review
        for tried in injected
    ]
    return Rate(sum(passed), len(passed))


def groups(made: Sequence[Made]) -> dict[str, dict[str, Rate]]:
    """First attempts of honest learners that failed, by factor and its value; "" the usual."""
    found: dict[str, dict[str, list[Made]]] = {}
    for each in honest(made):
        found.setdefault(each.factor, {}).setdefault(each.value, []).append(each)
    return {
        factor: {value: bpcer(first_attempts(part)) for value, part in sorted(values.items())}
        for factor, values in sorted(found.items())
    }


def gaps(made: Sequence[Made]) -> dict[str, dict[str, Difference]]:
    """How much more often each group fails than the usual conditions do."""
    rates = groups(made)
    usual = rates.get("", {}).get("", Rate(0, 0))
    return {
        factor: {value: difference(rate, usual) for value, rate in values.items()}
        for factor, values in rates.items()
        if factor
    }


def hints(made: Sequence[Made]) -> dict[str, Rate]:
    """How often a covered face was told what to take off."""
    found: dict[str, list[bool]] = {}
    for each in made:
        if not each.kind and each.value in COVERED:
            found.setdefault(each.value, []).append(any(tried.hint for tried in each.tried))
    return {value: Rate(sum(said), len(said)) for value, said in found.items()}


def reasons(made: Iterable[Made]) -> dict[str, Counter[str]]:
    """Why first attempts were not accepted, by kind; "" the living."""
    found: dict[str, Counter[str]] = {}
    for each in made:
        tried = each.tried[0]
        covered = not each.kind and each.value in COVERED
        if tried.decision != Decision.ACCEPTED.value and not covered:
            found.setdefault(each.kind, Counter())[tried.reason] += 1
    return found


def scores(made: Iterable[Made], *, risk_only: bool = False) -> dict[str, list[float]]:
    """Scores of first attempts by kind: of the whole check, or of the signs alone."""
    found: dict[str, list[float]] = {}
    for each in made:
        if not each.kind and each.value in COVERED:
            continue
        tried = each.tried[0]
        score = min(tried.risk, 1.0) if risk_only else judged(each.kind, tried).score
        found.setdefault(each.kind, []).append(score)
    return found


def figures(made: Sequence[Made], review: float) -> dict[str, object]:
    """The bench's figures: shares, 0 to 1; intervals are those of Clopper and Pearson, 95 %."""
    lives = honest(made)
    rate, check = bpcer(first_attempts(lives)), check_rate(lives)
    attacks = apcer(first_attempts([each for each in made if each.kind]))
    by_group = gaps(made)
    widest = max(
        (gap for values in by_group.values() for gap in values.values()),
        key=lambda gap: abs(gap.points),
        default=Difference(0.0, -1.0, 1.0),
    )
    told: dict[str, object] = {
        "bpcer": rate.share or 0.0,
        "bpcer_low": rate.interval[0],
        "bpcer_high": rate.interval[1],
        "bpcer_check": check.share or 0.0,
        "bpcer_check_high": check.interval[1],
        "apcer": {kind: each.share or 0.0 for kind, each in attacks.items()},
        "apcer_high": {kind: each.interval[1] for kind, each in attacks.items()},
        "group_gap": abs(widest.points),
        "group_gap_low": widest.low,
        "group_gap_high": widest.high,
        "hint_said": {value: each.share or 0.0 for value, each in hints(made).items()},
        "seconds_p50": sorted(_seconds(lives))[len(_seconds(lives)) // 2] if lives else 0.0,
        "n": len(attempts(made)),
        "n_honest": rate.of,
        "n_attack": {kind: each.of for kind, each in attacks.items()},
        "spread": spread(_seconds(lives)) if lives else 0.0,
    }
    known = flagged(made, review)
    if known.of:
        told["apcer_virtual_camera_known"] = known.share or 0.0
    living = scores(made).get("", [])
    attacking = [score for kind, found in scores(made).items() if kind for score in found]
    if living and attacking:
        told["equal_error"] = equal_error(det(living, attacking))
    return told


def _seconds(made: Iterable[Made]) -> list[float]:
    return [
        tried.seconds
        for each in made
        for tried in each.tried
        if tried.decision == Decision.ACCEPTED.value
    ]
