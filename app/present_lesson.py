"""The open lesson on the screen: what plays, what counts, why it stands still."""

from __future__ import annotations

from app.lessons import allowed_mode
from app.picture import rates
from app.state import Check, Phase, Session, Study, need_run, need_study
from app.trial import may_change
from app.view import (
    Buffering,
    CaptionsView,
    Chapter,
    CheckView,
    FilmPart,
    LessonCard,
    LessonView,
    PictureView,
    Status,
    StatusKind,
    Thumbnails,
)
from player.events import Mode
from player.ledger import Interval, Ledger
from player.timeline import Segment
from sync.contract import CreditSpan, Lesson, LessonCredit

US = 1_000_000
ENOUGH_US = 2_000_000
SEAM_S = 0.25
"""A hole this small is no missing film: `sync.history.Rules.gap_s`."""
"""A film that waited for the line runs on when about this much of it is there."""


def lesson_view(session: Session, *, simulated: bool) -> LessonView:
    """All of the page. simulated: the learner before the camera is."""
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
        check=check_view(session, session.check, simulated=simulated) if session.check else None,
        lessons=tuple(lesson_card(session, each) for each in course.lessons),
        questions=questions(session, lesson),
        finished=study.finished,
        offline=session.offline,
        face_present=not study.away and study.light == "on",
        camera_on=study.light != "off",
        simulated=simulated,
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


def lesson_card(session: Session, lesson: Lesson) -> LessonCard:
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
        questions=questions(session, lesson),
        completed=credit.completed,
    )


def questions(session: Session, lesson: Lesson) -> int:
    """How many questions come after the lesson, where the platform asks for a test at all."""
    return lesson.questions if need_run(session).policy.test_required else 0


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
    if session.check is not None and session.check.stage == "acting":
        left_s = session.check.challenge.seconds_left
        return _as(base, "needed", seconds_left=left_s)
    if session.phase is Phase.PLAYING:
        return _as(base, "waiting" if session.offline else "counting")
    if credit.completed and session.pause == "finished":
        return _as(base, "finished")
    lost = next(reversed(not_counted(credit)), None)
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


def check_view(session: Session, check: Check, *, simulated: bool) -> CheckView:
    """What is asked now, in a random check or at sign-in."""
    policy, challenge = need_run(session).policy, check.challenge
    acting = check.stage == "acting"
    used = (check.attempt if check.id else _at_sign_in(session)) - 1
    return CheckView(
        phase="over" if check.over else check.stage,
        action=challenge.asked.value if challenge.asked else "",
        index=challenge.index,
        total=challenge.total,
        progress=challenge.progress,
        seconds_left=challenge.seconds_left,
        seconds_total=challenge.seconds_total,
        attempts_left=policy.check_attempts - 1 - used % policy.check_attempts,
        hint=challenge.hint.value,
        reason=check.reason,
        simulated=simulated,
        waiting_s=session.since_us / US if check.id else 0.0,
        dot=challenge.dot.value if acting and challenge.dot else "",
        tint=challenge.tint.value if acting and challenge.tint else "",
        alternative=check.alternative,
        may_change=may_change(check),
        in_review=check.in_review,
        speech=session.preferences.speech,
    )


def _at_sign_in(session: Session) -> int:
    """Which attempt it is at sign-in, over all beginnings."""
    return session.identifying.attempts if session.identifying else 1


def _with_open(ledger: Ledger, growing: Segment | None) -> Ledger:
    return ledger if growing is None else ledger.add(growing.start_us, growing.end_us)


def _pairs(ledger: Ledger) -> tuple[tuple[float, float], ...]:
    whole = ledger.without_slivers()
    return tuple((each.start_us / US, each.end_us / US) for each in whole.intervals)


def _waiting_s(study: Study, credit: LessonCredit) -> float:
    """Film that was watched and is not in the platform's count yet, in seconds."""
    counted = Ledger.of(
        Interval(round(span.start_s * US), round(span.end_s * US))
        for span in credit.spans
        if span.state != "not_counted" and span.end_s > span.start_s
    )
    known = _with_open(study.watched.merge(counted), study.timeline.open_segment)
    return max(0.0, known.watched_us / US - credit.credited_s)


def film_parts(credit: LessonCredit) -> tuple[FilmPart, ...]:
    """The film from its beginning, each stretch once; neighbours that are alike are one.

    A seam between frames, which the platform does not ask for either, is nobody's stretch.
    """
    joined: list[FilmPart] = []
    for span in credit.spans:
        if _is_seam(span):
            continue
        last = joined[-1] if joined else None
        alike = last is not None and (last.state, last.reason) == (span.state, span.reason)
        if last is not None and alike and span.start_s - last.end_s <= SEAM_S:
            joined[-1] = FilmPart(last.start_s, span.end_s, span.state, span.reason)
        else:
            joined.append(FilmPart(span.start_s, span.end_s, span.state, span.reason))
    return tuple(joined)


def not_counted(credit: LessonCredit) -> tuple[tuple[float, float, str], ...]:
    """(start, end, reason) of film that was watched and does not count now, in seconds.

    What was lost and watched again with success is no loss any more. A check that fails
    voids every segment since the one before: to the learner that is one stretch.
    """
    joined: list[tuple[float, float, str]] = []
    for span in credit.spans:
        if span.state != "not_counted" or _is_seam(span):
            continue
        if joined and joined[-1][1:] == (span.start_s, span.reason):
            joined[-1] = (joined[-1][0], span.end_s, span.reason)
        else:
            joined.append((span.start_s, span.end_s, span.reason))
    return tuple(joined)


def _is_seam(span: CreditSpan) -> bool:
    return span.state == "not_counted" and span.end_s - span.start_s <= SEAM_S
