"""Between checks: is one person there? Looks once or twice a second and is slow to judge.

A glance down, a sneeze, a drink or one frame in which the detector errs must change nothing,
so a view counts only when it held for `STEADY_NS`, and being away counts only when it lasted.

| view    | what it is                         | told after            | ended by            |
|---------|------------------------------------|-----------------------|---------------------|
| one     | one face, eyes open                | `STEADY_NS`: present  | any other           |
| none    | nobody                             | `absent_after_s`      | one                 |
| several | two faces or more                  | `several_after_s`     | one                 |
| turned  | somebody, but no face, or its side | `turned_after_s`      | one                 |
| covered | darkness or one even colour        | `covered_after_s`     | one                 |
| closed  | a face with shut eyes              | `eyes_closed_after_s` | one, or `StillHere` |

Whoever changes from one of these to another without being seen in between is told the last
of them after the longest of the times. A lost camera is told at once.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from proctor import gestures
from proctor.baseline import Baseline
from proctor.observation import CameraLost, Face, FaceObservation, Tick

STEADY_NS = 1_000_000_000
"""How long a view has to hold before it is believed; two or three frames at rest."""

SIDE_DEG, DOWN_DEG = 40.0, 35.0
"""Further from its rest than this a face no longer looks at this screen."""

SHUT = 1.3
"""`gestures.lids` of eyes that count as shut here. More than in a check: who reads below the
screen lowers the lids to 1.1 to 1.4, shut ones give 1.8; behind glasses 1.1 to 1.6, so some
who wear them are never asked, which harms nobody. Narrow eyes that look far down read like
shut ones: whoever that is answers, and is asked more and more rarely."""

BOWED_DEG = 12.0
"""A head bent down further than this reads or writes, whatever its lids do."""

PATIENCE = 8
"""At most so many times the preset: who has answered is asked again after twice the time,
because eyes that are open and look shut would be asked over and over."""


class Change(StrEnum):
    """What became different. PRESENT: one person is there again.

    EYES_CLOSED asks "are you there?"; the others need the person to be seen again.
    """

    PRESENT = "present"
    ABSENT = "absent"
    SEVERAL_FACES = "several_faces"
    CAMERA_LOST = "camera_lost"
    TURNED_AWAY = "turned_away"
    CAMERA_COVERED = "camera_covered"
    EYES_CLOSED = "eyes_closed"


@dataclass(frozen=True, slots=True)
class Rules:
    """Seconds until a view has consequences.

    turned_after_s: somebody is there, but not their face. Long, because who takes notes on
    paper also studies.
    """

    absent_after_s: float = 20.0
    several_after_s: float = 5.0
    turned_after_s: float = 60.0
    covered_after_s: float = 3.0
    eyes_closed_after_s: float = 30.0


@dataclass(frozen=True, slots=True)
class StillHere:
    """The learner touched the mouse or the keyboard: shut eyes are not asleep."""

    at_ns: int


View = Literal["one", "none", "several", "turned", "covered", "closed"]

TOLD: dict[View, Change] = {
    "one": Change.PRESENT,
    "none": Change.ABSENT,
    "several": Change.SEVERAL_FACES,
    "turned": Change.TURNED_AWAY,
    "covered": Change.CAMERA_COVERED,
    "closed": Change.EYES_CLOSED,
}


@dataclass(frozen=True, slots=True)
class Presence:
    """state: the last change that was told. view: what is believed to be seen, since when;
    rival: what the newest frames show instead, since when. gone_ns: since when the view is
    no longer "one". answered: how often "are you there?" was answered by hand.
    """

    state: Change = Change.PRESENT
    view: View | None = None
    since_ns: int = 0
    rival: View | None = None
    rival_since_ns: int = 0
    gone_ns: int | None = None
    answered: int = 0


Event = FaceObservation | CameraLost | Tick | StillHere


def step(
    presence: Presence,
    event: Event,
    rules: Rules | None = None,
    baseline: Baseline | None = None,
) -> tuple[Presence, Change | None]:
    """The next state, and the change if there was one. baseline: the learner's neutral face."""
    rules = rules or Rules()
    if isinstance(event, CameraLost):
        # What was seen before says nothing about who sits there when it comes back.
        lost = Presence(state=Change.CAMERA_LOST, answered=presence.answered)
        return lost, None if presence.state is Change.CAMERA_LOST else Change.CAMERA_LOST
    if isinstance(event, StillHere):
        return _answer(presence, event.at_ns)
    if isinstance(event, FaceObservation):
        presence = _look(presence, _view(event, baseline or Baseline()), event.at_ns)
    state = _judge(presence, event.at_ns, rules)
    if state is presence.state:
        return presence, None
    return replace(presence, state=state), state


def _view(seen: FaceObservation, rest: Baseline) -> View:
    if seen.count > 1:
        return "several"
    if seen.face is not None:
        return _view_of(seen.face, rest)
    if seen.covered:
        return "covered"
    return "turned" if seen.count else "none"


def _view_of(face: Face, rest: Baseline) -> View:
    down = face.pitch_deg - rest.pitch_deg
    if abs(face.yaw_deg - rest.yaw_deg) >= SIDE_DEG or abs(down) >= DOWN_DEG:
        return "turned"
    shut = gestures.lids(face, rest) >= SHUT and down < BOWED_DEG
    return "closed" if shut else "one"


def _look(presence: Presence, view: View, at_ns: int) -> Presence:
    """Believe a new view only when it held; time counts from its first frame."""
    if presence.view is None:
        return _believe(presence, view, at_ns)
    if view == presence.view:
        return replace(presence, rival=None)
    if view != presence.rival:
        return replace(presence, rival=view, rival_since_ns=at_ns)
    if at_ns - presence.rival_since_ns < STEADY_NS:
        return presence
    return _believe(presence, view, presence.rival_since_ns)


def _believe(presence: Presence, view: View, since_ns: int) -> Presence:
    gone_ns = presence.gone_ns if presence.gone_ns is not None else since_ns
    return replace(
        presence,
        view=view,
        since_ns=since_ns,
        rival=None,
        gone_ns=None if view == "one" else gone_ns,
    )


def _answer(presence: Presence, at_ns: int) -> tuple[Presence, Change | None]:
    """A hand speaks for shut eyes only: for a face that is not there it proves nothing."""
    if presence.view == "closed":
        presence = replace(presence, since_ns=at_ns, gone_ns=at_ns)
    if presence.state is not Change.EYES_CLOSED:
        return presence, None
    answered = presence.answered + 1
    return replace(presence, state=Change.PRESENT, answered=answered), Change.PRESENT


def _judge(presence: Presence, at_ns: int, rules: Rules) -> Change:
    view = presence.view
    # Somebody who may just have come back is not called away.
    if view is None or (presence.rival is not None and "one" in (view, presence.rival)):
        return presence.state
    limits: dict[View, float] = {
        "one": STEADY_NS / 1e9,
        "none": rules.absent_after_s,
        "several": rules.several_after_s,
        "turned": rules.turned_after_s,
        "covered": rules.covered_after_s,
        "closed": rules.eyes_closed_after_s * min(2**presence.answered, PATIENCE),
    }
    if (at_ns - presence.since_ns) / 1e9 >= limits[view]:
        return TOLD[view]
    gone = presence.gone_ns is not None and presence.state is Change.PRESENT
    if gone and (at_ns - (presence.gone_ns or 0)) / 1e9 >= max(limits.values()):
        return TOLD[view]
    return presence.state
