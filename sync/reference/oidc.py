"""OpenID Connect, and OAuth 2 with userinfo: the platform is the relying party.

The client's browser brings an authorization code to the client's loopback (RFC 8252, PKCE);
the client hands code and verifier to the platform, and only the platform speaks to the
provider. So clients hold no secret and no token, and what the platform believes was fetched by
itself, over TLS. An ID token is checked all the same: signature by the provider's published
keys with an algorithm of the list (never `none`, never a shared secret), issuer, audience,
authorized party, times, nonce.
"""

import json
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from sync.contract import OidcProvider, OidcSignIn
from sync.reference.integrations import SignOnSettings
from sync.reference.signon import Identity, SignOnError

MAX_ANSWER = 256 * 1024
METADATA_S, KEYS_AGAIN_S = 3600.0, 30.0
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_SHARED_SECRETS = ("none", "HS256", "HS384", "HS512")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _Provider:
    """What both kinds share: settings that make sense, and asking the token endpoint."""

    def __init__(self, settings: SignOnSettings, client: httpx.Client | None = None) -> None:
        if not settings.algorithms or set(settings.algorithms) & set(_SHARED_SECRETS):
            raise SignOnError("sign_on.algorithms: only signatures by keys of the provider's")
        _secure(settings.issuer)
        self.settings = settings
        # No redirects: an answer comes from the address that was asked.
        self._http = client or httpx.Client(timeout=_TIMEOUT, follow_redirects=False)

    def _exchange(self, endpoint: str, proof: OidcSignIn) -> Mapping[str, Any]:
        """The token response for a code. Raises SignOnError."""
        settings = self.settings
        form = {
            "grant_type": "authorization_code",
            "code": proof.code,
            "redirect_uri": proof.redirect_uri,
            "code_verifier": proof.code_verifier,
            "client_id": settings.client_id,
        }
        auth = None
        if settings.client_secret is not None:
            auth = httpx.BasicAuth(settings.client_id, settings.client_secret)
            del form["client_id"]
        return self._json("POST", endpoint, data=form, auth=auth)

    def _json(
        self,
        method: str,
        url: str,
        *,
        data: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
        bearer: str | None = None,
    ) -> Mapping[str, Any]:
        """One JSON object. Raises SignOnError: unavailable for what may be better tomorrow."""
        headers = {"accept": "application/json"}
        if bearer is not None:
            headers["authorization"] = f"Bearer {bearer}"
        try:
            with self._http.stream(method, url, data=data, auth=auth, headers=headers) as answer:
                body = bytearray()
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > MAX_ANSWER:
                        raise SignOnError("the provider's answer is too long", unavailable=True)
        except httpx.HTTPError as error:
            told = f"the provider cannot be reached: {type(error).__name__}"
            raise SignOnError(told, unavailable=True) from error
        if answer.status_code in (400, 401, 403) and method == "POST":
            # The code is used up, foreign or stale; or our own secret is wrong, which shows
            # at the first try of whoever set it.
            raise SignOnError(f"the provider did not take the code ({answer.status_code})")
        if answer.status_code != 200:
            raise SignOnError(f"the provider answered {answer.status_code}", unavailable=True)
        try:
            told = json.loads(body)
        except ValueError as error:
            raise SignOnError("the provider answered no JSON", unavailable=True) from error
        if not isinstance(told, dict):
            raise SignOnError("the provider answered no JSON object", unavailable=True)
        return told


class OpenIdConnect(_Provider):
    """A `SignOn` by discovery and ID token."""

    def __init__(self, settings: SignOnSettings, client: httpx.Client | None = None) -> None:
        super().__init__(settings, client)
        self._lock = threading.Lock()
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def public(self) -> OidcProvider:
        return OidcProvider(
            issuer=self.settings.issuer,
            authorization_endpoint=self._endpoint("authorization_endpoint"),
            client_id=self.settings.client_id,
            scope=self.settings.scope,
        )

    def identify(self, proof: OidcSignIn, now: datetime) -> Identity:
        told = self._exchange(self._endpoint("token_endpoint"), proof)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise SignOnError("the provider gave no ID token")
        claims = self._claims(token, proof.nonce, now)
        if self.settings.login_claim not in claims and isinstance(told.get("access_token"), str):
            claims = {**self._more(claims, cast("str", told["access_token"])), **claims}
        return Identity(self.settings.issuer, claims["sub"], claims)

    def _more(self, claims: Mapping[str, Any], access_token: str) -> Mapping[str, Any]:
        """Userinfo, where the ID token is a short one. It has to be about the same person."""
        userinfo = self._json("GET", self._endpoint("userinfo_endpoint"), bearer=access_token)
        if userinfo.get("sub") != claims["sub"]:
            raise SignOnError("userinfo is about somebody else")
        return userinfo

    def _claims(self, token: str, nonce: str, now: datetime) -> Mapping[str, Any]:
        """The claims of an ID token that is for us, of this sign-in, now. Raises SignOnError."""
        try:
            decoded = self._decoded(token)
        except (JoseError, ValueError) as error:
            raise SignOnError(f"the ID token is not right: {error}") from error
        claims, settings = decoded.claims, self.settings
        leeway, at = settings.clock_leeway_s, now.timestamp()
        audience = claims.get("aud")
        several = audience if isinstance(audience, list) else [audience]
        subject = claims.get("sub")
        wrong = (
            (claims.get("iss") != settings.issuer, "iss"),
            (settings.client_id not in several, "aud"),
            (len(several) > 1 and claims.get("azp") != settings.client_id, "azp"),
            ("azp" in claims and claims["azp"] != settings.client_id, "azp"),
            (not _number(claims.get("exp")) or claims["exp"] + leeway <= at, "exp"),
            (not _number(claims.get("iat")) or claims["iat"] - leeway > at, "iat"),
            ("nbf" in claims and not _begun(claims["nbf"], at + leeway), "nbf"),
            (claims.get("nonce") != nonce, "nonce"),
            (not isinstance(subject, str) or not 0 < len(subject) <= 200, "sub"),
        )
        for is_wrong, what in wrong:
            if is_wrong:
                raise SignOnError(f"the ID token is not right: {what}")
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        """Signature checked. A key that is not known yet: the provider may have a new one."""
        algorithms = list(self.settings.algorithms)
        try:
            return jwt.decode(token, self._key_set(METADATA_S), algorithms)
        except (JoseError, ValueError):
            # The same keys again, and so the same error, if they were fetched just now.
            return jwt.decode(token, self._key_set(KEYS_AGAIN_S), algorithms)

    def _key_set(self, max_age_s: float) -> KeySet:
        """The provider's keys, no older than that."""
        with self._lock:
            kept = self._keys
        if kept is not None and time.monotonic() - kept[0] < max_age_s:
            return kept[1]
        told = self._json("GET", self._endpoint("jwks_uri"))
        try:
            keys = KeySet.import_key_set(cast("KeySetSerialization", told))
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise SignOnError("the provider's keys cannot be read", unavailable=True) from error
        with self._lock:
            self._keys = time.monotonic(), keys
        return keys

    def _endpoint(self, name: str) -> str:
        """An address from the provider's metadata. Raises SignOnError."""
        with self._lock:
            kept = self._metadata
        if kept is None or time.monotonic() - kept[0] > METADATA_S:
            issuer = self.settings.issuer.rstrip("/")
            told = self._json("GET", f"{issuer}/.well-known/openid-configuration")
            if told.get("issuer") != self.settings.issuer:
                raise SignOnError("the provider calls itself by another name", unavailable=True)
            kept = time.monotonic(), told
            with self._lock:
                self._metadata = kept
        value = kept[1].get(name)
        if not isinstance(value, str):
            raise SignOnError(f"the provider names no {name}", unavailable=True)
        return _secure(value)


class OAuthUserinfo(_Provider):
    """A `SignOn` where no ID token exists: who holds the access token is asked for.

    PKCE alone binds the code to the client that began, so the provider must check it.
    """

    def __init__(self, settings: SignOnSettings, client: httpx.Client | None = None) -> None:
        super().__init__(settings, client)
        for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint"):
            if not getattr(settings, name):
                raise SignOnError(f"sign_on.{name} is needed with the adapter oauth")
            _secure(getattr(settings, name))

    def public(self) -> OidcProvider:
        return OidcProvider(
            issuer=self.settings.issuer,
            authorization_endpoint=self.settings.authorization_endpoint,
            client_id=self.settings.client_id,
            scope=self.settings.scope,
        )

    def identify(self, proof: OidcSignIn, now: datetime) -> Identity:
        del now
        settings = self.settings
        token = self._exchange(settings.token_endpoint, proof).get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise SignOnError("the provider gave no access token")
        claims = self._json("GET", settings.userinfo_endpoint, bearer=token)
        subject = claims.get(settings.subject_claim)
        if not isinstance(subject, str) or not 0 < len(subject) <= 200:
            raise SignOnError(f"the provider tells no {settings.subject_claim}")
        return Identity(settings.issuer, subject, claims)


def _secure(url: str) -> str:
    """The address again, if it is https, or of this machine. Raises SignOnError."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url
    raise SignOnError(f"not a safe address: {url[:200]}", unavailable=True)


def _begun(value: object, at: float) -> bool:
    return isinstance(value, int | float) and _number(value) and value <= at


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
