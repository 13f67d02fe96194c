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


@dataclass(frozen=True, slots=True)
class Line:
    """How the way to a film's origin fares.

    bits_per_second: over the last few seconds of transfer, 0 while nothing was measured.
    ahead_bytes: contiguous bytes that are there from the reader's place on.
    reach_bytes: where the first byte is missing behind that place, counted from the film's start.
    whole: every byte is there. kept: False where the disk takes no more, so that the film is
    held in memory only.
    """

    bits_per_second: int
    ahead_bytes: int
    whole: bool
    kept: bool = True
    reach_bytes: int = 0


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

    def line(self, address: str) -> Line | None:
        """Say how the line fares; None where there is none (a file of this machine)."""

    def head(self, address: str) -> bytes:
        """Return the film's first bytes, as far as they are there; at most 256 KiB."""

    def warm(self, rendition: Rendition | None) -> None:
        """Fetch a rendition that will be wanted later, while nothing else is; None: no more."""


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

    def set_rate(self, rate: float) -> None:
        """Run at `rate` (film time per wall time); whether one may, `player.ledger` decides."""

    def warm(self, film: Film | None, mode: Mode) -> None:
        """Have the film that comes next fetched ahead."""

    def close(self) -> None:
        """Let go of the film; the player can open another."""
