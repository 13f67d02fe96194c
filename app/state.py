"""The state of a study session: frozen values that `app.session` steps from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from app.effects import Effect
from app.errors import Report
from app.events import Focus, Run, Waiting
from app.intents import CaptionSize
from app.view import LineView, Notice, Reason
from player.captions import Track
from player.events import LineMeasured, Mode
from player.ledger import Ledger
from player.quality import Quality
from player.smoothness import Smoothness
from player.timeline import Timeline
from proctor.liveness import Baseline, Challenge, CheckOutcome
from proctor.positioning import Positioning
from proctor.presence import Presence
from proctor.schedule import Attempt, PlannedCheck
from sync.contract import Course, EvidenceItem, Lesson, LessonCredit
from sync.facts import EndReason

Language = Literal["zh_CN", "en"]


class Phase(StrEnum):
    """Where a session stands; `docs/architecture.md` has the picture, drawn from the table."""

    SIGNED_OUT = "signed_out"
    IDENTIFYING = "identifying"
    READY = "ready"
    PLAYING = "playing"
    PAUSED = "paused"
    CHECKING = "checking"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the learner chose on this PC."""

    language: Language = "zh_CN"
    name: str = ""
    mode: Mode = Mode.STANDARD
    volume: float = 0.8
    muted: bool = False
    captions: str = ""
    caption_size: CaptionSize = "medium"
    speech: bool = False
    camera: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Actions are asked for: in a random check, or at sign-in (id is "" then).

    asked: what each attempt asks, others: the same from the alternative set, which is used
    from the moment the learner asks for it. attempt: which one, from 1. until_ns: how long a
    result stays on the screen. over: no attempt is left. in_review: it passed, and the
    platform will decide whether it counts. pictures: how many were taken; picture_after:
    when so many actions of the first attempt are done.
    """

    id: str
    asked: tuple[Attempt, ...]
    others: tuple[Attempt, ...]
    challenge: Challenge
    attempt: int = 1
    alternative: bool = False
    stage: Literal["acting", "passed", "failed"] = "acting"
    until_ns: int = 0
    reason: str = ""
    over: bool = False
    in_review: bool = False
    pictures: int = 0
    picture_after: int = 1


@dataclass(frozen=True, slots=True)
class Identifying:
    """Consent, then a living face at sign-in, then whose it is.

    began_ns: when the camera was asked for. attempts: how many the check at sign-in took so
    far, over all beginnings, so that no draw is asked twice; alternative: from the other set,
    once the learner asked for that. proof: how it was passed.
    """

    stage: Literal["consent", "declined", "positioning", "proving", "matching", "done", "mismatch"]
    began_ns: int = 0
    positioning: Positioning | None = None
    check: Check | None = None
    attempts: int = 0
    alternative: bool = False
    proof: CheckOutcome | None = None
    similarity: float | None = None
    answer: str = ""


Light = Literal["off", "starting", "on"]
"""The camera in a lesson: shut; open, and nobody was seen yet; open, and somebody was."""


@dataclass(frozen=True, slots=True)
class Study:
    """The lesson that is open.

    seen: what may be sought in, from all sessions. watched: what this opening added.
    wanted: the mode that was asked for and has not come yet; automatic: by the program itself.
    quality: what the line carries; ask: the mode that it wants the player to be asked for.
    smooth: how picture and sound have been since the last pause (R8).
    rate: film time per wall time. line: how the line fared last. light: the camera; the film
    runs only while it is on.
    """

    course: Course
    lesson: Lesson
    mode: Mode
    position_us: int
    seen: Ledger
    watched: Ledger = field(default_factory=Ledger)
    timeline: Timeline = field(default_factory=Timeline)
    presence: Presence = field(default_factory=Presence)
    ready: bool = False
    started: bool = False
    finished: bool = False
    stalled: bool = False
    checked: bool = False
    light: Light = "starting"
    away: Reason = ""
    wanted: Mode | None = None
    automatic: bool = False
    quality: Quality | None = None
    ask: Mode | None = None
    smooth: Smoothness = field(default_factory=Smoothness)
    rate: float = 1.0
    line: LineMeasured | None = None
    not_kept: bool = False
    warmed: bool = False
    sound_device: bool = True
    captions: Mapping[str, Track] = field(default_factory=lambda: MappingProxyType({}))
    thumbnails: bytes | None = field(default=None, repr=False)
    report: Report | None = None

    @property
    def duration_us(self) -> int:
        return self.lesson.duration_ms * 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """The next random check: due when `since_us` of the session reaches `due_us`.

    pictures_us: the same of the pictures before it, soonest first.
    """

    check: str
    planned: PlannedCheck
    due_us: int
    pictures_us: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How the run ended, and what of it is still to be sent.

    unsent, pictures: records and pictures that are still here; total: of both, when the last
    sending began. why: the reason of the last attempt, where a check ended it; check, lesson:
    which one.
    appeal: where the learner's request to a person stands.
    """

    reason: EndReason
    sending: bool = True
    unsent: int = 0
    pictures: int = 0
    total: int = 0
    lost_s: float = 0.0
    why: str = ""
    check: str = ""
    lesson: str = ""
    appeal: Literal["", "offered", "sending", "sent", "failed"] = ""
    appeal_number: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """What was told of the learner's pictures last: those that the platform keeps, those here."""

    items: tuple[EvidenceItem, ...] = ()
    waiting: Waiting = ()
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Everything the program knows about the learner's study right now.

    since_us: film time watched since the last passed check, over all lessons of the run.
    line_bps: what the line carried last, bits per second, 0 while nobody knows.
    checks: how many checks the run has planned; between: how many pictures were taken since the
    last passed one. seed: the beacon at sign-in, from which its check is drawn. cameras: (name,
    label) of those that are there; camera: the one in use, flags: what is known of it.
    disputed: a passed check (its id, its lesson) in which the platform saw somebody else.
    halted_ns: since when the phase and the reason to stand still are what they are. alive_ns:
    the last sign of somebody there. flush_ns: when the records are to be sent next. skew_ns:
    the calendar clock's lead over the monotonic one; a change of it means that somebody set
    the clock.
    """

    phase: Phase = Phase.SIGNED_OUT
    preferences: Preferences = field(default_factory=Preferences)
    focus: Focus = "active"
    signing_in: bool = False
    report: Report | None = None
    trouble: Report | None = None
    notice: Notice | None = None
    notice_ns: int = 0
    offline: bool = False
    run: Run | None = None
    identifying: Identifying | None = None
    baseline: Baseline | None = None
    page: Literal["class", "hours", "snapshots"] = "class"
    courses: tuple[Course, ...] | None = None
    courses_report: Report | None = None
    credit: Mapping[str, LessonCredit] = field(default_factory=lambda: MappingProxyType({}))
    study: Study | None = None
    pause: Reason = ""
    plan: Plan | None = None
    check: Check | None = None
    checks: int = 0
    between: int = 0
    seed: str = ""
    cameras: tuple[tuple[str, str], ...] = ()
    camera: str = ""
    flags: tuple[str, ...] = ()
    pictures: Pictures | None = None
    disputed: tuple[str, str] | None = None
    halted_ns: int = 0
    since_us: int = 0
    line_bps: int = 0
    records: int = 0
    confirmed: int = 0
    alive_ns: int = 0
    beat_ns: int = 0
    skew_ns: int | None = None
    tick_ns: int = 0
    flush_ns: int = 0
    ended: Ended | None = None
    look: LineView | None = None


Step = tuple[Session, tuple[Effect, ...]]


def need_run(session: Session) -> Run:
    """The run; only called in phases that have one."""
    if session.run is None:
        raise LookupError(f"no run in phase {session.phase}")
    return session.run


def need_study(session: Session) -> Study:
    """The open lesson; only called in phases that have one."""
    if session.study is None:
        raise LookupError(f"no lesson is open in phase {session.phase}")
    return session.study


def with_study(session: Session, study: Study) -> Session:
    return replace(session, study=study)
