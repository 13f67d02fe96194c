"""What the session asks of the film and of the camera, carried out on a player and on eyes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from app.adapters.memory import give_back
from app.effects import (
    ChangeMode,
    ChangeRate,
    ChangeVolume,
    CloseEyes,
    CloseFilm,
    Effect,
    OpenEyes,
    OpenFilm,
    PauseFilm,
    PlayFilm,
    Prompt,
    SeekFilm,
    Shine,
    UseCamera,
    WarmEyes,
    WarmFilm,
)
from app.state import Preferences
from player.events import Mode
from player.ports import Film, Player, Rendition
from sync.contract import Lesson, RenditionInfo


def on_film(
    effect: Effect, player: Player, chosen: Preferences, url_of: Callable[[RenditionInfo], str]
) -> bool:
    """Carry the effect out if it is about the film; tell whether it was."""
    match effect:
        case PauseFilm():
            player.pause()
        case PlayFilm():
            player.play()
        case OpenFilm(lesson, mode, at_us):
            player.set_volume(chosen.volume, muted=chosen.muted)
            player.set_rate(1.0)
            player.open(film_of(lesson, url_of), mode, at_us)
        case SeekFilm(to_us):
            player.seek(to_us)
        case ChangeMode(mode):
            player.set_mode(mode)
        case ChangeVolume(volume, muted):
            player.set_volume(volume, muted=muted)
        case ChangeRate(rate):
            player.set_rate(rate)
        case WarmFilm(lesson, mode):
            player.warm(film_of(lesson, url_of), mode)
        case CloseFilm():
            player.close()
            give_back()
        case _:
            return False
    return True


class Camera(Protocol):
    """What of `app.adapters.conductor.Eyes` an effect is carried out on."""

    def open(self, pace: str) -> None: ...

    def close(self) -> None: ...

    def warm(self) -> None: ...

    def prompt(self, action: str | None, dot: str | None = None) -> None: ...

    def shine(self, tint: str | None) -> None: ...

    def use(self, name: str) -> None: ...


def before_eyes(effect: Effect, eyes: Camera) -> bool:
    """Carry the effect out if it is about the camera and who sits there; tell whether it was."""
    match effect:
        case OpenEyes(pace):
            eyes.open(pace)
        case CloseEyes():
            eyes.close()
        case WarmEyes():
            eyes.warm()
        case Prompt(action, dot):
            eyes.prompt(action, dot)
        case Shine(tint):
            eyes.shine(tint)
        case UseCamera(camera):
            eyes.use(camera)
        case _:
            return False
    return True


def film_of(lesson: Lesson, url_of: Callable[[RenditionInfo], str]) -> Film:
    """A lesson of the contract as a film of the player."""
    renditions: Mapping[Mode, Rendition] = {
        Mode(each.mode): Rendition(
            url=url_of(each),
            size_bytes=each.size_bytes,
            sha256=each.sha256,
            width=each.width,
            height=each.height,
            bits_per_second=each.bits_per_second,
        )
        for each in lesson.renditions
    }
    return Film(lesson.id, lesson.duration_ms * 1000, renditions)
