"""A crowd of invented people for the evaluation: varied, friendly, and screened.

Not everybody whom numbers can describe looks like a living person to the face models (about one in
eight does not), which says nothing about people: those are left out, and it is told how many, and
why. Faces of a crowd resemble one another too much to say anything about identity
(`shared/measured/learner.md`): strangers are taken from the demo's cast.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from proctor.adapters.simulated import clips as store
from proctor.adapters.simulated.casting import Colour, Person
from proctor.adapters.simulated.motion import ACTING, NEUTRAL, ClipPlan, Pose
from proctor.observation import Face, FaceObservation
from proctor.ports import Picture

Look = Callable[[Picture, int], FaceObservation]
"""The models' judgement of a picture at a time in nanoseconds that only grows."""

LOOKS = 6
"""How often each state is looked at: in video mode the models smooth over time."""

EYES_OPEN, EYES_CLOSED, JAW, YAW_DEG, NOD_DEG = 0.25, 0.55, 0.6, 20.0, 8.0
"""What has to be read from everybody; the demo's cast is held to the same."""

ORIGINS: dict[str, tuple[tuple[float, float, float], tuple[float, float]]] = {
    "asian": ((0.0, 1.0, 0.0), (0.1, 0.45)),
    "african": ((1.0, 0.0, 0.0), (0.6, 0.95)),
    "caucasian": ((0.0, 0.0, 1.0), (0.02, 0.3)),
}
"""Shares as in cast.toml, and how pale or dark the skin is."""

_JACKETS: tuple[Colour, ...] = ((72, 92, 122), (96, 104, 84), (84, 84, 92), (110, 88, 72))
_VESTS: tuple[Colour | None, ...] = (None, (240, 120, 30), (196, 214, 52))


@dataclass(frozen=True, slots=True)
class Crowd:
    """people: who is taken for a living person. dropped: who is not, and why."""

    people: tuple[Person, ...]
    dropped: tuple[tuple[str, str], ...]


def candidates(seed: int) -> Iterator[Person]:
    """Grown-up people without end: origins and sexes in turn, all else by the seed."""
    number = 0
    while True:
        random = np.random.default_rng([seed, number])
        origin = list(ORIGINS)[number % len(ORIGINS)]
        yield _draw(f"crowd{seed}_{number:03}", origin, float(number // len(ORIGINS) % 2), random)
        number += 1


def _draw(name: str, origin: str, male: float, random: np.random.Generator) -> Person:
    shares, (pale, dark) = ORIGINS[origin]
    age = float(random.uniform(18, 65))
    grey = age > 55 and random.random() < 0.6
    ink = int(random.integers(14, 40))
    shade = float(random.uniform(0, 1)) if origin == "caucasian" else 0.0
    hair = (120, 116, 112) if grey else (ink + int(70 * shade), ink + int(45 * shade), ink)
    hairdo = ("short", "crop")[int(random.integers(2))] if male else "tied"
    iris = (70, 45, 28) if shade < 0.5 else (78, 96, 110)
    return Person.model_validate(
        {
            "name": name,
            "label_zh": name,
            "label_en": name,
            "seed": int(random.integers(1, 2**31)),
            "male": male,
            "age": age,
            "origin": shares,
            "skin": float(random.uniform(pale, dark)),
            "vary": float(random.uniform(0.25, 0.5)),
            "weight": float(random.uniform(-0.2, 0.5)),
            "smile": float(random.uniform(0.28, 0.4)),
            "hair": hair,
            "iris": iris,
            "hairdo": hairdo,
            "brow": (float(random.uniform(0.015, 0.025)), float(random.uniform(0.025, 0.045))),
            "stubble": float(random.uniform(0, 0.3)) if male else 0.0,
            "jacket": _JACKETS[int(random.integers(len(_JACKETS)))],
            "vest": _VESTS[int(random.integers(len(_VESTS)))],
            "room": int(random.integers(1, 4)),
            "shapes": {"mouth-angles-up": 0.3},
        }
    )


def crowd(seed: int, count: int, look: Look, begin_ns: int = 0) -> Crowd:
    """The first `count` of the seed's people whom the models take for living ones.

    Who they are is remembered in the cache, so the models look at them once. Raises
    StudioUnavailable without OpenGL.
    """
    path = store.cache_folder() / f"crowd-{store.ways()}-{seed}.json"
    told = _remembered(path)
    people: list[Person] = []
    dropped: list[tuple[str, str]] = []
    at_ns = begin_ns
    for person in candidates(seed):
        if len(people) == count:
            break
        key = store.fingerprint(person)
        if key not in told:
            told[key], at_ns = screened(person, look, at_ns)
            _remember(path, told)
        if told[key]:
            dropped.append((person.name, told[key]))
        else:
            people.append(person)
    return Crowd(tuple(people), tuple(dropped))


def _remembered(path: Path) -> dict[str, str]:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(why) for key, why in told.items()} if isinstance(told, dict) else {}


def _remember(path: Path, told: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(told, indent=1), "utf-8")
    draft.replace(path)


def _fullest(action: str) -> Pose:
    poses = ACTING[action].poses
    return max(poses, key=lambda p: abs(p.yaw) / 30 + abs(p.pitch) / 17 + p.jaw + p.blink)


def screened(person: Person, look: Look, at_ns: int = 0) -> tuple[str, int]:
    """Why the models would not take that person for a living one, "" if they do; the time then.

    Renders one picture of each state, which takes three seconds.
    """
    from proctor.adapters.simulated.studio.shoot import shoot

    poses = (NEUTRAL, *(_fullest(action) for action in ACTING))
    plan = ClipPlan(poses, tuple(range(len(poses))))
    shots = shoot(person, lambda _: None, quick=True, plans={"states": plan})
    faces: dict[str, Face] = {}
    for number, state in enumerate(("neutral", *ACTING)):
        seen: FaceObservation | None = None
        for _ in range(LOOKS):
            at_ns += 66_000_000
            seen = look(shots.picture("states", number), at_ns)
        if seen is None or seen.face is None or seen.count != 1:
            return f"not found: {state}", at_ns
        faces[state] = seen.face
    return _judged(faces), at_ns


def _judged(faces: dict[str, Face]) -> str:
    rest = faces["neutral"]
    gates = {
        "eyes open": rest.eyes_closed <= EYES_OPEN,
        "eyes closed": faces["blink"].eyes_closed >= EYES_CLOSED,
        "mouth closed": rest.jaw_open <= 0.2,
        "mouth open": faces["open_mouth"].jaw_open >= JAW,
        "turn left": faces["turn_left"].yaw_deg > YAW_DEG,
        "turn right": faces["turn_right"].yaw_deg < -YAW_DEG,
        "nod": faces["nod"].pitch_deg - rest.pitch_deg > NOD_DEG,
    }
    return ", ".join(gate for gate, held in gates.items() if not held)
