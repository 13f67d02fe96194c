"""Which looks a frame gets: enough for a judgement, and no more than the film can spare."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from proctor.cadence import FRONTAL_DEG, Cadence, Look, Rhythm, look, looked
from proctor.observation import Face, FaceObservation
from tests.faces import Pose, face

CHECK = Rhythm(1 / 15, 1 / 15, idle=False, counted=3, signed=1, embedded=3, enough=9, rarely=15)
REST = Rhythm(0.5, 0.5, idle=True)


def run(rhythm: Rhythm, faces: Sequence[Face | None]) -> list[Look]:
    """Show these faces; one that is to be embedded, is."""
    cadence, looks = Cadence(), []
    for number, shown in enumerate(faces):
        asked = look(cadence, rhythm)
        looks.append(asked)
        seen = plain(shown.yaw_deg) if shown is not None and not asked.embed else shown
        cadence = looked(cadence, asked, FaceObservation(number, 1, seen))
    return looks


def plain(yaw: float = 0.0) -> Face:
    return face(Pose(yaw=yaw), embedding=None)


def known(yaw: float = 0.0) -> Face:
    return face(Pose(yaw=yaw))


def embedded(looks: list[Look]) -> list[int]:
    return [number for number, each in enumerate(looks) if each.embed]


def test_at_rest_people_are_counted_and_nobody_is_compared() -> None:
    looks = run(REST, [known()] * 9)
    assert looks == [Look(count=True, signs=False, embed=False)] * 9


def test_a_check_compares_at_first_often_then_rarely() -> None:
    looks = run(CHECK, [known()] * 75)
    assert embedded(looks) == [*range(0, 27, 3), 39, 54, 69]
    assert all(each.signs for each in looks)
    assert [number for number, each in enumerate(looks) if each.count] == [*range(0, 75, 3)]


def test_a_face_that_is_turned_is_not_compared_and_at_once_when_it_is_back() -> None:
    looks = run(CHECK, [known()] * 4 + [known(FRONTAL_DEG + 1)] * 20 + [known()] * 6)
    assert embedded(looks) == [0, 3, 27]


def test_who_comes_back_is_compared_often_again() -> None:
    looks = run(CHECK, [known()] * 40 + [None] * 5 + [known()] * 30)
    assert [number for number in embedded(looks) if number >= 45] == [*range(45, 72, 3)]


@given(st.lists(st.sampled_from([None, 0.0, 20.0, 40.0]), min_size=1, max_size=120))
def test_never_too_many_and_never_none(yaws: list[float | None]) -> None:
    looks = run(CHECK, [None if yaw is None else known(yaw) for yaw in yaws])
    assert all(each.count for each in looks if each.embed), "an embedding needs the detector"
    assert len(embedded(looks)) <= len(yaws) // 3 + 1
    for number in range(len(yaws) - 16):
        if all(yaw == 0.0 for yaw in yaws[number : number + 16]):
            assert any(each.embed for each in looks[number + 1 : number + 16])
