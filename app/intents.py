"""What the learner wants: the only thing the window ever says to the program."""

from dataclasses import dataclass, field
from typing import Literal

from player.events import Mode

CaptionSize = Literal["small", "medium", "large"]


@dataclass(frozen=True, slots=True)
class SignIn:
    name: str
    password: str = field(repr=False)
    remember_password: bool


@dataclass(frozen=True, slots=True)
class Agree:
    """The learner agreed to the camera and what is done with its pictures."""


@dataclass(frozen=True, slots=True)
class Decline:
    """The learner wants the way without face recognition (on-site check)."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again what the page that shows a trouble was about."""


@dataclass(frozen=True, slots=True)
class DoWithoutKeyring:
    """Study with a key for this session only, having read what that means."""


@dataclass(frozen=True, slots=True)
class UseAlternative:
    """The learner can't do what the check asks: ask for other actions."""


@dataclass(frozen=True, slots=True)
class FileAppeal:
    """Let a person at the institution look at the check that failed."""


@dataclass(frozen=True, slots=True)
class ShowSnapshots:
    """Which pictures were sent, when and why."""


@dataclass(frozen=True, slots=True)
class ChooseCamera:
    """camera: its name, as `CameraChoice` has it."""

    camera: str


@dataclass(frozen=True, slots=True)
class SetSpeech:
    """Whether a check's instructions are spoken."""

    on: bool


@dataclass(frozen=True, slots=True)
class EnterClass:
    """Go on from the camera check."""


@dataclass(frozen=True, slots=True)
class OpenLesson:
    lesson: str


@dataclass(frozen=True, slots=True)
class Play:
    """Start, or go on after any pause."""


@dataclass(frozen=True, slots=True)
class Pause:
    pass


@dataclass(frozen=True, slots=True)
class Seek:
    to_us: int


@dataclass(frozen=True, slots=True)
class SetMode:
    mode: Mode


@dataclass(frozen=True, slots=True)
class SetVolume:
    volume: float
    muted: bool


@dataclass(frozen=True, slots=True)
class SetRate:
    """Watch again at this pace; only where every part of the film was watched."""

    rate: float


@dataclass(frozen=True, slots=True)
class SetCaptions:
    """language: "" for none, or one of those that the lesson has."""

    language: str
    size: CaptionSize


@dataclass(frozen=True, slots=True)
class BackToClass:
    pass


@dataclass(frozen=True, slots=True)
class ShowHours:
    pass


@dataclass(frozen=True, slots=True)
class RetryCheck:
    """Begin the next attempt of a check."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: str


@dataclass(frozen=True, slots=True)
class ExportRecords:
    """Save the run's records as a bundle that anyone can verify."""


@dataclass(frozen=True, slots=True)
class SignOut:
    pass


@dataclass(frozen=True, slots=True)
class LeaveNow:
    """Don't wait for the last records: they are kept here and sent at the next sign-in."""


@dataclass(frozen=True, slots=True)
class ProxyLogin:
    """Name and password for the room's proxy; they have nothing to do with the account."""

    name: str
    password: str = field(repr=False)
    remember: bool = False


@dataclass(frozen=True, slots=True)
class LookAtLine:
    """Look at the connection to the platform, step by step."""


@dataclass(frozen=True, slots=True)
class CloseLine:
    """What was found there has been read."""


@dataclass(frozen=True, slots=True)
class DismissNotice:
    pass


Intent = (
    SignIn
    | Agree
    | Decline
    | Retry
    | DoWithoutKeyring
    | EnterClass
    | OpenLesson
    | Play
    | Pause
    | Seek
    | SetMode
    | SetVolume
    | SetRate
    | SetCaptions
    | BackToClass
    | ShowHours
    | RetryCheck
    | UseAlternative
    | FileAppeal
    | ShowSnapshots
    | ChooseCamera
    | SetSpeech
    | SetLanguage
    | ExportRecords
    | SignOut
    | LeaveNow
    | ProxyLogin
    | LookAtLine
    | CloseLine
    | DismissNotice
)
