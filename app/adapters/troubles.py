"""From an exception of an adapter to the trouble that the learner is told about."""

from __future__ import annotations

from app.errors import Report, Trouble
from sync import ports
from sync.session import MistrustError

_KINDS: tuple[tuple[type[BaseException], Trouble], ...] = (
    (ports.LineUntrustedError, Trouble.LINE_UNTRUSTED),
    (ports.ClockWrongError, Trouble.CLOCK_WRONG),
    (ports.UnreachableError, Trouble.UNREACHABLE),
    (ports.ServerFaultError, Trouble.SERVER_FAULT),
    (ports.PortalError, Trouble.PORTAL),
    (ports.NonsenseError, Trouble.NONSENSE),
    (MistrustError, Trouble.UNTRUSTED_PLATFORM),
    (ports.StoreDamagedError, Trouble.STORE_DAMAGED),
    (ports.WrongKeyError, Trouble.STORE_DAMAGED),
    (ports.StoreFullError, Trouble.STORE_FULL),
    (ports.StoreReadOnlyError, Trouble.STORE_READ_ONLY),
    (ports.StoreError, Trouble.STORE_LOCKED),
    (OSError, Trouble.STORE_READ_ONLY),
)
"""The first kind that fits, the more special ones first."""

_REFUSED = {
    "wrong_password": Trouble.WRONG_PASSWORD,
    "signed_out": Trouble.SIGNED_OUT,
    "taken_over": Trouble.TAKEN_OVER,
}


def report_of(error: BaseException) -> Report:
    """The trouble behind an exception. What is nobody's known trouble is raised again."""
    seconds = 0.0
    if isinstance(error, ports.ClockWrongError):
        seconds = error.off_s
    elif isinstance(error, ports.ServerFaultError):
        seconds = error.retry_after_s
    place = error.proxy if isinstance(error, ports.ProxyAskedError) else ""
    return Report(_trouble_of(error), f"{type(error).__name__}: {error}", seconds, place=place)


def _trouble_of(error: BaseException) -> Trouble:
    if isinstance(error, ports.RefusedError):
        return _REFUSED.get(error.code, Trouble.RECORDS_REFUSED)
    if isinstance(error, MistrustError) and error.demo:
        return Trouble.DEMO_PLATFORM
    if isinstance(error, ports.ProxyAskedError):
        known = not error.offered or "basic" in error.offered
        return Trouble.PROXY_ASKS if known else Trouble.PROXY_WAY_UNKNOWN
    if isinstance(error, ports.ServerFaultError) and error.status == 429:
        return Trouble.BUSY
    for kind, trouble in _KINDS:
        if isinstance(error, kind):
            return trouble
    raise error
