"""Getting in: sign-in, consent, and the face at sign-in. Handlers of `app.session.TABLE`."""

from __future__ import annotations

from dataclasses import replace

from app import intents
from app.effects import (
    AskIdentity,
    AskSignIn,
    CloseEyes,
    FetchCourses,
    Flush,
    Keep,
    OpenEyes,
    Recall,
    SwitchLanguage,
    UsePolicy,
)
from app.errors import Report, Trouble
from app.events import (
    CameraFailed,
    IdentityAnswered,
    IdentityUnanswered,
    SignedIn,
    SignInFailed,
)
from app.state import Identifying, Language, Phase, Session, Step, need_run
from app.view import Notice
from proctor.observation import CameraLost, FaceObservation
from proctor.positioning import Positioning
from proctor.positioning import step as look
from sync import facts

CONSENT = "2026-11"
"""Version of the consent text; a change of the text asks everybody again."""

CLOCK_TOLERANCE_S = 300.0


def sign_in(session: Session, at_ns: int, intent: intents.SignIn) -> Step:
    if session.signing_in:
        return session, ()
    preferences = replace(session.preferences, name=intent.name)
    session = replace(session, signing_in=True, report=None, preferences=preferences)
    return session, (AskSignIn(intent.name, intent.password, intent.remember_password),)


def sign_in_failed(session: Session, at_ns: int, event: SignInFailed) -> Step:
    return replace(session, signing_in=False, report=event.report), ()


def signed_in(session: Session, at_ns: int, event: SignedIn) -> Step:
    run = event.run
    started = facts.SessionStarted(
        client_version=run.client_version,
        system=run.system,
        camera=run.camera,
        signs=("simulated_learner",) if run.simulated else (),
        previous_chain=run.previous_chain,
        previous_head=run.previous_head,
    )
    session = replace(
        session,
        phase=Phase.IDENTIFYING,
        signing_in=False,
        report=None,
        run=run,
        identifying=Identifying("consent"),
        notice=_welcome(event),
        alive_ns=at_ns,
        flush_ns=at_ns + round(run.next_flush_s * 1e9),
    )
    recall = Recall(session.preferences.name)
    return session, (UsePolicy(run.policy), recall, Keep(at_ns, started), Flush())


def _welcome(event: SignedIn) -> Notice | None:
    salvaged = event.run.salvaged_records
    if salvaged is not None:
        return Notice("attention", Report(Trouble.STORE_RESCUED, records=salvaged))
    if abs(event.clock_off_s) > CLOCK_TOLERANCE_S:
        return Notice("attention", Report(Trouble.CLOCK_OFF, seconds=event.clock_off_s))
    if event.run.recovered_records:
        return Notice("info", key="recovered", text=str(event.run.recovered_records))
    return None


def agree(session: Session, at_ns: int, intent: intents.Agree) -> Step:
    consent = facts.ConsentGiven(version=CONSENT, language=session.preferences.language)
    session, effects = _look(session, at_ns)
    return session, (Keep(at_ns, consent), *effects)


def decline(session: Session, at_ns: int, intent: intents.Decline) -> Step:
    return replace(session, identifying=Identifying("declined")), (CloseEyes(),)


def look_again(session: Session, at_ns: int, intent: intents.Retry) -> Step:
    """After a camera that failed, a face that did not match, or a platform that did not answer."""
    return _look(session, at_ns)


def _look(session: Session, at_ns: int) -> Step:
    identifying = Identifying("positioning", began_ns=at_ns, positioning=Positioning())
    session = replace(session, identifying=identifying, trouble=None)
    return session, (OpenEyes("preview"),)


def face_seen(session: Session, at_ns: int, event: FaceObservation) -> Step:
    identifying = session.identifying
    if identifying is None or identifying.stage != "positioning":
        return session, ()
    positioning = look(identifying.positioning or Positioning(), event)
    identifying = replace(identifying, positioning=positioning)
    if positioning.embedding is None or positioning.baseline is None:
        return replace(session, identifying=identifying), ()
    run = need_run(session)
    enrol = run.template is None and run.policy.self_enrolment
    session = replace(
        session,
        identifying=replace(identifying, stage="matching"),
        baseline=positioning.baseline,
    )
    if enrol:
        session = replace(session, run=replace(run, template=positioning.embedding))
    return session, (AskIdentity(positioning.embedding, enrol),)


def camera_failed(session: Session, at_ns: int, event: CameraFailed) -> Step:
    return replace(session, trouble=event.report), (CloseEyes(),)


def camera_lost(session: Session, at_ns: int, event: CameraLost) -> Step:
    report = Report(Trouble.CAMERA_LOST, detail=event.detail)
    return replace(session, trouble=report), (CloseEyes(),)


def identity_answered(session: Session, at_ns: int, event: IdentityAnswered) -> Step:
    identifying = session.identifying
    if identifying is None or identifying.stage != "matching":
        return session, ()
    answer = event.answer
    fact = facts.IdentityConfirmed(
        similarity=answer.similarity,
        answer=answer.answer,
        seconds=(at_ns - identifying.began_ns) / 1e9,
    )
    good = answer.answer in ("same", "enrolled")
    identifying = replace(
        identifying,
        stage="done" if good else "mismatch",
        similarity=answer.similarity,
        answer=answer.answer,
    )
    return replace(session, identifying=identifying), (Keep(at_ns, fact), Flush())


def identity_unanswered(session: Session, at_ns: int, event: IdentityUnanswered) -> Step:
    return replace(session, trouble=event.report), (CloseEyes(),)


def enter_class(session: Session, at_ns: int, intent: intents.EnterClass) -> Step:
    identifying = session.identifying
    if identifying is None or identifying.stage != "done":
        return session, ()
    session = replace(session, phase=Phase.READY, page="class", identifying=None)
    return session, (CloseEyes(), FetchCourses())


def set_language(session: Session, at_ns: int, intent: intents.SetLanguage) -> Step:
    language: Language = "en" if intent.language == "en" else "zh_CN"
    preferences = replace(session.preferences, language=language)
    return replace(session, preferences=preferences), (SwitchLanguage(language),)
