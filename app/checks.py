"""A random check: asked, answered or not, and what follows. Handlers of `app.session.TABLE`.

While a check is open the film stands still. A passed check lets it run on; an attempt that
failed gives the reason and another attempt; when none is left the run ends, and what was
watched since the last passed check is not counted, which is for the platform to say.
"""

from __future__ import annotations

from dataclasses import replace

from app import intents
from app.effects import CloseEyes, CloseFilm, Effect, Flush, Keep, OpenEyes, Prompt
from app.lessons import halt, resume
from app.planning import plan_next, rules_of
from app.state import Check, Ended, Phase, Session, Step, need_run, need_study
from proctor import liveness
from proctor.liveness import Challenge, CheckOutcome
from proctor.observation import CameraLost, FaceObservation
from sync import facts
from sync.facts import EndReason

US = 1_000_000
PASSED_NS = 1_200_000_000
"""How long "passed" stays on the screen before the film runs on."""
FAILED_NS = 8_000_000_000
"""How long a learner may read why an attempt failed before the next one begins by itself."""


def begin(session: Session, at_ns: int) -> Step:
    """The moment has come: film still, overlay up, the check on record before it is seen."""
    plan = session.plan
    if plan is None:
        raise LookupError("no check is planned")
    session, effects = halt(session, at_ns, "check")
    study = need_study(session)
    issued = facts.CheckIssued(
        check=plan.check,
        lesson=study.lesson.id,
        position_us=study.position_us,
        watched_s=session.since_us / US,
    )
    check = Check(plan=plan, challenge=_challenge(session, at_ns), attempt=1, stage="acting")
    session = replace(session, phase=Phase.CHECKING, check=check, notice=None)
    return session, (
        *effects,
        Keep(at_ns, issued),
        OpenEyes("checking"),
        Prompt(_asked(check.challenge)),
        Flush(),
    )


def face_seen(session: Session, at_ns: int, event: FaceObservation) -> Step:
    check = session.check
    if check is None or check.stage != "acting":
        return session, ()
    return _advance(session, at_ns, check, liveness.step(check.challenge, event))


def beat(session: Session, at_ns: int) -> Step:
    """Time runs on, whether or not a frame comes."""
    check = session.check
    if check is None:
        return session, ()
    if check.stage == "acting":
        challenge = liveness.step(check.challenge, liveness.Tick(at_ns))
        return _advance(session, at_ns, check, challenge)
    if at_ns < check.until_ns:
        return session, ()
    if check.stage == "failed":
        return _attempt(session, at_ns, check)
    return _back_to_lesson(session, at_ns)


def retry(session: Session, at_ns: int, intent: intents.RetryCheck) -> Step:
    check = session.check
    if check is None or check.stage != "failed":
        return session, ()
    return _attempt(session, at_ns, check)


def camera_lost(session: Session, at_ns: int, event: CameraLost) -> Step:
    """The check's own time limit speaks for the missing picture; the camera is asked again."""
    return session, (CloseEyes(), OpenEyes("checking"))


def _attempt(session: Session, at_ns: int, check: Check) -> Step:
    check = replace(
        check,
        challenge=_challenge(session, at_ns),
        attempt=check.attempt + 1,
        stage="acting",
        reason="",
    )
    # A camera that was lost meanwhile is asked for again; one that is open stays open.
    return replace(session, check=check), (
        OpenEyes("checking"),
        Prompt(_asked(check.challenge)),
    )


def _challenge(session: Session, at_ns: int) -> Challenge:
    run, plan = need_run(session), session.plan
    if plan is None or session.baseline is None or run.template is None:
        raise LookupError("a check needs a plan, a baseline and an enrolled face")
    return liveness.begin(plan.planned, session.baseline, run.template, at_ns, rules_of(run.policy))


def _advance(session: Session, at_ns: int, check: Check, challenge: Challenge) -> Step:
    asked = _asked(challenge)
    effects: list[Effect] = []
    if asked != _asked(check.challenge):
        effects.append(Prompt(asked))
    check = replace(check, challenge=challenge)
    session = replace(session, check=check)
    if challenge.outcome is None:
        return session, tuple(effects)
    session, judged = _judged(session, at_ns, check, challenge.outcome)
    return session, (*effects, *judged)


def _judged(session: Session, at_ns: int, check: Check, outcome: CheckOutcome) -> Step:
    study = need_study(session)
    attempted = facts.CheckAttempted(
        check=check.plan.check,
        lesson=study.lesson.id,
        attempt=check.attempt,
        passed=outcome.passed,
        reason=outcome.reason,
        similarity=outcome.similarity,
        seconds=outcome.seconds,
        actions=tuple(action.value for action in outcome.actions),
    )
    kept = Keep(at_ns, attempted)
    if outcome.passed:
        return _passed(session, at_ns, check, kept)
    if check.attempt < need_run(session).policy.check_attempts:
        check = replace(check, stage="failed", reason=outcome.reason, until_ns=at_ns + FAILED_NS)
        return replace(session, check=check), (kept, Prompt(None), Flush())
    failed = facts.CheckFailed(
        check=check.plan.check, lesson=study.lesson.id, reason=outcome.reason
    )
    lost_s = session.since_us / US
    session, effects = end(session, at_ns, "check_failed", lost_s=lost_s)
    return session, (kept, Keep(at_ns, failed), Prompt(None), *effects)


def _passed(session: Session, at_ns: int, check: Check, kept: Keep) -> Step:
    check = replace(check, stage="passed", until_ns=at_ns + PASSED_NS)
    study = replace(need_study(session), checked=True)
    session = replace(session, check=check, study=study, plan=None, since_us=0, alive_ns=at_ns)
    return session, (kept, Prompt(None), OpenEyes("resting"), Flush())


def _back_to_lesson(session: Session, at_ns: int) -> Step:
    session = replace(session, phase=Phase.PAUSED, pause="check", check=None)
    session, planned = plan_next(session, at_ns)
    session, effects = resume(session, at_ns)
    return session, (*planned, *effects)


def end(session: Session, at_ns: int, reason: EndReason, *, lost_s: float = 0.0) -> Step:
    """End the run, from wherever it stands: close what is open, seal, and send the rest."""
    effects: list[Effect] = []
    if session.phase is Phase.PLAYING:
        session, halted = halt(session, at_ns, "signed_out")
        effects += halted
    if session.study is not None:
        study = session.study
        closed = facts.LessonClosed(lesson=study.lesson.id, position_us=study.position_us)
        effects += [CloseFilm(), Keep(at_ns, closed)]
    effects += [CloseEyes(), Keep(at_ns, facts.SessionEnded(reason=reason)), Flush(close=True)]
    session = replace(
        session,
        phase=Phase.ENDED,
        study=None,
        check=None,
        plan=None,
        pause="",
        identifying=None,
        notice=None,
        trouble=None,
        ended=Ended(reason=reason, lost_s=lost_s),
    )
    return session, tuple(effects)


def _asked(challenge: Challenge) -> str | None:
    return challenge.asked.value if challenge.asked else None
