"""Hair: ribbons of strands grown from the scalp along a hairdo's flow."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proctor.adapters.simulated.casting import Person
from proctor.adapters.simulated.studio.head import Figure, mesh, skin_triangles
from proctor.adapters.simulated.studio.matrices import Array, normals, soft

STEPS = 8
"""Cross-sections of a ribbon."""

EYES_AT_REST = np.array([0.0, 7.284, 1.245])
"""Between the eyes of the unshaped head: where rest positions and a figure's meet."""


@dataclass(frozen=True, slots=True)
class Ribbons:
    """All ribbons of one head of hair; n ribbons of STEPS points.

    points, tangents, outward: float64[n, STEPS, 3]. width: float64[n, STEPS], decimetres.
    tint: float64[n], 0 to 1, each ribbon's own shade.
    """

    points: Array
    tangents: Array
    outward: Array
    width: Array
    tint: Array


@dataclass(frozen=True, slots=True)
class _Hairdo:
    """How hair falls. low: hairline lowered (decimetres). lift: how far hair stands off.

    cling: how
    strongly hair that stands off comes back, 0 to 1. flow: directions float64[n, 3] at rest positions [n, 3] and progress 0..1.
    length: decimetres at rest positions.
    """

    count: int
    low: float
    temple: float
    lift: float
    cling: float
    width: float
    flow: Callable[[Array, float], Array]
    length: Callable[[Array], Array]


def hairline(rest: Array, low: float, temple: float) -> Array:
    """Signed height over the hairline (decimetres) of rest positions [n, 3]."""
    around = np.degrees(np.abs(np.arctan2(rest[:, 0], rest[:, 2] - 0.2)))
    angles = [0, 25, 36, 46, 55, 63, 72, 85, 95, 120, 180]
    heights = [7.98, 7.97, 7.86 + temple, 7.6 + temple / 2, 7.25, 7.12, 7.3, 7.25, 6.9, 6.7, 6.4]
    height = np.interp(around, angles, heights)
    return np.asarray(rest[:, 1] - height - low * np.interp(around, [0, 60, 90], [1, 0.6, 0]))


def _unit(v: Array) -> Array:
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9))


def _side_parted(part_x: float) -> Callable[[Array, float], Array]:
    """Short hair: away from a parting on one side, down at the sides and the back."""

    def flow(rest: Array, _progress: float) -> Array:
        x, y, z = rest.T
        away = np.where(x > part_x, 1.0, -1.0)
        top = soft(y, 7.55, 8.1)
        front = soft(z, 0.5, 1.4)
        over = np.stack([away * (0.9 - 0.2 * front), -0.1 + 0.25 * front, 0.15 * front - 0.4], 1)
        down = np.stack([0.0 * x, -1.0 + 0 * y, -0.35 + 0 * z], 1)
        return np.asarray(over * top[:, None] + down * (1 - top)[:, None])

    return flow


def _combed_back(part_x: float) -> Callable[[Array, float], Array]:
    """Long hair tied behind: from a parting to the sides, then back to the knot."""
    knot = np.array([0.0, 7.05, -0.75])

    def flow(rest: Array, progress: float) -> Array:
        x, _, z = rest.T
        away = np.where(x > part_x, 1.0, -1.0)
        front = soft(z, 0.55, 1.35)[:, None] * (1 - progress)
        side = np.stack([away, -0.55 + 0 * x, -0.25 + 0 * x], 1)
        return np.asarray(_unit(knot - rest) * (1.1 - front) + side * front * 1.1)

    return flow


def _hanging(part_x: float) -> Callable[[Array, float], Array]:
    """A bob: from the parting to both sides, then straight down, turned in at the ends."""

    def flow(rest: Array, progress: float) -> Array:
        x, y, z = rest.T
        away = np.where(x > part_x, 1.0, -1.0)
        top = soft(y, 7.5, 8.2)[:, None] * (1 - 0.9 * progress)
        front = soft(z, 0.3, 1.2)
        side = np.stack([away * (1.0 + 0 * x), -0.25 + 0 * x, -0.75 * front], 1)
        inward = 0.35 * soft(progress, 0.75, 1.0)
        down = np.stack([-np.sign(x) * inward, -1.0 + 0 * y, -0.18 * front], 1)
        return np.asarray(side * top + down * (1 - top))

    return flow


def _hairdo(name: str) -> _Hairdo:
    if name == "tied":
        return _Hairdo(
            3400, 0.02, -0.02, 0.05, 0.9, 0.045, _combed_back(0.22), lambda r: 1.9 + 0.25 * r[:, 2]
        )
    if name == "bob":
        return _Hairdo(
            3400, 0.0, 0.0, 0.07, 0.0, 0.045, _hanging(0.25), lambda r: 1.5 + 0.75 * (r[:, 1] - 7.0)
        )
    if name == "crop":
        return _Hairdo(
            4000,
            0.03,
            0.1,
            0.03,
            0.6,
            0.03,
            _side_parted(-0.3),
            lambda r: 0.14 + 0.16 * soft(r[:, 1], 7.3, 8.2),
        )
    return _Hairdo(
        4000,
        0.0,
        0.06,
        0.06,
        0.5,
        0.034,
        _side_parted(0.34),
        lambda r: 0.16 + 0.36 * soft(r[:, 1], 7.4, 8.1),
    )


def hairline_of(person: Person) -> Array:
    """Signed height over the person's hairline of every vertex, decimetres; ears have none."""
    hairdo = _hairdo(person.hairdo)
    data = mesh()
    return hairline(data.rest, hairdo.low, hairdo.temple) - 3 * (data.masks["ears"] > 0.3)


def _roots(
    figure: Figure, height: Array, count: int, random: np.random.Generator
) -> tuple[Array, Array]:
    """Random places on the scalp: positions and rest positions, float64[count, 3] each."""
    triangles = skin_triangles()
    data = mesh()
    on_head = (height[triangles].max(1) > 0) & (data.rest[triangles][:, :, 1].min(1) > 6.3)
    scalp = triangles[on_head]
    a, b, c = (figure.points[scalp[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    chosen = scalp[random.choice(len(scalp), 3 * count, p=area / area.sum())]
    u, v = random.uniform(0, 1, (2, 3 * count))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    weights = np.stack([1 - u - v, u, v], 1)[..., None]
    over = (height[chosen][..., None] * weights).sum(1)[:, 0]
    # the hairline is no ruler: thinner towards its edge
    kept = np.flatnonzero(over > random.uniform(-0.01, 0.07, len(over)) ** 1.0)[:count]
    places = (figure.points[chosen] * weights).sum(1)[kept]
    return places, (data.rest[chosen] * weights).sum(1)[kept]


def _nearest(points: Array, cloud: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Number of the nearest cloud point of each point."""
    square = (cloud**2).sum(1)
    out = [
        (square - 2 * chunk.astype(np.float32) @ cloud.T).argmin(1)
        for chunk in np.array_split(points, max(1, len(points) // 800))
    ]
    return np.concatenate(out)


def grow(person: Person, figure: Figure) -> Ribbons:
    """The person's hair."""
    random = np.random.default_rng(person.seed + 2)
    hairdo = _hairdo(person.hairdo)
    data = mesh()
    around = np.unique(skin_triangles())
    around = around[(data.rest[around, 1] > 5.7) & (data.masks["inside-mouth"][around] < 0.3)]
    cloud = figure.points[around]
    outside = normals(figure.points, skin_triangles())[around]
    place, rest = _roots(figure, hairline_of(person), hairdo.count, random)
    count = len(place)
    tint = random.uniform(0, 1, count)
    length = hairdo.length(rest) * random.uniform(0.8, 1.15, count) * figure.scale
    layer = hairdo.lift * random.uniform(0.15, 1.0, count)
    wild = random.normal(0, 0.09, (count, 3))
    points, outward = [], []
    cloud32 = cloud.astype(np.float32)
    for step in range(STEPS):
        progress = step / (STEPS - 1)
        near = _nearest(place, cloud32)
        normal = outside[near]
        height = ((place - cloud[near]) * normal).sum(1)
        wanted = layer * min(1.0, 3 * progress + 0.12) + 0.008
        off = wanted - height
        place = place + normal * np.where(off > 0, off, hairdo.cling * off)[:, None]
        points.append(place)
        outward.append(normal)
        rest_now = place / figure.scale + EYES_AT_REST
        flow = _unit(hairdo.flow(rest_now, progress) + wild)
        inwards = np.minimum(0, (flow * normal).sum(1))[:, None] * normal
        flow = _unit(flow - inwards + 0.45 * (1 - progress) ** 3 * normal)
        place = place + flow * (length / (STEPS - 1))[:, None]
    path = np.stack(points, 1)
    tangents = _unit(np.gradient(path, axis=1))
    along = np.linspace(0, 1, STEPS)
    taper = np.interp(along, [0, 0.15, 0.7, 1], [0.55, 1, 0.9, 0.25])
    width = hairdo.width * random.uniform(0.7, 1.3, count)[:, None] * taper * figure.scale
    return Ribbons(path, tangents, np.stack(outward, 1), width, tint)
