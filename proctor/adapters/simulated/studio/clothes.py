"""Work clothes: a jacket over the shoulders and its turned-down collar."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proctor.adapters.simulated.studio.head import Figure, mesh, skin_triangles
from proctor.adapters.simulated.studio.matrices import Array, normals

THICK = 0.05
"""How far the jacket stands off the body, decimetres."""

_AROUND = 96
_PROFILE = np.array(
    [
        (0.03, -0.16),
        (0.035, 0.0),
        (0.045, 0.1),
        (0.07, 0.15),
        (0.11, 0.155),
        (0.16, 0.11),
        (0.22, 0.0),
        (0.27, -0.1),
    ]
)
"""A collar cut through: out from the neck and up, decimetres."""


@dataclass(frozen=True, slots=True)
class Cloth:
    """points, normals, rest: float64[n, 3]. collar: 1 there, float64[n]. triangles: int64[m, 3]."""

    points: Array
    normals: Array
    rest: Array
    collar: Array
    triangles: npt.NDArray[np.int64]


def _jacket(figure: Figure) -> tuple[Array, Array, npt.NDArray[np.int64]]:
    data = mesh()
    skin = skin_triangles()
    outside = normals(figure.points, skin)
    covered = skin[(data.rest[skin][:, :, 1].max(1) < 6.05)]
    used = np.unique(covered)
    number = np.zeros(len(data.rest), np.int64)
    number[used] = np.arange(len(used))
    points = figure.points[used] + THICK * outside[used]
    return points, data.rest[used], number[covered]


def _neck(figure: Figure, angles: Array) -> tuple[Array, Array, float]:
    """The neck's radius by angle (0: front), its height as a line over rest heights (slope and
    start, as np.polyval takes them) and the place of its axis; all in the figure's decimetres.
    """
    data = mesh()
    used = np.unique(skin_triangles())
    rest = data.rest[used]
    column = used[(np.abs(rest[:, 1] - 5.9) < 0.35) & (np.abs(rest[:, 0]) < 0.7)]
    line = np.polyfit(data.rest[column, 1], figure.points[column, 1], 1)
    ring = used[(np.abs(rest[:, 1] - 5.98) < 0.16) & (np.abs(rest[:, 0]) < 0.75)]
    at = figure.points[ring]
    axis = float((at[:, 2].max() + at[:, 2].min()) / 2)
    theirs = np.arctan2(at[:, 0], at[:, 2] - axis)
    radius = np.hypot(at[:, 0], at[:, 2] - axis)
    apart = np.angle(np.exp(1j * (theirs[None, :] - angles[:, None])))
    weight = np.exp(-((apart / 0.35) ** 2)) + 1e-9
    return (weight * radius).sum(1) / weight.sum(1), line, axis


def _collar(figure: Figure) -> tuple[Array, Array, npt.NDArray[np.int64]]:
    angles = np.linspace(0.16, 2 * np.pi - 0.16, _AROUND)
    radius, line, axis = _neck(figure, angles)
    front = np.exp(-((np.minimum(angles, 2 * np.pi - angles) / 0.75) ** 2))
    out, up = _PROFILE.T
    # towards the front the collar opens and its points lie on the chest
    away = radius[:, None] + 0.02 + (0.16 * front)[:, None] + out * (1 + 0.35 * front)[:, None]
    points_down = 0.28 * front[:, None] * np.linspace(0, 1, len(out)) ** 2
    base = np.polyval(line, 6.02 - 0.34 * front)[:, None]
    height = base + up * (1 - 0.25 * front)[:, None] - points_down
    turn = angles[:, None]
    places = np.stack([away * np.sin(turn), height, axis + away * np.cos(turn)], -1).reshape(-1, 3)
    columns = len(out)
    corner = np.arange(_AROUND - 1)[:, None] * columns + np.arange(columns - 1)[None, :]
    corner = corner.ravel()
    one = np.stack([corner, corner + columns, corner + columns + 1], 1)
    two = np.stack([corner, corner + columns + 1, corner + 1], 1)
    return places, places / figure.scale + figure.middle, np.vstack([one, two])


def dress(figure: Figure) -> Cloth:
    """The jacket with its collar."""
    body, body_rest, body_triangles = _jacket(figure)
    ring, ring_rest, ring_triangles = _collar(figure)
    points = np.vstack([body, ring])
    triangles = np.vstack([body_triangles, ring_triangles + len(body)])
    return Cloth(
        points=points,
        normals=normals(points, triangles),
        rest=np.vstack([body_rest, ring_rest]),
        collar=np.concatenate([np.zeros(len(body)), np.ones(len(ring))]),
        triangles=triangles,
    )
