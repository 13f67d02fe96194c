"""What a coded film can be told to be. Values only; importing it is cheap."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

FRAME_RATES = {
    "15": Fraction(15),
    "23.976": Fraction(24000, 1001),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "30": Fraction(30),
    "50": Fraction(50),
}
"""Frame rates by the name people use for them."""


@dataclass(frozen=True)
class FilmSpec:
    """Length in seconds, exact frame rate, with or without a sound track."""

    seconds: float = 60.0
    fps: Fraction = Fraction(25)
    sound: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= 3600:
            raise ValueError("a coded film lasts more than 0 and at most 3600 seconds")
        if not 1 <= self.fps <= 120:
            raise ValueError("a coded film has 1 to 120 frames a second")

    @property
    def frames(self) -> int:
        """How many frames the film has."""
        return max(1, round(self.seconds * self.fps))
