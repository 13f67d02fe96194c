"""How long the player waits for what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take; the defaults are measured ones."""

    lead_us: int = 500_000
    """Least film time between the request and the frame on which a mode change is cued.

    A change that needed longer makes the next ones begin with what it needed.
    """
    longest_lead_us: int = 6_000_000
    """A standby that comes late is cued further ahead each time, up to this."""
    linger_ms: int = 300
    """The set that was swapped out lives on so long: stopping it costs the other a frame."""
    silence_ns: int = 400_000_000
    """Frames due and none seen for so long is a stall (or 2.5 frames, if those are longer)."""
    patience_ns: int = 18_000_000_000
    """An origin out of reach for so long is a fault. Qt itself gives up reading after 20 s."""
    tick_ms: int = 100
    """How often silence and the line are looked at."""
    enough_us: int = 2_000_000
    """Wall time of film that must be ahead before a film that waited for the line runs on."""
    filling_ns: int = 5_000_000_000
    """After so long it runs on with what there is."""
