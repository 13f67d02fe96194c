"""One attempt at a check, by a simulated learner or an attacker, judged by the real models.

Everything runs on the presentation's own clock, in the rhythm of a check (`eyes.Pace`): nothing
sleeps, and what comes out depends on the seeds alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

import numpy as np

from proctor import cadence, devices, liveness, positioning, signs
from proctor.adapters.eyes import JITTER, Pace
from proctor.adapters.models import FaceModels
from proctor.adapters.simulated.casting import Person
from proctor.adapters.simulated.presentation import Presentation, Spec
from proctor.baseline import Baseline
from proctor.cadence import Cadence, Rhythm
from proctor.evaluation import Decision
from proctor.hints import COVERINGS, Hint
from proctor.liveness import Challenge
from proctor.observation import Embedding, FaceObservation
from proctor.positioning import Positioning
from proctor.schedule import Action, Attempt, Rules, attempts_of

SECOND = 1_000_000_000

RULES = Rules(allowed=tuple(Action))
"""The presets, with every action that there is."""

ATTACK_S = 20.0
"""An attacker's time for an attempt: what has not worked by then won't, and it bounds the bench."""

POSITIONED_S = 12.0
"""How long somebody may take to be seen well before the check."""

VIRTUAL = (devices.VIRTUAL_CAMERA,)


@dataclass(frozen=True, slots=True)
class Task:
    """A check to be made, before which the spec's person enrolled. kind: "" honest, else the
    attack. factor, value: what differs from the usual, "" for nothing.
    """

    spec: Spec
    kind: str = ""
    factor: str = ""
    value: str = ""
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt. hint: the covering that the learner was told to take off, if any.

    risk_flagged: the same risk, had the camera been known for a virtual one.
    """

    decision: str
    reason: str
    risk: float
    risk_flagged: float
    signs: dict[str, float]
    similarity: float
    seconds: float
    actions: list[str]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A task's outcome: its attempts, until one was accepted or none were left."""

    kind: str
    factor: str
    value: str
    person: str
    seed: int
    tried: list[Tried]


@dataclass
class Booth:
    """The models and the people they have met; time only goes on."""

    models: FaceModels
    now_ns: int = 0
    known: dict[str, tuple[Baseline, Embedding]] = field(default_factory=dict)

    def make(self, task: Task) -> Made:
        """Carry one task out."""
        honest = not task.kind
        rules = RULES if honest else Rules(allowed=RULES.allowed, answer_s=ATTACK_S)
        baseline, template = self._enrolled(task.spec.person)
        draws = attempts_of(_seed(task), task.spec.seed, rules)
        tried: list[Tried] = []
        before: Challenge | None = None
        for number in range(1, task.attempts + 1):
            shown = Presentation(_again(task.spec, number), begin_ns=self._forget())
            watch = Watch(self.models, shown, Pace.PREVIEW.value)
            placed = Positioning()
            if honest:
                placed = watch.position()
                if placed.baseline is None:
                    tried.append(_unplaced(placed, draws[number - 1], watch.covering))
                    self.now_ns = watch.now_ns
                    continue
                baseline = placed.baseline
            watch.rhythm = Pace.CHECKING.value
            face = baseline, template
            before = watch.attempt(draws[number - 1], face, rules, number, before)
            tried.append(_tried(before, watch.covering))
            self.now_ns = watch.now_ns
            if tried[-1].decision == Decision.ACCEPTED:
                break
        spec = task.spec
        return Made(task.kind, task.factor, task.value, spec.person.name, spec.seed, tried)

    def _enrolled(self, person: Person) -> tuple[Baseline, Embedding]:
        """As at the institution: in good light, with nothing on the face."""
        who = person.model_dump_json()
        if who not in self.known:
            shown = Presentation(Spec(person, seed=7), begin_ns=self._forget())
            watch = Watch(self.models, shown, Pace.PREVIEW.value)
            placed = watch.position()
            self.now_ns = watch.now_ns
            if placed.baseline is None or placed.embedding is None:
                raise LookupError(f"{person.name} can't be enrolled: {placed.hint}")
            self.known[who] = placed.baseline, placed.embedding
        return self.known[who]

    def _forget(self) -> int:
        """Nobody for a while: the landmark model follows a face from frame to frame."""
        grey = np.full((480, 640, 3), 128, np.uint8)
        for _ in range(6):
            self.now_ns += SECOND
            self.models.observe(grey, self.now_ns)
        self.now_ns += SECOND
        return self.now_ns


@dataclass
class Watch:
    """A presentation looked at in a rhythm."""

    models: FaceModels
    shown: Presentation
    rhythm: Rhythm
    now_ns: int = 0
    due_ns: int = 0
    looks: Cadence = field(default_factory=Cadence)
    covering: str = ""
    """What the learner was told to take off, if anything."""

    def look(self) -> FaceObservation | liveness.Tick:
        """The next frame as it is judged, or the time where none is."""
        self.now_ns, picture = self.shown.frame()
        if picture is None or self.now_ns < self.due_ns:
            return liveness.Tick(self.now_ns)
        self.due_ns = self.now_ns + round(self.rhythm.judged_s * JITTER * SECOND)
        asked = cadence.look(self.looks, self.rhythm)
        seen = self.models.observe(
            picture,
            self.now_ns,
            with_embedding=asked.embed,
            with_count=asked.count,
            with_signs=asked.signs,
        )
        self.looks = cadence.looked(self.looks, asked, seen)
        return seen

    def position(self) -> Positioning:
        """The camera check before study."""
        placed, began_ns = Positioning(), self.now_ns
        while placed.embedding is None:
            seen = self.look()
            began_ns = began_ns or self.now_ns
            if isinstance(seen, FaceObservation):
                placed = positioning.step(placed, seen)
                self._note(placed.hint)
            if self.now_ns - began_ns > POSITIONED_S * SECOND:
                break
        return placed

    def attempt(
        self,
        draw: Attempt,
        face: tuple[Baseline, Embedding],
        rules: Rules,
        number: int,
        before: Challenge | None,
    ) -> Challenge:
        """One attempt from its first frame to its outcome."""
        self.looks = Cadence()
        self.look()  # the clock's first time is the frame's
        challenge = liveness.begin(draw, *face, self.now_ns, rules, number, before=before)
        while challenge.outcome is None:
            self._tell(challenge)
            challenge = liveness.step(challenge, self.look())
            self._note(challenge.hint)
        self.shown.prompt(None)
        self.shown.shine(None)
        return challenge

    def _note(self, hint: Hint) -> None:
        self.covering = hint.value if hint in COVERINGS else self.covering

    def _tell(self, challenge: Challenge) -> None:
        asked, dot, tint = challenge.asked, challenge.dot, challenge.tint
        self.shown.prompt(asked.value if asked else None, dot.value if dot else None)
        self.shown.shine(tint.value if tint else None)


def _tried(challenge: Challenge, hint: str) -> Tried:
    outcome = challenge.outcome
    assert outcome is not None
    decision = Decision.REJECTED
    if outcome.passed:
        decision = Decision.REFERRED if outcome.in_review else Decision.ACCEPTED
    return Tried(
        decision=decision.value,
        reason=str(outcome.reason) or ("risk" if outcome.in_review else ""),
        risk=float(outcome.risk.score),
        risk_flagged=float(signs.risk_of(challenge.signs, VIRTUAL).score),
        signs={each.sign.value: round(float(each.level), 4) for each in outcome.risk.evidence},
        similarity=outcome.similarity,
        seconds=outcome.seconds,
        actions=[action.value for action in outcome.actions],
        hint=hint,
    )


def _unplaced(placed: Positioning, draw: Attempt, hint: str) -> Tried:
    """Never seen well enough for a check to begin: the learner was told why."""
    reason = f"not_placed:{placed.hint.value or Hint.HOLD_STILL.value}"
    actions = [action.value for action in draw.actions]
    return Tried(Decision.REJECTED.value, reason, 0.0, 0.0, {}, 0.0, POSITIONED_S, actions, hint)


def _again(spec: Spec, number: int) -> Spec:
    """The same person on another try: other reaction times, other idling."""
    return replace(spec, seed=spec.seed * 10 + number)


def _seed(task: Task) -> bytes:
    """The same draws for the same person, whatever the condition: only the factor differs."""
    text = f"{task.kind}/{task.spec.person.seed}/{task.spec.seed}"
    return hashlib.sha256(text.encode()).digest()
