"""When the next random check comes: drawn from the platform's newest beacon, and written down.

The time that counts is film time watched since the last passed check, over all lessons of
the run, so that neither pausing nor changing the lesson puts a check off.
"""

from __future__ import annotations

from dataclasses import replace

from app.effects import Keep
from app.state import Plan, Session, need_run, need_study
from proctor.schedule import MARGIN_S, Rules, plan_check
from sync import facts
from sync.contract import Policy

US = 1_000_000


def rules_of(policy: Policy) -> Rules:
    """The platform's presets in the proctor's words."""
    return Rules(
        min_gap_s=policy.check_min_gap_s,
        max_gap_s=policy.check_max_gap_s,
        answer_s=policy.check_answer_s,
        attempts=policy.check_attempts,
        actions_per_check=policy.check_actions,
        match_accept=policy.match_accept,
        match_alert=policy.match_alert,
    )


def needs_plan(session: Session) -> bool:
    """Whether a check has to be drawn before the film runs.

    A plan outlives its lesson, so that changing lessons puts nothing off; only where it
    would come too late for the film's own check is a new one drawn, which comes sooner.
    """
    study, plan = need_study(session), session.plan
    if plan is None:
        return True
    left_us = study.duration_us - study.position_us - round(MARGIN_S * US)
    return not study.checked and plan.due_us - session.since_us > left_us


def plan_next(session: Session, at_ns: int) -> tuple[Session, tuple[Keep, ...]]:
    """Draw the next check for the open lesson and record the draw."""
    run, study = need_run(session), need_study(session)
    film_left_s = max(0.0, (study.duration_us - study.position_us) / US)
    ordinal = session.checks + 1
    planned = plan_check(
        bytes.fromhex(run.beacon.value),
        ordinal,
        rules_of(run.policy),
        film_left_s,
        study.checked,
    )
    check = f"{run.chain}.{ordinal}"
    plan = Plan(check=check, planned=planned, due_us=session.since_us + round(planned.after_s * US))
    fact = facts.CheckPlanned(
        check=check,
        lesson=study.lesson.id,
        seed_index=run.beacon.index,
        film_left_s=film_left_s,
        checked_in_film=study.checked,
        after_s=planned.after_s,
        actions=tuple(action.value for action in planned.actions),
    )
    return replace(session, plan=plan, checks=ordinal), (Keep(at_ns, fact),)


def due(plan: Plan | None, since_us: int) -> bool:
    return plan is not None and since_us >= plan.due_us
