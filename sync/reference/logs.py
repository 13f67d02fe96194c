"""Structured logs: one line of JSON an event, on stderr.

    {"time":…,"level":"info","event":"request","request":…,"method":"POST",
     "route":"/v1/records","status":200,"ms":12.4,"learner":"p-3f…","records":10}

Only members that are named here are ever written, and only as short words and numbers: what
may not be in a log (bodies, tokens, names, faces, addresses, query strings) has no way in.
Other libraries' messages come without their arguments, faults without their messages.
"""

import hashlib
import hmac
import logging
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Protocol, TextIO

import structlog

MEMBERS = frozenset(
    {
        *("time", "level", "event"),
        *("request", "trace", "method", "route", "status", "ms", "learner", "code", "records"),
        *("error", "frames", "logger", "count", "day", "state", "why", "process"),
    }
)
_LONGEST = 300
_HERE = Path(__file__).resolve().parents[2]


class Log(Protocol):
    """Where events go; a structlog logger is one."""

    def info(self, event: str, **members: object) -> object: ...

    def warning(self, event: str, **members: object) -> object: ...

    def error(self, event: str, **members: object) -> object: ...


class Silence:
    """A Log that keeps nothing."""

    def info(self, event: str, **members: object) -> None: ...

    def warning(self, event: str, **members: object) -> None: ...

    def error(self, event: str, **members: object) -> None: ...


class OnlyFaults:
    """A Log that passes on what is worse than information."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def info(self, event: str, **members: object) -> None: ...

    def warning(self, event: str, **members: object) -> object:
        return self._log.warning(event, **members)

    def error(self, event: str, **members: object) -> object:
        return self._log.error(event, **members)


def to(stream: TextIO) -> Log:
    """A log of JSON lines on a stream."""
    log: Log = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _only_what_is_named,
            structlog.processors.JSONRenderer(ensure_ascii=False, separators=(",", ":")),
        ],
        wrapper_class=structlog.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return log


def everything_to(stream: TextIO = sys.stderr) -> Log:
    """The same, and whatever other libraries have to say (warnings and worse) goes there, too."""
    log = to(stream)
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    root.addHandler(_Others(log))
    root.setLevel(logging.WARNING)
    return log


def pseudonym(key: bytes, learner: str) -> str:
    """A learner in the log: the same one always, and nobody's without the platform's key."""
    return "p-" + hmac.new(key, learner.encode(), hashlib.sha256).hexdigest()[:16]


def frames(error: BaseException) -> str:
    """Where a fault happened, innermost last: files and lines; never a value."""
    told = []
    for frame in traceback.extract_tb(error.__traceback__)[-8:]:
        path = Path(frame.filename)
        place = path.relative_to(_HERE) if path.is_relative_to(_HERE) else Path(path.name)
        told.append(f"{place.as_posix()}:{frame.lineno} {frame.name}")
    return " < ".join(reversed(told))


class _Others(logging.Handler):
    """Other libraries' lines: who, how bad, and the text without what was filled into it."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._say: Mapping[bool, Callable[..., object]] = {True: log.error, False: log.warning}

    def emit(self, record: logging.LogRecord) -> None:
        told: dict[str, object] = {"logger": record.name}
        # A text without arguments may have been filled in before: only its template is told.
        if isinstance(record.msg, str) and record.args:
            told["why"] = record.msg
        if record.exc_info and record.exc_info[1] is not None:
            told |= {"error": type(record.exc_info[1]).__name__}
            told |= {"frames": frames(record.exc_info[1])}
        if "error" not in told and "why" not in told:
            told["frames"] = f"{Path(record.pathname).name}:{record.lineno}"
        self._say[record.levelno >= logging.ERROR]("library", **told)


def _only_what_is_named(
    _logger: Any, _method: str, members: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    kept: dict[str, Any] = {}
    for name in sorted(members, key=lambda name: (name not in {"time", "level", "event"}, name)):
        value = members[name]
        if name not in MEMBERS or value is None or value == "":
            continue
        kept[name] = value if isinstance(value, int | float) else _short(str(value))
    return kept


def _short(text: str) -> str:
    clean = "".join(letter if letter.isprintable() else "·" for letter in text)
    return clean if len(clean) <= _LONGEST else clean[:_LONGEST] + "…"
