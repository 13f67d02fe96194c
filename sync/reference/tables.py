"""What the platform keeps, as SQLAlchemy tables.

Records and batches are only ever added. A chain's row is what serialises it: whoever
changes a chain locks its row first. Secrets (k_0, the newest key, s_n) and faces are
sealed by `keys.Vault` before they get here.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class UtcTime(TypeDecorator[datetime]):
    """An aware time, in UTC. SQLite keeps no zone, so it is added on the way out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Table(DeclarativeBase):
    type_annotation_map = {datetime: UtcTime, bytes: LargeBinary, str: String(200)}  # noqa: RUF012


BIG = BigInteger().with_variant(Integer, "sqlite")
"""Of rows that a million learners fill: 32 bits of `witness` would last a week."""


class InstitutionRow(Table):
    """token_sha256: of the token with which the institution's own systems call."""

    __tablename__ = "institution"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    token_sha256: Mapped[bytes] = mapped_column(unique=True)


class PolicyRow(Table):
    """Every policy that was ever in force; the newest is. `text` is the signed JWS."""

    __tablename__ = "policy"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    text: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    since: Mapped[datetime]


class ClassRow(Table):
    __tablename__ = "class"

    id: Mapped[str] = mapped_column(primary_key=True)
    institution: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    name: Mapped[str]


class LearnerRow(Table):
    """template: the enrolled face, sealed; None until somebody enrolled it."""

    __tablename__ = "learner"

    id: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    name: Mapped[str]
    institution: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    class_id: Mapped[str] = mapped_column(ForeignKey("class.id"))
    template: Mapped[bytes | None]


class CategoryRow(Table):
    """One line of the province's list of course categories, as a path of names."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    qualification: Mapped[str]
    trade: Mapped[str]
    item: Mapped[str]


class CourseRow(Table):
    __tablename__ = "course"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    title_en: Mapped[str]
    category: Mapped[str]
    lessons: Mapped[list["LessonRow"]] = relationship(order_by="LessonRow.place", lazy="selectin")


class EntitlementRow(Table):
    """A class may study a course."""

    __tablename__ = "entitlement"

    class_id: Mapped[str] = mapped_column(ForeignKey("class.id"), primary_key=True)
    course: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)


class LessonRow(Table):
    __tablename__ = "lesson"

    id: Mapped[str] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    place: Mapped[int]
    title: Mapped[str]
    title_en: Mapped[str]
    duration_ms: Mapped[int] = mapped_column(BigInteger)
    renditions: Mapped[list["RenditionRow"]] = relationship(
        order_by="RenditionRow.bits_per_second", lazy="selectin"
    )
    captions: Mapped[list["CaptionsRow"]] = relationship(
        order_by="CaptionsRow.language", lazy="selectin"
    )
    chapters: Mapped[list["ChapterRow"]] = relationship(
        order_by="ChapterRow.start_ms", lazy="selectin"
    )
    thumbnails: Mapped["ThumbnailsRow | None"] = relationship(lazy="selectin")
    questions: Mapped[list["QuestionRow"]] = relationship(
        order_by="QuestionRow.place", lazy="selectin"
    )


class RenditionRow(Table):
    """file: where the film is; films are referred to, not copied."""

    __tablename__ = "rendition"

    lesson: Mapped[str] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    mode: Mapped[str] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    bits_per_second: Mapped[int]


class CaptionsRow(Table):
    __tablename__ = "captions"

    lesson: Mapped[str] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(Text)


class ChapterRow(Table):
    """A part of the film; it lasts until the next one begins."""

    __tablename__ = "chapter"

    lesson: Mapped[str] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    start_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    title: Mapped[str]
    title_en: Mapped[str]


class ThumbnailsRow(Table):
    """file: a JPEG with a small picture for each interval_ms of film, `columns` in a row."""

    __tablename__ = "thumbnails"

    lesson: Mapped[str] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    interval_ms: Mapped[int]
    columns: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]


class QuestionRow(Table):
    """keys: the numbers of the right options, from 0. They never leave the platform."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("lesson", "place"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(ForeignKey("lesson.id"))
    place: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    options: Mapped[list[str]] = mapped_column(JSON)
    options_en: Mapped[list[str]] = mapped_column(JSON)
    keys: Mapped[list[int]] = mapped_column(JSON)


class ChainRow(Table):
    """A run and where its chain of records stands.

    head: h_seq. k0, key (k_{seq+1}) and seed (s_n) are sealed. beacon: the newest index
    revealed; beacon_at: when, None where only the witnesses say it. received_at: arrival of
    the newest record. tick_*: the open tick, if any.
    """

    __tablename__ = "chain"
    __table_args__ = (Index("chain_of_learner", "learner", "opened_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    learner: Mapped[str] = mapped_column(ForeignKey("learner.id"))
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    grant: Mapped[str] = mapped_column(Text)
    policy: Mapped[int] = mapped_column(ForeignKey("policy.id"))
    home_page: Mapped[str]
    certificate: Mapped[str] = mapped_column(Text)
    k0: Mapped[bytes]
    key: Mapped[bytes]
    seed: Mapped[bytes]
    seed_length: Mapped[int]
    beacon: Mapped[int]
    beacon_at: Mapped[datetime | None]
    seq: Mapped[int] = mapped_column(Integer, default=0)
    head: Mapped[bytes]
    sealed_seq: Mapped[int] = mapped_column(Integer, default=0)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    received_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    forked_at: Mapped[datetime | None]
    tick_seq: Mapped[int | None]
    tick_body: Mapped[bytes | None]
    tick_mac: Mapped[bytes | None]
    tick_at: Mapped[datetime | None]


class RecordRow(Table):
    """One record, its exact bytes. (chain, seq) is its permanent name."""

    __tablename__ = "record"

    chain: Mapped[str] = mapped_column(ForeignKey("chain.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    mac: Mapped[bytes]
    head: Mapped[bytes]
    arrived_at: Mapped[datetime]


class BatchRow(Table):
    """Who brought which records, when and from where. Empty batches are not kept."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=True)
    chain: Mapped[str] = mapped_column(ForeignKey("chain.id"), index=True)
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    seal: Mapped[str | None] = mapped_column(Text)
    sender: Mapped[str]
    address: Mapped[str]
    arrived_at: Mapped[datetime]


class WitnessRow(Table):
    """One answer: at this time the platform held the records up to seq and issued a beacon.

    What the count is paid from. beacon repeats where none was revealed: the records of an
    earlier run, brought later.
    """

    __tablename__ = "witness"
    __table_args__ = (Index("witness_of_chain", "chain", "id"),)

    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=True)
    chain: Mapped[str] = mapped_column(ForeignKey("chain.id"))
    seq: Mapped[int]
    beacon: Mapped[int]
    at: Mapped[datetime]


class IdentityRow(Table):
    """What the platform said when it was shown a face. The face itself is not kept."""

    __tablename__ = "identity"
    __table_args__ = (Index("identity_of_chain", "chain", "id"),)

    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=True)
    chain: Mapped[str] = mapped_column(ForeignKey("chain.id"))
    answer: Mapped[str]
    similarity: Mapped[float]
    at: Mapped[datetime]


class CheckIdentityRow(Table):
    """The same for a face that was seen in a random check."""

    __tablename__ = "check_identity"
    __table_args__ = (Index("check_identity_of_chain", "chain", "id"),)

    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=True)
    chain: Mapped[str] = mapped_column(ForeignKey("chain.id"))
    check: Mapped[str]
    answer: Mapped[str]
    similarity: Mapped[float]
    at: Mapped[datetime]


class VerdictRow(Table):
    """What a person at the institution decided about a check; the newest decision stands."""

    __tablename__ = "verdict"

    check: Mapped[str] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(ForeignKey("chain.id"), index=True)
    counts: Mapped[bool]
    institution: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    at: Mapped[datetime]


class EvidenceRow(Table):
    """A picture that a record names. sealed: as it came, None until it has come.

    object_key: its name in the object store, where there is one; `sealed` is None then.
    taken_at: by the record. kept_until: the row is deleted then.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index("evidence_by_hash", "sha256"),
        Index("evidence_of_check", "chain", "check"),
    )

    learner: Mapped[str] = mapped_column(ForeignKey("learner.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(ForeignKey("chain.id"))
    lesson: Mapped[str]
    why: Mapped[str]
    check: Mapped[str]
    size_bytes: Mapped[int]
    taken_at: Mapped[str]
    kept_until: Mapped[datetime]
    received_at: Mapped[datetime | None]
    sealed: Mapped[bytes | None]
    object_key: Mapped[str | None]


class AppealRow(Table):
    """What a learner asks a person to look at."""

    __tablename__ = "appeal"
    __table_args__ = (Index("appeal_of_learner", "learner"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    learner: Mapped[str] = mapped_column(ForeignKey("learner.id"))
    chain: Mapped[str] = mapped_column(ForeignKey("chain.id"))
    check: Mapped[str]
    lesson: Mapped[str]
    reason: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]


class PaperRow(Table):
    """A paper that was given out; answered_at None while it is open."""

    __tablename__ = "paper"
    __table_args__ = (Index("paper_of_learner", "learner", "lesson"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    learner: Mapped[str] = mapped_column(ForeignKey("learner.id"))
    lesson: Mapped[str] = mapped_column(ForeignKey("lesson.id"))
    questions: Mapped[list[str]] = mapped_column(JSON)
    issued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answers: Mapped[dict[str, list[int]] | None] = mapped_column(JSON)
    score: Mapped[int | None]
    passed: Mapped[bool | None]
    wrong: Mapped[list[str] | None] = mapped_column(JSON)


class OperationRow(Table):
    """The operation log: what was done, by whom, from where, when (kept six months or more)."""

    __tablename__ = "operation"
    __table_args__ = (Index("operation_of_learner", "learner", "at"),)

    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    learner: Mapped[str | None]
    address: Mapped[str]
    action: Mapped[str]
    detail: Mapped[str] = mapped_column(Text)
