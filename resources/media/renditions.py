"""The three renditions every film of ours has. Values only."""

from __future__ import annotations

from dataclasses import dataclass

AUDIO_BITRATE = 64_000
"""Bits a second of AAC, the same packets in each rendition: a change can't be heard."""

AUDIO_RATE = 48_000
"""Samples a second of the films' sound, mono."""


@dataclass(frozen=True)
class Rendition:
    """One picture size of a film; ``bitrate`` is the whole file's aim in bits a second."""

    name: str
    width: int
    height: int
    bitrate: int


FLUENT = Rendition("fluent", 640, 360, 400_000)
STANDARD = Rendition("standard", 854, 480, 600_000)
HIGH = Rendition("high", 1280, 720, 1_000_000)
RENDITIONS = (FLUENT, STANDARD, HIGH)
