"""The study session: what stops the film, what lets it run, what goes on record."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import intents
from app.effects import (
    AskIdentity,
    CloseEyes,
    CloseFilm,
    Flush,
    Keep,
    KeepTick,
    OpenEyes,
    OpenFilm,
    PauseFilm,
    PlayFilm,
    SeekFilm,
)
from app.errors import Report, Trouble
from app.events import (
    Beat,
    CameraFailed,
    ChainClosed,
    Confirmed,
    CoursesLoaded,
    Flushed,
    FocusChanged,
    IdentityAnswered,
    LineLost,
    SignInFailed,
    StoreFailed,
)
from app.present import Frame, present
from app.state import Phase
from app.view import Page
from player.events import Failed, Fault, FrameShown, Mode, ModeChanged, Recovered, Stalled
from proctor.observation import CameraLost, FaceObservation
from sync import facts
from sync.contract import Beacon, CreditSpan, IdentityAnswer, Policy
from tests.session_kit import (
    FRAME_US,
    STRANGER,
    Learner1,
    course,
    credit,
    face,
    lesson,
)

FRAME = Frame(demo=True)


def test_the_way_in_asks_for_consent_before_the_camera_opens() -> None:
    learner = Learner1()
    learner.sign_in()
    assert present(learner.session, FRAME).page is Page.CONSENT
    assert not learner.did(OpenEyes)
    learner.want(intents.Agree())
    assert learner.did(OpenEyes) == [OpenEyes("preview")]
    assert learner.facts(facts.ConsentGiven)


def test_declining_leads_to_the_other_way_and_opens_no_camera() -> None:
    learner = Learner1()
    learner.sign_in()
    learner.want(intents.Decline())
    view = present(learner.session, FRAME)
    assert view.page is Page.CONSENT
    assert view.consent is not None
    assert view.consent.declined
    assert not learner.did(OpenEyes)


def test_a_wrong_password_is_said_on_the_sign_in_page() -> None:
    learner = Learner1()
    learner.want(intents.SignIn("demo", "wrong", remember_password=False))
    assert present(learner.session, FRAME).sign_in is not None
    learner.tell(SignInFailed(learner.now_ns, Report(Trouble.WRONG_PASSWORD)))
    view = present(learner.session, FRAME).sign_in
    assert view is not None
    assert not view.busy
    assert view.report == Report(Trouble.WRONG_PASSWORD)


def test_a_face_that_does_not_match_does_not_enter_and_may_try_again() -> None:
    learner = Learner1()
    learner.sign_in()
    learner.prove()
    assert len(learner.did(AskIdentity)) == 1
    learner.tell(
        IdentityAnswered(learner.now_ns, IdentityAnswer(answer="different", similarity=0.1))
    )
    learner.want(intents.EnterClass())
    assert learner.phase() is Phase.IDENTIFYING
    view = present(learner.session, FRAME).camera
    assert view is not None
    assert view.phase == "mismatch"
    learner.want(intents.Retry())
    view = present(learner.session, FRAME).camera
    assert view is not None
    assert view.phase == "starting"


def test_no_camera_is_a_page_of_its_own_and_can_be_tried_again() -> None:
    learner = Learner1()
    learner.sign_in()
    learner.want(intents.Agree())
    learner.tell(CameraFailed(learner.now_ns, Report(Trouble.NO_CAMERA)))
    assert present(learner.session, FRAME).page is Page.TROUBLE
    learner.want(intents.Retry())
    assert present(learner.session, FRAME).page is Page.CAMERA
    assert learner.did(OpenEyes)[-1] == OpenEyes("preview")


@pytest.mark.parametrize("focus", ["minimised", "unfocused"])
def test_leaving_the_window_stops_film_and_counting_and_coming_back_does_not_resume(
    focus: facts.PauseReason,
) -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(3)
    effects = learner.tell(FocusChanged(learner.now_ns, focus))  # type: ignore[arg-type]
    assert effects[0] == PauseFilm(), "the film stops before anything is written"
    assert learner.phase() is Phase.PAUSED
    watched = sum(each.end_us - each.start_us for each in learner.facts(facts.Watched))
    learner.tell(FrameShown(learner.now_ns, learner.film_us, learner.film_us + FRAME_US, Mode.HIGH))
    assert sum(each.end_us - each.start_us for each in learner.facts(facts.Watched)) == watched
    learner.want(intents.Play())
    assert learner.phase() is Phase.PAUSED, "not while the window is away"
    learner.tell(FocusChanged(learner.now_ns, "active"))
    assert learner.phase() is Phase.PAUSED, "not by itself"
    learner.want(intents.Play())
    assert learner.phase() is Phase.PLAYING


def test_a_check_is_issued_passed_and_the_film_goes_on() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(60)
    assert learner.phase() is Phase.CHECKING
    issued = learner.facts(facts.CheckIssued)
    planned = learner.facts(facts.CheckPlanned)
    assert len(issued) == 1
    assert planned[0].after_s <= issued[0].watched_s <= planned[0].after_s + 0.3
    assert learner.did(OpenEyes)[-1] == OpenEyes("checking")


def test_a_stranger_uses_up_the_attempts_and_the_run_ends_without_an_accusation() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(60)
    learner.show_face(3, who=STRANGER)
    view = present(learner.session, FRAME).lesson
    assert view is not None
    assert view.check is not None
    assert view.check.phase == "failed"
    assert view.check.reason == "other_person"
    assert view.check.attempts_left == 1
    learner.want(intents.RetryCheck())
    learner.show_face(3, who=STRANGER)
    assert learner.phase() is Phase.ENDED
    assert [each.passed for each in learner.facts(facts.CheckAttempted)] == [False, False]
    assert len(learner.facts(facts.CheckFailed)) == 1
    assert learner.facts(facts.SessionEnded) == [facts.SessionEnded(reason="check_failed")]
    assert learner.did(Flush)[-1] == Flush(close=True)
    assert learner.did(CloseEyes)
    ended = present(learner.session, FRAME).signed_out
    assert ended is not None
    assert ended.lost_s > 19


def test_an_unanswered_check_ends_by_its_time() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(60)
    for _ in range(400):
        learner.pass_time(0.2)
    assert learner.phase() is Phase.ENDED
    reasons = {each.reason for each in learner.facts(facts.CheckAttempted)}
    assert reasons <= {"not_answered", "absent"}


def test_absence_and_company_pause_the_lesson() -> None:
    for count, reason in ((0, "absent"), (2, "several_faces")):
        learner = Learner1()
        learner.begin()
        learner.watch(2)
        for _ in range(20):
            learner.now_ns += 500_000_000
            learner.tell(FaceObservation(learner.now_ns, count, face() if count else None))
        assert learner.phase() is Phase.PAUSED
        assert learner.reason() == reason
        learner.want(intents.Play())
        assert learner.phase() is Phase.PAUSED, "nobody, or too many, are there still"
        learner.show_face(3)
        learner.want(intents.Play())
        assert learner.phase() is Phase.PLAYING


def test_a_lost_camera_pauses_at_once_and_can_be_tried_again() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(2)
    learner.tell(CameraLost(learner.now_ns, "unplugged"))
    assert learner.reason() == "camera_lost"
    learner.want(intents.Retry())
    assert learner.did(OpenEyes)[-1] == OpenEyes("resting")


def test_no_forward_seek_on_first_watch_but_back_always() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(10)
    learner.want(intents.Seek(60_000_000))
    assert not learner.did(SeekFilm)
    learner.want(intents.Seek(2_000_000))
    assert learner.did(SeekFilm) == [SeekFilm(2_000_000)]
    learner.want(intents.Seek(9_000_000))
    assert learner.did(SeekFilm)[-1] == SeekFilm(9_000_000), "within what was watched"


def test_a_stall_pauses_and_goes_on_by_itself_unless_the_window_was_left() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(3)
    learner.tell(Stalled(learner.now_ns, learner.film_us))
    assert learner.reason() == "stalled"
    learner.tell(Recovered(learner.now_ns, 500_000))
    assert learner.phase() is Phase.PLAYING
    learner.tell(Stalled(learner.now_ns, learner.film_us))
    learner.tell(FocusChanged(learner.now_ns, "minimised"))
    assert isinstance(learner.did(PauseFilm)[-1], PauseFilm)
    learner.tell(Recovered(learner.now_ns, 500_000))
    assert learner.phase() is Phase.PAUSED
    assert learner.reason() == "minimised"


def test_the_open_tick_is_renewed_at_least_once_a_second() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(9)
    ticks = learner.did(KeepTick)
    times = [tick.at_ns for tick in ticks]
    assert len(times) >= 9
    assert max(b - a for a, b in itertools.pairwise(times)) <= 1_000_000_000
    assert all(tick.fact.end_us - tick.fact.start_us > 0 for tick in ticks)


def test_the_heartbeat_cuts_the_running_segment_and_sends() -> None:
    learner = Learner1()
    learner.begin()
    before = len(learner.did(Flush))
    learner.watch(15)
    assert len(learner.did(Flush)) > before
    segments = learner.facts(facts.Watched)
    assert segments
    assert segments[0].end_us <= 11_000_000


def test_the_last_frame_finishes_the_lesson_only_if_nothing_is_missing() -> None:
    learner = Learner1()
    learner.enter_class()
    short = lesson("lesson-1", 10)
    learner.tell(CoursesLoaded(learner.now_ns, (course(short),)))
    learner.open_lesson()
    learner.want(intents.Play())
    learner.watch(60)
    while learner.phase() is Phase.CHECKING:
        learner.now_ns += 10_000_000_000
        learner.want(intents.SignOut())
    assert not learner.facts(facts.LessonFinished)


def test_the_platforms_count_is_what_is_shown() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(5)
    told = credit(
        credited_s=3.0, spans=(CreditSpan(start_s=0, end_s=3, state="credited"),), resume_s=3.0
    )
    learner.tell(Confirmed(learner.now_ns, 7, Beacon(index=2, value="aa" * 32), (told,), 10.0))
    view = present(learner.session, FRAME).lesson
    assert view is not None
    assert view.status.kind == "counting"
    assert view.status.credited_s == 3.0
    assert view.status.provisional_s == pytest.approx(2.0, abs=0.1)


def test_without_a_line_watching_goes_on_and_says_that_it_waits() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(2)
    learner.tell(LineLost(learner.now_ns, Report(Trouble.UNREACHABLE)))
    view = present(learner.session, FRAME).lesson
    assert learner.phase() is Phase.PLAYING
    assert view is not None
    assert view.status.kind == "waiting"
    assert view.offline


def test_signing_in_elsewhere_ends_the_run_and_keeps_what_was_watched() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(4)
    learner.tell(ChainClosed(learner.now_ns, "taken_over"))
    assert learner.phase() is Phase.ENDED
    watched = sum(each.end_us - each.start_us for each in learner.facts(facts.Watched))
    assert watched == pytest.approx(4_000_000, abs=FRAME_US)


def test_signing_out_closes_everything_and_the_next_learner_sees_nothing() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(4)
    learner.want(intents.SignOut())
    assert learner.did(CloseFilm)
    assert learner.facts(facts.SessionEnded)[-1].reason == "learner"
    learner.tell(Flushed(learner.now_ns, unsent=0))
    view = present(learner.session, FRAME).signed_out
    assert view is not None
    assert not view.sending
    learner.want(intents.Retry())
    assert present(learner.session, FRAME).page is Page.SIGN_IN
    assert learner.session.run is None
    assert not learner.session.credit


def test_a_full_disk_stops_the_film_before_it_explains() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(2)
    effects = learner.tell(StoreFailed(learner.now_ns, Report(Trouble.STORE_FULL)))
    assert effects[0] == PauseFilm()
    assert present(learner.session, FRAME).page is Page.TROUBLE
    learner.want(intents.Retry())
    assert present(learner.session, FRAME).page is Page.LESSON


def test_nobody_there_and_no_key_pressed_signs_out_after_the_preset() -> None:
    learner = Learner1()
    learner.enter_class()
    for _ in range(61):
        learner.pass_time(10)
    assert learner.phase() is Phase.ENDED
    assert learner.facts(facts.SessionEnded) == [facts.SessionEnded(reason="idle")]


def test_a_computer_that_slept_pauses() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(2)
    learner.pass_time(8)
    assert learner.reason() == "suspended"


def test_a_missing_film_is_said_in_the_lesson() -> None:
    learner = Learner1()
    learner.enter_class()
    learner.want(intents.OpenLesson("lesson-1"))
    learner.tell(Failed(learner.now_ns, Fault.MISSING, "404"))
    view = present(learner.session, FRAME).lesson
    assert view is not None
    assert view.report is not None
    assert view.report.trouble is Trouble.FILM_MISSING
    assert not view.can_play
    learner.want(intents.Retry())
    assert len(learner.did(OpenFilm)) == 2


def test_a_change_of_mode_does_not_break_the_watching() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(2)
    learner.want(intents.SetMode(Mode.HIGH))
    learner.tell(ModeChanged(learner.now_ns, Mode.STANDARD, Mode.HIGH, 40_000, 0))
    learner.watch(2)
    learner.want(intents.Pause())
    watched = sum(each.end_us - each.start_us for each in learner.facts(facts.Watched))
    assert watched == pytest.approx(4_000_000, abs=2 * FRAME_US)
    assert learner.facts(facts.ModeSwitched)[0].new == "high"


def test_a_plan_outlives_its_lesson() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(10)
    learner.want(intents.BackToClass())
    learner.tell(CoursesLoaded(learner.now_ns, (course(),)))
    learner.open_lesson("lesson-2")
    learner.want(intents.Play())
    learner.watch(25)
    assert learner.phase() is Phase.CHECKING, "changing lessons puts no check off"


STEPS = st.sampled_from(
    ["watch", "pause", "play", "leave", "back", "stall", "recover", "seek", "mode", "flush", "face"]
)


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=40))
def test_whatever_happens_nothing_is_recorded_that_was_not_shown(steps: list[str]) -> None:
    learner = Learner1()
    learner.begin()
    shown_us = wall_ns = 0
    for name in steps:
        before_us, before_ns = learner.film_us, learner.now_ns
        act(learner, name)
        if name == "watch":
            shown_us += learner.film_us - before_us
            wall_ns += learner.now_ns - before_ns
    learner.want(intents.SignOut())
    watched = [each.end_us - each.start_us for each in learner.facts(facts.Watched)]
    assert sum(watched) <= shown_us
    assert all(length > 0 for length in watched)
    moments = [effect.at_ns for effect in learner.effects if isinstance(effect, Keep)]
    assert moments == sorted(moments), "facts stand in the order of their times"
    assert learner.phase() is Phase.ENDED


def act(learner: Learner1, name: str) -> None:
    match name:
        case "watch":
            learner.watch(3)
        case "pause":
            learner.want(intents.Pause())
        case "play":
            learner.want(intents.Play())
        case "leave":
            learner.look_away_from_window("unfocused")
        case "back":
            learner.look_away_from_window("active")
        case "stall" if learner.phase() is Phase.PLAYING:
            learner.tell(Stalled(learner.now_ns, learner.film_us))
        case "recover":
            learner.tell(Recovered(learner.now_ns, 1_000))
        case "seek":
            before = len(learner.did(SeekFilm))
            learner.want(intents.Seek(1_000_000))
            if len(learner.did(SeekFilm)) > before:
                learner.film_us = 1_000_000
        case "mode":
            learner.want(intents.SetMode(Mode.HIGH))
        case "flush":
            learner.pass_time(1)
        case _:
            learner.tell(Beat(learner.now_ns))


def test_playing_needs_a_film_that_is_open() -> None:
    learner = Learner1()
    learner.enter_class()
    learner.want(intents.OpenLesson("lesson-1"))
    learner.want(intents.Play())
    assert not learner.did(PlayFilm)


def test_a_film_whose_end_is_dragged_near_still_has_its_check() -> None:
    """Nearly all of it was watched before, so all of it may be sought; none was checked."""
    learner = Learner1(Policy(check_min_gap_s=100, check_max_gap_s=110, heartbeat_s=10))
    learner.enter_class()
    seen = CreditSpan(start_s=0, end_s=112, state="not_counted", reason="check_missed")
    known = lesson().model_copy(update={"credit": credit(spans=(seen,))})
    learner.tell(CoursesLoaded(learner.now_ns, (course(known),)))
    learner.open_lesson()
    learner.want(intents.Play())
    learner.watch(2)
    learner.want(intents.Seek(110_000_000))
    learner.film_us = 110_000_000
    learner.watch(9)
    assert learner.phase() is Phase.CHECKING
    plans = learner.facts(facts.CheckPlanned)
    assert plans[-1].film_left_s == pytest.approx(10)
    assert plans[-1].since_s == pytest.approx(2, abs=0.1)
