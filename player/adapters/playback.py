"""What `QtPlayer` remembers of a film that is open."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtMultimedia import QVideoFrame

from player.events import Mode


class Phase(enum.Enum):
    """How far the film is. Whether it runs in READY, the learner's wish says."""

    CLOSED = enum.auto()
    OPENING = enum.auto()
    READY = enum.auto()
    SEEKING = enum.auto()
    ENDED = enum.auto()
    FAILED = enum.auto()


@dataclass(frozen=True, slots=True)
class Shown:
    """The frame on the screen: its film time, and when it came there."""

    start_us: int
    end_us: int
    at_ns: int


@dataclass(slots=True)
class Change:
    """A mode change under way."""

    mode: Mode
    lead_us: int
    asked_ns: int
    ready: QVideoFrame | None = None
    ready_ns: int | None = None
    late: bool = False
