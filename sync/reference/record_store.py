"""Statements on their way to an xAPI record store: `POST /statements`, the bytes as they came.

Our statements are xAPI 2.0 and say so in `version`. A store of 1.0.3 knows only "1.0.x" there
and may refuse the rest, so that for such a store the member is written "1.0.3": nothing else
differs for its reader (docs/integration.md). With "2.0.0" not one byte changes. The statement's
id is the same at every sending, so that a store that has it already says so and keeps one.
"""

import email.utils
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import httpx

from sync import records
from sync.reference.forwarding import Delivered, Later, Outcome, Refused
from sync.reference.integrations import RecordStoreSettings

_OLD = b',"version":"1.0.3"}'
_NEW = f',"version":"{records.VERSION}"}}'.encode()
_OVER_CAPACITY = (408, 425, 429)
_NOT_US = (401, 403, 404, 405, 407)


@dataclass(frozen=True, slots=True)
class Sent:
    """done_to: up to where everything was settled: taken, or `refused` with the store's reason.

    outcome: Later if the store could not be brought to answer, Refused if it took nothing of
    what it was sent, which looks more like a wrong setting than like so many wrong records.
    """

    outcome: Outcome
    done_to: int
    refused: tuple[tuple[int, str], ...] = ()


class RecordStore:
    """One store. A batch is atomic there, so that one bad statement is found by halving."""

    def __init__(self, settings: RecordStoreSettings, client: httpx.Client | None = None) -> None:
        self._settings = settings
        auth = httpx.BasicAuth(settings.user, settings.password) if settings.user else None
        self._http = client or httpx.Client(timeout=settings.timeout_s, auth=auth)
        self._url = f"{settings.url.rstrip('/')}/statements"

    def send(self, statements: Sequence[tuple[int, bytes]], now: datetime) -> Sent:
        """(number, body) in order. Slow: one request for each `batch` of them, or more."""
        refused: list[tuple[int, str]] = []
        size = max(1, self._settings.batch)
        done_to = statements[0][0] - 1 if statements else 0
        for begin in range(0, len(statements), size):
            part = statements[begin : begin + size]
            bad: list[tuple[int, str]] = []
            outcome = self._part(part, now, bad)
            if len(bad) == len(part):
                outcome = Refused(bad[0][1])
            if not isinstance(outcome, Delivered):
                # What of this part went through is known there, when it comes again.
                return Sent(outcome, done_to, tuple(refused))
            refused += bad
            done_to = part[-1][0]
        return Sent(Delivered(), done_to, tuple(refused))

    def _part(
        self, part: Sequence[tuple[int, bytes]], now: datetime, refused: list[tuple[int, str]]
    ) -> Outcome:
        outcome, conflict = self._post([body for _, body in part], now)
        if not isinstance(outcome, Refused):
            return outcome
        if len(part) == 1:
            if not conflict:  # with a conflict the id is there already: that is what we want
                refused.append((part[0][0], outcome.reason))
            return Delivered()
        middle = len(part) // 2
        for half in (part[:middle], part[middle:]):
            told = self._part(half, now, refused)
            if isinstance(told, Later):
                return told
        return Delivered()

    def _post(self, bodies: list[bytes], now: datetime) -> tuple[Outcome, bool]:
        """One request; and whether it was refused because an id is there already."""
        if self._settings.version == "1.0.3":
            bodies = [as_old(body) for body in bodies]
        headers = {
            "content-type": "application/json",
            "x-experience-api-version": self._settings.version,
        }
        try:
            answer = self._http.post(
                self._url, content=b"[" + b",".join(bodies) + b"]", headers=headers
            )
        except httpx.HTTPError as error:
            return Later(f"the record store cannot be reached: {type(error).__name__}"), False
        return _judged(answer, len(bodies), now), answer.status_code == HTTPStatus.CONFLICT


def as_old(body: bytes) -> bytes:
    """A statement for a store of 1.0.3: `version` is the last member of every one of ours."""
    return body.removesuffix(_NEW) + _OLD if body.endswith(_NEW) else body


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a `Retry-After`, in either of its forms; None for none, or nonsense."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def _judged(answer: httpx.Response, count: int, now: datetime) -> Outcome:
    status = answer.status_code
    told = f"the record store answered {status}: {_words(answer)}"
    if status == HTTPStatus.NO_CONTENT:
        return Delivered()
    if status == HTTPStatus.OK:
        # Ids of what it stored. Anything else, as a captive portal's page, is no store.
        return Delivered() if _ids(answer, count) else Later(told)
    if status >= 500 or status in _OVER_CAPACITY:
        return Later(told, retry_after(answer.headers.get("retry-after"), now))
    if status in _NOT_US or status < 400:
        return Later(told)  # our account or its address is wrong: no fault of the statements
    return Refused(told)


def _ids(answer: httpx.Response, count: int) -> bool:
    try:
        ids = answer.json()
    except ValueError:
        return False
    return (
        isinstance(ids, list) and len(ids) <= count and all(isinstance(each, str) for each in ids)
    )


def _words(answer: httpx.Response) -> str:
    """The beginning of what it said, on one line."""
    try:
        text = json.dumps(answer.json(), ensure_ascii=False)
    except ValueError:
        text = answer.text
    return " ".join(text.split())[:300]
