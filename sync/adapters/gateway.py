"""The platform over HTTP: a `sync.ports.Gateway` on requests.

Every call has time limits, believes the system's certificate store (truststore: an
enterprise's own authority counts), follows no redirect, reads no more than it expects,
and believes nothing that does not fit the contract: a captive portal's page with status
200 is nonsense, not an answer.
"""

import gzip
import ssl
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import truststore
from pydantic import ValidationError
from requests.adapters import HTTPAdapter

from sync import strictjson
from sync.contract import (
    API,
    Appeal,
    AppealReceipt,
    ChainState,
    Courses,
    EvidenceList,
    EvidenceReceipt,
    Health,
    Hours,
    IdentityAnswer,
    IdentityQuestion,
    MediaAddress,
    Message,
    Paper,
    PaperAnswers,
    PaperRequest,
    PaperResult,
    Problem,
    RecordAnswer,
    RecordBatch,
    Session,
    SignIn,
)
from sync.ports import NonsenseError, RefusedError, ServerFaultError, UnreachableError
from sync.sealing import MEDIA_TYPE

CONNECT_S = 5.0
READ_S = 20.0
MAX_ANSWER = 4 * 1024 * 1024
MAX_FILE = 8 * 1024 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_CHUNK = 64 * 1024

AnswerT = TypeVar("AnswerT", bound=Message)


class HttpGateway:
    """One platform, one worker thread; what is about films may be asked from any other.

    base_url: scheme and host, without `/v1`; TLS only, except on this very machine.
    utc_s: the PC's clock, seconds since the epoch.
    """

    def __init__(
        self,
        base_url: str,
        *,
        utc_s: Callable[[], float] = time.time,
        timeouts_s: tuple[float, float] = (CONNECT_S, READ_S),
    ) -> None:
        """Raises ValueError on an address that records may not be sent to."""
        if not _safe(base_url):
            raise ValueError(f"{base_url}: only https, or http on this very machine")
        self._root = base_url.rstrip("/")
        self._base = self._root + API
        self._local = urlsplit(base_url).scheme == "http"
        self._utc_s = utc_s
        self._timeouts = timeouts_s
        self._clock_off_s: float | None = None
        self._token = ""
        self._session = self.new_session()

    def sign_in(self, question: SignIn) -> Session:
        """`POST sessions`. Later calls carry the token of the session it returns."""
        answer = self._ask("POST", "sessions", Session, question)
        self._token = answer.token
        return answer

    def send_records(self, batch: RecordBatch) -> RecordAnswer:
        return self._ask("POST", "records", RecordAnswer, batch, packed=True)

    def chain(self, chain: str) -> ChainState:
        return self._ask("GET", f"chains/{chain}", ChainState)

    def identify(self, question: IdentityQuestion) -> IdentityAnswer:
        return self._ask("POST", "identity", IdentityAnswer, question)

    def courses(self) -> Courses:
        return self._ask("GET", "courses", Courses)

    def hours(self) -> Hours:
        return self._ask("GET", "learners/me/hours", Hours)

    def paper(self, lesson: str) -> Paper:
        return self._ask("POST", "papers", Paper, PaperRequest(lesson=lesson))

    def answer_paper(self, paper: str, answers: PaperAnswers) -> PaperResult:
        return self._ask("POST", f"papers/{paper}/answers", PaperResult, answers)

    def put_evidence(self, sha256: str, sealed: bytes) -> EvidenceReceipt:
        """`PUT evidence/{sha256}`. What the receipt names is what was sent."""
        headers = {"Accept": "application/json", "Content-Type": MEDIA_TYPE}
        url = f"{self._base}/evidence/{sha256}"
        receipt = _answer(*self._exchange("PUT", url, sealed, headers), EvidenceReceipt)
        if receipt.sha256 != sha256:
            raise NonsenseError("a receipt for another picture")
        return receipt

    def evidence(self) -> EvidenceList:
        return self._ask("GET", "learners/me/evidence", EvidenceList)

    def appeal(self, appeal: Appeal) -> AppealReceipt:
        return self._ask("POST", "appeals", AppealReceipt, appeal)

    def health(self) -> Health:
        return self._ask("GET", "health", Health)

    def media_address(self, path: str) -> MediaAddress:
        """`GET <path>/address`, for any thread. Its `url` is made absolute."""
        status, body, answered = self._apart(path, "/address", "application/json", MAX_ANSWER)
        if status != 200:
            raise refusal(status, body, answered)
        told = _parse(body, MediaAddress)
        url = self._root + told.url if told.url.startswith("/") else told.url
        if not _safe(url):
            raise NonsenseError("a film's address that is not https")
        return told.model_copy(update={"url": url})

    def media_file(self, path: str) -> bytes:
        """`GET <path>`, for any thread: captions, small pictures."""
        status, body, answered = self._apart(path, "", "*/*", MAX_FILE)
        if status != 200:
            raise refusal(status, body, answered)
        if answered.get("content-type", "").startswith("text/html"):
            raise NonsenseError("a page instead of a file")
        return body

    def clock_off_s(self) -> float | None:
        """How far the PC's clock is ahead of the platform's (`Date`); None before any answer."""
        return self._clock_off_s

    def close(self) -> None:
        self._session.close()

    def new_session(self) -> requests.Session:
        """An HTTP client that trusts what this one trusts: for films, which come in threads."""
        session = requests.Session()
        session.mount("https://", _TrustAdapter())
        if self._local:
            session.trust_env = False  # a proxy cannot reach our loopback
        return session

    def _apart(
        self, path: str, tail: str, accept: str, limit: int
    ) -> tuple[int, bytes, dict[str, str]]:
        """Ask on a connection of its own: a session of requests belongs to one thread.

        These questions are rare (an address holds for hours); a connection each is cheaper
        than a lock behind which a film might wait for a record.
        """
        if not path.startswith("/"):
            # Anything else, put behind the host, could name another one.
            raise NonsenseError("a path that does not begin with a slash")
        with self.new_session() as session:
            url = self._root + path + tail
            headers = {"Accept": accept}
            return self._exchange("GET", url, None, headers, session=session, limit=limit)

    def _ask(
        self,
        method: str,
        path: str,
        model: type[AnswerT],
        question: Message | None = None,
        *,
        packed: bool = False,
    ) -> AnswerT:
        headers = {"Accept": "application/json"}
        data = None
        if question is not None:
            data = strictjson.dumps(question.model_dump(mode="json"))
            headers["Content-Type"] = "application/json"
            if packed:
                data = gzip.compress(data, compresslevel=6, mtime=0)
                headers["Content-Encoding"] = "gzip"
        return _answer(*self._exchange(method, f"{self._base}/{path}", data, headers), model)

    def _exchange(
        self,
        method: str,
        url: str,
        data: bytes | None,
        headers: dict[str, str],
        *,
        session: requests.Session | None = None,
        limit: int = MAX_ANSWER,
    ) -> tuple[int, bytes, dict[str, str]]:
        """(status, body, headers in lower case). Raises UnreachableError, NonsenseError.

        A kept-alive connection may be closed by the other side just as it is used again.
        What may be asked twice is then asked once more on a fresh one.
        """
        session = session or self._session
        if self._token:
            headers = headers | {"Authorization": f"Bearer {self._token}"}
        try:
            return self._exchange_once(session, method, url, data, headers, limit)
        except UnreachableError as error:
            twice = method in {"GET", "PUT"} or "Content-Encoding" in headers
            if not twice or not isinstance(error.__cause__, requests.exceptions.ConnectionError):
                raise
            if isinstance(error.__cause__, requests.exceptions.ConnectTimeout):
                raise
        return self._exchange_once(session, method, url, data, headers, limit)

    def _exchange_once(
        self,
        session: requests.Session,
        method: str,
        url: str,
        data: bytes | None,
        headers: dict[str, str],
        limit: int,
    ) -> tuple[int, bytes, dict[str, str]]:
        try:
            with session.request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = b""
                for chunk in response.iter_content(_CHUNK):
                    body += chunk
                    if len(body) > limit:
                        raise NonsenseError(f"an answer of more than {limit} bytes")
                answered = {name.lower(): value for name, value in response.headers.items()}
                self._read_clock(answered)
                return response.status_code, body, answered
        except requests.exceptions.ContentDecodingError as error:
            raise NonsenseError("the answer cannot be unpacked") from error
        except (requests.RequestException, OSError) as error:
            # Only the kind: a message may hold the address with a name in it.
            raise UnreachableError(type(error).__name__) from error

    def _read_clock(self, answered: dict[str, str]) -> None:
        try:
            date = parsedate_to_datetime(answered.get("date", ""))
        except ValueError:
            return
        self._clock_off_s = self._utc_s() - date.timestamp()


class _TrustAdapter(HTTPAdapter):
    """TLS by the system's own trust store."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().init_poolmanager(*args, **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return super().proxy_manager_for(*args, **kwargs)


def _safe(url: str) -> bool:
    """Whether records, or a film's address, may go there: TLS, or this very machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return local or (parts.scheme == "https" and bool(parts.hostname))


def _answer(status: int, body: bytes, answered: dict[str, str], model: type[AnswerT]) -> AnswerT:
    if status in {200, 201}:
        return _parse(body, model)
    raise refusal(status, body, answered)


def _parse(body: bytes, model: type[AnswerT]) -> AnswerT:
    try:
        return model.model_validate(strictjson.loads(body))
    except strictjson.JsonError as error:
        raise NonsenseError(f"not JSON: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise NonsenseError(f"{model.__name__}.{place}: {first['msg']}") from error


def refusal(
    status: int, body: bytes, answered: dict[str, str]
) -> RefusedError | ServerFaultError | NonsenseError:
    """What an answer other than success means."""
    try:
        problem = _parse(body, Problem)
    except NonsenseError:
        if status >= 500 or status in (408, 425, 429):
            return ServerFaultError(status, _retry_after_s(answered))
        if status == 413:
            return RefusedError("too_large", "a proxy's limit")
        return NonsenseError(f"status {status} without a problem of ours")
    if status >= 500 or status == 429:
        return ServerFaultError(status, _retry_after_s(answered))
    if status < 400:
        return NonsenseError(f"status {status}")
    return RefusedError(problem.code, problem.detail, problem.seq)


def _retry_after_s(answered: dict[str, str]) -> float:
    """The header's seconds; its form as a date is not worth a second clock."""
    text = answered.get("retry-after", "")
    return min(3600.0, float(text)) if text.isdecimal() and text.isascii() else 0.0
