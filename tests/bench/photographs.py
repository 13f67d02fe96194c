"""Free photographs of real people: is the same person alike, and is a bare face taken for bare?

Computed faces resemble one another, so they say nothing about identity; a few photographs say a
little. `DIR/<person>/…` holds them: the official portraits in the public domain that the source
package of `face_recognition` and the wheel of `scikit-image` carry will do. Nobody's picture is
kept in this project.

    python -m tests.bench.photographs DIR
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from proctor.adapters.models import FaceModels
from proctor.adapters.opencv import cv2
from proctor.identity import ACCEPT, ALERT, similarity
from proctor.observation import Face, FaceObservation
from proctor.ports import Picture
from resources.cache import cache_dir

LOOKS = 6
"""The landmark model smooths over time: the last of so many looks counts."""

SUFFIXES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class Shot:
    """A photograph with one face in it. dim: the same at a third of the light."""

    person: str
    name: str
    face: Face
    dim: Face


def shots(folder: Path, models: FaceModels) -> list[Shot]:
    """Everybody's photographs; those in which no face is found are told on stderr."""
    found, at_ns = [], 0
    for path in sorted(folder.glob("*/*")):
        if path.suffix.lower() not in SUFFIXES:
            continue
        picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        framed = _framed(models, picture.astype(np.uint8, copy=False))
        faces = []
        for lit in (framed, _dimmed(framed)):
            seen, at_ns = _look(models, lit, at_ns)
            if seen.face is not None and seen.face.embedding is not None:
                faces.append(seen.face)
        if len(faces) == 2:
            found.append(Shot(path.parent.name, path.name, faces[0], faces[1]))
        else:
            sys.stderr.write(f"{path}: no face\n")
    return found


def _look(models: FaceModels, picture: Picture, at_ns: int) -> tuple[FaceObservation, int]:
    grey = np.full(picture.shape, 128, np.uint8)
    for _ in range(LOOKS):
        at_ns += 1_000_000_000
        models.observe(grey, at_ns)
    for _ in range(LOOKS):
        at_ns += 66_000_000
        models.observe(picture, at_ns)
    at_ns += 66_000_000
    return models.observe(picture, at_ns, with_embedding=True), at_ns


def _framed(models: FaceModels, picture: Picture) -> Picture:
    """The face as large as before a notebook's camera, with something around it."""
    height, width = picture.shape[:2]
    size = (640, round(640 * height / width))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    found = models._detect(small)
    if not found:
        return small
    left, top, across, down = max(found, key=lambda each: each.area).box
    aside = round(2 * across)
    wide = cv2.copyMakeBorder(small, aside, aside, aside, aside, cv2.BORDER_REPLICATE)
    x, y = round(left + across / 2) + aside, round(top + down / 2) + aside
    part = wide[y - round(1.4 * across) : y + round(1.4 * across), x - aside : x + aside]
    return np.asarray(cv2.resize(part, (640, 448), interpolation=cv2.INTER_AREA), np.uint8)


def _dimmed(picture: Picture, light: float = 0.33) -> Picture:
    """A third of the light, as a display's gamma has it."""
    table = np.round(255 * ((np.arange(256) / 255) ** 2.2 * light) ** (1 / 2.2))
    return np.asarray(cv2.LUT(picture, table.astype(np.uint8)), np.uint8)


def figures(found: Sequence[Shot]) -> dict[str, float]:
    """Similarities at the policy's presets, and how covered bare faces read at most."""
    same: list[float] = []
    other: list[float] = []
    for one, two in combinations(found, 2):
        pairs = [(one.face, two.face), (one.face, two.dim), (one.dim, two.face)]
        alike = [_cosine(first, second) for first, second in pairs]
        (same if one.person == two.person else other).extend(alike)
    dimmed = [_cosine(each.face, each.dim) for each in found]
    faces = [face for each in found for face in (each.face, each.dim)]
    return {
        "photographs": len(found),
        "people": len({each.person for each in found}),
        "same_least": min(same, default=float("nan")),
        "same_below_accept": sum(value < ACCEPT for value in same),
        "same_below_alert": sum(value < ALERT for value in same),
        "same_pairs": len(same),
        "other_most": max(other, default=float("nan")),
        "other_accepted": sum(value >= ACCEPT for value in other),
        "other_pairs": len(other),
        "dimmed_least": min(dimmed, default=float("nan")),
        "mask_most": _most(face.mask for face in faces),
        "dark_glasses_most": _most(face.dark_glasses for face in faces),
    }


def _cosine(one: Face, other: Face) -> float:
    if one.embedding is None or other.embedding is None:
        return float("nan")
    return similarity(one.embedding, other.embedding)


def _most(values: Iterable[float]) -> float:
    return float(max(values, default=float("nan")))


def measured(folder: Path) -> dict[str, float]:
    """The figures of a folder of photographs."""
    models = FaceModels.load(cache_dir() / "models")
    try:
        return figures(shots(folder, models))
    finally:
        models.close()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(Path(sys.argv[1])), indent=1) + "\n")
