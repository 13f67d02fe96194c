"""From the session's state to what is on the screen: `present(session) -> WindowView`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from app.errors import Trouble
from app.present_lesson import check_view, film_parts, lesson_card, lesson_view, not_counted
from app.state import Identifying, Phase, Pictures, Session, need_run
from app.view import (
    CameraChoice,
    CameraView,
    ClassView,
    ConsentView,
    CourseCard,
    HoursRow,
    HoursView,
    Page,
    PageState,
    SignedOutView,
    SignInView,
    SnapshotRow,
    SnapshotsView,
    TroubleView,
    WindowView,
)
from sync.contract import Course, Lesson

US = 1_000_000
Why = Literal["check", "between"]
CAMERA_TROUBLES = (
    Trouble.NO_CAMERA,
    Trouble.CAMERA_BUSY,
    Trouble.CAMERA_DENIED,
    Trouble.CAMERA_LOST,
)
"""Troubles that another camera may end."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the screen needs beside the session: fixed for the program's run."""

    platform: str = ""
    demo: bool = False
    simulated: bool = False
    can_remember_password: bool = True
    remembered_password: str = ""
    demo_account: tuple[str, str] | None = None
    can_speak: bool = True


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
        lesson=lesson_view(session, simulated=frame.simulated) if page is Page.LESSON else None,
        hours=_hours(session) if page is Page.HOURS else None,
        snapshots=_snapshots(session) if page is Page.SNAPSHOTS else None,
        signed_out=_signed_out(session) if page is Page.SIGNED_OUT else None,
        trouble=_trouble(session) if page is Page.TROUBLE else None,
        line=session.look,
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
            return {"hours": Page.HOURS, "snapshots": Page.SNAPSHOTS}.get(session.page, Page.CLASS)
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
    run = need_run(session)
    return ConsentView(
        institution=run.learner.institution,
        keeps_months_online=run.policy.keeps_months_online,
        keeps_months_offline=run.policy.keeps_months_offline,
        snapshots_per_check=run.policy.snapshots_per_check,
        snapshots_between=run.policy.snapshots_between,
        screen_light=run.policy.screen_light,
        template_kept=run.policy.template_kept,
        declined=session.identifying is not None and session.identifying.stage == "declined",
    )


def _camera(session: Session, frame: Frame) -> CameraView:
    identifying = session.identifying or Identifying("positioning")
    positioning, check = identifying.positioning, identifying.check
    view = CameraView(
        "starting",
        simulated=frame.simulated,
        camera=session.camera or need_run(session).camera,
        cameras=_cameras(session),
        speech=session.preferences.speech,
        can_speak=frame.can_speak,
    )
    match identifying.stage:
        case "proving" if check is not None:
            asked = check_view(session, check, simulated=frame.simulated)
            return replace(view, phase="proving", progress=1.0, check=asked)
        case "matching":
            return replace(view, phase="matching", progress=1.0)
        case "done":
            enrolled = identifying.answer == "enrolled"
            return replace(
                view,
                phase="enrolled" if enrolled else "matched",
                progress=1.0,
                similarity=identifying.similarity,
            )
        case "mismatch":
            return replace(view, phase="mismatch", similarity=identifying.similarity)
    if positioning is None or not positioning.looked:
        return view
    return replace(
        view,
        phase="positioning",
        hint=positioning.hint.value,
        progress=positioning.progress,
    )


def _cameras(session: Session) -> tuple[CameraChoice, ...]:
    return tuple(CameraChoice(name, label) for name, label in session.cameras)


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
        lessons=tuple(lesson_card(session, lesson) for lesson in course.lessons),
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
        lost=not_counted(credit),
        parts=film_parts(credit),
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
        pictures=ended.pictures,
        total=ended.total,
        why=ended.why,
        appeal=ended.appeal,
        appeal_number=ended.appeal_number,
    )


def _snapshots(session: Session) -> SnapshotsView:
    policy, pictures = need_run(session).policy, session.pictures
    rows: tuple[SnapshotRow, ...] = ()
    state: PageState = "loading"
    report = None
    if pictures is not None:
        rows = _snapshot_rows(session, pictures)
        report = pictures.report
        state = "ready" if rows else "empty"
    if report is not None:
        state = "offline" if report.trouble is Trouble.UNREACHABLE else "error"
    return SnapshotsView(
        state=state,
        rows=rows,
        keeps_months_online=policy.keeps_months_online,
        keeps_months_offline=policy.keeps_months_offline,
        report=report,
    )


def _snapshot_rows(session: Session, pictures: Pictures) -> tuple[SnapshotRow, ...]:
    """The newest first; times are UTC and written alike, so their text sorts them."""
    lessons = {each.id: each for course in session.courses or () for each in course.lessons}

    def row(taken_at: str, why: Why, lesson: str, kept_until: str) -> SnapshotRow:
        known = lessons.get(lesson)
        return SnapshotRow(
            taken_at=taken_at,
            why=why,
            lesson=lesson,
            title=known.title if known else lesson,
            title_en=known.title_en if known else lesson,
            state="sent" if kept_until else "waiting",
            kept_until=kept_until,
        )

    sent = [row(each.taken_at, each.why, each.lesson, each.kept_until) for each in pictures.items]
    waiting = [row(taken_at, why, lesson, "") for taken_at, why, lesson in pictures.waiting]
    return tuple(sorted([*waiting, *sent], key=lambda each: each.taken_at, reverse=True))


def _trouble(session: Session) -> TroubleView:
    if session.trouble is None:
        raise LookupError("there is no trouble")
    contact = session.run.policy.support_contact if session.run else ""
    asks = session.trouble.trouble is Trouble.KEY_NOT_KEPT
    view = TroubleView(
        session.trouble, can_retry=True, support_contact=contact, can_do_without=asks
    )
    if session.trouble.trouble not in CAMERA_TROUBLES:
        return view
    return replace(view, cameras=_cameras(session), camera=session.camera)
