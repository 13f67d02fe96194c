"""The camera check: one thing said at a time, and a face and a neutral pose at its end."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor.baseline import DRIFT_POSE_DEG, DRIFT_SCORE, Baseline, calibrate, follow
from proctor.hints import Hint
from proctor.identity import similarity
from proctor.observation import Face, FaceObservation
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


@pytest.mark.parametrize(
    ("covered", "hint"),
    [
        (face(mask=0.9), Hint.TAKE_OFF_MASK),
        (face(dark_glasses=0.7), Hint.TAKE_OFF_GLASSES),
        (face(mask=0.9, brightness=20), Hint.TOO_DARK),
        (face(dark_glasses=0.4, mask=0.4), Hint.GOOD),
    ],
)
def test_what_covers_the_face_is_to_be_taken_off(covered: Face, hint: Hint) -> None:
    assert watch([covered] * 17).hint is hint
    if hint is not Hint.GOOD:
        assert watch([covered] * 60).embedding is None


def test_a_mask_seen_for_a_moment_is_an_error_and_throws_nothing_away() -> None:
    positioning = watch([*[face()] * 12, face(mask=0.9), *[face()] * 5])
    assert positioning.embedding is not None
    assert watch([*[face()] * 12, face(mask=0.9)]).hint is Hint.HOLD_STILL


def test_a_covered_camera() -> None:
    dark = FaceObservation(0, 0, None, covered=True)
    assert step(Positioning(), dark).hint is Hint.CAMERA_COVERED


def test_a_gaze_that_no_model_gives_is_not_learnt() -> None:
    frames = [seen(n, replace(face(), gaze=None)) for n in range(9)]
    assert calibrate(frames) == Baseline(0, 0, 0.08, 0.02, None)


class TestDrift:
    def test_the_neutral_face_follows_slowly(self) -> None:
        rest = Baseline(0, 0, 0.1, 0.02, (0, 0))
        sunk = face(Pose(pitch=6, eyes=0.16, gaze=(0.05, 0)))
        now = rest
        for _ in range(15):
            now = follow(now, rest, sunk, 1 / 15)
        assert 1 < now.pitch_deg < 2 and 0.1 < now.eyes_closed < 0.12
        for _ in range(300):
            now = follow(now, rest, sunk, 1 / 15)
        assert now.pitch_deg == pytest.approx(6, abs=0.1)
        assert now.gaze == pytest.approx((0.05, 0), abs=0.01)

    @given(st.lists(st.tuples(st.floats(-90, 90), st.floats(0, 1), st.floats(0, 5)), max_size=60))
    def test_never_far_from_what_sign_in_measured(
        self, watched: list[tuple[float, float, float]]
    ) -> None:
        first = Baseline(4, -10, 0.3, 0.05, (0.1, 0.1))
        now = first
        for angle, score, seconds in watched:
            shown = face(Pose(angle, -angle, 0, score, score, (score, -score)))
            now = follow(now, first, shown, seconds)
            assert abs(now.yaw_deg - 4) <= DRIFT_POSE_DEG
            assert abs(now.pitch_deg + 10) <= DRIFT_POSE_DEG
            assert abs(now.eyes_closed - 0.3) <= DRIFT_SCORE + 1e-9
            assert abs(now.jaw_open - 0.05) <= DRIFT_SCORE + 1e-9
            assert now.gaze is not None
            assert all(abs(each - 0.1) <= DRIFT_SCORE + 1e-9 for each in now.gaze)

    def test_no_time_no_drift(self) -> None:
        rest = Baseline(gaze=(0, 0))
        assert follow(rest, rest, face(Pose(yaw=30, eyes=1)), 0) == rest


def test_two_people() -> None:
    assert step(Positioning(), seen(0, face(), count=2)).hint is Hint.SEVERAL_FACES


def test_nothing_is_known_before_the_first_frame() -> None:
    assert not Positioning().looked
    assert step(Positioning(), seen(0, None)).looked


def test_after_a_good_second_there_is_a_face_and_a_baseline() -> None:
    narrow = Pose(yaw=3, pitch=9, eyes=0.33, jaw=0.05, gaze=(0.1, -0.2))
    positioning = watch([face(narrow)] * 14)
    assert positioning.embedding is None and 0.8 < positioning.progress < 1
    positioning = watch([face(narrow)] * 17)
    assert positioning.embedding is not None
    assert similarity(positioning.embedding, LEARNER) == pytest.approx(1)
    assert positioning.baseline == Baseline(3, 9, 0.33, 0.05, (0.1, -0.2))
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
    assert baseline == Baseline(4, 0, 0.2, 0.02, (0, 0))
    assert calibrate(frames[:4]) is None


def test_a_face_of_no_length_is_none() -> None:
    assert watch([face(embedding=np.zeros(128, np.float32))] * 30).embedding is None
