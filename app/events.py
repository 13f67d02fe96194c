"""What happens to a study session, each with the monotonic time of its happening.

The player's and the proctor's own events (`player.events`, `proctor.observation`) go
into the session as they are; here is the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.errors import Report
from app.intents import CaptionSize, Intent
from player.captions import Track
from player.events import Mode, PlayerEvent
from proctor.observation import CameraLost, Embedding, FaceObservation
from sync.connection import Examined
from sync.contract import (
    Beacon,
    Course,
    EvidenceItem,
    IdentityAnswer,
    Learner,
    LessonCredit,
    Policy,
)

Focus = Literal["active", "unfocused", "minimised"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The learner asked for something."""

    at_ns: int
    intent: Intent


@dataclass(frozen=True, slots=True)
class FocusChanged:
    """The window is looked at, or not."""

    at_ns: int
    focus: Focus


@dataclass(frozen=True, slots=True)
class Touched:
    """A key or the mouse: somebody is there."""

    at_ns: int


@dataclass(frozen=True, slots=True)
class Beat:
    """Time passes; comes a few times a second. wall_ns: what the PC's calendar clock says."""

    at_ns: int
    wall_ns: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """What the platform granted at sign-in; fixed for the run.

    signs: what is known of the machine, `proctor.devices`: a remote session, a virtual PC.
    """

    chain: str
    learner: Learner
    policy: Policy
    beacon: Beacon
    template: Embedding | None = field(repr=False)
    next_flush_s: float
    client_version: str
    system: str
    camera: str
    simulated: bool = False
    signs: tuple[str, ...] = ()
    previous_chain: str | None = None
    previous_head: str | None = None
    recovered_records: int = 0
    salvaged_records: int | None = None
    unread: Report | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    at_ns: int
    run: Run
    clock_off_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SignInFailed:
    at_ns: int
    report: Report


@dataclass(frozen=True, slots=True)
class CameraFailed:
    """The camera, or the models that read it, could not be opened."""

    at_ns: int
    report: Report


@dataclass(frozen=True, slots=True)
class IdentityAnswered:
    """check: the random check it was asked in, "" at sign-in."""

    at_ns: int
    answer: IdentityAnswer
    check: str = ""


@dataclass(frozen=True, slots=True)
class IdentityUnanswered:
    """Told for the question at sign-in only: one of a random check is asked again later."""

    at_ns: int
    report: Report


@dataclass(frozen=True, slots=True)
class CoursesLoaded:
    at_ns: int
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class CoursesFailed:
    at_ns: int
    report: Report


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The platform keeps the records up to `acked` and gave its count."""

    at_ns: int
    acked: int
    beacon: Beacon
    credit: tuple[LessonCredit, ...]
    next_flush_s: float


@dataclass(frozen=True, slots=True)
class LineLost:
    """The platform cannot be reached; records wait."""

    at_ns: int
    report: Report


@dataclass(frozen=True, slots=True)
class ChainClosed:
    """The platform ended this run: signed in elsewhere, or the chain is under review."""

    at_ns: int
    reason: Literal["taken_over", "policy"]


@dataclass(frozen=True, slots=True)
class Flushing:
    """An ended run's rest is on its way: how many records and pictures are still here."""

    at_ns: int
    records: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Flushed:
    """Everything of an ended run is with the platform, or waits for the next sign-in."""

    at_ns: int
    unsent: int
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class StoreFailed:
    at_ns: int
    report: Report


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a learner chose on this PC the last time."""

    at_ns: int
    mode: Mode
    volume: float
    muted: bool
    captions: str = ""
    caption_size: CaptionSize = "medium"
    speech: bool = False


@dataclass(frozen=True, slots=True)
class ExtrasLoaded:
    """What goes with a lesson's film, as far as it could be had: captions by language, pictures."""

    at_ns: int
    lesson: str
    captions: Mapping[str, Track]
    thumbnails: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SnapshotSealed:
    """A picture is sealed, in the store, and on record. sha256: of the sealed bytes."""

    at_ns: int
    lesson: str
    why: Literal["check", "between"]
    check: str
    sha256: str
    size_bytes: int


Waiting = tuple[tuple[str, Literal["check", "between"], str], ...]
"""(taken_at, why, lesson) of each picture that is sealed and still on this PC."""


@dataclass(frozen=True, slots=True)
class SnapshotsLoaded:
    """items: what the platform keeps."""

    at_ns: int
    items: tuple[EvidenceItem, ...]
    waiting: Waiting = ()


@dataclass(frozen=True, slots=True)
class SnapshotsFailed:
    at_ns: int
    report: Report
    waiting: Waiting = ()


@dataclass(frozen=True, slots=True)
class AppealFiled:
    at_ns: int
    number: str


@dataclass(frozen=True, slots=True)
class AppealFailed:
    at_ns: int
    report: Report


@dataclass(frozen=True, slots=True)
class CamerasChanged:
    """Cameras came or went. cameras: (name, label), the first is the system's own choice.

    flags: what is known of the chosen one, `proctor.devices`.
    """

    at_ns: int
    cameras: tuple[tuple[str, str], ...]
    chosen: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineExamined:
    """One for each address of the platform."""

    at_ns: int
    examined: tuple[Examined, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    at_ns: int
    path: str


AppEvent = (
    Wanted
    | FocusChanged
    | Touched
    | Beat
    | SignedIn
    | SignInFailed
    | CameraFailed
    | IdentityAnswered
    | IdentityUnanswered
    | CoursesLoaded
    | CoursesFailed
    | Confirmed
    | LineLost
    | ChainClosed
    | Flushing
    | Flushed
    | StoreFailed
    | Recalled
    | ExtrasLoaded
    | Exported
    | LineExamined
    | SnapshotSealed
    | SnapshotsLoaded
    | SnapshotsFailed
    | AppealFiled
    | AppealFailed
    | CamerasChanged
)
Event = AppEvent | PlayerEvent | FaceObservation | CameraLost
