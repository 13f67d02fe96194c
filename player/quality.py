"""Which rendition to play: the learner chooses the mode, the film and the policy set the limits.

Within those the line decides. `step` takes what the player tells and says, now and then, that
another mode should be asked for (docs/decisions/018-picture-by-itself.md has the figures):

1. down, when the line is short of what the mode needs for `SETTLE_NS` while less than `LOW_US`
   is ahead, or when a stall is the line's doing: at once to the best mode that the line carries;
2. up again, one mode at a time and never above what was chosen and allowed, when the line has
   carried `CLIMB` times that mode's need for `PLENTY_NS`;
3. a climb that had to be taken back doubles the wait for the next one;
4. two changes are never closer than `APART_NS`, whatever happens; only the learner may be quicker.

All times are the events' own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from player.events import (
    Fault,
    LineMeasured,
    Mode,
    ModeChanged,
    ModeKept,
    Opened,
    Recovered,
    Stalled,
)
from player.timeline import Paused, Playing, TimelineEvent

_ASCENDING = (Mode.FLUENT, Mode.STANDARD, Mode.HIGH)
_S = 1_000_000_000

LOW_US = 10_000_000
"""Wall time of film ahead below which a short line is felt soon."""
FULL_US = 30_000_000
"""Wall time of film ahead that is worth as much as a long look at the line."""
FITS = 1.1
"""A line carries a mode that needs this much less: a film is heavier here and lighter there."""
CLIMB = 1.4
"""For a change upwards the line must carry this much more than the mode needs."""
SETTLE_NS = 4 * _S
"""A connection that has just begun is slow: the line must be short for so long."""
PLENTY_NS = 20 * _S
"""How long the line must be plentiful, or, with `FULL_US` ahead, a quarter of that."""
APART_NS = 10 * _S
"""Least time between two changes that nobody asked for."""
TRIAL_NS = 60 * _S
"""A climb that had to be taken back sooner was a mistake; so was any that ended in a stall."""
PROVEN_NS = 300 * _S
"""After so long in the higher mode earlier mistakes are forgotten."""
WAIT_NS = 30 * _S
LONGEST_WAIT_NS = 480 * _S
"""Time between a change downwards and the next try upwards: doubled by each mistake, up to this."""
PATIENCE_NS = 30 * _S
"""A change that was neither made nor refused by then may be asked for again."""


def rendition_for(offered: Collection[Mode], chosen: Mode, cap: Mode = Mode.HIGH) -> Mode:
    """Return the mode to play when the learner chose `chosen` and the policy allows up to `cap`.

    The best offered mode not above either; if there is none, the lightest one offered: a film
    above the cap is better than no lesson. ValueError if nothing is offered.
    """
    ceiling = min(_ASCENDING.index(chosen), _ASCENDING.index(cap))
    ladder = [mode for mode in _ASCENDING if mode in offered]
    if not ladder:
        raise ValueError("a film without renditions")
    below = [mode for mode in ladder if _ASCENDING.index(mode) <= ceiling]
    return below[-1] if below else ladder[0]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The learner picked a mode by hand."""

    at_ns: int
    mode: Mode


QualityEvent = TimelineEvent | Chosen


@dataclass(frozen=True, slots=True)
class Quality:
    """What has to be remembered of a film; made by `begin`.

        needs: bits per second of each rendition, at rate 1. mode: what is on the screen; wanted:
        what was asked for and has not been answered. line: bits per second as last measured, 0 for
    never. ahead_us: None while unknown. The times say since when something holds: that the line is
    measured, that film is missing, that the line is short for this mode, plentiful for the next.
    """

    needs: Mapping[Mode, int]
    chosen: Mode
    cap: Mode
    mode: Mode
    wanted: Mode | None = None
    asked_ns: int | None = None
    rate: float = 1.0
    running: bool = False
    line: int = 0
    ahead_us: int | None = None
    whole: bool = False
    measured_ns: int | None = None
    starved_ns: int | None = None
    short_ns: int | None = None
    plenty_ns: int | None = None
    climbed_ns: int | None = None
    wait_ns: int = WAIT_NS
    not_before_ns: int = 0
    barred: frozenset[Mode] = field(default_factory=frozenset)
    """Modes that this film cannot be had in, whatever the line does."""

    @property
    def ceiling(self) -> Mode:
        """The best mode that the choice, the policy and the film allow."""
        return rendition_for(self.needs, self.chosen, self.cap)

    @property
    def stepped_down(self) -> bool:
        """Tell whether the picture is less than was chosen because the line cannot carry it."""
        return _above(self.ceiling, self.mode)


def begin(needs: Mapping[Mode, int], chosen: Mode, cap: Mode = Mode.HIGH, line: int = 0) -> Quality:
    """Start a film whose renditions need `needs` bits per second; open it in the result's `mode`.

    line: what the last film's line carried in the end, 0 if nobody knows: so the next film of a
    slow line need not begin with a stall. ValueError if there are no renditions.
    """
    state = Quality(dict(needs), chosen, cap, rendition_for(needs, chosen, cap), line=line)
    if 0 < line < needs[state.mode]:
        return replace(state, mode=_lower(state) or state.mode)
    return state


def step(state: Quality, event: QualityEvent) -> tuple[Quality, Mode | None]:
    """Take in one event; return the new state and the mode to ask the player for, if any."""
    match event:
        case Chosen():
            return _chosen(state, event)
        case Opened(mode=mode):
            return _forget(replace(state, mode=mode, wanted=None)), None
        case Playing(rate=rate):
            state = replace(state, running=True, rate=rate)
        case Paused():
            state = replace(state, running=False, short_ns=None, starved_ns=None)
        case ModeChanged():
            state = _changed(state, event)
        case ModeKept():
            state = _kept(state, event)
        case Stalled(at_ns=at_ns):
            state = _stalled(state, at_ns)
        case Recovered():
            state = replace(state, starved_ns=None)
        case LineMeasured():
            state = _measured(state, event)
        case _:
            return state, None
    return _decide(state, event.at_ns)


def _chosen(state: Quality, event: Chosen) -> tuple[Quality, Mode | None]:
    """A choice by hand is tried at once, whatever was learnt of the line before."""
    awaited = state.wanted or state.mode
    starved_ns = None if state.starved_ns is None else event.at_ns
    fresh = begin(state.needs, event.mode, state.cap)
    state = replace(
        fresh,
        mode=state.mode,
        rate=state.rate,
        running=state.running,
        line=state.line,
        ahead_us=state.ahead_us,
        whole=state.whole,
        measured_ns=state.measured_ns,
        starved_ns=starved_ns,
        asked_ns=event.at_ns,
    )
    target = state.ceiling
    wanted = None if target is state.mode else target
    return replace(state, wanted=wanted), None if target is awaited else target


def _forget(state: Quality) -> Quality:
    """What was measured at another place, or of another rendition, says nothing any more."""
    return replace(
        state, ahead_us=None, whole=False, starved_ns=None, short_ns=None, plenty_ns=None
    )


def _changed(state: Quality, event: ModeChanged) -> Quality:
    climbed = _above(event.new, event.old)
    starved_ns = state.starved_ns
    state = _forget(replace(state, mode=event.new, wanted=None))
    return replace(
        state,
        climbed_ns=event.at_ns if climbed else None,
        starved_ns=None if starved_ns is None else event.at_ns,
    )


def _kept(state: Quality, event: ModeKept) -> Quality:
    """A rendition that cannot be had now is tried later; one that does not exist, never."""
    state = replace(state, mode=event.mode, wanted=None)
    if event.fault is not Fault.UNREACHABLE:
        state = replace(state, barred=state.barred | {event.wanted})
    if _above(event.wanted, event.mode):
        state = _back_off(state, event.at_ns)
    return state


def _stalled(state: Quality, at_ns: int) -> Quality:
    """With film enough ahead it was not the line: a busy PC, a slow disk."""
    enough = state.whole or (state.ahead_us is not None and _ahead_us(state) >= LOW_US)
    return state if enough else replace(state, starved_ns=at_ns)


def _measured(state: Quality, event: LineMeasured) -> Quality:
    state = replace(
        state,
        line=event.bits_per_second or state.line,
        ahead_us=event.ahead_us,
        whole=event.whole,
        measured_ns=event.at_ns if state.measured_ns is None else state.measured_ns,
    )
    full = event.whole or _ahead_us(state) >= FULL_US
    if event.bits_per_second == 0 and not full:
        return replace(state, plenty_ns=None)  # nothing comes: whether it is short, we can't tell
    upper = _next_up(state)
    short = not event.whole and state.line < _need(state, state.mode) and _ahead_us(state) < LOW_US
    plenty = upper is not None and state.line >= CLIMB * _need(state, upper)
    return replace(
        state,
        short_ns=_since(state.short_ns, event.at_ns, holds=short),
        plenty_ns=_since(state.plenty_ns, event.at_ns, holds=plenty),
    )


def _since(since_ns: int | None, at_ns: int, *, holds: bool) -> int | None:
    """When something began to hold without a break; None where it does not."""
    if not holds:
        return None
    return at_ns if since_ns is None else since_ns


def _decide(state: Quality, at_ns: int) -> tuple[Quality, Mode | None]:
    if state.asked_ns is not None and at_ns - state.asked_ns < APART_NS:
        return state, None
    falling = _must_fall(state, at_ns)
    climbing = state.wanted is not None and _above(state.wanted, state.mode)
    if _awaited(state, at_ns) and not (climbing and falling):
        return state, None
    if falling:
        lower = _lower(state) or (state.mode if climbing else None)
        if lower is None:
            return state, None
        state = _back_off(state, at_ns) if climbing else _fell(state, at_ns)
        return _ask(state, lower, at_ns), lower
    upper = _next_up(state)
    if upper is not None and _may_climb(state, at_ns):
        return _ask(state, upper, at_ns), upper
    return state, None


def _ask(state: Quality, mode: Mode, at_ns: int) -> Quality:
    """Asking for what is there takes back what was asked before; nobody answers that."""
    return replace(state, wanted=None if mode is state.mode else mode, asked_ns=at_ns)


def _awaited(state: Quality, at_ns: int) -> bool:
    asked_ns = state.asked_ns
    return state.wanted is not None and asked_ns is not None and at_ns - asked_ns < PATIENCE_NS


def _must_fall(state: Quality, at_ns: int) -> bool:
    if state.whole or not state.running:
        return False
    if state.short_ns is not None and at_ns - state.short_ns >= SETTLE_NS:
        return True
    if state.starved_ns is None:
        return False
    settled = state.measured_ns is not None and at_ns - state.measured_ns >= SETTLE_NS
    if settled and state.line < CLIMB * _need(state, state.mode):
        return True
    return at_ns - state.starved_ns >= SETTLE_NS  # after a seek even a good line needs a moment


def _lower(state: Quality) -> Mode | None:
    """The best lighter mode that the line carries, else the lightest."""
    lighter = [
        mode
        for mode in _ASCENDING[: _ASCENDING.index(state.mode)]
        if mode not in state.barred and 0 < state.needs.get(mode, 0) < state.needs[state.mode]
    ]
    if not lighter:
        return None
    if state.line == 0:
        return lighter[-1]
    fitting = [mode for mode in lighter if FITS * _need(state, mode) <= state.line]
    return fitting[-1] if fitting else min(lighter, key=lambda mode: state.needs[mode])


def _next_up(state: Quality) -> Mode | None:
    place, ceiling = _ASCENDING.index(state.mode), _ASCENDING.index(state.ceiling)
    above = _ASCENDING[place + 1 : ceiling + 1]
    return next((mode for mode in above if mode in state.needs and mode not in state.barred), None)


def _may_climb(state: Quality, at_ns: int) -> bool:
    if state.plenty_ns is None or state.starved_ns is not None or at_ns < state.not_before_ns:
        return False
    full = state.whole or _ahead_us(state) >= FULL_US
    return at_ns - state.plenty_ns >= (PLENTY_NS // 4 if full else PLENTY_NS)


def _fell(state: Quality, at_ns: int) -> Quality:
    lasted_ns = None if state.climbed_ns is None else at_ns - state.climbed_ns
    if lasted_ns is not None and lasted_ns >= PROVEN_NS:
        state = replace(state, wait_ns=WAIT_NS)
    too_early = lasted_ns is not None and lasted_ns < TRIAL_NS
    if too_early or state.starved_ns is not None:
        return _back_off(state, at_ns)
    return replace(state, not_before_ns=at_ns + state.wait_ns)


def _back_off(state: Quality, at_ns: int) -> Quality:
    wait_ns = min(LONGEST_WAIT_NS, 2 * state.wait_ns)
    return replace(state, wait_ns=wait_ns, not_before_ns=at_ns + wait_ns)


def _above(mode: Mode, other: Mode) -> bool:
    return _ASCENDING.index(mode) > _ASCENDING.index(other)


def _need(state: Quality, mode: Mode) -> float:
    """Bits per second of wall time."""
    return state.needs[mode] * state.rate


def _ahead_us(state: Quality) -> float:
    """Wall time that the film ahead lasts."""
    return (state.ahead_us or 0) / state.rate
