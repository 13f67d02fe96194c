"""The room behind the person: a site dormitory or office, out of focus."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2

Canvas = npt.NDArray[np.float32]
WIDTH, HEIGHT = 640, 480
LAMPS = {1: (-0.55, 0.28, 0.8), 2: (0.6, 0.55, 0.7), 3: (0.3, 0.8, 0.85)}
"""Direction towards the brightest light of each kind of room."""

BLUR = 27
"""Diameter of the lens's circle of confusion, pixels."""


def _box(canvas: Canvas, x: float, y: float, w: float, h: float, colour: Sequence[float]) -> None:
    """A rectangle in pixels; colour: blue, green, red, linear light."""
    corners = (round(x), round(y)), (round(x + w), round(y + h))
    cv2.rectangle(canvas, *corners, tuple(map(float, colour)), -1)


def _wall(top: Sequence[float], bottom: Sequence[float]) -> Canvas:
    down = np.linspace(0, 1, HEIGHT)[:, None, None]
    across = 1 - 0.22 * np.linspace(-1, 1, WIDTH)[None, :, None] ** 2
    wall = (np.array(top) * (1 - down) + np.array(bottom) * down) * across
    return np.ascontiguousarray(wall, np.float32)


def _window(canvas: Canvas, x: int, y: int) -> None:
    _box(canvas, x - 8, y - 8, 176, 236, (0.62, 0.66, 0.68))
    for pane in (0, 1):
        _box(canvas, x + pane * 82, y, 78, 220, (1.5, 1.35, 1.2))
        _box(canvas, x + pane * 82, y + 150, 78, 70, (0.55, 0.72, 0.5))
        _box(canvas, x + pane * 82 + 18, y + 95, 40, 90, (0.8, 0.78, 0.74))
    for fold in range(7):
        shade = 0.75 + 0.25 * (fold % 2)
        colour = np.array((0.62, 0.5, 0.34)) * shade
        _box(canvas, x - 66 + fold * 9, y - 18, 10, 270, colour.tolist())


def _bunk(canvas: Canvas, x: int) -> None:
    steel, quilt = (0.3, 0.24, 0.14), (0.5, 0.33, 0.22)
    for post in (0, 205):
        _box(canvas, x + post, 40, 11, 440, steel)
    for y, sheet in ((180, quilt), (400, (0.34, 0.42, 0.55))):
        _box(canvas, x, y, 214, 12, steel)
        _box(canvas, x + 6, y - 30, 204, 30, sheet)
        _box(canvas, x + 6, y - 46, 60, 20, (0.72, 0.74, 0.74))


def _shelf(canvas: Canvas, x: int, random: np.random.Generator) -> None:
    wood = (0.22, 0.32, 0.42)
    for row in range(3):
        y = 150 + row * 110
        _box(canvas, x, y, 190, 9, wood)
        left = x + 8.0
        while left < x + 170:
            width, height = random.uniform(12, 22), random.uniform(46, 74)
            tone = random.uniform(0.16, 0.5) * random.uniform(0.6, 1.2, 3)
            _box(canvas, left, y - height, width, height, tone.tolist())
            left += width + 2
    for k, colour in enumerate(((0.05, 0.62, 0.95), (0.8, 0.82, 0.84))):
        centre = (x + 50 + 84 * k, 148)
        cv2.ellipse(canvas, centre, (32, 30), 0, 180, 360, colour, -1)


def _poster(canvas: Canvas, x: int, y: int, band: Sequence[float]) -> None:
    _box(canvas, x, y, 104, 142, (0.82, 0.84, 0.85))
    _box(canvas, x, y, 104, 34, band)
    for line in range(5):
        _box(canvas, x + 12, y + 50 + 16 * line, 80 - 14 * (line % 2), 6, (0.35, 0.35, 0.36))


def _focus_far_away(canvas: Canvas) -> Canvas:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (BLUR, BLUR)).astype(np.float32)
    out = cv2.filter2D(canvas, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.GaussianBlur(out, (0, 0), 2.5), np.float32)


def room(kind: int) -> Canvas:
    """float32[480, 640, 3], blue-green-red, linear light, seen at full light.

    kind: 1 a dormitory, 2 a site office, 3 a training room.
    """
    random = np.random.default_rng(kind)
    if kind == 1:
        canvas = _wall((0.52, 0.55, 0.55), (0.4, 0.44, 0.45))
        _window(canvas, 96, 34)
        _bunk(canvas, 438)
    elif kind == 2:
        canvas = _wall((0.54, 0.55, 0.53), (0.42, 0.44, 0.42))
        _shelf(canvas, 20, random)
        _poster(canvas, 470, 60, (0.16, 0.45, 0.1))
        _poster(canvas, 586, 60, (0.1, 0.13, 0.6))
        _box(canvas, 400, 330, 240, 150, (0.2, 0.28, 0.36))
    else:
        canvas = _wall((0.6, 0.56, 0.5), (0.46, 0.43, 0.4))
        _box(canvas, 10, 60, 250, 150, (0.78, 0.8, 0.8))
        _poster(canvas, 300, 50, (0.08, 0.5, 0.8))
        _window(canvas, 500, 40)
        _box(canvas, 0, 350, 640, 130, (0.24, 0.32, 0.4))
    return _focus_far_away(canvas)
