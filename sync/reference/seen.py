"""What is noticed about the request at hand, for the log line and the figures.

The door (`sync.reference.watch`) opens a `Seen` for each request; whoever learns something
adds it from wherever it runs. Routes run in threads with a copy of the context, and the copy
holds the same `Seen`. Outside of a request the notes go nowhere.
"""

from contextvars import ContextVar, Token
from dataclasses import dataclass, field


@dataclass(slots=True)
class Seen:
    """request: the id that is answered and logged. trace: W3C trace id, "" for none.

    route: its template, never the path that was asked for. learner: id, logged as a pseudonym.
    caller: which token it was, for those who are no learners; for the audit log alone.
    code: of the Problem that was answered. records: how many were taken.
    """

    request: str = ""
    trace: str = ""
    route: str = ""
    learner: str = ""
    caller: str = ""
    code: str = ""
    records: int = 0
    error: BaseException | None = field(default=None, repr=False)


_now: ContextVar[Seen | None] = ContextVar("seen", default=None)


def begin(seen: Seen) -> Token[Seen | None]:
    return _now.set(seen)


def end(token: Token[Seen | None]) -> None:
    _now.reset(token)


def learner(name: str) -> None:
    """Who is calling."""
    if (seen := _now.get()) is not None:
        seen.learner = name


def caller(token: str) -> None:
    """With which token an institution, or the supervisor, is calling."""
    if (seen := _now.get()) is not None:
        seen.caller = token


def somebody() -> bool:
    """Whether the request's token was found to be somebody's."""
    seen = _now.get()
    return seen is not None and bool(seen.learner or seen.caller)


def who() -> str:
    """What `caller` was told; "" outside of a request."""
    seen = _now.get()
    return "" if seen is None else seen.caller


def route(template: str) -> None:
    """Which route it was."""
    if (seen := _now.get()) is not None:
        seen.route = template


def refusal(code: str) -> None:
    """What the answer's Problem says."""
    if (seen := _now.get()) is not None:
        seen.code = code


def fault(error: BaseException) -> None:
    """What nobody had thought of."""
    if (seen := _now.get()) is not None:
        seen.error = error


def taken(records: int) -> None:
    """So many new records were kept."""
    if (seen := _now.get()) is not None:
        seen.records += records
