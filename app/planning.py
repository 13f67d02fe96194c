"""When the next random check comes: drawn from the platform's newest beacon, and written down.

The time that counts is film time watched since the last passed check, over all lessons of
the run, so that neither pausing nor changing the lesson puts a check off. The same seed
says when a picture is taken between two checks.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from app.effects import Keep
from app.state import Plan, Session, need_run, need_study
from proctor.schedule import (
    MARGIN_S,
    MOST_ATTEMPTS,
    Action,
    Attempt,
    Rules,
    attempts_of,
    plan_check,
)
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
        allowed=tuple(Action(name) for name in policy.check_set),
        match_accept=policy.match_accept,
        match_alert=policy.match_alert,
        action_s=policy.check_action_s,
        alternative=tuple(Action(name) for name in policy.check_alternative),
        risk_review=policy.risk_review,
        screen_light=policy.screen_light,
    )


def needs_plan(session: Session) -> bool:
    """Whether a check has to be drawn before the film runs.

    A plan outlives its lesson, so that changing lessons puts nothing off; only where it
    would come too late for the film's own check is a new one drawn. That one falls before the
    film's end as `plan_check` sees it, so it always comes sooner than the plan it replaces.
    """
    study, plan = need_study(session), session.plan
    if plan is None:
        return True
    left_us = study.duration_us - study.position_us
    end_us = max(left_us - round(MARGIN_S * US), left_us // 2)
    return not study.checked and plan.due_us - session.since_us > end_us


def plan_next(session: Session, at_ns: int) -> tuple[Session, tuple[Keep, ...]]:
    """Draw the next check for the open lesson and record the draw."""
    run, study = need_run(session), need_study(session)
    film_left_s = max(0.0, (study.duration_us - study.position_us) / US)
    since_s = session.since_us / US
    ordinal = session.checks + 1
    seed = bytes.fromhex(run.beacon.value)
    planned = plan_check(
        seed, ordinal, rules_of(run.policy), film_left_s, study.checked, since_s=since_s
    )
    check = f"{run.chain}.{ordinal}"
    missing = max(0, run.policy.snapshots_between - session.between)
    moments = [between_s(seed, ordinal, planned.after_s, number) for number in range(missing)]
    plan = Plan(
        check=check,
        planned=planned,
        due_us=session.since_us + round(planned.after_s * US),
        pictures_us=tuple(sorted(session.since_us + round(moment * US) for moment in moments)),
    )
    fact = facts.CheckPlanned(
        check=check,
        lesson=study.lesson.id,
        seed_index=run.beacon.index,
        film_left_s=film_left_s,
        checked_in_film=study.checked,
        after_s=planned.after_s,
        actions=tuple(action.value for action in planned.actions),
        since_s=since_s,
    )
    return replace(session, plan=plan, checks=ordinal), (Keep(at_ns, fact),)


def due(plan: Plan | None, since_us: int) -> bool:
    return plan is not None and since_us >= plan.due_us


def picture_is_due(plan: Plan | None, since_us: int) -> bool:
    return plan is not None and bool(plan.pictures_us) and since_us >= plan.pictures_us[0]


def between_s(seed: bytes, ordinal: int, after_s: float, number: int = 0) -> float:
    """When a picture is taken before the check that comes after `after_s`, to the millisecond."""
    return _below(round(after_s * 1000), seed, b"between", ordinal, number) / 1000


def picture_after(seed: bytes, ordinal: int, actions: int) -> int:
    """After how many of an attempt's actions its picture is taken: 1 to all of them."""
    return 1 + _below(actions, seed, b"check", ordinal, 0)


def sign_in_attempt(seed: str, policy: Policy, number: int) -> tuple[Attempt, Attempt | None]:
    """What the `number`-th attempt at sign-in asks, from 1, and instead of it.

    Nobody is locked out at sign-in, so the draws go on beyond the policy's attempts: those that
    were seen tell nothing about the next.
    """
    rules = rules_of(policy)
    number = (number - 1) % MOST_ATTEMPTS + 1
    rules = replace(rules, attempts=max(rules.attempts, number))
    first = attempts_of(bytes.fromhex(seed), 0, rules)[number - 1]
    if not rules.alternative:
        return first, None
    return first, attempts_of(bytes.fromhex(seed), 0, rules, alternative=True)[number - 1]


def _below(bound: int, seed: bytes, purpose: bytes, ordinal: int, number: int) -> int:
    """A whole number from 0 to `bound` - 1, apart from what `proctor.schedule` draws."""
    message = b"\0".join(
        [b"anxue/picture/v1", purpose, ordinal.to_bytes(8, "big"), number.to_bytes(4, "big")]
    )
    return int.from_bytes(hmac.digest(seed, message, hashlib.sha256)[:8], "big") * bound >> 64
