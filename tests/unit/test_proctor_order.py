"""No sequence of frames passes without the actions that are asked, one after the other."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from proctor.baseline import Baseline
from proctor.liveness import Challenge, begin, step
from proctor.observation import Face
from proctor.schedule import TURNS, Action, Attempt, Place, Rules
from tests.faces import DONE, FRAME_NS, LEARNER, LOOKS, REST, Pose, asks, face, seen, wait

START = 7_000_000_000_000


def opened(attempt: Attempt) -> Challenge:
    return begin(attempt, Baseline(gaze=(0, 0)), LEARNER, START, Rules())


def shows(action: Action, place: Place | None, shown: Face) -> bool:
    """A loose second opinion: whether a frame could be one of this action at all."""
    x, y = (shown.gaze or (0, 0))[0], (shown.gaze or (0, 0))[1]
    return {
        Action.TURN_LEFT: shown.yaw_deg > 15,
        Action.TURN_RIGHT: shown.yaw_deg < -15,
        Action.NOD: shown.pitch_deg > 5,
        Action.OPEN_MOUTH: shown.jaw_open > 0.3,
        Action.BLINK: shown.eyes_closed > 0.3,
        Action.FOLLOW_DOT: {
            None: False,
            Place.LEFT: x > 0.15 or shown.yaw_deg > 6,
            Place.RIGHT: x < -0.15 or shown.yaw_deg < -6,
            Place.UP: y < -0.1 or shown.pitch_deg < -5,
            Place.DOWN: y > 0.1 or shown.pitch_deg > 5,
        }[place],
    }[action]


def neutral(shown: Face) -> bool:
    return (
        abs(shown.yaw_deg) < 14
        and abs(shown.pitch_deg) < 16
        and shown.jaw_open < 0.4
        and shown.eyes_closed < 0.45
    )


def in_order(asked: Attempt, frames: list[Face]) -> bool:
    """Whether the frames hold, one after the other: neutral, the action, neutral, the next…"""
    wanted: list[tuple[Action | None, Place | None]] = [(None, None)]
    for each in asked.actions:
        places = asked.dot if each is Action.FOLLOW_DOT else (None,)
        wanted += [(each, place) for place in places]
        wanted.append((None, None))
    for shown in frames:
        action, place = wanted[0]
        if neutral(shown) if action is None else shows(action, place, shown):
            wanted.pop(0)
        if not wanted:
            return True
    return False


def performed(asked: Attempt, deeds: list[tuple[Pose, int, bool]]) -> tuple[Challenge, list[Face]]:
    attempt, frames = opened(asked), []
    for pose, length, flat in deeds:
        for _ in range(length):
            frames.append(face(pose, flat=flat))
            attempt = step(attempt, seen(attempt.now_ns + FRAME_NS, frames[-1]))
            if attempt.outcome is not None:
                return attempt, frames
    return attempt, frames


POSES = [*DONE.values(), *LOOKS.values()]
deeds_of = st.lists(
    st.tuples(st.sampled_from([REST, REST, REST, *POSES]), st.integers(1, 12), st.booleans()),
    max_size=20,
)
ASKED = [
    asks(*pair, alternative=not TURNS & set(pair))
    for pair in ((a, b) for a in Action for b in Action if a != b)
]


@settings(max_examples=40)
@given(st.sampled_from(ASKED), deeds_of)
def test_nothing_passes_but_the_actions_in_their_order(
    asked: Attempt, deeds: list[tuple[Pose, int, bool]]
) -> None:
    attempt, frames = performed(asked, deeds)
    if attempt.outcome is not None and attempt.outcome.passed:
        assert in_order(asked, frames)


def test_whoever_does_something_like_it_passes_only_in_that_order() -> None:
    """Chance that knows what is asked, but not when: half of them pass, so the rule is tried."""
    chance, passed, failed = random.Random(3), 0, 0
    for _ in range(36):
        asked = chance.choice(ASKED)
        right = [DONE[each] for each in asked.actions if each in DONE]
        if Action.FOLLOW_DOT in asked.actions:
            right += [LOOKS[place] for place in asked.dot]
        deeds = []
        for _ in range(16):
            deeds += [(chance.choice(right), chance.randint(3, 9), False), (REST, 4, False)]
        attempt, frames = performed(asked, deeds)
        ok = attempt.outcome is not None and attempt.outcome.passed
        passed, failed = passed + ok, failed + (not ok)
        assert not ok or in_order(asked, frames)
    assert passed > 5 and failed > 5, (passed, failed)


odd = st.floats(allow_nan=True, allow_infinity=True, width=32)
odd_faces = st.builds(
    lambda points, gaze, pose, light, embedding: replace(
        face(),
        yaw_deg=pose[0],
        pitch_deg=pose[1],
        eyes_closed=pose[2],
        jaw_open=pose[3],
        rigid_points=np.full((points, 2), pose[0], np.float32),
        gaze=gaze,
        mask=light[0],
        dark_glasses=light[1],
        brightness=light[2],
        sharpness=light[3],
        box=light,
        embedding=embedding,
    ),
    st.integers(0, 30),
    st.none() | st.tuples(odd, odd),
    st.tuples(odd, odd, odd, odd),
    st.tuples(odd, odd, odd, odd),
    st.sampled_from([None, LEARNER, np.zeros(128, np.float32), np.full(128, np.nan, np.float32)]),
)


@settings(max_examples=40)
@given(
    st.sampled_from(ASKED),
    st.lists(
        st.tuples(st.sampled_from(["settle", "act", "back", "confirm"]), odd_faces), max_size=12
    ),
)
def test_no_number_of_a_model_stops_the_machine(
    asked: Attempt, watched: list[tuple[str, Face]]
) -> None:
    """Whatever a model gives, every stage takes it."""
    attempt = wait(opened(asked), 1.2, face())
    for stage, shown in watched:
        for count in (0, 1, 2):
            stood = replace(attempt, stage=stage)  # type: ignore[arg-type]
            stood = step(stood, seen(stood.now_ns + FRAME_NS, shown, count))
            assert 0 <= stood.progress <= 1 and 0 <= stood.index < stood.total
            if stood.outcome is not None and stood.outcome.passed:
                assert stage == "confirm"
