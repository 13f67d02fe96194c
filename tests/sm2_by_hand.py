"""SM2 in integers, with nonces that follow from key and text: an engine for vectors only.

Slow and not constant in time: nothing for real keys. It is also the second opinion on GmSSL.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from sync import sm2
from sync.sm2 import B, N, P, PrivateKey, PublicKey

A = P - 3
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
Point = tuple[int, int] | None


def add(a: Point, b: Point) -> Point:
    """The sum of two points; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] + A) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(factor: int, point: Point) -> Point:
    total: Point = None
    while factor:
        if factor & 1:
            total = add(total, point)
        point, factor = add(point, point), factor >> 1
    return total


def sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def digest(key: PublicKey, data: bytes, identity: bytes = sm2.SIGNER_ID) -> int:
    """e of GB/T 32918.2: over who signs, the curve, the key, and the text."""
    curve = b"".join(number.to_bytes(32, "big") for number in (A, B, *G))
    who = sm3((8 * len(identity)).to_bytes(2, "big") + identity + curve + key.point)
    return int.from_bytes(sm3(who + data), "big")


def key_of(secret: int) -> PrivateKey:
    point = times(secret, G)
    assert point is not None
    return PrivateKey(secret.to_bytes(32, "big"), PublicKey(_bytes(*point)))


class ByHand:
    """A `sync.sm2.Engine`."""

    def generate(self) -> PrivateKey:
        raise NotImplementedError("vectors have fixed keys")

    def sign(self, key: PrivateKey, data: bytes) -> bytes:
        d = int.from_bytes(key.secret, "big")
        e = digest(key.public, data)
        for attempt in range(256):
            nonce = hmac.digest(key.secret, bytes([attempt]) + data, "sha256")
            k = int.from_bytes(nonce, "big") % (N - 1) + 1
            r, s = self.with_nonce(d, e, k)
            if r and s and r + k != N:
                return _bytes(r, s)
        raise AssertionError("no nonce will do")

    def with_nonce(self, d: int, e: int, k: int) -> tuple[int, int]:
        point = times(k, G)
        assert point is not None
        r = (e + point[0]) % N
        return r, pow(1 + d, -1, N) * (k - r * d) % N

    def verify(self, key: PublicKey, data: bytes, signature: bytes) -> bool:
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        public = int.from_bytes(key.point[:32], "big"), int.from_bytes(key.point[32:], "big")
        if not (0 < r < N and 0 < s < N and (r + s) % N):
            return False
        point = add(times(s, G), times((r + s) % N, public))
        return point is not None and (digest(key, data) + point[0]) % N == r


@contextmanager
def by_hand() -> Iterator[None]:
    """Within it, SM2 is computed here."""
    before = sm2.offered()
    sm2.offer(ByHand)
    try:
        yield
    finally:
        sm2.offer(before)


def _bytes(first: int, second: int) -> bytes:
    return first.to_bytes(32, "big") + second.to_bytes(32, "big")
