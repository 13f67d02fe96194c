"""What the platform keeps about its running: who did what, days' roots, refused sign-ins."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from sync.reference.tables import BatchRow, Table

# The day's root asks for the batches of one day.
Index("batch_by_arrival", BatchRow.arrived_at)


class AuditRow(Table):
    """One action of somebody who is no learner. Only ever added; `sync.reference.audit`.

    log: the institution whose log it is in, "" for the platform's own. number: from 1, without
    gaps. hash: over everything here and the hash before.
    """

    __tablename__ = "audit"

    log: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    role: Mapped[str]
    who: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str] = mapped_column(Text)
    address: Mapped[str]
    hash: Mapped[bytes]


class AuditHeadRow(Table):
    """The newest entry of a log; whoever adds one locks this row first.

    mac: under a key that is not in the database, so that the database alone cannot be made to
    tell another story.
    """

    __tablename__ = "audit_head"

    log: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
    mac: Mapped[bytes]


class RootRow(Table):
    """A day's signed root over the heads of its chains. text: the JWS, as published."""

    __tablename__ = "root"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
    made_at: Mapped[datetime]


class RootLeafRow(Table):
    """One leaf of a day's tree. kind: `chain` or `audit`; name: the chain's, or the log's."""

    __tablename__ = "root_leaf"
    __table_args__ = (Index("root_leaf_in_order", "root", "place", unique=True),)

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    root: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[bytes]


class RefusedSignInRow(Table):
    """A sign-in with a wrong password. name_mac: of the name that was tried, known or not."""

    __tablename__ = "refused_sign_in"
    __table_args__ = (Index("refused_sign_in_of_name", "name_mac", "at"),)

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    name_mac: Mapped[bytes]
    address: Mapped[str]
    at: Mapped[datetime]
