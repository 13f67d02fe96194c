"""What the pure core asks of the outside world, and how the outside world fails."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from sync.chain import Record, Tick
from sync.contract import (
    Appeal,
    AppealReceipt,
    ChainState,
    Courses,
    EvidenceList,
    EvidenceReceipt,
    Hours,
    IdentityAnswer,
    IdentityQuestion,
    MediaAddress,
    OidcSignIn,
    Paper,
    PaperAnswers,
    PaperResult,
    ProblemCode,
    RecordAnswer,
    RecordBatch,
    Session,
    SignIn,
)
from sync.outbox import Backlog, Sending
from sync.session import AcceptedAnswer, AcceptedSession
from sync.suites import RSA, Suite


class GatewayError(Exception):
    """The platform did not give the answer that was asked for."""


class UnreachableError(GatewayError):
    """No connection, no name, no route, a time-out, a broken TLS handshake."""


class LineUntrustedError(UnreachableError):
    """TLS: whoever answered has no certificate that this PC trusts for the platform's name."""


class ClockWrongError(UnreachableError):
    """TLS failed because of the PC's clock. off_s: how far it is ahead, 0 where nobody knows."""

    def __init__(self, detail: str, off_s: float = 0.0) -> None:
        super().__init__(detail)
        self.off_s = off_s


class ProxyAskedError(UnreachableError):
    """The proxy wants a name and password (407). proxy: host:port. offered: its ways, lower case.

    refused: it was given a name and password, and they were not right.
    """

    def __init__(self, proxy: str, offered: tuple[str, ...] = (), *, refused: bool = False) -> None:
        super().__init__(f"{proxy} asks for {', '.join(offered) or 'a sign-in'}")
        self.proxy = proxy
        self.offered = offered
        self.refused = refused


class ServerFaultError(GatewayError):
    """The platform, or a proxy before it, answered 5xx or 429."""

    def __init__(self, status: int, retry_after_s: float = 0.0) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.retry_after_s = retry_after_s


class NonsenseError(GatewayError):
    """An answer that no platform of ours gives: a captive portal's page, another schema."""


class PortalError(NonsenseError):
    """A network's own page stands before the platform: it wants a sign-in in the browser."""


class RefusedError(GatewayError):
    """The platform understood and said no. seq: what it has, on a gap."""

    def __init__(self, code: ProblemCode, detail: str, seq: int | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.seq = seq


class Gateway(Protocol):
    """The platform, as the client sees it. Every method may raise any GatewayError.

    Calls block until answered or timed out: meant for a worker thread. One gateway
    serves one thread, but for `media_address` and `media_file`, which any thread may call
    at any time.
    """

    def sign_in(self, question: SignIn | OidcSignIn) -> Session:
        """`POST sessions`. Later calls carry the token of the session it returns."""

    def send_records(self, batch: RecordBatch) -> RecordAnswer: ...

    def chain(self, chain: str) -> ChainState: ...

    def identify(self, question: IdentityQuestion) -> IdentityAnswer: ...

    def courses(self) -> Courses: ...

    def hours(self) -> Hours: ...

    def paper(self, lesson: str) -> Paper: ...

    def answer_paper(self, paper: str, answers: PaperAnswers) -> PaperResult: ...

    def put_evidence(self, sha256: str, sealed: bytes) -> EvidenceReceipt:
        """`PUT evidence/{sha256}`: a sealed picture whose record the platform has.

        May come again; the receipt is then the same.
        """

    def evidence(self) -> EvidenceList:
        """`GET learners/me/evidence`: every picture of the learner that is kept."""

    def appeal(self, appeal: Appeal) -> AppealReceipt:
        """`POST appeals`. The same appeal again gets the same number."""

    def media_address(self, path: str) -> MediaAddress:
        """Where a `signed` rendition can be had for a while; its `url` is absolute.

        path: the rendition's, as the lesson has it.
        """

    def media_file(self, path: str) -> bytes:
        """Captions or small pictures, whole; path as the lesson has it. At most 8 MiB."""

    def clock_off_s(self) -> float | None:
        """How far the PC's clock is ahead of the platform's; None before any answer."""


class StoreError(Exception):
    """The local store could not do it; nothing was half done. The cause is chained."""


class StoreDamagedError(StoreError):
    """The file is not what was written: to be set aside, salvaged, and begun anew."""


class StoreFullError(StoreError):
    """No room on the disk."""


class StoreReadOnlyError(StoreError):
    """No permission to write there."""


class StoreLockedError(StoreError):
    """Another program holds the file: a second copy, a virus scanner, a backup."""


class WrongKeyError(StoreError):
    """The store was written under another key (another learner, another password)."""


class WrongThreadError(StoreError):
    """A mistake of ours: the store belongs to the thread that opened it."""


class NoKeyringError(Exception):
    """The system keeps no secrets for us; a key can live for this session only."""


class NoSuchChainError(StoreError):
    """A mistake of ours: the store does not know that chain, or not that record."""


@dataclass(frozen=True, slots=True)
class StoredChain:
    """What is kept of a chain beside its records. head: h_last, or h_0 without records.

    beacon_index, beacon_value: the newest accepted one; the value as 64 hex digits. suite: of
    its grant.
    """

    chain: str
    learner: str
    acked: int
    last: int
    head: bytes
    beacon_index: int
    beacon_value: str
    suite: Suite = RSA


PictureWhy = Literal["check", "between"]


@dataclass(frozen=True, slots=True)
class SealedPicture:
    """A picture that waits for its record. taken_at: UTC, RFC 3339. check: "" for none."""

    sha256: str
    chain: str
    lesson: str
    why: PictureWhy
    check: str
    taken_at: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WaitingPicture:
    """The same without its bytes. ready: the platform has the record that names it."""

    sha256: str
    chain: str
    lesson: str
    why: PictureWhy
    check: str
    taken_at: str
    ready: bool


class RecordStore(Protocol):
    """Durable once a method returns. Every method may raise any StoreError."""

    def begin_chain(self, session: AcceptedSession) -> None:
        """Keep what a run stands on. Pictures that no record names are dropped."""

    def append(self, record: Record, tick: Tick | None = None, *, evidence: str = "") -> None:
        """Keep the next record, and the renewed tick or none, in one transaction.

        evidence: the SHA-256 of the kept picture that the record names, "" for none.
        """

    def keep_evidence(self, picture: SealedPicture) -> None:
        """Keep a picture before its record is written."""

    def waiting_evidence(self) -> tuple[WaitingPicture, ...]:
        """Every picture that is still here, oldest first; `ready` ones can be sent."""

    def sealed_evidence(self, sha256: str) -> bytes | None:
        """A picture's sealed bytes, None if it is not here (any more)."""

    def evidence_sent(self, sha256: str) -> None:
        """The platform has it, or never takes it: it is deleted here."""

    def put_tick(self, tick: Tick) -> None: ...

    def drop_tick(self, chain: str) -> None: ...

    def put_seal(self, chain: str, seq: int, jws: str) -> None: ...

    def store_receipt(
        self, chain: str, accepted: AcceptedAnswer, *, sealed: str | None = None
    ) -> None:
        """Keep the receipt and move the send cursor, in one transaction.

        sealed: the seal that went with what was accepted.
        """

    def open_chains(self) -> tuple[StoredChain, ...]:
        """The chains that are not with the platform to their end, oldest first."""

    def newest_chain(self) -> StoredChain | None:
        """The run before: `SessionStarted` names its head."""

    def backlogs(self, live: str | None, *, done: bool = False) -> tuple[Backlog, ...]: ...

    def batch(self, sending: Sending) -> RecordBatch: ...

    def head_at(self, chain: str, seq: int) -> bytes | None: ...

    def close_chain(self, chain: str, why: str) -> None:
        """Nothing more of it is to be sent; its records stay."""

    def forget(self, before: datetime) -> int:
        """Delete runs that were granted before and are wholly receipted; how many."""

    def export(self, chains: Sequence[str] | None = None) -> bytes:
        """The record bundle of these chains, or of all."""

    def close(self) -> None: ...


class Secrets(Protocol):
    """The system's keyring. Every method may raise NoKeyringError."""

    def machine_secret(self) -> bytes:
        """32 bytes, made on the first call, the same ever after."""

    def password(self, name: str) -> str | None: ...

    def remember_password(self, name: str, password: str) -> None: ...

    def forget_password(self, name: str) -> None: ...
