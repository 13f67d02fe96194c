"""The camera check: one thing said at a time, and a face and a neutral pose at its end."""

import numpy as np
import pytest

from proctor.baseline import Baseline, calibrate
from proctor.hints import Hint
from proctor.identity import similarity
from proctor.observation import Face
from proctor.positioning import Positioning, step
from tests.faces import FRAME_NS, LEARNER, STRANGER, Pose, face, seen


def watch(shown: list[Face | None], start: Positioning | None = None) -> Positioning:
    positioning = start or Positioning()
    for number, each in enumerate(shown):
        positioning = step(positioning, seen(number * FRAME_NS, each))
    return positioning


def moving(step_: float) -> list[Face | None]:
    return [face(box=(0.3 + step_ * n, 0.3, 0.28, 0.5)) for n in range(3)]


@pytest.mark.parametrize(
    ("shown", "hint"),
    [
        ([None], Hint.NO_FACE),
        ([face(brightness=25)], Hint.TOO_DARK),
        ([face(brightness=245)], Hint.TOO_BRIGHT),
        ([face(box=(0.45, 0.45, 0.1, 0.16))], Hint.TOO_FAR),
        ([face(box=(0.15, 0.0, 0.7, 1.0))], Hint.TOO_CLOSE),
        ([face(box=(0.0, 0.3, 0.2, 0.4))], Hint.OFF_CENTRE),
        ([face(box=(0.4, 0.7, 0.2, 0.3))], Hint.OFF_CENTRE),
        ([face(Pose(yaw=20))], Hint.FACE_FRONT),
        ([face(Pose(pitch=30))], Hint.FACE_FRONT),
        ([face(sharpness=1)], Hint.HOLD_STILL),
        (moving(0.05), Hint.HOLD_STILL),
        (moving(0.004), Hint.GOOD),
        ([face()], Hint.GOOD),
    ],
)
def test_hints(shown: list[Face | None], hint: Hint) -> None:
    assert watch(shown).hint is hint


def test_two_people() -> None:
    assert step(Positioning(), seen(0, face(), count=2)).hint is Hint.SEVERAL_FACES


def test_nothing_is_known_before_the_first_frame() -> None:
    assert not Positioning().looked
    assert step(Positioning(), seen(0, None)).looked


def test_after_a_good_second_there_is_a_face_and_a_baseline() -> None:
    narrow = Pose(yaw=3, pitch=9, eyes=0.33, jaw=0.05)
    positioning = watch([face(narrow)] * 14)
    assert positioning.embedding is None and 0.8 < positioning.progress < 1
    positioning = watch([face(narrow)] * 17)
    assert positioning.embedding is not None
    assert similarity(positioning.embedding, LEARNER) == pytest.approx(1)
    assert positioning.baseline == Baseline(3, 9, 0.33, 0.05)
    assert positioning.progress == 1
    assert step(positioning, seen(99 * FRAME_NS, None)) is positioning


def test_moving_begins_the_second_anew() -> None:
    positioning = watch([*[face()] * 12, face(Pose(yaw=25)), *[face()] * 12])
    assert positioning.embedding is None
    assert 0 < positioning.progress < 1


def test_a_gap_in_the_frames_begins_the_second_anew() -> None:
    positioning = watch([face()] * 12)
    positioning = step(positioning, seen(12 * FRAME_NS + 3_000_000_000, face()))
    assert positioning.progress == 0


def test_without_embeddings_there_is_nothing_to_match() -> None:
    positioning = watch([face(embedding=None)] * 40)
    assert positioning.hint is Hint.GOOD
    assert positioning.progress == 0


def test_embeddings_come_with_every_third_frame_only() -> None:
    shown: list[Face | None] = [face(embedding=LEARNER if n % 3 == 0 else None) for n in range(17)]
    assert watch(shown).embedding is not None


def test_two_people_who_take_turns_make_no_face() -> None:
    shown: list[Face | None] = [face(embedding=(LEARNER, STRANGER)[n % 2]) for n in range(40)]
    positioning = watch(shown)
    assert positioning.embedding is None and positioning.baseline is None


def test_calibration_is_a_median() -> None:
    frames = [seen(n, face(Pose(eyes=0.9 if n == 3 else 0.2, yaw=4))) for n in range(9)]
    baseline = calibrate([*frames, seen(9, None), seen(10, face(Pose(yaw=50)), count=2)])
    assert baseline == Baseline(4, 0, 0.2, 0.02)
    assert calibrate(frames[:4]) is None


def test_a_face_of_no_length_is_none() -> None:
    assert watch([face(embedding=np.zeros(128, np.float32))] * 30).embedding is None
