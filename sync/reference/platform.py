"""The platform's parts, put together once and handed to every route."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from sync.contract import Policy
from sync.history import Schedule
from sync.reference.integrations import Integrations
from sync.reference.keys import Keys
from sync.reference.problems import Refusal
from sync.reference.rates import RatePresets
from sync.reference.running import Running
from sync.reference.store import Store
from sync.reference.tables import ChainRow, PolicyRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from sync.reference.objects import Objects
    from sync.reference.signon import SignOn

Clock = Callable[[], datetime]
Schedules = Callable[[Policy], Schedule]
HOME_PAGE = "https://platform.invalid"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Settings:
    """How one platform runs.

    data: the folder of keys and, without database_url, of the database. home_page: where
    learners are accounts; no trailing slash. session_s: how long a token is good for.
    beacon_gap_s: a new beacon needs new records or this much time since the last one, so
    that nobody can draw beacons until a convenient one comes. media_address_s: how long a
    film's signed address is good for. integrations: the neighbours, `integrations.toml`.
    rates: how often somebody may ask.
    """

    data: Path
    database_url: str | None = None
    home_page: str = HOME_PAGE
    session_s: float = 12 * 3600
    beacon_gap_s: float = 1.0
    check_tolerance_s: float = 15.0
    day_offset_s: float = 8 * 3600
    media_address_s: float = 6 * 3600
    integrations: Integrations = field(default_factory=Integrations)
    rates: RatePresets = field(default_factory=RatePresets)


@dataclass(frozen=True)
class Platform:
    """schedules: a policy's draws of checks; None believes the plans of the clients.

    objects: where pictures and films are; None keeps pictures in the database. sign_on: the
    provider where learners may sign in; None where it is by password alone. running: what
    this process has for itself.
    """

    settings: Settings
    keys: Keys
    store: Store
    clock: Clock
    schedules: Schedules | None
    objects: "Objects | None" = None
    sign_on: "SignOn | None" = None
    running: Running = field(default_factory=Running)


def policy_in_force(db: "Session") -> tuple[PolicyRow, Policy]:
    """The newest policy. Raises Refusal when the platform was never given one."""
    row = db.query(PolicyRow).order_by(PolicyRow.id.desc()).first()
    if row is None:
        raise Refusal("unavailable", "the platform has no policy yet")
    return row, Policy.model_validate(row.body)


def policy_of(db: "Session", chain: ChainRow) -> Policy:
    """The policy that a run's grant names, whatever is in force now."""
    return Policy.model_validate(db.get_one(PolicyRow, chain.policy).body)


def kept_policy(db: "Session", platform: Platform, number: int) -> Policy:
    """A policy by its number. Policies are never changed, only followed by others."""
    return platform.running.kept.policies.or_make(
        number, lambda: Policy.model_validate(db.get_one(PolicyRow, number).body)
    )


def policy_now(db: "Session", platform: Platform) -> Policy:
    """The newest policy, read once. Raises Refusal when the platform was never given one."""
    number = db.query(PolicyRow.id).order_by(PolicyRow.id.desc()).limit(1).scalar()
    if number is None:
        raise Refusal("unavailable", "the platform has no policy yet")
    return kept_policy(db, platform, number)


def timestamp(time: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as the contract writes times."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def _platform(request: Request) -> Platform:
    platform = request.app.state.platform
    assert isinstance(platform, Platform)
    return platform


async def _address(request: Request) -> str:
    return request.client.host if request.client else ""


PlatformDep = Annotated[Platform, Depends(_platform)]
AddressDep = Annotated[str, Depends(_address)]
