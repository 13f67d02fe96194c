"""What is held before the camera to deceive it: prints, flat, bent, with holes; a tablet.

Angles are degrees, lengths pixels of the picture; x right, y down, z away from the camera.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.clips import HEIGHT, WIDTH, Mask
from proctor.adapters.simulated.motion import TURN_DEG, Pose
from proctor.ports import Picture

FOCAL = 2.2 * HEIGHT
"""Focal length for pictures held before the camera, pixels."""

TILT_DEG = 40.0
"""How far a print is turned by somebody who wants it to look like a turn of the head."""

BENT_RADIUS = 0.55
"""Radius of the cylinder a print is bent on, in widths of the paper: 104 degrees of it."""

_Rotation = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hand:
    """How a picture is held: turned, shifted to the right and down, its scale."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    right: float = 0.0
    down: float = 0.0
    scale: float = 0.9


def still(t: float) -> Hand:
    """As still as a hand is at `t` seconds."""
    s = math.sin
    return Hand(2.5 * s(0.8 * t), 2 * s(0.6 * t + 1), 1.2 * s(0.7 * t), 3 * s(1.1 * t), 2 * s(t))


def tilted(t: float) -> Hand:
    """Slowly turned to both sides."""
    s = math.sin
    return Hand(TILT_DEG * s(0.9 * t), 12 * s(0.5 * t), 3 * s(t), 4 * s(0.7 * t), 2 * s(t))


def waved(t: float) -> Hand:
    """Waved about."""
    s = math.sin
    return Hand(
        30 * s(3.1 * t),
        12 * s(4.3 * t),
        14 * s(2.2 * t),
        60 * s(2.7 * t),
        25 * s(3.7 * t),
        0.9 + 0.12 * s(1.9 * t),
    )


def obeying(t: float, pose: Pose) -> Hand:
    """Moved by somebody who reads what is asked and would be in that `pose` themselves.

    A mouth is opened by tilting: a smiling print then reads as an open one
    (`shared/measured/learner.md`).
    """
    rest = still(t)
    return Hand(
        0.6 * rest.yaw + TILT_DEG * pose.yaw / TURN_DEG + 50 * pose.jaw,
        0.6 * rest.pitch + 1.6 * pose.pitch,
        rest.roll,
        rest.right,
        rest.down,
    )


def rotation(hand: Hand) -> _Rotation:
    """float64[3, 3]."""
    y, p, r = np.radians([hand.yaw, hand.pitch, hand.roll])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x, np.float64)


def paper_of(portrait: Picture) -> Picture:
    """A portrait as it comes from the printer, with its white border."""
    photograph = portrait[10:470, 150:490]
    paper = cv2.copyMakeBorder(
        photograph, 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=(228, 232, 233)
    )
    return paper.astype(np.uint8, copy=False)


@dataclass(frozen=True, slots=True)
class Held:
    """The whole picture, and where the thing held covers it (255) or does not (0)."""

    picture: Picture
    where: Mask


def flat(thing: Picture, behind: Picture, hand: Hand, holes: Mask | None = None) -> Held:
    """A flat thing before a picture: its corners turned in space and projected.

    holes: uint8 of the thing's size, 0 where it is cut out.
    """
    height, width = thing.shape[:2]
    corners = np.array([[-width, -height], [width, -height], [width, height], [-width, height]])
    space = np.column_stack([corners / 2.0 * hand.scale, np.zeros(4)]) @ rotation(hand).T
    centre = np.array([WIDTH / 2 + hand.right, HEIGHT / 2 + hand.down])
    seen = space[:, :2] / (1 + space[:, 2:] / FOCAL) + centre
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    homography = cv2.getPerspectiveTransform(source, seen.astype(np.float32))
    whole = np.full((height, width), 255, np.uint8) if holes is None else holes
    size = (WIDTH, HEIGHT)
    where = cv2.warpPerspective(whole, homography, size).astype(np.uint8, copy=False)
    if holes is None:
        out = cv2.warpPerspective(
            thing,
            homography,
            size,
            dst=behind.copy(),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_TRANSPARENT,
        )
        return Held(out.astype(np.uint8, copy=False), where)
    return Held(laid(cv2.warpPerspective(thing, homography, size), behind, where), where)


def laid(
    front: npt.NDArray[np.integer[Any] | np.floating[Any]], behind: Picture, where: Mask
) -> Picture:
    """`front` over `behind` where the mask says so, softly."""
    share = where.astype(np.float32) / 255
    return cv2.blendLinear(front, behind, share, 1 - share).astype(np.uint8, copy=False)


@cache
def _rays() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Every other pixel's place from the middle of the picture."""
    rows, columns = np.mgrid[0:HEIGHT:2, 0:WIDTH:2].astype(np.float32)
    return columns - WIDTH / 2, rows - HEIGHT / 2


def bent(thing: Picture, behind: Picture, hand: Hand) -> Held:
    """The thing bent on an upright cylinder, bulging towards the camera."""
    height, width = thing.shape[:2]
    across, down = _rays()
    # into the thing's own frame, in its own pixels: its middle is the origin
    inwards = rotation(hand).T.astype(np.float32)
    eye = inwards @ np.array([-hand.right, -hand.down, -FOCAL], np.float32) / hand.scale
    # the rays go through the plane of the picture, where the thing's middle is
    dx, dy, dz = (row[0] * across + row[1] * down + row[2] * FOCAL for row in inwards)
    radius = BENT_RADIUS * width
    # (x, z - radius) on the circle: a quadratic equation for how far along the ray
    a = dx * dx + dz * dz
    b = eye[0] * dx + (eye[2] - radius) * dz
    c = float(eye[0] ** 2 + (eye[2] - radius) ** 2 - radius**2)
    inside = b * b - a * c
    far = (-b - np.sqrt(np.maximum(inside, 0))) / a
    x, y, z = eye[0] + far * dx, eye[1] + far * dy, eye[2] + far * dz
    u = radius * np.arctan2(x, radius - z) + width / 2
    v = y + height / 2
    u = np.where(inside > 0, u, -9.0 * width).astype(np.float32)
    size = (WIDTH, HEIGHT)
    place_u = cv2.resize(u, size, interpolation=cv2.INTER_LINEAR)
    place_v = cv2.resize(v.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    inner = (place_u > 0) & (place_u < width - 1) & (place_v > 0) & (place_v < height - 1)
    where = np.where(inner, 255, 0).astype(np.uint8)
    front = cv2.remap(thing, place_u, place_v, cv2.INTER_LINEAR)
    return Held(laid(front, behind, where), where)


PHASES = 12
"""Pictures of a screen's flicker that are made once and repeated."""


@cache
def _flicker() -> tuple[Picture, ...]:
    """What a screen before a camera adds: pixel moire and bands of brightness, around 128."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    out = []
    for phase in np.arange(PHASES) / PHASES * 2 * np.pi:
        moire = np.sin(0.62 * columns + 0.11 * rows + 3 * phase)
        moire *= 6 * np.sin(0.05 * columns - 0.57 * rows + phase)
        band = 9 * np.sin(rows / HEIGHT * 8.2 + phase)
        grey = np.clip(np.round(128 + moire + band), 0, 255).astype(np.uint8)
        out.append(np.repeat(grey[..., None], 3, axis=2))
    return tuple(out)


def on_tablet(shown: Picture, behind: Picture, now_s: float, number: int) -> Held:
    """A picture on a tablet: a screen's flicker, its veil of light, a dark frame.

    number: of the frame, for the flicker.
    """
    screen = cv2.addWeighted(shown, 0.84, _flicker()[number % PHASES], 1.0, -108.0)
    tablet = cv2.copyMakeBorder(screen, 22, 22, 22, 22, cv2.BORDER_CONSTANT, value=(18, 18, 18))
    hand = Hand(4 + 1.5 * math.sin(now_s), 3.0, 1.2, 4 * math.sin(1.3 * now_s), 0.0, 0.88)
    return flat(tablet.astype(np.uint8, copy=False), behind, hand)
