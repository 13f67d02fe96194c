"""Studying: a lesson is opened, played, paused, sought in, and closed again.

Handlers of `app.session.TABLE`: each takes the session, the time and what happened, and
gives the next session and the effects. Every way out of playing goes through `halt`, so
that picture, sound and counting stop in one place.
"""

from __future__ import annotations

from dataclasses import replace

from app import intents
from app.effects import (
    CloseEyes,
    CloseFilm,
    DropTick,
    Effect,
    FetchCourses,
    FetchExtras,
    Flush,
    Keep,
    KeepTick,
    OpenEyes,
    OpenFilm,
    PauseFilm,
    PlayFilm,
    SeekFilm,
    TakeSnapshot,
)
from app.errors import Report, Trouble
from app.planning import due, needs_plan, picture_is_due, plan_next
from app.state import Phase, Session, Step, Study, need_study, with_study
from app.view import Reason
from app.watching import advance, count, length_us, told_quality, watched_fact, write
from player import quality, smoothness
from player.events import (
    Ended,
    Failed,
    Fault,
    FrameShown,
    Mode,
    Opened,
    PlayerEvent,
    Recovered,
    Stalled,
)
from player.ledger import Interval, Ledger
from player.smoothness import Smoothness
from player.timeline import Paused, Playing, Sought, cut
from sync import facts
from sync.contract import Course, Lesson, LessonCredit

US = 1_000_000
TICK_NS = 500_000_000
"""How often the open tick is replaced: a crash costs at most a second, so twice as often."""

STARTING: Reason = "camera_starting"
"""The learner wants the film to run, and it waits for the camera to show them."""

FAULTS = {
    Fault.UNREACHABLE: Trouble.FILM_UNREACHABLE,
    Fault.MISSING: Trouble.FILM_MISSING,
    Fault.REFUSED: Trouble.FILM_REFUSED,
    Fault.BROKEN: Trouble.FILM_BROKEN,
    Fault.UNSUPPORTED: Trouble.FILM_UNSUPPORTED,
}


def open_lesson(session: Session, at_ns: int, intent: intents.OpenLesson) -> Step:
    found = _find(session, intent.lesson)
    if found is None:
        return session, ()
    course, lesson = found
    credit = session.credit.get(lesson.id, lesson.credit)
    resume_us = round(credit.resume_s * US)
    if resume_us >= lesson.duration_ms * 1000:
        resume_us = 0
    line = _line(session, lesson)
    study = Study(
        course=course,
        lesson=lesson,
        mode=line.mode,
        quality=line,
        smooth=smoothness.step(Smoothness(), smoothness.Muted(at_ns, _is_muted(session))),
        position_us=resume_us,
        seen=_seen(credit),
    )
    fact = facts.LessonOpened(
        lesson=lesson.id,
        position_us=resume_us,
        duration_us=study.duration_us,
        mode=study.mode.value,
    )
    session = replace(session, phase=Phase.PAUSED, pause="ready", study=study, notice=None)
    return session, (
        Keep(at_ns, fact),
        OpenFilm(lesson, study.mode, resume_us),
        FetchExtras(lesson),
        OpenEyes("resting"),
        Flush(),
    )


def film_opened(session: Session, at_ns: int, event: Opened) -> Step:
    study, kept = advance(need_study(session), event)
    study = replace(
        study,
        ready=True,
        report=None,
        mode=event.mode,
        position_us=event.position_us,
    )
    return count(session, study, kept), tuple(kept)


def play(session: Session, at_ns: int, intent: intents.Play) -> Step:
    study = need_study(session)
    if not may_play(session) or study.stalled:
        return session, ()  # a film that waits for the line goes on by itself
    if study.finished:
        return _again(session, at_ns, study)
    effects: list[Effect] = []
    session = replace(session, notice=None)
    if study.light != "on":
        return _wait_for_a_face(session, study)
    if needs_plan(session):
        session, planned = plan_next(session, at_ns)
        effects += planned
    return _run(session, at_ns, effects)


def resume(session: Session, at_ns: int) -> Step:
    """Let the film run on after a passed check or a stall: nobody has to press a button."""
    if need_study(session).finished:
        return finish(session, at_ns)
    if not may_play(session):
        return replace(session, phase=Phase.PAUSED, pause=hindrance(session) or "learner"), ()
    return _run(session, at_ns, [])


def _wait_for_a_face(session: Session, study: Study) -> Step:
    """No fresh look, no film: it runs by itself as soon as somebody is seen."""
    session = replace(with_study(session, replace(study, light="starting")), pause=STARTING)
    return session, (OpenEyes("resting"),)


def seen_again(session: Session, at_ns: int) -> Step:
    """One face is before the camera that has just been opened; a film that waited for it runs."""
    session = with_study(session, replace(need_study(session), light="on"))
    if session.phase is not Phase.PAUSED or session.pause != STARTING:
        return session, ()
    if not may_play(session):
        return replace(session, pause=hindrance(session) or "learner"), ()
    return play(session, at_ns, intents.Play())


def _run(session: Session, at_ns: int, effects: list[Effect]) -> Step:
    study = need_study(session)
    fact = facts.Played(lesson=study.lesson.id, position_us=study.position_us)
    study, kept = advance(replace(study, started=True), Playing(at_ns, study.rate))
    session = replace(with_study(session, study), phase=Phase.PLAYING, pause="", tick_ns=at_ns)
    return session, (*effects, *kept, Keep(at_ns, fact), PlayFilm())


def _again(session: Session, at_ns: int, study: Study) -> Step:
    """Go to the first part that is not watched yet, or to the beginning."""
    study = replace(study, finished=False)
    return _jump(with_study(session, study), at_ns, study.seen.resume_us(study.duration_us))


def pause(session: Session, at_ns: int, intent: intents.Pause) -> Step:
    return halt(session, at_ns, "learner")


def halt(session: Session, at_ns: int, reason: facts.PauseReason) -> Step:
    """Stop picture, sound and counting, and say why. The film stops before anything is written."""
    study = need_study(session)
    study, kept = advance(study, Paused(at_ns))
    fact = facts.Paused(lesson=study.lesson.id, position_us=study.position_us, reason=reason)
    study, told = told_quality(study, at_ns)
    session = replace(count(session, study, kept), phase=Phase.PAUSED, pause=reason)
    return session, (PauseFilm(), *kept, Keep(at_ns, fact), *told, DropTick(), Flush())


def frame_shown(session: Session, at_ns: int, event: FrameShown) -> Step:
    study, kept = advance(need_study(session), event)
    session = count(session, replace(study, position_us=event.end_us), kept)
    return session, tuple(kept)


def film_event(session: Session, at_ns: int, event: PlayerEvent) -> Step:
    """Something of the player that only the timeline has to know."""
    study, kept = advance(need_study(session), event)
    return count(session, study, kept), tuple(kept)


def stalled(session: Session, at_ns: int, event: Stalled) -> Step:
    """Nothing comes from the line. The film waits by itself, so it is not told to pause."""
    study, kept = advance(need_study(session), event)
    fact = facts.Paused(lesson=study.lesson.id, position_us=study.position_us, reason="stalled")
    session = replace(
        count(session, replace(study, stalled=True), kept), phase=Phase.PAUSED, pause="stalled"
    )
    return session, (*kept, Keep(at_ns, fact), DropTick(), Flush())


def recovered(session: Session, at_ns: int, event: Recovered) -> Step:
    study, kept = advance(need_study(session), event)
    session = count(session, replace(study, stalled=False), kept)
    if session.pause != "stalled":
        return session, tuple(kept)
    session, effects = resume(session, at_ns)
    return session, (*kept, *effects)


def halt_while_stalled(session: Session, at_ns: int, reason: facts.PauseReason) -> Step:
    """A stalled film still wants to run; when something else stops it, it must be told."""
    study = need_study(session)
    fact = facts.Paused(lesson=study.lesson.id, position_us=study.position_us, reason=reason)
    study, kept = advance(replace(study, stalled=False), Paused(at_ns))
    session = replace(count(session, study, kept), pause=reason)
    return session, (PauseFilm(), *kept, Keep(at_ns, fact))


def film_ended(session: Session, at_ns: int, event: Ended) -> Step:
    study, kept = advance(need_study(session), event)
    session = count(session, replace(study, finished=True), kept)
    session, effects = finish(session, at_ns)
    return session, (PauseFilm(), *kept, *effects)


def film_ended_in_check(session: Session, at_ns: int, event: Ended) -> Step:
    """The check came with the last frame: the lesson is finished when it has been passed.

    Said now, it would be the platform's reason to void what waits for the check.
    """
    study, kept = advance(need_study(session), event)
    return count(session, replace(study, finished=True), kept), tuple(kept)


def finish(session: Session, at_ns: int) -> Step:
    """The last frame was shown, and nothing stands between it and the end."""
    study, told = told_quality(need_study(session), at_ns)
    session = with_study(session, study)
    paused = facts.Paused(lesson=study.lesson.id, position_us=study.position_us, reason="finished")
    effects: list[Effect] = [*told, Keep(at_ns, paused)]
    if study.seen.is_complete(study.duration_us):
        finished = facts.LessonFinished(lesson=study.lesson.id, duration_us=study.duration_us)
        effects.append(Keep(at_ns, finished))
    session = replace(session, phase=Phase.PAUSED, pause="finished")
    return session, (*effects, DropTick(), Flush())


def film_failed(session: Session, at_ns: int, event: Failed) -> Step:
    report = Report(FAULTS[event.fault], detail=event.detail)
    effects: tuple[Effect, ...] = ()
    if session.phase is Phase.PLAYING:
        session, effects = halt(session, at_ns, "stalled")
    study = replace(need_study(session), ready=False, stalled=False, report=report)
    return with_study(session, study), effects


def retry_film(session: Session, at_ns: int, intent: intents.Retry) -> Step:
    study = replace(need_study(session), report=None, ready=False, rate=1.0)
    return with_study(session, study), (OpenFilm(study.lesson, study.mode, study.position_us),)


def seek(session: Session, at_ns: int, intent: intents.Seek) -> Step:
    study = need_study(session)
    if not study.seen.may_seek(study.position_us, intent.to_us):
        return session, ()
    return _jump(session, at_ns, min(intent.to_us, study.duration_us))


def _jump(session: Session, at_ns: int, to_us: int) -> Step:
    study = need_study(session)
    sought = facts.Sought(lesson=study.lesson.id, from_us=study.position_us, to_us=to_us)
    study, kept = advance(study, Sought(at_ns, to_us))
    session = count(session, replace(study, position_us=to_us, finished=False), kept)
    if session.pause == "finished":
        session = replace(session, pause="learner")
    effects: tuple[Effect, ...] = (*kept, Keep(at_ns, sought), SeekFilm(to_us))
    if session.phase is Phase.PLAYING and needs_plan(session):
        # Nearer to the end than the standing plan reaches: the film keeps its own check.
        session, planned = plan_next(session, at_ns)
        effects = (*effects, *planned)
    return session, effects


def close_lesson(session: Session, at_ns: int, intent: object) -> Step:
    """Back to the class, from any state of the lesson but a check."""
    effects: tuple[Effect, ...] = ()
    if session.phase is Phase.PLAYING:
        session, effects = halt(session, at_ns, "learner")
    study = need_study(session)
    fact = facts.LessonClosed(lesson=study.lesson.id, position_us=study.position_us)
    session = replace(
        session,
        phase=Phase.READY,
        pause="",
        study=None,
        page="class",
        courses_report=None,
    )
    return session, (
        *effects,
        CloseFilm(),
        CloseEyes(),
        Keep(at_ns, fact),
        Flush(),
        FetchCourses(),
    )


def beat_while_playing(session: Session, at_ns: int) -> Step:
    """Twice a second write down what would be lost by a crash right now."""
    if at_ns - session.tick_ns < TICK_NS:
        return session, ()
    session = replace(session, tick_ns=at_ns)
    study = need_study(session)
    growing = study.timeline.open_segment
    if growing is None:
        return session, ()
    shown = replace(growing, ended_ns=max(growing.began_ns, min(growing.ended_ns, at_ns)))
    return session, (KeepTick(at_ns, watched_fact(study, shown)),)


def cut_segment(session: Session, at_ns: int) -> Step:
    """Close the running segment so that a flush carries all that was watched until now."""
    if session.study is None:
        return session, ()
    study = session.study
    timeline, segments = cut(study.timeline, at_ns)
    study, kept = write(replace(study, timeline=timeline), segments, at_ns)
    return count(session, study, kept), tuple(kept)


def check_is_due(session: Session) -> bool:
    return due(session.plan, _effective_us(session))


def picture(session: Session, at_ns: int) -> Step:
    """The one between two checks, when its moment has come."""
    plan = session.plan
    if plan is None or not picture_is_due(plan, _effective_us(session)):
        return session, ()
    plan = replace(plan, pictures_us=plan.pictures_us[1:])
    session = replace(session, plan=plan, between=session.between + 1)
    return session, (TakeSnapshot(at_ns, need_study(session).lesson.id, "between"),)


def _effective_us(session: Session) -> int:
    """Film watched since the last passed check, up to the frame that is shown now."""
    growing = session.study.timeline.open_segment if session.study else None
    counts = growing is not None and growing.rate == 1.0
    return session.since_us + (length_us(growing) if growing and counts else 0)


def may_play(session: Session) -> bool:
    study = need_study(session)
    return study.ready and study.report is None and not hindrance(session)


def hindrance(session: Session) -> Reason:
    """What stands against playing right now; empty if nothing does."""
    if session.focus != "active":
        return session.focus
    return need_study(session).away


def allowed_mode(session: Session, lesson: Lesson) -> Mode:
    """The picture to begin with: the learner's choice, as far as film and policy allow."""
    offered = [Mode(each.mode) for each in lesson.renditions]
    cap = Mode(session.run.policy.mode_cap) if session.run else Mode.HIGH
    return quality.rendition_for(offered, session.preferences.mode, cap)


def _is_muted(session: Session) -> bool:
    return session.preferences.muted or session.preferences.volume == 0


def _line(session: Session, lesson: Lesson) -> quality.Quality:
    needs = {Mode(each.mode): each.bits_per_second for each in lesson.renditions}
    cap = Mode(session.run.policy.mode_cap) if session.run else Mode.HIGH
    return quality.begin(needs, session.preferences.mode, cap, session.line_bps)


def _find(session: Session, lesson_id: str) -> tuple[Course, Lesson] | None:
    for course in session.courses or ():
        for lesson in course.lessons:
            if lesson.id == lesson_id:
                return course, lesson
    return None


def _seen(credit: LessonCredit) -> Ledger:
    spans = (*credit.spans, *credit.lost)
    return Ledger.of(
        Interval(round(span.start_s * US), round(span.end_s * US))
        for span in spans
        if round(span.end_s * US) > round(span.start_s * US)
    )
