"""From a person's clips to the picture before the camera: the living person or a deception."""

import math
from functools import cache

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.clips import HEIGHT, WIDTH, Clips
from proctor.adapters.simulated.motion import BESIDE, CLIPS, FPS
from proctor.adapters.simulated.performance import Performer
from proctor.adapters.simulated.stage import Prompt, Scene
from proctor.ports import Picture

PORTRAIT = ("idle_breathe", 0)
"""The neutral frontal picture."""

EMPTY_ROOM = "room"
SIDE_BY_SIDE = "beside"

RECORDED = tuple((name, pose) for name, plan in CLIPS.items() for pose in plan.order)
"""What a replay shows again and again: clips and poses, every action in a fixed order."""

_FOCAL = 2.2 * HEIGHT
"""Focal length for pictures held before the camera, pixels."""


def portrait_of(clips: Clips) -> Picture:
    """The neutral frontal picture: uint8[480, 640, 3]."""
    return clips.picture(*PORTRAIT)


def compose(
    scene: Scene, clips: Clips, performer: Performer, now_s: float, prompt: Prompt | None
) -> Picture:
    """What is before the camera at `now_s` (seconds), well lit, without grain.

    Only the living person hears the prompt; photographs and recordings cannot.
    """
    if scene is Scene.LIVE:
        shot = performer.at(now_s, prompt)
        return clips.picture(shot.clip, shot.pose)
    if scene is Scene.NOBODY:
        return clips.picture(EMPTY_ROOM, 0)
    if scene is Scene.TWO_PEOPLE:
        place = int(now_s * FPS) % (len(BESIDE.order) - 1)
        return clips.picture(SIDE_BY_SIDE, BESIDE.order[place])
    if scene is Scene.REPLAY:
        return _replay(clips, now_s)
    return _held_up(clips, *_HANDS[scene](now_s))


def _held_up(
    clips: Clips, yaw: float, pitch: float, roll: float, right: float, down: float, scale: float
) -> Picture:
    photograph = portrait_of(clips)[10:470, 150:490]
    paper = cv2.copyMakeBorder(
        photograph, 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=(228, 232, 233)
    )
    return _place(
        paper.astype(np.uint8, copy=False),
        clips.picture(EMPTY_ROOM, 0),
        (yaw, pitch, roll),
        (right, down),
        scale,
    )


_Hand = tuple[float, float, float, float, float, float]
"""yaw, pitch, roll (degrees), right, down (pixels), scale of a picture held in a hand."""


def _still(t: float) -> _Hand:
    s = math.sin
    return 2.5 * s(0.8 * t), 2 * s(0.6 * t + 1), 1.2 * s(0.7 * t), 3 * s(1.1 * t), 2 * s(t), 0.9


def _tilted(t: float) -> _Hand:
    s = math.sin
    return 40 * s(0.9 * t), 12 * s(0.5 * t), 3 * s(t), 4 * s(0.7 * t), 2 * s(t), 0.9


def _waved(t: float) -> _Hand:
    s = math.sin
    return (
        30 * s(3.1 * t),
        12 * s(4.3 * t),
        14 * s(2.2 * t),
        60 * s(2.7 * t),
        25 * s(3.7 * t),
        0.9 + 0.12 * s(1.9 * t),
    )


_HANDS = {Scene.PRINT: _still, Scene.PRINT_TILTED: _tilted, Scene.PRINT_WAVED: _waved}


def _rotation(yaw: float, pitch: float, roll: float) -> npt.NDArray[np.float64]:
    """Degrees to float64[3, 3]: x right, y down, z away from the camera."""
    y, p, r = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x, np.float64)


def _place(
    flat: Picture,
    behind: Picture,
    turn: tuple[float, float, float],
    shift: tuple[float, float],
    scale: float,
) -> Picture:
    """A flat picture held before the room: its corners turned in space and projected."""
    height, width = flat.shape[:2]
    corners = np.array([[-width, -height], [width, -height], [width, height], [-width, height]])
    space = np.column_stack([corners / 2.0 * scale, np.zeros(4)]) @ _rotation(*turn).T
    centre = np.array([WIDTH / 2 + shift[0], HEIGHT / 2 + shift[1]])
    seen = space[:, :2] / (1 + space[:, 2:] / _FOCAL) + centre
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    homography = cv2.getPerspectiveTransform(source, seen.astype(np.float32))
    out = cv2.warpPerspective(
        flat,
        homography,
        (WIDTH, HEIGHT),
        dst=behind.copy(),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    return out.astype(np.uint8, copy=False)


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


def _replay(clips: Clips, now_s: float) -> Picture:
    """The recording on a tablet: a screen's flicker, its veil of light, a dark frame."""
    place = int(now_s * FPS) % len(RECORDED)
    number = int(now_s * FPS) % PHASES
    shown = cv2.addWeighted(clips.picture(*RECORDED[place]), 0.84, _flicker()[number], 1.0, -108.0)
    tablet = cv2.copyMakeBorder(shown, 22, 22, 22, 22, cv2.BORDER_CONSTANT, value=(18, 18, 18))
    turn = (4 + 1.5 * math.sin(now_s), 3.0, 1.2)
    shift = (4 * math.sin(1.3 * now_s), 0.0)
    room = clips.picture(EMPTY_ROOM, 0)
    return _place(tablet.astype(np.uint8, copy=False), room, turn, shift, 0.88)
