"""Asking for actions, attempt by attempt: the same in a random check and at sign-in.

What an attempt asks was drawn before; here it is begun, watched and ended. What follows from
its end is for `app.checks` and `app.enrolment` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.effects import Effect, Prompt, Shine
from app.planning import rules_of
from app.state import Check, Session, need_run
from proctor import liveness
from proctor.liveness import Baseline, Challenge
from proctor.observation import Embedding, FaceObservation
from proctor.schedule import Attempt

FAILED_NS = 8_000_000_000
"""How long a learner may read why an attempt failed before the next one begins by itself."""

PASSED_NS = 1_200_000_000
"""How long "passed" stays on the screen before it goes on."""

REVIEW_NS = 4_000_000_000
"""The same where there is more to read: the platform will look at it."""


def open_check(
    session: Session,
    at_ns: int,
    face: tuple[Baseline, Embedding],
    asked: Sequence[Attempt],
    others: Sequence[Attempt],
    *,
    check: str = "",
    picture_after: int = 1,
    alternative: bool = False,
) -> Check:
    """Begin the first attempt. face: the learner at rest, and whom they are compared with."""
    first = (others if alternative else asked)[0]
    return Check(
        id=check,
        asked=tuple(asked),
        others=tuple(others),
        challenge=_begin(session, at_ns, face, first, 1),
        alternative=alternative,
        picture_after=picture_after,
    )


def next_attempt(session: Session, at_ns: int, check: Check) -> Check:
    number = check.attempt + 1
    challenge = _begin(session, at_ns, check.challenge, _drawn(check, number), number)
    return replace(check, challenge=challenge, attempt=number, stage="acting", reason="")


def may_change(check: Check) -> bool:
    """Whether other actions can be asked for: as long as the drawn ones are."""
    return bool(check.others) and not check.alternative and check.stage != "passed"


def use_alternative(session: Session, at_ns: int, check: Check) -> Check:
    """From now on the alternative set; an attempt that runs begins anew with it."""
    check = replace(check, alternative=True)
    if check.stage != "acting":
        return check
    asked = _drawn(check, check.attempt)
    challenge = _begin(session, at_ns, check.challenge, asked, check.attempt)
    return replace(check, challenge=challenge)


def look(check: Check, event: FaceObservation | liveness.Tick) -> Check:
    return replace(check, challenge=liveness.step(check.challenge, event))


def told(before: Check | None, after: Check | None) -> tuple[Effect, ...]:
    """What has changed of what the learner is asked and of the light around it."""
    effects: list[Effect] = []
    if _asked(before) != _asked(after):
        effects.append(Prompt(*_asked(after)))
    if _tint(before) != _tint(after):
        effects.append(Shine(_tint(after)))
    return tuple(effects)


def _drawn(check: Check, number: int) -> Attempt:
    return (check.others if check.alternative else check.asked)[number - 1]


def _begin(
    session: Session,
    at_ns: int,
    before: Challenge | tuple[Baseline, Embedding],
    asked: Attempt,
    number: int,
) -> Challenge:
    earlier = before if isinstance(before, Challenge) else None
    baseline, template = (
        (before.first, before.template) if isinstance(before, Challenge) else before
    )
    run = need_run(session)
    return liveness.begin(
        asked,
        baseline,
        template,
        at_ns,
        rules_of(run.policy),
        number=number,
        flags=(*run.signs, *session.flags),
        before=earlier,
    )


def _asked(check: Check | None) -> tuple[str | None, str | None]:
    if check is None or check.stage != "acting" or check.challenge.asked is None:
        return None, None
    dot = check.challenge.dot
    return check.challenge.asked.value, dot.value if dot else None


def _tint(check: Check | None) -> str | None:
    if check is None or check.stage != "acting" or check.challenge.tint is None:
        return None
    return check.challenge.tint.value
