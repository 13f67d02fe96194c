"""From frames on the screen to watched segments.

The only evidence of watching is a frame that reached the screen, and the monotonic time at which
it did. `step` turns such facts into segments under three rules:

1. a segment is unbroken: the same mode, each frame beginning where the one before ended, no
   silence in between; a pause, a seek, a stall or a hole closes it;
2. film time is paid for with wall time: a purse is filled at the pace of playing and each frame
   costs its duration. After a stall Qt rushes through all queued frames at once; the purse is
   soon empty, and what rushed past is not credited;
3. after such a rush a new segment begins only once frames come at a watchable pace again.

Hence, whatever the history, credited film time <= time playing x rate + `PURSE_US` + one frame,
and the same holds for each segment and its own wall time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from player.events import (
    Ended,
    Failed,
    FrameShown,
    FramesLost,
    LineMeasured,
    Mode,
    ModeChanged,
    ModeKept,
    Opened,
    PlayerEvent,
    Recovered,
    Seen,
    SoundMeasured,
    Stalled,
    Unseen,
)

PURSE_US = 250_000
"""Most film time that may be saved up: an event loop that hiccups delivers frames in a bunch."""

SILENCE_NS = 400_000_000
"""Without a frame for this long (or two frames, if those are longer) nothing was playing."""


@dataclass(frozen=True, slots=True)
class Playing:
    """The film was let run, at `rate` (film time per wall time)."""

    at_ns: int
    rate: float = 1.0

    def __post_init__(self) -> None:
        if not self.rate > 0:
            raise ValueError(f"a film cannot run at rate {self.rate}")


@dataclass(frozen=True, slots=True)
class Paused:
    """The film was told to stand still."""

    at_ns: int


@dataclass(frozen=True, slots=True)
class Sought:
    """Another place of the film was asked for."""

    at_ns: int
    to_us: int


BESIDE = (ModeChanged, ModeKept, Recovered, Seen, LineMeasured, SoundMeasured, FramesLost)
"""What is told beside the picture: it moves neither film nor purse."""

TimelineEvent = PlayerEvent | Playing | Paused | Sought


@dataclass(frozen=True, slots=True)
class Segment:
    """Film time [start_us, end_us), watched without a break from `began_ns` to `ended_ns`."""

    start_us: int
    end_us: int
    began_ns: int
    ended_ns: int
    mode: Mode
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """What has to be remembered between two events; begin a film with `Timeline()`."""

    playing: bool = False
    rate: float = 1.0
    purse_ns: int = PURSE_US * 1000
    """Film time in ns that may still be credited; below 0 after a frame longer than the purse."""
    filled_ns: int = 0
    last: FrameShown | None = None
    last_rate: float = 1.0
    """The pace at which `last` was due to leave."""
    open_segment: Segment | None = None
    """The segment that is still growing: what the once-a-second open tick writes down."""


def step(state: Timeline, event: TimelineEvent) -> tuple[Timeline, list[Segment]]:
    """Take in one event; return the new state and the segments that it closed (none or one)."""
    if isinstance(event, BESIDE):
        return state, []
    state = _fill(state, event.at_ns)
    match event:
        case FrameShown():
            return _frame(state, event)
        case Playing(rate=rate):
            state, closed = cut(state, event.at_ns)
            return replace(state, playing=True, rate=rate), closed
        case Paused() | Ended() | Failed():
            state, closed = cut(state, event.at_ns)
            return replace(state, playing=False, last=None), closed
        case Opened():
            state, closed = cut(state, event.at_ns)
            return replace(state, playing=False, last=None), closed
        case Sought() | Stalled() | Unseen():
            state, closed = cut(state, event.at_ns)
            return replace(state, last=None), closed


def cut(state: Timeline, at_ns: int) -> tuple[Timeline, list[Segment]]:
    """Close the running segment, as a flush of the records does; watching goes on in a new one.

    A segment never ends after `at_ns`, so that two never share wall time.
    """
    if state.open_segment is None:
        return state, []
    segment = state.open_segment
    ended_ns = max(segment.began_ns, min(segment.ended_ns, at_ns))
    return replace(state, open_segment=None), [replace(segment, ended_ns=ended_ns)]


def _fill(state: Timeline, at_ns: int) -> Timeline:
    """Fill the purse for the wall time since it was filled last; paused time fills nothing."""
    elapsed_ns = max(0, at_ns - state.filled_ns)
    filled_ns = max(at_ns, state.filled_ns)
    if not state.playing:
        return replace(state, filled_ns=filled_ns)
    purse_ns = min(PURSE_US * 1000, state.purse_ns + int(elapsed_ns * state.rate))
    return replace(state, purse_ns=purse_ns, filled_ns=filled_ns)


def _frame(state: Timeline, frame: FrameShown) -> tuple[Timeline, list[Segment]]:
    if not state.playing:
        return state, []
    cost_us = _duration_us(frame)
    if cost_us <= 0 or _same_picture(state.last, frame):
        return state, []
    unbroken = _follows(state, frame)
    affordable = _affordable(state, cost_us)
    growing = state.open_segment
    if growing is not None and unbroken and affordable and growing.mode is frame.mode:
        grown = replace(growing, end_us=frame.end_us, ended_ns=_leaves_ns(state, frame))
        return _pay(state, frame, grown), []
    state, closed = cut(state, frame.at_ns)
    if not affordable or not _watchable(state, frame):
        return replace(state, last=frame, last_rate=state.rate), closed
    start_us = frame.start_us
    if unbroken and state.last is not None:
        start_us = max(start_us, state.last.end_us)  # renditions may differ in rounding
    leaves_ns = _leaves_ns(state, frame)
    fresh = Segment(start_us, frame.end_us, frame.at_ns, leaves_ns, frame.mode, state.rate)
    return _pay(state, frame, fresh), closed


def _affordable(state: Timeline, cost_us: int) -> bool:
    """Tell whether the purse pays for a frame; one longer than the purse may be paid in arrears."""
    return state.purse_ns >= min(cost_us, PURSE_US // 2) * 1000


def _pay(state: Timeline, frame: FrameShown, segment: Segment) -> Timeline:
    paid_ns = state.purse_ns - _duration_us(frame) * 1000
    return replace(state, purse_ns=paid_ns, last=frame, last_rate=state.rate, open_segment=segment)


def _same_picture(last: FrameShown | None, frame: FrameShown) -> bool:
    """A frame handed out twice, as some back ends do after a pause."""
    return last is not None and last.start_us == frame.start_us and last.mode is frame.mode


def _follows(state: Timeline, frame: FrameShown) -> bool:
    """Tell whether `frame` comes right after the last one, in the film and on the clock."""
    last = state.last
    if last is None:
        return False
    shorter_us = min(_duration_us(last), _duration_us(frame))
    silence_ns = max(SILENCE_NS, int(2000 * _duration_us(last) / min(state.rate, state.last_rate)))
    return (
        abs(frame.start_us - last.end_us) <= shorter_us // 2
        and frame.at_ns - last.at_ns <= silence_ns
    )


def _watchable(state: Timeline, frame: FrameShown) -> bool:
    """Tell whether the frame before stood at least half its time: no rush is going on."""
    last = state.last
    if last is None:
        return True
    rate = max(state.rate, state.last_rate)
    return frame.at_ns - last.at_ns >= int(500 * _duration_us(last) / rate)


def _leaves_ns(state: Timeline, frame: FrameShown) -> int:
    """When the frame leaves the screen, if nothing comes in between."""
    return frame.at_ns + int(1000 * _duration_us(frame) / state.rate)


def _duration_us(frame: FrameShown) -> int:
    return frame.end_us - frame.start_us
