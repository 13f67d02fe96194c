"""Hair: ribbons of strands grown from the scalp along a hairdo's flow."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proctor.adapters.simulated.casting import Person
from proctor.adapters.simulated.studio.head import Figure, mesh, skin_triangles
from proctor.adapters.simulated.studio.matrices import Array, normals, soft

STEPS = 7
"""Cross-sections of a ribbon."""

HIDDEN = np.radians(135)
"""Angle from the front beyond which hair is never seen."""

KNOT = np.array([0.0, 7.05, -0.75])
"""Where long hair is tied, rest position."""

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
    """How hair falls; lengths in decimetres.

    count: ribbons. low: how much lower the hairline is, temple: higher at the temples. lift: how
    far hair stands off. cling: how strongly what stands off comes back, 0 to 1. width: of a
    ribbon. flow: directions float64[n, 3] at rest positions [n, 3] and progress 0..1. length:
    float64[n] at rest positions. tied: gathered behind the head.
    """

    flow: Callable[[Array, float], Array]
    length: Callable[[Array], Array]
    low: float
    temple: float
    lift: float
    cling: float
    width: float
    tied: bool = False
    count: int = 2600


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
        top = soft(y, 7.8, 8.35)
        front = soft(z, 0.5, 1.4)
        over = np.stack([0.8 * away, 0.15 * front - 0.35, 0.6 * front - 0.3], 1)
        down = np.stack([0.0 * x, -1.0 + 0 * y, -0.35 + 0 * z], 1)
        return np.asarray(over * top[:, None] + down * (1 - top)[:, None])

    return flow


def _combed_back(part_x: float) -> Callable[[Array, float], Array]:
    """Long hair tied behind: from a parting to the sides, then back to the knot."""

    def flow(rest: Array, progress: float) -> Array:
        x, _, z = rest.T
        away = np.where(x > part_x, 1.0, -1.0)
        front = soft(z, 0.55, 1.35)[:, None] * (1 - progress)
        side = np.stack([away, -0.55 + 0 * x, -0.25 + 0 * x], 1)
        return np.asarray(_unit(KNOT - rest) * (1.1 - front) + side * front * 1.1)

    return flow


HAIRDOS = {
    "short": _Hairdo(
        flow=_side_parted(0.34),
        length=lambda rest: 0.16 + 0.36 * soft(rest[:, 1], 7.4, 8.1),
        low=0.0,
        temple=0.06,
        lift=0.06,
        cling=0.0,
        width=0.04,
    ),
    "crop": _Hairdo(
        flow=_side_parted(-0.3),
        length=lambda rest: 0.14 + 0.16 * soft(rest[:, 1], 7.3, 8.2),
        low=0.03,
        temple=0.1,
        lift=0.03,
        cling=0.1,
        width=0.036,
    ),
    "tied": _Hairdo(
        flow=_combed_back(0.22),
        length=lambda rest: 0.98 * np.linalg.norm(rest - KNOT, axis=1),
        low=0.02,
        temple=-0.02,
        lift=0.05,
        cling=0.9,
        width=0.05,
        tied=True,
    ),
}
"""By the names that cast.toml uses."""


def hairline_of(person: Person) -> Array:
    """Signed height over the person's hairline of every vertex, decimetres; ears have none."""
    hairdo = HAIRDOS[person.hairdo]
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
    rest = (data.rest[chosen] * weights).sum(1)
    # nobody ever sees the back of the head
    seen = np.abs(np.arctan2(rest[:, 0], rest[:, 2] - 0.2)) < HIDDEN
    kept = np.flatnonzero(seen & (over > random.uniform(-0.01, 0.07, len(over))))[:count]
    places = (figure.points[chosen] * weights).sum(1)[kept]
    return places, rest[kept]


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
    hairdo = HAIRDOS[person.hairdo]
    data = mesh()
    around = np.unique(skin_triangles())
    around = around[
        (data.rest[around, 1] > 5.7)
        & (data.masks["inside-mouth"][around] < 0.3)
        & (data.masks["ears"][around] < 0.3)
    ]
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
    if hairdo.tied:
        # behind the ears it is gathered: loose ends there would stick out
        width = width * np.maximum(soft(path[..., 2], -1.15, -0.8), soft(path[..., 1], 0.3, 0.5))
    return Ribbons(path, tangents, np.stack(outward, 1), width, tint)
