"""Getting in: sign-in, consent, and the face at sign-in. Handlers of `app.session.TABLE`.

The face at sign-in takes the same proof as one in a random check (R10): first how to sit, then
two actions of a living person, then whose face it is. Nobody is locked out: when the attempts
are used up it begins again with how to sit, and with other actions.
"""

from __future__ import annotations

from dataclasses import replace

from app import aside, intents, trial
from app.effects import (
    AskIdentity,
    AskSignIn,
    CloseEyes,
    DoWithoutKeyring,
    Effect,
    FetchCourses,
    Flush,
    Keep,
    OpenEyes,
    Recall,
    SwitchLanguage,
    UsePolicy,
    WarmEyes,
)
from app.errors import Report, Trouble
from app.events import (
    CameraFailed,
    IdentityAnswered,
    IdentityUnanswered,
    SignedIn,
    SignInFailed,
)
from app.planning import sign_in_attempt
from app.state import Check, Identifying, Language, Phase, Session, Step, need_run
from app.view import Notice
from proctor import liveness
from proctor.liveness import CheckOutcome
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


def do_without_keyring(session: Session, at_ns: int, intent: intents.DoWithoutKeyring) -> Step:
    """Only the page that explains it offers this."""
    trouble = session.trouble
    if trouble is None or trouble.trouble is not Trouble.KEY_NOT_KEPT:
        return session, ()
    return replace(session, trouble=None, signing_in=True), (DoWithoutKeyring(),)


def signed_in(session: Session, at_ns: int, event: SignedIn) -> Step:
    run = event.run
    started = facts.SessionStarted(
        client_version=run.client_version,
        system=run.system,
        camera=session.camera or run.camera,
        signs=(*(("simulated_learner",) if run.simulated else ()), *run.signs, *session.flags),
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
        seed=run.beacon.value,
        notice=_welcome(event),
        alive_ns=at_ns,
        flush_ns=at_ns + round(run.next_flush_s * 1e9),
    )
    recall = Recall(session.preferences.name)
    kept = Keep(at_ns, started)
    # The models take seconds to load: they do while the consent is read.
    return session, (UsePolicy(run.policy), recall, kept, WarmEyes(), Flush())


def _welcome(event: SignedIn) -> Notice | None:
    salvaged = event.run.salvaged_records
    if salvaged is not None:
        return Notice("attention", Report(Trouble.STORE_RESCUED, records=salvaged))
    if event.run.unread is not None:
        return Notice("attention", event.run.unread)
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
    """How to sit, from the start. What was asked before stays asked: the next is another draw."""
    before = session.identifying
    identifying = Identifying(
        "positioning",
        began_ns=at_ns,
        positioning=Positioning(),
        attempts=before.attempts if before else 0,
        alternative=before.alternative if before else False,
    )
    told = trial.told(before.check if before else None, None)
    session = replace(session, identifying=identifying, trouble=None)
    return session, (*told, OpenEyes("preview"))


def face_seen(session: Session, at_ns: int, event: FaceObservation) -> Step:
    identifying = session.identifying
    if identifying is None:
        return session, ()
    if event.count == 1:
        session = replace(session, alive_ns=at_ns)  # hands are free, somebody is there
    if identifying.stage == "positioning":
        return _position(session, at_ns, identifying, event)
    check = identifying.check
    if identifying.stage != "proving" or check is None or check.stage != "acting":
        return session, ()
    return _advance(session, at_ns, identifying, check, trial.look(check, event))


def _position(
    session: Session, at_ns: int, identifying: Identifying, event: FaceObservation
) -> Step:
    positioning = look(identifying.positioning or Positioning(), event)
    identifying = replace(identifying, positioning=positioning)
    session = replace(session, identifying=identifying)
    if positioning.embedding is None or positioning.baseline is None:
        return session, ()
    session = replace(session, baseline=positioning.baseline)
    session, effects = _prove(session, at_ns, identifying)
    return session, (OpenEyes("checking"), *effects)


def _prove(session: Session, at_ns: int, identifying: Identifying) -> Step:
    """Ask for the next draw, one attempt at a time: how many there will be, nobody knows."""
    run, positioning = need_run(session), identifying.positioning
    # The face that sat down has to do the actions; whose it is, the platform says.
    template = positioning.embedding if positioning else None
    if session.baseline is None or template is None:
        raise LookupError("a face is proved alive once it was seen at rest")
    number = identifying.attempts + 1
    asked, other = sign_in_attempt(session.seed, run.policy, number)
    check = trial.open_check(
        session,
        at_ns,
        (session.baseline, template),
        (asked,),
        (other,) if other else (),
        alternative=identifying.alternative and other is not None,
    )
    told = trial.told(identifying.check, check)
    identifying = replace(identifying, stage="proving", check=check, attempts=number)
    return replace(session, identifying=identifying), told


def beat(session: Session, at_ns: int) -> Step:
    """Time runs on, whether or not a frame comes."""
    identifying = session.identifying
    check = identifying.check if identifying else None
    if identifying is None or check is None or identifying.stage != "proving":
        return session, ()
    if check.stage == "acting":
        after = trial.look(check, liveness.Tick(at_ns))
        return _advance(session, at_ns, identifying, check, after)
    return (session, ()) if at_ns < check.until_ns else _try_again(session, at_ns, identifying)


def retry(session: Session, at_ns: int, intent: intents.RetryCheck) -> Step:
    identifying = session.identifying
    if identifying is None or identifying.check is None or identifying.check.stage != "failed":
        return session, ()
    return _try_again(session, at_ns, identifying)


def _try_again(session: Session, at_ns: int, identifying: Identifying) -> Step:
    check = identifying.check
    if check is None or check.over:
        return _look(session, at_ns)
    session, told = _prove(session, at_ns, identifying)
    return session, (OpenEyes("checking"), *told)


def use_alternative(session: Session, at_ns: int, intent: intents.UseAlternative) -> Step:
    """Somebody can't do what is asked: other actions, and the record says so."""
    identifying = session.identifying
    check = identifying.check if identifying else None
    if identifying is None or check is None or not trial.may_change(check):
        return session, ()
    after = trial.use_alternative(session, at_ns, check)
    identifying = replace(identifying, check=after, alternative=True)
    return replace(session, identifying=identifying), trial.told(check, after)


def _advance(
    session: Session, at_ns: int, identifying: Identifying, before: Check, after: Check
) -> Step:
    outcome = after.challenge.outcome
    kept: tuple[Effect, ...] = ()
    if outcome is not None:
        kept = (Keep(at_ns, _attempted(identifying, outcome)),)
    if outcome is not None and outcome.passed:
        session, effects = _proved(session, identifying, before, outcome)
        return session, (*kept, *effects)
    if outcome is not None:
        after = replace(
            after,
            stage="failed",
            reason=outcome.reason,
            until_ns=at_ns + trial.FAILED_NS,
            over=identifying.attempts % need_run(session).policy.check_attempts == 0,
        )
    identifying = replace(identifying, check=after)
    return replace(session, identifying=identifying), (*kept, *trial.told(before, after))


def _attempted(identifying: Identifying, outcome: CheckOutcome) -> facts.IdentityAttempted:
    return facts.IdentityAttempted(
        attempt=identifying.attempts,
        passed=outcome.passed,
        reason=outcome.reason,
        similarity=outcome.similarity,
        seconds=outcome.seconds,
        actions=tuple(action.value for action in outcome.actions),
        risk=outcome.risk.score,
        signs=tuple(sign.value for sign in outcome.risk.signs),
        alternative=outcome.alternative,
    )


def _proved(
    session: Session, identifying: Identifying, check: Check, outcome: CheckOutcome
) -> Step:
    """A living person; the platform says who. Where it knows no face yet, this one is enrolled."""
    run, positioning = need_run(session), identifying.positioning
    seen = positioning.embedding if positioning else None
    enrol = run.template is None and run.policy.self_enrolment
    face = seen if enrol or outcome.face is None else outcome.face
    if face is None:
        raise LookupError("a face was proved alive that nobody saw")
    identifying = replace(identifying, stage="matching", check=None, proof=outcome)
    effects: list[Effect] = [*trial.told(check, None), OpenEyes("preview")]
    return replace(session, identifying=identifying), (*effects, AskIdentity(face, enrol))


def choose_camera(session: Session, at_ns: int, intent: intents.ChooseCamera) -> Step:
    """Another camera while it is looked how to sit: it begins anew with that one."""
    session, effects = aside.choose_camera(session, at_ns, intent)
    identifying = session.identifying
    if not effects or identifying is None or identifying.stage not in ("positioning", "proving"):
        return session, effects
    session, looking = _look(session, at_ns)
    return session, (*effects, CloseEyes(), *looking)


def camera_failed(session: Session, at_ns: int, event: CameraFailed) -> Step:
    told = _nothing_asked(session)
    if session.identifying is not None and session.identifying.stage == "proving":
        identifying = replace(session.identifying, stage="positioning", check=None)
        session = replace(session, identifying=identifying)
    return replace(session, trouble=event.report), (*told, CloseEyes())


def camera_lost(session: Session, at_ns: int, event: CameraLost) -> Step:
    return camera_failed(
        session, at_ns, CameraFailed(at_ns, Report(Trouble.CAMERA_LOST, detail=event.detail))
    )


def _nothing_asked(session: Session) -> tuple[Effect, ...]:
    return trial.told(session.identifying.check if session.identifying else None, None)


def identity_answered(session: Session, at_ns: int, event: IdentityAnswered) -> Step:
    identifying = session.identifying
    if event.check or identifying is None or identifying.stage != "matching":
        return session, ()
    answer, proof = event.answer, identifying.proof
    if proof is None:
        raise LookupError("the platform is asked about a face that was proved alive")
    fact = facts.IdentityConfirmed(
        similarity=answer.similarity,
        answer=answer.answer,
        seconds=(at_ns - identifying.began_ns) / 1e9,
        actions=tuple(action.value for action in proof.actions),
        attempts=identifying.attempts,
        risk=proof.risk.score,
        signs=tuple(sign.value for sign in proof.risk.signs),
        alternative=proof.alternative,
    )
    good = answer.answer in ("same", "enrolled")
    run, positioning = need_run(session), identifying.positioning
    if good and run.template is None and positioning is not None:
        session = replace(session, run=replace(run, template=positioning.embedding))
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
    before = session.preferences.language
    session, kept = aside.setting_changed(session, at_ns, "language", before, language)
    preferences = replace(session.preferences, language=language)
    return replace(session, preferences=preferences), (SwitchLanguage(language), *kept)
