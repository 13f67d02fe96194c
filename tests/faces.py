"""Faces made of numbers: a head in space, or a flat print of it, as the models would see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proctor.liveness import Challenge, step
from proctor.observation import Embedding, Face, FaceObservation
from proctor.schedule import Action, Attempt, Place

FRAME_NS = 66_666_667

# Right, up and towards the camera, in eye distances; the order of `proctor.spoof.Points`.
_RIGHT = [
    (-0.72, 0.0, -0.12),  # outer and inner eye corner
    (-0.28, 0.0, 0.02),
]
_MIDDLE = [(0, 0.9, 0.12), (0, 0.6, 0.2), (0, 0.35, 0.22), (0, 0.1, 0.2), (0, -0.2, 0.4)]
_SIDES = [(0.4, 0.7, 0.05), (0.3, 0.45, 0.15), (0.15, -0.2, 0.2), (1.05, 0.0, -0.75)]
_SIDES += [(1.0, 0.4, -0.7), (0.85, 0.75, -0.5), (0.2, -0.35, 0.25)]
HEAD: npt.NDArray[np.float64] = np.array(
    _RIGHT
    + [(-x, y, z) for x, y, z in reversed(_RIGHT)]
    + _MIDDLE
    + [(side * x, y, z) for x, y, z in _SIDES for side in (-1, 1)]
)
PRINT = HEAD * [1, 1, 0]


def rotation(yaw: float, pitch: float, roll: float) -> npt.NDArray[np.float64]:
    """Degrees as in `Face`; axes as in `HEAD`."""
    y, p, r = np.radians([yaw, pitch, -roll])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_x @ about_y, np.float64)


def project(
    points: npt.NDArray[np.float64], yaw: float = 0, pitch: float = 0, roll: float = 0
) -> npt.NDArray[np.float32]:
    """Seen from nine eye distances away, 70 px between the eyes: float32[n, 2]."""
    turned = points @ rotation(yaw, pitch, roll).T
    scale = 70 * 9 / (9 - turned[:, 2:])
    pixels = np.array([320.0, 240.0]) + turned[:, :2] * scale * [1, -1]
    return np.asarray(pixels, np.float32)


def person(seed: int) -> Embedding:
    """Somebody's embedding; two of them are nearly at right angles."""
    vector = np.random.default_rng(seed).normal(size=128)
    unit: npt.NDArray[np.float64] = vector / np.linalg.norm(vector)
    return unit.astype(np.float32)


LEARNER, STRANGER = person(1), person(2)


def alike(embedding: Embedding, cosine: float) -> Embedding:
    """Another picture of the same face, this similar."""
    other = person(99).astype(np.float64)
    other -= embedding * np.dot(other, embedding)
    other /= np.linalg.norm(other)
    mixed: npt.NDArray[np.float64] = cosine * embedding + np.sqrt(1 - cosine**2) * other
    return mixed.astype(np.float32)


@dataclass(frozen=True)
class Pose:
    """What a face does; jaw and eyes as blendshapes."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    eyes: float = 0.08
    jaw: float = 0.02
    gaze: tuple[float, float] = (0.0, 0.0)


REST = Pose()
DONE: dict[Action, Pose] = {
    Action.TURN_LEFT: Pose(yaw=27),
    Action.TURN_RIGHT: Pose(yaw=-27),
    Action.OPEN_MOUTH: Pose(jaw=0.8),
    Action.BLINK: Pose(eyes=0.75),
    Action.NOD: Pose(pitch=14),
}
LOOKS: dict[Place, Pose] = {
    Place.LEFT: Pose(gaze=(0.4, 0.0)),
    Place.RIGHT: Pose(gaze=(-0.4, 0.0)),
    Place.UP: Pose(gaze=(0.0, -0.3)),
    Place.DOWN: Pose(gaze=(0.0, 0.3), eyes=0.4),
}
"""Eyes that go to the dot; who looks down also lowers the lids."""

DOT = (Place.LEFT, Place.UP, Place.RIGHT)


def asks(*actions: Action, alternative: bool = False, dot: tuple[Place, ...] = DOT) -> Attempt:
    """An attempt that asks for these, without light."""
    return Attempt(actions, dot, alternative=alternative)


def face(
    pose: Pose = REST,
    *,
    embedding: Embedding | None = LEARNER,
    flat: bool = False,
    brightness: float = 140.0,
    sharpness: float = 100.0,
    box: tuple[float, float, float, float] = (0.36, 0.3, 0.28, 0.5),
    mask: float = 0.0,
    dark_glasses: float = 0.0,
) -> Face:
    return Face(
        box=box,
        yaw_deg=pose.yaw,
        pitch_deg=pose.pitch,
        roll_deg=pose.roll,
        eyes_closed=pose.eyes,
        jaw_open=pose.jaw,
        brightness=brightness,
        sharpness=sharpness,
        rigid_points=project(PRINT if flat else HEAD, pose.yaw, pose.pitch, pose.roll),
        embedding=embedding,
        gaze=pose.gaze,
        mask=mask,
        dark_glasses=dark_glasses,
    )


def seen(at_ns: int, one: Face | None, count: int | None = None) -> FaceObservation:
    return FaceObservation(at_ns, (0 if one is None else 1) if count is None else count, one)


def acting(action: Action, *, rate_s: float = 0.0667, dot: Place | None = None) -> Iterator[Pose]:
    """Half a second of nothing, there in half a second, held as long, back; eyes do it twice.

    dot: where it stands when the action is to follow it.
    """
    full = LOOKS.get(dot, REST) if dot else DONE.get(action, REST)
    times = 2 if action is Action.BLINK else 1
    for _ in range(times):
        for x in np.interp(np.arange(0, 2.1, rate_s), [0, 0.5, 0.9, 1.4, 1.9, 2.1], _THERE):
            yield Pose(
                yaw=full.yaw * x,
                pitch=full.pitch * x,
                eyes=REST.eyes + (full.eyes - REST.eyes) * x,
                jaw=REST.jaw + (full.jaw - REST.jaw) * x,
                gaze=(full.gaze[0] * x, full.gaze[1] * x),
            )


_THERE = [0, 0, 1, 1, 0, 0]


def obey(
    challenge: Challenge,
    *,
    embedding: Embedding | None = LEARNER,
    flat: bool = False,
    does: dict[Action, Action] | None = None,
    rate_s: float = 0.0667,
) -> Challenge:
    """Let somebody do what is asked until the attempt ends, or does not go on for 90 s.

    does: what they do instead of what is asked.
    """
    at_ns, ends_ns = challenge.now_ns, challenge.now_ns + 90_000_000_000
    frame_ns = round(rate_s * 1e9)
    while challenge.outcome is None and at_ns < ends_ns:
        asked = challenge.asked
        action = (does or {}).get(asked, asked) if asked else None
        dot = challenge.dot if action is Action.FOLLOW_DOT else None
        for pose in acting(action, rate_s=rate_s, dot=dot) if action else [REST]:
            at_ns += frame_ns
            shown = face(pose, embedding=embedding, flat=flat)
            challenge = step(challenge, seen(at_ns, shown))
            if challenge.outcome is not None:
                break
    return challenge


def wait(
    challenge: Challenge, seconds: float, shown: Face | None, count: int | None = None
) -> Challenge:
    """Show the same for some seconds at 15 frames a second."""
    for _ in range(round(seconds * 15)):
        challenge = step(challenge, seen(challenge.now_ns + FRAME_NS, shown, count))
    return challenge
