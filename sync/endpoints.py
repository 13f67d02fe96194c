"""Two addresses of one platform: which is asked first, when it is left, when it is come back to.

    order(state)                   -> the addresses to ask, one after the other
    failed(state, which, now_s)    -> state      nothing came, 5xx, or a page of somebody else's
    answered(state, which, now_s)  -> state      an answer of the platform, also a refusal
    probe_due(state, now_s)        -> whether to ask the first whether it is well again
    probed(state, well, now_s)     -> state

Each question is put to the preferred address and, without an answer, to the other at once, so
that the learner hears of trouble only when both are out of reach. What is preferred changes
slowly: after `LEAVE_AFTER` failures in a row where the other did answer; back to the first after
`WELL_AFTER` good probes in a row, which are asked for ever more seldom while they fail, or when
the first was left again soon after it was come back to. The platform is stateless: a token, and
what was acknowledged, hold at both.
"""

from dataclasses import dataclass, replace

LEAVE_AFTER = 2
WELL_AFTER = 2
FIRST_BACK_S = 60.0
LONGEST_BACK_S = 900.0
PROBE_GAP_S = 15.0
SETTLED_S = 600.0


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Monotonic seconds. preferred: 0 or 1. failures: of the preferred one, in a row.

    well: good probes of the first in a row. probe_s: not before. back_s: how long to wait
    before the first is probed. returned_s: when it was come back to, None before that.
    """

    two: bool = False
    preferred: int = 0
    failures: int = 0
    well: int = 0
    probe_s: float = 0.0
    back_s: float = FIRST_BACK_S
    returned_s: float | None = None


def with_second(state: Endpoints, *, there: bool) -> Endpoints:
    """There is a second address from now on, or none any more."""
    return state if state.two == there else Endpoints(two=there)


def order(state: Endpoints) -> tuple[int, ...]:
    """The preferred one first."""
    return (state.preferred, 1 - state.preferred) if state.two else (0,)


def failed(state: Endpoints, which: int, now_s: float) -> Endpoints:
    if which != state.preferred:
        return replace(state, well=0)
    return replace(state, failures=state.failures + 1)


def answered(state: Endpoints, which: int, now_s: float) -> Endpoints:
    if which == state.preferred:
        return replace(state, failures=0)
    if state.failures < LEAVE_AFTER:
        return state
    if which == 0:
        return _returned(state, now_s)
    soon = state.returned_s is not None and now_s - state.returned_s < SETTLED_S
    back_s = min(LONGEST_BACK_S, state.back_s * 2) if soon else FIRST_BACK_S
    return Endpoints(True, 1, probe_s=now_s + back_s, back_s=back_s, returned_s=state.returned_s)


def probe_due(state: Endpoints, now_s: float) -> bool:
    return state.two and state.preferred == 1 and now_s >= state.probe_s


def probed(state: Endpoints, now_s: float, *, well: bool) -> Endpoints:
    """The first was asked whether it is well."""
    if not state.two or state.preferred == 0:
        return state
    if not well:
        back_s = min(LONGEST_BACK_S, state.back_s * 2)
        return replace(state, well=0, back_s=back_s, probe_s=now_s + back_s)
    if state.well + 1 >= WELL_AFTER:
        return _returned(state, now_s)
    return replace(state, well=state.well + 1, probe_s=now_s + PROBE_GAP_S)


def _returned(state: Endpoints, now_s: float) -> Endpoints:
    return Endpoints(True, 0, back_s=state.back_s, returned_s=now_s)
