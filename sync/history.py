"""What the rule of credit looks at: a learner's chains, as the platform holds them."""

from dataclasses import dataclass
from typing import Literal, Protocol

from sync.contract import Policy
from sync.facts import Fact, Moment

Entry = tuple[Fact, Moment]
Identity = Literal["same", "different", "unsure", "enrolled", "missing"]


@dataclass(frozen=True, slots=True)
class Witness:
    """One answer of the platform: at `at_s` it held the records up to `seq` and issued a beacon.

    at_s: the platform's own clock, seconds since the epoch. value: the beacon's 64 hex
    digits; needed only where plans of checks are recomputed.
    """

    seq: int
    beacon: int
    at_s: float
    value: str = ""


@dataclass(frozen=True, slots=True)
class ChainHistory:
    """One run.

    entries: the decoded records 1, 2, … in order. witnesses: oldest first, the first one
    being the sign-in (seq 0, beacon 1); records after the last witness's seq are not
    looked at. tick: the open tick, if its seq is the last record's. ended: nothing more
    can come (closed, signed out, or a later chain began). identity: the platform's own
    answer, which stands above the record; None believes the record (client only).
    """

    chain: str
    witnesses: tuple[Witness, ...]
    entries: tuple[Entry, ...]
    ended: bool = False
    tick: Entry | None = None
    identity: Identity | None = None


class PlanCheck(Protocol):
    """The proctor's schedule, handed in: sync and proctor do not know each other."""

    def __call__(
        self, seed: str, ordinal: int, film_left_s: float, checked_in_film: bool
    ) -> tuple[float, tuple[str, ...]]:
        """(after_s, actions) of the chain's `ordinal`-th check, counted from 1.

        seed: the beacon's 64 hex digits.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a platform counts by.

    durations_us: every lesson to be counted and its film's length, by the platform's own
    catalogue. check_tolerance_s: watching that may pass between the moment a check is due
    and the moment it appears. slack_s: how far film may run ahead of the clock; once per
    learner, not once per segment (decoders hand out frames in bunches, up to a quarter of
    a second). gap_s: a hole this small, between two frames, is no missing film. day_offset_s:
    how far the civil day runs ahead of UTC, for the daily cap.
    """

    durations_us: dict[str, int]
    check_tolerance_s: float = 15.0
    slack_s: float = 0.5
    gap_s: float = 0.25
    daily_cap_s: float = Policy().daily_cap_s
    day_offset_s: float = 8 * 3600.0
    plan_check: PlanCheck | None = None
