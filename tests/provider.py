"""An OpenID provider whose answers a test bends: real HTTP, real signatures, strict about PKCE.

oidc-provider-mock, which the tests use for the honest way, does not look at the verifier.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

Claims = dict[str, Any]


@dataclass
class Provider:
    """codes: what was handed out, with its challenge. bend: changes the claims of ID tokens.

    sign: how the ID token is made of claims; None signs honestly. asked: paths, in order.
    """

    url: str = ""
    codes: dict[str, tuple[str, Claims]] = field(default_factory=dict)
    bend: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[["Provider", Claims], str] | None = None
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    userinfo: Claims = field(default_factory=dict)
    issuer: str = ""
    asked: list[str] = field(default_factory=list)
    broken: int = 0
    announces: Claims = field(default_factory=dict)

    def code(self, challenge: str, claims: Claims) -> str:
        """What the browser brings to the loopback after the learner signed in."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = challenge, claims
        return code

    def token(self, claims: Claims) -> str:
        if self.sign is not None:
            return self.sign(self, claims)
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, Claims]:
        self.asked.append(path)
        if self.broken:
            return self.broken, {"error": "server_error"}
        match path:
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.issuer or self.url,
                    "authorization_endpoint": f"{self.url}/authorize",
                    "token_endpoint": f"{self.url}/token",
                    "userinfo_endpoint": f"{self.url}/userinfo",
                    "jwks_uri": f"{self.url}/jwks",
                    **self.announces,
                }
            case "/jwks":
                return 200, dict(KeySet([self.key]).as_dict(private=False))
            case "/userinfo":
                return 200, self.userinfo
            case "/token":
                return self._exchange(form)
        return 404, {}

    def _exchange(self, form: dict[str, str]) -> tuple[int, Claims]:
        challenge, claims = self.codes.pop(form.get("code", ""), ("", {}))
        verifier = form.get("code_verifier", "").encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=")
        if not challenge or digest.decode() != challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": "a-token",
            "token_type": "Bearer",
            "id_token": self.token(self.bend(dict(claims))),
        }


@contextmanager
def provider() -> Iterator[Provider]:
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*told.answer(self.path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._say(*told.answer(self.path, {k: v[0] for k, v in parse_qs(body).items()}))

        def _say(self, status: int, message: Claims) -> None:
            data = json.dumps(message).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def honest(told: Provider, client: str, nonce: str, **more: Any) -> Claims:
    """The claims of an ID token that is all right."""
    now = int(time.time())
    return {
        "iss": told.url,
        "sub": "person-1",
        "aud": client,
        "iat": now,
        "exp": now + 300,
        "nonce": nonce,
        "preferred_username": "demo",
        "name": "林桂芳",
        **more,
    }


def unsigned(_told: Provider, claims: Claims) -> str:
    """`alg: none`, as some libraries once took it."""
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{header}.{body}."


def confused(told: Provider, claims: Claims) -> str:
    """HMAC under the provider's public key, which everybody has."""
    secret = told.key.as_pem(private=False)
    header, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "one"}, claims)
    )
    mac = hmac.new(secret, header + b"." + body, hashlib.sha256).digest()
    return b".".join((header, body, base64.urlsafe_b64encode(mac).rstrip(b"="))).decode()


def foreign(_told: Provider, claims: Claims) -> str:
    """By a key of somebody else's, under the provider's key id."""
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))


def unlisted(_told: Provider, claims: Claims) -> str:
    """A key that the token brings along."""
    key = ECKey.generate_key("P-256")
    return jwt.encode({"alg": "ES256", "jwk": key.as_dict(private=False)}, claims, key)
