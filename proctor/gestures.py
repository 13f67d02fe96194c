"""What each action looks like in one frame, as a level: 0 nothing yet, 1 or more done.

Levels are measured from the learner's own neutral face. The numbers come from
`shared/measured/learner.md` where nothing else is said.
"""

import math
from dataclasses import dataclass, field

from proctor import spoof
from proctor.baseline import Baseline
from proctor.observation import Face
from proctor.schedule import TURNS, Action, Place
from proctor.spoof import Points

TURN_DEG = 20.0
"""Yaw of a turn. A print tilted by 40 degrees reads 7.5 at most, by 60 degrees 18.5."""

NOD_DEG = 7.0
"""Pitch of a nod, downwards; a head at rest moves by 1. A print nods as well as a head: of
itself a nod shows nothing, and only the alternative set goes without a turn."""

JAW = 0.35, 0.40, 0.70
"""A mouth counts as open this far above its rest, but from the second to the third number
at least: talking reads 0.2 to 0.3, open 0.5 to 0.9."""

LIDS = 0.25, 0.40
"""Eyes count as closed this far above their rest, or this share of the way to
`LIDS_DOWN` where that is more. Closed reads 0.67 to 0.85, behind glasses 0.44 to 0.60;
narrow eyes rest at 0.33."""

LIDS_DOWN = 0.90

FACING_YAW_DEG, FACING_PITCH_DEG = 12.0, 14.0
"""How far from its rest a head may be while it still faces the camera."""

SQUASHED = 0.10
"""`spoof.distortion` from which on a face does not count as facing the camera: a smiling
print that is tilted reads as an open mouth. Mouth and lids alone reach 0.06."""


GAZE_X_DEG, GAZE_Y_DEG, LID_DEG = 36.0, 55.0, 20.0
"""Degrees of the eyes for a whole unit of `Face.gaze`, and for lids that go down with them.

Measured on three simulated people: 15 degrees aside read 0.31 to 0.51, 10 up 0.15 to 0.23,
16 down 0.12 to 0.22, and the lids 0.2 to 0.28 with it: a look down moves the lids more than
what is seen of the eyes. 28 down with narrow eyes reads like shut ones (0.80), so shut eyes
count as a look down: who has narrow eyes would otherwise never look down.
"""

LOOK_X_DEG, LOOK_Y_DEG = 9.0, 6.0
"""How far somebody has looked, eyes and head together, who looks at the dot beside, or above
or below. It stands some 15 degrees to the side and 10 up or down where a notebook's screen
is half a metre away. Reading and idling reach 6 aside and 3 up."""

ASIDE = 0.9
"""Most that a look counts which goes further across the dot's direction than along it."""


@dataclass(frozen=True, slots=True)
class Neutral:
    """The face just before an action: what the action is measured against."""

    yaw_deg: float
    pitch_deg: float
    points: Points = field(repr=False)
    gaze: tuple[float, float] | None = None
    eyes_closed: float = 0.1


def neutral_of(face: Face, baseline: Baseline) -> Neutral:
    """The gaze is the one learnt at sign-in, where there is one: eyes wander in a moment."""
    gaze = baseline.gaze or face.gaze
    return Neutral(face.yaw_deg, face.pitch_deg, face.rigid_points, gaze, baseline.eyes_closed)


def off(yaw_deg: float, pitch_deg: float, baseline: Baseline) -> float:
    """Degrees that a head is turned away from where it usually is."""
    return math.hypot(yaw_deg - baseline.yaw_deg, pitch_deg - baseline.pitch_deg)


def at_rest(face: Face, baseline: Baseline) -> bool:
    """Whether the learner looks at the screen with open eyes and a closed mouth.

    The pose may have drifted since sign-in as far as `FACING_YAW_DEG` allows.
    """
    return (
        abs(face.yaw_deg - baseline.yaw_deg) <= FACING_YAW_DEG
        and abs(face.pitch_deg - baseline.pitch_deg) <= FACING_PITCH_DEG
        and lids(face, baseline) < 0.7
        and jaw(face, baseline) < 0.7
    )


def level(action: Action, face: Face, neutral: Neutral, baseline: Baseline) -> float:
    """How much of the action this frame shows; of the dot's places, `look` speaks."""
    if action in TURNS:
        return min(turn(action, face, neutral), solidity(face, neutral))
    if action is Action.NOD:
        return (face.pitch_deg - neutral.pitch_deg) / NOD_DEG
    if action is Action.FOLLOW_DOT or not _faces_camera(face, neutral):
        return 0.0
    return jaw(face, baseline) if action is Action.OPEN_MOUTH else lids(face, baseline)


def look(place: Place, face: Face, neutral: Neutral) -> float:
    """How far the eyes, and the head with them, have gone to where the dot stands.

    Some move the eyes only, some the whole head: the degrees are added. The learner's own
    left is the image's right.
    """
    across, down = face.yaw_deg - neutral.yaw_deg, face.pitch_deg - neutral.pitch_deg
    if face.gaze is not None and neutral.gaze is not None:
        across += GAZE_X_DEG * (face.gaze[0] - neutral.gaze[0])
        down += GAZE_Y_DEG * (face.gaze[1] - neutral.gaze[1])
        down += LID_DEG * max(0.0, face.eyes_closed - neutral.eyes_closed)
    across, down = across / LOOK_X_DEG, down / LOOK_Y_DEG
    if place in (Place.LEFT, Place.RIGHT):
        along, aside = (across if place is Place.LEFT else -across), abs(down)
    else:
        along, aside = (down if place is Place.DOWN else -down), abs(across)
    return along if along > aside else min(along, ASIDE)


def turn(action: Action, face: Face, neutral: Neutral) -> float:
    """How far the head turned that way, by its yaw alone."""
    yaw_deg = face.yaw_deg - neutral.yaw_deg
    return (yaw_deg if action is Action.TURN_LEFT else -yaw_deg) / TURN_DEG


def solidity(face: Face, neutral: Neutral) -> float:
    """How much more than a plane the face showed since it was neutral: 1 is a head."""
    return spoof.residual(neutral.points, face.rigid_points) / spoof.SOLID


def jaw(face: Face, baseline: Baseline) -> float:
    rest = baseline.jaw_open
    above, least, most = JAW
    # A mask can read as a mouth half open; even then it has to open clearly further.
    needed = max(min(max(rest + above, least), most), rest + above / 2)
    return (face.jaw_open - rest) / (needed - rest)


def lids(face: Face, baseline: Baseline) -> float:
    rest = baseline.eyes_closed
    above, share = LIDS
    return (face.eyes_closed - rest) / max(above, share * (LIDS_DOWN - rest))


def _faces_camera(face: Face, neutral: Neutral) -> bool:
    return (
        abs(face.yaw_deg - neutral.yaw_deg) <= FACING_YAW_DEG
        and abs(face.pitch_deg - neutral.pitch_deg) <= FACING_PITCH_DEG
        and spoof.distortion(neutral.points, face.rigid_points) < SQUASHED
    )
