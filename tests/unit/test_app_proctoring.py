"""A living face at sign-in and in a check: what is asked, kept, shown and sent."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from app import intents
from app.effects import (
    AskIdentity,
    Keep,
    OpenEyes,
    PlayFilm,
    Prompt,
    SendAppeal,
    Shine,
    TakeSnapshot,
)
from app.errors import Report, Trouble
from app.events import (
    CameraFailed,
    SnapshotSealed,
)
from app.present import Frame, present
from app.state import Check, Phase
from app.view import CheckView, SignedOutView, Status
from proctor.risk import Evidence, Risk, Sign
from sync import facts
from sync.contract import Policy
from tests.session_kit import STRANGER, Learner1, answered, copied, face

FRAME = Frame(demo=True)


def check_view(learner: Learner1) -> CheckView:
    lesson = present(learner.session, FRAME).lesson
    assert lesson is not None
    assert lesson.check is not None
    return lesson.check


def in_check(policy: Policy | None = None) -> Learner1:
    return copied(_in_check(policy or Learner1().policy))


@cache
def _in_check(policy: Policy) -> Learner1:
    learner = Learner1(policy=policy)
    learner.begin()
    learner.watch(60)
    assert learner.phase() is Phase.CHECKING
    return learner


def the_check(learner: Learner1) -> Check:
    check = learner.session.check
    assert check is not None
    return check


def test_a_passed_check_sends_one_picture_asks_the_platform_and_lets_the_film_run() -> None:
    learner = in_check()
    check = the_check(learner)
    before = len(learner.did(AskIdentity))
    learner.obey()
    learner.show_face(1)
    assert check_view(learner).phase == "passed"
    (attempted,) = learner.facts(facts.CheckAttempted)
    assert attempted.passed
    assert attempted.actions == tuple(a.value for a in check.asked[0].actions)
    assert attempted.actions == learner.facts(facts.CheckPlanned)[0].actions
    pictures = [each for each in learner.did(TakeSnapshot) if each.why == "check"]
    assert [each.check for each in pictures] == [check.id]
    question = learner.did(AskIdentity)[before]
    assert question.check == check.id
    learner.pass_time(1)
    learner.pass_time(0.3)
    assert learner.phase() is Phase.PLAYING, "before the platform has answered"
    assert learner.did(OpenEyes)[-1] == OpenEyes("resting")


def test_each_attempt_asks_its_own_draw() -> None:
    learner = in_check()
    planned = the_check(learner).asked
    learner.show_face(4, who=STRANGER)
    learner.want(intents.RetryCheck())
    assert the_check(learner).challenge.plan == planned[1]
    learner.obey()
    learner.show_face(1)
    tried = learner.facts(facts.CheckAttempted)
    assert [each.attempt for each in tried] == [1, 2]
    assert [each.actions for each in tried] == [
        tuple(action.value for action in attempt.actions) for attempt in planned
    ]
    pictures = [each for each in learner.did(TakeSnapshot) if each.why == "check"]
    assert len(pictures) == 1, "one a check, also where an attempt failed"


@pytest.mark.parametrize(("wanted", "taken"), [(0, 0), (1, 1), (2, 2), (3, 3)])
def test_as_many_pictures_as_the_policy_says(wanted: int, taken: int) -> None:
    policy = Learner1().policy.model_copy(update={"snapshots_per_check": wanted})
    learner = in_check(policy)
    learner.obey()
    learner.show_face(1)
    pictures = [each for each in learner.did(TakeSnapshot) if each.why == "check"]
    assert len(pictures) == taken


def test_other_actions_are_asked_for_at_once_and_stay_for_the_next_attempt() -> None:
    learner = in_check()
    others = the_check(learner).others
    learner.want(intents.UseAlternative())
    assert the_check(learner).challenge.plan == others[0]
    assert check_view(learner).alternative
    learner.want(intents.UseAlternative())
    assert the_check(learner).challenge.plan == others[0], "only once"
    learner.show_face(4, who=STRANGER)
    learner.want(intents.RetryCheck())
    assert the_check(learner).challenge.plan == others[1]
    learner.obey()
    learner.show_face(1)
    tried = learner.facts(facts.CheckAttempted)
    assert [each.alternative for each in tried] == [True, True]
    assert tried[-1].passed


def test_where_the_policy_has_no_alternative_none_is_offered() -> None:
    policy = Learner1().policy.model_copy(update={"check_alternative": ()})
    learner = in_check(policy)
    assert not check_view(learner).may_change
    before = the_check(learner)
    learner.want(intents.UseAlternative())
    assert the_check(learner) == before


def test_the_light_changes_with_the_draw_and_goes_out_with_the_check() -> None:
    learner = in_check()
    tints = the_check(learner).challenge.plan.tints
    before = len(learner.did(Shine))
    learner.show_face(2.5)
    shone = [each.tint for each in learner.did(Shine)[before - 1 :]]
    assert shone == [tint.value for tint in tints[: len(shone)]]
    assert len(shone) == 4, "one every 0.8 s"
    assert check_view(learner).tint == shone[-1]
    learner.want(intents.SignOut())
    assert learner.did(Shine)[-1] == Shine(None)
    assert learner.did(Prompt)[-1] == Prompt(None)


def test_the_platforms_doubt_informs_and_stops_nothing() -> None:
    learner = in_check()
    check = the_check(learner)
    learner.obey()
    learner.show_face(1)
    learner.pass_time(1.5)
    answered(learner, "different", check.id)
    assert learner.phase() is Phase.PLAYING
    notice = learner.session.notice
    assert notice is not None
    assert (notice.kind, notice.key) == ("attention", "check_disputed")
    learner.want(intents.SignOut())
    assert signed_out(learner).appeal == "offered"
    learner.want(intents.FileAppeal())
    (sent,) = learner.did(SendAppeal)
    assert (sent.appeal.check, sent.appeal.reason) == (check.id, "other_person")


def test_a_passed_check_that_looks_odd_is_said_to_wait_for_the_platform() -> None:
    learner = in_check()
    odd = Risk(0.7, (Evidence(Sign.LOOP, 1.0, 1.0),))
    learner.obey()
    learner.show_face(1)
    outcome = the_check(learner).challenge.outcome
    assert outcome is not None
    assert not outcome.in_review
    # The same end with another risk, told once more to a session that still looks
    again = in_check()
    check = the_check(again)
    ended = replace(
        check,
        challenge=replace(
            check.challenge, outcome=replace(outcome, risk=odd, in_review=True), stage="over"
        ),
    )
    again.session = replace(again.session, check=ended)
    again.see(face())
    assert check_view(again).in_review
    attempted = again.facts(facts.CheckAttempted)[-1]
    assert (attempted.risk, attempted.signs) == (0.7, ("loop",))
    again.pass_time(2)
    assert again.phase() is Phase.CHECKING, "there is more to read"
    again.pass_time(2.5)
    assert again.phase() is Phase.PLAYING


def test_the_overlay_says_how_much_waits_for_it() -> None:
    learner = in_check()
    (issued,) = learner.facts(facts.CheckIssued)
    assert check_view(learner).waiting_s == pytest.approx(issued.watched_s)


# When it failed


def failed() -> Learner1:
    learner = in_check()
    for _ in range(2):
        learner.show_face(4, who=STRANGER)
        learner.want(intents.RetryCheck())
    assert learner.phase() is Phase.ENDED
    return learner


def signed_out(learner: Learner1) -> SignedOutView:
    view = present(learner.session, FRAME).signed_out
    assert view is not None
    return view


def test_a_run_that_checks_ended_says_why_and_keeps_what_was_watched() -> None:
    learner = failed()
    view = signed_out(learner)
    assert (view.reason, view.why, view.appeal) == ("check_failed", "other_person", "offered")
    watched = sum(each.end_us - each.start_us for each in learner.facts(facts.Watched))
    assert watched / 1e6 == pytest.approx(view.lost_s, abs=0.1)
    kept = [e.fact for e in learner.effects if isinstance(e, Keep)]
    assert isinstance(kept[-1], facts.SessionEnded), "nothing comes after the end"


# The picture between two checks


def test_one_picture_is_taken_between_two_checks_at_a_moment_of_the_seed() -> None:
    learner = Learner1()
    learner.begin()
    plan = learner.session.plan
    assert plan is not None
    (moment_us,) = plan.pictures_us
    assert 0 <= moment_us < plan.due_us
    learner.watch(60)
    (taken,) = learner.did(TakeSnapshot)
    assert (taken.why, taken.check) == ("between", "")
    assert taken.at_ns <= learner.now_ns
    learner.obey()
    learner.show_face(1)
    learner.pass_time(1)
    learner.pass_time(0.5)
    learner.watch(60)
    assert [each.why for each in learner.did(TakeSnapshot)] == ["between", "check", "between"]


def test_changing_the_lesson_brings_no_second_picture() -> None:
    learner = Learner1()
    learner.begin()
    while not learner.did(TakeSnapshot):
        learner.watch(0.5)
    learner.want(intents.BackToClass())
    learner.open_lesson("lesson-2")
    learner.want(intents.Play())
    learner.watch(60)
    assert [each.why for each in learner.did(TakeSnapshot)] == ["between"]


def test_a_picture_is_one_of_the_runs_records() -> None:
    learner = in_check()
    before = learner.session.records
    learner.tell(SnapshotSealed(learner.now_ns, "lesson-1", "check", "chain-1.1", "0" * 64, 9))
    assert learner.session.records == before + 1


def test_a_film_that_was_told_to_run_runs_in_no_check() -> None:
    learner = in_check()
    before = len(learner.did(PlayFilm))
    learner.want(intents.Play())
    learner.want(intents.Seek(0))
    learner.obey()
    assert len(learner.did(PlayFilm)) == before


def test_a_camera_that_fails_in_a_check_is_said_at_once() -> None:
    learner = in_check()
    learner.tell(CameraFailed(learner.now_ns, Report(Trouble.CAMERA_BUSY)))
    notice = present(learner.session, FRAME).notice
    assert notice is not None
    assert notice.report == Report(Trouble.CAMERA_BUSY)


def test_leaving_in_a_check_says_what_is_not_counted_and_can_be_appealed() -> None:
    learner = in_check()
    check, waits_s = the_check(learner).id, learner.session.since_us / 1e6
    learner.want(intents.SignOut())
    view = present(learner.session, FRAME).signed_out
    assert view is not None
    assert (view.reason, view.lost_s, view.appeal) == ("learner", waits_s, "offered")
    assert waits_s > 0
    learner.want(intents.FileAppeal())
    assert learner.did(SendAppeal)[-1].appeal.check == check


def test_the_status_line_asks_for_nothing_while_a_result_is_read() -> None:
    learner = in_check()
    assert _status(learner).kind == "needed"
    learner.obey()
    learner.show_face(1)
    assert check_view(learner).phase == "passed"
    assert (_status(learner).kind, _status(learner).reason) == ("paused", "check")


def _status(learner: Learner1) -> Status:
    lesson = present(learner.session, FRAME).lesson
    assert lesson is not None
    return lesson.status
