"""What the simulated camera looks at: who is there, what is shown, the light, what is asked.

Left and right are the person's own. The picture is never mirrored, so the person's own left is
the image's right: "turn_left" gives yaw > 0 (towards the image's right), "turn_right" yaw < 0.
"""

import itertools
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from proctor.adapters.simulated.casting import demo_cast
from proctor.adapters.simulated.motion import ACTIONS
from proctor.schedule import Action, Place, Tint

DARKEST, BRIGHTEST = 0.25, 1.0


class Scene(StrEnum):
    """What is in front of the camera."""

    LIVE = "live"
    """The person, living."""
    PRINT = "print"
    """A printed photograph of the person, held still."""
    PRINT_TILTED = "print_tilted"
    """The photograph, slowly turned to each side by up to 40 degrees."""
    PRINT_WAVED = "print_waved"
    """The photograph, waved about."""
    PRINT_BENT = "print_bent"
    """The photograph bent on a cylinder, turned and tilted by somebody who reads what is asked."""
    PRINT_EYES = "print_eyes"
    """The photograph with the eyes cut out, and somebody's living eyes behind it."""
    REPLAY = "replay"
    """A recording of the person, every action in a fixed order, played on a tablet."""
    LOOPED = "looped"
    """A recording fed in instead of the camera's picture: the same frames again and again."""
    INJECTED = "injected"
    """A puppet of the person fed in: does what is asked, without grain, at exact times."""
    OTHER_PERSON = "other_person"
    """Somebody else, living, who does what is asked."""
    TWO_PEOPLE = "two_people"
    """The person, doing what is asked, and somebody else beside them."""
    NOBODY = "nobody"
    """The empty room."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """An action asked for; `number` tells two requests for the same action apart.

    dot: where the dot of `follow_dot` stands, a `proctor.schedule.Place`.
    """

    action: str
    number: int
    dot: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """The stage at one moment. light: 0.25 (a quarter) to 1 (well lit).

    tint: the light of the screen before the person, a `proctor.schedule.Tint`, or None.
    """

    person: str
    scene: Scene
    light: float
    prompt: Prompt | None
    tint: str | None = None


class Stage:
    """Set from the application's thread, read from the camera's."""

    def __init__(self, cast: Sequence[str] | None = None) -> None:
        """`cast`: the people's names, the first one takes the stage; by default the demo's cast."""
        self.cast: tuple[str, ...] = tuple(cast) if cast else demo_cast().names
        self._lock = threading.Lock()
        self._view = View(self.cast[0], Scene.LIVE, BRIGHTEST, None)

    def view(self) -> View:
        """All of it at once, so that a frame never mixes two settings."""
        with self._lock:
            return self._view

    def other(self, person: str) -> str:
        """Who sits beside that person, or takes their place, in the scenes with somebody else."""
        known = demo_cast()
        companion = known[person].companion if person in known.names else ""
        if companion in self.cast:
            return companion
        return self.cast[(self.cast.index(person) + 1) % len(self.cast)]

    @property
    def person(self) -> str:
        """Who is (or whose picture is) before the camera."""
        return self.view().person

    @person.setter
    def person(self, name: str) -> None:
        if name not in self.cast:
            raise ValueError(f"no such person: {name!r}; the cast is {', '.join(self.cast)}")
        with self._lock:
            self._view = replace(self._view, person=name)

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self.view().scene

    @scene.setter
    def scene(self, scene: Scene) -> None:
        with self._lock:
            self._view = replace(self._view, scene=Scene(scene))

    @property
    def light(self) -> float:
        """How light the room is, 0.25 to 1."""
        return self.view().light

    @light.setter
    def light(self, light: float) -> None:
        if not DARKEST <= light <= BRIGHTEST:
            raise ValueError(f"light is {DARKEST} to {BRIGHTEST}, not {light}")
        with self._lock:
            self._view = replace(self._view, light=float(light))

    def prompt(self, action: str | None, dot: str | None = None) -> None:
        """Ask the person for an action, or (None) for nothing any more.

        They begin after a human reaction time, go from neutral and back to neutral, and do it
        once more after a pause while the request stands. For `follow_dot`, `dot` says where the
        dot stands; told anew when it has moved, their eyes go after it.
        """
        with self._lock:
            self._view = replace(self._view, prompt=asked(self._view.prompt, action, dot))

    def shine(self, tint: str | None) -> None:
        """What light the screen before the person gives, a `Tint`, or None for none."""
        tint = None if tint is None else Tint(tint).value
        with self._lock:
            self._view = replace(self._view, tint=tint)


_numbers = itertools.count(1)


def asked(before: Prompt | None, action: str | None, dot: str | None) -> Prompt | None:
    """What is asked now; a dot that has only moved is still the same request."""
    if action is None:
        return None
    if action not in ACTIONS:
        raise ValueError(f"no such action: {action!r}; there are {', '.join(ACTIONS)}")
    dot = Place(dot).value if dot is not None and action == Action.FOLLOW_DOT else None
    if before is not None and before.action == action == Action.FOLLOW_DOT:
        return replace(before, dot=dot)
    return Prompt(action, next(_numbers), dot)
