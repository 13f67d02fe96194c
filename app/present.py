"""From the session's state to what is on the screen: `present(session) -> WindowView`."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import Trouble
from app.lessons import allowed_mode
from app.picture import rates
from app.planning import rules_of
from app.state import Check, Identifying, Phase, Session, Study, need_run, need_study
from app.view import (
    Buffering,
    CameraView,
    CaptionsView,
    Chapter,
    CheckView,
    ClassView,
    ConsentView,
    CourseCard,
    HoursRow,
    HoursView,
    LessonCard,
    LessonView,
    Page,
    PageState,
    PictureView,
    SignedOutView,
    SignInView,
    Status,
    StatusKind,
    Thumbnails,
    TroubleView,
    WindowView,
)
from player.events import Mode
from player.ledger import Interval, Ledger
from player.timeline import Segment
from sync.contract import Course, Lesson, LessonCredit

US = 1_000_000
ENOUGH_US = 2_000_000
"""A film that waited for the line runs on when about this much of it is there."""
PAGE_STOPPERS = (Trouble.STORE_DAMAGED, Trouble.STORE_FULL, Trouble.STORE_READ_ONLY)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the screen needs beside the session: fixed for the program's run."""

    platform: str = ""
    demo: bool = False
    simulated: bool = False
    can_remember_password: bool = True
    remembered_password: str = ""
    demo_account: tuple[str, str] | None = None


def present(session: Session, frame: Frame) -> WindowView:
    """The whole window. Time is in the session: the same session gives the same view."""
    page = _page(session)
    run = session.run
    return WindowView(
        page=page,
        language=session.preferences.language,
        demo=frame.demo,
        learner=run.learner.name if run else "",
        offline=session.offline,
        notice=session.notice,
        sign_in=_sign_in(session, frame) if page is Page.SIGN_IN else None,
        consent=_consent(session) if page is Page.CONSENT else None,
        camera=_camera(session, frame) if page is Page.CAMERA else None,
        classroom=_classroom(session) if page is Page.CLASS else None,
        lesson=_lesson(session, frame) if page is Page.LESSON else None,
        hours=_hours(session) if page is Page.HOURS else None,
        signed_out=_signed_out(session) if page is Page.SIGNED_OUT else None,
        trouble=_trouble(session) if page is Page.TROUBLE else None,
    )


def _page(session: Session) -> Page:
    if session.trouble is not None:
        return Page.TROUBLE
    match session.phase:
        case Phase.SIGNED_OUT:
            return Page.SIGN_IN
        case Phase.IDENTIFYING:
            stage = session.identifying.stage if session.identifying else "consent"
            return Page.CONSENT if stage in ("consent", "declined") else Page.CAMERA
        case Phase.READY:
            return Page.HOURS if session.page == "hours" else Page.CLASS
        case Phase.PLAYING | Phase.PAUSED | Phase.CHECKING:
            return Page.LESSON
        case Phase.ENDED:
            return Page.SIGNED_OUT


def _sign_in(session: Session, frame: Frame) -> SignInView:
    return SignInView(
        name=session.preferences.name,
        busy=session.signing_in,
        report=session.report,
        platform=frame.platform,
        can_remember_password=frame.can_remember_password,
        remembered_password=frame.remembered_password,
        demo_account=frame.demo_account,
    )


def _consent(session: Session) -> ConsentView:
    declined = session.identifying is not None and session.identifying.stage == "declined"
    return ConsentView(institution=need_run(session).learner.institution, declined=declined)


def _camera(session: Session, frame: Frame) -> CameraView:
    run, identifying = need_run(session), session.identifying or Identifying("positioning")
    positioning = identifying.positioning
    simulated, camera = frame.simulated, run.camera
    match identifying.stage:
        case "matching":
            return CameraView("matching", progress=1.0, simulated=simulated, camera=camera)
        case "done":
            phase = "enrolled" if identifying.answer == "enrolled" else "matched"
            return CameraView(
                "enrolled" if phase == "enrolled" else "matched",
                progress=1.0,
                similarity=identifying.similarity,
                simulated=simulated,
                camera=camera,
            )
        case "mismatch":
            return CameraView(
                "mismatch",
                similarity=identifying.similarity,
                simulated=simulated,
                camera=camera,
            )
    if positioning is None or not positioning.looked:
        return CameraView("starting", simulated=simulated, camera=camera)
    return CameraView(
        "positioning",
        hint=positioning.hint.value,
        progress=positioning.progress,
        simulated=simulated,
        camera=camera,
    )


def _classroom(session: Session) -> ClassView:
    learner = need_run(session).learner
    courses = tuple(_course_card(session, course) for course in session.courses or ())
    report = session.courses_report
    state: PageState
    if courses:
        unreachable = report is not None and report.trouble is Trouble.UNREACHABLE
        state = "offline" if session.offline or unreachable else "ready"
    elif report is not None:
        state = "offline" if report.trouble is Trouble.UNREACHABLE else "error"
    else:
        state = "loading" if session.courses is None else "empty"
    return ClassView(
        state=state,
        learner=learner.name,
        class_name=learner.class_name,
        institution=learner.institution,
        courses=courses,
        report=report,
    )


def _course_card(session: Session, course: Course) -> CourseCard:
    return CourseCard(
        course=course.id,
        title=course.title,
        title_en=course.title_en,
        category=course.category,
        lessons=tuple(_lesson_card(session, lesson) for lesson in course.lessons),
    )


def _lesson_card(session: Session, lesson: Lesson) -> LessonCard:
    credit = session.credit.get(lesson.id, lesson.credit)
    provisional_s = credit.provisional_s
    if session.study is not None and session.study.lesson.id == lesson.id:
        provisional_s = _waiting_s(session.study, credit)
    return LessonCard(
        lesson=lesson.id,
        title=lesson.title,
        title_en=lesson.title_en,
        duration_s=lesson.duration_ms / 1000,
        credited_s=credit.credited_s,
        provisional_s=provisional_s,
        questions=_questions(session, lesson),
        completed=credit.completed,
    )


def _questions(session: Session, lesson: Lesson) -> int:
    """How many questions come after the lesson, where the platform asks for a test at all."""
    return lesson.questions if need_run(session).policy.test_required else 0


def _lesson(session: Session, frame: Frame) -> LessonView:
    study = need_study(session)
    lesson, course = study.lesson, study.course
    credit = session.credit.get(lesson.id, lesson.credit)
    playing = session.phase is Phase.PLAYING
    return LessonView(
        lesson=lesson.id,
        title=lesson.title,
        title_en=lesson.title_en,
        course_title=course.title,
        course_title_en=course.title_en,
        mode=study.wanted or study.mode,
        changing_mode=study.wanted is not None,
        playing=playing,
        can_play=study.ready and study.report is None and session.phase is not Phase.CHECKING,
        loading=not study.ready and study.report is None,
        position_s=study.position_us / US,
        duration_s=study.duration_us / US,
        watched=_pairs(_with_open(study.seen, study.timeline.open_segment)),
        credited=tuple(
            (span.start_s, span.end_s) for span in credit.spans if span.state == "credited"
        ),
        status=_status(session, study, credit),
        check=_check(session, session.check, frame) if session.check else None,
        lessons=tuple(_lesson_card(session, each) for each in course.lessons),
        questions=_questions(session, lesson),
        finished=study.finished,
        offline=session.offline,
        face_present=not study.away,
        simulated=frame.simulated,
        volume=session.preferences.volume,
        muted=session.preferences.muted,
        sound_device=study.sound_device,
        rate=study.rate,
        rates=rates(session, study),
        picture=_picture(session, study),
        buffering=_buffering(session, study),
        captions=_captions(session, study),
        chapters=tuple(
            Chapter(each.start_ms / 1000, each.title, each.title_en) for each in lesson.chapters
        ),
        thumbnails=_thumbnails(study),
        report=study.report,
    )


def _picture(session: Session, study: Study) -> PictureView:
    chosen = allowed_mode(session, study.lesson)
    playing = study.wanted or study.mode
    return PictureView(
        chosen=chosen,
        slow_line=playing is not chosen,
        cap=Mode(need_run(session).policy.mode_cap),
        offered=tuple(Mode(each.mode) for each in study.lesson.renditions),
    )


def _buffering(session: Session, study: Study) -> Buffering | None:
    if session.pause != "stalled" or study.report is not None:
        return None
    line = study.line
    if line is None:
        return Buffering(0.0, 0)
    return Buffering(min(1.0, line.ahead_us / ENOUGH_US), line.bits_per_second)


def _captions(session: Session, study: Study) -> CaptionsView:
    chosen = session.preferences.captions
    track = study.captions.get(chosen)
    return CaptionsView(
        offered=tuple(sorted(study.captions, reverse=True)),
        language=chosen if track is not None else "",
        size=session.preferences.caption_size,
        text=track.text_at(study.position_us) if track is not None else "",
    )


def _thumbnails(study: Study) -> Thumbnails | None:
    told = study.lesson.thumbnails
    if told is None or study.thumbnails is None:
        return None
    return Thumbnails(
        study.thumbnails, told.interval_ms / 1000, told.columns, told.width, told.height
    )


def _status(session: Session, study: Study, credit: LessonCredit) -> Status:
    waiting_s = _waiting_s(study, credit)
    duration_s = study.duration_us / US
    base = Status("paused", credit.credited_s, duration_s, provisional_s=waiting_s)
    if session.check is not None:
        left_s = session.check.challenge.seconds_left
        return _as(base, "needed", seconds_left=left_s)
    if session.phase is Phase.PLAYING:
        return _as(base, "waiting" if session.offline else "counting")
    if credit.completed and session.pause == "finished":
        return _as(base, "finished")
    lost = next(reversed(_not_counted(credit)), None)
    if session.pause == "ready" and lost is not None and not study.started:
        return Status(
            "not_counted",
            credit.credited_s,
            duration_s,
            provisional_s=waiting_s,
            reason="ready",
            lost_start_s=lost[0],
            lost_end_s=lost[1],
            lost_reason=lost[2],
        )
    return Status(
        "paused",
        credit.credited_s,
        duration_s,
        provisional_s=waiting_s,
        reason=study.away or session.pause or "ready",
    )


def _as(status: Status, kind: StatusKind, *, seconds_left: float = 0.0) -> Status:
    return Status(
        kind,
        status.credited_s,
        status.duration_s,
        provisional_s=status.provisional_s,
        seconds_left=seconds_left,
    )


def _check(session: Session, check: Check, frame: Frame) -> CheckView:
    rules = rules_of(need_run(session).policy)
    challenge = check.challenge
    return CheckView(
        phase=check.stage,
        action=challenge.asked.value if challenge.asked else "",
        index=challenge.index,
        total=len(challenge.actions),
        progress=challenge.progress,
        seconds_left=challenge.seconds_left,
        seconds_total=rules.answer_s,
        attempts_left=rules.attempts - check.attempt,
        hint=challenge.hint.value,
        reason=check.reason,
        simulated=frame.simulated,
    )


def _hours(session: Session) -> HoursView:
    rows = tuple(
        _hours_row(session, lesson) for course in session.courses or () for lesson in course.lessons
    )
    report = session.courses_report
    state: PageState
    if rows:
        state = "offline" if session.offline else "ready"
    elif report is not None:
        state = "offline" if report.trouble is Trouble.UNREACHABLE else "error"
    else:
        state = "loading" if session.courses is None else "empty"
    return HoursView(
        state=state,
        rows=rows,
        credited_s=sum(row.credited_s for row in rows),
        provisional_s=sum(row.provisional_s for row in rows),
        records=session.records,
        confirmed_records=session.confirmed,
        report=report,
    )


def _hours_row(session: Session, lesson: Lesson) -> HoursRow:
    credit = session.credit.get(lesson.id, lesson.credit)
    return HoursRow(
        lesson=lesson.id,
        title=lesson.title,
        title_en=lesson.title_en,
        duration_s=lesson.duration_ms / 1000,
        credited_s=credit.credited_s,
        provisional_s=credit.provisional_s,
        completed=credit.completed,
        lost=_not_counted(credit),
    )


def _signed_out(session: Session) -> SignedOutView:
    ended = session.ended
    if ended is None:
        raise LookupError("the run has not ended")
    return SignedOutView(
        reason=ended.reason,
        sending=ended.sending,
        credited_s=sum(each.credited_s for each in session.credit.values()),
        provisional_s=sum(each.provisional_s for each in session.credit.values()),
        lost_s=ended.lost_s,
        unsent=ended.unsent,
    )


def _trouble(session: Session) -> TroubleView:
    if session.trouble is None:
        raise LookupError("there is no trouble")
    contact = session.run.policy.support_contact if session.run else ""
    return TroubleView(session.trouble, can_retry=True, support_contact=contact)


def _waiting_s(study: Study, credit: LessonCredit) -> float:
    """Film that was watched and is not in the platform's count yet, in seconds."""
    counted = Ledger.of(
        Interval(round(span.start_s * US), round(span.end_s * US))
        for span in credit.spans
        if span.state != "not_counted" and span.end_s > span.start_s
    )
    known = _with_open(study.watched.merge(counted), study.timeline.open_segment)
    return max(0.0, known.watched_us / US - credit.credited_s)


def _with_open(ledger: Ledger, growing: Segment | None) -> Ledger:
    return ledger if growing is None else ledger.add(growing.start_us, growing.end_us)


def _pairs(ledger: Ledger) -> tuple[tuple[float, float], ...]:
    return tuple((each.start_us / US, each.end_us / US) for each in ledger.intervals)


def _not_counted(credit: LessonCredit) -> tuple[tuple[float, float, str], ...]:
    """(start, end, reason) of film that was watched and does not count now, in seconds.

    What was lost and watched again with success is no loss any more. A check that fails
    voids every segment since the one before: to the learner that is one stretch.
    """
    joined: list[tuple[float, float, str]] = []
    for span in credit.spans:
        if span.state != "not_counted":
            continue
        if joined and joined[-1][1:] == (span.start_s, span.reason):
            joined[-1] = (joined[-1][0], span.end_s, span.reason)
        else:
            joined.append((span.start_s, span.end_s, span.reason))
    return tuple(joined)
