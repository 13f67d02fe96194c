"""The contract, continued: how a platform is looked after and looked into.

Lists by pages, the institution's statistics and audit log, the days' signed roots. The
models' conventions are those of `sync.contract`.
"""

from typing import Literal

from pydantic import Field

from sync.contract import Hex256, Identifier, Jws, Message, Operation, PageMark


class OperationList(Message):
    """`GET learners/me/operations`: the learner's operation log, newest first."""

    operations: tuple[Operation, ...]
    next: PageMark | None = None


class LearnerHours(Message):
    """One learner's progress. Seconds of film; courses' lessons: how many are completed of all.

    credited_s: the count now; period_s: what of it was added in the period that was asked for,
    None where none was.
    """

    learner: Identifier
    name: str
    class_name: str
    credited_s: float
    provisional_s: float
    period_s: float | None = None
    completed: int
    lessons: int
    last_seen: str | None


class LearnerList(Message):
    """`GET institution/learners`: by id. from_time, until_time: the period, where one was asked."""

    learners: tuple[LearnerHours, ...]
    from_time: str | None = None
    until_time: str | None = None
    next: PageMark | None = None


class AuditEntry(Message):
    """One action of somebody who is no learner. hash: SHA-256, see `sync.reference.audit`."""

    number: int
    at: str
    role: str
    who: str
    action: str
    subject: str
    detail: str
    address: str
    hash: Hex256


class AuditList(Message):
    """`GET institution/audit`: the institution's log, newest first."""

    entries: tuple[AuditEntry, ...]
    next: PageMark | None = None


class Root(Message):
    """Payload of a day's signed root (JWS kind `root`): over the heads of all chains that got
    records in that day, as `sync.merkle` has it.

    number: from 1, without gaps; days without records have no root. since, until: the day, by
    the platform's calendar; a record belongs to it by its arrival. size: leaves. previous:
    hash, its suite's, of the root before (its compact JWS, ASCII); 64 zeros before the first.
    """

    type: Literal["anxue-root"] = "anxue-root"
    number: int = Field(ge=1)
    day: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    since: str
    until: str
    size: int = Field(ge=0)
    root: Hex256
    previous: Hex256
    made_at: str


class SignedRoot(Message):
    """`GET roots/{day}`."""

    root: Jws


class RootList(Message):
    """`GET roots`: oldest first."""

    roots: tuple[Jws, ...]
    next: PageMark | None = None


class Inclusion(Message):
    """That a chain's head stands under a day's root. path: the hashes beside, lowest first."""

    day: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    seq: int = Field(ge=0)
    head: Hex256
    place: int = Field(ge=0)
    path: tuple[Hex256, ...] = Field(max_length=64)


class ChainProofs(Message):
    """`GET chains/{chain}/proofs`: one for each day in which the chain got records, oldest first.

    For anyone who knows the chain's name, which a bundle has: nothing else is shown.
    """

    chain: Identifier
    proofs: tuple[Inclusion, ...]


class PublishedRoots(Message):
    """What `verify --roots FILE` reads: all roots from the first on, and proofs for a bundle."""

    roots: tuple[Jws, ...]
    proofs: tuple[ChainProofs, ...]


class Ready(Message):
    """`GET ready`, for anyone: this process takes work. Otherwise 503 says why not."""

    status: Literal["ready"]
