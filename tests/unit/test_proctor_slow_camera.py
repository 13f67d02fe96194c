"""A camera of one frame a second: whoever holds each pose passes a check, and is seen between."""

from __future__ import annotations

import pytest

from proctor import presence
from proctor.hints import Hint
from proctor.liveness import Baseline, Challenge, begin, step
from proctor.observation import FaceObservation
from proctor.schedule import Action, Attempt, Rules
from tests.faces import DONE, LEARNER, REST, Pose, face

SECOND = 1_000_000_000


def pose(challenge: Challenge) -> Pose:
    """What somebody shows who does slowly what is asked, and looks up when that is asked."""
    if challenge.asked is None or challenge.hint is Hint.FACE_FRONT or challenge.stage != "act":
        return REST
    return DONE[challenge.asked]


@pytest.mark.parametrize("second", [Action.OPEN_MOUTH, Action.BLINK, Action.TURN_RIGHT])
def test_a_check_can_be_passed(second: Action) -> None:
    rest = face(REST)
    baseline = Baseline(rest.yaw_deg, rest.pitch_deg, rest.eyes_closed, rest.jaw_open)
    attempt = Attempt((Action.TURN_LEFT, second))
    challenge = begin(attempt, baseline, LEARNER, 0, Rules())
    shown = REST
    for number in range(1, 60):
        challenge = step(challenge, FaceObservation(number * SECOND, 1, face(shown)))
        if challenge.outcome is not None:
            break
        shown = pose(challenge)
    assert challenge.outcome is not None
    assert challenge.outcome.passed, challenge.outcome.reason
    assert challenge.outcome.seconds < 30


def test_presence_works() -> None:
    there, changes = presence.Presence(), []
    for number in range(80):
        gone = 20 <= number < 60
        seen = FaceObservation(number * SECOND, 0 if gone else 1, None if gone else face(REST))
        there, change = presence.step(there, seen)
        if change is not None:
            changes.append((number, change))
    assert [change for _, change in changes] == [presence.Change.ABSENT, presence.Change.PRESENT]
    assert changes[0][0] <= 20 + 20 + 1.5
    assert changes[1][0] <= 63
