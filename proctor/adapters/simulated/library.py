"""The people's clips and portraits: from the cache, or rendered now."""

from collections.abc import Callable, Sequence
from functools import partial

from proctor.adapters.simulated import clips as store
from proctor.adapters.simulated.casting import Cast, demo_cast
from proctor.adapters.simulated.clips import Clips
from proctor.adapters.simulated.scenes import portrait_of
from proctor.ports import Picture

Progress = Callable[[str, float], None]
"""Told the person's name and how much of them is done, 0 to 1."""


def _silent(_person: str, _done: float) -> None:
    pass


def prepared(
    names: Sequence[str] | None = None,
    progress: Progress = _silent,
    cast: Cast | None = None,
) -> dict[str, Clips]:
    """The people's clips from the cache; whoever is not there yet is rendered first.

    names: some of the cast, all by default. Raises StudioUnavailable without OpenGL.
    """
    cast = cast or demo_cast()
    out = {}
    for name in names or cast.names:
        person = cast[name]
        companion = cast[person.companion]
        path = store.place(person, companion)
        found = store.load(name, path)
        if found is None:
            from proctor.adapters.simulated.studio.shoot import shoot

            found = shoot(person, companion, partial(progress, name))
            store.save(found, path)
        progress(name, 1.0)
        out[name] = found
    return out


def portrait(person: str, clips: Clips | None = None) -> Picture:
    """The person's neutral frontal picture, well lit: uint8[480, 640, 3], blue-green-red."""
    return portrait_of(clips or prepared([person])[person])
