"""Same, different, or not sure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor.identity import comparable, judge, judge_similarities, similarity
from proctor.observation import Face
from tests.faces import LEARNER, STRANGER, Pose, alike, face, seen

cosines = st.lists(st.floats(-1, 1), max_size=20)


@pytest.mark.parametrize(
    ("similarities", "answer"),
    [
        ([], "unsure"),
        ([0.9, 0.9], "unsure"),
        ([0.9, 0.9, 0.9], "same"),
        ([0.45, 0.45, 0.45], "same"),
        ([0.44] * 9, "unsure"),
        ([0.363] * 9, "unsure"),
        ([0.36] * 4, "unsure"),
        ([0.36] * 5, "different"),
        ([0.1, 0.2, 0.5, 0.6, 0.7], "same"),
        ([0.7, 0.6, 0.2, 0.1, 0.1], "different"),
    ],
)
def test_answers(similarities: list[float], answer: str) -> None:
    assert judge_similarities(similarities).answer == answer


@given(cosines)
def test_one_bad_frame_among_many_changes_no_answer_to_its_opposite(values: list[float]) -> None:
    before = judge_similarities(values).answer
    for outlier in (-1.0, 1.0):
        assert {before, judge_similarities([*values, outlier]).answer} != {"same", "different"}


def test_embeddings_are_compared_by_their_angle() -> None:
    verdict = judge([alike(LEARNER, 0.6), alike(LEARNER, 0.7) * 3, alike(LEARNER, 0.8)], LEARNER)
    assert verdict.answer == "same"
    assert verdict.similarity == pytest.approx(0.7, abs=1e-5)
    assert verdict.samples == 3
    assert judge([STRANGER] * 5, LEARNER).answer == "different"
    assert similarity(np.zeros(128, np.float32), LEARNER) == 0.0
    assert similarity(np.full(128, np.nan, np.float32), LEARNER) == 0.0


@pytest.mark.parametrize(
    ("shown", "good"),
    [
        (face(), True),
        (face(embedding=None), False),
        (face(brightness=20), False),
        (face(brightness=250), False),
        (face(sharpness=2), False),
        (face(Pose(yaw=16)), False),
        (face(Pose(pitch=-21)), False),
        (face(box=(0.4, 0.4, 0.1, 0.15)), False),
        (face(mask=0.6), False),
        (face(dark_glasses=0.6), False),
        (face(mask=0.3, dark_glasses=0.3), True),
        (None, False),
    ],
)
def test_only_good_frames_speak(shown: Face | None, good: bool) -> None:
    assert comparable(seen(0, shown)) is good


def test_two_people_are_nobody_to_compare() -> None:
    assert not comparable(seen(0, face(), count=2))


def test_frontal_is_the_learners_own() -> None:
    low_camera = face(Pose(pitch=-24))
    assert not comparable(seen(0, low_camera))
    assert comparable(seen(0, low_camera), pitch_deg=-18)
