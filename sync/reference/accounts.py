"""Who is calling: passwords, tokens, roles."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.reference import seen
from sync.reference.integration_tables import AccessTokenRow
from sync.reference.platform import Platform, PlatformDep
from sync.reference.problems import Refusal
from sync.reference.tables import ChainRow, InstitutionRow, LearnerRow

# OWASP's choice for servers, 20 ms: a whole class signs in within the same minute.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_learner_scheme = HTTPBearer(
    scheme_name="learner", description="The token of `POST sessions`.", auto_error=False
)
_institution_scheme = HTTPBearer(
    scheme_name="institution", description="The institution's own token.", auto_error=False
)
_supervisor_scheme = HTTPBearer(
    scheme_name="supervisor",
    description="A token of the supervising authority's: it reads, and changes nothing.",
    auto_error=False,
)

LearnerTokenDep = Annotated[HTTPAuthorizationCredentials | None, Depends(_learner_scheme)]

Role = Literal["institution", "supervisor"]


@dataclass(frozen=True)
class Account:
    """A signed-in learner. chain: the run that the token belongs to."""

    learner: str
    class_id: str
    chain: str


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether it is the right password. None, nobody of that name, takes as long as a wrong one."""
    try:
        _hasher.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def new_token() -> tuple[str, bytes]:
    """A token and what the database keeps of it."""
    token = secrets.token_urlsafe(32)
    return token, token_sha256(token)


def token_sha256(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def of_token(
    db: Session, platform: Platform, token: str, *, lock: bool = False
) -> tuple[Account, ChainRow]:
    """The learner whose live token this is, and the token's run. Raises Refusal."""
    query = (
        select(ChainRow, LearnerRow.class_id)
        .join(LearnerRow, LearnerRow.id == ChainRow.learner)
        .where(ChainRow.token_sha256 == token_sha256(token))
    )
    found = db.execute(query.with_for_update(of=ChainRow) if lock else query).first()
    if found is None:
        raise Refusal("signed_out", "the platform does not know this token")
    row, class_id = found
    if row.superseded_at is not None:
        raise Refusal("taken_over", "the learner has signed in elsewhere since")
    if row.expires_at <= platform.clock():
        raise Refusal("signed_out", "the token has expired")
    seen.learner(row.learner)
    return Account(row.learner, class_id, row.id), row


def in_turn(db: Session, learner: str) -> None:
    """What must not happen twice at once for a learner waits here for the other to end.

    SQLite's writers take turns anyway.
    """
    lock = select(LearnerRow.id).where(LearnerRow.id == learner)
    db.execute(lock.with_for_update(key_share=True))  # new rows may still refer to the learner


def _perhaps(platform: PlatformDep, bearer: LearnerTokenDep) -> Account | None:
    """The learner whose live token this is; None without one. Raises Refusal."""
    if bearer is None:
        return None
    with platform.store.reading() as db:
        account, _ = of_token(db, platform, bearer.credentials)
    return account


async def _learner(account: Annotated[Account | None, Depends(_perhaps)]) -> Account:
    if account is None:
        raise Refusal("signed_out", "sign in first")
    return account


def _institution(
    platform: PlatformDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_institution_scheme)],
) -> str:
    """The id of the institution whose token this is. Raises Refusal."""
    if bearer is None:
        raise Refusal("signed_out", "the institution's token is needed")
    digest = token_sha256(bearer.credentials)
    with platform.store.reading() as db:
        row = db.scalar(select(InstitutionRow).where(InstitutionRow.token_sha256 == digest))
    if row is not None and hmac.compare_digest(row.token_sha256, digest):
        seen.caller("the data folder's token")
        return row.id
    token = _token(platform, digest, "institution")
    if token.institution is None:
        raise Refusal("forbidden", "not an institution's token")
    seen.caller(f"token {token.id}")
    return token.institution


def _supervisor(
    platform: PlatformDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_supervisor_scheme)],
) -> str:
    """The name of the supervisor's token. Raises Refusal."""
    if bearer is None:
        raise Refusal("signed_out", "a supervisor's token is needed")
    token = _token(platform, token_sha256(bearer.credentials), "supervisor")
    seen.caller(f"token {token.id}")
    return token.name


def _token(platform: PlatformDep, digest: bytes, role: Role) -> AccessTokenRow:
    """The live token of that role. Raises Refusal, which tells no role from another."""
    with platform.store.reading() as db:
        row = db.scalar(select(AccessTokenRow).where(AccessTokenRow.token_sha256 == digest))
    if row is None or row.role != role or not hmac.compare_digest(row.token_sha256, digest):
        article = "an" if role == "institution" else "a"
        raise Refusal("forbidden", f"not {article} {role}'s token")
    if row.revoked_at is not None:
        raise Refusal("signed_out", "the token has been withdrawn")
    if row.expires_at is not None and row.expires_at <= platform.clock():
        raise Refusal("signed_out", "the token has expired")
    return row


def store_secret(vault_key: bytes, learner: str) -> bytes:
    """32 bytes for the learner's stores on PCs: derived, so that every process has the same."""
    info = b"anxue/store-secret/1\n" + learner.encode()
    return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(vault_key)


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


LearnerDep = Annotated[Account, Depends(_learner)]
PerhapsLearnerDep = Annotated[Account | None, Depends(_perhaps)]
InstitutionDep = Annotated[str, Depends(_institution)]
SupervisorDep = Annotated[str, Depends(_supervisor)]
