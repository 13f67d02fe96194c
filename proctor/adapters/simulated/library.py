"""The people's clips and portraits: from the cache, or rendered now."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path

from proctor.adapters.simulated import clips as store
from proctor.adapters.simulated.casting import Cast, Person, demo_cast
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
        out[name] = _kept(person, store.place(person), partial(progress, name), quick=False)
        progress(name, 1.0)
    return out


def clips_of(person: Person) -> Clips:
    """Anybody's clips, from the cache or rendered now.

    The demo's people are the very ones of the demo. Everybody else, and they with anything about
    them changed, is rendered quickly (11 s of CPU instead of 20), when first asked for.
    """
    return _clips_of(person.model_dump_json())


@lru_cache(maxsize=12)
def _clips_of(written: str) -> Clips:
    person, cast = Person.model_validate_json(written), demo_cast()
    if person in cast.people:
        return _kept(person, store.place(person), lambda _: None, quick=False)
    return _kept(person, store.varied_place(person), lambda _: None, quick=True)


def forget() -> None:
    """Let go of the clips that `clips_of` keeps in memory."""
    _clips_of.cache_clear()


def _kept(person: Person, path: Path, progress: Callable[[float], None], *, quick: bool) -> Clips:
    found = store.load(person.name, path)
    if found is None:
        from proctor.adapters.simulated.studio.shoot import shoot

        found = shoot(person, progress, quick=quick)
        store.save(found, path)
    return found


def portrait(person: str, clips: Clips | None = None) -> Picture:
    """The person's neutral frontal picture, well lit: uint8[480, 640, 3], blue-green-red."""
    return portrait_of(clips or prepared([person])[person])
