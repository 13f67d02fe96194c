"""One presentation before the camera, frame by frame on a clock of its own: for evaluation.

Nothing sleeps and nothing is random but by the seed, so a thousand attempts are judged as fast as
the models can look, and each again to the bit.
"""

import random
from dataclasses import dataclass

from proctor.adapters.simulated.casting import Person, Wear, demo_cast
from proctor.adapters.simulated.library import clips_of
from proctor.adapters.simulated.motion import FOLLOW_DOT, FPS
from proctor.adapters.simulated.performance import Performer
from proctor.adapters.simulated.scenes import VIRTUAL, compose, portrait_of
from proctor.adapters.simulated.sensor import GRAIN_SIGMA
from proctor.adapters.simulated.stage import Prompt, Scene, asked
from proctor.adapters.simulated.taking import take
from proctor.ports import Picture

JITTER = 0.06
"""Spread of a web camera's intervals, as a share of them (2 to 4 ms at 15 to 30 a second)."""

SCREEN_LAG_S = 0.06
"""From the request to the light: a screen draws, a camera exposes."""

CAMERA, VIRTUAL_CAMERA = "Integrated Camera", "OBS Virtual Camera"
"""What the device calls itself: that of the scenes in `VIRTUAL` is a program."""


@dataclass(frozen=True, slots=True)
class Spec:
    """Everything that decides a presentation.

    person: who it is about (of the cast, of a crowd, or one of them varied by
    `model_copy(update={"skin": 0.8})`, likewise age, origin, hairdo, stubble). scene: living or
    which deception. wear, near: put over the person's own; near: 1 at the usual distance, 2 at
    half. light: 0.25 to 1. noise: sigma of the sensor's grain, grey levels. fps: frames a second.
    drop: share of frames that are lost. seed: reaction times, idling, jitter, where a recording
    begins. other: who else, in the scenes with somebody else; by default the person's companion,
    else the first of the demo's people who is not the person.
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
    other: Person | None = None

    @property
    def dressed(self) -> Person:
        """The person with what they wear, where they sit."""
        if self.wear is Wear.NOTHING and self.near == 1.0:
            return self.person
        return self.person.model_copy(update={"wear": self.wear, "near": self.near})

    @property
    def device(self) -> str:
        """The camera's name as the system lists it."""
        return VIRTUAL_CAMERA if self.scene in VIRTUAL else CAMERA


class Presentation:
    """Drive it: `at_ns, picture = p.frame()`, judge, then `p.prompt(...)` and `p.shine(...)`.

    Both may be told after every frame; only a change counts.
    """

    def __init__(self, spec: Spec, *, begin_ns: int = 0) -> None:
        """`begin_ns`: what the clock shows before the first frame."""
        self.spec = spec
        self._clips = clips_of(spec.dressed)
        self._other = clips_of(_other(spec)) if spec.scene in _WITH_OTHERS else None
        self._random = random.Random(spec.seed)
        self._performer = Performer(spec.seed)
        self._offset_s = self._random.uniform(0.0, 60.0)
        self._begin_ns = begin_ns
        self._tick = 0
        self._last_ns = begin_ns
        self._prompt: Prompt | None = None
        self._tint: str | None = None
        self._tints: list[tuple[int, str | None]] = []

    @property
    def portrait(self) -> Picture:
        """The person's neutral frontal picture, well lit, without grain."""
        return portrait_of(self._clips)

    def prompt(self, action: str | None, dot: str | None = None) -> None:
        """What is asked, as `proctor.ports.Prompted` has it."""
        now = self._prompt
        if now is None or action != now.action or action == FOLLOW_DOT:
            self._prompt = asked(now, action, dot)

    def shine(self, tint: str | None) -> None:
        """The screen's light, as `proctor.ports.Prompted` has it."""
        told = self._tints[-1][1] if self._tints else self._tint
        if tint != told:
            self._tints.append((self._last_ns + round(SCREEN_LAG_S * 1e9), tint))

    def frame(self) -> tuple[int, Picture | None]:
        """The next frame's time and picture; None in its place: that frame was lost."""
        spec = self.spec
        virtual = spec.scene in VIRTUAL
        self._tick += 1
        late = 0.0 if virtual else self._random.gauss(0.0, JITTER / spec.fps)
        at_ns = self._begin_ns + round((self._tick / spec.fps + late) * 1e9)
        at_ns = self._last_ns = max(self._last_ns + 1_000_000, at_ns)
        while self._tints and self._tints[0][0] <= at_ns:
            self._tint = self._tints.pop(0)[1]
        if self._random.random() < spec.drop:
            return at_ns, None
        now_s = self._offset_s + (at_ns - self._begin_ns) / 1e9
        shown = compose(spec.scene, self._clips, self._performer, now_s, self._prompt, self._other)
        sigma = 0.0 if spec.scene is Scene.INJECTED else spec.noise
        return at_ns, take(shown, spec.light, self._tint, self._tick, sigma)


_WITH_OTHERS = frozenset({Scene.OTHER_PERSON, Scene.TWO_PEOPLE, Scene.PRINT_EYES})


def _other(spec: Spec) -> Person:
    if spec.other is not None:
        return spec.other
    cast = demo_cast()
    name = spec.person.companion
    if name in cast.names and name != spec.person.name:
        return cast[name]
    return next(each for each in cast.people if each.name != spec.person.name)
