"""What counts as each action: its time, its order, the moving dot, and no way around any."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor.baseline import Baseline
from proctor.hints import Hint
from proctor.liveness import Challenge, Failure, Tick, begin, step
from proctor.observation import Face
from proctor.risk import Evidence, Risk, Sign
from proctor.schedule import Action, Attempt, Place, Rules, Tint
from tests.faces import (
    DONE,
    DOT,
    FRAME_NS,
    LEARNER,
    LOOKS,
    REST,
    Pose,
    asks,
    face,
    obey,
    person,
    seen,
    wait,
)

SECOND = 1_000_000_000
START = 7_000 * SECOND
GAZING = Baseline(gaze=(0, 0))
DOTTED = asks(Action.FOLLOW_DOT, Action.TURN_LEFT)


def opened(attempt: Attempt, rules: Rules | None = None, rest: Baseline = GAZING) -> Challenge:
    return begin(attempt, rest, LEARNER, START, rules or Rules())


def at_act(attempt: Attempt, rules: Rules | None = None, rest: Baseline = GAZING) -> Challenge:
    """The first action is asked for, and the dot stands where it is one."""
    shown = Pose(rest.yaw_deg, rest.pitch_deg, gaze=rest.gaze or (0, 0))
    dotted = attempt.actions[0] is Action.FOLLOW_DOT
    return wait(opened(attempt, rules, rest), 1.2 if dotted else 0.3, face(shown))


def reason(ended: Challenge) -> str:
    assert ended.outcome is not None and not ended.outcome.passed
    return ended.outcome.reason


class TestDot:
    def test_it_stands_only_while_it_is_to_be_followed(self) -> None:
        attempt = opened(asks(Action.TURN_LEFT, Action.FOLLOW_DOT))
        assert attempt.dot is None
        attempt = wait(attempt, 0.3, face())
        assert (attempt.stage, attempt.dot) == ("act", None)
        attempt = wait(wait(attempt, 0.4, face(Pose(yaw=27))), 0.4, face())
        assert (attempt.asked, attempt.dot) == (Action.FOLLOW_DOT, None)
        attempt = wait(attempt, 0.7, face())
        assert attempt.dot is Place.LEFT
        assert obey(attempt).dot is None

    def test_it_goes_on_when_it_was_looked_at_for_long_enough(self) -> None:
        attempt = at_act(DOTTED)
        for number, place in enumerate(DOT):
            assert (attempt.dot, attempt.dots) == (place, number)
            attempt = wait(attempt, 0.3, face(LOOKS[place]))
            assert attempt.dots == number
            attempt = wait(attempt, 0.2, face(LOOKS[place]))
        assert (attempt.stage, attempt.dot, attempt.index) == ("back", None, 0)

    def test_then_the_eyes_come_back(self) -> None:
        attempt = at_act(DOTTED)
        for place in DOT:
            attempt = wait(attempt, 0.5, face(LOOKS[place]))
        attempt = wait(attempt, 2, face(LOOKS[DOT[-1]]))
        assert (attempt.stage, attempt.index) == ("back", 0)
        assert wait(attempt, 0.3, face()).asked is Action.TURN_LEFT

    @pytest.mark.parametrize(
        ("pose", "place"),
        [
            (Pose(gaze=(0.4, 0)), Place.LEFT),  # own left is the image's right
            (Pose(gaze=(-0.4, 0)), Place.RIGHT),
            (Pose(gaze=(0, -0.3)), Place.UP),
            (Pose(gaze=(0, 0.3), eyes=0.5), Place.DOWN),
            (Pose(yaw=12), Place.LEFT),  # the head alone
            (Pose(yaw=-12), Place.RIGHT),
            (Pose(pitch=-9), Place.UP),
            (Pose(pitch=9), Place.DOWN),
            (Pose(yaw=6, gaze=(0.15, 0)), Place.LEFT),  # both
            (Pose(yaw=30, gaze=(0, 0)), Place.LEFT),  # far: not a turn to the wrong side
            (Pose(gaze=(0.4, 0.15)), Place.LEFT),  # and a little down
            (Pose(gaze=(0.1, 0.1)), None),
            (Pose(gaze=(0.2, 0.35)), Place.DOWN),
            (Pose(yaw=12, gaze=(-0.4, 0)), None),  # the head turns, the eyes stay where they were
        ],
    )
    @pytest.mark.parametrize("asked", list(Place))
    def test_where_somebody_looks(self, pose: Pose, place: Place | None, asked: Place) -> None:
        dot = (asked, Place.UP if asked is not Place.UP else Place.DOWN)
        attempt = wait(at_act(asks(Action.FOLLOW_DOT, alternative=True, dot=dot)), 0.6, face(pose))
        assert (attempt.dots == 1) is (place is asked)
        assert attempt.outcome is None and attempt.slips == 0

    def test_it_is_measured_from_the_learners_own_gaze(self) -> None:
        """A camera far below the screen: looking at it, the eyes always stand up."""
        low = Baseline(pitch_deg=-15, gaze=(0.05, -0.4))
        dot = (Place.DOWN, Place.LEFT)
        attempt = at_act(asks(Action.FOLLOW_DOT, alternative=True, dot=dot), rest=low)
        assert wait(attempt, 1, face(Pose(pitch=-15, gaze=(0.05, -0.4)))).dots == 0
        assert wait(attempt, 0.5, face(Pose(pitch=-15, gaze=(0.05, -0.1)))).dots == 1

    def test_where_no_model_tells_the_gaze_the_head_follows(self) -> None:
        attempt = opened(DOTTED, rest=Baseline())
        poses = [REST, Pose(yaw=12), Pose(pitch=-9), Pose(yaw=-12)]
        for pose in poses:
            attempt = wait(attempt, 1.2, replace(face(pose), gaze=None))
        assert (attempt.stage, attempt.index) == ("back", 0)

    def test_a_head_that_is_still_coming_back_spoils_nothing(self) -> None:
        """At rest begins far from neutral; the dot is measured from where the head arrives."""
        attempt = opened(asks(Action.NOD, Action.FOLLOW_DOT, alternative=True))
        attempt = wait(wait(attempt, 0.3, face()), 0.3, face(Pose(pitch=16)))
        for pitch in (13, 12, 11, 9, 7, 5, 3, 1, 0, 0):
            attempt = wait(attempt, 0.0667, face(Pose(pitch=pitch)))
        assert attempt.neutral is not None and attempt.asked is Action.FOLLOW_DOT
        attempt = wait(attempt, 0.5, face())
        assert attempt.dot is Place.LEFT and attempt.neutral is not None
        assert attempt.neutral.pitch_deg == 0

    def test_a_recording_that_looks_around_in_its_own_order_begins_anew(self) -> None:
        attempt = at_act(DOTTED)
        most = 0
        for _ in range(3):
            for place in (Place.RIGHT, Place.DOWN, Place.LEFT, Place.DOWN):
                attempt = wait(attempt, 2.2, face(LOOKS[place]))
                most = max(most, attempt.dots)
        assert most == 1
        assert reason(attempt) == Failure.NOT_ANSWERED

    def test_a_glance_elsewhere_begins_nothing_anew(self) -> None:
        attempt = wait(at_act(DOTTED), 0.5, face(LOOKS[Place.LEFT]))
        attempt = wait(attempt, 1.6, face())
        attempt = wait(attempt, 0.4, face(LOOKS[Place.DOWN]))
        attempt = wait(attempt, 0.5, face(LOOKS[Place.UP]))
        assert attempt.dots == 2

    def test_slow_eyes_have_time(self) -> None:
        """Still at the last place for over a second after the dot has left it."""
        attempt = wait(at_act(DOTTED), 0.4, face(LOOKS[Place.LEFT]))
        attempt = wait(attempt, 1.4, face(LOOKS[Place.LEFT]))
        assert wait(attempt, 0.5, face(LOOKS[Place.UP])).dots == 2

    def test_progress_grows_from_place_to_place(self) -> None:
        attempt, levels = at_act(DOTTED), []
        for place in DOT:
            attempt = wait(attempt, 0.5, face(LOOKS[place]))
            levels.append(attempt.progress)
        assert levels == sorted(levels) and levels[-1] == 0.8

    def test_a_dot_has_to_go_somewhere(self) -> None:
        with pytest.raises(ValueError, match="dot"):
            opened(Attempt((Action.FOLLOW_DOT, Action.TURN_LEFT)))


class TestTime:
    def test_each_action_has_its_own(self) -> None:
        rules = Rules(action_s=5, answer_s=60)
        attempt = at_act(asks(Action.TURN_LEFT, Action.NOD), rules)
        assert attempt.seconds_total == 5
        attempt = wait(attempt, 4, face())
        assert attempt.outcome is None
        attempt = wait(wait(attempt, 0.4, face(Pose(yaw=27))), 0.3, face())
        assert attempt.asked is Action.NOD and attempt.seconds_left > 4.5
        ended = wait(attempt, 6, face())
        assert reason(ended) == Failure.NOT_ANSWERED
        assert ended.outcome is not None and 9 < ended.outcome.seconds < 11

    def test_it_runs_without_frames_and_while_the_action_is_held(self) -> None:
        rules = Rules(action_s=5)
        attempt = at_act(asks(Action.TURN_LEFT), rules)
        ended = step(attempt, Tick(attempt.now_ns + 5 * SECOND))
        assert reason(ended) == Failure.NOT_ANSWERED
        assert reason(wait(attempt, 6, face(Pose(yaw=27)))) == Failure.NOT_ANSWERED

    def test_before_the_first_action_only_the_attempts_time_runs(self) -> None:
        attempt = wait(opened(asks(Action.TURN_LEFT), Rules(action_s=5)), 20, face(Pose(yaw=30)))
        assert attempt.stage == "settle" and attempt.seconds_total == 60
        assert attempt.seconds_left == pytest.approx(40, abs=0.1)

    def test_the_attempts_time_bounds_the_last_action(self) -> None:
        attempt = wait(opened(asks(Action.TURN_LEFT), Rules(answer_s=10)), 6, face(Pose(yaw=30)))
        attempt = wait(attempt, 0.4, face())
        assert attempt.stage == "act"
        assert attempt.seconds_left <= attempt.seconds_total < 4

    @given(
        st.floats(3, 30),
        st.floats(5, 90),
        st.lists(st.tuples(st.floats(0, 3), st.sampled_from([REST, *DONE.values()])), max_size=30),
    )
    def test_every_attempt_ends_in_time(
        self, action_s: float, answer_s: float, watched: list[tuple[float, Pose]]
    ) -> None:
        attempt = opened(DOTTED, Rules(action_s=action_s, answer_s=answer_s))
        for gap_s, pose in watched:
            attempt = step(attempt, seen(attempt.now_ns + round(gap_s * SECOND), face(pose)))
        ended = step(attempt, Tick(START + round(answer_s * SECOND) + 1))
        assert ended.outcome is not None
        assert ended.seconds_left >= 0


def test_one_neutral_frame_is_not_yet_back() -> None:
    attempt = wait(at_act(asks(Action.TURN_LEFT, Action.NOD)), 0.3, face(Pose(yaw=27)))
    attempt = wait(attempt, 0.0667, face())
    assert (attempt.stage, attempt.index) == ("back", 0)
    attempt = wait(wait(attempt, 0.0667, face(Pose(yaw=27))), 0.0667, face())
    assert (attempt.stage, attempt.index) == ("back", 0)
    assert wait(attempt, 0.2, face()).index == 1


class TestCovered:
    @pytest.mark.parametrize(
        ("shown", "hint"),
        [
            (face(mask=0.8), Hint.TAKE_OFF_MASK),
            (face(dark_glasses=0.8), Hint.TAKE_OFF_GLASSES),
        ],
    )
    def test_nothing_is_asked_until_it_is_off(self, shown: Face, hint: Hint) -> None:
        attempt = wait(opened(asks(Action.TURN_LEFT)), 0.8, shown)
        assert (attempt.stage, attempt.hint) == ("settle", Hint.NONE)
        attempt = wait(attempt, 5, shown)
        assert (attempt.stage, attempt.hint) == ("settle", hint)
        assert attempt.similarities == ()
        outcome = obey(attempt).outcome
        assert outcome is not None and outcome.passed

    def test_who_keeps_it_on_reads_why(self) -> None:
        ended = wait(opened(asks(Action.TURN_LEFT)), 61, face(mask=0.8))
        assert reason(ended) == Failure.COVERED_FACE
        assert ended.outcome is not None and ended.outcome.seconds >= 60

    def test_put_on_after_the_actions_it_leaves_nobody_to_compare(self) -> None:
        attempt = at_act(asks(Action.TURN_LEFT))
        attempt = replace(attempt, similarities=())
        attempt = wait(attempt, 0.4, face(Pose(yaw=27), mask=0.8))
        assert reason(wait(attempt, 8, face(mask=0.8))) == Failure.COVERED_FACE

    def test_an_error_of_a_frame_or_two_stops_nobody(self) -> None:
        attempt = opened(asks(Action.TURN_LEFT, Action.OPEN_MOUTH))
        for number in range(600):
            pose = DONE[attempt.asked] if attempt.stage == "act" and attempt.asked else REST
            shown = face(pose, mask=0.9 if number % 5 == 0 else 0.1)
            attempt = step(attempt, seen(attempt.now_ns + FRAME_NS, shown))
        assert attempt.outcome is not None and attempt.outcome.passed

    def test_clear_glasses_are_none(self) -> None:
        attempt = wait(opened(asks(Action.TURN_LEFT)), 0.4, face(dark_glasses=0.4, mask=0.3))
        assert attempt.stage == "act"


def test_what_is_long_wrong_with_the_picture_is_said_during_an_action() -> None:
    attempt = at_act(asks(Action.TURN_LEFT))
    far = face(box=(0.45, 0.4, 0.1, 0.15))
    assert wait(attempt, 0.8, far).hint is Hint.NONE
    assert wait(attempt, 1.3, far).hint is Hint.TOO_FAR


class TestLight:
    LIT = Attempt((Action.TURN_LEFT,), (), (Tint.WARM, Tint.BLUE, Tint.GREEN))

    def test_it_changes_with_the_time_and_begins_again(self) -> None:
        attempt = opened(self.LIT)
        tints = []
        for number in range(8):
            attempt = step(attempt, Tick(START + round((0.8 * number + 0.1) * SECOND)))
            tints.append(attempt.tint)
        row = list(self.LIT.tints)
        assert tints == [*row, *row, *row[:2]]
        assert attempt.tint_at(START - 1) is None

    def test_none_where_the_policy_wants_none_and_none_when_it_is_over(self) -> None:
        assert opened(asks(Action.TURN_LEFT)).tint is None
        ended = obey(opened(self.LIT))
        assert ended.outcome is not None and ended.tint is None


class TestOutcome:
    def test_the_alternative_set_may_go_without_a_turn_and_says_so(self) -> None:
        outcome = obey(opened(asks(Action.NOD, Action.FOLLOW_DOT, alternative=True))).outcome
        assert outcome is not None and outcome.passed and outcome.alternative

    def test_nothing_asked_proves_nothing(self) -> None:
        with pytest.raises(ValueError, match="asks"):
            opened(Attempt(()))

    def test_number_and_flags(self) -> None:
        attempt = begin(
            asks(Action.TURN_LEFT), GAZING, LEARNER, START, Rules(), 3, ("virtual_camera",)
        )
        outcome = obey(attempt).outcome
        assert outcome is not None and outcome.attempt == 3
        assert attempt.flags == ("virtual_camera",)

    def test_risk_stands_beside_the_outcome_and_never_fails_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        risk = Risk(0.7, (Evidence(Sign.LOOP, 0.9, 1.0),))
        monkeypatch.setattr("proctor.signs.risk_of", lambda signs, flags=(): risk)
        outcome = obey(opened(asks(Action.TURN_LEFT))).outcome
        assert outcome is not None and outcome.passed and outcome.in_review
        assert outcome.risk.signs == (Sign.LOOP,)
        lenient = obey(opened(asks(Action.TURN_LEFT), Rules(risk_review=0.71))).outcome
        assert lenient is not None and lenient.passed and not lenient.in_review
        failed = wait(opened(asks(Action.TURN_LEFT)), 61, face()).outcome
        assert failed is not None and failed.risk is risk and not failed.in_review

    def test_the_platform_gets_the_best_frame_not_the_most_similar(self) -> None:
        attempt = opened(asks(Action.TURN_LEFT))
        one, two = person(11), person(12)
        attempt = step(attempt, seen(START + 1, face(embedding=LEARNER, sharpness=20)))
        attempt = step(attempt, seen(START + 2, face(embedding=one, sharpness=90)))
        attempt = step(attempt, seen(START + 3, face(Pose(yaw=9), embedding=two, sharpness=90)))
        assert attempt.face is one
        gone = wait(attempt, 1.3, None)
        assert gone.face is None, "who comes back may be somebody else"

    def test_a_neutral_face_that_sinks_during_the_check_is_followed(self) -> None:
        attempt = wait(opened(asks(Action.TURN_LEFT)), 0.1, face())
        sinking = asks(Action.TURN_LEFT, Action.TURN_RIGHT)
        attempt = opened(sinking)
        for number in range(40):
            attempt = step(attempt, seen(START + number * FRAME_NS, face(Pose(yaw=20))))
            attempt = replace(attempt, stage="settle", since_ns=None)
        assert attempt.baseline == GAZING, "a head that is turned is not at rest"
        for number in range(40, 100):
            attempt = step(attempt, seen(START + number * FRAME_NS, face(Pose(pitch=8))))
            attempt = replace(attempt, stage="settle", since_ns=None)
        assert 4 < attempt.baseline.pitch_deg < 8


class TestQuick:
    """Whoever acts before the neutral face was taken is not held to a wrong one for ever."""

    @pytest.mark.parametrize(
        ("action", "half", "whole"),
        [
            (Action.NOD, Pose(pitch=13), Pose(pitch=18)),
            (Action.TURN_RIGHT, Pose(yaw=-11), Pose(yaw=-27)),
        ],
    )
    def test_half_way_down_at_the_beginning(self, action: Action, half: Pose, whole: Pose) -> None:
        attempt = opened(asks(action, alternative=True))
        attempt = wait(attempt, 0.4, face(half))
        assert attempt.stage == "act", "it was taken for the neutral face"
        attempt = wait(attempt, 0.4, face(REST))
        attempt = wait(attempt, 0.4, face(whole))
        assert attempt.stage == "back"

    def test_a_head_that_only_comes_back_has_not_nodded(self) -> None:
        attempt = opened(asks(Action.NOD, alternative=True))
        attempt = wait(attempt, 0.4, face(Pose(pitch=-13)))
        attempt = wait(attempt, 1.0, face(REST))
        assert attempt.stage == "act"
