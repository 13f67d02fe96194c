"""Who sits there between checks: slow to judge, never wrong about a sneeze."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proctor.baseline import Baseline
from proctor.observation import CameraLost, Face, FaceObservation, Tick
from proctor.presence import TOLD, Change, Event, Presence, Rules, StillHere, step
from tests.faces import Pose, face, seen

SECOND = 1_000_000_000
RULES = Rules(
    absent_after_s=20,
    several_after_s=5,
    turned_after_s=60,
    covered_after_s=3,
    eyes_closed_after_s=30,
)
SHUT = face(Pose(eyes=0.8))
LOOKS: dict[str, tuple[Face | None, int, bool]] = {
    "one": (face(), 1, False),
    "none": (None, 0, False),
    "several": (face(), 2, False),
    "turned": (None, 1, False),
    "covered": (None, 0, True),
    "closed": (SHUT, 1, False),
}
LIMITS = {"none": 20, "several": 5, "turned": 60, "covered": 3, "closed": 30}


def look(view: str, at_s: float) -> FaceObservation:
    shown, count, covered = LOOKS[view]
    return FaceObservation(round(at_s * SECOND), count, shown, covered)


def run(*stretches: tuple[str, float], fps: float = 2.0) -> list[tuple[float, Change]]:
    """Views one after the other, each for so many seconds; the changes with their times."""
    presence, told, number = Presence(), [], 0
    for view, seconds in stretches:
        for _ in range(round(seconds * fps)):
            at_s = number / fps
            event: Event
            if view == "lost":
                event = CameraLost(round(at_s * SECOND), "")
            elif view == "touch":
                event = StillHere(round(at_s * SECOND))
            else:
                event = look(view, at_s)
            presence, change = step(presence, event, RULES)
            if change is not None:
                told.append((at_s, change))
            number += 1
    return told


@pytest.mark.parametrize(
    ("before", "view", "seconds", "told"),
    [
        # state before, what is seen, for how long, and what is told of it
        ("one", "none", 19, []),
        ("one", "none", 21, ["absent"]),
        ("one", "several", 4, []),
        ("one", "several", 6, ["several_faces"]),
        ("one", "turned", 59, []),
        ("one", "turned", 61, ["turned_away"]),
        ("one", "covered", 2, []),
        ("one", "covered", 4, ["camera_covered"]),
        ("one", "closed", 29, []),
        ("one", "closed", 31, ["eyes_closed"]),
        ("one", "lost", 1, ["camera_lost"]),
        ("one", "touch", 5, []),
        ("none", "one", 2, ["absent", "present"]),
        ("none", "several", 6, ["absent", "several_faces"]),
        ("none", "turned", 59, ["absent"]),
        ("none", "turned", 61, ["absent", "turned_away"]),
        ("none", "covered", 4, ["absent", "camera_covered"]),
        ("none", "closed", 31, ["absent", "eyes_closed"]),
        ("none", "touch", 5, ["absent"]),
        ("turned", "one", 2, ["turned_away", "present"]),
        ("turned", "touch", 5, ["turned_away"]),
        ("covered", "one", 2, ["camera_covered", "present"]),
        ("covered", "none", 21, ["camera_covered", "absent"]),
        ("covered", "touch", 5, ["camera_covered"]),
        ("several", "touch", 5, ["several_faces"]),
        ("closed", "one", 2, ["eyes_closed", "present"]),
        ("closed", "touch", 0.5, ["eyes_closed", "present"]),
        ("closed", "none", 21, ["eyes_closed", "absent"]),
        ("lost", "one", 2, ["camera_lost", "present"]),
        ("lost", "none", 21, ["camera_lost", "absent"]),
        ("lost", "lost", 5, ["camera_lost"]),
        ("lost", "touch", 5, ["camera_lost"]),
    ],
)
@pytest.mark.parametrize("fps", [2.0, 4.0])
def test_table(before: str, view: str, seconds: float, told: list[str], fps: float) -> None:
    first = [] if before == "one" else [(before, LIMITS.get(before, 0.5) + 2)]
    changes = run(("one", 5), *first, (view, seconds), fps=fps)
    assert [change.value for _, change in changes] == told


@pytest.mark.parametrize(
    ("shown", "rest", "told"),
    [
        (face(Pose(yaw=45)), Baseline(), "turned_away"),
        (face(Pose(yaw=-30)), Baseline(), ""),
        (face(Pose(pitch=40)), Baseline(), "turned_away"),
        (face(Pose(pitch=25)), Baseline(), ""),
        (face(Pose(yaw=45)), Baseline(yaw_deg=12), ""),  # the camera stands aside
        (face(Pose(eyes=0.5)), Baseline(), ""),  # reads below the screen
        (face(Pose(eyes=0.7)), Baseline(), "eyes_closed"),
        (face(Pose(eyes=0.7, pitch=15)), Baseline(), ""),  # bent over a notebook
        (face(Pose(eyes=0.45)), Baseline(eyes_closed=0.33), ""),  # narrow eyes, open
        (face(Pose(eyes=0.7)), Baseline(eyes_closed=0.33), "eyes_closed"),
        (face(mask=0.9), Baseline(), ""),  # a mask is taken off for a check, not for study
    ],
)
def test_what_a_face_is_taken_for(shown: Face, rest: Baseline, told: str) -> None:
    presence, changes = Presence(), []
    for number in range(140):
        presence, change = step(presence, seen(number * SECOND // 2, shown), RULES, rest)
        changes += [change.value] if change else []
    assert changes == ([told] if told else [])


def test_who_answers_is_asked_again_later_and_later() -> None:
    """Open eyes that look shut would otherwise stop the film every half a minute."""
    told, presence = [], Presence()
    for number in range(2 * 700):
        at_ns = number * SECOND // 2
        presence, change = step(presence, seen(at_ns, SHUT), RULES)
        if change is Change.EYES_CLOSED:
            told.append(number / 2)
            presence, back = step(presence, StillHere(at_ns), RULES)
            assert back is Change.PRESENT
    assert told == [30, 90, 210, 450, 690]


def test_a_hand_on_the_mouse_shows_that_nobody_sleeps() -> None:
    presence = Presence()
    for number in range(2 * 120):
        at_ns = number * SECOND // 2
        presence, change = step(presence, seen(at_ns, SHUT), RULES)
        assert change is None
        if number % 40 == 39:
            presence, change = step(presence, StillHere(at_ns), RULES)
            assert change is None


def test_changing_from_one_absence_to_another_is_no_way_out() -> None:
    """Never twenty seconds of the one, but nobody looked at the film for a minute."""
    told = run(("one", 5), *[("none", 12), ("turned", 12)] * 4)
    assert told[0][0] <= 5 + 60 + 1.5
    assert told[0][1] in (Change.ABSENT, Change.TURNED_AWAY)


def test_somebody_who_stays_changes_nothing() -> None:
    assert run(("one", 600)) == []


def test_absent_after_the_preset_and_back_after_a_second() -> None:
    assert run(("one", 10), ("none", 25), ("one", 5)) == [
        (30.0, Change.ABSENT),
        (36.0, Change.PRESENT),
    ]


def test_who_has_just_come_back_is_not_called_away() -> None:
    """Back for half a second when the twenty are over, which time alone tells."""
    presence, _ = step(Presence(), look("none", 0), RULES)
    presence, _ = step(presence, look("one", 19.5), RULES)
    presence, change = step(presence, Tick(20 * SECOND), RULES)
    assert change is None
    assert step(presence, look("one", 20.5), RULES)[1] is None


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


sights = sorted(LIMITS)
episodes = st.lists(
    st.tuples(st.sampled_from(sights), st.floats(0.1, 1), st.integers(2, 20)), max_size=12
)


@settings(max_examples=40)
@given(episodes, st.sampled_from([1.0, 1.5, 2.0, 5.0]))
def test_short_episodes_never_change_anything(
    watched: list[tuple[str, float, int]], fps: float
) -> None:
    """A glance down, a sneeze, a drink: shorter than its limit, with the learner in between."""
    stretches: list[tuple[str, float]] = [("one", 3)]
    for view, share, between in watched:
        stretches += [(view, (LIMITS[view] - 1) * share), ("one", max(between, 2 / fps + 1))]
    assert run(*stretches, fps=fps) == []


@settings(max_examples=40)
@given(st.sampled_from(sights), st.sampled_from([1.0, 1.5, 2.0, 5.0]), st.integers(0, 20), episodes)
def test_a_long_one_is_always_told_in_time(
    view: str, fps: float, before: int, watched: list[tuple[str, float, int]]
) -> None:
    stretches: list[tuple[str, float]] = [("one", 3)]
    for other, share, between in watched[:4]:
        stretches += [(other, (LIMITS[other] - 1) * share), ("one", between + 3)]
    stretches.append(("one", before + 3))
    began_s = sum(round(seconds * fps) for _, seconds in stretches) / fps
    told = run(*stretches, (view, LIMITS[view] + 4), ("one", 5), fps=fps)
    assert [change for _, change in told] == [TOLD[view], Change.PRESENT]  # type: ignore[index]
    assert LIMITS[view] - 1e-6 <= told[0][0] - began_s <= LIMITS[view] + 1.5


@given(st.sampled_from(sights), st.sampled_from(sights), st.integers(1, 6))
def test_one_bad_frame_in_ten_hides_nobody(view: str, bad: str, at: int) -> None:
    """Neither way: not in somebody's long absence, and not while they are there."""
    bad = "one" if bad == view else bad
    flaws = [(view, at * 0.5), (bad, 0.5), (view, 5 - at * 0.5)] * (LIMITS[view] // 5 + 2)
    told = run(("one", 3), *flaws)
    assert told[0][1] is TOLD[view]  # type: ignore[index]
    assert told[0][0] <= 3 + LIMITS[view] + 2.5  # a flaw in its first second, one in its last
    assert run(*[("one", at * 0.5), (view, 0.5), ("one", 5)] * 8) == []


anything = st.one_of(
    st.builds(
        lambda at, view: ("look", at, view), st.integers(0, 40), st.sampled_from(sorted(LOOKS))
    ),
    st.builds(lambda at: ("tick", at, ""), st.integers(0, 40)),
    st.builds(lambda at: ("touch", at, ""), st.integers(0, 40)),
    st.builds(lambda at: ("lost", at, ""), st.integers(0, 40)),
)


@given(st.lists(anything, max_size=60))
def test_no_order_of_events_tells_a_change_twice_or_too_soon(
    events: list[tuple[str, int, str]],
) -> None:
    presence, half, last = Presence(), 0, Change.PRESENT
    seen_ones = touched = False
    for what, wait, view in events:
        half += wait
        at_ns = half * SECOND // 2
        event: Event = Tick(at_ns)
        if what == "look":
            event = look(view, half / 2)
        elif what == "touch":
            event = StillHere(at_ns)
        elif what == "lost":
            event = CameraLost(at_ns, "")
        seen_ones = seen_ones or view == "one"
        touched = what == "touch"
        presence, change = step(presence, event, RULES)
        assert presence.state is (change or last)
        assert change is not last
        if change is Change.PRESENT:
            assert seen_ones or (touched and last is Change.EYES_CLOSED)
        if change is not None:
            last, seen_ones = change, False


def test_default_rules_are_the_presets() -> None:
    presence, _ = step(Presence(), look("none", 0))
    assert step(presence, look("none", 19.9))[1] is None
    assert step(presence, look("none", 20))[1] is Change.ABSENT
