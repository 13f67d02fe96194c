"""Between checks: is one person there? Looks a few times a second and is slow to judge.

A glance down, a sneeze or one frame in which the detector errs must change nothing, so a
view counts only when it held for `STEADY_NS`, and being away counts only when it lasted.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from proctor.observation import CameraLost, FaceObservation, Tick

STEADY_NS = 1_000_000_000
"""How long a view has to hold before it is believed; two or three frames at rest."""


class Change(StrEnum):
    """What became different. PRESENT: one person is there again."""

    PRESENT = "present"
    ABSENT = "absent"
    SEVERAL_FACES = "several_faces"
    CAMERA_LOST = "camera_lost"


@dataclass(frozen=True, slots=True)
class Rules:
    """Seconds until a view has consequences.

    turned_after_s: somebody is there, but no face is to be seen. Long, because who takes
    notes on paper also studies.
    """

    absent_after_s: float = 20.0
    several_after_s: float = 5.0
    turned_after_s: float = 60.0


View = Literal["one", "none", "several", "turned"]


@dataclass(frozen=True, slots=True)
class Presence:
    """state: the last change that was told. view: what is believed to be seen, since when;
    rival: what the newest frames show instead, since when.
    """

    state: Change = Change.PRESENT
    view: View | None = None
    since_ns: int = 0
    rival: View | None = None
    rival_since_ns: int = 0


Event = FaceObservation | CameraLost | Tick


def step(
    presence: Presence, event: Event, rules: Rules | None = None
) -> tuple[Presence, Change | None]:
    """The next state, and the change if there was one."""
    rules = rules or Rules()
    if isinstance(event, CameraLost):
        # What was seen before says nothing about who sits there when it comes back.
        lost = Presence(state=Change.CAMERA_LOST)
        return lost, None if presence.state is Change.CAMERA_LOST else Change.CAMERA_LOST
    if isinstance(event, FaceObservation):
        presence = _look(presence, _view(event), event.at_ns)
    state = _judge(presence, event.at_ns, rules)
    if state is presence.state:
        return presence, None
    return replace(presence, state=state), state


def _view(seen: FaceObservation) -> View:
    if seen.count > 1:
        return "several"
    if seen.face is not None:
        return "one"
    return "turned" if seen.count else "none"


def _look(presence: Presence, view: View, at_ns: int) -> Presence:
    """Believe a new view only when it held; time counts from its first frame."""
    if presence.view is None:
        return replace(presence, view=view, since_ns=at_ns)
    if view == presence.view:
        return replace(presence, rival=None)
    if view != presence.rival:
        return replace(presence, rival=view, rival_since_ns=at_ns)
    if at_ns - presence.rival_since_ns < STEADY_NS:
        return presence
    return replace(presence, view=view, since_ns=presence.rival_since_ns, rival=None)


def _judge(presence: Presence, at_ns: int, rules: Rules) -> Change:
    held_s = (at_ns - presence.since_ns) / 1e9
    match presence.view:
        case "one" if held_s >= STEADY_NS / 1e9 and presence.rival is None:
            return Change.PRESENT
        case "none" if held_s >= rules.absent_after_s:
            return Change.ABSENT
        case "turned" if held_s >= rules.turned_after_s:
            return Change.ABSENT
        case "several" if held_s >= rules.several_after_s:
            return Change.SEVERAL_FACES
        case _:
            return presence.state
