"""One presentation before the camera, frame by frame on a clock of its own: for evaluation.

Nothing sleeps and nothing is random but by the seed, so a thousand attempts are judged as fast as
the models can look, and each again to the bit.
"""

import random
from dataclasses import dataclass
from enum import StrEnum

from proctor.adapters.simulated.casting import Person, demo_cast
from proctor.adapters.simulated.clips import Clips
from proctor.adapters.simulated.library import prepared
from proctor.adapters.simulated.motion import FPS
from proctor.adapters.simulated.performance import Performer
from proctor.adapters.simulated.scenes import compose, portrait_of
from proctor.adapters.simulated.sensor import GRAIN_SIGMA, expose
from proctor.adapters.simulated.stage import Prompt, Scene, asked
from proctor.ports import Picture

JITTER = 0.06
"""Spread of a web camera's intervals, as a share of them (2 to 4 ms at 15 to 30 a second)."""

SCREEN_LAG_S = 0.06
"""From the request to the light: a screen draws, a camera exposes."""


class Wear(StrEnum):
    """What the person has put on."""

    NOTHING = ""
    GLASSES = "glasses"
    DARK_GLASSES = "dark_glasses"
    MASK = "mask"


@dataclass(frozen=True, slots=True)
class Spec:
    """Everything that decides a presentation.

    person: who it is about (one of the cast, of a crowd, or one of them varied). scene: living or
    which deception. wear: on the face. light: 0.25 to 1. near: 1 at the usual distance, 2 at
    half. noise: sigma of the sensor's grain, grey levels. fps: frames a second. drop: share of
    frames that are lost. seed: reaction times, idling, jitter, where a recording begins.
    """

    person: Person
    scene: Scene = Scene.LIVE
    wear: Wear = Wear.NOTHING
    light: float = 1.0
    near: float = 1.0
    noise: float = GRAIN_SIGMA
    fps: float = float(FPS)
    drop: float = 0.0
    seed: int = 0


class Presentation:
    """Drive it: `at_ns, picture = p.frame()`, judge, then `p.prompt(...)` and `p.shine(...)`.

    Both may be told after every frame; only a change counts.
    """

    def __init__(self, spec: Spec, *, begin_ns: int = 0) -> None:
        """`begin_ns`: what the clock shows before the first frame."""
        self.spec = spec
        self._clips = _clips(spec)
        self._random = random.Random(spec.seed)
        self._performer = Performer(spec.seed)
        self._offset_s = self._random.uniform(0.0, 60.0)
        self._begin_ns = begin_ns
        self._tick = 0
        self._last_ns = begin_ns
        self._prompt: Prompt | None = None
        self._tints: list[tuple[int, str | None]] = []

    @property
    def portrait(self) -> Picture:
        """The person's neutral frontal picture, well lit, without grain."""
        return portrait_of(self._clips)

    def prompt(self, action: str | None, dot: str | None = None) -> None:
        """What is asked, as `proctor.ports.Prompted` has it."""
        now = self._prompt
        same = action is None if now is None else (now.action, now.dot) == (action, dot)
        if not same:
            self._prompt = asked(now, action, dot)

    def shine(self, tint: str | None) -> None:
        """The screen's light, as `proctor.ports.Prompted` has it."""
        if not self._tints or self._tints[-1][1] != tint:
            self._tints.append((self._last_ns + round(SCREEN_LAG_S * 1e9), tint))
            del self._tints[:-4]

    def frame(self) -> tuple[int, Picture | None]:
        """The next frame's time and picture; None in its place: that frame was lost."""
        self._tick += 1
        due_s = self._tick / self.spec.fps + self._random.gauss(0.0, JITTER / self.spec.fps)
        at_ns = max(self._last_ns + 1_000_000, self._begin_ns + round(due_s * 1e9))
        self._last_ns = at_ns
        if self._random.random() < self.spec.drop:
            return at_ns, None
        now_s = self._offset_s + (at_ns - self._begin_ns) / 1e9
        picture = compose(self.spec.scene, self._clips, self._performer, now_s, self._prompt)
        return at_ns, expose(picture, self.spec.light, self._tick, self.spec.noise)


def _clips(spec: Spec) -> Clips:
    name = spec.person.name
    if demo_cast()[name] != spec.person:
        raise NotImplementedError("varied people come with the next commit")
    return prepared([name])[name]
