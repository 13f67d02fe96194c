"""What the study session asks of a player, and what a player needs to know of a film."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from player.events import Fault, Mode


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoding of a film: where it is, how large and how heavy."""

    url: str
    size_bytes: int
    sha256: str
    width: int
    height: int
    bits_per_second: int


@dataclass(frozen=True, slots=True)
class Film:
    """A lesson's film in all its renditions; all share the same frame times."""

    lesson: str
    duration_us: int
    renditions: Mapping[Mode, Rendition]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands between the film and its origin; `detail` is for diagnostics."""

    fault: Fault
    detail: str


class MediaSource(Protocol):
    """Turns a rendition into an address that a player can read, and knows how its line fares.

    Every call returns at once.
    """

    def open(self, rendition: Rendition) -> str:
        """Return an address (file path or URL) for one use; `close` it afterwards."""

    def close(self, address: str) -> None:
        """Stop feeding whoever still reads from `address`; their reads end at once."""

    def trouble(self, address: str) -> Trouble | None:
        """Say what keeps the origin from answering, if anything.

        UNREACHABLE is being tried again all the time and may pass; the other faults will not.
        """


class Player(Protocol):
    """Plays one film at a time and reports `player.events` to the listener it was given.

    Every call returns at once; what comes of it arrives as an event, always in the
    thread that made the player.
    """

    def open(self, film: Film, mode: Mode, at_us: int) -> None:
        """Load `film`, show the frame at `at_us`, stay paused. Then `Opened` or `Failed`."""

    def play(self) -> None:
        """Let the film run."""

    def pause(self) -> None:
        """Picture and sound stand still when this returns; no `FrameShown` comes after it."""

    def seek(self, to_us: int) -> None:
        """Show the frame at `to_us`; whether one may is decided by `player.ledger`, not here."""

    def set_mode(self, mode: Mode) -> None:
        """Change the rendition; ends in `ModeChanged`, also while paused."""

    def set_volume(self, volume: float, *, muted: bool) -> None:
        """Sound, 0.0 to 1.0."""

    def close(self) -> None:
        """Let go of the film; the player can open another."""
