"""Signing in with an account that somebody else keeps: what every provider has to be.

`SignOn` is the adapter's interface. `oidc.OpenIdConnect` is the one for providers that speak
OpenID Connect, `oidc.OAuthUserinfo` the one for single sign-on that is OAuth 2 with a page that
tells whose token it is, as provinces have. Another kind is one more class and a line in `build`.

Who the provider names becomes a learner here by `learner_of`: once linked, issuer and subject
decide and nothing else, so that a name that is given to somebody new opens nobody's records.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract import OidcProvider, OidcSignIn
from sync.reference.integration_tables import SignOnRow
from sync.reference.integrations import SignOnSettings
from sync.reference.problems import Refusal
from sync.reference.store import in_turn
from sync.reference.tables import ClassRow, LearnerRow

NO_PASSWORD = "-"  # noqa: S105 (no hash, so that no password ever fits)


class SignOnError(Exception):
    """Nobody was signed in. unavailable: the provider could not be asked; it may work later."""

    def __init__(self, detail: str, *, unavailable: bool = False) -> None:
        super().__init__(detail)
        self.unavailable = unavailable

    def refusal(self) -> Refusal:
        return Refusal("unavailable" if self.unavailable else "wrong_password", str(self))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it was, by the provider: (issuer, subject) for ever, claims as of today."""

    issuer: str
    subject: str
    claims: Mapping[str, Any] = field(repr=False)


class SignOn(Protocol):
    """A provider of accounts."""

    settings: SignOnSettings

    def public(self) -> OidcProvider:
        """Where a client sends its learner. Raises SignOnError."""

    def identify(self, proof: OidcSignIn, now: datetime) -> Identity:
        """Exchange what the learner brought. Slow: it asks the provider. Raises SignOnError."""


def learner_of(
    db: Session, settings: SignOnSettings, identity: Identity, now: datetime
) -> LearnerRow:
    """The learner whose account this is; linked, or made, at the first time.

    Raises SignOnError: nobody of that name here, the learner has another account of that
    provider, or (where learners are made) the claims lack a name.
    """
    linked = db.get(SignOnRow, (identity.issuer, identity.subject))
    if linked is None:
        in_turn(db, "sign-on")  # the first sign-in twice at once: one links, the other finds it
        linked = db.get(SignOnRow, (identity.issuer, identity.subject))
    if linked is not None:
        return db.get_one(LearnerRow, linked.learner)
    login = _text(identity.claims, settings.login_claim)
    if not login:
        raise SignOnError(f"the provider tells no {settings.login_claim}")
    learner = db.scalar(select(LearnerRow).where(LearnerRow.login == login))
    if learner is None:
        learner = _made(db, settings, identity, login)
    other = select(SignOnRow).filter_by(issuer=identity.issuer, learner=learner.id)
    if db.scalar(other) is not None:
        raise SignOnError("this learner signs in with another account of the provider")
    db.add(
        SignOnRow(issuer=identity.issuer, subject=identity.subject, learner=learner.id, since=now)
    )
    return learner


def build(settings: SignOnSettings) -> SignOn:
    """The adapter that the settings name. Raises SignOnError if they do not fit together."""
    from sync.reference.oidc import OAuthUserinfo, OpenIdConnect

    return OpenIdConnect(settings) if settings.adapter == "oidc" else OAuthUserinfo(settings)


def _made(db: Session, settings: SignOnSettings, identity: Identity, login: str) -> LearnerRow:
    if not settings.create:
        raise SignOnError("nobody of that name is a learner here")
    name = _text(identity.claims, settings.name_claim)
    belongs = db.get(ClassRow, settings.class_id)
    if not name or belongs is None:
        raise SignOnError(f"a learner cannot be made without {settings.name_claim} and a class")
    digest = hashlib.sha256(f"{identity.issuer}\n{identity.subject}".encode()).hexdigest()
    learner = LearnerRow(
        id=f"l{digest[:24]}",
        login=login,
        password_hash=NO_PASSWORD,
        name=name,
        institution=belongs.institution,
        class_id=belongs.id,
        template=None,
    )
    db.add(learner)
    db.flush()
    return learner


def _text(claims: Mapping[str, Any], name: str) -> str:
    """A claim that is a text of a sensible length; empty if it is anything else."""
    value = claims.get(name)
    fits = isinstance(value, str) and 0 < len(value) <= 200 and "\0" not in value
    return value if fits and isinstance(value, str) else ""
