"""Is the learner there and looking? The window's focus, the face before the camera, the camera.

Handlers of `app.session.TABLE`. The camera's light is on only while somebody studies: in a
long pause it goes off, and the film runs again only after somebody was seen anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from app import aside, intents, lessons
from app.effects import CloseEyes, Effect, Keep, OpenEyes
from app.errors import Report, Trouble
from app.events import CameraFailed, FocusChanged, Touched
from app.state import Phase, Session, Step, Study, need_study, with_study
from app.view import Reason
from proctor import presence
from proctor.observation import CameraLost, FaceObservation
from sync import facts

Away = Literal[
    "absent", "several_faces", "camera_lost", "turned_away", "camera_covered", "eyes_closed"
]

AWAY: dict[presence.Change, Away] = {
    presence.Change.ABSENT: "absent",
    presence.Change.SEVERAL_FACES: "several_faces",
    presence.Change.CAMERA_LOST: "camera_lost",
    presence.Change.TURNED_AWAY: "turned_away",
    presence.Change.CAMERA_COVERED: "camera_covered",
    presence.Change.EYES_CLOSED: "eyes_closed",
}
"""What is told of a change of presence, and why it pauses the film. PRESENT pauses nothing."""

LIGHT_OUT_NS = 60_000_000_000
"""How long a lesson may stand still before the camera is let go of."""

AT_REST: frozenset[Reason] = frozenset(
    {"ready", "learner", "minimised", "unfocused", "covered", "suspended", "clock", "finished"}
)
"""Pauses that end when the learner says so: nobody has to be watched for until then."""


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
    if event.focus != "active" and session.pause == lessons.STARTING:
        return replace(session, pause=event.focus), ()
    return session, ()


def touched(session: Session, at_ns: int, event: Touched) -> Step:
    return replace(session, alive_ns=at_ns), ()


def touched_in_lesson(session: Session, at_ns: int, event: Touched) -> Step:
    """Also the answer to "are you there?": a hand is as good as open eyes."""
    return still_here(replace(session, alive_ns=at_ns), at_ns)


def still_here(session: Session, at_ns: int) -> Step:
    return _present(session, at_ns, presence.StillHere(at_ns))


def watched_over(session: Session, at_ns: int, event: FaceObservation | CameraLost) -> Step:
    """Between checks: is one person there? Leaving pauses; coming back only allows to go on."""
    session, effects = _present(session, at_ns, event)
    if not isinstance(event, FaceObservation) or event.count != 1:
        return session, effects
    session = replace(session, alive_ns=at_ns)
    if need_study(session).light != "starting" or event.face is None:
        return session, effects
    session, more = lessons.seen_again(session, at_ns)
    return session, (*effects, *more)


def _present(session: Session, at_ns: int, event: presence.Event) -> Step:
    study = need_study(session)
    rules = _rules(session)
    seen, change = presence.step(study.presence, event, rules, session.baseline)
    session = with_study(session, replace(study, presence=seen))
    if change is None:
        return session, ()
    away = AWAY.get(change)
    fact = Keep(at_ns, facts.PresenceChanged(lesson=study.lesson.id, state=away or "present"))
    session = with_study(session, replace(need_study(session), away=away or ""))
    if away is not None and session.phase is Phase.PLAYING:
        session, effects = lessons.halt(session, at_ns, away)
        return session, (fact, *effects)
    return session, (fact,)


def _rules(session: Session) -> presence.Rules:
    if session.run is None:
        return presence.Rules()
    policy = session.run.policy
    return presence.Rules(
        absent_after_s=policy.absent_after_s,
        several_after_s=policy.several_faces_after_s,
        turned_after_s=policy.turned_after_s,
        eyes_closed_after_s=policy.eyes_closed_after_s,
    )


def go_on(session: Session, at_ns: int, intent: intents.Play) -> Step:
    """The learner goes on; the click is an answer to "are you there?", too."""
    session, effects = still_here(session, at_ns)
    session, played = lessons.play(session, at_ns, intent)
    return session, (*effects, *played)


def rest(session: Session, at_ns: int) -> Step:
    """A pause that lasts: nobody studies, so the camera's light goes off."""
    study = need_study(session)
    waits = session.pause in AT_REST and not study.away and study.light != "off"
    if not waits or at_ns - session.halted_ns < LIGHT_OUT_NS:
        return session, ()
    return with_study(session, _unseen(replace(study, light="off"))), (CloseEyes(),)


def choose_camera(session: Session, at_ns: int, intent: intents.ChooseCamera) -> Step:
    """Another camera in a pause: whoever sits before it has to be seen before the film runs."""
    session, effects = aside.choose_camera(session, at_ns, intent)
    study = need_study(session)
    if not effects or study.light == "off" or study.away == "camera_lost":
        return session, effects
    session = with_study(session, _unseen(replace(study, light="starting")))
    return session, (*effects, CloseEyes(), OpenEyes("resting"))


def _unseen(study: Study) -> Study:
    """What was seen before says nothing about who sits there when the camera opens again."""
    return replace(study, presence=presence.Presence(answered=study.presence.answered))


def camera_failed_in_lesson(session: Session, at_ns: int, event: CameraFailed) -> Step:
    """The camera stays shut until the learner asks for it: say so, with the way to do it."""
    session, effects = watched_over(session, at_ns, CameraLost(at_ns, event.report.detail))
    study = need_study(session)
    study = replace(study, away="camera_lost", light="starting", report=event.report)
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
