"""The arithmetic of the proctor's evaluation: who counts to what, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from proctor.evaluation import Rate
from tests.bench import accuracy
from tests.bench.accuracy_papers import draw, tables
from tests.bench.attempts import Made, Tried
from tools.benches import wrong


def tried(decision: str = "accepted", reason: str = "", risk: float = 0.1, **more: object) -> Tried:
    told: dict[str, object] = {
        "risk_flagged": 0.8,
        "signs": {"moire": 0.6},
        "similarity": 0.9,
        "seconds": 4.0,
        "actions": ["nod"],
    }
    return Tried(decision=decision, reason=reason, risk=risk, **(told | more))  # type: ignore[arg-type]


def made(*attempts: Tried, kind: str = "", factor: str = "", value: str = "") -> Made:
    return Made(kind, factor, value, "somebody", 1, list(attempts))


LATE = tried("rejected", "not_answered")
DOUBTED = tried("referred", "risk", 0.7)
SEEN = [
    *[made(tried()) for _ in range(6)],
    made(LATE, tried()),
    made(LATE, DOUBTED, LATE),
    made(tried(), factor="light", value="half"),
    made(LATE, LATE, tried(), factor="light", value="half"),
    made(tried("rejected", "not_placed", hint="take_off_mask"), factor="worn", value="mask"),
    made(LATE, factor="worn", value="dark_glasses"),
    made(LATE, kind="print"),
    made(DOUBTED, kind="print"),
    made(tried(risk=0.3), kind="injected"),
    made(tried("rejected", "other_person", risk=0.0, risk_flagged=0.5), kind="injected"),
]


PHOTOGRAPHS = {
    "photographs": 5, "people": 3, "same_least": 0.71, "same_below_accept": 0,
    "same_below_alert": 0, "same_pairs": 9, "other_most": 0.27, "other_accepted": 0,
    "other_pairs": 21, "dimmed_least": 0.97, "mask_most": 0.0, "dark_glasses_most": 0.0,
}  # fmt: skip


def test_who_counts_to_what() -> None:
    found = accuracy.figures(SEEN, 0.6)
    assert found["bpcer"] == pytest.approx(3 / 10)
    assert found["bpcer_check"] == pytest.approx(1 / 10)
    assert found["apcer"] == {"injected": 0.5, "print": 0.0}
    assert found["n_attack"] == {"injected": 2, "print": 2}
    assert found["hint_said"] == {"mask": 1.0, "dark_glasses": 0.0}
    assert found["group_gap"] == pytest.approx(1 / 2 - 2 / 8)
    assert found["apcer_virtual_camera_known"] == 0.0
    assert found["n"] == 21
    assert wrong(found) == ""


def test_groups_are_of_first_attempts() -> None:
    assert accuracy.groups(SEEN) == {"": {"": Rate(2, 8)}, "light": {"half": Rate(1, 2)}}
    assert accuracy.gaps(SEEN)["light"]["half"].points == pytest.approx(0.25)


def test_a_curve_of_the_whole_check_knows_who_failed_the_actions() -> None:
    assert accuracy.scores(SEEN)["print"] == [1.0, 0.7]
    assert accuracy.scores(SEEN, risk_only=True)["print"] == [0.1, 0.7]
    assert len(accuracy.scores(SEEN)[""]) == 10, "nobody with a mask"


def test_nothing_at_all_is_no_error() -> None:
    assert accuracy.figures([], 0.6)["bpcer"] == 0.0


def test_tables_and_a_curve(tmp_path: Path) -> None:
    told = {
        "made_at": "2026-11-24",
        "machine": "Linux",
        "rounds": 1,
        "risk_review": 0.6,
        "figures": accuracy.figures(SEEN, 0.6)
        | {"took_s": 60.0, "made": 16, "planned": 20, "photographs": PHOTOGRAPHS},
    }
    text = tables(SEEN, told)
    assert "| BPCER, one attempt | 3 | 10 | 30.0 % | 6.7 % to 65.2 % | ≤ 2.0 % | " in text
    assert "| APCER `injected` | 1 | 2 | 50.0 % |" in text
    assert "| light: half | 1 | 2 | 50.0 % | +25.0 (" in text
    assert "16 of 20 presentations in 1 minutes" in text
    assert "| mask | 1 | 1 |" in text
    assert "| 0.71, 0 of 9 |" in text
    draw(SEEN, tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
