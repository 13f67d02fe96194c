"""The proof of a living person at sign-in: two drawn actions, then whose face it is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from app import intents
from app.effects import (
    AskIdentity,
    Keep,
    Prompt,
    Shine,
)
from app.errors import Report, Trouble
from app.events import (
    Beat,
    CameraFailed,
    IdentityUnanswered,
)
from app.planning import rules_of, sign_in_attempt
from app.present import Frame, present
from app.state import Check, Phase
from app.view import CameraView, CheckView, Page
from proctor.schedule import attempts_of
from sync import facts
from sync.contract import Policy
from tests.session_kit import SEED, STRANGER, Learner1, answered, copied

FRAME = Frame(demo=True)


def camera(learner: Learner1) -> CameraView:
    view = present(learner.session, FRAME).camera
    assert view is not None
    return view


def at_sign_in() -> Learner1:
    return copied(_at_sign_in())


@cache
def _at_sign_in() -> Learner1:
    learner = Learner1()
    learner.sign_in()
    learner.want(intents.Agree())
    learner.show_face()
    return learner


def proving(learner: Learner1) -> Check:
    identifying = learner.session.identifying
    assert identifying is not None
    assert identifying.check is not None
    return identifying.check


def test_at_sign_in_two_drawn_actions_prove_a_living_person_before_anybody_is_asked() -> None:
    learner = at_sign_in()
    asked = attempts_of(bytes.fromhex(SEED), 0, rules_of(learner.policy))[0]
    assert camera(learner).phase == "proving"
    assert not learner.did(AskIdentity)
    learner.obey()
    learner.show_face(1)
    (question,) = learner.did(AskIdentity)
    assert question.check == ""
    assert not question.enrol
    prompts = [each.action for each in learner.did(Prompt)]
    assert prompts == [*(action.value for action in asked.actions), None]
    assert {each.tint for each in learner.did(Shine)} > {None}
    answered(learner)
    (confirmed,) = learner.facts(facts.IdentityConfirmed)
    assert confirmed.actions == tuple(action.value for action in asked.actions)
    assert confirmed.attempts == 1
    (attempted,) = learner.facts(facts.IdentityAttempted)
    assert (attempted.attempt, attempted.passed, attempted.reason) == (1, True, "")
    assert (attempted.actions, attempted.risk) == (confirmed.actions, confirmed.risk)
    assert attempted.seconds > 0
    told = [each.fact for each in learner.did(Keep)]
    assert told.index(attempted) < told.index(confirmed)
    assert camera(learner).phase == "matched"


def test_a_face_that_only_looks_proves_nothing_and_is_told_why() -> None:
    learner = at_sign_in()
    learner.show_face(25)
    view = camera(learner)
    assert view.check is not None
    assert (view.check.phase, view.check.reason) == ("failed", "not_answered")
    assert view.check.attempts_left == 1
    assert not learner.did(AskIdentity)


def test_nobody_is_locked_out_at_sign_in_and_nothing_is_asked_twice_by_rote() -> None:
    learner = at_sign_in()
    drawn = []
    for number in range(1, 5):  # twice the policy's two attempts
        check = proving(learner)
        drawn.append(check.challenge.actions)
        assert check.challenge.plan == sign_in_attempt(SEED, learner.policy, number)[0]
        learner.show_face(4, who=STRANGER)
        view = camera(learner).check
        assert view is not None
        assert view.phase == ("failed" if number % 2 else "over")
        assert view.reason == "other_person"
        learner.want(intents.RetryCheck())
        if not number % 2:
            assert camera(learner).phase == "starting", "how to sit, from the start"
            learner.show_face(2)
    assert camera(learner).phase == "proving"
    assert learner.phase() is Phase.IDENTIFYING
    learner.obey()
    learner.show_face(1)
    answered(learner)
    assert learner.facts(facts.IdentityConfirmed)[0].attempts == 5
    told = learner.facts(facts.IdentityAttempted)
    assert [(each.attempt, each.passed, each.reason) for each in told] == [
        *((number, False, "other_person") for number in range(1, 5)),
        (5, True, ""),
    ]
    assert [each.actions for each in told[:4]] == [
        tuple(action.value for action in actions) for actions in drawn
    ]
    learner.want(intents.EnterClass())
    assert learner.phase() is Phase.READY


def test_a_failed_attempt_begins_again_by_itself_when_it_was_read() -> None:
    learner = at_sign_in()
    learner.show_face(4, who=STRANGER)
    learner.pass_time(4)
    assert camera(learner).check == replace(_view(learner), phase="failed")
    learner.pass_time(5)
    assert _view(learner).phase == "acting"


def _view(learner: Learner1) -> CheckView:
    check = camera(learner).check
    assert check is not None
    return check


def test_who_is_enrolled_today_proves_the_very_face_that_is_enrolled() -> None:
    learner = Learner1(policy=Policy(check_attempts=2, self_enrolment=True))
    learner.sign_in(template=None)
    learner.want(intents.Agree())
    learner.show_face(who=STRANGER)
    learner.obey(STRANGER)
    learner.show_face(1, who=STRANGER)
    (question,) = learner.did(AskIdentity)
    assert question.enrol
    answered(learner, "enrolled")
    assert camera(learner).phase == "enrolled"


def test_a_first_enrolment_survives_a_line_that_drops() -> None:
    learner = Learner1(policy=Policy(check_attempts=2, self_enrolment=True))
    learner.sign_in(template=None)
    learner.prove()
    learner.tell(IdentityUnanswered(learner.now_ns, Report(Trouble.UNREACHABLE)))
    learner.want(intents.Retry())
    learner.show_face()
    learner.obey()
    learner.show_face(1)
    assert [each.enrol for each in learner.did(AskIdentity)] == [True, True]
    answered(learner, "enrolled")
    assert learner.session.run is not None
    assert learner.session.run.template is not None


def test_a_poor_enrolled_face_is_for_the_platform_to_say() -> None:
    """Here only a living person is proved: nobody is kept out without an answer on record."""
    learner = Learner1()
    learner.sign_in(template=STRANGER)
    learner.prove()
    assert len(learner.did(AskIdentity)) == 1
    answered(learner, "different")
    assert camera(learner).phase == "mismatch"
    assert learner.facts(facts.IdentityConfirmed)[0].answer == "different"


def test_who_is_seen_is_not_signed_out_for_idling_while_proving() -> None:
    learner = at_sign_in()
    for _ in range(12):
        learner.show_face(1)
        learner.pass_time(60)
    assert learner.phase() is Phase.IDENTIFYING


def test_a_camera_that_fails_while_somebody_proves_begins_anew_with_another_draw() -> None:
    learner = at_sign_in()
    learner.tell(CameraFailed(learner.now_ns, Report(Trouble.CAMERA_BUSY)))
    assert present(learner.session, FRAME).page is Page.TROUBLE
    assert learner.did(Prompt)[-1] == Prompt(None)
    learner.tell(Beat(learner.now_ns + 40_000_000_000))
    learner.now_ns += 40_000_000_000
    learner.want(intents.Retry())
    learner.show_face(2)
    assert proving(learner).challenge.plan == sign_in_attempt(SEED, learner.policy, 2)[0]


def test_other_actions_at_sign_in_are_on_record_as_such() -> None:
    learner = at_sign_in()
    assert _view(learner).may_change
    learner.want(intents.UseAlternative())
    assert not _view(learner).may_change
    learner.obey()
    learner.show_face(1)
    answered(learner)
    (confirmed,) = learner.facts(facts.IdentityConfirmed)
    rules = rules_of(learner.policy)
    other = attempts_of(bytes.fromhex(SEED), 0, rules, alternative=True)[0]
    assert confirmed.alternative
    assert confirmed.actions == tuple(action.value for action in other.actions)


def test_who_cannot_do_the_actions_at_sign_in_is_not_asked_for_them_again() -> None:
    learner = at_sign_in()
    learner.want(intents.UseAlternative())
    for _ in range(2):
        learner.show_face(4, who=STRANGER)
        learner.want(intents.RetryCheck())
    learner.show_face(2)
    view = _view(learner)
    assert view.phase == "acting"
    assert view.alternative
    assert proving(learner).challenge.plan == sign_in_attempt(SEED, learner.policy, 3)[1]
