"""When the next check comes and what it asks: a pure function of the platform's seed.

The platform recomputes it from the seed element it revealed, so everything here is integer
arithmetic on milliseconds: no float is drawn, and any language gets the same answer.
`docs/decisions/` says why the moment is drawn and not rolled on either side.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import TypeVar

HARD_LIMIT_S = 900.0
"""The regulation's longest time between two checks (R10); no policy can ask for more."""

MARGIN_S = 5.0
"""A check that has to fall inside a film comes at least this long before its end, and one
that the hard limit bounds this long before it: a film's time is told a few times a second."""

SEED_BYTES = 32

MOST_ATTEMPTS = 256
"""More have no numbers of their own in `_Draw`."""

_DOMAIN = b"anxue/check/v1"


class Action(StrEnum):
    """What a learner can be asked to do. Left and right are the person's own."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    OPEN_MOUTH = "open_mouth"
    BLINK = "blink"
    NOD = "nod"
    FOLLOW_DOT = "follow_dot"


class Place(StrEnum):
    """Where the dot of `FOLLOW_DOT` stands on the screen, as the learner sees it."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


class Tint(StrEnum):
    """Light that the screen gives around a check. Soft colours, and never a flicker: a
    change every `TINT_S` is far below the three flashes a second that can harm somebody.
    """

    WHITE = "white"
    WARM = "warm"
    GREEN = "green"
    BLUE = "blue"


TINT_S = 0.8
TINTS = 15
"""Steps of light drawn for an attempt; they begin again after the last."""

DOTS = 3
"""Places the dot goes to, one after the other, never the same twice running."""


TURNS = frozenset({Action.TURN_LEFT, Action.TURN_RIGHT})

DEFAULT_ACTIONS = (Action.TURN_LEFT, Action.TURN_RIGHT, Action.OPEN_MOUTH, Action.BLINK)

DEFAULT_ALTERNATIVE = (Action.NOD, Action.OPEN_MOUTH, Action.BLINK, Action.FOLLOW_DOT)


@dataclass(frozen=True, slots=True)
class Rules:
    """The policy's presets for checks, as `shared/requirements.md` lists them.

    min_gap_s, max_gap_s: effective watched seconds between two checks. answer_s: time for
    one attempt; action_s: for one action of it. alternative: what is asked of people who
    can't do the others; it may hold no turn, so the record says that it was used.
    match_accept, match_alert: SFace cosine, at least the one is the same person, below the
    other is somebody else. risk_review: from this risk on an attempt that passed waits for
    the platform's decision. screen_light: whether the screen's light is part of a check.
    """

    min_gap_s: float = 300.0
    max_gap_s: float = 720.0
    answer_s: float = 60.0
    attempts: int = 3
    actions_per_check: int = 2
    allowed: tuple[Action, ...] = DEFAULT_ACTIONS
    match_accept: float = 0.45
    match_alert: float = 0.363
    action_s: float = 20.0
    alternative: tuple[Action, ...] = DEFAULT_ALTERNATIVE
    risk_review: float = 0.6
    screen_light: bool = True

    def __post_init__(self) -> None:
        """Refuse what could not be carried out, by name of the field."""
        if not 0 < self.min_gap_s <= self.max_gap_s < float("inf"):
            raise ValueError(f"gap {self.min_gap_s}..{self.max_gap_s} s: need 0 < min <= max")
        if not 0 < self.answer_s < float("inf"):
            raise ValueError(f"answer_s {self.answer_s}: need more than 0")
        if not 1 <= self.attempts <= MOST_ATTEMPTS:
            raise ValueError(f"attempts {self.attempts}: need 1..{MOST_ATTEMPTS}")
        if len(set(self.allowed)) != len(self.allowed):
            raise ValueError("allowed: an action is named twice")
        if not TURNS & set(self.allowed):
            raise ValueError("allowed: needs a turn of the head, see `_draw_actions`")
        if not 1 <= self.actions_per_check <= len(self.allowed):
            raise ValueError(f"actions_per_check {self.actions_per_check}: 1..{len(self.allowed)}")
        if len(set(self.alternative)) != len(self.alternative):
            raise ValueError("alternative: an action is named twice")
        if self.alternative and len(self.alternative) < self.actions_per_check:
            raise ValueError(f"alternative: needs {self.actions_per_check} actions, or none at all")
        if not 0 < self.action_s < float("inf"):
            raise ValueError(f"action_s {self.action_s}: need more than 0")
        if not -1 <= self.match_alert <= self.match_accept <= 1:
            raise ValueError("need -1 <= match_alert <= match_accept <= 1")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt asks. dot: where the dot goes. tints: the screen's light, `TINT_S` each.

    alternative: drawn from the set for people who can't do the others.
    """

    actions: tuple[Action, ...]
    dot: tuple[Place, ...] = ()
    tints: tuple[Tint, ...] = ()
    alternative: bool = False


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """after_s: watched seconds from the drawing to the check, exact to the millisecond.

    attempts: one draw for each attempt, so that a failed one gives nothing away about the
    next. alternatives: the same from the alternative set, empty where there is none.
    """

    after_s: float
    attempts: tuple[Attempt, ...]
    alternatives: tuple[Attempt, ...] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        """Those of the first attempt, as the record of the plan states them."""
        return self.attempts[0].actions


def plan_check(
    seed: bytes,
    ordinal: int,
    rules: Rules,
    film_left_s: float,
    checked_in_film: bool,
    *,
    since_s: float = 0.0,
) -> PlannedCheck:
    """Draw the `ordinal`-th check of a run from the element `seed` of the platform's chain.

    film_left_s: film that is left in the open lesson. checked_in_film: whether a check was
    passed in it; until then the check falls inside what is left, however short. since_s:
    watched seconds since the last passed check, when the drawing comes later than that.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
    if ordinal < 0:
        raise ValueError(f"ordinal {ordinal} is negative")
    earliest, latest = _window_ms(rules, film_left_s, checked_in_film, since_s)
    after_ms = earliest + _below(latest - earliest + 1, seed, b"moment", ordinal)
    return PlannedCheck(
        after_ms / 1000,
        attempts_of(seed, ordinal, rules),
        attempts_of(seed, ordinal, rules, alternative=True) if rules.alternative else (),
    )


def attempts_of(
    seed: bytes, ordinal: int, rules: Rules, *, alternative: bool = False
) -> tuple[Attempt, ...]:
    """What each attempt of the check asks; ordinal 0 is the check at sign-in."""
    return tuple(
        _draw_attempt(_Draw(seed, ordinal, number, alternative), rules)
        for number in range(rules.attempts)
    )


def _window_ms(
    rules: Rules, film_left_s: float, checked_in_film: bool, since_s: float
) -> tuple[int, int]:
    """The earliest and the latest moment, in whole milliseconds from now."""
    if not (film_left_s >= 0 and since_s >= 0):
        raise ValueError(f"film left {film_left_s} s, since the last check {since_s} s")
    longest = int(min(rules.max_gap_s, HARD_LIMIT_S - MARGIN_S) * 1000)
    shortest = min(int(rules.min_gap_s * 1000), longest)
    since = ceil(min(since_s, HARD_LIMIT_S) * 1000)
    earliest, latest = max(0, shortest - since), max(0, longest - since)
    if checked_in_film:
        return earliest, latest
    left = int(min(film_left_s, 2 * HARD_LIMIT_S) * 1000)
    end = max(left - int(MARGIN_S * 1000), left // 2)
    if end >= latest:
        return earliest, latest
    # The film's end is known to the learner, so a window squeezed against it would give the
    # moment away: it keeps at least half of what is left.
    return min(earliest, end // 2), end


@dataclass(frozen=True, slots=True)
class _Draw:
    """Numbers for one attempt: each purpose and place has its own."""

    seed: bytes
    ordinal: int
    attempt: int
    alternative: bool

    def below(self, bound: int, purpose: bytes, place: int = 0) -> int:
        place += 256 * (self.attempt + 256 * self.alternative)
        return _below(bound, self.seed, purpose, self.ordinal, place)


def _draw_attempt(draw: _Draw, rules: Rules) -> Attempt:
    lights = TINTS if rules.screen_light else 0
    return Attempt(
        actions=_draw_actions(draw, rules),
        dot=_draw_row(draw, tuple(Place), DOTS, b"dot"),
        tints=_draw_row(draw, tuple(Tint), lights, b"tint"),
        alternative=draw.alternative,
    )


_Of = TypeVar("_Of")


def _draw_row(draw: _Draw, choice: tuple[_Of, ...], length: int, purpose: bytes) -> tuple[_Of, ...]:
    """So many of the choice, none of them twice running."""
    row: list[_Of] = []
    for place in range(length):
        fresh = [each for each in choice if not row or each is not row[-1]]
        row.append(fresh[draw.below(len(fresh), purpose, place)])
    return tuple(row)


def _draw_actions(draw: _Draw, rules: Rules) -> tuple[Action, ...]:
    """Different actions in random order, at least one of them a turn where the set has one.

    A photograph tilted by 40 to 60 degrees reads as an open mouth, and one with holes cut
    out for the eyes blinks (`shared/measured/learner.md`): only a turn shows that the face
    is no plane, so no check goes without one, but for the alternative set.
    """
    allowed = rules.alternative if draw.alternative else rules.allowed
    turns = [action for action in allowed if action in TURNS] or list(allowed)
    chosen = [turns[draw.below(len(turns), b"turn")]]
    for place in range(1, rules.actions_per_check):
        rest = [action for action in allowed if action not in chosen]
        chosen.append(rest[draw.below(len(rest), b"action", place)])
    for place in range(len(chosen) - 1, 0, -1):  # Fisher and Yates
        other = draw.below(place + 1, b"order", place)
        chosen[place], chosen[other] = chosen[other], chosen[place]
    return tuple(chosen)


def _below(bound: int, seed: bytes, purpose: bytes, ordinal: int, place: int = 0) -> int:
    """A whole number from 0 to `bound` - 1, uniform but for less than one part in 2**40."""
    message = b"\0".join([_DOMAIN, purpose, ordinal.to_bytes(8, "big"), place.to_bytes(4, "big")])
    drawn = int.from_bytes(hmac.digest(seed, message, hashlib.sha256)[:8], "big")
    return drawn * bound >> 64
