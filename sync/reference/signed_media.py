"""Addresses that open one film for a while, to whoever has them: no token, no cookie.

    /v1/media/{lesson}/{mode}.mp4?expires=1790000000&signature=…

The signature is HMAC-SHA256 over path and expiry under a key that all of a platform's
processes share. A room's HTTP cache can keep such an answer, since nothing in it is
anybody's; the cache's key leaves the query out, and the platform still sees every learner
who asks for an address.
"""

import hashlib
import hmac
import math
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from sync import seal
from sync.reference.problems import Refusal

_EXPIRES = re.compile(r"[1-9]\d{0,11}")


def sign(key: bytes, path: str, now: datetime, lifetime_s: float) -> tuple[str, datetime]:
    """The address of a path with its query, and until when it is good (whole seconds)."""
    expires = math.ceil((now + timedelta(seconds=lifetime_s)).timestamp())
    query = urlencode({"expires": expires, "signature": _signature(key, path, str(expires))})
    return f"{path}?{query}", datetime.fromtimestamp(expires, UTC)


def check(key: bytes, path: str, now: datetime, expires: str | None, signature: str | None) -> None:
    """Raises Refusal unless the two parameters open this path now.

    Which of the two ways it failed is told: both are no secret to who holds the address.
    """
    told = (expires or "").encode("utf-8", "replace")
    # The signature first, in constant time: an expiry is worth nothing without it.
    fits = hmac.compare_digest(
        _signature(key, path, told.decode()).encode(), (signature or "").encode("utf-8", "replace")
    )
    if not fits or expires is None or _EXPIRES.fullmatch(expires) is None:
        raise Refusal("forbidden", "not an address of this platform's", headers=_NOT_KEPT)
    if int(expires) <= now.timestamp():
        raise Refusal("forbidden", "the address has expired", headers=_NOT_KEPT)


def _signature(key: bytes, path: str, expires: str) -> str:
    text = f"anxue/media/1\n{path}\n{expires}".encode()
    return seal.to_base64url(hmac.new(key, text, hashlib.sha256).digest())


_NOT_KEPT = {"cache-control": "no-store"}
