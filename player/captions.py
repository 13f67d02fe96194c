"""What is said in a film, to be read: cues with their film time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """A text that stands from `start_us` up to, not including, `end_us` of film time."""

    start_us: int
    end_us: int
    text: str


@dataclass(frozen=True, slots=True)
class Track:
    """One language's cues, sorted by their start."""

    cues: tuple[Cue, ...] = ()

    def text_at(self, at_us: int) -> str:
        """Return what stands at `at_us`, several cues on lines of their own; "" for nothing."""
        return "\n".join(cue.text for cue in self.cues if cue.start_us <= at_us < cue.end_us)
