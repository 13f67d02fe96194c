"""The study session: one table, events → next state + effects.

`step(session, event)` is the whole program's behaviour. It looks up (phase, kind of event)
in `TABLE`; what is not in the table changes nothing. Some events mean the same in every
phase: they stand in `ALWAYS`. After each event `_settle` looks whether something has come
due: a check, a flush, the open tick, a sign-out for idling.

The table is also the documentation: `docs/architecture.md` shows the picture drawn from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from app import aside, attending, checks, enrolment, intents, leaving, lessons, picture
from app.effects import Effect, FetchCourses, Flush, Keep, Mend
from app.errors import Report, Trouble
from app.events import (
    AppealFailed,
    AppealFiled,
    Beat,
    CameraFailed,
    CamerasChanged,
    ChainClosed,
    Confirmed,
    CoursesFailed,
    CoursesLoaded,
    Event,
    Exported,
    ExtrasLoaded,
    Flushed,
    Flushing,
    FocusChanged,
    IdentityAnswered,
    IdentityUnanswered,
    LineExamined,
    LineLost,
    Recalled,
    SignedIn,
    SignInFailed,
    SnapshotSealed,
    SnapshotsFailed,
    SnapshotsLoaded,
    StoreFailed,
    Touched,
    Wanted,
)
from app.state import Phase, Session, Step
from app.view import Notice
from player.events import (
    Ended,
    Failed,
    FrameShown,
    FramesLost,
    LineMeasured,
    ModeChanged,
    ModeKept,
    Opened,
    Recovered,
    Seen,
    SoundMeasured,
    Stalled,
    Unseen,
)
from proctor.observation import CameraLost, FaceObservation

GOOD_NEWS_NS = 6_000_000_000
"""How long a notice stays that asks for nothing."""

SLEPT_NS = 5_000_000_000
"""A gap this long between two beats means that the computer slept or stood still."""

STEPPED_NS = 5_000_000_000
"""The calendar clock moved this much against the monotonic one: somebody set it."""


def courses_loaded(session: Session, at_ns: int, event: CoursesLoaded) -> Step:
    credit = {lesson.id: lesson.credit for course in event.courses for lesson in course.lessons}
    merged = MappingProxyType({**session.credit, **credit})
    return (
        replace(session, courses=event.courses, credit=merged, courses_report=None, offline=False),
        (),
    )


def courses_failed(session: Session, at_ns: int, event: CoursesFailed) -> Step:
    return replace(session, courses_report=event.report), ()


def fetch_again(session: Session, at_ns: int, intent: intents.Retry) -> Step:
    if session.page == "snapshots":
        return aside.show_snapshots(session, at_ns, intent)
    return replace(session, courses_report=None), (FetchCourses(),)


def show_hours(session: Session, at_ns: int, intent: intents.ShowHours) -> Step:
    return replace(session, page="hours"), (Flush(), FetchCourses())


def show_class(session: Session, at_ns: int, intent: intents.BackToClass) -> Step:
    return replace(session, page="class"), ()


def confirmed(session: Session, at_ns: int, event: Confirmed) -> Step:
    credit = MappingProxyType({**session.credit, **{each.lesson: each for each in event.credit}})
    run = replace(session.run, beacon=event.beacon) if session.run else None
    notice = session.notice
    if session.offline and session.phase is not Phase.CHECKING:  # nothing beside a check
        notice = Notice("success", key="online_again")
    session = replace(
        session,
        run=run,
        credit=credit,
        confirmed=event.acked,
        offline=False,
        notice=notice,
        flush_ns=at_ns + round(event.next_flush_s * 1e9),
    )
    return session, ()


def line_lost(session: Session, at_ns: int, event: LineLost) -> Step:
    return replace(session, offline=True, notice=None), ()


def chain_closed(session: Session, at_ns: int, event: ChainClosed) -> Step:
    return checks.end(session, at_ns, event.reason)


def sign_out(session: Session, at_ns: int, intent: intents.SignOut) -> Step:
    return checks.end(session, at_ns, "learner")


def store_failed(session: Session, at_ns: int, event: StoreFailed) -> Step:
    """Without a place for records nothing may be watched: stop first, then explain."""
    effects: tuple[Effect, ...] = ()
    if session.phase is Phase.PLAYING:
        session, effects = lessons.halt(session, at_ns, "policy")
        effects = tuple(e for e in effects if not isinstance(e, Keep))
    return replace(session, trouble=event.report, signing_in=False), effects


def mend(session: Session, at_ns: int, intent: intents.Retry) -> Step:
    if session.trouble is None:
        return session, ()
    waits = session.trouble.trouble is Trouble.KEY_NOT_KEPT  # a keyring may ask somebody first
    return replace(session, trouble=None, signing_in=waits), (Mend(session.trouble),)


def beat(session: Session, at_ns: int, event: Beat) -> Step:
    slept = bool(session.beat_ns) and at_ns - session.beat_ns > SLEPT_NS
    stepped_ns = _clock_step_ns(session, event)
    skew_ns = event.wall_ns - at_ns if event.wall_ns else session.skew_ns
    session = _let_notice_go(replace(session, beat_ns=at_ns, skew_ns=skew_ns), at_ns)
    if session.phase is Phase.PLAYING and (slept or abs(stepped_ns) > STEPPED_NS):
        return lessons.halt(session, at_ns, "suspended" if slept else "clock")
    if session.phase is Phase.PLAYING:
        return lessons.beat_while_playing(session, at_ns)
    if session.phase is Phase.CHECKING:
        return checks.beat(session, at_ns)
    if session.phase is Phase.PAUSED:
        return attending.rest(session, at_ns)
    if session.phase is Phase.IDENTIFYING:
        return enrolment.beat(session, at_ns)
    return session, ()


def _clock_step_ns(session: Session, event: Beat) -> int:
    """How far the calendar clock jumped since the last beat, beyond the time that passed."""
    if session.skew_ns is None or not event.wall_ns:
        return 0
    return event.wall_ns - event.at_ns - session.skew_ns


def _let_notice_go(session: Session, at_ns: int) -> Session:
    """Good news need not be put away by hand; what asks for attention stays."""
    notice = session.notice
    if notice is None or notice.kind not in ("info", "success"):
        return session
    return session if at_ns - session.notice_ns < GOOD_NEWS_NS else replace(session, notice=None)


# The values are (session, at_ns, event of the key's type) -> Step; a table over many event
# types cannot say that more exactly in Python's type system.
Handler = Callable[[Session, int, Any], Step]

LESSON: dict[type, Handler] = {
    Opened: lessons.film_opened,
    FrameShown: lessons.frame_shown,
    Recovered: lessons.film_event,
    ModeChanged: picture.mode_changed,
    ModeKept: picture.mode_kept,
    Failed: lessons.film_failed,
    FramesLost: lessons.film_event,
    Seen: lessons.film_event,
    LineMeasured: picture.line_measured,
    SoundMeasured: picture.sound_measured,
    ExtrasLoaded: picture.extras_loaded,
    FaceObservation: attending.watched_over,
    CameraLost: attending.camera_lost_in_lesson,
    CameraFailed: attending.camera_failed_in_lesson,
    Touched: attending.touched_in_lesson,
    IdentityAnswered: checks.identity_answered,
    intents.SetMode: picture.set_mode,
    intents.SetVolume: picture.set_volume,
    intents.SetRate: picture.set_rate,
    intents.SetCaptions: picture.set_captions,
    intents.Seek: lessons.seek,
    intents.BackToClass: lessons.close_lesson,
    intents.Retry: attending.retry_in_lesson,
}

TABLE: dict[Phase, dict[type, Handler]] = {
    Phase.SIGNED_OUT: {
        intents.SignIn: enrolment.sign_in,
        intents.DoWithoutKeyring: enrolment.do_without_keyring,
        SignedIn: enrolment.signed_in,
        SignInFailed: enrolment.sign_in_failed,
    },
    Phase.IDENTIFYING: {
        intents.Agree: enrolment.agree,
        intents.Decline: enrolment.decline,
        intents.Retry: enrolment.look_again,
        intents.EnterClass: enrolment.enter_class,
        intents.RetryCheck: enrolment.retry,
        intents.UseAlternative: enrolment.use_alternative,
        intents.ChooseCamera: enrolment.choose_camera,
        FaceObservation: enrolment.face_seen,
        CameraFailed: enrolment.camera_failed,
        CameraLost: enrolment.camera_lost,
        IdentityAnswered: enrolment.identity_answered,
        IdentityUnanswered: enrolment.identity_unanswered,
    },
    Phase.READY: {
        CoursesLoaded: courses_loaded,
        CoursesFailed: courses_failed,
        intents.OpenLesson: lessons.open_lesson,
        IdentityAnswered: checks.identity_answered,
        SnapshotsLoaded: aside.snapshots_loaded,
        SnapshotsFailed: aside.snapshots_failed,
        intents.ShowHours: show_hours,
        intents.ShowSnapshots: aside.show_snapshots,
        intents.BackToClass: show_class,
        intents.Retry: fetch_again,
    },
    Phase.PAUSED: {
        **LESSON,
        FocusChanged: attending.left_while_paused,
        Recovered: lessons.recovered,
        Ended: lessons.film_ended,
        intents.Play: attending.go_on,
        intents.ChooseCamera: attending.choose_camera,
    },
    Phase.PLAYING: {
        **LESSON,
        FocusChanged: attending.left_while_playing,
        Stalled: lessons.stalled,
        Unseen: picture.unseen,
        Ended: lessons.film_ended,
        intents.Pause: lessons.pause,
    },
    Phase.CHECKING: {
        ModeChanged: picture.mode_changed,
        ModeKept: picture.mode_kept,
        ExtrasLoaded: picture.extras_loaded,
        Ended: lessons.film_ended_in_check,
        Failed: lessons.film_failed,
        Opened: lessons.film_opened,
        FaceObservation: checks.face_seen,
        CameraLost: checks.camera_lost,
        CameraFailed: checks.camera_failed,
        IdentityAnswered: checks.identity_answered,
        CamerasChanged: checks.cameras_changed,
        intents.RetryCheck: checks.retry,
        intents.UseAlternative: checks.use_alternative,
    },
    Phase.ENDED: {
        Flushed: leaving.flushed,
        Flushing: leaving.flushing,
        intents.LeaveNow: leaving.leave_now,
        AppealFiled: aside.appeal_filed,
        AppealFailed: aside.appeal_failed,
        intents.FileAppeal: aside.file_appeal,
        intents.Retry: leaving.begin_anew,
    },
}

ALWAYS: dict[type, Handler] = {
    Beat: beat,
    Touched: attending.touched,
    FocusChanged: attending.focus_changed,
    Confirmed: confirmed,
    LineLost: line_lost,
    StoreFailed: store_failed,
    Exported: aside.exported,
    Recalled: picture.recalled,
    SnapshotSealed: aside.snapshot_sealed,
    CamerasChanged: aside.cameras_changed,
    intents.ChooseCamera: aside.choose_camera,
    intents.SetSpeech: aside.set_speech,
    intents.SetLanguage: enrolment.set_language,
    intents.ExportRecords: aside.export,
    intents.ProxyLogin: leaving.log_in_at_proxy,
    intents.LookAtLine: leaving.look_at_line,
    intents.CloseLine: leaving.close_line,
    LineExamined: leaving.line_examined,
    intents.DismissNotice: aside.dismiss,
}

STUDYING = (Phase.IDENTIFYING, Phase.READY, Phase.PLAYING, Phase.PAUSED, Phase.CHECKING)

for _phase in STUDYING:
    TABLE[_phase][intents.SignOut] = sign_out
    TABLE[_phase][ChainClosed] = chain_closed


def step(session: Session, event: Event) -> Step:
    """Take in one event. What the table does not name for this phase changes nothing."""
    at_ns = event.at_ns
    what = event.intent if isinstance(event, Wanted) else event
    noticed = session.notice
    if isinstance(event, Wanted):
        session = replace(session, alive_ns=at_ns)
    if isinstance(what, intents.Retry) and _store_stands_in_the_way(session):
        handler: Handler | None = mend
    else:
        handler = TABLE[session.phase].get(type(what)) or ALWAYS.get(type(what))
    if handler is None:
        return session, ()
    stood = session.phase, session.pause
    session, effects = handler(session, at_ns, what)
    session, asked = picture.ask_for_mode(session)
    session, more = _settle(session, at_ns)
    effects = (*effects, *asked, *more)
    if (session.phase, session.pause) != stood:
        session = replace(session, halted_ns=at_ns)
    if session.notice is not noticed:
        session = replace(session, notice_ns=at_ns)
    kept = sum(isinstance(effect, Keep) for effect in effects)
    return replace(session, records=session.records + kept), effects


STORE_TROUBLES = (
    Trouble.STORE_DAMAGED,
    Trouble.STORE_FULL,
    Trouble.STORE_READ_ONLY,
    Trouble.STORE_LOCKED,
    Trouble.KEY_NOT_KEPT,
)


def _store_stands_in_the_way(session: Session) -> bool:
    return session.trouble is not None and session.trouble.trouble in STORE_TROUBLES


def _settle(session: Session, at_ns: int) -> Step:
    """What is due by now, whatever it was that happened."""
    if session.phase is Phase.PLAYING and lessons.check_is_due(session):
        return checks.begin(session, at_ns)
    if session.phase is Phase.PLAYING:
        session, pictured = lessons.picture(session, at_ns)
        if pictured:
            return session, pictured
    if session.phase not in STUDYING or session.run is None:
        return session, ()
    if at_ns - session.alive_ns > session.run.policy.idle_sign_out_s * 1e9:
        return checks.end(session, at_ns, "idle")
    if at_ns < session.flush_ns:
        return _warn_if_idle(session, at_ns)
    heartbeat_s = session.run.policy.heartbeat_s
    session, effects = lessons.cut_segment(session, at_ns)
    return replace(session, flush_ns=at_ns + round(heartbeat_s * 1e9)), (*effects, Flush())


def _warn_if_idle(session: Session, at_ns: int) -> Step:
    if session.run is None or session.notice is not None:
        return session, ()
    if at_ns - session.alive_ns > session.run.policy.idle_warning_s * 1e9:
        left = session.run.policy.idle_sign_out_s - session.run.policy.idle_warning_s
        report = Report(Trouble.IDLE, seconds=left)
        return replace(session, notice=Notice("attention", report)), ()
    return session, ()
