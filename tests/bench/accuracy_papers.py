"""The tables and the curve of `docs/proctoring.md`, made of what `bench proctor-accuracy` kept.

python -m tests.bench.accuracy_papers [out/proctor-accuracy.json]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from proctor.evaluation import Difference, Rate, apcer, bpcer, det, equal_error
from tests.bench import accuracy
from tests.bench.attempts import Made, Tried

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "out" / "proctor-accuracy.json"
DOCUMENT = ROOT / "docs" / "proctoring.md"
CURVE = ROOT / "docs" / "proctoring-det.png"
BEGIN, END = "<!-- accuracy: begin -->", "<!-- accuracy: end -->"

LEAST = 0.05
"""Per cent: the least that the curve's logarithmic axes show; nothing at all lies there."""

THRESHOLDS = [number / 100 for number in range(1, 101)]

TARGET_BPCER, TARGET_CHECK, TARGET_APCER = 0.02, 0.001, 0.05


def main() -> int:
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else KEPT
    told = json.loads(kept.read_text("utf-8"))
    made = read(told["made"])
    text = DOCUMENT.read_text("utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    DOCUMENT.write_text(f"{head}{BEGIN}\n{tables(made, told)}\n{END}{tail}", "utf-8")
    draw(made, CURVE)
    return 0


def read(rows: Iterable[dict[str, Any]]) -> list[Made]:
    """The outcomes as they were kept."""
    return [Made(**{**row, "tried": [Tried(**tried) for tried in row["tried"]]}) for row in rows]


def tables(made: Sequence[Made], told: dict[str, Any]) -> str:
    """Everything as Markdown."""
    lines = [
        (
            f"{told['made_at']}, {told['machine']}, `ANXUE_BENCH_ROUNDS={told['rounds']}`, "
            f"{told['figures']['made']} of {told['figures']['planned']} presentations in "
            f"{told['figures']['took_s'] / 60:.0f} minutes, {told['figures']['n']} attempts. "
            "Intervals are 95 %, Clopper and Pearson's."
        ),
        "",
        *_errors(made),
        "",
        *_groups(made),
        "",
        *_covered(made),
        *_signs(made, told["risk_review"]),
        *_photographs(told["figures"].get("photographs", {})),
    ]
    return "\n".join(lines)


def _errors(made: Sequence[Made]) -> list[str]:
    lives = accuracy.honest(made)
    first = accuracy.first_attempts(made)
    why = accuracy.reasons(made)
    lines = [
        "| | taken for the other | of | share | 95 % interval | target | why not accepted |",
        "|---|---|---|---|---|---|---|",
        _row("BPCER, one attempt", bpcer(accuracy.first_attempts(lives)), TARGET_BPCER, why, ""),
        _row("BPCER, a check of three", accuracy.check_rate(lives), TARGET_CHECK, {}, ""),
    ]
    lines += [
        _row(f"APCER `{kind}`", rate, TARGET_APCER, why, kind)
        for kind, rate in apcer(first).items()
    ]
    return lines


def _row(title: str, rate: Rate, target: float, why: dict[str, Any], kind: str) -> str:
    low, high = rate.interval
    reasons = ", ".join(f"{reason} {count}" for reason, count in why.get(kind, _NONE).most_common())
    return (
        f"| {title} | {rate.errors} | {rate.of} | {_percent(rate.share)} | "
        f"{_percent(low)} to {_percent(high)} | ≤ {_percent(target)} | {reasons} |"
    )


class _Nothing:
    def most_common(self) -> list[tuple[str, int]]:
        return []


_NONE = _Nothing()


def _groups(made: Sequence[Made]) -> list[str]:
    rates, gaps = accuracy.groups(made), accuracy.gaps(made)
    usual = rates.get("", {}).get("", Rate(0, 0))
    lines = [
        "| one factor changed | failed first attempts | of | share | points more than usual |",
        "|---|---|---|---|---|",
        f"| nothing (usual) | {usual.errors} | {usual.of} | {_percent(usual.share)} | |",
    ]
    for factor, values in gaps.items():
        for value, gap in values.items():
            rate = rates[factor][value]
            lines.append(
                f"| {factor}: {value} | {rate.errors} | {rate.of} | {_percent(rate.share)} | "
                f"{_points(gap)} |"
            )
    return lines


def _covered(made: Sequence[Made]) -> list[str]:
    told = accuracy.hints(made)
    if not told:
        return []
    lines = ["| something over the face | asked to take it off | of |", "|---|---|---|"]
    lines += [f"| {value} | {rate.errors} | {rate.of} |" for value, rate in told.items()]
    return [*lines, ""]


def _signs(made: Sequence[Made], review: float) -> list[str]:
    """How often each sign weighed something (level of one half or more), by kind."""
    kinds: dict[str, list[Tried]] = {}
    for each in made:
        if each.kind or each.value not in accuracy.COVERED:
            kinds.setdefault(each.kind, []).append(each.tried[0])
    names = sorted({name for found in kinds.values() for tried in found for name in tried.signs})
    if not names:
        return []
    lines = [
        "| share with a sign | " + " | ".join(names) + f" | risk, median | risk ≥ {review:g} |",
        "|---" * (len(names) + 3) + "|",
    ]
    for kind, found in sorted(kinds.items()):
        cells = [
            f"{100 * sum(t.signs.get(name, 0.0) >= 0.5 for t in found) / len(found):.0f} %"
            for name in names
        ]
        risks = sorted(tried.risk for tried in found)
        over = sum(risk >= review for risk in risks) / len(risks)
        middle = risks[len(risks) // 2]
        title = kind or "living"
        lines.append(f"| {title} | {' | '.join(cells)} | {middle:.2f} | {100 * over:.0f} % |")
    return lines


def _photographs(told: dict[str, float]) -> list[str]:
    if not told:
        return []
    return [
        "",
        "| free photographs of real people, each also at a third of the light | |",
        "|---|---|",
        f"| people / photographs | {told['people']:.0f} / {told['photographs']:.0f} |",
        (
            f"| same person: least cosine, pairs below the 0.45 that is asked for | "
            f"{told['same_least']:.2f}, {told['same_below_accept']:.0f} of "
            f"{told['same_pairs']:.0f} |"
        ),
        (
            f"| other people: most, pairs taken for the same | "
            f"{told['other_most']:.2f}, {told['other_accepted']:.0f} of {told['other_pairs']:.0f} |"
        ),
        f"| the same picture in a third of its light: least | {told['dimmed_least']:.2f} |",
        (
            f"| bare faces that read as masked / as behind dark glasses, most | "
            f"{told['mask_most']:.2f} / {told['dark_glasses_most']:.2f} |"
        ),
    ]


def draw(made: Sequence[Made], file: Path) -> None:
    """The detection error trade-off of the whole check, and what each threshold would let pass."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    found = accuracy.scores(made)
    lives = found.get("", [])
    figure, (curve, pass_by) = plt.subplots(1, 2, figsize=(11, 4.8), dpi=100)
    for number, kind in enumerate(sorted(kind for kind in found if kind)):
        points = det(lives, found[kind])
        colour, floor = plt.get_cmap("tab10")(number), LEAST * 1.13**number
        curve.step(
            [max(100 * point.bpcer, floor) for point in points],
            [max(100 * point.apcer, floor) for point in points],
            where="post",
            label=f"{kind} (EER {100 * equal_error(points):.1f} %)",
            color=colour,
        )
        shares = [100 * sum(s < at for s in found[kind]) / len(found[kind]) for at in THRESHOLDS]
        pass_by.plot(THRESHOLDS, shares, label=f"APCER {kind}", color=colour)
    failed = [100 * sum(score >= at for score in lives) / len(lives) for at in THRESHOLDS]
    pass_by.plot(THRESHOLDS, failed, label="BPCER", color="black", linewidth=2.5)
    pass_by.axvline(0.6, color="grey", linestyle=":", linewidth=1)
    curve.set(xscale="log", yscale="log", xlim=(LEAST / 2, 100), ylim=(LEAST / 2, 100))
    curve.axvline(100 * TARGET_BPCER, color="grey", linestyle=":", linewidth=1)
    curve.axhline(100 * TARGET_APCER, color="grey", linestyle=":", linewidth=1)
    curve.set(xlabel="BPCER, %", ylabel="APCER, %", title="detection error trade-off")
    pass_by.set(xlabel="risk from which on a pass is referred", ylabel="%", title="errors")
    for axis in (curve, pass_by):
        axis.grid(visible=True, alpha=0.25)
        axis.legend(fontsize=7, loc="upper right" if axis is curve else "upper left")
    figure.tight_layout()
    figure.savefig(file)
    plt.close(figure)


def _percent(share: float | None) -> str:
    if share is None:
        return "–"
    digits = 2 if 0 < share < 0.01 else 1
    return f"{100 * share:.{digits}f} %"


def _points(gap: Difference) -> str:
    return f"{100 * gap.points:+.1f} ({100 * gap.low:+.1f} to {100 * gap.high:+.1f})"


if __name__ == "__main__":
    sys.exit(main())
