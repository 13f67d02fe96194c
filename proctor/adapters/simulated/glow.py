"""The light of the learner's own screen on what is before the camera.

In linear light a matt surface gives back the screen's colour times its own; a glossy one, a
tablet's glass, a little of the screen's colour whatever it shows.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.clips import HEIGHT, WIDTH, Mask
from proctor.adapters.simulated.sensor import TONE
from proctor.light import TINT_RGB
from proctor.ports import Picture
from proctor.schedule import Tint

STRENGTH = 0.1
"""A white screen's light on a face half a metre away, as a share of the room's at full light."""

HAZE = 0.04
"""What a tablet's glass gives back of the screen's light."""

ROOM = 0.05
"""What comes back from the wall two metres behind, against the face."""

FINE = 6.0
"""Steps of a grey level in the tables of what is added: they hold bytes."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What the screen shines on. where: 255 full light, 0 none but the room's share.

    matt: how well a white spot there gives light back, against the face. haze: what glass does.
    """

    where: Mask
    matt: float = 1.0
    haze: float = 0.0


@cache
def reach() -> Mask:
    """How much of the screen's light reaches each place: the face most, the chest half of it."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    away = ((columns - WIDTH / 2) / 330.0) ** 2 + ((rows - 235) / 230.0) ** 2
    return np.asarray(np.round(255 * np.exp(-away)), np.uint8)


def on_person(cover: Mask) -> Surface:
    """A living person; `cover`: where they are."""
    lit = cv2.multiply(cover, reach(), scale=1 / 255)
    return Surface(lit.astype(np.uint8, copy=False))


@lru_cache(maxsize=256)
def _added(tint: Tint, light: float, matt: float, haze: float) -> npt.NDArray[np.uint8]:
    """uint8[256, 1, 3]: what the screen adds to each value, blue-green-red, FINE to a level."""
    display = np.arange(256)[:, None] / 255.0
    linear = display**2 / (1 - TONE * display**2)
    screen = STRENGTH * (np.array(TINT_RGB[tint][::-1]) / 255.0) ** 2
    lit = linear * (1 + matt * screen / light) + haze * screen
    shown = np.sqrt(lit / (1 + TONE * lit))
    return np.clip(np.round(FINE * 255 * (shown - display)), 0, 255).astype(np.uint8)[:, None]


def shone(picture: Picture, surface: Surface, tint: str | None, light: float) -> Picture:
    """The picture, taken in that light of the room, with the light of the screen on it."""
    if tint is None:
        return picture
    table = _added(Tint(tint), round(light, 3), surface.matt, surface.haze)
    where = np.maximum(surface.where, np.uint8(round(255 * ROOM)))
    share = cv2.merge([where, where, where])
    added = cv2.multiply(cv2.LUT(picture, table), share, scale=1 / (255 * FINE))
    return cv2.add(picture, added).astype(np.uint8, copy=False)
