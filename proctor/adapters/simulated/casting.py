"""The people who can be simulated: read from cast.toml. All of them are invented."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

PACKAGE = "proctor.adapters.simulated"

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255, as a painter would name it (sRGB)."""


class Wear(StrEnum):
    """What is on a face."""

    NOTHING = ""
    GLASSES = "glasses"
    DARK_GLASSES = "dark_glasses"
    MASK = "mask"


class Person(BaseModel):
    """All that a person is; `cast.toml` explains each field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    label_zh: str
    label_en: str
    seed: int
    male: float
    age: float
    origin: tuple[float, float, float] = (0.0, 1.0, 0.0)
    skin: float = 0.25
    vary: float = 0.3
    weight: float = 0.0
    smile: float = 0.25
    hair: Colour = (26, 21, 19)
    iris: Colour = (70, 45, 28)
    hairdo: Literal["short", "crop", "tied"] = "short"
    jacket: Colour = (60, 78, 104)
    vest: Colour | None = None
    shapes: dict[str, float] = {}
    brow: tuple[float, float] = (0.022, 0.05)
    stubble: float = 0.0
    room: Literal[1, 2, 3] = 1
    companion: str = ""
    wear: Wear = Wear.NOTHING
    near: float = 1.0


@dataclass(frozen=True, slots=True)
class Cast:
    """The demo's people in the order of the file: the first is the learner."""

    people: tuple[Person, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(person.name for person in self.people)

    def __getitem__(self, name: str) -> Person:
        for person in self.people:
            if person.name == name:
                return person
        raise KeyError(name)


def read_cast(text: str) -> Cast:
    """A cast from the text of a cast.toml; says what is wrong with it."""
    data: dict[str, Any] = tomllib.loads(text)
    people = tuple(Person(name=name, **fields) for name, fields in data.items())
    names = {person.name for person in people}
    for person in people:
        if person.companion not in names - {person.name}:
            raise ValueError(f"{person.name}: companion {person.companion!r} is nobody else here")
    return Cast(people)


@cache
def demo_cast() -> Cast:
    """The people of the demo."""
    return read_cast(resources.files(PACKAGE).joinpath("cast.toml").read_text("utf-8"))
