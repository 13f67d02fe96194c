"""A recorded clip judged as a check would be: calibrate, ask what was asked then, weigh the signs.

    calibrate ──well seen for a second, or the first action comes──▶ watch
    watch ──an action's time has come──▶ one action of a check (`liveness`) ──done──▶ watch …

Each action has the time from a second before it was asked (people say when it began as
often as when it was asked) to the next one, or to the clip's end. No screen's light is known
for a recording. What a file has to say of the camera is left out of the risk (`OF_THE_FILE`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from proctor import liveness, positioning, signs
from proctor.baseline import Baseline, calibrate
from proctor.clip import Asked
from proctor.devices import RECORDED
from proctor.evaluation import Decision
from proctor.hints import COVERINGS, Hint, framing
from proctor.identity import comparable, judge_similarities, similarity
from proctor.liveness import Challenge, Failure
from proctor.observation import Embedding, FaceObservation, Tick
from proctor.positioning import Positioning
from proctor.risk import Risk, Sign, combine
from proctor.schedule import Action, Attempt, Rules
from proctor.signs import Signs

SECOND = 1_000_000_000

LEAD_NS = SECOND
"""How long before its time an action is watched for: the neutral face has to be seen first."""

CALIBRATED_NS = SECOND
"""Where nothing is asked, or at once, the calibration may last this long."""

FEWEST_FACES = 5
"""Frames with a face without which there is nothing to judge."""

SEVERAL_SHARE = 0.2
"""Share of the frames with somebody else in them, from which on that is no slip of the detector."""

SAMPLES = 60
"""Embeddings kept of a clip for the comparison with others."""

OF_THE_FILE = frozenset(
    {Sign.TOO_REGULAR, Sign.NO_NOISE, Sign.REPEATED_FRAMES, Sign.STREAM_CHANGED}
)
"""Signs that speak of how a file was written: a container counts time exactly, compression
takes the grain away and repeats frames. They are told, and weigh nothing."""


class Cause(StrEnum):
    """Why a clip was not accepted, beside `liveness.Failure`."""

    RISK = "risk"
    NO_FACE = "no_face"
    CLIP_ENDED = "clip_ended"
    AFTER_THE_END = "after_the_end"
    SEVERAL_FACES = "several_faces"
    COVERED_FACE = "covered_face"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one action. reason: "" where it was done."""

    asked: Asked
    done: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """A clip so far. start_ns: the time of its beginning. before: frames for the calibration.

    similarities: of good frames with the clip's own beginning. looks, faces, several: frames,
    those with a face, those with several. hints: what was wrong with how often.
    """

    asked: tuple[Asked, ...]
    rules: Rules = field(repr=False)
    start_ns: int
    now_ns: int
    positioning: Positioning = field(default_factory=Positioning, repr=False)
    before: tuple[FaceObservation, ...] = field(default=(), repr=False)
    baseline: Baseline | None = None
    template: Embedding | None = field(default=None, repr=False)
    challenge: Challenge | None = None
    index: int = 0
    answers: tuple[Answer, ...] = ()
    signs: Signs = field(default_factory=Signs, repr=False)
    samples: tuple[Embedding, ...] = field(default=(), repr=False)
    similarities: tuple[float, ...] = ()
    looks: int = 0
    faces: int = 0
    several: int = 0
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """passive: no action could be judged, so the decision rests on signs and presence.

    similarity: median cosine of the clip's faces to its own beginning, None without any.
    left_out: signs that weigh nothing in a file. hint: what was wrong most often.
    """

    decision: Decision
    reason: str
    passive: bool
    answers: tuple[Answer, ...]
    risk: Risk
    left_out: tuple[Sign, ...]
    seconds: float
    looks: int
    faces: int
    hint: Hint
    similarity: float | None
    template: Embedding | None = field(repr=False)
    samples: tuple[Embedding, ...] = field(repr=False)


def begin(asked: Sequence[Asked], rules: Rules, start_ns: int) -> Examination:
    """Open a clip whose first moment is `start_ns`; `asked` by their times."""
    return Examination(tuple(asked), rules, start_ns, start_ns)


def step(exam: Examination, seen: FaceObservation) -> Examination:
    """After one more frame."""
    exam = _count(replace(exam, now_ns=max(exam.now_ns, seen.at_ns)), seen)
    exam = _close_late(exam)
    if exam.baseline is None:
        exam = _calibrate(exam, seen)
    exam = _sample(exam, seen)
    exam = _open(exam)
    resting = exam.challenge is None
    exam = replace(exam, signs=signs.step(exam.signs, seen, None, resting=resting))
    if exam.challenge is None:
        return exam
    challenge = liveness.step(exam.challenge, seen)
    return _settle(replace(exam, challenge=challenge))


def finish(exam: Examination, end_ns: int, flags: tuple[str, ...] = ()) -> Findings:
    """The clip is over. flags: what is known of its device (`proctor.devices`)."""
    exam = replace(exam, now_ns=max(exam.now_ns, end_ns))
    exam = _close_late(exam)
    for number in range(len(exam.answers), len(exam.asked)):
        exam = _answer(exam, exam.asked[number], _why_unfinished(exam, number))
    whole = signs.risk_of(exam.signs, (*flags, RECORDED))
    risk = _without(whole, OF_THE_FILE)
    decision, reason = _decide(exam, risk)
    verdict = judge_similarities(exam.similarities, exam.rules.match_accept, exam.rules.match_alert)
    common = Counter(exam.hints).most_common(1)
    return Findings(
        decision,
        reason,
        passive=not exam.asked,
        answers=exam.answers,
        risk=risk,
        left_out=tuple(sign for sign in whole.signs if sign in OF_THE_FILE),
        seconds=(exam.now_ns - exam.start_ns) / SECOND,
        looks=exam.looks,
        faces=exam.faces,
        hint=common[0][0] if common else Hint.NONE,
        similarity=verdict.similarity if verdict.samples else None,
        template=exam.template,
        samples=exam.samples,
    )


def _count(exam: Examination, seen: FaceObservation) -> Examination:
    hint = framing(seen)
    wrong = hint not in (Hint.NONE, Hint.GOOD)
    return replace(
        exam,
        looks=exam.looks + 1,
        faces=exam.faces + (seen.face is not None),
        several=exam.several + (seen.count > 1),
        hints=(*exam.hints, hint) if wrong else exam.hints,
    )


def _window(exam: Examination, number: int) -> tuple[int, int]:
    """From when to when an action is watched for."""
    at_ns = exam.start_ns + round(exam.asked[number].at_s * SECOND)
    until = at_ns + round(exam.rules.action_s * SECOND)
    if number + 1 < len(exam.asked):
        until = min(until, exam.start_ns + round(exam.asked[number + 1].at_s * SECOND))
    return at_ns - LEAD_NS, max(until, at_ns)


def _calibrate(exam: Examination, seen: FaceObservation) -> Examination:
    """The neutral face, as at sign-in; or the best there is when the first action comes."""
    placed = positioning.step(exam.positioning, seen)
    before = (*exam.before, seen)[-SAMPLES:]
    exam = replace(exam, positioning=placed, before=before)
    if placed.baseline is not None and placed.embedding is not None:
        return replace(exam, baseline=placed.baseline, template=placed.embedding, before=())
    due = _window(exam, 0)[0] if exam.asked else exam.start_ns
    if exam.now_ns < max(due, exam.start_ns + CALIBRATED_NS):
        return exam
    found = [
        each.face.embedding
        for each in before
        if each.face is not None and each.face.embedding is not None
    ]
    baseline = calibrate(before)
    if baseline is None or not found:
        return exam
    total = np.sum(found, axis=0)
    template = np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)
    return replace(exam, baseline=baseline, template=template, before=())


def _sample(exam: Examination, seen: FaceObservation) -> Examination:
    face, rest = seen.face, exam.baseline or Baseline()
    if face is None or face.embedding is None or not comparable(seen, rest.yaw_deg, rest.pitch_deg):
        return exam
    samples = (*exam.samples, face.embedding)[-SAMPLES:]
    if exam.template is None:
        return replace(exam, samples=samples)
    cosine = similarity(face.embedding, exam.template)
    return replace(exam, samples=samples, similarities=(*exam.similarities, cosine))


def _open(exam: Examination) -> Examination:
    """Begin watching for the next action when its time has come."""
    if exam.challenge is not None or exam.index >= len(exam.asked):
        return exam
    opens, closes = _window(exam, exam.index)
    if exam.baseline is None or exam.template is None or exam.now_ns < opens:
        return exam
    asked = exam.asked[exam.index]
    left_s = max(0.001, (closes - exam.now_ns) / SECOND)
    rules = replace(exam.rules, answer_s=left_s, action_s=left_s)
    # one action by itself may be none that shows a head, as in the alternative set
    attempt = Attempt((asked.action,), dot=asked.dot, alternative=True)
    return replace(
        exam,
        challenge=liveness.begin(attempt, exam.baseline, exam.template, exam.now_ns, rules),
    )


def _settle(exam: Examination) -> Examination:
    """Note what became of the action, once that is certain."""
    challenge, asked = exam.challenge, exam.asked[exam.index]
    if challenge is None or challenge.asked is not None:
        return exam
    outcome = challenge.outcome
    # Whoever is there is asked over the whole clip, in `_decide`.
    if outcome is None or outcome.passed or outcome.reason is Failure.UNSURE_PERSON:
        return _answer(exam, asked, "")
    return _answer(exam, asked, outcome.reason)


def _answer(exam: Examination, asked: Asked, reason: str) -> Examination:
    answer = Answer(asked, reason == "", reason)
    return replace(exam, answers=(*exam.answers, answer), index=exam.index + 1, challenge=None)


def _close_late(exam: Examination) -> Examination:
    """End what was not answered before its time ran out."""
    while exam.index < len(exam.asked):
        closes = _window(exam, exam.index)[1]
        if exam.now_ns <= closes:
            break
        if exam.challenge is None:
            exam = _answer(exam, exam.asked[exam.index], _why_unseen(exam))
            continue
        exam = replace(exam, challenge=liveness.step(exam.challenge, Tick(exam.now_ns)))
        if exam.challenge is not None and exam.challenge.asked is not None:
            exam = _answer(exam, exam.asked[exam.index], Failure.NOT_ANSWERED)
        else:
            exam = _settle(exam)
    return exam


def _why_unfinished(exam: Examination, number: int) -> str:
    """Why an action had not been answered when the clip ended."""
    if number == exam.index and exam.challenge is not None:
        return Cause.CLIP_ENDED
    if exam.start_ns + round(exam.asked[number].at_s * SECOND) > exam.now_ns:
        return Cause.AFTER_THE_END
    return Cause.CLIP_ENDED if exam.baseline is not None else _why_unseen(exam)


def _why_unseen(exam: Examination) -> str:
    """Why no neutral face was there to begin from."""
    if _covered(exam):
        return Cause.COVERED_FACE
    if exam.several * 2 > exam.looks:
        return Cause.SEVERAL_FACES
    dark = sum(hint is Hint.TOO_DARK for hint in exam.hints) * 2 > exam.looks
    return Failure.TOO_DARK if dark else Failure.ABSENT


def _covered(exam: Examination) -> bool:
    return sum(hint in COVERINGS for hint in exam.hints) * 2 > exam.looks


def _decide(exam: Examination, risk: Risk) -> tuple[Decision, str]:
    if exam.faces < FEWEST_FACES:
        return Decision.NO_RESPONSE, Cause.NO_FACE
    reason = _why_rejected(exam)
    if reason:
        return Decision.REJECTED, reason
    if risk.score >= exam.rules.risk_review:
        return Decision.REFERRED, Cause.RISK
    return Decision.ACCEPTED, ""


def _why_rejected(exam: Examination) -> str:
    failed = [answer.reason for answer in exam.answers if not answer.done]
    if failed:
        return failed[0]
    if exam.several > SEVERAL_SHARE * exam.looks:
        return Cause.SEVERAL_FACES
    rules = exam.rules
    verdict = judge_similarities(exam.similarities, rules.match_accept, rules.match_alert)
    if verdict.answer == "different":
        return Failure.OTHER_PERSON
    return Cause.COVERED_FACE if _covered(exam) else ""


def _without(risk: Risk, left_out: frozenset[Sign]) -> Risk:
    """The risk of the other signs alone."""
    return combine(each for each in risk.evidence if each.sign not in left_out)


def holds_turn(asked: Sequence[Asked]) -> bool:
    """Whether a turn is among the actions; without one a print with cut-out eyes may pass."""
    return any(each.action in (Action.TURN_LEFT, Action.TURN_RIGHT) for each in asked)
