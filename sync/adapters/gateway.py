"""The platform over HTTP: a `sync.ports.Gateway` on requests.

Every call has time limits, believes the system's certificate store (truststore: an
enterprise's own authority counts), goes out by the system's proxies, follows no redirect,
reads no more than it expects, and believes nothing that does not fit the contract: a captive
portal's page with status 200 is told as that, not taken for an answer. Where the platform has
two addresses, `sync.endpoints` says which is asked first.
"""

import gzip
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import DecodeError, HTTPError

from sync import endpoints, strictjson
from sync.adapters.answers import AnswerT, answer_of, parse, refusal, refuse_portal
from sync.adapters.line import LineSession, date_of, meaning
from sync.adapters.proxies import Proxies
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
    OidcSignIn,
    Paper,
    PaperAnswers,
    PaperRequest,
    PaperResult,
    RecordAnswer,
    RecordBatch,
    Session,
    SignIn,
    SignInWays,
)
from sync.ports import (
    GatewayError,
    NonsenseError,
    ProxyAskedError,
    UnreachableError,
)
from sync.sealing import MEDIA_TYPE

CONNECT_S = 5.0
READ_S = 20.0
MAX_ANSWER = 4 * 1024 * 1024
MAX_FILE = 8 * 1024 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_CHUNK = 64 * 1024
_READS = 6
"""How many limits of a single read a whole answer may take: two minutes."""


class HttpGateway:
    """One platform, one worker thread; what is about films may be asked from any other.

    base_url: scheme and host, without `/v1`; TLS only, except on this very machine. second:
    another address of the same platform. utc_s, now_s: the PC's clock, seconds since the epoch,
    and its monotonic one. proxies: the ways out; by default the system's.
    """

    def __init__(
        self,
        base_url: str,
        *,
        second: str = "",
        utc_s: Callable[[], float] = time.time,
        now_s: Callable[[], float] = time.monotonic,
        timeouts_s: tuple[float, float] = (CONNECT_S, READ_S),
        proxies: Proxies | None = None,
        probe_port: int = 80,
    ) -> None:
        """Raises ValueError on an address that records may not be sent to."""
        if not _safe(base_url):
            raise ValueError(f"{base_url}: only https, or http on this very machine")
        self._roots = [base_url.rstrip("/")]
        self._endpoints = endpoints.Endpoints()
        self._lock = threading.Lock()
        self._utc_s, self._now_s = utc_s, now_s
        self._timeouts = timeouts_s
        self.probe_port = probe_port
        self._clock_off_s: float | None = None
        self._token = ""
        self.proxies = proxies or Proxies(lambda: LineSession(None))
        self._session = self.new_session()
        self.use_second(second)

    def use_second(self, url: str) -> bool:
        """Another address of the same platform, "" for none; False if it is not one to use."""
        if url and not _safe(url):
            return False
        second = url.rstrip("/")
        with self._lock:
            there = bool(second) and second != self._roots[0]
            self._roots = [self._roots[0], *([second] if there else [])]
            self._endpoints = endpoints.with_second(self._endpoints, there=there)
        return True

    def addresses(self) -> tuple[str, ...]:
        """One, or two."""
        with self._lock:
            return tuple(self._roots)

    def preferred(self) -> str:
        """The address that is asked first now."""
        with self._lock:
            return self._roots[self._endpoints.preferred]

    def sign_in_ways(self) -> SignInWays:
        """`GET sign-in`: whether there is a page to sign in at, besides name and password."""
        return self._ask("GET", "sign-in", SignInWays)

    def sign_in(self, question: SignIn | OidcSignIn) -> Session:
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
        path = f"{API}/evidence/{sha256}"
        receipt = answer_of(*self._exchange("PUT", path, sealed, headers)[1:], EvidenceReceipt)
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
        root, status, body, answered = self._apart(path, "/address", "application/json", MAX_ANSWER)
        if status != 200:
            raise refusal(status, body, answered)
        told = parse(body, MediaAddress)
        url = root + told.url if told.url.startswith("/") else told.url
        if not _safe(url):
            raise NonsenseError("a film's address that is not https")
        return told.model_copy(update={"url": url})

    def media_file(self, path: str) -> bytes:
        """`GET <path>`, for any thread: captions, small pictures."""
        _, status, body, answered = self._apart(path, "", "*/*", MAX_FILE)
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
        """An HTTP client that trusts what this one trusts, and goes the same ways."""
        return LineSession(self.proxies)

    def _apart(
        self, path: str, tail: str, accept: str, limit: int
    ) -> tuple[str, int, bytes, dict[str, str]]:
        """Ask on a connection of its own: a session of requests belongs to one thread.

        These questions are rare (an address holds for hours); a connection each is cheaper
        than a lock behind which a film might wait for a record.
        """
        if not path.startswith("/"):
            # Anything else, put behind the host, could name another one.
            raise NonsenseError("a path that does not begin with a slash")
        with self.new_session() as session:
            headers = {"Accept": accept}
            return self._exchange("GET", path + tail, None, headers, session=session, limit=limit)

    def _ask(
        self,
        method: str,
        path: str,
        model: type[AnswerT],
        question: Message | None = None,
        *,
        packed: bool = False,
    ) -> AnswerT:
        """packed: what is at its default is left out, and the rest is gzip."""
        headers = {}
        data = None
        if question is not None:
            data = strictjson.dumps(question.model_dump(mode="json", exclude_defaults=packed))
            headers["Content-Type"] = "application/json"
            if packed:
                data = gzip.compress(data, compresslevel=6, mtime=0)
                headers["Content-Encoding"] = "gzip"
        return answer_of(*self._exchange(method, f"{API}/{path}", data, headers)[1:], model)

    def _exchange(
        self,
        method: str,
        path: str,
        data: bytes | None,
        headers: dict[str, str],
        *,
        session: requests.Session | None = None,
        limit: int = MAX_ANSWER,
    ) -> tuple[str, int, bytes, dict[str, str]]:
        """(root, status, body, headers in lower case) of the first address that answers.

        Raises UnreachableError, NonsenseError. Signing in goes to both, too: a run that nobody
        knows of because its answer was lost has no records, and the new one takes over from it.
        """
        session = session or self._session
        if self._token:
            headers = headers | {"Authorization": f"Bearer {self._token}"}
        self._look_after_the_first()
        with self._lock:
            asked = [(which, self._roots[which]) for which in endpoints.order(self._endpoints)]
        error: GatewayError | None = None
        fault: tuple[str, int, bytes, dict[str, str]] | None = None
        for which, root in asked:
            try:
                answer = self._at(session, method, root + path, data, headers, limit)
            except ProxyAskedError:
                raise  # the other address is behind the same proxy
            except (UnreachableError, NonsenseError) as caught:
                error = error or caught
                self._tell(which, well=False)
                continue
            well = answer[0] < 500
            self._tell(which, well=well)
            if well:
                return root, *answer
            fault = fault or (root, *answer)
        if fault is not None:
            return fault
        raise error or UnreachableError("no address")

    def _look_after_the_first(self) -> None:
        with self._lock:
            due = endpoints.probe_due(self._endpoints, self._now_s())
        if not due:
            return
        try:
            with self.new_session() as session:
                url = f"{self._roots[0]}{API}/health"
                answer = self._exchange_once(session, "GET", url, None, {}, MAX_ANSWER)
            answer_of(*answer, Health)
            well = True
        except GatewayError:
            well = False
        with self._lock:
            self._endpoints = endpoints.probed(self._endpoints, self._now_s(), well=well)

    def _tell(self, which: int, *, well: bool) -> None:
        tell = endpoints.answered if well else endpoints.failed
        with self._lock:
            self._endpoints = tell(self._endpoints, which, self._now_s())

    def _at(
        self,
        session: requests.Session,
        method: str,
        url: str,
        data: bytes | None,
        headers: dict[str, str],
        limit: int,
    ) -> tuple[int, bytes, dict[str, str]]:
        """Ask one address. A page of somebody else's is no answer of the platform's.

        A kept-alive connection may be closed by the other side just as it is used again.
        What may be asked twice is then asked once more on a fresh one.
        """
        try:
            answer = self._exchange_once(session, method, url, data, headers, limit)
        except UnreachableError as error:
            twice = method in {"GET", "PUT"} or "Content-Encoding" in headers
            if not twice or not isinstance(error.__cause__, requests.exceptions.ConnectionError):
                raise
            if isinstance(
                error.__cause__,
                requests.exceptions.ConnectTimeout
                | requests.exceptions.SSLError
                | requests.exceptions.ProxyError,
            ):
                raise
            answer = self._exchange_once(session, method, url, data, headers, limit)
        refuse_portal(*answer)
        return answer

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
                body, until_s = b"", self._now_s() + _READS * self._timeouts[1]
                # What has come by now, at once: a line that lets a byte through from time to
                # time keeps every limit of a single read.
                while chunk := response.raw.read1(_CHUNK, decode_content=True):
                    body += chunk
                    if len(body) > limit:
                        raise NonsenseError(f"an answer of more than {limit} bytes")
                    if self._now_s() > until_s:
                        raise UnreachableError("an answer that does not end")
                answered = {name.lower(): value for name, value in response.headers.items()}
                self._read_clock(answered)
                return response.status_code, body, answered
        except DecodeError as error:
            raise NonsenseError("the answer cannot be unpacked") from error
        except (requests.RequestException, HTTPError, OSError) as error:
            told = meaning(error, url, self.proxies, self._utc_s, probe_port=self.probe_port)
            raise told from error

    def _read_clock(self, answered: dict[str, str]) -> None:
        date_s = date_of(answered)
        if date_s is not None:
            self._clock_off_s = self._utc_s() - date_s


def _safe(url: str) -> bool:
    """Whether records, or a film's address, may go there: TLS, or this very machine."""
    try:
        parts = urlsplit(url)
        if parts.port == 0:
            return False
    except ValueError:  # also a port that is none
        return False
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return local or (parts.scheme == "https" and bool(parts.hostname))
