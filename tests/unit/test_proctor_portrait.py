"""A photograph becomes a template only when a comparison can rely on it."""

from dataclasses import replace

import pytest

from proctor.observation import FaceObservation
from proctor.portrait import Flaw, Portrait, flaw_of, portrait_of
from tests.faces import LEARNER, STRANGER, Pose, alike, face, seen


def test_a_good_photograph_has_no_flaw() -> None:
    assert flaw_of(seen(0, face()), 640) is None


@pytest.mark.parametrize(
    ("shown", "flaw"),
    [
        (seen(0, None), Flaw.NO_FACE),
        (seen(0, face(embedding=None)), Flaw.NO_FACE),
        (seen(0, face(), count=2), Flaw.SEVERAL_FACES),
        (seen(0, face(box=(0.4, 0.3, 0.1, 0.2))), Flaw.TOO_SMALL),
        (seen(0, face(brightness=20)), Flaw.TOO_DARK),
        (seen(0, face(brightness=250)), Flaw.TOO_BRIGHT),
        (seen(0, face(sharpness=1)), Flaw.BLURRED),
        (seen(0, face(Pose(yaw=25))), Flaw.NOT_FRONTAL),
        (seen(0, face(Pose(pitch=-30))), Flaw.NOT_FRONTAL),
        (seen(0, replace(face(), mask=0.9)), Flaw.COVERED),
        (seen(0, replace(face(), dark_glasses=0.8)), Flaw.COVERED),
    ],
)
def test_every_flaw_is_named(shown: FaceObservation, flaw: Flaw) -> None:
    assert flaw_of(shown, 640) is flaw


def test_a_small_picture_needs_a_larger_share_of_face() -> None:
    shown = seen(0, face(box=(0.3, 0.3, 0.28, 0.4)))
    assert flaw_of(shown, 400) is None
    assert flaw_of(shown, 300) is Flaw.TOO_SMALL


def test_several_photographs_of_one_person_become_one_template() -> None:
    made = portrait_of([LEARNER, alike(LEARNER, 0.8)])
    assert isinstance(made, Portrait)
    assert made.agreement == pytest.approx(0.8, abs=1e-4)
    assert float((made.template * made.template).sum()) == pytest.approx(1.0, abs=1e-5)


def test_two_people_become_none() -> None:
    assert portrait_of([LEARNER, STRANGER]) is Flaw.OTHER_PERSON
    assert portrait_of([]) is Flaw.NO_FACE
