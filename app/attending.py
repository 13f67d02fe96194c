"""Is the learner there and looking? The window's focus, the face before the camera, the camera.

Handlers of `app.session.TABLE`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from app import intents, lessons
from app.effects import CloseEyes, Effect, Keep, OpenEyes
from app.errors import Report, Trouble
from app.events import CameraFailed, FocusChanged, Touched
from app.state import Phase, Session, Step, need_study
from proctor import presence
from proctor.observation import CameraLost, FaceObservation
from sync import facts

Away = Literal["absent", "several_faces", "camera_lost"]
CHANGES: dict[presence.Change, tuple[Literal["present"] | Away, Away | None]] = {
    presence.Change.PRESENT: ("present", None),
    presence.Change.ABSENT: ("absent", "absent"),
    presence.Change.SEVERAL_FACES: ("several_faces", "several_faces"),
    presence.Change.CAMERA_LOST: ("camera_lost", "camera_lost"),
}
"""What the record says of a change of presence, and why it pauses the film, if it does."""


def focus_changed(session: Session, at_ns: int, event: FocusChanged) -> Step:
    return replace(session, focus=event.focus), ()


def left_while_playing(session: Session, at_ns: int, event: FocusChanged) -> Step:
    session = replace(session, focus=event.focus)
    if event.focus == "active":
        return session, ()
    return lessons.halt(session, at_ns, event.focus)


def left_while_paused(session: Session, at_ns: int, event: FocusChanged) -> Step:
    """A stalled film would run on by itself; one that is left must not."""
    session = replace(session, focus=event.focus)
    if event.focus != "active" and session.pause == "stalled":
        return lessons.halt_while_stalled(session, at_ns, event.focus)
    return session, ()


def touched(session: Session, at_ns: int, event: Touched) -> Step:
    return replace(session, alive_ns=at_ns), ()


def watched_over(session: Session, at_ns: int, event: FaceObservation | CameraLost) -> Step:
    """Between checks: is one person there? Leaving pauses; coming back only allows to go on."""
    study = need_study(session)
    rules = presence.Rules(
        absent_after_s=session.run.policy.absent_after_s if session.run else 20.0,
        several_after_s=session.run.policy.several_faces_after_s if session.run else 5.0,
    )
    seen, change = presence.step(study.presence, event, rules)
    study = replace(study, presence=seen)
    session = replace(session, study=study)
    if isinstance(event, FaceObservation) and event.count == 1:
        session = replace(session, alive_ns=at_ns)
    if change is None:
        return session, ()
    state, away = CHANGES[change]
    fact = Keep(at_ns, facts.PresenceChanged(lesson=study.lesson.id, state=state))
    session = replace(session, study=replace(study, away=away or ""))
    if away is not None and session.phase is Phase.PLAYING:
        session, effects = lessons.halt(session, at_ns, away)
        return session, (fact, *effects)
    return session, (fact,)


def camera_failed_in_lesson(session: Session, at_ns: int, event: CameraFailed) -> Step:
    """The camera stays shut until the learner asks for it: say so, with the way to do it."""
    session, effects = watched_over(session, at_ns, CameraLost(at_ns, event.report.detail))
    study = replace(need_study(session), away="camera_lost", report=event.report)
    return replace(session, study=study), effects


def camera_lost_in_lesson(session: Session, at_ns: int, event: CameraLost) -> Step:
    report = Report(Trouble.CAMERA_LOST, detail=event.detail)
    return camera_failed_in_lesson(session, at_ns, CameraFailed(at_ns, report))


def retry_in_lesson(session: Session, at_ns: int, intent: intents.Retry) -> Step:
    study = need_study(session)
    if study.away == "camera_lost":
        film: tuple[Effect, ...] = ()
        if not study.ready:
            session, film = lessons.retry_film(session, at_ns, intent)
        session = replace(session, study=replace(need_study(session), report=None))
        return session, (CloseEyes(), OpenEyes("resting"), *film)
    return lessons.retry_film(session, at_ns, intent)
