"""Signing in at the institution's own page: the client's side of OpenID Connect, pure.

    attempt = begin(provider, redirect_uri, entropy)   the browser is sent to attempt.url
    code = returned(attempt, query)                    what the browser brought to the loopback
    message = sign_in(attempt, code, client, key)      for `POST sessions`

Authorization code with PKCE (RFC 7636, S256) and a loopback redirect (RFC 8252). The learner's
password at the provider never passes through this program, nor does any token of it.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from sync import seal
from sync.contract import ClientInfo, OidcProvider, OidcSignIn

ENTROPY_BYTES = 96
MAX_QUERY = 8192


class SignOnFailedError(Exception):
    """Nobody was signed in. declined: the learner, or the provider, said no."""

    def __init__(self, detail: str, *, declined: bool = False) -> None:
        super().__init__(detail)
        self.declined = declined


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back. url: what the browser opens."""

    url: str
    issuer: str
    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


def begin(provider: OidcProvider, redirect_uri: str, entropy: bytes) -> Attempt:
    """A fresh attempt. entropy: 96 unforeseeable bytes. Raises SignOnFailedError.

    Only https, or this very machine: a page where a password is typed.
    """
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(f"{ENTROPY_BYTES} bytes of entropy")
    endpoint = urlsplit(provider.authorization_endpoint)
    local = endpoint.scheme == "http" and endpoint.hostname in {"127.0.0.1", "::1", "localhost"}
    if endpoint.scheme != "https" and not local:
        raise SignOnFailedError("the provider's page is not protected")
    state, nonce, verifier = (seal.to_base64url(entropy[n : n + 32]) for n in (0, 32, 64))
    challenge = seal.to_base64url(hashlib.sha256(verifier.encode()).digest())
    asked = urlencode(
        {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": provider.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
    )
    query = f"{endpoint.query}&{asked}" if endpoint.query else asked
    return Attempt(
        url=endpoint._replace(query=query, fragment="").geturl(),
        issuer=provider.issuer,
        redirect_uri=redirect_uri,
        state=state,
        nonce=nonce,
        verifier=verifier,
    )


def returned(attempt: Attempt, query: str) -> str:
    """The code in what the browser brought. Raises SignOnFailedError.

    What has another state was not asked for by us; `iss`, where it is told, must be the
    provider's (RFC 9207): the answer of one provider is never taken to another.
    """
    if len(query) > MAX_QUERY:
        raise SignOnFailedError("too long an answer")
    try:
        told = parse_qs(query, strict_parsing=True, max_num_fields=20, errors="strict")
    except ValueError as error:
        raise SignOnFailedError("not an answer of the provider's") from error
    state = _one(told, "state") or ""
    if not hmac.compare_digest(state.encode("utf-8", "replace"), attempt.state.encode()):
        raise SignOnFailedError("an answer to something else")
    issuer = _one(told, "iss")
    if issuer is not None and issuer != attempt.issuer:
        raise SignOnFailedError("an answer of another provider")
    refusal = _one(told, "error")
    if refusal is not None:
        raise SignOnFailedError(f"the provider said {refusal[:80]}", declined=True)
    code = _one(told, "code")
    if not code or len(code) > 2048:
        raise SignOnFailedError("no code in the answer")
    return code


def sign_in(attempt: Attempt, code: str, client: ClientInfo, public_key: bytes) -> OidcSignIn:
    """The message. public_key: the run's, SubjectPublicKeyInfo, DER."""
    return OidcSignIn(
        code=code,
        redirect_uri=attempt.redirect_uri,
        code_verifier=attempt.verifier,
        nonce=attempt.nonce,
        client=client,
        public_key=seal.to_base64url(public_key),
    )


def _one(told: dict[str, list[str]], name: str) -> str | None:
    """The one value; several are as bad as an attack. Raises SignOnFailedError."""
    values = told.get(name, [])
    if len(values) > 1:
        raise SignOnFailedError(f"{name} is told twice")
    return values[0] if values else None
