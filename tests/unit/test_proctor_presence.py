"""Who sits there between checks: slow to judge, never wrong about a sneeze."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from proctor.observation import CameraLost, FaceObservation, Tick
from proctor.presence import Change, Event, Presence, Rules, step
from tests.faces import face, seen

SECOND = 1_000_000_000
RULES = Rules(absent_after_s=20, several_after_s=5, turned_after_s=60)
LOOKS = {"one": (face(), 1), "none": (None, 0), "several": (face(), 2), "turned": (None, 1)}


def look(view: str, at_s: float) -> FaceObservation:
    shown, count = LOOKS[view]
    return seen(round(at_s * SECOND), shown, count)


def run(*stretches: tuple[str, float], fps: float = 2.0) -> list[tuple[float, Change]]:
    """Views one after the other, each for so many seconds; the changes with their times."""
    presence, told, number = Presence(), [], 0
    for view, seconds in stretches:
        for _ in range(round(seconds * fps)):
            at_s = number / fps
            event: Event = look(view, at_s)
            if view == "lost":
                event = CameraLost(round(at_s * SECOND), "")
            presence, change = step(presence, event, RULES)
            if change is not None:
                told.append((at_s, change))
            number += 1
    return told


LOOKS["lost"] = (None, 0)


def test_somebody_who_stays_changes_nothing() -> None:
    assert run(("one", 600)) == []


def test_absent_after_the_preset_and_back_after_a_second() -> None:
    assert run(("one", 10), ("none", 25), ("one", 5)) == [
        (30.0, Change.ABSENT),
        (36.0, Change.PRESENT),
    ]


def test_nobody_from_the_beginning() -> None:
    assert run(("none", 25)) == [(20.0, Change.ABSENT)]


def test_several_faces() -> None:
    assert run(("one", 10), ("several", 8), ("one", 3)) == [
        (15.0, Change.SEVERAL_FACES),
        (19.0, Change.PRESENT),
    ]


def test_a_glance_away_is_nothing() -> None:
    assert run(*[("one", 5), ("none", 15), ("several", 3), ("turned", 30)] * 4) == []


def test_a_face_that_flickers_in_an_empty_room_is_nobody() -> None:
    assert run(*[("none", 4), ("one", 0.5)] * 6)[0][1] is Change.ABSENT


def test_turned_away_for_long() -> None:
    assert run(("one", 5), ("turned", 70)) == [(65.0, Change.TURNED_AWAY)]


def test_a_lost_camera_is_told_at_once_and_once() -> None:
    assert run(("one", 5), ("lost", 3), ("one", 3)) == [
        (5.0, Change.CAMERA_LOST),
        (9.0, Change.PRESENT),
    ]


def test_a_camera_that_comes_back_to_an_empty_room() -> None:
    told = run(("one", 5), ("lost", 1), ("none", 30))
    assert [change for _, change in told] == [Change.CAMERA_LOST, Change.ABSENT]


def test_time_alone_tells_too() -> None:
    presence, _ = step(Presence(), look("none", 0), RULES)
    presence, change = step(presence, Tick(19 * SECOND), RULES)
    assert change is None
    presence, change = step(presence, Tick(20 * SECOND), RULES)
    assert change is Change.ABSENT
    assert step(presence, Tick(90 * SECOND), RULES)[1] is None


@given(st.lists(st.tuples(st.sampled_from(sorted(LOOKS)), st.integers(1, 40)), max_size=30))
def test_every_change_is_one(stretches: list[tuple[str, int]]) -> None:
    """Never told twice, never sooner than allowed, and back only while one person is seen."""
    told = run(*[(view, half / 2) for view, half in stretches])
    changes = [Change.PRESENT, *(change for _, change in told)]
    assert all(a is not b for a, b in pairwise(changes))
    start = 0.0
    spans = []
    for view, half in stretches:
        spans.append((start, start + half / 2, view))
        start += half / 2
    for at_s, change in told:
        view = next(view for first, last, view in spans if first <= at_s < last)
        if change is Change.PRESENT:
            assert view == "one"
        if change is Change.CAMERA_LOST:
            assert view == "lost"


def test_default_rules_are_the_presets() -> None:
    presence, _ = step(Presence(), look("none", 0))
    assert step(presence, look("none", 19.9))[1] is None
    assert step(presence, look("none", 20))[1] is Change.ABSENT
