"""A random check: asked, answered or not, and what follows. Handlers of `app.session.TABLE`.

While a check is open the film stands still. A passed check lets it run on; an attempt that
failed gives the reason and another attempt; when none is left the run ends, and what was
watched since the last passed check is not counted, which is for the platform to say.
"""

from __future__ import annotations

from dataclasses import replace

from app import aside, intents, trial
from app.effects import (
    AskIdentity,
    CloseEyes,
    CloseFilm,
    Effect,
    Flush,
    Keep,
    OpenEyes,
    TakeSnapshot,
)
from app.events import CameraFailed, CamerasChanged, IdentityAnswered
from app.lessons import halt, resume
from app.planning import picture_after, plan_next
from app.state import Check, Ended, Phase, Session, Step, need_run, need_study
from app.view import Notice
from proctor import liveness
from proctor.liveness import CheckOutcome
from proctor.observation import CameraLost, FaceObservation
from sync import facts
from sync.facts import EndReason

US = 1_000_000


def begin(session: Session, at_ns: int) -> Step:
    """The moment has come: film still, overlay up, the check on record before it is seen."""
    plan, run, baseline = session.plan, need_run(session), session.baseline
    if plan is None or baseline is None or run.template is None:
        raise LookupError("a check needs a plan, a baseline and an enrolled face")
    session, effects = halt(session, at_ns, "check")
    study, planned = need_study(session), plan.planned
    issued = facts.CheckIssued(
        check=plan.check,
        lesson=study.lesson.id,
        position_us=study.position_us,
        watched_s=session.since_us / US,
    )
    check = trial.open_check(
        session,
        at_ns,
        (baseline, run.template),
        planned.attempts,
        planned.alternatives,
        check=plan.check,
        picture_after=picture_after(
            bytes.fromhex(run.beacon.value), session.checks, len(planned.actions)
        ),
    )
    session = replace(session, phase=Phase.CHECKING, check=check, notice=None)
    return session, (
        *effects,
        Keep(at_ns, issued),
        OpenEyes("checking"),
        *trial.told(None, check),
        Flush(),
    )


def face_seen(session: Session, at_ns: int, event: FaceObservation) -> Step:
    check = session.check
    if event.count == 1:
        session = replace(session, alive_ns=at_ns)
    if check is None or check.stage != "acting":
        return session, ()
    return _advance(session, at_ns, check, trial.look(check, event))


def camera_failed(session: Session, at_ns: int, event: CameraFailed) -> Step:
    """Said at once; the next attempt asks for the camera again."""
    return replace(session, notice=Notice("attention", event.report)), ()


def beat(session: Session, at_ns: int) -> Step:
    """Time runs on, whether or not a frame comes."""
    check = session.check
    if check is None:
        return session, ()
    if check.stage == "acting":
        return _advance(session, at_ns, check, trial.look(check, liveness.Tick(at_ns)))
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


def use_alternative(session: Session, at_ns: int, intent: intents.UseAlternative) -> Step:
    """Somebody can't do what is asked: other actions, and the record says so."""
    check = session.check
    if check is None or not trial.may_change(check):
        return session, ()
    after = trial.use_alternative(session, at_ns, check)
    return replace(session, check=after), trial.told(check, after)


def camera_lost(session: Session, at_ns: int, event: CameraLost) -> Step:
    """The check's own time limit speaks for the missing picture; the camera is asked again."""
    return session, (CloseEyes(), OpenEyes("checking"))


def cameras_changed(session: Session, at_ns: int, event: CamerasChanged) -> Step:
    """A camera that is plugged in again is asked for at once; an open one stays open."""
    came = bool(event.cameras) and event.cameras != session.cameras
    session, _ = aside.cameras_changed(session, at_ns, event)
    return session, (OpenEyes("checking"),) if came else ()


def identity_answered(session: Session, at_ns: int, event: IdentityAnswered) -> Step:
    """The platform's word on the face of a passed check, which may come late: it informs.

    What was watched before that check is not counted then, so an appeal is offered at the end.
    """
    if not event.check or event.answer.answer != "different":
        return session, ()
    lesson = session.study.lesson.id if session.study else ""
    notice = Notice("attention", key="check_disputed")
    return replace(session, notice=notice, disputed=(event.check, lesson)), ()


def _attempt(session: Session, at_ns: int, check: Check) -> Step:
    after = trial.next_attempt(session, at_ns, check)
    # A camera that was lost meanwhile is asked for again; one that is open stays open.
    return replace(session, check=after), (OpenEyes("checking"), *trial.told(check, after))


def _advance(session: Session, at_ns: int, before: Check, after: Check) -> Step:
    outcome = after.challenge.outcome
    after, pictures = _pictured(session, after, outcome)
    if outcome is None:
        return replace(session, check=after), (*trial.told(before, after), *pictures)
    told = trial.told(before, replace(after, stage="passed"))
    session, judged = _judged(replace(session, check=None), at_ns, after, outcome)
    return session, (*told, *pictures, *judged)


def _pictured(
    session: Session, check: Check, outcome: CheckOutcome | None
) -> tuple[Check, tuple[TakeSnapshot, ...]]:
    """A picture after a drawn action, the face back at rest; at the latest when it is over."""
    most = need_run(session).policy.snapshots_per_check
    actions = check.challenge.total
    done = check.challenge.index + (check.challenge.stage in ("confirm", "over"))
    # One comes after the drawn action; of several the last comes after the last action.
    first = check.picture_after if most == 1 else max(0, actions - most + 1)
    due = min(most, max(done - first + 1, 0 if outcome is None else 1))
    if due <= check.pictures:
        return check, ()
    study = need_study(session)
    taken = TakeSnapshot(check.challenge.now_ns, study.lesson.id, "check", check.id)
    return replace(check, pictures=check.pictures + 1), (taken,)


def _judged(session: Session, at_ns: int, check: Check, outcome: CheckOutcome) -> Step:
    study = need_study(session)
    attempted = facts.CheckAttempted(
        check=check.id,
        lesson=study.lesson.id,
        attempt=check.attempt,
        passed=outcome.passed,
        reason=outcome.reason,
        similarity=outcome.similarity,
        seconds=outcome.seconds,
        actions=tuple(action.value for action in outcome.actions),
        risk=outcome.risk.score,
        signs=tuple(sign.value for sign in outcome.risk.signs),
        alternative=outcome.alternative,
    )
    kept = Keep(at_ns, attempted)
    if outcome.passed:
        return _passed(session, at_ns, check, outcome, kept)
    if check.attempt < need_run(session).policy.check_attempts:
        until_ns = at_ns + trial.FAILED_NS
        check = replace(check, stage="failed", reason=outcome.reason, until_ns=until_ns)
        return replace(session, check=check), (kept, Flush())
    failed = facts.CheckFailed(check=check.id, lesson=study.lesson.id, reason=outcome.reason)
    ended = Ended(
        "check_failed",
        lost_s=session.since_us / US,
        why=outcome.reason,
        check=check.id,
        lesson=study.lesson.id,
        appeal="offered",
    )
    session, effects = end(session, at_ns, "check_failed", ended=ended)
    return session, (kept, Keep(at_ns, failed), *effects)


def _passed(session: Session, at_ns: int, check: Check, outcome: CheckOutcome, kept: Keep) -> Step:
    shown_ns = trial.REVIEW_NS if outcome.in_review else trial.PASSED_NS
    check = replace(check, stage="passed", until_ns=at_ns + shown_ns, in_review=outcome.in_review)
    study = replace(need_study(session), checked=True, light="on")
    session = replace(
        session, check=check, study=study, plan=None, since_us=0, between=0, alive_ns=at_ns
    )
    effects: tuple[Effect, ...] = (kept, OpenEyes("resting"), Flush())
    if outcome.face is not None:
        effects = (*effects, AskIdentity(outcome.face, enrol=False, check=check.id))
    return session, effects


def _back_to_lesson(session: Session, at_ns: int) -> Step:
    session = replace(session, phase=Phase.PAUSED, pause="check", check=None)
    session, planned = plan_next(session, at_ns)
    session, effects = resume(session, at_ns)
    return session, (*planned, *effects)


def end(session: Session, at_ns: int, reason: EndReason, *, ended: Ended | None = None) -> Step:
    """End the run, from wherever it stands: close what is open, seal, and send the rest."""
    effects: list[Effect] = []
    if session.phase is Phase.PLAYING:
        session, halted = halt(session, at_ns, "signed_out")
        effects += halted
    if session.study is not None:
        study = session.study
        closed = facts.LessonClosed(lesson=study.lesson.id, position_us=study.position_us)
        effects += [CloseFilm(), Keep(at_ns, closed)]
    asking = session.check or (session.identifying.check if session.identifying else None)
    effects += [
        *trial.told(asking, None),
        CloseEyes(),
        Keep(at_ns, facts.SessionEnded(reason=reason)),
        Flush(close=True),
    ]
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
        ended=ended or _left_open(session, reason) or _ended(session, reason),
    )
    return session, tuple(effects)


def _left_open(session: Session, reason: EndReason) -> Ended | None:
    """Somebody left, or had to, while a check was open: what waited for it is not counted yet."""
    check, study = session.check, session.study
    if check is None or check.stage == "passed" or study is None:
        return None
    lost_s = session.since_us / US
    return Ended(reason, lost_s=lost_s, check=check.id, lesson=study.lesson.id, appeal="offered")


def _ended(session: Session, reason: EndReason) -> Ended:
    if session.disputed is None:
        return Ended(reason)
    check, lesson = session.disputed
    why = liveness.Failure.OTHER_PERSON
    return Ended(reason, why=why, check=check, lesson=lesson, appeal="offered")
