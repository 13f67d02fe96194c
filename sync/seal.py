"""Signatures that travel: JWS compact, with one way to write each of them.

The header is exactly `{"alg":"RS256","typ":…,"x5t#S256":…}`: what is signed (typ) and
by which certificate (thumbprint of its DER). In the suite of 国密 it is
`{"alg":"SM2-SM3","typ":…,"x5t#SM3":…}`, and the signature r and s, 64 bytes (`sync.sm2`).
Which of the two follows from the certificate's key alone. Verification builds the only header that
would be right and compares its text, so `none`, another algorithm, `crit`, `jwk`, an
embedded certificate, duplicate keys, another order or a padded base64 never reach a
decision; they are looked at only to say in words what was wrong.
docs/decisions/014-records.md has the reasons for these few lines over a library.
"""

import base64
import binascii
import re
from collections.abc import Set as AbstractSet
from typing import Any, Literal, Protocol, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pydantic import BaseModel, ValidationError

from sync import sm2, strictjson, suites
from sync.suites import PrivateKey, PublicKey

Kind = Literal["export", "grant", "policy", "receipt", "root", "seal"]
SealErrorCode = Literal[
    "form",
    "encoding",
    "header",
    "algorithm",
    "kind",
    "certificate",
    "key",
    "signature",
    "payload",
]
MAX_TOKEN = 64 * 1024

_SEGMENT = re.compile(r"[A-Za-z0-9_-]+")
_STANDARD = bytes(
    {ord("-"): ord("+"), ord("_"): ord("/")}.get(byte, byte if chr(byte).isalnum() else ord("!"))
    for byte in range(128)
) + bytes([ord("!")] * 128)
ModelT = TypeVar("ModelT", bound=BaseModel)


class SealError(ValueError):
    """A signed text is not what it claims to be; `code` says in which respect."""

    def __init__(self, code: SealErrorCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Signer(Protocol):
    """Whoever holds a private key and the certificate that goes with it."""

    @property
    def certificate(self) -> x509.Certificate: ...

    def sign(self, data: bytes) -> bytes:
        """The signature over data in the certificate's suite: see `suites.sign`."""


class KeySigner:
    """A Signer over a private key in memory."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate) -> None:
        if spki(key.public_key()) != spki(public_key(certificate)):
            raise SealError("certificate", "it is for another key")
        self._key = key
        self._certificate = certificate

    @property
    def certificate(self) -> x509.Certificate:
        return self._certificate

    def sign(self, data: bytes) -> bytes:
        return suites.sign(self._key, data)


def sign(message: BaseModel, kind: Kind, signer: Signer) -> str:
    """The compact JWS over the message's canonical JSON."""
    return sign_bytes(canonical(message), kind, signer)


def sign_bytes(payload: bytes, kind: Kind, signer: Signer) -> str:
    """The compact JWS over any payload."""
    text = f"{_header(kind, signer.certificate)}.{to_base64url(payload)}"
    return f"{text}.{to_base64url(signer.sign(text.encode('ascii')))}"


def verify(token: str, kind: Kind, certificate: x509.Certificate) -> bytes:
    """The payload's bytes, if this certificate's key signed this kind of text.

    Says nothing about the certificate itself: see `sync.trust`. Raises SealError.
    """
    if len(token) > MAX_TOKEN:
        raise SealError("form", f"{len(token)} characters")
    parts = token.split(".")
    if len(parts) != 3:
        raise SealError("form", f"{len(parts)} parts instead of 3")
    header, payload, signature = parts
    if header != _header(kind, certificate):
        raise _explain_header(header, kind, certificate)
    body, raw = from_base64url(payload), from_base64url(signature)
    key = public_key(certificate)
    if len(raw) != suites.signature_bytes(key):
        raise SealError("signature", f"{len(raw)} bytes")
    try:
        fits = suites.verify(key, f"{header}.{payload}".encode("ascii"), raw)
    except sm2.MissingError as error:
        raise SealError("key", str(error)) from error
    if not fits:
        raise SealError("signature", "it does not fit the text")
    return body


def read(token: str, kind: Kind, certificate: x509.Certificate, model: type[ModelT]) -> ModelT:
    """The verified message. Its payload must be the message's canonical JSON.

    A payload from before some member came (`Message.LATER`) lacks it, and is canonical without.
    """
    payload = verify(token, kind, certificate)
    try:
        message = model.model_validate(_tuples(strictjson.loads(payload)), strict=True)
    except (strictjson.JsonError, ValidationError) as error:
        raise SealError("payload", str(error)) from error
    unsaid = set(type(message).model_fields) - message.model_fields_set
    later: frozenset[str] = getattr(model, "LATER", frozenset())
    if canonical(message, unsaid & later) != payload:
        raise SealError("payload", "not in canonical form")
    return message


def canonical(message: BaseModel, unsaid: AbstractSet[str] = frozenset()) -> bytes:
    """A message's one text: compact UTF-8 JSON, members in the model's order.

    unsaid: members that are left out, which the text was written before.
    """
    return strictjson.dumps(message.model_dump(mode="json", exclude=set(unsaid)))


def thumbprint(certificate: x509.Certificate) -> str:
    """base64url of the hash of the certificate's DER (RFC 7515, x5t#S256; SM3 for SM2)."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    return to_base64url(suites.of_certificate(certificate).digest(der))


def public_key(certificate: x509.Certificate) -> PublicKey:
    """The certificate's key. Raises SealError unless it is one of ours (`suites.check_key`)."""
    try:
        return suites.public_key(certificate)
    except suites.BadKeyError as error:
        raise SealError("key", str(error)) from error


def check_key(key: PublicKey) -> None:
    """Raises SealError on a key that nobody should make or accept."""
    try:
        suites.check_key(key)
    except suites.BadKeyError as error:
        raise SealError("key", str(error)) from error


def spki(key: PublicKey) -> bytes:
    """A public key's SubjectPublicKeyInfo, DER: how it travels."""
    return suites.spki(key)


def key_sha256(key: PublicKey) -> str:
    """The grant's `key_sha256`: hex of the hash, the key's suite's, over `spki`."""
    return suites.of_key(key).digest(spki(key)).hex()


def text_sha256(token: str) -> str:
    """The grant's `policy_sha256`: hex of the hash, its suite's, over a compact JWS."""
    return suites.of_token(token).digest(token.encode("ascii")).hex()


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Decode. Raises SealError unless it is the one canonical text, without padding."""
    quick = _quickly(text)
    if quick is not None:
        return quick
    if text and not _SEGMENT.fullmatch(text):
        raise SealError("encoding", "not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise SealError("encoding", str(error)) from error
    if to_base64url(data) != text:
        # The last character can carry bits that mean nothing: two texts for one value.
        raise SealError("encoding", "not canonical base64url")
    return data


def _quickly(text: str) -> bytes | None:
    """The same by decoding and encoding once; None: what is wrong takes words.

    What base64url does not have becomes a `!`, which decoding skips and encoding never writes.
    """
    try:
        standard = text.encode("ascii").translate(_STANDARD) + b"==="[: -len(text) % 4]
        data = binascii.a2b_base64(standard)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return data if binascii.b2a_base64(data, newline=False) == standard else None


def _header(kind: Kind, certificate: x509.Certificate) -> str:
    suite = suites.of_certificate(certificate)
    header = {
        "alg": suite.algorithm,
        "typ": _typ(kind),
        suite.thumbprint: thumbprint(certificate),
    }
    return to_base64url(strictjson.dumps(header))


def _typ(kind: Kind) -> str:
    return f"anxue-{kind}+jws"


def _explain_header(text: str, kind: Kind, certificate: x509.Certificate) -> SealError:
    """Words for a header that is already refused."""
    try:
        header = strictjson.loads(from_base64url(text))
    except SealError as error:
        return error
    except strictjson.JsonError as error:
        return SealError("header", str(error))
    if not isinstance(header, dict):
        return SealError("header", "not an object")
    suite = suites.of_certificate(certificate)
    expected: tuple[tuple[str, str, SealErrorCode], ...] = (
        ("alg", suite.algorithm, "algorithm"),
        ("typ", _typ(kind), "kind"),
        (suite.thumbprint, thumbprint(certificate), "certificate"),
    )
    for name, value, code in expected:
        if header.pop(name, None) != value:
            return SealError(code, f"{name} is not {value!r}")
    unknown = ", ".join(sorted(header))
    return SealError("header", f"unknown members: {unknown}" if header else "not canonical")


def _tuples(value: Any) -> Any:
    """Lists as tuples: strict models of ours hold tuples, JSON has only lists."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {name: _tuples(item) for name, item in value.items()}
    return value
