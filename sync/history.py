"""What the rule of credit looks at: a learner's chains, as the platform holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from sync.contract import Policy
from sync.facts import Fact, Moment

Entry = tuple[Fact, Moment]
Identity = Literal["same", "different", "unsure", "enrolled", "missing"]
Actions = tuple[str, ...]


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
    identities: the same for faces of random checks, by the check's id. verdicts: whether a
    person decided that a check counts, by its id; the check at sign-in is `sign_in_check`.
    risk_review: from this risk on a passed attempt waits for such a verdict.
    """

    chain: str
    witnesses: tuple[Witness, ...]
    entries: tuple[Entry, ...]
    ended: bool = False
    tick: Entry | None = None
    identity: Identity | None = None
    identities: Mapping[str, Identity] = field(default_factory=dict)
    verdicts: Mapping[str, bool] = field(default_factory=dict)
    risk_review: float = float("inf")


def sign_in_check(chain: str) -> str:
    """The name of a run's check at sign-in; random checks are numbered from 1."""
    return f"{chain}.0"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A check as it was drawn. after_s: film seconds from the drawing to the check.

    attempts: the actions of each attempt, as many as the policy allows. alternatives: the
    same from the set for people who can't do those, empty where there is none.
    """

    after_s: float
    attempts: tuple[Actions, ...]
    alternatives: tuple[Actions, ...] = ()


class Schedule(Protocol):
    """The proctor's schedule, handed in: sync and proctor do not know each other.

    seed: a beacon's 64 hex digits.
    """

    def check(
        self, seed: str, ordinal: int, film_left_s: float, checked_in_film: bool, since_s: float
    ) -> Drawn:
        """The chain's `ordinal`-th check, counted from 1. since_s: film since the last one."""

    def sign_in(self, seed: str, attempt: int) -> tuple[Actions, Actions]:
        """What the `attempt`-th attempt at sign-in asks, from 1, and the alternative to it.

        The alternative is empty where there is none.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a platform counts by.

    durations_us: every lesson to be counted and its film's length, by the platform's own
    catalogue. check_tolerance_s: watching that may pass between the moment a check is due
    and the moment it appears. slack_s: how far film may run ahead of the clock; once per
    learner, not once per segment (decoders hand out frames in bunches, up to a quarter of
    a second). gap_s: a hole this small, between two frames, is no missing film. day_offset_s:
    how far the civil day runs ahead of UTC, for the daily cap. schedule: None believes the
    plans of the clients.
    """

    durations_us: dict[str, int]
    check_tolerance_s: float = 15.0
    slack_s: float = 0.5
    gap_s: float = 0.25
    daily_cap_s: float = Policy().daily_cap_s
    day_offset_s: float = 8 * 3600.0
    schedule: Schedule | None = None
