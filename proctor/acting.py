"""The part of an attempt in which an action is done, and undone.

    ask ──▶ act ──level held──▶ back ──at rest──▶ ask the next, or all done
             │
             ├── a turn to a side that was not asked for, held ─▶ start anew, then wrong_action
             └── no plane can do it: a turn that is flat leaves `act` as it is

What "level held" is: a turn, nod or open mouth `HOLD_NS` on end; two openings of the eyes
within `BLINKS_WITHIN_NS`, or shut for `SHUT_NS`; each place of the dot `DOT_HOLD_NS` on end,
in their order: a look that is held at another place begins the row anew. The dot appears
`challenge.DOT_AFTER_NS` after it was asked for, when a head that just nodded is back.
"""

from __future__ import annotations

from dataclasses import replace

from proctor import gestures
from proctor.challenge import Challenge, Failure, again, held, over
from proctor.gestures import Neutral
from proctor.hints import Hint
from proctor.observation import Face
from proctor.schedule import TURNS, Action, Place

HOLD_NS = 120_000_000
"""How long an action has to be seen: three frames at 15 a second, so one slipped frame is none."""

REST_NS = 130_000_000
"""How long the neutral face has to be seen before an action is measured against it.

Shorter, and it is frozen while the head is still coming back from the last turn: measured
on three simulated people, 60 ms failed 5 of 12 pairs of actions, 130 to 200 ms none; longer,
and a quick answer is taken for the neutral face (270 ms failed 2).
"""

NEARER_DEG = 2.0
"""A head at rest moves by one."""

SHUT_NS = 300_000_000
"""Eyes shut this long are as good as two blinks; a blink by itself lasts half of it."""

BLINKS, BLINKS_WITHIN_NS = 2, 2_500_000_000
"""Everybody blinks every few seconds; twice in a row is an answer."""

SLIPS = 1
"""Turns to the wrong side that are forgiven in an attempt: left and right are confused
easily, but a recording shows its actions in its own order."""

DOT_HOLD_NS = 350_000_000
"""How long a look stays at the dot: longer than eyes that only pass by."""

DOT_LEAVE_NS = 1_500_000_000
"""Time to notice that the dot has gone elsewhere."""

STRAY_NS, STRAYED = 600_000_000, 1.3
"""A look that goes this far to another place, and stays there for so long, is no glance."""

AWAY_FROM_DOT = 0.7
"""Level below which the eyes have left the dot's last place again."""


def ask(challenge: Challenge, face: Face, hint: Hint) -> Challenge:
    """Ask for the action at `index`; this face at rest is what it is measured against."""
    now = challenge.now_ns
    return replace(
        challenge,
        stage="act",
        neutral=gestures.neutral_of(face, challenge.baseline),
        since_ns=None,
        action_ns=now,
        wrong_ns=None,
        shut_ns=None,
        blinks=(),
        dots=0,
        dot_ns=now,
        strayed_ns=None,
        progress=0.0,
        hint=hint,
    )


def act(challenge: Challenge, face: Face, hint: Hint) -> Challenge:
    """Judge one frame of the action. hint: what has long been wrong with the picture."""
    neutral, action = challenge.neutral, challenge.actions[challenge.index]
    if neutral is None:
        raise LookupError("an action without a neutral face before it")
    # Whoever follows the dot with the whole head turns it to where the dot is.
    if action is not Action.FOLLOW_DOT:
        challenge = _watch_side(challenge, face, neutral, action)
        if challenge.stage != "act":
            return challenge
    challenge = replace(challenge, hint=hint)
    if action is Action.FOLLOW_DOT:
        challenge, done = _follow(challenge, face, neutral)
    else:
        challenge, done = _do(challenge, action, face, neutral)
    if not done:
        return challenge
    return replace(challenge, stage="back", since_ns=None, progress=0.8, flat=False)


def _do(
    challenge: Challenge, action: Action, face: Face, neutral: Neutral
) -> tuple[Challenge, bool]:
    neutral = _at_ease(face, neutral, challenge)
    level = gestures.level(action, face, neutral, challenge.baseline)
    challenge = replace(challenge, neutral=neutral, progress=0.8 * min(max(level, 0.0), 1.0))
    if action is Action.BLINK:
        return _blink(challenge, shut=level >= 1)
    if level >= 1:
        return held(challenge, HOLD_NS)
    flat = action in TURNS and gestures.turn(action, face, neutral) >= 1
    return replace(challenge, since_ns=None, flat=challenge.flat or flat), False


def _at_ease(face: Face, neutral: Neutral, challenge: Challenge) -> Neutral:
    """The neutral face, taken anew where this one is clearly nearer to the learner's own.

    Somebody quick is half way down or aside before the neutral face has been taken; measured
    against that, nothing they do would ever be enough.
    """
    rest = challenge.baseline
    if not gestures.at_rest(face, rest):
        return neutral
    before = gestures.off(neutral.yaw_deg, neutral.pitch_deg, rest)
    nearer = gestures.off(face.yaw_deg, face.pitch_deg, rest) < before - NEARER_DEG
    return gestures.neutral_of(face, rest) if nearer else neutral


def undone(challenge: Challenge, face: Face) -> bool:
    """Whether the face is neutral again after the action."""
    if not gestures.at_rest(face, challenge.baseline):
        return False
    if challenge.actions[challenge.index] is not Action.FOLLOW_DOT or challenge.neutral is None:
        return True
    last = challenge.plan.dot[-1]
    return gestures.look(last, face, challenge.neutral) < AWAY_FROM_DOT


def _watch_side(challenge: Challenge, face: Face, neutral: Neutral, action: Action) -> Challenge:
    """A turn that was not asked for starts the attempt anew, and fails it the second time."""
    wrong = any(gestures.turn(side, face, neutral) >= 1 for side in TURNS - {action})
    if not wrong:
        return replace(challenge, wrong_ns=None)
    since = challenge.now_ns if challenge.wrong_ns is None else challenge.wrong_ns
    if challenge.now_ns - since < HOLD_NS:
        return replace(challenge, wrong_ns=since)
    if challenge.slips >= SLIPS:
        return over(challenge, Failure.WRONG_ACTION)
    return replace(again(challenge), slips=challenge.slips + 1, hint=Hint.FACE_FRONT)


def _blink(challenge: Challenge, *, shut: bool) -> tuple[Challenge, bool]:
    now = challenge.now_ns
    if shut:
        since = now if challenge.shut_ns is None else challenge.shut_ns
        return replace(challenge, shut_ns=since), now - since >= SHUT_NS
    if challenge.shut_ns is None:
        return challenge, False
    blinks = tuple(at for at in (*challenge.blinks, now) if now - at <= BLINKS_WITHIN_NS)
    return replace(challenge, shut_ns=None, blinks=blinks), len(blinks) >= BLINKS


def _follow(challenge: Challenge, face: Face, neutral: Neutral) -> tuple[Challenge, bool]:
    """Whether the dot has been followed to all of its places."""
    places, now, place = challenge.plan.dot, challenge.now_ns, challenge.dot
    if place is None:
        still = gestures.neutral_of(face, challenge.baseline)
        rests = gestures.at_rest(face, challenge.baseline)
        return replace(challenge, neutral=still if rests else neutral, dot_ns=now), False
    level = gestures.look(place, face, neutral)
    share = (challenge.dots + min(max(level, 0.0), 1.0)) / len(places)
    challenge = replace(challenge, progress=0.8 * share)
    if level >= 1:
        challenge, reached = held(replace(challenge, strayed_ns=None), DOT_HOLD_NS)
        if not reached:
            return challenge, False
        if challenge.dots + 1 == len(places):
            return challenge, True
        moved = replace(challenge, dots=challenge.dots + 1, dot_ns=now, since_ns=None)
        return moved, False
    return _stray(replace(challenge, since_ns=None), face, neutral, place), False


def _stray(challenge: Challenge, face: Face, neutral: Neutral, place: Place) -> Challenge:
    """A recording looks here and there in its own order: another place begins the row anew."""
    now = challenge.now_ns
    elsewhere = any(
        gestures.look(other, face, neutral) >= STRAYED for other in Place if other is not place
    )
    if not elsewhere or now - challenge.dot_ns < DOT_LEAVE_NS:
        return replace(challenge, strayed_ns=None)
    since = now if challenge.strayed_ns is None else challenge.strayed_ns
    if now - since < STRAY_NS:
        return replace(challenge, strayed_ns=since)
    return replace(challenge, dots=0, dot_ns=now, strayed_ns=None)
