"""The two suites: which hash, which signature, under which names.

    RS256+SHA-256   RSA, PKCS#1 v1.5                        the default
    SM2+SM3         国密, for institutions held to it        needs the extra `gm` to sign and verify

The suite follows from the key of the trust anchor and is never negotiated: whoever trusts an
SM2 certificate believes no RSA signature, and the other way round. A chain keeps the suite
of its grant for ever. Hashes of both are always there (`cryptography` has SM3).
docs/decisions/020-suites.md.
"""

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives import hmac as keyed
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import PublicKeyAlgorithmOID

from sync import sm2
from sync.contract import SuiteName

PublicKey = rsa.RSAPublicKey | sm2.PublicKey
PrivateKey = rsa.RSAPrivateKey | sm2.PrivateKey
MIN_KEY_BITS = 2048
MAX_KEY_BITS = 4096
# base64url of `{"alg":"SM2-SM3`: 15 characters, so that it ends on a boundary.
_SM2_TOKEN = "eyJhbGciOiJTTTItU00z"  # noqa: S105 (how a token begins)


class BadKeyError(ValueError):
    """A key that no suite of ours takes."""


@dataclass(frozen=True, slots=True)
class Suite:
    """algorithm: the JWS `alg`. thumbprint: the header's member that names the certificate."""

    name: SuiteName
    algorithm: str
    thumbprint: str

    def digest(self, data: bytes) -> bytes:
        """32 bytes: SHA-256 or SM3."""
        if self.name == "RS256+SHA-256":
            return hashlib.sha256(data).digest()
        sm3 = hashes.Hash(hashes.SM3())
        sm3.update(data)
        return sm3.finalize()

    def hmac(self, key: bytes, data: bytes) -> bytes:
        """32 bytes: HMAC (RFC 2104) with the suite's hash."""
        if self.name == "RS256+SHA-256":
            return _hmac_sha256(key, data)[0]
        mac = keyed.HMAC(key, hashes.SM3())
        mac.update(data)
        return mac.finalize()

    def hmacs(self, key: bytes, first: bytes, second: bytes) -> tuple[bytes, bytes]:
        """`hmac` of two texts under one key, which is prepared once."""
        if self.name == "RS256+SHA-256":
            one, two = _hmac_sha256(key, first, second)
            return one, two
        return self.hmac(key, first), self.hmac(key, second)


_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def _hmac_sha256(key: bytes, *texts: bytes) -> list[bytes]:
    """RFC 2104 in its two hashes. OpenSSL 3 looks HMAC up anew for each call, which takes longer
    than all four hashes of a record; tests/unit/test_sync_suites.py compares with `hmac`.
    """
    if len(key) > 64:
        key = hashlib.sha256(key).digest()
    padded = key.ljust(64, b"\0")
    inner, outer = padded.translate(_INNER), padded.translate(_OUTER)
    sha256 = hashlib.sha256
    return [sha256(outer + sha256(inner + text).digest()).digest() for text in texts]


RSA = Suite("RS256+SHA-256", "RS256", "x5t#S256")
SM2 = Suite("SM2+SM3", "SM2-SM3", "x5t#SM3")
ALL = (RSA, SM2)


def named(name: SuiteName) -> Suite:
    return SM2 if name == SM2.name else RSA


def of_key(key: PublicKey | PrivateKey) -> Suite:
    return SM2 if isinstance(key, sm2.PublicKey | sm2.PrivateKey) else RSA


def of_certificate(certificate: x509.Certificate) -> Suite:
    """The suite of the certificate's key; a key of a third kind is refused as an RSA key."""
    if certificate.public_key_algorithm_oid != PublicKeyAlgorithmOID.EC_PUBLIC_KEY:
        return RSA
    try:
        return SM2 if sm2.is_spki(sm2.certificate_parts(certificate).spki) else RSA
    except sm2.Sm2Error:
        return RSA


def of_token(token: str) -> Suite:
    """What a signed text says of itself; believed only once the text has been verified."""
    return SM2 if token.startswith(_SM2_TOKEN) else RSA


def public_key(certificate: x509.Certificate) -> PublicKey:
    """The certificate's key. Raises BadKeyError unless it is one of ours (`check_key`)."""
    try:
        if of_certificate(certificate) is SM2:
            return sm2.certificate_key(certificate)
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKeyError(f"malformed, or of an unknown kind: {error}") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise BadKeyError("neither an RSA key nor one of SM2")
    check_key(key)
    return key


def check_key(key: PublicKey) -> None:
    """RSA of 2048 to 4096 bits with e = 65537, or SM2. Raises BadKeyError on other sizes."""
    if isinstance(key, sm2.PublicKey):
        return  # a point of the curve, or it would not be
    if not MIN_KEY_BITS <= key.key_size <= MAX_KEY_BITS:
        raise BadKeyError(f"{key.key_size} bits")
    numbers = key.public_numbers()
    if numbers.e != 65_537 or numbers.n % 2 == 0:
        raise BadKeyError("unusual numbers")


def spki(key: PublicKey) -> bytes:
    """A public key's SubjectPublicKeyInfo, DER: how it travels."""
    if isinstance(key, sm2.PublicKey):
        return sm2.spki(key)
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def from_spki(der: bytes) -> PublicKey:
    """The key. Raises BadKeyError unless it is one of ours in its one encoding."""
    try:
        if sm2.is_spki(der):
            return sm2.from_spki(der)
        key = serialization.load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKeyError(str(error)) from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise BadKeyError("neither an RSA key nor one of SM2")
    check_key(key)
    if spki(key) != der:
        raise BadKeyError("not in its one encoding")
    return key


def sign(key: PrivateKey, data: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256, or SM2 with SM3 as r and s. Raises MissingError."""
    if isinstance(key, sm2.PrivateKey):
        return sm2.sign(key, data)
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def signature_bytes(key: PublicKey) -> int:
    """How long a signature is, exactly."""
    return sm2.SIGNATURE_BYTES if isinstance(key, sm2.PublicKey) else key.key_size // 8


def verify(key: PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether it is the key's signature over data. Raises `sm2.MissingError`."""
    if isinstance(key, sm2.PublicKey):
        return sm2.verify(key, data, signature)
    try:
        key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
