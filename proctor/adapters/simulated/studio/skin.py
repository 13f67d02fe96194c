"""The painted skin: colour and pores over a cylinder around the head."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.casting import Person
from proctor.adapters.simulated.studio.head import SKIN, mesh
from proctor.adapters.simulated.studio.matrices import Array, light_of, soft

Layer = npt.NDArray[np.float32]

SIZE = 1024
"""Texture pixels, both ways; u: angle -100 to 100 degrees, v: rest height 8.6 down to 6.1."""
SPAN = np.radians(200)
TOP, TALL = 8.6, 2.5
AXIS_Z = 0.2

_TONES = ((246, 205, 180), (232, 184, 150), (196, 140, 104), (130, 82, 56), (78, 48, 34))
"""Skin from pale to dark in equal steps."""


def skin_tone(person: Person, random: np.random.Generator) -> Array:
    """Linear light, float64[3]."""
    steps = np.arange(len(_TONES))
    tone = [np.interp(person.skin * 4, steps, [each[k] for each in _TONES]) for k in range(3)]
    return np.asarray(light_of(tone) * random.uniform(0.97, 1.03, 3))


def at(x: Array | float, y: Array | float, z: Array | float = 1.45) -> Array:
    """Rest position to texture pixels, float64[..., 2]."""
    x, y, z = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float), np.asarray(z, float))
    u = (np.arctan2(x, z - AXIS_Z) / SPAN + 0.5) * SIZE
    return np.stack([u, (TOP - y) / TALL * SIZE], -1)


def _blob(x: float, y: float, wide: float, high: float, z: float = 1.45) -> Layer:
    """A soft spot: 1 at (x, y), falling off over `wide` and `high` (decimetres)."""
    u, v = at(x, y, z)
    pixels = np.arange(SIZE)
    across, down = (pixels - u) / (wide * SIZE / 4.36), (pixels - v) / (high * SIZE / TALL)
    return np.outer(np.exp(-(down**2)), np.exp(-(across**2))).astype(np.float32)


def _both(x: float, y: float, wide: float, high: float, z: float = 1.45) -> Layer:
    """The same spot on both sides of the face."""
    return np.asarray(_blob(x, y, wide, high, z) + _blob(-x, y, wide, high, z), np.float32)


@dataclass(slots=True)
class _Painter:
    """Paints one person; `colour` is linear light, float32[SIZE, SIZE, 3]."""

    person: Person
    random: np.random.Generator
    colour: Layer
    masks: dict[str, Layer]

    def noise(self, grain: float, aspect: float = 1.0) -> Layer:
        """Smooth noise of unit spread; grain: pixels."""
        white = self.random.normal(0, 1, (SIZE, SIZE)).astype(np.float32)
        out = cv2.GaussianBlur(white, (0, 0), grain * 0.57, sigmaY=grain * aspect)
        return np.asarray(out / out.std(), np.float32)

    def shade(self, where: Layer | Array, rgb: tuple[float, float, float]) -> None:
        """Take `rgb` (0..1) of the light away, where `where` is 1."""
        much = np.clip(where, 0, 1).astype(np.float32)[..., None]
        self.colour *= 1 - much * np.array(rgb, np.float32)

    def cover(self, where: Layer, colour: Array) -> None:
        """Paint over with `colour` (linear light) where `where` is 1."""
        much = np.clip(where, 0, 1)[..., None]
        self.colour = np.asarray(self.colour * (1 - much) + colour * much, np.float32)


@cache
def _masks() -> dict[str, Layer]:
    """Lips, eyelids, ears as painted by the mesh's masks."""
    data = mesh()
    place = at(data.rest[:, 0], data.rest[:, 1], data.rest[:, 2])
    quads = data.quads_of(SKIN)
    ahead = data.rest[quads, 2].min(1) > 0.3
    outside = data.masks["inside-mouth"][quads].min(1) < 0.5
    front = quads[ahead & outside]
    front = front[np.argsort(data.rest[front, 2].mean(1))]
    out = {}
    for name in ("lips", "eyelids", "ears"):
        layer = np.zeros((SIZE, SIZE), np.float32)
        for quad in front:
            corners = np.round(place[quad] * 16).astype(np.int32)
            grey = float(data.masks[name][quad].mean())
            cv2.fillConvexPoly(layer, corners, grey, cv2.LINE_8, 4)
        out[name] = np.asarray(cv2.GaussianBlur(layer, (0, 0), 2.5), np.float32)
    return out


def _complexion(paint: _Painter) -> None:
    person, random = paint.person, paint.random
    mottled = np.array([0.6, 1, 1], np.float32)
    paint.colour *= 1 + 0.02 * paint.noise(40)[..., None]
    paint.colour *= 1 + 0.02 * paint.noise(9)[..., None] * mottled
    red = 0.4 * _both(0.5, 6.93, 0.3, 0.22, 1.25) + 0.35 * _blob(0, 6.93, 0.16, 0.12)
    red += 0.4 * paint.masks["ears"] + 0.15 * _blob(0, 6.4, 0.3, 0.12)
    paint.shade(red * (1 - 0.5 * person.skin), (0.04, 0.22, 0.2))
    tired = float(random.uniform(0.4, 0.8))
    paint.shade(tired * _both(0.3, 7.12, 0.2, 0.08, 1.4), (0.12, 0.16, 0.13))
    lids = (0.1, 0.16, 0.13) if person.male > 0.5 else (0.16, 0.24, 0.2)
    paint.shade(paint.masks["eyelids"], lids)
    for _ in range(int(random.integers(3, 10) * (1 + person.age / 60))):
        x, y, size = random.uniform(-0.8, 0.8), random.uniform(6.3, 8), random.uniform(0.006, 0.014)
        spot = _blob(float(x), float(y), float(size) * 2.4, float(size), 1.2)
        paint.shade(spot * float(random.uniform(0.1, 0.5)), (0.2, 0.34, 0.4))


def _lips(paint: _Painter) -> Layer:
    person = paint.person
    red = light_of((184, 108, 102) if person.male < 0.5 else (176, 118, 104))
    own = np.asarray(paint.colour.mean((0, 1)), np.float64) * [1, 0.62, 0.6]
    colour = red * (1.1 - 0.7 * person.skin) * 0.55 + own * 0.45
    much = soft(paint.masks["lips"], 0.25, 0.8) * (0.8 + 0.05 * paint.noise(1.2, 4))
    lips = np.asarray(much, np.float32)
    paint.cover(lips, colour)
    return lips


def _stubble(paint: _Painter, lips: Layer, pores: Layer) -> None:
    person = paint.person
    if person.male < 0.5:
        return
    beard = 0.9 * _blob(0, 6.35, 0.75, 0.32, 1.2) + _blob(0, 6.78, 0.32, 0.08)
    beard += _both(0.75, 6.6, 0.4, 0.3, 0.75)
    beard = np.clip(beard, 0, 1) * (1 - lips)
    shadow = 0.07 + 0.05 * np.clip(pores, -1, 2)
    grown = person.stubble * (0.3 + 0.15 * paint.noise(0.8, 3))
    paint.shade(np.asarray(beard * (shadow + grown), np.float32), (0.9, 0.85, 0.75))


def _line(layer: Layer, path: Array, grey: float, thick: int) -> None:
    points = np.round(path * 16).astype(np.int32)
    cv2.polylines(layer, [points], False, grey, thick, cv2.LINE_AA, 4)


def _wrinkles(paint: _Painter) -> Layer:
    """Forehead lines, crow's feet, folds from nose to mouth; returned as heights."""
    layer = np.zeros((SIZE, SIZE), np.float32)
    x = np.linspace(-0.42, 0.42, 20)
    for y in (7.74, 7.84):
        wave = y + 0.02 * np.cos(np.linspace(-5, 5, 20)) + paint.random.normal(0, 0.004, 20)
        _line(layer, at(x, wave), 0.4, 2)
    for side in (-1, 1):
        for k in (-0.05, 0.0, 0.05):
            foot = at(side * np.array([0.52, 0.64]), np.array([7.28 + k / 3, 7.27 + k * 1.6]), 1.15)
            _line(layer, foot, 0.55, 2)
        fold = np.array([0.2, 0.29, 0.34, 0.36]), np.array([6.95, 6.84, 6.72, 6.6])
        _line(layer, at(side * fold[0], fold[1], np.array([1.5, 1.48, 1.42, 1.36])), 0.4, 3)
    much = 0.08 + 0.55 * float(soft(paint.person.age, 35, 80))
    out = np.asarray(cv2.GaussianBlur(layer, (0, 0), 2.2) * much, np.float32)
    paint.shade(out, (0.35, 0.45, 0.45))
    return out


def _brows(paint: _Painter) -> None:
    """Many short hairs along a gentle arch."""
    person, random = paint.person, paint.random
    thick, arch = person.brow
    ink = np.zeros((SIZE, SIZE), np.float32)
    for side in (-1, 1):
        for _ in range(520):
            q = float(random.uniform(0, 1))
            x = 0.12 + 0.42 * q
            rise = arch * np.sin(np.pi * min(1.0, q * 0.92) ** 1.2)
            taper = 1 - 0.75 * q**2.5 - 0.35 * (1 - min(1.0, q * 6))
            y = 7.47 + rise + float(random.normal(0, 0.55)) * thick * taper
            length = float(random.uniform(0.03, 0.05)) * (1 - 0.3 * q)
            angle = np.radians(66 - 78 * q + random.normal(0, 9))
            ends = np.array([0.0, 1.0]) * length
            path = at(side * (x + ends * np.cos(angle)), y + ends * np.sin(angle), 1.52 - 0.35 * x)
            _line(ink, path, float(random.uniform(0.35, 0.75)), 1)
    ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), 1.5), np.float32)
    soft_base = np.asarray(cv2.GaussianBlur(ink, (0, 0), 5), np.float32)
    grey = 0.85 - 0.25 * float(soft(person.age, 45, 80))
    cover = np.clip(1.15 * ink + 0.35 * soft_base, 0, 1) * grey
    paint.cover(np.asarray(cover, np.float32), light_of(person.hair) * 0.9 + 0.006)


def paint_skin(person: Person) -> npt.NDArray[np.uint8]:
    """uint8[SIZE, SIZE, 4]: red, green, blue (square root of linear light / 1.2) and relief."""
    random = np.random.default_rng(person.seed + 1)
    tone = skin_tone(person, random)
    colour = np.asarray(tone * np.ones((SIZE, SIZE, 3)), np.float32)
    paint = _Painter(person, random, colour, _masks())
    _complexion(paint)
    lips = _lips(paint)
    pores = paint.noise(1.0)
    _stubble(paint, lips, pores)
    wrinkles = _wrinkles(paint)
    _brows(paint)
    relief = 0.4 * pores + 0.5 * paint.noise(2.2) + 2.0 * lips * paint.noise(1.5, 5)
    relief -= 7 * cv2.GaussianBlur(wrinkles, (0, 0), 1.0)
    shown = np.sqrt(np.clip(paint.colour / 1.2, 0, 1))
    out = np.dstack([shown, 0.5 + relief / 12])
    return np.asarray(np.round(np.clip(out, 0, 1) * 255), np.uint8)
