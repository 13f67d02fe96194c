"""Fetches one film from its origin, ahead of the readers, and never gives up on the line.

The truth about the line is here: Qt calls 404, 403 and 503 by one name.
"""

from __future__ import annotations

import logging
import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus

import requests

from player.adapters.cached_file import BLOCK_BYTES, CachedFile
from player.events import Fault
from player.ports import Trouble

_log = logging.getLogger(__name__)

TIMEOUTS_S = (3.05, 10.0)
"""To connect, and between two pieces of an answer."""
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.25, 2.0
_NEAR_BLOCKS = 16  # a reader this little ahead is sooner served by reading on than by asking anew
_EMPTY_ANSWERS = 5  # an origin that so often sends nothing where more was promised has no more
_PIECE_BYTES = 64 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_NOT_ALLOWED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_AGAIN_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)

Authorize = Callable[[str], Mapping[str, str]]
"""Headers for a request to a URL; asked anew each time, so that a token may be renewed."""


class _FinalError(Exception):
    """The origin's answer will not get better by asking again."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.trouble = Trouble(fault, detail)


class _PassingError(Exception):
    """The origin can't be reached, or not now."""


class Fetch:
    """A thread that fills one `CachedFile` until it is whole or `stop` is called."""

    def __init__(
        self,
        url: str,
        file: CachedFile,
        *,
        session: Callable[[], requests.Session],
        authorize: Authorize,
        on_line: Callable[[Trouble | None], None],
    ) -> None:
        self._url = url
        self._file = file
        self._session = session
        self._authorize = authorize
        self._on_line = on_line
        self._stopped = threading.Event()
        self._answer: requests.Response | None = None
        self._answer_lock = threading.Lock()
        self.thread = threading.Thread(target=self._run, name="media-fetch")

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    @property
    def under_way(self) -> bool:
        """It still fetches, or tries to: not stopped, not done, not given up."""
        trouble = self._file.trouble
        given_up = trouble is not None and trouble.fault is not Fault.UNREACHABLE
        return self.thread.is_alive() and not self._stopped.is_set() and not given_up

    def stop(self) -> None:
        """End soon, also out of the middle of an answer; `thread` can be joined then."""
        with self._answer_lock:
            self._stopped.set()
            if self._answer is not None:
                _hang_up(self._answer)

    def _run(self) -> None:
        try:
            self._file.adopt()
            with self._session() as session:
                self._fill(session)
            if self._file.complete and not self._file.finish():
                raise _FinalError(Fault.BROKEN, "the film's SHA-256 is not the announced one")
        except _FinalError as error:
            self._report(error.trouble)
        except OSError as error:
            self._report(Trouble(Fault.BROKEN, f"the cache's disk: {error}"))

    def _fill(self, session: requests.Session) -> None:
        delay_s = _FIRST_DELAY_S
        empty_answers = 0
        while not self._stopped.is_set() and (block := self._file.next_missing()) is not None:
            try:
                fetched = self._stream(session, block)
            except (_PassingError, requests.RequestException) as error:
                if self._stopped.is_set():
                    return
                self._report(Trouble(Fault.UNREACHABLE, str(error)))
                empty_answers = 0
            else:
                empty_answers = 0 if fetched else empty_answers + 1
                if empty_answers >= _EMPTY_ANSWERS:
                    raise _FinalError(Fault.BROKEN, f"nothing behind byte {block * BLOCK_BYTES}")
                if fetched:
                    delay_s = _FIRST_DELAY_S
                    continue
            # Not all PCs of a room at once
            self._stopped.wait(delay_s * random.uniform(0.75, 1.25))
            delay_s = min(2 * delay_s, _LONGEST_DELAY_S)

    def _stream(self, session: requests.Session, first: int) -> int:
        """Fetch from block `first` on until something else is wanted; return how many came."""
        fetched = 0
        with self._ask(session, first * BLOCK_BYTES) as answer:
            with self._answer_lock:
                self._answer = answer
                if self._stopped.is_set():
                    return 0
            try:
                for block, data in self._blocks_of(answer, first):
                    self._file.write(block, data)
                    self._report(None)
                    fetched += 1
                    if self._stopped.is_set() or self._go_elsewhere(block + 1):
                        break
            except requests.exceptions.ChunkedEncodingError as error:
                _log.info("an answer broke off after %d blocks: %s", fetched, error)
            finally:
                with self._answer_lock:
                    self._answer = None
        return fetched

    def _go_elsewhere(self, block: int) -> bool:
        urgent = self._file.urgent_missing()
        if urgent is not None and not block <= urgent < block + _NEAR_BLOCKS:
            return True
        return self._file.has(block)

    def _blocks_of(self, answer: requests.Response, first: int) -> Iterator[tuple[int, bytes]]:
        block, rest = first, bytearray()
        for piece in answer.iter_content(_PIECE_BYTES):
            rest += piece
            while block * BLOCK_BYTES < self._file.size_bytes:
                size = self._file.block_bytes(block)
                if len(rest) < size:
                    break
                yield block, bytes(rest[:size])
                del rest[:size]
                block += 1

    def _ask(self, session: requests.Session, offset: int) -> requests.Response:
        answer = self._get(session, offset)
        if answer.status_code in _NOT_ALLOWED:  # once more: the token may just have been renewed
            answer.close()
            answer = self._get(session, offset)
        try:
            self._judge(answer, offset)
        except (_FinalError, _PassingError):
            answer.close()
            raise
        return answer

    def _get(self, session: requests.Session, offset: int) -> requests.Response:
        headers = {"Accept-Encoding": "identity", "Range": f"bytes={offset}-"}
        headers.update(self._authorize(self._url))
        return session.get(self._url, headers=headers, stream=True, timeout=TIMEOUTS_S)

    def _judge(self, answer: requests.Response, offset: int) -> None:
        """Raise unless the answer's body holds the film from `offset` on."""
        status = answer.status_code
        words = f"{status} {answer.reason}"
        if status in _GONE:
            raise _FinalError(Fault.MISSING, words)
        if status in _NOT_ALLOWED:
            raise _FinalError(Fault.REFUSED, words)
        if status in _AGAIN_LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _PassingError(words)
        if status == HTTPStatus.OK and offset == 0:
            size = answer.headers.get("Content-Length", str(self._file.size_bytes))
            if size != str(self._file.size_bytes):
                raise _FinalError(Fault.BROKEN, f"{size} bytes, not {self._file.size_bytes}")
            return
        said = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if status != HTTPStatus.PARTIAL_CONTENT or said is None or int(said[1]) != offset:
            raise _FinalError(Fault.BROKEN, f"{words} to a request for the bytes from {offset}")
        if int(said[2]) != self._file.size_bytes:
            raise _FinalError(Fault.BROKEN, f"{said[2]} bytes, not {self._file.size_bytes}")

    def _report(self, trouble: Trouble | None) -> None:
        if self._file.set_trouble(trouble):
            self._on_line(trouble)


def _hang_up(answer: requests.Response) -> None:
    """Wake the thread that waits for the rest of an answer."""
    try:
        answer.raw.shutdown()
    except (ValueError, RuntimeError, OSError):
        return  # over already: the thread just hasn't come round to saying so
