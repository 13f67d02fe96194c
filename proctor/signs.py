"""Signs of deception, gathered frame by frame during a check, and combined at its end."""

from dataclasses import dataclass

from proctor.observation import FaceObservation
from proctor.risk import Risk
from proctor.schedule import Tint


@dataclass(frozen=True, slots=True)
class Signs:
    """What the frames of an attempt have shown so far."""

    frames: int = 0


def step(signs: Signs, seen: FaceObservation, tint: Tint | None, *, resting: bool) -> Signs:
    """Take in one frame. tint: the screen's light at that time. resting: no action is asked."""
    return Signs(signs.frames + 1)


def risk_of(signs: Signs, flags: tuple[str, ...] = ()) -> Risk:
    """All signs as one risk. flags: what is known of the device (`proctor.devices`)."""
    return Risk()
