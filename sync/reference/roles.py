"""Tokens for those who are no learners: made, listed, withdrawn at the platform's console.

    with store.writing() as db:
        token, row = make(db, "supervisor", None, "应急管理厅", now, days=180)

A token is shown once; the database keeps its SHA-256. An institution may have several, so
that one system's can be withdrawn without stopping the others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.reference.accounts import Role, new_token
from sync.reference.integration_tables import AccessTokenRow
from sync.reference.tables import InstitutionRow

MAX_DAYS = 3650


class RolesError(Exception):
    """It cannot be done; the message says why."""


@dataclass(frozen=True, slots=True)
class Token:
    """What may be shown of a token. state: live, expired or withdrawn."""

    id: int
    role: str
    institution: str | None
    name: str
    created_at: datetime
    expires_at: datetime | None
    state: str


def make(
    db: Session, role: Role, institution: str | None, name: str, now: datetime, *, days: int | None
) -> tuple[str, int]:
    """A new token and its number. days: how long it is good for; None for ever.

    Raises RolesError: an institution's token needs an institution that exists, a
    supervisor's has none.
    """
    if role == "institution":
        if institution is None or db.get(InstitutionRow, institution) is None:
            raise RolesError(f"there is no institution {institution!r}")
    elif institution is not None:
        raise RolesError("a supervisor belongs to no institution")
    if not name.strip():
        raise RolesError("say what the token is for")
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise RolesError(f"1 to {MAX_DAYS} days")
    token, digest = new_token()
    row = AccessTokenRow(
        token_sha256=digest,
        role=role,
        institution=institution,
        name=name.strip()[:200],
        created_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    db.add(row)
    db.flush()
    return token, row.id


def withdraw(db: Session, number: int, now: datetime) -> str | None:
    """The token opens nothing from now on. Raises RolesError if there is none.

    Returns the institution whose it was; None for a supervisor's.
    """
    row = db.get(AccessTokenRow, number)
    if row is None:
        raise RolesError(f"there is no token {number}")
    row.revoked_at = row.revoked_at or now
    return row.institution


def tokens(db: Session, now: datetime) -> tuple[Token, ...]:
    """All that were ever made, oldest first."""
    rows = db.scalars(select(AccessTokenRow).order_by(AccessTokenRow.id))
    return tuple(
        Token(
            row.id,
            row.role,
            row.institution,
            row.name,
            row.created_at,
            row.expires_at,
            _state(row, now),
        )
        for row in rows
    )


def _state(row: AccessTokenRow, now: datetime) -> str:
    if row.revoked_at is not None:
        return "withdrawn"
    return "expired" if row.expires_at is not None and row.expires_at <= now else "live"
