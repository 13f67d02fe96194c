"""A frame is taken: what is before the camera, in this light, by this sensor."""

from proctor.adapters.simulated.glow import shone
from proctor.adapters.simulated.scenes import Shown
from proctor.adapters.simulated.sensor import dimmed, grained
from proctor.ports import Picture

EXPOSURE = 0.85
"""Cameras expose for the face: some room is left above it. Rendered at full, a pale face's red is
at its end on 63 % of its pixels, and no light on top of it could be seen."""


def take(shown: Shown, light: float, tint: str | None, number: int, sigma: float) -> Picture:
    """uint8[480, 640, 3], the caller's own.

    light: the room's, 0.25 to 1. tint: the screen's, None for none. number: counts frames, for
    the grain. sigma: of the grain, grey levels.
    """
    picture = dimmed(shown.picture, EXPOSURE * light)
    if shown.surface is not None:
        picture = shone(picture, shown.surface, tint, light)
    return grained(picture, number if shown.frame is None else shown.frame, sigma)
