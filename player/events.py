"""What a player tells: plain values, each with the monotonic time at which it happened.

Film positions are integer microseconds of media time (as `QVideoFrame.startTime`),
machine times integer nanoseconds of one monotonic clock.
"""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """The three pictures the regulation names (R17): 流畅, 标清, 高清."""

    FLUENT = "fluent"
    STANDARD = "standard"
    HIGH = "high"


class Fault(StrEnum):
    """Why a film cannot go on; each has its own words in `app/texts.py`."""

    UNREACHABLE = "unreachable"
    MISSING = "missing"
    REFUSED = "refused"
    BROKEN = "broken"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Opened:
    """The film is ready and its first picture is on the screen, paused."""

    at_ns: int
    duration_us: int
    position_us: int
    mode: Mode


@dataclass(frozen=True, slots=True)
class FrameShown:
    """One frame reached the screen; it stands for the film time [start_us, end_us)."""

    at_ns: int
    start_us: int
    end_us: int
    mode: Mode


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """Another rendition took over at a frame's time.

    `gap_us` is the wall time between the old set's last and the new set's first frame;
    `position_error_us` is how far the new frame's start lies from the old frame's end
    (0: nothing missed, nothing repeated; > 0 missed, < 0 repeated). While paused the new frame
    replaces the old one: then it is the distance of their starts, and `gap_us` is 0.
    """

    at_ns: int
    old: Mode
    new: Mode
    gap_us: int
    position_error_us: int


@dataclass(frozen=True, slots=True)
class ModeKept:
    """The `wanted` rendition could not be prepared; the film goes on undisturbed in `mode`."""

    at_ns: int
    mode: Mode
    wanted: Mode
    fault: Fault
    detail: str


@dataclass(frozen=True, slots=True)
class Stalled:
    """The film should be running and no frame has come for a while."""

    at_ns: int
    position_us: int


@dataclass(frozen=True, slots=True)
class Recovered:
    """Frames come again after a stall."""

    at_ns: int
    stalled_us: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """Frames come, but for a while none has reached the screen: covered, switched off, frozen."""

    at_ns: int
    position_us: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Frames reach the screen again; `unseen_us` of wall time lie between."""

    at_ns: int
    unseen_us: int


@dataclass(frozen=True, slots=True)
class LineMeasured:
    """How the way to the origin fares, about once a second while it is used.

    bits_per_second: of the last seconds of transfer, 0 while nothing was measured.
    ahead_us: film time ready behind the place that is read now. whole: all of it is there.
    kept: False where the disk takes no more and the film is held in memory only.
    """

    at_ns: int
    bits_per_second: int
    ahead_us: int
    whole: bool
    kept: bool = True


@dataclass(frozen=True, slots=True)
class SoundMeasured:
    """How far the sound is ahead of the picture, in us (< 0: behind); device: there is one."""

    at_ns: int
    offset_us: int | None
    device: bool


@dataclass(frozen=True, slots=True)
class FramesLost:
    """Frames that the film has and the screen did not show, and how many came late."""

    at_ns: int
    dropped: int
    late: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The last frame was shown."""

    at_ns: int
    position_us: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The film cannot be shown; `detail` is for diagnostics, not for the learner."""

    at_ns: int
    fault: Fault
    detail: str


PlayerEvent = (
    Opened
    | FrameShown
    | ModeChanged
    | ModeKept
    | Stalled
    | Recovered
    | Unseen
    | Seen
    | LineMeasured
    | SoundMeasured
    | FramesLost
    | Ended
    | Failed
)
