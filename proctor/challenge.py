"""One attempt of a check as a value: what is asked, how far it is, how it ended.

The machine that moves it is in `liveness`, the part about the actions in `acting`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from proctor import signs
from proctor.baseline import Baseline
from proctor.gestures import Neutral
from proctor.hints import Hint
from proctor.identity import judge_similarities
from proctor.observation import Embedding
from proctor.risk import Risk
from proctor.schedule import TINT_S, Action, Attempt, Place, Rules, Tint

SECOND = 1_000_000_000

DOT_AFTER_NS = 700_000_000
"""From asking to the dot's first place. A face is taken for neutral while the head still
comes back from a nod, which is near enough for another nod, but not for a look: until the
dot appears, what it is measured against follows the head."""


class Failure(StrEnum):
    """Why an attempt did not pass; the words are in `app.texts`.

    other_person: five good frames or more speak for somebody else. unsure_person: too few
    frames, or they don't agree. not_answered: the time for an action or for the attempt ran
    out. several_faces: a second face for more than a second. absent: no face at the end, or
    hardly ever. wrong_action: a turn that was not asked for, twice. print: turns were seen,
    but none of a solid head. too_dark: the face was too dark until the end. covered_face:
    until the end a mask or dark glasses covered it.
    """

    OTHER_PERSON = "other_person"
    UNSURE_PERSON = "unsure_person"
    NOT_ANSWERED = "not_answered"
    SEVERAL_FACES = "several_faces"
    ABSENT = "absent"
    WRONG_ACTION = "wrong_action"
    PRINT = "print"
    TOO_DARK = "too_dark"
    COVERED_FACE = "covered_face"


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """How an attempt ended. reason: a `Failure`, "" when passed.

    similarity: median cosine to the enrolled face, 0.0 when no frame could be compared.
    seconds: from its beginning. actions: those that were asked for. attempt: its number,
    from 1. risk: what all signs of deception together say. in_review: it passed, but the
    platform decides whether it counts. face: of the best frame, for the platform to compare.
    """

    passed: bool
    reason: Failure | Literal[""]
    similarity: float
    seconds: float
    actions: tuple[Action, ...]
    attempt: int
    risk: Risk = field(default_factory=Risk)
    alternative: bool = False
    in_review: bool = False
    face: Embedding | None = field(default=None, repr=False, compare=False)


Stage = Literal["settle", "act", "back", "confirm", "over"]


@dataclass(frozen=True, slots=True)
class Challenge:
    """One attempt. index: which action, from 0. progress: of this action, 0 to 1.

    baseline: the neutral face as it is now, first: as it was at sign-in. since_ns: since
    when the stage's condition holds. action_ns: when this action was asked for. looked_ns:
    the newest frame's time. away_ns, several_ns: since when no or more than one face is
    seen. wrong_ns: since when the head is turned to a side that was not asked for. shut_ns:
    since when the eyes are shut; blinks: when they were opened. dots: places the dot has
    been followed to; dot_ns: when it went where it is now; strayed_ns: since when somebody
    looks elsewhere. framed, framed_ns: what is wrong with the picture, and since when.
    flat: a turn was seen, but no head. faces, frames: how many frames of how many had a
    face. face, face_quality: the best frame's so far.
    """

    plan: Attempt
    first: Baseline
    baseline: Baseline
    template: Embedding = field(repr=False)
    rules: Rules = field(repr=False)
    number: int
    began_ns: int
    now_ns: int
    flags: tuple[str, ...] = ()
    stage: Stage = "settle"
    index: int = 0
    progress: float = 0.0
    hint: Hint = Hint.NONE
    outcome: CheckOutcome | None = None
    neutral: Neutral | None = None
    since_ns: int | None = None
    action_ns: int | None = None
    looked_ns: int | None = None
    away_ns: int | None = None
    several_ns: int | None = None
    wrong_ns: int | None = None
    shut_ns: int | None = None
    blinks: tuple[int, ...] = ()
    dots: int = 0
    dot_ns: int = 0
    strayed_ns: int | None = None
    framed: Hint = Hint.NONE
    framed_ns: int = 0
    slips: int = 0
    flat: bool = False
    faces: int = 0
    frames: int = 0
    similarities: tuple[float, ...] = ()
    face: Embedding | None = field(default=None, repr=False, compare=False)
    face_quality: float = 0.0
    signs: signs.Signs = field(default_factory=signs.Signs, repr=False)

    @property
    def actions(self) -> tuple[Action, ...]:
        return self.plan.actions

    @property
    def asked(self) -> Action | None:
        """The action that is asked for now; None when there is nothing (more) to do."""
        return None if self.stage in ("confirm", "over") else self.actions[self.index]

    @property
    def dot(self) -> Place | None:
        """Where the dot stands now; None while there is none to follow."""
        if self.stage != "act" or self.asked is not Action.FOLLOW_DOT or self.action_ns is None:
            return None
        if self.now_ns - self.action_ns < DOT_AFTER_NS:
            return None
        return self.plan.dot[self.dots]

    @property
    def tint(self) -> Tint | None:
        """The light of the screen now; None where the policy wants none."""
        return None if self.stage == "over" else self.tint_at(self.now_ns)

    def tint_at(self, at_ns: int) -> Tint | None:
        """The light at another time of the attempt."""
        tints = self.plan.tints
        if not tints or at_ns < self.began_ns:
            return None
        return tints[(at_ns - self.began_ns) // round(TINT_S * SECOND) % len(tints)]

    @property
    def total(self) -> int:
        return len(self.actions)

    @property
    def seconds_left(self) -> float:
        """Until the attempt fails: of the action's time or the attempt's, what ends sooner."""
        left = self.rules.answer_s - (self.now_ns - self.began_ns) / SECOND
        if self.action_ns is not None:
            left = min(left, self.rules.action_s - (self.now_ns - self.action_ns) / SECOND)
        return max(0.0, left)

    @property
    def seconds_total(self) -> float:
        """What `seconds_left` counts down from."""
        if self.action_ns is None:
            return self.rules.answer_s
        before = (self.action_ns - self.began_ns) / SECOND
        return min(self.rules.action_s, max(0.0, self.rules.answer_s - before))


def again(challenge: Challenge) -> Challenge:
    """Back to the start of the attempt; its time runs on."""
    return replace(
        challenge,
        stage="settle",
        index=0,
        progress=0.0,
        neutral=None,
        since_ns=None,
        action_ns=None,
        wrong_ns=None,
        shut_ns=None,
        blinks=(),
        dots=0,
        strayed_ns=None,
    )


def held(challenge: Challenge, for_ns: int) -> tuple[Challenge, bool]:
    """Whether the stage's condition, true in this frame, has held long enough."""
    if challenge.since_ns is None:
        return replace(challenge, since_ns=challenge.now_ns), False
    return challenge, challenge.now_ns - challenge.since_ns >= for_ns


def over(challenge: Challenge, reason: Failure | Literal[""]) -> Challenge:
    """The attempt at its end, with everything that is known of it."""
    verdict = judge_similarities(challenge.similarities)
    risk = signs.risk_of(challenge.signs, challenge.flags)
    passed = reason == ""
    outcome = CheckOutcome(
        passed=passed,
        reason=reason,
        similarity=verdict.similarity,
        seconds=(challenge.now_ns - challenge.began_ns) / SECOND,
        actions=challenge.actions,
        attempt=challenge.number,
        risk=risk,
        alternative=challenge.plan.alternative,
        in_review=passed and risk.score >= challenge.rules.risk_review,
        face=challenge.face,
    )
    return replace(challenge, stage="over", outcome=outcome, hint=Hint.NONE, action_ns=None)
