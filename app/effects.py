"""What a session asks the outside world to do; `app.adapters` carries it out."""

from dataclasses import dataclass, field
from typing import Literal

from app.errors import Report
from player.events import Mode
from proctor.observation import Embedding
from sync.contract import Appeal, Lesson, Policy
from sync.facts import Fact, Watched


@dataclass(frozen=True, slots=True)
class AskSignIn:
    name: str
    password: str = field(repr=False)
    remember_password: bool


@dataclass(frozen=True, slots=True)
class AskIdentity:
    """Let the platform compare this face with the enrolled one. check: "" at sign-in."""

    embedding: Embedding = field(repr=False)
    enrol: bool
    check: str = ""


@dataclass(frozen=True, slots=True)
class FetchCourses:
    pass


@dataclass(frozen=True, slots=True)
class OpenEyes:
    """Open the camera if it is closed, and look this often."""

    pace: Literal["preview", "resting", "checking"]


@dataclass(frozen=True, slots=True)
class WarmEyes:
    """The camera will be wanted soon: load what reads it, and leave the camera shut."""


@dataclass(frozen=True, slots=True)
class CloseEyes:
    pass


@dataclass(frozen=True, slots=True)
class Prompt:
    """Say which action is being asked for, and where its dot is; None: no action any more."""

    action: str | None
    dot: str | None = None


@dataclass(frozen=True, slots=True)
class Shine:
    """The light of the screen around a check; None: none any more."""

    tint: str | None


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    """Seal the camera's newest picture to the platform's key, and keep the fact of it with it.

    One step for both, so that no picture is without its record; `SnapshotSealed` follows.
    """

    at_ns: int
    lesson: str
    why: Literal["check", "between"]
    check: str = ""


@dataclass(frozen=True, slots=True)
class FetchSnapshots:
    """Ask the platform which pictures it keeps of the learner."""


@dataclass(frozen=True, slots=True)
class SendAppeal:
    appeal: Appeal


@dataclass(frozen=True, slots=True)
class UseCamera:
    """Which camera to open from now on, by its name."""

    camera: str


@dataclass(frozen=True, slots=True)
class OpenFilm:
    lesson: Lesson
    mode: Mode
    at_us: int


@dataclass(frozen=True, slots=True)
class PlayFilm:
    pass


@dataclass(frozen=True, slots=True)
class PauseFilm:
    pass


@dataclass(frozen=True, slots=True)
class SeekFilm:
    to_us: int


@dataclass(frozen=True, slots=True)
class ChangeMode:
    mode: Mode


@dataclass(frozen=True, slots=True)
class ChangeVolume:
    volume: float
    muted: bool


@dataclass(frozen=True, slots=True)
class ChangeRate:
    rate: float


@dataclass(frozen=True, slots=True)
class WarmFilm:
    """Have the film that comes next fetched ahead, while the line has nothing else to do."""

    lesson: Lesson
    mode: Mode


@dataclass(frozen=True, slots=True)
class FetchExtras:
    """Get the lesson's captions and small pictures; the film does not wait for them."""

    lesson: Lesson


@dataclass(frozen=True, slots=True)
class UsePolicy:
    """How this PC is to keep films, as the platform's policy says."""

    policy: Policy


@dataclass(frozen=True, slots=True)
class Recall:
    """Bring what this learner chose on this PC."""

    name: str


@dataclass(frozen=True, slots=True)
class CloseFilm:
    pass


@dataclass(frozen=True, slots=True)
class Keep:
    """Append a fact to the chain, durably, before anything else happens."""

    at_ns: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class KeepTick:
    """Replace the open tick: what the running segment would be if it ended now."""

    at_ns: int
    fact: Watched


@dataclass(frozen=True, slots=True)
class DropTick:
    pass


@dataclass(frozen=True, slots=True)
class Flush:
    """Seal the chain and send what waits; close: this was the run's last record."""

    close: bool = False


@dataclass(frozen=True, slots=True)
class LogInAtProxy:
    """Use these at the proxy that asked last; what waits is sent at once."""

    name: str
    password: str = field(repr=False)
    remember: bool


@dataclass(frozen=True, slots=True)
class ExamineLine:
    """Look at the connection; `LineExamined` follows."""


@dataclass(frozen=True, slots=True)
class Export:
    pass


@dataclass(frozen=True, slots=True)
class SwitchLanguage:
    language: Literal["zh_CN", "en"]


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep what this learner chose on this PC."""


@dataclass(frozen=True, slots=True)
class Mend:
    """Try again what a trouble page was about: set a damaged store aside, and the like."""

    report: Report


@dataclass(frozen=True, slots=True)
class DoWithoutKeyring:
    """Begin the run with a key for this session only."""


Effect = (
    AskSignIn
    | AskIdentity
    | FetchCourses
    | OpenEyes
    | WarmEyes
    | CloseEyes
    | Prompt
    | Shine
    | TakeSnapshot
    | FetchSnapshots
    | SendAppeal
    | UseCamera
    | OpenFilm
    | PlayFilm
    | PauseFilm
    | SeekFilm
    | ChangeMode
    | ChangeVolume
    | ChangeRate
    | WarmFilm
    | FetchExtras
    | UsePolicy
    | Recall
    | CloseFilm
    | Keep
    | KeepTick
    | DropTick
    | Flush
    | LogInAtProxy
    | ExamineLine
    | Export
    | SwitchLanguage
    | Remember
    | Mend
    | DoWithoutKeyring
)
