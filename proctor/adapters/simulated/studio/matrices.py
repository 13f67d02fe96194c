"""Turning, projecting, easing: the little mathematics the studio needs."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def rotation(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Array:
    """Degrees to float64[3, 3]; yaw > 0: towards the image's right, pitch > 0: down, roll > 0:
    clockwise as the image shows it.
    """
    y, p, r = np.radians([yaw, pitch, -roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x, np.float64)


def perspective(fov_deg: float, aspect: float, near: float, far: float) -> Array:
    """OpenGL's projection, float64[4, 4]; fov_deg: the height of the picture."""
    k = 1 / math.tan(math.radians(fov_deg) / 2)
    depth = (far + near) / (near - far), 2 * far * near / (near - far)
    return np.array([[k / aspect, 0, 0, 0], [0, k, 0, 0], [0, 0, *depth], [0, 0, -1, 0]])


def from_afar(
    towards: Array, half: float = 2.9, centre: Sequence[float] = (0, -0.4, -0.6)
) -> Array:
    """Orthographic view from the direction `towards`, as a far lamp sees it: float64[4, 4]."""
    back = towards / np.linalg.norm(towards)
    side = np.cross([0, 1, 0.01], back)
    side /= np.linalg.norm(side)
    axes = np.array([side, np.cross(back, side), back])
    out = np.eye(4)
    out[:3, :3] = axes / half * np.array([[1.0], [1.0], [-0.7]])
    out[:3, 3] = -(out[:3, :3] @ np.asarray(centre))
    return out


def soft(x: npt.NDArray[np.floating[Any]] | float, low: float = 0.0, high: float = 1.0) -> Array:
    """0 below `low`, 1 above `high`, smooth in between."""
    y = np.clip((np.asarray(x, np.float64) - low) / (high - low), 0.0, 1.0)
    return np.asarray(y * y * (3 - 2 * y))


def light_of(colour: Sequence[float]) -> Array:
    """Bytes (sRGB) to linear light, float64[3] (a square is near enough)."""
    return (np.asarray(colour, np.float64) / 255.0) ** 2


def normals(points: Array, triangles: npt.NDArray[np.int64]) -> Array:
    """Smooth normals: float64[n, 3] of points[n, 3] and triangles[m, 3]."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    corner = triangles.ravel(order="F")
    out = np.stack([np.bincount(corner, np.tile(face[:, k], 3), len(points)) for k in range(3)], 1)
    return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1), 1e-9)[:, None])


def triangles_of(quads: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """int64[2n, 3] of quads[n, 4]."""
    return np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
