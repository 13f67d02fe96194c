"""How the simulated learner moves: short clips of poses, each from the neutral pose and back to it.

Every clip begins and ends with the very same neutral pose, so that any clip can follow any other
without a jump. What returns the way it came is rendered once and played backwards.
"""

import math
from dataclasses import dataclass, replace

FPS = 15
"""Frames a second at which clips are rendered and played."""

ACTIONS = ("turn_left", "turn_right", "open_mouth", "blink", "nod", "follow_dot")
"""What a learner can be asked for. Left and right are the person's own."""

TURN_DEG, NOD_DEG = 33.0, 15.0

FOLLOW_DOT = "follow_dot"


@dataclass(frozen=True, slots=True)
class Pose:
    """A person at one moment.

    yaw, pitch, roll: degrees; yaw > 0 towards the image's right, pitch > 0 down, roll > 0
    clockwise. blink, jaw, smile, brows: 0 to 1. gaze: degrees, to the image's right and down.
    shift: to the image's right and up, in decimetres. near: 1 at the usual distance, 2 at half.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    blink: float = 0.0
    jaw: float = 0.0
    smile: float = 0.0
    brows: float = 0.0
    gaze: tuple[float, float] = (0.0, 0.0)
    shift: tuple[float, float] = (0.0, 0.0)
    near: float = 1.0


NEUTRAL = Pose()


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """poses: those to be rendered, the first one neutral. order: which one to show when, at FPS."""

    poses: tuple[Pose, ...]
    order: tuple[int, ...]

    @property
    def seconds(self) -> float:
        return (len(self.order) - 1) / FPS


def ease(x: float) -> float:
    """0 to 1 with a soft start and end."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)


def _clip(path: list[Pose]) -> ClipPlan:
    """The plan that shows these poses one after the other; equal ones are rendered once."""
    poses = tuple(dict.fromkeys(path))
    number = {pose: k for k, pose in enumerate(poses)}
    return ClipPlan(poses, tuple(number[pose] for pose in path))


def _there_and_back(poses: list[Pose], again: int = 1) -> ClipPlan:
    """The poses forwards and backwards, `again` times."""
    once = poses + poses[-2::-1]
    return _clip(once + once[1:] * (again - 1))


def _reach_and_hold(full: Pose, reach_s: float, hold_s: float, again: int = 1) -> ClipPlan:
    """From neutral to `full`, held with the small tremor of a living head, and back."""
    steps = max(2, round(reach_s * FPS))
    poses = [_mix(full, ease(k / steps)) for k in range(steps)]
    # half of the hold is rendered: the way back is the way there, backwards
    half = max(2, round(hold_s * FPS / 2))
    for k in range(half):
        tremor = math.sin(2.1 * k)
        poses.append(replace(full, roll=full.roll + 0.25 * tremor, pitch=full.pitch + 0.2 * tremor))
    return _there_and_back(poses, again)


def _mix(full: Pose, x: float) -> Pose:
    return Pose(
        yaw=full.yaw * x,
        pitch=full.pitch * x,
        roll=full.roll * x,
        blink=full.blink * x,
        jaw=full.jaw * x,
        smile=full.smile * x,
        brows=full.brows * x,
        gaze=(full.gaze[0] * x, full.gaze[1] * x),
        shift=(full.shift[0] * x, full.shift[1] * x),
        near=1 + (full.near - 1) * x,
    )


def _idle(sway: Pose, seconds: float, blink_at: float | None = None) -> ClipPlan:
    """A slow drift towards `sway` and back; `blink_at`: when to blink, seconds from the start."""
    steps = round(seconds * FPS / 2)
    path = []
    for place in range(2 * steps + 1):
        # so slow that every other frame shows nothing new
        k = min(place, 2 * steps - place) // 2 * 2
        pose = _mix(sway, 0.5 - 0.5 * math.cos(math.pi * k / steps))
        breath = 0.006 * math.sin(math.pi * k / steps)
        pose = replace(pose, shift=(pose.shift[0], pose.shift[1] + breath))
        if blink_at is not None:
            blink = math.exp(-(((place / FPS - blink_at) / 0.085) ** 4))
            pose = replace(pose, blink=blink if blink > 0.02 else 0.0)
        path.append(pose)
    return _clip(path)


IDLE: dict[str, ClipPlan] = {
    "idle_breathe": _idle(Pose(pitch=1.0, smile=0.04), 2.0),
    "idle_blink": _idle(Pose(yaw=0.8, pitch=-0.6, roll=0.5), 2.0, blink_at=0.55),
    "idle_left": _idle(Pose(yaw=2.6, roll=-0.8, gaze=(2.0, 0.5), shift=(0.02, 0.0)), 2.4),
    "idle_right": _idle(Pose(yaw=-2.4, roll=0.9, gaze=(-3.0, 1.0), shift=(-0.02, 0.0)), 2.4, 0.4),
    "idle_read": _idle(Pose(pitch=1.8, gaze=(3.0, 4.0), smile=0.03), 2.2),
}
"""What the person does while nothing is asked; played in a seeded random order."""

ACTING: dict[str, ClipPlan] = {
    "turn_left": _reach_and_hold(Pose(yaw=TURN_DEG, gaze=(-6.0, 0.0)), 0.5, 0.7),
    "turn_right": _reach_and_hold(Pose(yaw=-TURN_DEG, gaze=(6.0, 0.0)), 0.5, 0.7),
    "open_mouth": _reach_and_hold(Pose(jaw=1.0, pitch=-2.0, brows=0.15), 0.35, 0.8),
    "blink": _reach_and_hold(Pose(blink=1.0, pitch=0.6), 0.2, 0.4, again=2),
    "nod": _reach_and_hold(Pose(pitch=NOD_DEG), 0.4, 0.15, again=2),
}

LOOKING: dict[str, ClipPlan] = {
    "look_left": _reach_and_hold(Pose(yaw=4.0, gaze=(22.0, 0.0)), 0.2, 0.13),
    "look_right": _reach_and_hold(Pose(yaw=-4.0, gaze=(-22.0, 0.0)), 0.2, 0.13),
    "look_up": _reach_and_hold(Pose(pitch=-4.0, brows=0.2, gaze=(0.0, -26.0)), 0.2, 0.13),
    "look_down": _reach_and_hold(Pose(pitch=4.0, gaze=(0.0, 28.0)), 0.2, 0.13),
}
"""The eyes, and a little the head, at each `proctor.schedule.Place` of the dot, and back: in the
middle they are there. The person's own left is the image's right."""

CLIPS: dict[str, ClipPlan] = IDLE | ACTING | LOOKING
