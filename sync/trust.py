"""Which certificates are believed, for what, and when.

Two kinds: the platform's (the trust anchor: self-signed; signs grants, policies and
receipts and issues the second kind) and the run's (issued at sign-in over the client's
fresh key; signs seals, nothing else). Each must look exactly as `platform_certificate`
and `run_certificate` make them; both are of one suite (`sync.suites`), the anchor's.

Demo keys carry an extension of their own. Production refuses a certificate that has it
and the demo refuses one that has it not: a simulated learner never earns real hours.
"""

from datetime import UTC, datetime
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from sync import seal, sm2, suites
from sync.suites import PrivateKey, PublicKey

Mode = Literal["production", "demo"]
TrustErrorCode = Literal[
    "malformed", "demo", "not_demo", "issuer", "validity", "usage", "key", "subject", "suite"
]
# Object identifiers under 2.25 are UUIDs as numbers: nobody has to hand them out.
DEMO_MARK = x509.ObjectIdentifier("2.25.319245709342087325984437250417093482751")
SEALING = x509.ObjectIdentifier("2.25.14502114210248457591591725726698811981")
# AlgorithmIdentifier of sha256WithRSAEncryption, parameters NULL.
_RSA_SHA256 = bytes.fromhex("300d06092a864886f70d01010b0500")
_SIGNED_WITH = {
    "RS256+SHA-256": SignatureAlgorithmOID.RSA_WITH_SHA256,
    "SM2+SM3": sm2.SIGNATURE_OID,
}
DEMO_WORDS = "DEMO ONLY - 演示"


class TrustError(ValueError):
    """A certificate is not to be believed; `code` says in which respect."""

    def __init__(self, code: TrustErrorCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def load(pem: str) -> x509.Certificate:
    """One certificate. Raises TrustError unless the text is its canonical PEM."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise TrustError("malformed", str(error)) from error
    if to_pem(certificate) != pem:
        raise TrustError("malformed", "not canonical PEM")
    return certificate


def load_all(pem: str) -> tuple[x509.Certificate, ...]:
    """The certificates of `Session.certificate`: the run's, and then its issuer."""
    end = "-----END CERTIFICATE-----\n"
    return tuple(load(part + end) for part in pem.split(end) if part)


def to_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def is_demo(certificate: x509.Certificate) -> bool:
    return any(extension.oid == DEMO_MARK for extension in certificate.extensions)


def check(certificate: x509.Certificate, mode: Mode) -> None:
    """Raises TrustError when a demo key meets production or the other way round."""
    try:
        demo = is_demo(certificate)
    except ValueError as error:
        raise TrustError("malformed", str(error)) from error
    if demo and mode == "production":
        raise TrustError("demo", "a demonstration key, without any force")
    if not demo and mode == "demo":
        raise TrustError("not_demo", "a demonstration may not speak to a real platform")


def check_platform(certificate: x509.Certificate, at: datetime, mode: Mode | None = None) -> None:
    """Raises TrustError unless this can be a platform's certificate at that time.

    Whether it is *the* platform's is for the caller to know: it is the trust anchor.
    mode None takes demo and production alike, as `verify` does, which says which it is.
    """
    if mode is not None:
        check(certificate, mode)
    _check_form(certificate, at)
    _check_usage(certificate, platform=True)
    _check_issued(certificate, certificate)


def check_run(
    certificate: x509.Certificate,
    platform: x509.Certificate,
    *,
    at: datetime,
    chain: str,
    key_sha256: str,
) -> None:
    """Raises TrustError unless the platform issued this for that chain and that key."""
    if suites.of_certificate(certificate) != suites.of_certificate(platform):
        raise TrustError("key", "a key of another suite than the platform's")
    _check_form(certificate, at)
    _check_usage(certificate, platform=False)
    _check_issued(certificate, platform)
    if is_demo(certificate) != is_demo(platform):
        raise TrustError("demo", "demo and production are mixed")
    if _common_name(certificate) != chain:
        raise TrustError("subject", "issued for another chain")
    if seal.key_sha256(seal.public_key(certificate)) != key_sha256:
        raise TrustError("key", "not the key that the grant names")


def platform_certificate(
    key: PrivateKey,
    *,
    name: str,
    serial: int,
    not_before: datetime,
    not_after: datetime,
    demo: bool,
) -> x509.Certificate:
    """A self-signed platform certificate. serial: 1 to 2^159, unforeseeable."""
    subject = _subject(name, demo)
    builder = _builder(subject, subject, serial, not_before, not_after, demo)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(platform=True), critical=True)
    return _issue(builder, key.public_key(), key)


def run_certificate(
    public_key: PublicKey,
    *,
    chain: str,
    platform_key: PrivateKey,
    platform: x509.Certificate,
    serial: int,
    not_before: datetime,
    not_after: datetime,
) -> x509.Certificate:
    """A run's certificate; it carries the demo mark if the platform's does.

    Raises SealError on a key that is not good, or not of the platform's suite.
    """
    seal.check_key(public_key)
    demo = is_demo(platform)
    builder = _builder(_subject(chain, demo), platform.subject, serial, not_before, not_after, demo)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(_key_usage(platform=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([SEALING]), critical=True)
    return _issue(builder, public_key, platform_key)


def parse_time(text: str) -> datetime:
    """RFC 3339 in UTC. Raises TrustError on anything else."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise TrustError("malformed", f"not a time: {text!r}") from error
    if not text.endswith("Z"):
        raise TrustError("malformed", f"not in UTC: {text!r}")
    return time


def _check_form(certificate: x509.Certificate, at: datetime) -> None:
    if certificate.version is not x509.Version.v3:
        raise TrustError("malformed", "not an X.509 v3 certificate")
    try:
        suite = suites.of_certificate(certificate)
        seal.public_key(certificate)
        inside = sm2.certificate_parts(certificate).signed_with
    except seal.SealError as error:
        raise TrustError("key", error.detail) from error
    except sm2.Sm2Error as error:
        raise TrustError("malformed", str(error)) from error
    if certificate.signature_algorithm_oid != _SIGNED_WITH[suite.name]:
        raise TrustError("issuer", f"not signed in the suite {suite.name}")
    algorithm = sm2.SIGNATURE_ALGORITHM if suite is suites.SM2 else _RSA_SHA256
    # What stands outside the signed part is malleable: two certificates, one signature.
    outside = algorithm + _bit_string(certificate.signature)
    der = certificate.public_bytes(serialization.Encoding.DER)
    if inside != algorithm or not der.endswith(certificate.tbs_certificate_bytes + outside):
        raise TrustError("malformed", "not in the one form of its encoding")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise TrustError("validity", f"not valid at {at.astimezone(UTC).isoformat()}")


def _bit_string(content: bytes) -> bytes:
    """DER of a BIT STRING of whole bytes: RSA has 256 and more of them, SM2 at most 72."""
    size = len(content) + 1
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return b"\x03" + length + b"\x00" + content


def _check_usage(certificate: x509.Certificate, *, platform: bool) -> None:
    try:
        extensions = certificate.extensions
        constraints = extensions.get_extension_for_class(x509.BasicConstraints)
        usage = extensions.get_extension_for_class(x509.KeyUsage)
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise TrustError("usage", str(error)) from error
    known = {x509.BasicConstraints.oid, x509.KeyUsage.oid, x509.ExtendedKeyUsage.oid, DEMO_MARK}
    for extension in extensions:
        if extension.critical and extension.oid not in known:
            raise TrustError("usage", f"unknown critical extension {extension.oid.dotted_string}")
    if constraints.value.ca != platform or usage.value != _key_usage(platform=platform):
        raise TrustError("usage", "a key for another use")
    if not platform:
        try:
            extended = extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        except x509.ExtensionNotFound as error:
            raise TrustError("usage", "not for sealing records") from error
        if list(extended.value) != [SEALING]:
            raise TrustError("usage", "not for sealing records")


def _check_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    if suites.of_certificate(issuer) is suites.SM2:
        _check_issued_sm2(certificate, issuer)
        return
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
        raise TrustError("issuer", "not issued by the platform's certificate") from error


def _check_issued_sm2(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    """What `verify_directly_issued_by` does, which knows no SM2."""
    try:
        signed = sm2.issued(certificate, sm2.certificate_key(issuer))
    except sm2.MissingError as error:
        raise TrustError("suite", str(error)) from error
    except sm2.Sm2Error as error:
        raise TrustError("issuer", str(error)) from error
    if not signed or certificate.issuer.public_bytes() != issuer.subject.public_bytes():
        raise TrustError("issuer", "not issued by the platform's certificate")


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(names) != 1:
        raise TrustError("subject", "no common name, or several")
    return str(names[0].value)


def _subject(name: str, demo: bool) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if demo:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEMO_WORDS))
    return x509.Name(attributes)


def _key_usage(*, platform: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=platform,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    serial: int,
    not_before: datetime,
    not_after: datetime,
    demo: bool,
) -> x509.CertificateBuilder:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
    if demo:
        mark = x509.UnrecognizedExtension(DEMO_MARK, b"\x05\x00")  # DER NULL
        builder = builder.add_extension(mark, critical=False)
    return builder


def _issue(
    builder: x509.CertificateBuilder, key: PublicKey, issuer: PrivateKey
) -> x509.Certificate:
    """Raises SealError when subject and issuer are not of one suite."""
    if isinstance(key, sm2.PublicKey) and isinstance(issuer, sm2.PrivateKey):
        return sm2.issue(builder, key, issuer)
    if isinstance(key, rsa.RSAPublicKey) and isinstance(issuer, rsa.RSAPrivateKey):
        return builder.public_key(key).sign(issuer, hashes.SHA256())
    raise seal.SealError("key", "a key of another suite than the platform's")
