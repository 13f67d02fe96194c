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
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from proctor.adapters.models import FaceModels
from proctor.adapters.simulated import Person, Scene, Spec, Wear, demo_cast
from proctor.adapters.simulated.crowd import ORIGINS, crowd
from resources.cache import cache_dir
from tests.bench import accuracy, photographs
from tests.bench.attempts import RULES, Booth, Made, Task

ROUNDS = int(os.environ.get("ANXUE_BENCH_ROUNDS", "10"))
"""Checks of each person in each condition; half as many more of each attack."""

MINUTES = float(os.environ.get("ANXUE_BENCH_MINUTES", "40"))
"""After so long no new presentation is begun: what is left out is a random part of everything."""

PHOTOGRAPHS = os.environ.get("ANXUE_BENCH_PHOTOS", "")
"""A folder of free photographs (`tests/bench/photographs.py`); none: they are left out."""

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
    "skin": {"pale": 0.0, "dark": 0.6, "very dark": 1.0},
    "age": {"20": 20.0, "70": 70.0},
}
"""Factors of a person."""


def run() -> dict[str, object]:
    """All presentations, judged; also kept in `OUT`."""
    began = time.monotonic()
    everybody, dropped = people(round(1.2 * ROUNDS))
    tasks = plan(ROUNDS, everybody)
    made = carry_out(tasks, began + 60 * MINUTES)
    found: dict[str, object] = accuracy.figures(made, RULES.risk_review) | {
        "took_s": time.monotonic() - began,
        "planned": len(tasks),
        "made": len(made),
        "crowd": len(everybody),
        "crowd_dropped": dropped,
    }
    if PHOTOGRAPHS:
        found["photographs"] = photographs.measured(Path(PHOTOGRAPHS))
    keep(made, found)
    return found


def people(count: int) -> tuple[tuple[Person, ...], int]:
    """A crowd beside the cast, and how many computed faces were no faces to the models."""
    models = _models()
    try:
        found = crowd(CROWD_SEED, count, lambda picture, at_ns: models.observe(picture, at_ns))
    finally:
        models.close()
    return found.people, len(found.dropped)


def plan(rounds: int, everybody: Sequence[Person] = ()) -> list[Task]:
    """Every presentation of a run, the same for the same arguments; `everybody`: a crowd."""
    cast = demo_cast().people
    return [*_honest(cast, rounds), *_crowded(everybody, rounds), *_attacks(cast, rounds)]


def _crowded(everybody: Sequence[Person], rounds: int) -> Iterator[Task]:
    for person, seed in product(everybody, range(rounds)):
        origin = next(name for name, (shares, _) in ORIGINS.items() if shares == person.origin)
        yield Task(Spec(person, seed=seed), factor="crowd", value=origin)


def _honest(cast: Sequence[Person], rounds: int) -> Iterator[Task]:
    for person, seed in product(cast, range(3 * rounds)):
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


def carry_out(tasks: Sequence[Task], until_s: float) -> list[Made]:
    """In `PROCESSES` processes, each its own part, so that the order is the same every time.

    until_s: on the monotonic clock, which all processes of a machine share.
    """
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        ends = [until_s] * PROCESSES
        parts = pool.map(_carry_out, shared_out(tasks), range(PROCESSES), ends)
        return [made for part in parts for made in part]


def shared_out(tasks: Sequence[Task]) -> list[list[Task]]:
    """Parts of about the same work. Everybody is in one only: nobody is rendered twice."""
    apart: dict[str, list[Task]] = {}
    for task in tasks:
        key = "" if task.kind else task.spec.dressed.model_dump_json()
        apart.setdefault(key, []).append(task)
    attacks = apart.pop("", [])
    parts = [attacks[number::PROCESSES] for number in range(PROCESSES)]
    for group in sorted(apart.values(), key=len, reverse=True):
        min(parts, key=len).extend(group)
    for part in parts:  # whoever looks in the middle sees something of everything
        random.Random(CROWD_SEED).shuffle(part)
    return parts


def _carry_out(tasks: Sequence[Task], number: int, until_s: float) -> list[Made]:
    os.environ["OMP_NUM_THREADS"] = "1"
    import cv2

    cv2.setNumThreads(1)
    booth, made = Booth(_models()), []
    partly = OUT.with_suffix(f".{number}.jsonl")
    partly.parent.mkdir(parents=True, exist_ok=True)
    try:
        with partly.open("w", encoding="utf-8") as log:
            for place, task in enumerate(tasks, 1):
                if time.monotonic() > until_s:
                    break
                made.append(booth.make(task))
                log.write(json.dumps(asdict(made[-1]), ensure_ascii=False) + "\n")
                log.flush()
                if place % 25 == 0:
                    sys.stderr.write(f"proctor-accuracy {number}: {place} / {len(tasks)}\n")
    finally:
        booth.models.close()
    return made


def _models() -> FaceModels:
    return FaceModels.load(cache_dir() / "models")


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
