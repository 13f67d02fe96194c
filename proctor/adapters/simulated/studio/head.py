"""A person's shape: the packed head, bent by the targets that make them who they are."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from proctor.adapters.simulated.casting import PACKAGE, Person
from proctor.adapters.simulated.studio.matrices import Array, triangles_of

SKIN, EYE, TEETH, TONGUE, LASH = range(5)
EYE_DISTANCE = 0.62
"""All sit so that their eyes are as far apart in the picture."""

_PAIRS = (
    ("incr", "decr"),
    ("up", "down"),
    ("in", "out"),
    ("forward", "backward"),
    ("convex", "concave"),
    ("compress", "uncompress"),
)
_KEPT = re.compile(
    "head-age|head-fat|head-trans|neck|measure|.-ear-|.-eye-trans|mouth-trans|eyebrows-angle"
)
_SPREAD = {
    "head": 0.7, "forehead": 0.6, "chin": 0.7, "mouth": 0.5, "eyebrows": 0.2, "nose": 0.6
}  # fmt: skip
_HEADS = ("oval", "round", "rectangular", "square", "triangular", "invertedtriangular", "diamond")


@dataclass(frozen=True, slots=True)
class Mesh:
    """head.npz; its arrays are described in data/NOTICE.md."""

    rest: Array
    joints: Array
    quads: npt.NDArray[np.int64]
    part: npt.NDArray[np.uint8]
    share: Array
    masks: dict[str, Array]
    targets: dict[str, npt.NDArray[np.int16]]

    def quads_of(self, *parts: int) -> npt.NDArray[np.int64]:
        return self.quads[np.isin(self.part, parts)]


@cache
def mesh() -> Mesh:
    """The packed head, read once."""
    with (
        resources.files(PACKAGE).joinpath("data", "head.npz").open("rb") as file,
        np.load(file) as data,
    ):
        arrays = {name: data[name] for name in data.files}
    return Mesh(
        rest=arrays["v"],
        joints=arrays["jv"],
        quads=arrays["quads"].astype(np.int64),
        part=arrays["part"],
        share=arrays["share"],
        masks={name[2:]: each for name, each in arrays.items() if name.startswith("m_")},
        targets={name[2:]: each for name, each in arrays.items() if name.startswith("t_")},
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """A shaped person.

    points: float64[n, 3], origin between the eyes' centres. eyes: float64[2, 3], the person's
    left one first (x > 0). pivot: float64[3], what the head turns about. units: the 52 face
    units, each as vertex numbers and offsets at full strength.
    """

    points: Array
    eyes: Array
    pivot: Array
    units: dict[str, tuple[npt.NDArray[np.int64], Array]]
    scale: float
    middle: Array


def _origin_and_age(person: Person) -> dict[str, float]:
    out = {}
    stage = float(np.interp(person.age, [12, 25, 80], [0, 1, 2]))
    ages = {"child": max(0.0, 1 - stage), "young": 1 - abs(stage - 1), "old": max(0.0, stage - 1)}
    for sex, much in (("male", person.male), ("female", 1 - person.male)):
        for age, share in ages.items():
            for origin, part in zip(("african", "asian", "caucasian"), person.origin, strict=True):
                out[f"{origin}-{sex}-{age}"] = much * share * part
            extreme = "max" if person.weight > 0 else "min"
            weight = f"universal-{sex}-{age}-averagemuscle-{extreme}weight"
            out[weight] = much * share * abs(person.weight)
    return out


def _features(person: Person, names: list[str], random: np.random.Generator) -> dict[str, float]:
    """Everybody's own nose, chin, cheeks: each pair of opposite targets drawn once."""
    out = {}
    for name in names:
        for one, other in _PAIRS:
            opposite = re.sub(one + "$", other, name)
            paired = name.endswith("-" + one) and opposite in names
            if not paired or name.startswith("r-") or _KEPT.match(name):
                continue
            spread = _SPREAD.get(name.split("-")[0], 0.7 if "eye" in name else 1.0)
            x = float(np.clip(random.normal(0, person.vary), -1, 1)) * spread
            chosen = name if x > 0 else opposite
            if name.startswith("l-"):
                out["l-" + chosen[2:]] = out["r-" + chosen[2:]] = abs(x)
            else:
                out[chosen] = abs(x)
        if name.startswith("asym-") and name.endswith("-l"):
            out[name[:-1] + str(random.choice(["l", "r"]))] = abs(float(random.normal(0, 0.1)))
    out["head-" + str(random.choice(_HEADS))] = float(random.uniform(0.1, 0.5))
    return out


def shape(person: Person) -> Figure:
    """The person's figure."""
    data = mesh()
    random = np.random.default_rng(person.seed)
    weights = _origin_and_age(person)
    weights |= _features(person, list(data.targets), random)
    weights |= person.shapes
    points = np.vstack([data.rest, data.joints]).astype(np.float64)
    for name, weight in weights.items():
        if weight and name in data.targets:
            points += data.targets[name] * (weight / 1000)
    count = len(data.rest)
    centres = points[count:].reshape(4, 8, 3).mean(1)
    scale = EYE_DISTANCE / float(centres[0, 0] - centres[1, 0])
    middle = centres[:2].mean(0) * [0, 1, 1]
    centres = (centres - middle) * scale
    units: dict[str, tuple[npt.NDArray[np.int64], Array]] = {}
    for name, target in data.targets.items():
        if "-" not in name:
            offsets = np.asarray(target[:count], np.float64) * (scale / 1000)
            if name.startswith("eyeLook"):
                # lids only: the studio turns the eyeballs itself
                offsets[np.unique(data.quads_of(EYE))] = 0
            moved = np.flatnonzero(np.abs(offsets).max(1)).astype(np.int64)
            units[name] = (moved, offsets[moved])
    return Figure(
        points=(points[:count] - middle) * scale,
        eyes=centres[:2],
        pivot=centres[2] * [0, 1, 1],
        units=units,
        scale=scale,
        middle=middle,
    )


def skin_triangles() -> npt.NDArray[np.int64]:
    """The skin's triangles, int64[m, 3]."""
    return triangles_of(mesh().quads_of(SKIN))
