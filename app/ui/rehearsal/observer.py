"""Watches the session during a rehearsal and measures; the report is made of nothing else."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from app.events import AppealFiled, Confirmed, Event, FocusChanged, Wanted
from app.state import Phase, Session
from player.events import FrameShown, ModeChanged, Opened
from sync import facts


@dataclass(slots=True)
class CheckSeen:
    """One random check: film time at which it was due, what was asked, how it went."""

    due_s: float
    actions: list[str]
    passed: bool
    seconds: float
    similarity: float


@dataclass(slots=True)
class PauseSeen:
    """latency_ms: from the event that stopped the film to the last frame painted after it.

    Where no frame was painted after the event it is the time until the film was told.
    """

    reason: str
    position_s: float
    latency_ms: float
    event_ns: int = field(repr=False, default=0)


@dataclass(slots=True)
class ModeChangeSeen:
    old: str
    new: str
    gap_ms: float
    position_error_ms: float

    def as_json(self) -> dict[str, object]:
        return {
            "from": self.old,
            "to": self.new,
            "gap_ms": self.gap_ms,
            "position_error_ms": self.position_error_ms,
        }


class Observer:
    """Fed by `Conductor.happened`, the courier's kept facts and the film view's paintings."""

    def __init__(self) -> None:
        self.checks: list[CheckSeen] = []
        self.pauses: list[PauseSeen] = []
        self.mode_changes: list[ModeChangeSeen] = []
        self.watched_us = 0
        self.records = 0
        self.frames = 0
        self.confirmed = 0
        self.pictures = 0
        self.appeal = ""
        self._due_s = 0.0
        self._last_painted_ns = 0
        self._stopped: PauseSeen | None = None

    def happened(self, event: Event, before: Session, after: Session) -> None:
        if isinstance(event, FrameShown):
            self.frames += 1
        elif isinstance(event, ModeChanged):
            self.mode_changes.append(
                ModeChangeSeen(
                    event.old.value,
                    event.new.value,
                    event.gap_us / 1000,
                    event.position_error_us / 1000,
                )
            )
        elif isinstance(event, Confirmed):
            self.confirmed += 1
        elif isinstance(event, AppealFiled):
            self.appeal = event.number
        if before.phase is Phase.PLAYING and after.phase is not Phase.PLAYING:
            self._left_playing(event, after)
        elif before.phase is not after.phase or isinstance(event, Wanted | Opened):
            self._stopped = None  # what is painted from now on was asked for

    def kept(self, fact: facts.Fact) -> None:
        """One fact went into the chain."""
        self.records += 1
        match fact:
            case facts.Watched():
                self.watched_us += fact.end_us - fact.start_us
            case facts.CheckIssued():
                self._due_s = fact.position_us / 1e6
            case facts.SnapshotTaken():
                self.pictures += 1
            case facts.CheckAttempted():
                self._attempted(fact)

    def painted(self, start_us: int, at_ns: int) -> None:
        """A frame of the film reached the screen."""
        self._last_painted_ns = at_ns
        stopped = self._stopped
        if stopped is not None and at_ns > stopped.event_ns:
            stopped.latency_ms = max(stopped.latency_ms, (at_ns - stopped.event_ns) / 1e6)

    def told(self, at_ns: int) -> None:
        """The film was told to stand still, and it does."""
        stopped = self._stopped
        if stopped is not None and stopped.latency_ms == 0.0:
            stopped.latency_ms = max(0.0, (at_ns - stopped.event_ns) / 1e6)

    def _left_playing(self, event: Event, after: Session) -> None:
        study = after.study
        reason = after.pause or after.phase.value
        if isinstance(event, FocusChanged):
            reason = event.focus
        elif after.phase is Phase.CHECKING:
            reason = "check"
        position_s = study.position_us / 1e6 if study else 0.0
        seen = PauseSeen(reason, position_s, 0.0, event.at_ns)
        self._stopped = seen
        self.pauses.append(seen)

    def _attempted(self, fact: facts.CheckAttempted) -> None:
        if fact.attempt == 1:
            self.checks.append(CheckSeen(self._due_s, [], False, 0.0, 0.0))
        seen = self.checks[-1]
        seen.actions = list(fact.actions)
        seen.passed = fact.passed
        seen.seconds += fact.seconds
        seen.similarity = fact.similarity

    def pauses_json(self) -> list[dict[str, object]]:
        return [{k: v for k, v in asdict(each).items() if k != "event_ns"} for each in self.pauses]
