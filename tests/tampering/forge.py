"""Signed texts as a forger writes them: other algorithms, other keys, other purposes."""

import hashlib
import hmac
import json
import random
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from sync import seal
from tests.sync_rig import rsa_key

ALGORITHMS = ("none", "HS256", "RS384", "RS512", "PS256", "ES256", "SM2-SM3", "rs256", "RS1", "")
_FOREIGN = 7
"""Number of a key that no platform certified."""


def forged(jws: str, drawn: random.Random) -> str:
    """The same payload under a header or a signature that was not given to it."""
    header_text, payload, signature = jws.split(".")
    header: dict[str, Any] = json.loads(seal.from_base64url(header_text))
    way = drawn.randrange(6)
    if way <= 2:
        header["alg"] = drawn.choice(ALGORITHMS)
    elif way == 3:
        header |= drawn.choice(({"crit": ["exp"]}, {"kid": "x"}, {"b64": False}, {"jwk": {}}))
    elif way == 4:
        header["typ"] = drawn.choice(("JWT", "anxue-other+jws", "", "anxue-grant+jwt"))
    changed = seal.to_base64url(json.dumps(header, separators=(",", ":")).encode())
    signed = f"{changed}.{payload}".encode()
    match drawn.randrange(4):
        case 0 if changed != header_text:
            pass  # the old signature
        case 1:
            signature = ""
        case 2:
            digest = hmac.digest(hashlib.sha256(signed).digest(), signed, "sha256")
            signature = seal.to_base64url(digest)
        case _:
            key = rsa_key(_FOREIGN)
            signature = seal.to_base64url(key.sign(signed, padding.PKCS1v15(), hashes.SHA256()))
    return f"{changed}.{payload}.{signature}"


def reencoded(text: str, drawn: random.Random) -> str:
    """The same JSON in another text."""
    value = json.loads(text)
    ways = (
        json.dumps(value),
        json.dumps(value, indent=1),
        json.dumps(dict(reversed(value.items())), separators=(",", ":")),
        text.replace("/", "\\/", 1),
        text.replace(":", ": ", 1),
        text + " ",
        text.replace("e", "\\u0065", 1),
        text[:-1] + ',"id":"x"}',
    )
    return drawn.choice([other for other in ways if other != text])


def another_time(text: str, drawn: random.Random) -> str:
    """A statement whose clocks say something else, still one in its form."""
    value = json.loads(text)
    about = value["context"]["extensions"]
    match drawn.randrange(3):
        case 0:
            stamp = value["timestamp"]
            seconds = (int(stamp[17:19]) + drawn.randrange(1, 59)) % 60
            value["timestamp"] = f"{stamp[:17]}{seconds:02}{stamp[19:]}"
        case 1:
            name = next(name for name in about if name.endswith("/mono-ns"))
            about[name] = str(int(about[name]) + drawn.randrange(1, 10**12))
        case _:
            name = next(name for name in about if name.endswith("/beacon"))
            about[name] += drawn.choice((-1, 1, 2, 100))
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
