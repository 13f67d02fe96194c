"""Signed texts that nobody may take: families of Wycheproof's, in our own words.

`forgeries(token, …)` bends one good token in every way that parsers and verifiers are known
to have taken; those that need the private key (another padding, another encoding of the very
same numbers) are made with it, so that nothing but strictness can refuse them.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sync import seal, sm2, suites
from sync.seal import from_base64url, to_base64url
from tests import sm2_by_hand

SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
SHA1_INFO = bytes.fromhex("3021300906052b0e03021a05000414")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def forgeries(token: str, key: suites.PrivateKey, other: str) -> Iterator[tuple[str, str]]:
    """(why, token). token: a good receipt. key: what signed it. other: a good grant of the same."""
    yield from headers(token, key)
    yield from encodings(token)
    yield from payloads(token, key)
    if isinstance(key, sm2.PrivateKey):
        yield from sm2_signatures(token, key)
    else:
        yield from rsa_signatures(token, key)
    yield "a grant in place of a receipt", other


def headers(token: str, key: suites.PrivateKey) -> Iterator[tuple[str, str]]:
    """Other headers, each with the right key's signature over what stands there."""
    header, payload, signature = token.split(".")
    text = from_base64url(header).decode()
    right = json.loads(text)
    alg, thumb = right["alg"], right[next(name for name in right if name.startswith("x5t"))]
    swapped = "SM2-SM3" if alg == "RS256" else "RS256"

    def again(text: str) -> str:
        start = f"{to_base64url(text.encode())}.{payload}"
        return f"{start}.{to_base64url(suites.sign(key, start.encode()))}"

    for name in ("none", "None", "NONE", "nOnE", ""):
        bent = to_base64url(text.replace(alg, name, 1).encode())
        yield f"alg {name!r} and no signature", f"{bent}.{payload}."
        yield f"alg {name!r} and the old signature", f"{bent}.{payload}.{signature}"
    spki = seal.spki(key.public_key())
    start = f"{to_base64url(text.replace(alg, 'HS256', 1).encode())}.{payload}"
    mac = hmac.digest(spki, start.encode(), hashlib.sha256)
    yield "HS256 keyed with the public key", f"{start}.{to_base64url(mac)}"
    for name in ("RS384", "PS256", "ES256", "EdDSA", "HS256", swapped, alg.lower()):
        yield f"alg {name}", again(text.replace(alg, name, 1))
    more = {
        "crit": '"crit":["exp"]', "a crit that is empty": '"crit":[]', "b64": '"b64":false',
        "an embedded key": '"jwk":{"kty":"RSA"}', "a key's address": '"jku":"https://x.invalid"',
        "an embedded certificate": '"x5c":[]', "a key's name": '"kid":"1"', "zip": '"zip":"DEF"',
        "alg twice": f'"alg":"{alg}"', "alg twice, the first as escapes": f'"\\u0061lg":"{alg}"',
        "the thumbprint of SHA-1": '"x5t":"AAAAAAAAAAAAAAAAAAAAAAAAAAA"',
    }  # fmt: skip
    for why, member in more.items():
        yield f"header with {why}", again(text[:-1] + "," + member + "}")
        yield f"header with {why}, in front", again("{" + member + "," + text[1:])
    yield "header with spaces", again(json.dumps(right))
    turned = dict(reversed(right.items()))
    yield "header in another order", again(json.dumps(turned, separators=(",", ":")))
    yield "header with an escaped slash", again(text.replace("anxue-", "\\u0061nxue-"))
    yield "header without typ", again(text.replace('"typ":"anxue-receipt+jws",', ""))
    yield "header without the certificate", again("{" + text[1 : text.index(',"x5t')] + "}")
    yield "header of another certificate", again(text.replace(thumb, thumb[::-1]))
    yield "header that is a list", again("[]")
    yield "header that is empty", f".{payload}.{signature}"
    yield "header with a byte order mark", again("\ufeff" + text)
    yield "header with two values", again(text + text)


def encodings(token: str) -> Iterator[tuple[str, str]]:
    """The same bytes in other texts, and texts with too little or too much."""
    header, payload, signature = token.split(".")
    for why, part in (("header", 0), ("payload", 1), ("signature", 2)):
        for what, change in (
            ("padding", "{}="), ("two paddings", "{}=="), ("a space behind", "{} "),
            ("a line feed behind", "{}\n"), ("a space in front", " {}"), ("a null behind", "{}\0"),
            ("a letter too many", "{}A"), ("a plus", "+{}"), ("a slash", "/{}"), ("a star", "{}*"),
            ("a wide letter", "Ａ{}"),
        ):  # fmt: skip
            parts = [header, payload, signature]
            parts[part] = change.format(parts[part])
            yield f"{why} with {what}", ".".join(parts)
        parts = [header, payload, signature]
        parts[part] = parts[part][:-1]
        yield f"{why} cut by a letter", ".".join(parts)
        full = [header, payload, signature][part]
        if len(full) % 4:
            spare = ALPHABET[ALPHABET.index(full[-1]) ^ 1]
            parts[part] = full[:-1] + spare
            yield f"{why} with spare bits set", ".".join(parts)
    yield "two parts", f"{header}.{payload}"
    yield "four parts", f"{token}."
    yield "five parts, as if encrypted", f"{token}.AA.AA"
    yield "nothing", ""
    yield "dots alone", ".."
    yield (
        "a JSON serialization",
        json.dumps({"protected": header, "payload": payload, "signature": signature}),
    )
    yield "no payload", f"{header}..{signature}"
    yield "no signature", f"{header}.{payload}."


def payloads(token: str, key: suites.PrivateKey) -> Iterator[tuple[str, str]]:
    """Other payloads under the right header; all but the first with the right key's signature."""
    header, payload, signature = token.split(".")
    text = from_base64url(payload).decode()

    def again(text: str) -> str:
        start = f"{header}.{to_base64url(text.encode('utf-8', 'surrogatepass'))}"
        return f"{start}.{to_base64url(suites.sign(key, start.encode()))}"

    changed = to_base64url(text.replace('"seq":', '"seq":1', 1).encode())
    yield "payload changed", f"{header}.{changed}.{signature}"
    seq = text[text.index('"seq":') : text.index(',"head"')]
    for why, bent in {
        "with spaces": json.dumps(json.loads(text)),
        "with a member twice": text.replace(seq, f"{seq},{seq}", 1),
        "with a member twice, once as escapes": text.replace(seq, f'{seq},"\\u0073eq":9', 1),
        "with a member too many": text[:-1] + ',"more":1}',
        "with a member missing": text.replace(f"{seq},", "", 1),
        "with a fraction for a number": text.replace(seq, f"{seq}.0", 1),
        "with an exponent for a number": text.replace(seq, f"{seq}e0", 1),
        "with NaN for a number": text.replace(seq, '"seq":NaN', 1),
        "with a number as text": text.replace(seq, '"seq":"1"', 1),
        "with an escape that is not needed": text.replace('"anxue-', '"\\u0061nxue-', 1),
        "in another order": json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")),
        "followed by a line feed": text + "\n",
        "with a byte order mark": "\ufeff" + text,
        "that is null": "null",
        "that is no JSON": "x",
        "with half a pair of surrogates": text.replace('"anxue-receipt"', '"\ud800"', 1),
        "that is nested very deep": "[" * 50_000 + "]" * 50_000,
    }.items():
        if len(bent) < 40_000 or "deep" in why:
            yield f"payload {why}", again(bent[:30_000] if "deep" in why else bent)


def rsa_signatures(token: str, key: rsa.RSAPrivateKey) -> Iterator[tuple[str, str]]:
    """PKCS#1 v1.5 with another block than the one, computed with the private key itself."""
    start, _, text = token.rpartition(".")
    good = from_base64url(text)
    numbers, size = key.private_numbers(), key.key_size // 8
    n, d = numbers.public_numbers.n, numbers.d

    def raw(block: bytes) -> bytes:
        return pow(int.from_bytes(block, "big"), d, n).to_bytes(size, "big")

    def block(info: bytes, kind: bytes = b"\x00\x01", fill: bytes = b"\xff") -> bytes:
        return kind + fill * (size - len(info) - 3) + b"\x00" + info

    sha = hashlib.sha256(start.encode()).digest()
    plain = SHA256_INFO + sha
    missing_null = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + sha
    long_length = b"\x30\x81\x31" + plain[2:]
    indefinite = b"\x30\x80" + plain[2:] + b"\x00\x00"
    wrong_null = bytes.fromhex("3031300d060960864801650304020104000420") + sha
    short = b"\x00\x01" + b"\xff" * 8 + b"\x00" + plain
    assert raw(block(plain)) == good, "the arithmetic is right"
    for why, bent in {
        "without NULL": block(missing_null),
        "with a BER length": block(long_length),
        "with an indefinite length": block(indefinite),
        "with an OCTET STRING for NULL": block(wrong_null),
        "of SHA-1": block(SHA1_INFO + hashlib.sha1(start.encode()).digest()),  # noqa: S324
        "of a bare digest": block(sha),
        "with bytes behind the digest": short + b"\xaa" * (size - len(short)),
        "with a zero behind the digest": block(plain + b"\x00"),
        "with block type 0": block(plain, b"\x00\x00", b"\x00"),
        "with block type 2": block(plain, b"\x00\x02", b"\x11"),
        "with a first byte of 1": b"\x00" + block(plain)[1:2] + b"\xfe" + block(plain)[3:],
        "without the zero before the digest": b"\x00\x01".ljust(size - 51, b"\xff") + plain,
        "with a digest too short": block(b"\x30\x30" + SHA256_INFO[2:-1] + b"\x1f" + sha[:31]),
    }.items():
        yield f"signature {why}", f"{start}.{to_base64url(raw(bent))}"
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    value = int.from_bytes(good, "big")
    for why, signature in {
        "by PSS": key.sign(start.encode(), pss, hashes.SHA256()),
        "of SHA-384": key.sign(start.encode(), padding.PKCS1v15(), hashes.SHA384()),
        "of 0": bytes(size), "of 1": (1).to_bytes(size, "big"),
        "of n - 1": (n - 1).to_bytes(size, "big"), "of n": n.to_bytes(size, "big"),
        "of n - s": (n - value).to_bytes(size, "big"),
        "of s + n": (value + n).to_bytes(size + 1, "big"),
        "with a zero in front": b"\x00" + good, "with a zero behind": good + b"\x00",
        "cut in front": good[1:], "cut behind": good[:-1], "that is empty": b"",
        "as it would be with e = 1": block(plain), "twice": good + good,
    }.items():  # fmt: skip
        yield f"signature {why}", f"{start}.{to_base64url(signature)}"


def sm2_signatures(token: str, key: sm2.PrivateKey) -> Iterator[tuple[str, str]]:
    """r and s out of range, in other encodings, and for another identity."""
    start, _, text = token.rpartition(".")
    good, n = from_base64url(text), sm2.N
    r, s = int.from_bytes(good[:32], "big"), int.from_bytes(good[32:], "big")
    hand, d = sm2_by_hand.ByHand(), int.from_bytes(key.secret, "big")

    def pair(r: int, s: int) -> bytes:
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    other = hand.with_nonce(d, sm2_by_hand.digest(key.public, start.encode(), b"ALICE123"), 77)
    no_identity = int.from_bytes(sm2_by_hand.sm3(start.encode()), "big")
    for why, signature in {
        "with r = 0": pair(0, s), "with s = 0": pair(r, 0), "with both 0": pair(0, 0),
        "with r = n": pair(n, s), "with s = n": pair(r, n), "with r = n + 1": pair(n + 1, s),
        "with r = s = 2^256 - 1": b"\xff" * 64, "with r + s = n": pair(r, n - r),
        "with r and s changed round": pair(s, r), "with n - s": pair(r, n - s),
        "with n - r": pair(n - r, s), "of 1 and 1": pair(1, 1), "of n - 1 and 1": pair(n - 1, 1),
        "in DER": sm2.to_der(good), "with a zero in front": b"\x00" + good,
        "with a zero behind": good + b"\x00", "cut behind": good[:-1], "of r alone": good[:32],
        "that is empty": b"", "of another identity": pair(*other),
        "without an identity": pair(*hand.with_nonce(d, no_identity, 77)),
        "with a byte changed": bytes([good[0] ^ 1]) + good[1:],
    }.items():  # fmt: skip
        yield f"signature {why}", f"{start}.{to_base64url(signature)}"
