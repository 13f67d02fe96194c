"""The challenge: what passes, what does not, and what is said meanwhile."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor import signs
from proctor.baseline import Baseline
from proctor.hints import Hint
from proctor.liveness import Challenge, Failure, Tick, begin, step
from proctor.observation import Face, FrameFacts
from proctor.risk import Sign
from proctor.schedule import TURNS, Action, Rules
from tests.faces import (
    FRAME_NS,
    LEARNER,
    REST,
    STRANGER,
    Pose,
    alike,
    asks,
    face,
    obey,
    seen,
    wait,
)

SECOND = 1_000_000_000
START = 7_000 * SECOND
PLANS: list[tuple[Action, ...]] = [
    (a, b) for a in Action for b in Action if a != b and TURNS & {a, b}
]
PLANS_OF_ONE: list[tuple[Action, ...]] = [(a,) for a in sorted(TURNS)]
SIDES = {Action.TURN_LEFT: Action.TURN_RIGHT, Action.TURN_RIGHT: Action.TURN_LEFT}


def challenge(
    *actions: Action, baseline: Baseline | None = None, rules: Rules | None = None
) -> Challenge:
    attempt = asks(*(actions or (Action.TURN_LEFT, Action.OPEN_MOUTH)))
    return begin(attempt, baseline or Baseline(), LEARNER, START, rules or Rules())


def reason(ended: Challenge) -> str:
    assert ended.outcome is not None
    assert not ended.outcome.passed
    return ended.outcome.reason


@pytest.mark.parametrize("actions", PLANS + PLANS_OF_ONE)
def test_an_honest_learner_passes_every_plan(actions: tuple[Action, ...]) -> None:
    outcome = obey(challenge(*actions)).outcome
    assert outcome is not None and outcome.passed and outcome.reason == ""
    assert outcome.actions == actions
    assert outcome.similarity == pytest.approx(1)
    assert 1 < outcome.seconds < 12


@pytest.mark.parametrize("rate_s", [1 / 30, 1 / 10, 1 / 8])
def test_slow_and_fast_cameras(rate_s: float) -> None:
    for actions in PLANS:
        outcome = obey(challenge(*actions), rate_s=rate_s).outcome
        assert outcome is not None and outcome.passed, actions


@pytest.mark.parametrize("actions", PLANS + PLANS_OF_ONE)
def test_a_print_never_passes_whatever_its_landmarks_read(actions: tuple[Action, ...]) -> None:
    """Even a print that reads as a full turn, an open mouth and closed eyes."""
    short = Rules(answer_s=14)
    assert reason(obey(challenge(*actions, rules=short), flat=True)) == Failure.PRINT


@given(
    st.sampled_from(PLANS + PLANS_OF_ONE),
    st.lists(
        st.tuples(
            st.floats(-70, 70),
            st.floats(-40, 40),
            st.floats(-30, 30),
            st.floats(0, 1),
            st.floats(0, 1),
        ),
        min_size=1,
        max_size=300,
    ),
    st.integers(0, 2**32 - 1),
)
def test_no_dance_of_a_print_passes(
    actions: tuple[Action, ...],
    dance: list[tuple[float, float, float, float, float]],
    seed: int,
) -> None:
    attempt, noise = challenge(*actions), np.random.default_rng(seed)
    for number, (yaw, pitch, roll, eyes, jaw) in enumerate(dance):
        flat = face(Pose(yaw, pitch, roll, eyes, jaw), flat=True)
        jitter = noise.normal(0, 0.7, flat.rigid_points.shape).astype(np.float32)
        flat = replace(flat, rigid_points=flat.rigid_points + jitter)
        attempt = step(attempt, seen(START + number * FRAME_NS, flat))
    assert attempt.outcome is None or not attempt.outcome.passed


def test_no_check_without_a_turn() -> None:
    with pytest.raises(ValueError, match="turn"):
        challenge(Action.OPEN_MOUTH, Action.BLINK)


def test_a_smile_on_a_tilted_print_opens_no_mouth() -> None:
    attempt = wait(challenge(Action.OPEN_MOUTH, Action.TURN_LEFT), 1, face(flat=True))
    attempt = wait(attempt, 3, face(Pose(yaw=8, pitch=45, jaw=0.8), flat=True))
    assert attempt.index == 0 and attempt.progress == 0


class TestWho:
    def test_another_person_fails_early(self) -> None:
        ended = obey(challenge(), embedding=STRANGER)
        assert reason(ended) == Failure.OTHER_PERSON
        assert ended.outcome is not None and ended.outcome.seconds < 2
        assert abs(ended.outcome.similarity) < 0.3

    def test_unsure_is_said_some_seconds_after_the_actions(self) -> None:
        ended = obey(challenge(), embedding=alike(LEARNER, 0.41))
        assert reason(ended) == Failure.UNSURE_PERSON
        assert ended.outcome is not None and 8 < ended.outcome.seconds < 20

    def test_the_policy_sets_the_thresholds(self) -> None:
        strict = Rules(match_accept=0.8, match_alert=0.6)
        assert (
            reason(obey(challenge(rules=strict), embedding=alike(LEARNER, 0.5))) == "other_person"
        )
        assert (
            reason(obey(challenge(rules=strict), embedding=alike(LEARNER, 0.7))) == "unsure_person"
        )

    def test_without_a_comparable_frame_nobody_passes(self) -> None:
        ended = obey(challenge(), embedding=None)
        assert reason(ended) == Failure.UNSURE_PERSON
        assert ended.outcome is not None and ended.outcome.similarity == 0.0

    def test_in_the_dark_the_reason_is_the_dark(self) -> None:
        attempt = obey_in_the_dark(challenge())
        assert reason(attempt) == Failure.TOO_DARK

    def test_a_face_that_was_away_begins_anew_with_its_comparisons(self) -> None:
        attempt = challenge()
        while attempt.index == 0:
            attempt = obey_once(attempt)
        assert attempt.similarities
        attempt = wait(attempt, 1.2, None)
        assert (attempt.index, attempt.stage, attempt.similarities) == (0, "settle", ())
        assert attempt.hint is Hint.NO_FACE

    def test_a_moment_without_a_face_changes_nothing(self) -> None:
        attempt = challenge()
        while attempt.index == 0:
            attempt = obey_once(attempt)
        assert wait(attempt, 0.8, None).index == 1


def obey_once(attempt: Challenge) -> Challenge:
    """One frame of an action, so that the caller can stop in the middle."""
    poses = {Action.TURN_LEFT: Pose(yaw=27), Action.OPEN_MOUTH: Pose(jaw=0.8)}
    pose = REST
    if attempt.stage == "act" and attempt.asked is not None:
        pose = poses[attempt.asked]
    return step(attempt, seen(attempt.now_ns + FRAME_NS, face(pose)))


def obey_in_the_dark(attempt: Challenge) -> Challenge:
    poses = {Action.TURN_LEFT: Pose(yaw=27), Action.OPEN_MOUTH: Pose(jaw=0.8)}
    while attempt.outcome is None:
        pose = poses[attempt.asked] if attempt.stage == "act" and attempt.asked else REST
        shown = face(pose, brightness=20)
        attempt = step(attempt, seen(attempt.now_ns + FRAME_NS, shown))
    return attempt


class TestOrder:
    def test_one_turn_to_the_wrong_side_is_forgiven(self) -> None:
        attempt = challenge(Action.TURN_LEFT)
        attempt = wait(attempt, 0.5, face())
        attempt = wait(attempt, 0.5, face(Pose(yaw=-27)))
        assert attempt.outcome is None
        assert (attempt.slips, attempt.hint) == (1, Hint.FACE_FRONT)
        outcome = obey(attempt).outcome
        assert outcome is not None and outcome.passed

    def test_the_second_is_not(self) -> None:
        assert reason(obey(challenge(Action.TURN_LEFT), does=SIDES)) == Failure.WRONG_ACTION

    def test_turning_when_something_else_is_asked(self) -> None:
        does = {Action.BLINK: Action.TURN_LEFT}
        ended = obey(challenge(Action.BLINK, Action.TURN_LEFT), does=does)
        assert reason(ended) == Failure.WRONG_ACTION

    def test_an_action_held_before_it_is_asked_for_does_not_count(self) -> None:
        attempt = wait(challenge(Action.TURN_LEFT), 5, face(Pose(yaw=27)))
        assert (attempt.stage, attempt.hint) == ("settle", Hint.FACE_FRONT)

    def test_going_back_to_neutral_is_part_of_it(self) -> None:
        attempt = wait(challenge(Action.TURN_LEFT), 0.5, face())
        attempt = wait(attempt, 10, face(Pose(yaw=27)))
        assert (attempt.stage, attempt.hint) == ("back", Hint.FACE_FRONT)
        assert wait(attempt, 0.5, face()).outcome is not None

    def test_one_frame_is_a_slip_of_the_landmarks(self) -> None:
        attempt = wait(challenge(Action.OPEN_MOUTH, Action.TURN_LEFT), 0.5, face())
        for _ in range(10):
            attempt = wait(attempt, 0.0667, face(Pose(jaw=0.9)))
            attempt = wait(attempt, 0.2, face())
        assert attempt.stage == "act" and attempt.index == 0

    @pytest.mark.parametrize(
        ("shut_s", "open_s", "times", "done"),
        [(0.14, 0.3, 2, True), (0.14, 0.3, 1, False), (0.14, 3.5, 3, False), (0.5, 0.3, 1, True)],
    )
    def test_blinks(self, shut_s: float, open_s: float, times: int, done: bool) -> None:
        """One blink comes by itself; two in a row or one long one are an answer."""
        attempt = wait(challenge(Action.BLINK, Action.TURN_LEFT), 0.3, face())
        for _ in range(times):
            attempt = wait(attempt, shut_s, face(Pose(eyes=0.75)))
            attempt = wait(attempt, open_s, face())
        assert (attempt.index == 1) is done

    def test_narrow_eyes_and_glasses(self) -> None:
        """Idling at .33 is no blink, and closing to .55 behind glasses is one."""
        narrow = Baseline(eyes_closed=0.33)
        attempt = wait(
            challenge(Action.BLINK, Action.TURN_LEFT, baseline=narrow), 3, face(Pose(eyes=0.4))
        )
        assert attempt.index == 0
        attempt = wait(attempt, 0.5, face(Pose(eyes=0.67)))
        assert attempt.stage == "back"
        glasses = Baseline(eyes_closed=0.12)
        attempt = wait(
            challenge(Action.BLINK, Action.TURN_LEFT, baseline=glasses), 1, face(Pose(eyes=0.12))
        )
        assert wait(attempt, 0.5, face(Pose(eyes=0.5))).stage == "back"

    def test_talking_opens_no_mouth_and_a_mask_can(self) -> None:
        plan = (Action.OPEN_MOUTH, Action.TURN_LEFT)
        attempt = wait(wait(challenge(*plan), 1, face()), 5, face(Pose(jaw=0.3)))
        assert attempt.index == 0 and attempt.stage == "act"
        mask = Baseline(jaw_open=0.6)
        attempt = wait(challenge(*plan, baseline=mask), 5, face(Pose(jaw=0.62)))
        assert attempt.stage == "act"
        assert wait(attempt, 0.4, face(Pose(jaw=0.85))).stage == "back"

    def test_a_camera_below_the_screen(self) -> None:
        below = Baseline(pitch_deg=-20, yaw_deg=8)
        attempt = wait(
            challenge(Action.TURN_RIGHT, baseline=below), 1, face(Pose(yaw=8, pitch=-20))
        )
        assert attempt.stage == "act"
        attempt = wait(attempt, 0.4, face(Pose(yaw=-14, pitch=-20)))
        assert attempt.stage == "back"


class TestCompany:
    def test_a_second_face_for_more_than_a_second(self) -> None:
        ended = wait(challenge(), 1.3, face(), count=2)
        assert reason(ended) == Failure.SEVERAL_FACES

    def test_somebody_who_passes_by(self) -> None:
        attempt = wait(wait(challenge(), 0.9, face(), count=2), 0.2, face())
        assert attempt.outcome is None
        assert wait(attempt, 0.9, face(), count=2).hint is Hint.SEVERAL_FACES

    def test_nobody_all_the_time(self) -> None:
        assert reason(wait(challenge(), 61, None)) == Failure.ABSENT

    def test_gone_at_the_end(self) -> None:
        attempt = wait(challenge(rules=Rules(action_s=60)), 58, face())
        assert reason(wait(attempt, 3, None)) == Failure.ABSENT

    def test_somebody_who_does_nothing(self) -> None:
        ended = wait(challenge(), 61, face())
        assert reason(ended) == Failure.NOT_ANSWERED
        assert ended.outcome is not None and 20 <= ended.outcome.seconds < 20.3


class TestTime:
    def test_time_runs_without_frames(self) -> None:
        attempt = step(challenge(), Tick(START + 59 * SECOND))
        assert attempt.seconds_left == pytest.approx(1)
        late = step(attempt, Tick(START + 60 * SECOND))
        assert reason(late) == Failure.ABSENT, "nobody says that they did not do it"

    def test_frames_from_before_do_not_count(self) -> None:
        attempt = step(challenge(), seen(START - SECOND, face()))
        assert (attempt.frames, attempt.now_ns) == (0, START)

    def test_a_frame_older_than_the_newest_tick_turns_no_time_back(self) -> None:
        attempt = step(challenge(), Tick(START + 5 * SECOND))
        attempt = step(attempt, seen(START + 4 * SECOND, face()))
        assert attempt.seconds_left == pytest.approx(55)

    def test_nothing_follows_an_outcome(self) -> None:
        ended = obey(challenge())
        assert step(ended, seen(ended.now_ns + SECOND, None)) is ended
        assert ended.asked is None

    def test_asked_until_the_actions_are_done(self) -> None:
        attempt = challenge(Action.TURN_LEFT, Action.OPEN_MOUTH)
        assert (attempt.asked, attempt.index, attempt.total) == (Action.TURN_LEFT, 0, 2)
        while attempt.index == 0:
            attempt = obey_once(attempt)
        assert attempt.asked is Action.OPEN_MOUTH

    def test_progress_grows_with_the_turn(self) -> None:
        attempt = wait(challenge(Action.TURN_LEFT), 0.4, face())
        levels = []
        for yaw in (0, 5, 10, 15, 19):
            attempt = wait(attempt, 0.0667, face(Pose(yaw=yaw)))
            levels.append(attempt.progress)
        assert levels == sorted(levels) and 0.5 < levels[-1] < 0.8


frames = st.one_of(
    st.none(),
    st.builds(
        face,
        st.builds(
            Pose,
            st.floats(-60, 60),
            st.floats(-40, 40),
            st.floats(-20, 20),
            st.floats(0, 1),
            st.floats(0, 1),
        ),
        embedding=st.sampled_from([None, LEARNER, STRANGER]),
        brightness=st.floats(0, 255),
        flat=st.booleans(),
    ),
)


@given(
    st.sampled_from(PLANS),
    st.lists(st.tuples(st.integers(0, 2 * SECOND), frames, st.integers(0, 2)), max_size=60),
)
def test_whatever_is_seen_the_view_holds(
    actions: tuple[Action, ...], watched: list[tuple[int, Face | None, int]]
) -> None:
    attempt, at_ns = challenge(*actions), START
    for wait_ns, shown, count in watched:
        at_ns += wait_ns
        attempt = step(attempt, seen(at_ns, shown, count))
        assert 0 <= attempt.index < attempt.total
        assert 0 <= attempt.progress <= 1
        assert 0 <= attempt.seconds_left <= attempt.seconds_total <= 60
        assert (attempt.outcome is not None) is (attempt.stage == "over")


def test_no_face_is_written_down() -> None:
    """What is logged of a challenge holds no embedding and no points."""
    text = repr(wait(challenge(), 1, face()))
    assert "template" not in text and "points" not in text


def test_the_next_attempt_knows_the_footage_of_the_one_before() -> None:
    """A recording that runs on into the second attempt is the same recording."""

    def watch(before: Challenge | None) -> Challenge:
        attempt = asks(Action.TURN_LEFT, Action.OPEN_MOUTH)
        begins = START if before is None else START + 30 * SECOND
        watching = begin(attempt, Baseline(), LEARNER, begins, Rules(), before=before)
        for number in range(60):
            frame = seen(begins + (number + 1) * FRAME_NS, face(Pose(yaw=number % 7)))
            watching = step(watching, replace(frame, frame=footage(number)))
        return watching

    def loop(watched: Challenge) -> float:
        evidence = signs.risk_of(watched.signs).evidence
        return max((each.level for each in evidence if each.sign is Sign.LOOP), default=0.0)

    first = watch(None)
    assert loop(first) < 0.5
    assert loop(watch(first)) >= 0.5


def footage(number: int) -> FrameFacts:
    thumbnail = np.random.default_rng(number).integers(0, 256, (12, 16), np.uint8)
    return FrameFacts(640, 480, 1000 + number, thumbnail, 2.5, (90.0, 90.0, 90.0))
