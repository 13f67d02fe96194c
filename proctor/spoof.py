"""Is it a head or a picture of one? What a plane can do, a homography explains.

Any two views of a flat print, however it is held, are related by a homography; two views of
a head that turned are not, because the nose's bridge and the forehead stand before the eye
corners. So the part that no homography explains is a sign of a real head, needs no model of
its own and can't be printed.
"""

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float32]
"""float32[n, 2], pixels. The first four rows are the eyes' corners: outer and inner of the
person's right eye, inner and outer of the left."""

SOLID = 0.10
"""Residual, in eye distances, that a plane does not reach.

Measured with `models.RIGID` on three simulated learners, full light and 40 % of it: a head
turned by 20 degrees or more 13.3 % at least, 21.6 % in the median; its print, tilted up to
40 degrees or waved, 4.3 % at most, tilted up to 60 degrees 9.4 % (and then it reads as a
turn of 12 degrees, so a turn asks for both: `gestures.TURN_DEG`).
"""

BROKEN = 0.60
"""More than this no head can do: the landmarks have slipped, and prove nothing."""

LEAST_POINTS = 8
"""Four points always fit a homography; a residual needs clearly more."""


def eye_distance(points: Points) -> float:
    """Pixels between the middles of the two eyes."""
    return float(np.linalg.norm(points[0:2].mean(axis=0) - points[2:4].mean(axis=0)))


def residual(frontal: Points, turned: Points) -> float:
    """What the best homography from one view to the other leaves over, in eye distances.

    The 95th percentile over the points, so that one slipped landmark proves nothing. The
    eye distance is the frontal view's: it does not shrink with the turn. 0.0, no evidence,
    where nothing can be said.
    """
    if len(frontal) != len(turned) or len(frontal) < LEAST_POINTS:
        return 0.0
    source, target = frontal.astype(np.float64), turned.astype(np.float64)
    unit = eye_distance(frontal)
    if not (np.isfinite(source).all() and np.isfinite(target).all()) or unit < 1.0:
        return 0.0
    homography = _homography(source, target)
    if homography is None:
        return 0.0
    mapped = np.column_stack([source, np.ones(len(source))]) @ homography.T
    depth = mapped[:, 2:]
    if np.abs(depth).min() < 1e-9:
        return 0.0
    errors = np.linalg.norm(mapped[:, :2] / depth - target, axis=1) / unit
    left_over = float(np.percentile(errors, 95))
    return left_over if left_over <= BROKEN else 0.0


def distortion(before: Points, now: Points) -> float:
    """What the best similarity (shift, turn in the plane, zoom) leaves over, in eye distances.

    Small while a face keeps facing the camera, whatever it does with mouth and lids; grows
    when a picture of it is tilted. The 95th percentile, as in `residual`.
    """
    if len(before) != len(now) or len(before) < LEAST_POINTS:
        return float("inf")
    # A similarity of the plane is one multiplication and one addition of complex numbers.
    source = before[:, 0].astype(np.float64) + 1j * before[:, 1]
    target = now[:, 0].astype(np.float64) + 1j * now[:, 1]
    unit = eye_distance(now)
    spread = source - source.mean()
    energy = float(np.vdot(spread, spread).real)
    if unit < 1.0 or energy < 1e-9:
        return float("inf")
    zoom = np.vdot(spread, target - target.mean()) / energy
    errors = np.abs(spread * zoom - (target - target.mean())) / unit
    return float(np.percentile(errors, 95))


TILTED = 0.90
"""A view squashed to this was tilted or turned by 25 degrees or more (`squash`)."""

FLAT_FROM, FLAT_TO = 0.08, 0.04
"""Residual of squashed views, median, below which a plane is thought of and is likely.

Measured on three simulated learners, full light and 30 %: heads that turned, views squashed
to `TILTED` and less: .086 at least, .11 to .20 in the median; prints tilted by up to 40
degrees or waved: .036 at most, .02 in the median.
"""


def squash(frontal: Points, now: Points) -> float:
    """How much narrower the face became one way than the other: 1 not at all, 0 to a line.

    The ratio of the two stretches of the best affine map. A print that is tilted by 40
    degrees is squashed to 0.77, and so is a head that turns as far; but only the head leaves
    a residual. 1.0 where nothing can be said.
    """
    affine = _affine(frontal, now)
    if affine is None:
        return 1.0
    long, short = np.linalg.svd(affine[:2], compute_uv=False)
    return float(short / long) if long > 1e-9 else 1.0


def stir(rest: tuple[Points, Points], now: tuple[Points, Points]) -> float:
    """How far expression moved lids, brows or mouth from the resting face, in eye distances.

    Each view is (rigid points, soft points). What moves the whole face, or a picture of it,
    is taken off by the best affine map of the rigid points: a plane seen from further away
    or a little from the side is explained by it, a blink is not. The 80th percentile, so that
    one slipped landmark is no life. 0.0 where nothing can be said.
    """
    (rigid, soft), (rigid_now, soft_now) = rest, now
    affine = _affine(rigid, rigid_now)
    if affine is None or len(soft) != len(soft_now) or not len(soft):
        return 0.0
    if not (np.isfinite(soft).all() and np.isfinite(soft_now).all()):
        return 0.0
    expected = np.column_stack([soft, np.ones(len(soft))]) @ affine
    left_over = np.linalg.norm(expected - soft_now, axis=1)
    return float(np.percentile(left_over, 80)) / eye_distance(rigid)


def _affine(before: Points, now: Points) -> npt.NDArray[np.float64] | None:
    """float64[3, 2]: the best map from one view to the other; None where there is none."""
    if len(before) != len(now) or len(before) < LEAST_POINTS or eye_distance(before) < 1.0:
        return None
    if not (np.isfinite(before).all() and np.isfinite(now).all()):
        return None
    rows = np.column_stack([before, np.ones(len(before))]).astype(np.float64)
    return np.asarray(np.linalg.lstsq(rows, now.astype(np.float64), rcond=None)[0], np.float64)


def _homography(
    source: npt.NDArray[np.float64], target: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64] | None:
    """float64[3, 3] by the normalised direct linear transform (Hartley 1997)."""
    to_source, to_target = _normaliser(source), _normaliser(target)
    if to_source is None or to_target is None:
        return None
    count = len(source)
    a = np.column_stack([source, np.ones(count)]) @ to_source.T
    b = np.column_stack([target, np.ones(count)]) @ to_target.T
    rows = np.zeros((2 * count, 9))
    rows[0::2, 0:3] = a
    rows[0::2, 6:9] = -b[:, :1] * a
    rows[1::2, 3:6] = a
    rows[1::2, 6:9] = -b[:, 1:2] * a
    normal = np.linalg.svd(rows, full_matrices=False)[2][-1].reshape(3, 3)
    return np.asarray(np.linalg.inv(to_target) @ normal @ to_source, np.float64)


def _normaliser(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """float64[3, 3] that moves the points' middle to 0 and their mean distance to sqrt 2."""
    middle = points.mean(axis=0)
    distance = float(np.linalg.norm(points - middle, axis=1).mean())
    if distance < 1e-6:
        return None
    scale = np.sqrt(2) / distance
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1.0]])
