"""How often somebody may ask: each learner, each address, and each name that is guessed at.

Requests are counted by the library `limits` in fixed windows, before anything touches the
database. By default each process counts for itself, so that N gateways let through up to N
times as much; a URL that the library knows (redis://…) makes them count together. Wrong
passwords are counted in the database, where all processes see them.

docs/operating.md has the presets and the reasons.
"""

import hashlib
import hmac
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio.to_thread
from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sync.contract import API
from sync.reference import seen
from sync.reference.kept import Newest
from sync.reference.operations_tables import RefusedSignInRow
from sync.reference.problems import Refusal
from sync.reference.tables import OperationRow

log = logging.getLogger(__name__)
MEMORY = "memory"
FREE_GUESSES = 5
LONGEST_WAIT_S = 60.0
GUESSES_KEPT = timedelta(hours=1)
GUESSES_OF_ALL = 100
TOKENS_KNOWN = 65_536
AT_HOME = timedelta(days=183)
_PRUNE_EVERY = 4096


@dataclass(frozen=True, slots=True)
class RatePresets:
    """In the words of `limits`: "3000/minute". None: not limited.

    learner: one token's requests; a client asks about five times a minute, and quickly only
    while it catches up. address: requests without a token from one address, where a whole room
    may sit. sign_in: sign-ins from one address: 200 PCs, several times each. name: sign-ins
    under one name from one address. guesses: whether wrong passwords make the next try wait.
    storage: `memory`, or a URL of the library's.
    """

    learner: str | None = "3000/minute"
    address: str | None = "6000/minute"
    sign_in: str | None = "1200/minute"
    name: str | None = "30/minute"
    guesses: bool = True
    storage: str = MEMORY


OFF = RatePresets(learner=None, address=None, sign_in=None, name=None, guesses=False)


class Counters(Storage):
    """Counts in this process's memory. now: seconds of a clock that only runs forward."""

    STORAGE_SCHEME = None

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.now = now
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}
        self._since_pruned = 0

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return ()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        with self._lock:
            now = self.now()
            count, ends = self._counts.get(key, (0, 0.0))
            if ends <= now:
                count, ends = 0, now + expiry
            self._counts[key] = (count + amount, ends)
            self._since_pruned += 1
            if self._since_pruned >= _PRUNE_EVERY:
                self._since_pruned = 0
                self._counts = {k: v for k, v in self._counts.items() if v[1] > now}
            return count + amount

    def get(self, key: str) -> int:
        count, ends = self._counts.get(key, (0, 0.0))
        return count if ends > self.now() else 0

    def get_expiry(self, key: str) -> float:
        return self._counts.get(key, (0, self.now()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        with self._lock:
            gone, self._counts = len(self._counts), {}
        return gone

    def clear(self, key: str) -> None:
        with self._lock:
            self._counts.pop(key, None)


class Rates:
    """The presets at work. Any thread."""

    def __init__(self, presets: RatePresets, storage: Storage | None = None) -> None:
        self.presets = presets
        self.remote = presets.storage != MEMORY and storage is None
        if storage is None:
            remote = storage_from_string(presets.storage) if self.remote else Counters()
            assert isinstance(remote, Storage)
            storage = remote
        self._storage = storage
        self._away = False
        self._now = storage.now if isinstance(storage, Counters) else time.time
        self._limiter = FixedWindowRateLimiter(storage)
        self._items: dict[str, RateLimitItem | None] = {
            what: parse(text) if text else None
            for what, text in (
                *(("learner", presets.learner), ("address", presets.address)),
                *(("sign_in", presets.sign_in), ("name", presets.name)),
            )
        }

    def take(self, what: str, whose: str) -> None:
        """One request more. Raises Refusal when that is too many.

        Counters elsewhere that cannot be reached count nothing: study goes on without them.
        """
        item = self._items[what]
        if item is None:
            return
        try:
            if self._limiter.hit(item, what, whose):
                self._away = False
                return
            ends = self._limiter.get_window_stats(item, what, whose).reset_time
        except self._storage.base_exceptions as error:
            if not self._away:
                log.warning("the counters of rates are away: %s", type(error).__name__)
            self._away = True
            return
        raise too_many(ends - self._now())


def too_many(wait_s: float) -> Refusal:
    """429, with the whole seconds after which asking is of use."""
    seconds = max(1, math.ceil(wait_s))
    return Refusal("too_many", f"ask again in {seconds} s", headers={"Retry-After": str(seconds)})


class RateGate:
    """The door that counts. Films have no limit: they come in many small ranges.

    A token that has not been seen to be somebody's counts for its address as well, so that
    tokens that are made up open no way around the counts.
    """

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates
        self._somebodys: Newest[str, bool] = Newest(TOKENS_KNOWN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self._app(scope, receive, send)
            return
        what, whose = _who(scope)
        unknown = what == "learner" and not self._somebodys.get(whose)
        try:
            if unknown:
                await self._take("address", _address(scope))
            await self._take(what, whose)
        except Refusal as refusal:
            await refusal.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)
        if unknown and seen.somebody():
            self._somebodys.put(whose, True)

    async def _take(self, what: str, whose: str) -> None:
        if self._rates.remote:
            await anyio.to_thread.run_sync(self._rates.take, what, whose)
        else:
            self._rates.take(what, whose)


_FREE = (f"{API}/media/", f"{API}/health", f"{API}/ready")
_SIGN_IN = f"{API}/sessions"


def _who(scope: Scope) -> tuple[str, str]:
    address = _address(scope)
    if scope["path"] == _SIGN_IN:
        return "sign_in", address
    authorization = Headers(scope=scope).get("authorization", "")
    if authorization:
        # A token is one run of one learner; signing in anew ends the one before.
        return "learner", hashlib.sha256(authorization.encode("latin-1", "replace")).hexdigest()
    return "address", address


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def name_mac(key: bytes, name: str) -> bytes:
    """What stands for a name that somebody tried: not the name, which may be anything."""
    return hmac.new(key, name.encode("utf-8", "replace"), hashlib.sha256).digest()[:16]


def check_guesses(
    db: Session, mac: bytes, address: str, now: datetime, learner: str | None = None
) -> None:
    """Before a password is looked at. Raises Refusal where too many were wrong lately.

    From one address the wait doubles from the sixth wrong one on, up to a minute; names that
    do not exist are treated the same, so that waiting tells nothing. From all addresses
    together a hundred an hour are free; an address where the learner has signed in before does
    not wait for the others', so that nobody elsewhere can keep a learner out.
    """
    rows = db.execute(
        select(RefusedSignInRow.address, RefusedSignInRow.at)
        .where(RefusedSignInRow.name_mac == mac, RefusedSignInRow.at > now - GUESSES_KEPT)
        # Of a clock that was wrong, and is mended since: nobody waits for that day to come.
        .where(RefusedSignInRow.at <= now + timedelta(seconds=LONGEST_WAIT_S))
        .order_by(RefusedSignInRow.at.desc())
        .limit(GUESSES_OF_ALL + 1)
    ).all()
    here = db.scalars(
        select(RefusedSignInRow.at)
        .where(RefusedSignInRow.name_mac == mac, RefusedSignInRow.address == address)
        .where(RefusedSignInRow.at > now - GUESSES_KEPT)
        .where(RefusedSignInRow.at <= now + timedelta(seconds=LONGEST_WAIT_S))
        .order_by(RefusedSignInRow.at.desc())
        .limit(GUESSES_OF_ALL)
    ).all()
    waits = [0.0]
    if len(here) >= FREE_GUESSES:
        wait = min(LONGEST_WAIT_S, 2.0 ** (len(here) - FREE_GUESSES))
        waits.append(wait - (now - here[0]).total_seconds())
    if len(rows) >= GUESSES_OF_ALL and not _at_home(db, learner, address, now):
        waits.append(LONGEST_WAIT_S - (now - rows[0].at).total_seconds())
    if max(waits) > 0:
        raise too_many(max(waits))


def _at_home(db: Session, learner: str | None, address: str, now: datetime) -> bool:
    """Whether the learner has signed in from there in the last half year."""
    if learner is None:
        return False
    query = select(OperationRow.id).where(
        OperationRow.learner == learner,
        OperationRow.at > now - AT_HOME,
        OperationRow.action == "sign-in",
        OperationRow.address == address,
    )
    return db.scalar(query.limit(1)) is not None


def note_guess(db: Session, mac: bytes, address: str, now: datetime) -> None:
    """A wrong password."""
    db.add(RefusedSignInRow(name_mac=mac, address=address, at=now))


def forgive(db: Session, mac: bytes, address: str) -> None:
    """The right password: what was wrong from there before is forgotten."""
    db.execute(
        delete(RefusedSignInRow).where(
            RefusedSignInRow.name_mac == mac, RefusedSignInRow.address == address
        )
    )


def sweep(db: Session, now: datetime) -> int:
    """Forget guesses that nobody is asked to wait for any more; how many."""
    gone = db.execute(delete(RefusedSignInRow).where(RefusedSignInRow.at <= now - GUESSES_KEPT))
    return int(getattr(gone, "rowcount", 0))
