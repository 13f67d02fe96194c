"""What goes to the graphics library: vertices and the text of the shaders."""

from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from proctor.adapters.simulated.casting import PACKAGE
from proctor.adapters.simulated.studio.matrices import Array


@dataclass(slots=True)
class Layer:
    """Something drawn with one program; `cast` draws what throws its shadow, None: nothing."""

    program: Any
    drawn: Any
    cast: Any


@dataclass(slots=True)
class Buffers:
    """One set of vertices: what moves (position, normal) and what stays (rest, detail).

    points, normals, rest: float64[n, 3]. detail: float64[n, 4] as the vertex shader reads it;
    `open_column` of it is the openness to the sky.
    """

    moving: Any
    static: Any
    points: Array
    normals: Array
    rest: Array
    detail: Array
    open_column: int


def source(name: str) -> str:
    """A shader's text."""
    return resources.files(PACKAGE).joinpath("studio", "shaders", name).read_text("utf-8")


def floats(*columns: Array) -> bytes:
    """Columns side by side as float32."""
    return np.hstack(columns).astype("f4").tobytes()
