"""SM2 (GB/T 32918, the curve of GM/T 0003.5): keys, signatures and certificates as bytes.

cryptography knows SM3 but no SM2, so that what it does for RSA stands here: which keys are
keys, and their one encoding. The arithmetic is a library's, behind `Engine`, which the
composition root offers (`sync.adapters.gm`, extra `gm`): nobody without SM2 needs it.

A signature is r and s, 32 bytes each, big-endian; in certificates DER. Signer id: the
default of GM/T 0009, 1234567812345678. Certificates: GM/T 0015, algorithm SM2 with SM3.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SIGNER_ID = b"1234567812345678"
SIGNATURE_BYTES = 64
SIGNATURE_OID = x509.ObjectIdentifier("1.2.156.10197.1.501")
# AlgorithmIdentifiers: SM2 with SM3, without parameters; an EC key on the curve SM2.
SIGNATURE_ALGORITHM = bytes.fromhex("300a06082a811ccf55018375")
_KEY_ALGORITHM = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
_SPKI_HEAD = b"\x30\x59" + _KEY_ALGORITHM + bytes.fromhex("03420004")
# PKCS 8 around the ECPrivateKey of RFC 5915 with its public key, as OpenSSL and GmSSL write it.
_PKCS8_HEAD = bytes.fromhex("308187020100") + _KEY_ALGORITHM + bytes.fromhex("046d306b0201010420")
_PKCS8_MIDDLE = bytes.fromhex("a14403420004")
_PEM = ("-----BEGIN PRIVATE KEY-----\n", "-----END PRIVATE KEY-----\n")


class Sm2Error(ValueError):
    """Bytes that are no SM2 key, or a system that cannot compute with it."""


class MissingError(Sm2Error):
    """SM2 is asked for and the extra `gm` is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "未安装国密组件，请安装 anxue[gm]（gmssl-pyx）"
            " · SM2 needs the extra: install anxue[gm] (gmssl-pyx)"
        )


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A point of the curve. point: x and y, 32 bytes each, big-endian."""

    point: bytes

    def __post_init__(self) -> None:
        x, y = int.from_bytes(self.point[:32], "big"), int.from_bytes(self.point[32:], "big")
        if len(self.point) != 64 or x >= P or y >= P or (y * y - x**3 + 3 * x - B) % P:
            raise Sm2Error("not a point of the curve SM2")


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """secret: 32 bytes, 1 to n - 2."""

    secret: bytes = field(repr=False)
    public: PublicKey

    def __post_init__(self) -> None:
        if len(self.secret) != 32 or not 1 <= int.from_bytes(self.secret, "big") <= N - 2:
            raise Sm2Error("not a private key of SM2")

    def public_key(self) -> PublicKey:
        return self.public


class Engine(Protocol):
    """Who computes. Signatures are 64 bytes, r and s, already known to be in range."""

    def generate(self) -> PrivateKey: ...

    def sign(self, key: PrivateKey, data: bytes) -> bytes: ...

    def verify(self, key: PublicKey, data: bytes, signature: bytes) -> bool: ...


def _nobody() -> Engine:
    raise MissingError


class _Offered:
    """The one slot that the composition root fills."""

    load: Callable[[], Engine] = _nobody


def offer(load: Callable[[], Engine]) -> None:
    """Say where the engine comes from. load runs at each use; raises MissingError."""
    _Offered.load = staticmethod(load)


def offered() -> Callable[[], Engine]:
    """What was offered last; raises MissingError when called, where nothing was."""
    return _Offered.load


def engine() -> Engine:
    """Raises MissingError where nobody offered one, or the library is not there."""
    return _Offered.load()


def sign(key: PrivateKey, data: bytes) -> bytes:
    """r and s, 64 bytes. Raises MissingError."""
    return engine().sign(key, data)


def verify(key: PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether these 64 bytes are the key's signature over data. Raises MissingError."""
    r, s = _numbers(signature)
    if len(signature) != SIGNATURE_BYTES or not (0 < r < N and 0 < s < N and r + s != N):
        return False
    return engine().verify(key, data, signature)


@asn1.sequence
class _Signature:
    r: int
    s: int


def to_der(signature: bytes) -> bytes:
    """SEQUENCE of r and s."""
    r, s = _numbers(signature)
    return asn1.encode_der(_Signature(r=r, s=s))


def from_der(der: bytes) -> bytes:
    """r and s, 64 bytes. Raises Sm2Error unless it is the DER of two numbers in range."""
    try:
        pair = asn1.decode_der(_Signature, der)
    except ValueError as error:
        raise Sm2Error(f"not a signature in DER: {error}") from error
    if not (0 < pair.r < N and 0 < pair.s < N):
        raise Sm2Error("r or s out of range")
    return pair.r.to_bytes(32, "big") + pair.s.to_bytes(32, "big")


def spki(key: PublicKey) -> bytes:
    """SubjectPublicKeyInfo, DER: uncompressed point, named curve."""
    return _SPKI_HEAD + key.point


def is_spki(der: bytes) -> bool:
    """Whether it says that it is an SM2 key; it need not be a good one."""
    return _KEY_ALGORITHM in der[:32]


def from_spki(der: bytes) -> PublicKey:
    """Raises Sm2Error on anything but the one encoding of a point of the curve."""
    if not der.startswith(_SPKI_HEAD):
        raise Sm2Error("not an SM2 key in its one encoding")
    return PublicKey(der[len(_SPKI_HEAD) :])


def to_pem(key: PrivateKey) -> str:
    """PKCS 8, unencrypted: what `openssl pkey` reads."""
    der = _PKCS8_HEAD + key.secret + _PKCS8_MIDDLE + key.public.point
    text = base64.b64encode(der).decode("ascii")
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return _PEM[0] + "\n".join(lines) + "\n" + _PEM[1]


def is_pem(pem: str) -> bool:
    """Whether it says that it is an SM2 key in PKCS 8."""
    try:
        return _KEY_ALGORITHM in _pkcs8(pem)[:64]
    except Sm2Error:
        return False


def from_pem(pem: str) -> PrivateKey:
    """What `to_pem`, OpenSSL and GmSSL write. Raises Sm2Error; MissingError."""
    der = _pkcs8(pem)
    head, middle = len(_PKCS8_HEAD), len(_PKCS8_HEAD) + 32
    point = middle + len(_PKCS8_MIDDLE)
    if der[:head] != _PKCS8_HEAD or der[middle:point] != _PKCS8_MIDDLE:
        raise Sm2Error("not an SM2 key in PKCS 8 with its public key")
    key = PrivateKey(der[head:middle], PublicKey(der[point:]))
    if not verify(key.public, b"anxue", sign(key, b"anxue")):
        raise Sm2Error("the two halves of the key do not belong together")
    return key


def _pkcs8(pem: str) -> bytes:
    body = pem.replace("\r\n", "\n").removeprefix(_PEM[0]).removesuffix(_PEM[1])
    try:
        return base64.b64decode(body.replace("\n", ""), validate=True)
    except ValueError as error:
        raise Sm2Error("not a private key in PEM") from error


@asn1.sequence
class _Tbs:
    version: Annotated[asn1.TLV, asn1.Explicit(0)]
    serial: asn1.TLV
    signature: asn1.TLV
    issuer: asn1.TLV
    validity: asn1.TLV
    subject: asn1.TLV
    key: asn1.TLV
    extensions: Annotated[asn1.TLV, asn1.Explicit(3)]


@asn1.sequence
class _Certificate:
    tbs: _Tbs
    algorithm: asn1.TLV
    signature: asn1.BitString


@dataclass(frozen=True, slots=True)
class CertificateParts:
    """What cryptography does not show of a certificate with an SM2 key; each is DER."""

    signed_with: bytes
    spki: bytes


def certificate_parts(certificate: x509.Certificate) -> CertificateParts:
    """Raises Sm2Error on a certificate that is not v3 with extensions and nothing unusual."""
    try:
        tbs = asn1.decode_der(_Tbs, certificate.tbs_certificate_bytes)
    except ValueError as error:
        raise Sm2Error(f"an unusual certificate: {error}") from error
    return CertificateParts(asn1.encode_der(tbs.signature), asn1.encode_der(tbs.key))


def issue(builder: x509.CertificateBuilder, key: PublicKey, issuer: PrivateKey) -> x509.Certificate:
    """The builder's certificate over an SM2 key, signed with SM2. Raises MissingError.

    builder: everything but the public key. cryptography writes the certificate as it does
    for RSA, over a stand-in; then key and algorithm are put in and the whole is signed.
    """
    stand_in = ec.derive_private_key(1, ec.SECP256R1())
    framed = builder.public_key(stand_in.public_key()).sign(stand_in, hashes.SHA256())
    tbs = asn1.decode_der(_Tbs, framed.tbs_certificate_bytes)
    tbs.signature = asn1.decode_der(asn1.TLV, SIGNATURE_ALGORITHM)
    tbs.key = asn1.decode_der(asn1.TLV, spki(key))
    signed = asn1.encode_der(tbs)
    whole = _Certificate(
        tbs=tbs,
        algorithm=tbs.signature,
        signature=asn1.BitString(to_der(sign(issuer, signed)), 0),
    )
    return x509.load_der_x509_certificate(asn1.encode_der(whole))


def issued(certificate: x509.Certificate, issuer: PublicKey) -> bool:
    """Whether the issuer's key signed it, in the one form. Raises Sm2Error, MissingError."""
    return verify(issuer, certificate.tbs_certificate_bytes, from_der(certificate.signature))


def certificate_key(certificate: x509.Certificate) -> PublicKey:
    """Raises Sm2Error."""
    return from_spki(certificate_parts(certificate).spki)


def _numbers(signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
