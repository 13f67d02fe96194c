"""What all the words are made with: the marker, the message, lengths of time."""

from collections.abc import Callable
from dataclasses import dataclass

Translate = Callable[[str, str], str]


def QT_TRANSLATE_NOOP(context: str, source: str) -> str:  # noqa: N802  (lupdate's own name)
    """Mark `source` for translation and return it as it is."""
    return source


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, what it means for the time, what to do."""

    what: str
    time: str
    todo: str


def clock(seconds: float) -> str:
    """A length of time as a learner reads it: 12:40, from an hour on 1:02:05."""
    whole = max(0, int(seconds))
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute:02d}:{second:02d}"


def span(start_s: float, end_s: float) -> str:
    """A stretch of film: 09:10–09:55."""
    return f"{clock(start_s)}–{clock(end_s)}"


def duration(translate: Translate, seconds: float) -> str:
    """A length of time in words, for sentences: 45 秒, 3 分 20 秒, 1 小时 2 分."""
    whole = max(0, round(seconds))
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    if hours:
        return translate("Time", "{h} 小时 {m} 分").format(h=hours, m=minute)
    if minutes:
        return translate("Time", "{m} 分 {s} 秒").format(m=minutes, s=second)
    return translate("Time", "{s} 秒").format(s=second)
