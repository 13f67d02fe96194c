"""What is worn on a face: glasses, dark glasses, a surgical mask."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proctor.adapters.simulated.casting import Person, Wear
from proctor.adapters.simulated.studio.head import SKIN, Figure, mesh, skin_triangles
from proctor.adapters.simulated.studio.matrices import Array, normals, triangles_of

SEE_THROUGH = frozenset({"lash", "lens"})
"""Programs whose pixels mix with what is behind them."""

RIM = 0.016, 0.25, 0.2
"""The frame's thickness, half width and half height of a glass, decimetres."""

_ACROSS, _DOWN = 41, 33
"""Points of the mask's sheet."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something drawn with one program.

    points, rest: float64[n, 3], as the figure's and the unshaped head's. share: float64[n], of
    the head's turn. follows: int64[k], vertices of the head, and float64[n, k], by how much the
    points move with each of them; None: only with the turn. triangles: int64[m, 3].
    """

    program: str
    points: Array
    rest: Array
    share: Array
    triangles: npt.NDArray[np.int64]
    follows: tuple[npt.NDArray[np.int64], Array] | None = None


def pieces_of(person: Person, figure: Figure) -> list[Piece]:
    """What the person wears, in the order of drawing."""
    if person.wear is Wear.MASK:
        return [_mask(figure)]
    if person.wear in (Wear.GLASSES, Wear.DARK_GLASSES):
        return _glasses(figure)
    return []


def _mask(figure: Figure) -> Piece:
    """A sheet over nose, mouth and chin: mean places of the skin around, so hollows are spanned."""
    data = mesh()
    skin = np.unique(data.quads_of(SKIN))
    around = np.arctan2(data.rest[:, 0], data.rest[:, 2] - 0.2)
    height = data.rest[:, 1]
    outside = (data.masks["inside-mouth"][skin] < 0.3) & (np.abs(around[skin]) < 1.5)
    among = skin[outside & (np.abs(height[skin] - 6.62) < 0.75) & (data.rest[skin, 2] > 0.1)]
    sheet = np.meshgrid(np.linspace(-1.2, 1.2, _ACROSS), np.linspace(6.1, 7.14, _DOWN))
    angle, level = sheet[0].ravel(), sheet[1].ravel()

    def near(spread: float) -> Array:
        """Weights of the skin's vertices at each point of the sheet, float64[n, m]."""
        away = ((around[among] - angle[:, None]) / spread) ** 2
        away += ((height[among] - level[:, None]) / spread) ** 2
        weight = np.exp(-np.minimum(away, 200.0)) + 1e-12
        return np.asarray(weight / weight.sum(1)[:, None])

    normal = normals(figure.points, skin_triangles())[among]
    close, taut = near(0.045), near(0.11)
    points = close @ (figure.points[among] + 0.045 * normal)
    spanned = taut @ (figure.points[among] + 0.045 * normal)
    points = points + np.maximum(spanned - points, 0) * [0, 0, 1] + [0, 0, 0.05]
    rest = np.stack([np.sin(angle), level, 0.2 + np.cos(angle)], 1)
    corner = np.arange(_DOWN - 1)[:, None] * _ACROSS + np.arange(_ACROSS - 1)
    first = corner.ravel()
    quads = np.stack([first, first + 1, first + _ACROSS + 1, first + _ACROSS], 1)
    share = taut @ data.share[among]
    return Piece("mask", points, rest, share, triangles_of(quads), (among, taut))


def _tube(path: Array, radius: float) -> tuple[Array, npt.NDArray[np.int64]]:
    """A round bar along `path`, float64[n, 3]: its points and quads."""
    along = np.gradient(path, axis=0)
    across = np.cross(along, [0.3, 0.5, 0.9])
    across /= np.linalg.norm(across, axis=1)[:, None]
    up = np.cross(along, across)
    up /= np.linalg.norm(up, axis=1)[:, None]
    around = np.arange(8) * np.pi / 4
    rings = [path + radius * (np.cos(a) * across + np.sin(a) * up) for a in around]
    count = len(path)
    step = np.arange(count - 1)
    quads = []
    for k in range(8):
        one, other = k * count + step, (k + 1) % 8 * count + step
        quads.append(np.stack([one, one + 1, other + 1, other], 1))
    return np.vstack(rings), np.vstack(quads)


def _piece(program: str, parts: list[tuple[Array, npt.NDArray[np.int64]]]) -> Piece:
    """One piece of parts, each with points and triangles."""
    places, triangles, count = [], [], 0
    for points, corners in parts:
        places.append(points)
        triangles.append(corners + count)
        count += len(points)
    points = np.vstack(places)
    return Piece(program, points, points, np.ones(count), np.vstack(triangles))


def _glasses(figure: Figure) -> list[Piece]:
    thick, wide, high = RIM
    head = figure.points[np.unique(mesh().quads_of(SKIN))]
    x, y, z = head.T
    eye = float(np.abs(figure.eyes[:, 0]).mean()) + 0.015
    lids = (np.abs(np.abs(x) - eye) < wide) & (np.abs(y) < high)
    ahead = float(z[lids].max()) + 0.03
    temple = np.abs(x[(np.abs(y) < 0.1) & (np.abs(z + 0.4) < 0.15)])
    side = float(np.median(temple[temple > 0.4])) + 0.03
    angle = np.linspace(0, 2 * np.pi, 41)
    bars, glasses = [], []
    for own in (1.0, -1.0):
        rim = np.stack(
            [
                own * eye + wide * np.cos(angle),
                -0.03 + high * np.sin(angle),
                ahead - 0.03 * (1 + own * np.cos(angle)),
            ],
            1,
        )
        bars.append(_tube(rim, thick))
        arm = [
            [own * (eye + wide), 0.0, ahead - 0.06],
            [own * side, 0.02, ahead - 0.4],
            [own * (side + 0.02), 0.02, -0.5],
            [own * (side + 0.02), -0.1, -0.9],
        ]
        bars.append(_tube(np.array(arm), thick))
        centre = rim[:-1].mean(0)
        fan = np.arange(40)
        glass = np.stack([np.full(40, 40), fan, (fan + 1) % 40], 1)
        bulging = np.add(centre, [0, 0, 0.02])
        glasses.append((np.vstack([rim[:-1], bulging]), glass))
    inner = eye - wide
    bridge = np.array([[-inner, 0.0, ahead], [0, 0.04, ahead + 0.03], [inner, 0.0, ahead]])
    bars.append(_tube(bridge, thick))
    frame = [(points, triangles_of(quads)) for points, quads in bars]
    return [_piece("frame", frame), _piece("lens", glasses)]
