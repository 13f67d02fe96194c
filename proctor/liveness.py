"""A check: random actions, each from the neutral face and back to it, by the right person.

`begin` opens an attempt, `step` takes one frame or the time, and `Challenge.outcome` ends
it. The stages of an attempt:

    settle ──at rest──▶ act ──done──▶ back ──at rest──▶ act … ──all done──▶ confirm ──▶ passed
       ▲                 │             │
       └── nobody to be seen for a second, or a turn to the wrong side

| stage   | frame or time                         | next                                   |
|---------|---------------------------------------|----------------------------------------|
| settle  | neutral for REST_NS, nothing on it    | act, the action's time begins          |
| settle  | mask or dark glasses                  | settle; said after a second            |
| act     | the action, held                      | back                                   |
| act     | another turn, held                    | settle (once), then wrong_action       |
| back    | neutral for REST_NS                   | act with the next action, or confirm   |
| confirm | enough frames of the same person      | passed                                 |
| confirm | CONFIRM_NS without                    | unsure_person, too_dark, covered_face  |
| any     | no face for more than AWAY_NS         | settle, comparisons forgotten          |
| any     | two faces for more than SEVERAL_NS    | several_faces                          |
| any     | enough frames of somebody else        | other_person                           |
| any     | the action's or the attempt's time    | what `_why_late` finds                 |
| over    | anything                              | over                                   |

A face that is lost sends the attempt back to its start, samples and all: whoever passes
was there without a break. No single sign passes: the plan always holds a turn
(`schedule._draw_actions`) unless it is the alternative one, a turn always needs a solid
head (`spoof`), and the person is compared over several frames. The signs of deception
(`signs`) run beside all of this: they end no attempt, they weigh what comes out of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from proctor import acting, gestures, signs
from proctor.acting import REST_NS
from proctor.baseline import Baseline, calibrate, follow
from proctor.challenge import (
    SECOND,
    Challenge,
    CheckOutcome,
    Failure,
    again,
    held,
    over,
)
from proctor.hints import COVERINGS, Hint, framing
from proctor.identity import (
    FRONTAL_PITCH_DEG,
    FRONTAL_YAW_DEG,
    comparable,
    judge_similarities,
    similarity,
)
from proctor.observation import Embedding, Face, FaceObservation, Tick
from proctor.schedule import TURNS, Action, Attempt, Rules

__all__ = [
    "Baseline",
    "Challenge",
    "CheckOutcome",
    "Failure",
    "Tick",
    "begin",
    "calibrate",
    "step",
]

AWAY_NS = SECOND
"""A face lost for longer could have been exchanged."""

SEVERAL_NS = SECOND

LONG_NS = SECOND
"""How long something has to be wrong with the picture before it is said during an action,
and how long a mask has to be seen: the models err for a frame or two."""

CONFIRM_NS = 6 * SECOND
"""How long the person is still looked at when the actions are done and it is not clear who."""

SAMPLES = 45
"""Comparisons kept: ten seconds of them."""

LONGEST_GAP_S = 0.5
"""What a frame counts for at most when the neutral face follows: after a gap it is one frame."""


def begin(
    attempt: Attempt,
    baseline: Baseline,
    template: Embedding,
    now_ns: int,
    rules: Rules,
    number: int = 1,
    flags: tuple[str, ...] = (),
    before: Challenge | None = None,
) -> Challenge:
    """Open an attempt: `baseline` from sign-in, `template` the enrolled face.

    number: of the attempt in its check, from 1. flags: what is known of the camera
    (`proctor.devices`), for the risk. before: the attempt before it, whose footage is known
    when it comes again.
    """
    if not attempt.actions:
        raise ValueError("an attempt asks for something")
    if not attempt.alternative and not TURNS & set(attempt.actions):
        raise ValueError("a check without a turn of the head proves no living person")
    if Action.FOLLOW_DOT in attempt.actions and not attempt.dot:
        raise ValueError("a dot that is followed goes somewhere")
    return Challenge(
        plan=attempt,
        first=baseline,
        baseline=baseline,
        template=template,
        rules=rules,
        number=number,
        began_ns=now_ns,
        now_ns=now_ns,
        flags=flags,
        signs=signs.again(before.signs) if before else signs.Signs(),
    )


def step(challenge: Challenge, event: FaceObservation | Tick) -> Challenge:
    """The attempt after one frame, or after some time without one."""
    if challenge.outcome is not None:
        return challenge
    # Frames come from another thread and may be older than the newest tick.
    challenge = replace(challenge, now_ns=max(challenge.now_ns, event.at_ns))
    if challenge.seconds_left <= 0:
        return over(challenge, _why_late(challenge))
    if isinstance(event, Tick) or event.at_ns < challenge.began_ns:
        return challenge
    return _look(_gather(challenge, event), event)


def _gather(challenge: Challenge, seen: FaceObservation) -> Challenge:
    """Signs of deception of every frame, whoever is in it."""
    resting = challenge.stage != "act"
    tint = challenge.tint_at(seen.at_ns)
    gathered = signs.step(challenge.signs, seen, tint, resting=resting)
    return replace(challenge, signs=gathered, frames=challenge.frames + 1)


def _look(challenge: Challenge, seen: FaceObservation) -> Challenge:
    hint = framing(seen)
    if hint is Hint.SEVERAL_FACES:
        return _several(challenge, seen.at_ns)
    challenge = replace(challenge, several_ns=None)
    if seen.face is None:
        return _away(challenge, seen.at_ns, hint)
    challenge = replace(challenge, away_ns=None, faces=challenge.faces + 1)
    if hint is not challenge.framed:
        challenge = replace(challenge, framed=hint, framed_ns=challenge.now_ns)
    challenge = _compare(challenge, seen)
    if _verdict(challenge) == "different":
        return over(challenge, Failure.OTHER_PERSON)
    challenge = _go_on(challenge, seen.face, hint)
    return replace(challenge, looked_ns=challenge.now_ns)


def _go_on(challenge: Challenge, face: Face, hint: Hint) -> Challenge:
    long_ns = challenge.now_ns - challenge.framed_ns
    match challenge.stage:
        case "settle":
            return _settle(challenge, face, hint)
        case "act":
            return acting.act(challenge, face, hint if long_ns >= LONG_NS else Hint.NONE)
        case "back":
            return _back(challenge, face)
        case _:
            return _confirm(challenge, hint)


def _several(challenge: Challenge, at_ns: int) -> Challenge:
    since = at_ns if challenge.several_ns is None else challenge.several_ns
    if at_ns - since > SEVERAL_NS:
        return over(challenge, Failure.SEVERAL_FACES)
    return replace(challenge, several_ns=since, since_ns=None, hint=Hint.SEVERAL_FACES)


def _away(challenge: Challenge, at_ns: int, hint: Hint) -> Challenge:
    since = at_ns if challenge.away_ns is None else challenge.away_ns
    if at_ns - since > AWAY_NS:
        challenge = replace(again(challenge), similarities=(), face=None, face_quality=0.0)
    return replace(challenge, away_ns=since, since_ns=None, hint=hint)


def _compare(challenge: Challenge, seen: FaceObservation) -> Challenge:
    face, rest = seen.face, challenge.baseline
    if face is None or face.embedding is None or not comparable(seen, rest.yaw_deg, rest.pitch_deg):
        return challenge
    cosine = similarity(face.embedding, challenge.template)
    challenge = replace(challenge, similarities=(*challenge.similarities, cosine)[-SAMPLES:])
    quality = _quality(face, rest)
    if challenge.face is not None and quality <= challenge.face_quality:
        return challenge
    return replace(challenge, face=face.embedding, face_quality=quality)


def _quality(face: Face, rest: Baseline) -> float:
    """How sharp and frontal it is: the platform gets the best frame, not the most similar."""
    aside = abs(face.yaw_deg - rest.yaw_deg) / FRONTAL_YAW_DEG
    tilted = abs(face.pitch_deg - rest.pitch_deg) / FRONTAL_PITCH_DEG
    return min(face.sharpness, 100.0) / 100.0 * (2.0 - aside) * (2.0 - tilted)


def _verdict(challenge: Challenge) -> Literal["same", "different", "unsure"]:
    rules = challenge.rules
    return judge_similarities(challenge.similarities, rules.match_accept, rules.match_alert).answer


def _settle(challenge: Challenge, face: Face, hint: Hint) -> Challenge:
    """Wait for the neutral face that the first action is measured against."""
    if hint in COVERINGS:
        long_enough = challenge.now_ns - challenge.framed_ns >= LONG_NS
        shown = hint if long_enough else Hint.NONE
        return replace(challenge, since_ns=None, progress=0.0, hint=shown)
    if not gestures.at_rest(face, challenge.baseline):
        hint = hint if hint is not Hint.NONE else Hint.FACE_FRONT
        return replace(challenge, since_ns=None, progress=0.0, hint=hint)
    challenge, rested = held(_drift(challenge, face), REST_NS)
    if not rested:
        return replace(challenge, hint=hint)
    return acting.ask(challenge, face, hint)


def _back(challenge: Challenge, face: Face) -> Challenge:
    """Wait for the neutral face after an action; the next one is measured against it."""
    if not acting.undone(challenge, face):
        return replace(challenge, since_ns=None, progress=0.8, hint=Hint.FACE_FRONT)
    challenge = replace(_drift(challenge, face), progress=0.9, hint=Hint.NONE)
    challenge, rested = held(challenge, REST_NS)
    if not rested:
        return challenge
    if challenge.index + 1 < challenge.total:
        return acting.ask(replace(challenge, index=challenge.index + 1), face, Hint.NONE)
    now = challenge.now_ns
    challenge = replace(challenge, stage="confirm", since_ns=now, action_ns=None, progress=1.0)
    return _confirm(challenge, Hint.NONE)


def _drift(challenge: Challenge, face: Face) -> Challenge:
    """A face at rest: the neutral one follows it a little."""
    if challenge.looked_ns is None:
        return challenge
    seconds = min((challenge.now_ns - challenge.looked_ns) / SECOND, LONGEST_GAP_S)
    return replace(challenge, baseline=follow(challenge.baseline, challenge.first, face, seconds))


def _confirm(challenge: Challenge, hint: Hint) -> Challenge:
    """The actions are done; who did them?"""
    if _verdict(challenge) == "same":
        return over(challenge, "")
    since = challenge.now_ns if challenge.since_ns is None else challenge.since_ns
    hint = hint if hint is not Hint.NONE else Hint.HOLD_STILL
    challenge = replace(challenge, since_ns=since, hint=hint)
    if challenge.now_ns - since > CONFIRM_NS:
        return over(challenge, _why_late(challenge))
    return challenge


def _why_late(challenge: Challenge) -> Failure:
    """The time is up: the most helpful true reason."""
    if challenge.away_ns is not None or not challenge.faces:
        return Failure.ABSENT
    if challenge.faces * 5 < challenge.frames:
        return Failure.ABSENT
    if challenge.hint in COVERINGS:
        return Failure.COVERED_FACE
    if challenge.hint is Hint.TOO_DARK:
        return Failure.TOO_DARK
    if challenge.stage == "confirm":
        return Failure.UNSURE_PERSON
    return Failure.PRINT if challenge.flat else Failure.NOT_ANSWERED
