"""How a film looked and sounded: frames shown, dropped and late, stalls, lips and sound, the line.

`step` takes in what the player tells; `figures` reads off plain numbers. Sums (`Tally`) of several
stretches add up with `+` in any order, medians included, because they keep how often each value
came and not a mean.

Wall time counts while the film is let run: nothing is missed in a pause. Frames are counted twice,
as the player tells (`FramesLost`) and by the holes in the film times of those shown; both see the
same loss, so the larger counts. Where the learner went elsewhere there is no hole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

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
from player.timeline import Paused, Playing, Sought

LONGEST_HOLE = 100
"""Frames; a hole of more is another place of the film, not a loss."""

UNNOTICED_NS = 2_000_000_000
"""A stall, or a covered window, is told a little after it began; never more than this."""

Sound = Literal["ok", "muted", "no_device"]

Histogram = Mapping[int, int]
"""Value to how often it came."""


@dataclass(frozen=True, slots=True)
class Muted:
    """The learner switched the sound off, or on again."""

    at_ns: int
    muted: bool


SmoothnessEvent = PlayerEvent | Playing | Paused | Sought | Muted


@dataclass(frozen=True, slots=True)
class Tally:
    """What can be added up. Times are wall time in ns, film time in us.

    offsets: the sound's lead in ms, counted once per measurement; line: kbit/s likewise.
    missed_us, repeated_us: film time at changes of the mode. gap_us: the longest of these.
    """

    shown: int = 0
    told_dropped: int = 0
    holes: int = 0
    late: int = 0
    playing_ns: int = 0
    stalls: int = 0
    stalled_ns: int = 0
    longest_stall_ns: int = 0
    unseen: int = 0
    unseen_ns: int = 0
    muted_ns: int = 0
    silent_ns: int = 0
    mode_changes: int = 0
    mode_refusals: int = 0
    missed_us: int = 0
    repeated_us: int = 0
    gap_us: int = 0
    offsets: Histogram = field(default_factory=dict)
    line: Histogram = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        """Return both stretches as one."""
        sums: dict[str, object] = {}
        for each in fields(self):
            mine, others = getattr(self, each.name), getattr(other, each.name)
            if each.name in {"longest_stall_ns", "gap_us"}:
                sums[each.name] = max(mine, others)
            elif each.name in {"offsets", "line"}:
                sums[each.name] = _joined(mine, others)
            else:
                sums[each.name] = mine + others
        return Tally(**sums)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Smoothness:
    """A stretch that goes on; begin with `Smoothness()`.

    device: None until somebody measured. stall_ns, hidden_ns: how much of the stall, or of the
    time unseen, that is under way has been counted, in this stretch and those before.
    """

    tally: Tally = field(default_factory=Tally)
    now_ns: int | None = None
    playing: bool = False
    muted: bool = False
    device: bool | None = None
    mode: Mode | None = None
    stalled: bool = False
    stall_ns: int = 0
    unseen: bool = False
    hidden_ns: int = 0
    last: FrameShown | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """A stretch in plain numbers. None: nobody measured it.

    dropped_percent: of the frames that were due. sound_offset: how far the sound was ahead
    of the picture (< 0: behind): its median, the 95th percentile of its size, and its worst.
    sound: what was the case for most of the time; silent_ms: how long there was no device.
    bits_per_second: of the line, median and least, to two digits.
    """

    shown: int
    dropped: int
    dropped_percent: float
    late: int
    playing_ms: int
    stalls: int
    stalled_ms: int
    longest_stall_ms: int
    unseen: int
    unseen_ms: int
    muted_ms: int
    silent_ms: int
    sound_offset_ms: int | None
    sound_offset_p95_ms: int | None
    sound_offset_worst_ms: int | None
    sound: Sound
    bits_per_second: int | None
    lowest_bits_per_second: int | None
    mode: Mode | None
    mode_changes: int
    mode_refusals: int
    missed_ms: int
    repeated_ms: int
    longest_change_ms: int


def step(state: Smoothness, event: SmoothnessEvent) -> Smoothness:
    """Take in one event. An older time than the one before counts as the same moment."""
    state = _pass(state, event.at_ns)
    match event:
        case FrameShown():
            state = _frame(state, event)
        case Opened(mode=mode):
            state = replace(_stand(state), mode=mode, unseen=False, hidden_ns=0)
        case Playing():
            state = replace(state, playing=True)
        case Paused() | Ended() | Failed():
            state = _stand(state)
        case Sought():
            state = replace(state, last=None)
        case Muted(muted=muted):
            state = replace(state, muted=muted)
        case Stalled() | Recovered() | Unseen() | Seen():
            state = _interruption(state, event)
        case _:
            state = _measured(state, event)
    return state


def reset(state: Smoothness) -> Smoothness:
    """Begin the next stretch: nothing is counted yet, and what goes on goes on.

    A stall counts where it began, its time where it passed: stretches add up to the whole.
    """
    return replace(state, tally=Tally())


def figures(state: Smoothness) -> Figures:
    """Return the stretch so far, up to the last event.

    For several: `figures(replace(state, tally=one + other))`.
    """
    tally = state.tally
    dropped = max(tally.told_dropped, tally.holes)
    due = tally.shown + dropped
    sizes: dict[int, int] = {}
    for offset, times in tally.offsets.items():
        sizes[abs(offset)] = sizes.get(abs(offset), 0) + times
    line, lowest = quantile(tally.line, 0.5), quantile(tally.line, 0)
    return Figures(
        shown=tally.shown,
        dropped=dropped,
        dropped_percent=round(100 * dropped / due, 2) if due else 0.0,
        late=tally.late,
        playing_ms=tally.playing_ns // 1_000_000,
        stalls=tally.stalls,
        stalled_ms=tally.stalled_ns // 1_000_000,
        longest_stall_ms=tally.longest_stall_ns // 1_000_000,
        unseen=tally.unseen,
        unseen_ms=tally.unseen_ns // 1_000_000,
        muted_ms=tally.muted_ns // 1_000_000,
        silent_ms=tally.silent_ns // 1_000_000,
        sound_offset_ms=quantile(tally.offsets, 0.5),
        sound_offset_p95_ms=quantile(sizes, 0.95),
        sound_offset_worst_ms=max(tally.offsets, key=lambda each: (abs(each), each), default=None),
        sound=_sound(state),
        bits_per_second=None if line is None else line * 1000,
        lowest_bits_per_second=None if lowest is None else lowest * 1000,
        mode=state.mode,
        mode_changes=tally.mode_changes,
        mode_refusals=tally.mode_refusals,
        missed_ms=tally.missed_us // 1000,
        repeated_ms=tally.repeated_us // 1000,
        longest_change_ms=tally.gap_us // 1000,
    )


def _sound(state: Smoothness) -> Sound:
    tally = state.tally
    if tally.playing_ns == 0:
        return "no_device" if state.device is False else "muted" if state.muted else "ok"
    if 2 * tally.silent_ns > tally.playing_ns:
        return "no_device"
    return "muted" if 2 * (tally.muted_ns + tally.silent_ns) > tally.playing_ns else "ok"


def quantile(histogram: Histogram, share: float) -> int | None:
    """Return the least value that `share` of all are not above; None of nothing."""
    wanted = share * sum(histogram.values())
    seen = 0
    for value in sorted(histogram):
        seen += histogram[value]
        if seen >= wanted:
            return value
    return None


def _pass(state: Smoothness, at_ns: int) -> Smoothness:
    """Count the wall time since the last event to whatever was going on."""
    if state.now_ns is None or at_ns <= state.now_ns:
        return replace(state, now_ns=at_ns) if state.now_ns is None else state
    if not state.playing:
        return replace(state, now_ns=at_ns)
    spent_ns = at_ns - state.now_ns
    tally = replace(state.tally, playing_ns=state.tally.playing_ns + spent_ns)
    if state.device is False:
        tally = replace(tally, silent_ns=tally.silent_ns + spent_ns)
    elif state.muted:
        tally = replace(tally, muted_ns=tally.muted_ns + spent_ns)
    state = replace(state, now_ns=at_ns, tally=tally)
    if state.stalled:
        state = _stood(state, spent_ns)
    return _hidden(state, spent_ns) if state.unseen else state


def _stood(state: Smoothness, more_ns: int) -> Smoothness:
    stall_ns = state.stall_ns + more_ns
    tally = replace(
        state.tally,
        stalled_ns=state.tally.stalled_ns + more_ns,
        longest_stall_ns=max(state.tally.longest_stall_ns, stall_ns),
    )
    return replace(state, tally=tally, stall_ns=stall_ns)


def _hidden(state: Smoothness, more_ns: int) -> Smoothness:
    tally = replace(state.tally, unseen_ns=state.tally.unseen_ns + more_ns)
    return replace(state, tally=tally, hidden_ns=state.hidden_ns + more_ns)


def _unnoticed_ns(whole_us: int, counted_ns: int) -> int:
    return min(UNNOTICED_NS, max(0, whole_us * 1000 - counted_ns))


def _frame(state: Smoothness, frame: FrameShown) -> Smoothness:
    """A frame shown again where it stood, as after a pause, is no further frame."""
    if not state.playing:
        return state
    last = state.last
    if last is not None and last.start_us == frame.start_us:
        return state
    length_us = frame.end_us - frame.start_us
    missing = 0
    if last is not None and length_us > 0:
        missing = round(max(0, frame.start_us - last.end_us) / length_us)
    if missing >= LONGEST_HOLE:
        missing = 0
    tally = state.tally
    tally = replace(tally, shown=tally.shown + 1, holes=tally.holes + missing)
    return replace(state, tally=tally, last=frame, mode=frame.mode)


def _interruption(state: Smoothness, event: Stalled | Recovered | Unseen | Seen) -> Smoothness:
    """The film came to a halt, or nothing of it was on the screen; or that is over.

    It began before it was noticed: what was not counted yet is added at the end.
    """
    tally = state.tally
    match event:
        case Stalled() if not state.stalled:
            tally = replace(tally, stalls=tally.stalls + 1)
            return replace(state, tally=tally, stalled=True, stall_ns=0)
        case Unseen() if not state.unseen:
            tally = replace(tally, unseen=tally.unseen + 1)
            return replace(state, tally=tally, unseen=True, hidden_ns=0)
        case Recovered(stalled_us=whole_us) if state.stalled:
            state = _stood(state, _unnoticed_ns(whole_us, state.stall_ns))
            return replace(state, stalled=False, stall_ns=0)
        case Seen(unseen_us=whole_us) if state.unseen:
            state = _hidden(state, _unnoticed_ns(whole_us, state.hidden_ns))
            return replace(state, unseen=False, hidden_ns=0)
        case _:
            return state


def _measured(state: Smoothness, event: SmoothnessEvent) -> Smoothness:
    tally = state.tally
    match event:
        case FramesLost(dropped=dropped, late=late):
            tally = replace(
                tally, told_dropped=tally.told_dropped + dropped, late=tally.late + late
            )
        case SoundMeasured(offset_us=offset_us, device=device):
            state = replace(state, device=device)
            if offset_us is not None:
                offsets = _joined(tally.offsets, {round(offset_us / 1000): 1})
                tally = replace(tally, offsets=offsets)
        case LineMeasured(bits_per_second=bits) if bits > 0:
            tally = replace(tally, line=_joined(tally.line, {_two_digits(bits // 1000): 1}))
        case ModeChanged():
            state = replace(state, mode=event.new)
            tally = _changed(tally, event)
        case ModeKept():
            tally = replace(tally, mode_refusals=tally.mode_refusals + 1)
        case _:
            pass
    return replace(state, tally=tally)


def _changed(tally: Tally, event: ModeChanged) -> Tally:
    return replace(
        tally,
        mode_changes=tally.mode_changes + 1,
        missed_us=tally.missed_us + max(0, event.position_error_us),
        repeated_us=tally.repeated_us + max(0, -event.position_error_us),
        gap_us=max(tally.gap_us, event.gap_us),
    )


def _stand(state: Smoothness) -> Smoothness:
    """The film stands, wanted or not: no frame is due. Whether the window is covered stays so."""
    return replace(state, playing=False, stalled=False, stall_ns=0, last=None)


def _joined(one: Histogram, other: Histogram) -> dict[int, int]:
    keys: Iterable[int] = one.keys() | other.keys()
    return {key: one.get(key, 0) + other.get(key, 0) for key in keys}


def _two_digits(value: int) -> int:
    """A line's pace to two digits: a histogram of a long film stays small."""
    return round(value, 2 - len(str(value))) if value >= 100 else value
