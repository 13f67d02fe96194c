"""How often the proctor is wrong: simulated learners in every condition, and every attack.

The real models and the real machine of a check look at presentations on a clock of their own
(`tests/bench/attempts.py`). One factor is changed at a time, always for the same people and the
same draws, so the difference is the factor's. Figures are shares, 0 to 1; an attempt counts as
taken for an attack when it was rejected or referred for review (`tests/bench/accuracy.py`).

All results go to `out/proctor-accuracy.json`; `python -m tests.bench.accuracy_papers` makes
the tables and the curve of `docs/proctoring.md` of them.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from proctor.adapters.simulated import Person, Scene, Spec, Wear, demo_cast
from tests.bench import accuracy
from tests.bench.attempts import RULES, Booth, Made, Task

ROUNDS = int(os.environ.get("ANXUE_BENCH_ROUNDS", "10"))
"""Checks of each person in each condition; half as many more of each attack."""

PROCESSES = 2
CROWD_SEED = 20_261_124
OUT = Path(__file__).resolve().parents[2] / "out" / "proctor-accuracy.json"

HARMLESS = (Scene.LIVE, Scene.NOBODY)

Change = Callable[[Spec], Spec]

CONDITIONS: Mapping[str, Mapping[str, Change]] = {
    "light": {
        "half": lambda spec: replace(spec, light=0.5),
        "quarter": lambda spec: replace(spec, light=0.25),
    },
    "distance": {
        "far": lambda spec: replace(spec, near=0.75),
        "close": lambda spec: replace(spec, near=1.4),
    },
    "grain": {
        "5": lambda spec: replace(spec, noise=5.0),
        "8": lambda spec: replace(spec, noise=8.0),
    },
    "rate": {
        "10": lambda spec: replace(spec, fps=10.0),
        "30": lambda spec: replace(spec, fps=30.0),
    },
    "lost frames": {
        "10 %": lambda spec: replace(spec, drop=0.1),
        "25 %": lambda spec: replace(spec, drop=0.25),
    },
    "worn": {
        "glasses": lambda spec: replace(spec, wear=Wear.GLASSES),
        "mask": lambda spec: replace(spec, wear=Wear.MASK),
        "dark_glasses": lambda spec: replace(spec, wear=Wear.DARK_GLASSES),
    },
}
"""One factor changed at a time; what is usual is the spec's own preset."""

PEOPLE: Mapping[str, Mapping[str, object]] = {
    "skin": {"light": 0.0, "medium": 0.5, "dark": 1.0},
    "age": {"20": 20.0, "45": 45.0, "70": 70.0},
}
"""Factors of a person."""


def run() -> dict[str, object]:
    """All presentations, judged; also kept in `OUT`."""
    tasks = sorted(plan(ROUNDS), key=lambda task: task.spec.person.name)
    began = time.monotonic()
    made = carry_out(tasks)
    took_s = time.monotonic() - began
    found = accuracy.figures(made, RULES.risk_review) | {"took_s": took_s}
    keep(made, found)
    return found


def plan(rounds: int) -> list[Task]:
    """Every presentation of a run, the same for the same `rounds`."""
    cast = demo_cast().people
    return [*_honest(cast, rounds), *_attacks(cast, rounds)]


def _honest(cast: Sequence[Person], rounds: int) -> Iterator[Task]:
    for person, seed in product(cast, range(4 * rounds)):
        yield Task(Spec(person, seed=seed))
    for factor, changes in CONDITIONS.items():
        for (name, change), person, seed in product(changes.items(), cast, range(rounds)):
            covered = name in accuracy.COVERED
            spec = change(Spec(person, seed=seed))
            yield Task(spec, factor=factor, value=name, attempts=1 if covered else 3)
    for factor, values in PEOPLE.items():
        for (name, value), person, seed in product(values.items(), cast, range(rounds)):
            varied = person.model_copy(update={factor: value, "name": f"{person.name}-{name}"})
            yield Task(Spec(varied, seed=seed), factor=factor, value=name)


def _attacks(cast: Sequence[Person], rounds: int) -> Iterator[Task]:
    for scene in Scene:
        if scene in HARMLESS:
            continue
        for victim, seed in product(cast, range(3 * rounds // 2)):
            # everybody is attacked by everybody else in turn
            others = [each for each in cast if each is not victim]
            spec = Spec(
                victim, scene, light=_light(seed), seed=seed, other=others[seed % len(others)]
            )
            yield Task(spec, kind=scene.value, attempts=1)


def _light(seed: int) -> float:
    """Attackers choose their light: all of it, half, or a third."""
    return (1.0, 0.5, 0.33)[seed % 3]


def carry_out(tasks: Sequence[Task]) -> list[Made]:
    """In `PROCESSES` processes, each its own half, so that the order is the same every time."""
    halves = [tasks[number::PROCESSES] for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        return [made for half in pool.map(_carry_out, halves) for made in half]


def _carry_out(tasks: Sequence[Task]) -> list[Made]:
    os.environ["OMP_NUM_THREADS"] = "1"
    import cv2

    from proctor.adapters.models import FaceModels
    from resources.cache import cache_dir

    cv2.setNumThreads(1)
    booth = Booth(FaceModels.load(cache_dir() / "models"))
    made = []
    try:
        for number, task in enumerate(tasks, 1):
            made.append(booth.make(task))
            if number % 25 == 0:
                sys.stderr.write(f"proctor-accuracy: {number} / {len(tasks)}\n")
    finally:
        booth.models.close()
    return made


def keep(made: Sequence[Made], found: Mapping[str, object]) -> None:
    """Write everything to `OUT`."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "made_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": f"{platform.system()} {platform.release()}, {os.cpu_count()} cores",
        "rounds": ROUNDS,
        "risk_review": RULES.risk_review,
        "figures": found,
        "made": [asdict(each) for each in made],
    }
    OUT.write_text(json.dumps(told, ensure_ascii=False, indent=0) + "\n", "utf-8")
