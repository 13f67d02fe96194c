"""What the platform keeps for its neighbours: tokens, sign-on, and what waits to be forwarded."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sync.reference.tables import Table


class AccessTokenRow(Table):
    """A token of an institution's systems, or of the supervising authority's.

    role: "institution" or "supervisor"; institution: None for a supervisor. name: what it is
    for, by whoever made it. token_sha256: all that is kept of the token.
    """

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    role: Mapped[str]
    institution: Mapped[str | None] = mapped_column(ForeignKey("institution.id"))
    name: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignOnRow(Table):
    """Whose account at a sign-on provider is which learner's; made at the first sign-in."""

    __tablename__ = "sign_on"
    __table_args__ = (UniqueConstraint("issuer", "learner"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    learner: Mapped[str] = mapped_column(ForeignKey("learner.id"))
    since: Mapped[datetime]


class ForwardingRow(Table):
    """Records that a neighbour has still to get; deleted when it has them.

    destination: `xapi` or `supervision`. tries: how often it was sent in vain; not_before:
    the next time. lease, leased_until: the worker that is at it. dead_at: given up, and
    `error` says why; only a person sends it on its way again.
    """

    __tablename__ = "forwarding"
    __table_args__ = (
        Index("forwarding_due", "destination", "dead_at", "not_before", "id"),
        Index("forwarding_of_chain", "chain"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    destination: Mapped[str]
    chain: Mapped[str] = mapped_column(ForeignKey("chain.id"))
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    tries: Mapped[int] = mapped_column(Integer, default=0)
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
