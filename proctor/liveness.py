"""A check: random actions, each from the neutral face and back to it, by the right person.

`begin` opens an attempt, `step` takes one frame or the time, and `Challenge.outcome` ends
it. The stages of an attempt:

    settle ──at rest──▶ act ──done──▶ back ──at rest──▶ act … ──all done──▶ confirm ──▶ passed
       ▲                 │             │
       └── nobody to be seen for a second, or a turn to the wrong side

A face that is lost sends the attempt back to its start, samples and all: whoever passes
was there without a break. No single sign passes: the plan always holds a turn
(`schedule._draw_actions`), a turn always needs a solid head (`spoof`), and the person is
compared over several frames.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from proctor import gestures
from proctor.baseline import Baseline, calibrate
from proctor.gestures import Neutral
from proctor.hints import Hint, framing
from proctor.identity import comparable, judge_similarities, similarity
from proctor.observation import Embedding, Face, FaceObservation, Tick
from proctor.schedule import TURNS, Action, PlannedCheck, Rules

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

SECOND = 1_000_000_000

HOLD_NS = 120_000_000
"""How long an action has to be seen: three frames at 15 a second, so one slipped frame is none."""

REST_NS = 130_000_000
"""How long the neutral face has to be seen before an action is measured against it.

Shorter, and it is frozen while the head is still coming back from the last turn: measured
on three simulated people, 60 ms failed 5 of 12 pairs of actions, 130 to 200 ms none; longer,
and a quick answer is taken for the neutral face (270 ms failed 2).
"""

SHUT_NS = 300_000_000
"""Eyes shut this long are as good as two blinks; a blink by itself lasts half of it."""

BLINKS, BLINKS_WITHIN_NS = 2, 2_500_000_000
"""Everybody blinks every few seconds; twice in a row is an answer."""

AWAY_NS = SECOND
"""A face lost for longer could have been exchanged."""

SEVERAL_NS = SECOND

SLIPS = 1
"""Turns to the wrong side that are forgiven in an attempt: left and right are confused
easily, but a recording shows its actions in its own order."""

CONFIRM_NS = 6 * SECOND
"""How long the person is still looked at when the actions are done and it is not clear who."""

SAMPLES = 45
"""Comparisons kept: ten seconds of them."""


class Failure(StrEnum):
    """Why an attempt did not pass; the words are in `app.texts`."""

    OTHER_PERSON = "other_person"
    UNSURE_PERSON = "unsure_person"
    NOT_ANSWERED = "not_answered"
    SEVERAL_FACES = "several_faces"
    ABSENT = "absent"
    WRONG_ACTION = "wrong_action"
    PRINT = "print"
    TOO_DARK = "too_dark"


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """How an attempt ended. reason: a `Failure`, "" when passed.

    similarity: median cosine to the enrolled face, 0.0 when no frame could be compared.
    seconds: from its beginning. actions: those that were asked for.
    """

    passed: bool
    reason: Failure | Literal[""]
    similarity: float
    seconds: float
    actions: tuple[Action, ...]
    attempt: int


Stage = Literal["settle", "act", "back", "confirm", "over"]


@dataclass(frozen=True, slots=True)
class Challenge:
    """One attempt. index: which action, from 0. progress: of this action, 0 to 1.

    since_ns: since when the stage's condition holds. away_ns, several_ns: since when no or
    more than one face is seen. wrong_ns: since when the head is turned to a side that was
    not asked for. shut_ns: since when the eyes are shut; blinks: when they were opened.
    flat: a turn was seen, but no head. faces, frames: how many frames of how many had a face.
    """

    actions: tuple[Action, ...]
    baseline: Baseline
    template: Embedding = field(repr=False)
    rules: Rules = field(repr=False)
    attempt: int
    began_ns: int
    now_ns: int
    stage: Stage = "settle"
    index: int = 0
    progress: float = 0.0
    hint: Hint = Hint.NONE
    outcome: CheckOutcome | None = None
    neutral: Neutral | None = None
    since_ns: int | None = None
    away_ns: int | None = None
    several_ns: int | None = None
    wrong_ns: int | None = None
    shut_ns: int | None = None
    blinks: tuple[int, ...] = ()
    slips: int = 0
    flat: bool = False
    faces: int = 0
    frames: int = 0
    similarities: tuple[float, ...] = ()

    @property
    def asked(self) -> Action | None:
        """The action that is asked for now; None when there is nothing (more) to do."""
        return None if self.stage in ("confirm", "over") else self.actions[self.index]

    @property
    def total(self) -> int:
        return len(self.actions)

    @property
    def seconds_left(self) -> float:
        return max(0.0, self.rules.answer_s - (self.now_ns - self.began_ns) / SECOND)


def begin(
    plan: PlannedCheck,
    baseline: Baseline,
    template: Embedding,
    now_ns: int,
    rules: Rules,
    attempt: int = 1,
) -> Challenge:
    """Open an attempt: `baseline` from sign-in, `template` the enrolled face."""
    if not TURNS & set(plan.actions):
        raise ValueError("a check without a turn of the head proves no living person")
    return Challenge(plan.actions, baseline, template, rules, attempt, now_ns, now_ns)


def step(challenge: Challenge, event: FaceObservation | Tick) -> Challenge:
    """The attempt after one frame, or after some time without one."""
    if challenge.outcome is not None:
        return challenge
    # Frames come from another thread and may be older than the newest tick.
    challenge = replace(challenge, now_ns=max(challenge.now_ns, event.at_ns))
    if challenge.seconds_left <= 0:
        return _fail(challenge, _why_late(challenge))
    if isinstance(event, Tick) or event.at_ns < challenge.began_ns:
        return challenge
    return _look(challenge, event)


def _look(challenge: Challenge, seen: FaceObservation) -> Challenge:
    hint = framing(seen)
    challenge = replace(challenge, frames=challenge.frames + 1)
    if hint is Hint.SEVERAL_FACES:
        return _several(challenge, seen.at_ns)
    challenge = replace(challenge, several_ns=None)
    if seen.face is None:
        return _away(challenge, seen.at_ns)
    challenge = replace(challenge, away_ns=None, faces=challenge.faces + 1)
    challenge = _compare(challenge, seen)
    if _verdict(challenge) == "different":
        return _fail(challenge, Failure.OTHER_PERSON)
    return _go_on(challenge, seen.face, hint)


def _go_on(challenge: Challenge, face: Face, hint: Hint) -> Challenge:
    match challenge.stage:
        case "settle":
            return _settle(challenge, face, hint)
        case "act":
            return _act(challenge, face)
        case "back":
            return _back(challenge, face)
        case _:
            return _confirm(challenge, hint)


def _several(challenge: Challenge, at_ns: int) -> Challenge:
    since = at_ns if challenge.several_ns is None else challenge.several_ns
    if at_ns - since > SEVERAL_NS:
        return _fail(challenge, Failure.SEVERAL_FACES)
    return replace(challenge, several_ns=since, since_ns=None, hint=Hint.SEVERAL_FACES)


def _away(challenge: Challenge, at_ns: int) -> Challenge:
    since = at_ns if challenge.away_ns is None else challenge.away_ns
    if at_ns - since > AWAY_NS:
        challenge = replace(_again(challenge), similarities=())
    return replace(challenge, away_ns=since, since_ns=None, hint=Hint.NO_FACE)


def _again(challenge: Challenge) -> Challenge:
    """Back to the start of the attempt; its time runs on."""
    return replace(
        challenge,
        stage="settle",
        index=0,
        progress=0.0,
        neutral=None,
        since_ns=None,
        wrong_ns=None,
        shut_ns=None,
        blinks=(),
    )


def _compare(challenge: Challenge, seen: FaceObservation) -> Challenge:
    face, rest = seen.face, challenge.baseline
    if face is None or face.embedding is None or not comparable(seen, rest.yaw_deg, rest.pitch_deg):
        return challenge
    cosine = similarity(face.embedding, challenge.template)
    return replace(challenge, similarities=(*challenge.similarities, cosine)[-SAMPLES:])


def _verdict(challenge: Challenge) -> Literal["same", "different", "unsure"]:
    rules = challenge.rules
    return judge_similarities(challenge.similarities, rules.match_accept, rules.match_alert).answer


def _settle(challenge: Challenge, face: Face, hint: Hint) -> Challenge:
    """Wait for the neutral face that the first action is measured against."""
    if not gestures.at_rest(face, challenge.baseline):
        hint = hint if hint is not Hint.NONE else Hint.FACE_FRONT
        return replace(challenge, since_ns=None, progress=0.0, hint=hint)
    challenge, rested = _held(challenge, REST_NS)
    if not rested:
        return replace(challenge, hint=hint)
    return _ask(challenge, face, hint)


def _ask(challenge: Challenge, face: Face, hint: Hint) -> Challenge:
    return replace(
        challenge,
        stage="act",
        neutral=gestures.neutral_of(face),
        since_ns=None,
        wrong_ns=None,
        shut_ns=None,
        blinks=(),
        progress=0.0,
        hint=hint,
    )


def _act(challenge: Challenge, face: Face) -> Challenge:
    neutral, action = challenge.neutral, challenge.actions[challenge.index]
    if neutral is None:
        raise LookupError("an action without a neutral face before it")
    challenge = _watch_side(challenge, face, neutral, action)
    if challenge.stage != "act":
        return challenge
    level = gestures.level(action, face, neutral, challenge.baseline)
    progress = 0.8 * min(max(level, 0.0), 1.0)
    challenge = replace(challenge, progress=progress, hint=Hint.NONE)
    if action is Action.BLINK:
        challenge, done = _blink(challenge, shut=level >= 1)
    elif level >= 1:
        challenge, done = _held(challenge, HOLD_NS)
    else:
        flat = action in TURNS and gestures.turn(action, face, neutral) >= 1
        challenge = replace(challenge, since_ns=None, flat=challenge.flat or flat)
        done = False
    if not done:
        return challenge
    return replace(challenge, stage="back", since_ns=None, progress=0.8, flat=False)


def _watch_side(challenge: Challenge, face: Face, neutral: Neutral, action: Action) -> Challenge:
    """A turn that was not asked for starts the attempt anew, and fails it the second time."""
    wrong = any(gestures.turn(side, face, neutral) >= 1 for side in TURNS - {action})
    if not wrong:
        return replace(challenge, wrong_ns=None)
    since = challenge.now_ns if challenge.wrong_ns is None else challenge.wrong_ns
    if challenge.now_ns - since < HOLD_NS:
        return replace(challenge, wrong_ns=since)
    if challenge.slips >= SLIPS:
        return _fail(challenge, Failure.WRONG_ACTION)
    return replace(_again(challenge), slips=challenge.slips + 1, hint=Hint.FACE_FRONT)


def _blink(challenge: Challenge, *, shut: bool) -> tuple[Challenge, bool]:
    now = challenge.now_ns
    if shut:
        since = now if challenge.shut_ns is None else challenge.shut_ns
        return replace(challenge, shut_ns=since), now - since >= SHUT_NS
    if challenge.shut_ns is None:
        return challenge, False
    blinks = tuple(at for at in (*challenge.blinks, now) if now - at <= BLINKS_WITHIN_NS)
    return replace(challenge, shut_ns=None, blinks=blinks), len(blinks) >= BLINKS


def _back(challenge: Challenge, face: Face) -> Challenge:
    """Wait for the neutral face after an action; the next one is measured against it."""
    if not gestures.at_rest(face, challenge.baseline):
        return replace(challenge, since_ns=None, progress=0.8, hint=Hint.FACE_FRONT)
    challenge, rested = _held(replace(challenge, progress=0.9, hint=Hint.NONE), REST_NS)
    if not rested:
        return challenge
    if challenge.index + 1 < challenge.total:
        return _ask(replace(challenge, index=challenge.index + 1), face, Hint.NONE)
    challenge = replace(challenge, stage="confirm", since_ns=challenge.now_ns, progress=1.0)
    return _confirm(challenge, Hint.NONE)


def _confirm(challenge: Challenge, hint: Hint) -> Challenge:
    """The actions are done; who did them?"""
    if _verdict(challenge) == "same":
        return _over(challenge, "")
    since = challenge.now_ns if challenge.since_ns is None else challenge.since_ns
    if challenge.now_ns - since > CONFIRM_NS:
        dark = hint is Hint.TOO_DARK
        return _fail(challenge, Failure.TOO_DARK if dark else Failure.UNSURE_PERSON)
    hint = hint if hint is not Hint.NONE else Hint.HOLD_STILL
    return replace(challenge, since_ns=since, hint=hint)


def _held(challenge: Challenge, for_ns: int) -> tuple[Challenge, bool]:
    """Whether the stage's condition, true in this frame, has held long enough."""
    if challenge.since_ns is None:
        return replace(challenge, since_ns=challenge.now_ns), False
    return challenge, challenge.now_ns - challenge.since_ns >= for_ns


def _why_late(challenge: Challenge) -> Failure:
    """The time is up: the most helpful true reason."""
    if challenge.away_ns is not None or challenge.faces * 5 < challenge.frames:
        return Failure.ABSENT
    if challenge.stage == "confirm":
        return Failure.UNSURE_PERSON
    if challenge.hint is Hint.TOO_DARK:
        return Failure.TOO_DARK
    return Failure.PRINT if challenge.flat else Failure.NOT_ANSWERED


def _fail(challenge: Challenge, reason: Failure) -> Challenge:
    return _over(challenge, reason)


def _over(challenge: Challenge, reason: Failure | Literal[""]) -> Challenge:
    verdict = judge_similarities(challenge.similarities)
    outcome = CheckOutcome(
        passed=reason == "",
        reason=reason,
        similarity=verdict.similarity,
        seconds=(challenge.now_ns - challenge.began_ns) / SECOND,
        actions=challenge.actions,
        attempt=challenge.attempt,
    )
    return replace(challenge, stage="over", outcome=outcome, hint=Hint.NONE)
