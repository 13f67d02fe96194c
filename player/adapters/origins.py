"""The places a film can come from, each asked in the same way.

An origin says by its errors what to do: `PassingError` (ask again later, or elsewhere) or
`FinalError` (asking again will not help). An address of ours is renewed once when it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import requests

# urllib3's, by the name that requests has for it
from requests.exceptions import BaseHTTPError  # type: ignore[attr-defined]

from player.events import Fault
from player.ports import Trouble

PIECE_BYTES = 32 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_NOT_ALLOWED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_AGAIN_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_SHORTER = ("IncompleteRead", "InvalidChunkLength", "ended prematurely")  # of urllib3's errors
_WORDS_NOT_FILM = ("text/", "application/json", "application/xhtml", "application/xml")

Authorize = Callable[[str], Mapping[str, str]]
"""Headers for a request to a URL; asked anew each time, so that a token may be renewed.

It must give credentials to the platform's own addresses only (`same_origin`).
"""
Locate = Callable[[str, bool], str]
"""(rendition's URL, whether the last address was refused) → the address to GET now."""


class FinalError(Exception):
    """The origin's answer will not get better by asking again."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.trouble = Trouble(fault, detail)


class PassingError(Exception):
    """The origin can't be reached, or not now."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A film's bytes from `start` on, as they come; `close` it.

    seekable: False where the origin only has the film from its beginning.
    """

    start: int
    pieces: Iterator[bytes]
    close: Callable[[], None]
    seekable: bool = True


class Origin(Protocol):
    """One place a film can come from."""

    name: str
    doubtful: bool
    """It may have another film than the platform's under this name."""

    def ask(self, offset: int) -> Flow:
        """Return the bytes from `offset` on. See the errors above; OSError is a passing one."""


def same_origin(url: str, base: str) -> bool:
    """Tell whether a URL is on the same host, port and scheme as `base`."""
    return _origin(url) == _origin(base)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", parts.port or default


class Address:
    """Where a rendition can be had now; signed addresses expire and are renewed."""

    def __init__(self, url: str, locate: Locate) -> None:
        self._url = url
        self._locate = locate
        self._now: str | None = None

    def get(self) -> str:
        """Return the address; PassingError if there is none now."""
        if self._now is None:
            self._now = self._ask(refused=False)
        return self._now

    def renew(self) -> None:
        """The address was refused: have another one. PassingError as above."""
        self._now = None
        self._now = self._ask(refused=True)

    def _ask(self, *, refused: bool) -> str:
        try:
            return self._locate(self._url, refused)
        except Exception as error:  # whoever asks the platform has errors of their own
            raise PassingError(f"no address for the film: {error!r}") from error


class HttpOrigin:
    """The platform, the network that carries its films, or (by `proxy`) a room's HTTP cache."""

    def __init__(
        self, name: str, address: Address, size_bytes: int, session: requests.Session, *,
        authorize: Authorize, timeouts_s: tuple[float, float], proxy: str = "",
    ) -> None:  # fmt: skip
        self.name = name
        self.doubtful = bool(proxy)
        self._address = address
        self._size_bytes = size_bytes
        self._session = session
        self._authorize = authorize
        self._timeouts_s = timeouts_s
        self._proxy = proxy.rstrip("/")
        self._ranges = True

    def ask(self, offset: int) -> Flow:
        """See `Origin.ask`; also errors of requests."""
        answer = self._get(offset)
        if answer.status_code in _NOT_ALLOWED:  # once more: it may have expired
            answer.close()
            self._address.renew()
            answer = self._get(offset)
        try:
            return self._judge(answer, offset)
        except BaseException:
            answer.close()
            raise

    def _get(self, offset: int) -> requests.Response:
        url = self._address.get()
        if self._proxy:
            parts = urlsplit(url)
            url = self._proxy + parts.path + (f"?{parts.query}" if parts.query else "")
        for _ in range(_MOST_REDIRECTS):
            answer = self._get_one(url, offset)
            if answer.status_code not in _REDIRECTS:
                return answer
            answer.close()
            try:
                there = urljoin(url, answer.headers.get("Location", ""))
            except ValueError as error:
                raise PassingError(f"{answer.status_code} to no address") from error
            if url.startswith("https:") and not there.startswith("https:"):
                raise PassingError(f"{answer.status_code} from https to {urlsplit(there).scheme}")
            url = there
        raise PassingError(f"more than {_MOST_REDIRECTS} redirections")

    def _get_one(self, url: str, offset: int) -> requests.Response:
        headers = {"Accept-Encoding": "identity"}
        if self._ranges:
            headers["Range"] = f"bytes={offset}-"
        if not self._proxy:
            headers.update(self._authorize(url))
        return self._session.get(
            url, headers=headers, stream=True, timeout=self._timeouts_s,
            allow_redirects=False,  # each address gets its own headers, and no other's
            auth=_as_it_is,  # nor any that lie about in a .netrc
            verify=self._session.verify,  # as whoever made the session wants it
        )  # fmt: skip

    def _judge(self, answer: requests.Response, offset: int) -> Flow:
        """Return the body if it holds the film from `offset` or from its beginning on."""
        status = answer.status_code
        words = f"{status} {answer.reason}"
        if status in _GONE:
            raise FinalError(Fault.MISSING, words)
        if status in _NOT_ALLOWED:
            raise FinalError(Fault.REFUSED, words)
        if status in _AGAIN_LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise PassingError(words)
        encoded = answer.headers.get("Content-Encoding", "identity").lower() != "identity"
        if status == HTTPStatus.OK:
            self._judge_whole(answer, encoded=encoded)
            self._ranges &= offset == 0
            return _flow(answer, 0, seekable=self._ranges and not encoded)
        said = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if status != HTTPStatus.PARTIAL_CONTENT or said is None or int(said[1]) != offset:
            raise FinalError(Fault.BROKEN, f"{words} to a request for the bytes from {offset}")
        if encoded:  # a part of something else: have the whole, and decode it
            self._ranges = False
            raise PassingError(f"{words} in an encoding that was not asked for")
        if said[2] not in {"*", str(self._size_bytes)}:
            raise FinalError(Fault.BROKEN, f"{said[2]} bytes, not {self._size_bytes}")
        return _flow(answer, offset)

    def _judge_whole(self, answer: requests.Response, *, encoded: bool) -> None:
        length = None if encoded else answer.headers.get("Content-Length")
        if length == str(self._size_bytes):
            return
        kind = answer.headers.get("Content-Type", "").lower()
        if kind.startswith(_WORDS_NOT_FILM):
            raise PassingError(f"a page of {kind} instead of the film: a captive portal?")
        if length is not None:
            raise FinalError(Fault.BROKEN, f"{length} bytes, not {self._size_bytes}")


def _flow(answer: requests.Response, start: int, *, seekable: bool = True) -> Flow:
    return Flow(start, _body(answer), answer.close, seekable)


def _body(answer: requests.Response) -> Iterator[bytes]:
    """Yield an answer's bytes as they come, so that none is lost when it breaks off."""
    try:
        if answer.raw.chunked:
            yield from answer.raw.stream(PIECE_BYTES, decode_content=True)
        else:
            while piece := answer.raw.read1(PIECE_BYTES, decode_content=True):
                yield piece
    except BaseHTTPError as error:
        if not any(word in repr(error) for word in _SHORTER):
            raise PassingError(f"the answer broke off: {error}") from error
        # An end before the promised one: the film is shorter there, or a line was cut


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
