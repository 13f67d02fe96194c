"""Signatures and certificates: one way to be right, and every other way refused."""

import base64
import hashlib
import hmac
import json
import string
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from sync import seal, trust
from sync.contract import Policy, Receipt
from sync.seal import SealError, from_base64url, to_base64url
from sync.trust import TrustError
from tests.sync_rig import NOW, beacon, platform_certificate, rsa_key, run_certificate

SIGNER = seal.KeySigner(rsa_key(0), platform_certificate())
CERTIFICATE = SIGNER.certificate
RECEIPT = Receipt(
    chain="c1", seq=3, head="ab" * 32, beacon=beacon(2), received_at="2026-11-23T08:00:00.000Z"
)
TOKEN = seal.sign(RECEIPT, "receipt", SIGNER)
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")
NONE = to_base64url(b'{"alg":"none"}')


def resigned(header: Any, payload: bytes = b"{}") -> str:
    """A token that our own key signed over any header."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    text = f"{to_base64url(raw)}.{to_base64url(payload)}"
    return f"{text}.{to_base64url(SIGNER.sign(text.encode()))}"


def good_header(**members: Any) -> dict[str, Any]:
    header = {
        "alg": "RS256",
        "typ": "anxue-receipt+jws",
        "x5t#S256": seal.thumbprint(CERTIFICATE),
    }
    return header | members


def test_what_was_signed_is_read() -> None:
    assert seal.read(TOKEN, "receipt", CERTIFICATE, Receipt) == RECEIPT
    assert seal.verify(TOKEN, "receipt", CERTIFICATE) == seal.canonical(RECEIPT)
    assert json.loads(from_base64url(HEADER)) == good_header()


def confused() -> str:
    """HS256 with the public key as the secret."""
    text = f"{to_base64url(json.dumps(good_header(alg='HS256')).encode())}.{PAYLOAD}"
    secret = seal.spki(rsa_key(0).public_key())
    return f"{text}.{to_base64url(hmac.digest(secret, text.encode(), hashlib.sha256))}"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", "form"),
        ("a.b", "form"),
        (TOKEN + ".x", "form"),
        ("x" * 70_000, "form"),
        (f"{NONE}.{PAYLOAD}.", "algorithm"),
        (f"{NONE}.{PAYLOAD}.{SIGNATURE}", "algorithm"),
        (resigned({"alg": "None"}), "algorithm"),
        (confused(), "algorithm"),
        (resigned(good_header(alg="RS512")), "algorithm"),
        (resigned(good_header(alg="PS256")), "algorithm"),
        (resigned(good_header(alg=["RS256"])), "algorithm"),
        (resigned(good_header(crit=["exp"], exp=1)), "header"),
        (resigned(good_header(crit=[])), "header"),
        (resigned(good_header(jwk={"kty": "RSA"})), "header"),
        (resigned(good_header(kid="../../etc")), "header"),
        (resigned(good_header(b64=False)), "header"),
        (resigned(good_header(typ="anxue-grant+jws")), "kind"),
        (resigned(good_header(typ="ANXUE-RECEIPT+JWS")), "kind"),
        (resigned(b'{"alg":"none","alg":"RS256"}'), "header"),
        (resigned(b"[]"), "header"),
        (resigned(b"{"), "header"),
        (resigned(good_header()), "header"),  # the right members, spaced otherwise
        (f"{HEADER}=.{PAYLOAD}.{SIGNATURE}", "encoding"),
        (f"{HEADER}.{PAYLOAD}=.{SIGNATURE}", "encoding"),
        (f"{HEADER}.{PAYLOAD}\n.{SIGNATURE}", "encoding"),
        (f"{HEADER}.{PAYLOAD}.{SIGNATURE}=", "encoding"),
        (f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-2]}+/", "encoding"),
        (f"{HEADER}.{PAYLOAD}.", "signature"),
        (f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-2]}", "signature"),
        (f"{HEADER}.{PAYLOAD}.{to_base64url(bytes(256))}", "signature"),
        (f"{HEADER}.{to_base64url(b'{}')}.{SIGNATURE}", "signature"),
        (f"{HEADER}..{SIGNATURE}", "signature"),
    ],
)
def test_refused(token: str, code: str) -> None:
    with pytest.raises(SealError) as caught:
        seal.verify(token, "receipt", CERTIFICATE)
    assert caught.value.code == code


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="ascii"))
def test_no_character_can_be_another(place: int, character: str) -> None:
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    if changed == TOKEN:
        return
    with pytest.raises(SealError):
        seal.verify(changed, "receipt", CERTIFICATE)


@pytest.mark.parametrize(
    "payload",
    [
        b"{}",
        b'{"a":1}',
        seal.canonical(RECEIPT).replace(b'"seq":3', b'"seq": 3'),
        seal.canonical(RECEIPT).replace(b'"seq":3', b'"seq":"3"'),
        seal.canonical(RECEIPT).replace(b'"seq":3', b'"seq":3.0'),
        seal.canonical(RECEIPT).replace(b'"seq":3', b'"seq":3,"seq":3'),
        seal.canonical(RECEIPT).replace(b'"seq":3', b'"seq":3,"more":1'),
        seal.canonical(RECEIPT).replace(b"anxue-receipt", b"anxue-grant"),
    ],
)
def test_a_signed_payload_of_another_form(payload: bytes) -> None:
    token = seal.sign_bytes(payload, "receipt", SIGNER)
    with pytest.raises(SealError) as caught:
        seal.read(token, "receipt", CERTIFICATE, Receipt)
    assert caught.value.code == "payload"


def test_kinds_and_certificates_are_apart() -> None:
    with pytest.raises(SealError, match="kind"):
        seal.verify(TOKEN, "seal", CERTIFICATE)
    renewed = platform_certificate(lifetime_days=31)  # the same key, another certificate
    with pytest.raises(SealError, match="certificate"):
        seal.verify(TOKEN, "receipt", renewed)
    with pytest.raises(SealError, match="another key"):
        seal.KeySigner(rsa_key(1), CERTIFICATE)


def test_a_message_from_before_a_member_came_is_read_without_it() -> None:
    whole = seal.canonical(Policy(check_min_gap_s=20))
    told = json.loads(whole)
    old = {name: value for name, value in told.items() if name not in Policy.LATER}
    assert len(old) < len(told)

    def signed(members: dict[str, Any]) -> str:
        payload = json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()
        return seal.sign_bytes(payload, "policy", SIGNER)

    assert seal.read(signed(old), "policy", CERTIFICATE, Policy) == Policy(check_min_gap_s=20)
    assert seal.read(signed(told), "policy", CERTIFICATE, Policy) == Policy(check_min_gap_s=20)
    # Nothing else can be left out, and nothing can stand elsewhere.
    for bent in (
        {name: value for name, value in told.items() if name != "check_attempts"},
        dict(reversed(old.items())),
    ):
        with pytest.raises(SealError) as caught:
            seal.read(signed(bent), "policy", CERTIFICATE, Policy)
        assert caught.value.code == "payload"


def test_policies_with_fractions_survive() -> None:
    policy = Policy(check_min_gap_s=5.5, self_enrolment=True, support_contact="示范机构")
    assert seal.read(seal.sign(policy, "policy", SIGNER), "policy", CERTIFICATE, Policy) == policy


@given(st.binary(max_size=40))
def test_base64url_has_one_text(data: bytes) -> None:
    text = to_base64url(data)
    assert from_base64url(text) == data
    assert base64.urlsafe_b64encode(data).decode().rstrip("=") == text


@given(st.one_of(st.text(max_size=12), st.text("AQRgw-_+/= \n", max_size=9)))
def test_base64url_is_read_only_in_its_one_text(text: str) -> None:
    """Any other text is refused; by the alphabet and by encoding it again, not by our tables."""
    try:
        data = from_base64url(text)
    except SealError:
        return
    assert set(text) <= set(string.ascii_letters + string.digits + "-_")
    assert base64.urlsafe_b64encode(data).decode().rstrip("=") == text


@pytest.mark.parametrize("text", ["QQ==", "QR", "A", "QQ QQ", "Q+", "Q/", "é", "QQ\n", "=", " "])
def test_base64url_of_another_form(text: str) -> None:
    with pytest.raises(SealError):
        from_base64url(text)


def any_certificate(key: Any = None, issuer_key: Any = None, **change: Any) -> x509.Certificate:
    """A run's certificate with one thing done wrong."""
    public = (key or rsa_key(1)).public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "c1")]))
        .issuer_name(change.get("issuer", platform_certificate(False).subject))
        .public_key(public)
        .serial_number(7)
        .not_valid_before(NOW - timedelta(minutes=5))
        .not_valid_after(NOW + timedelta(hours=12))
    )
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=change.get("ca", False), path_length=None), True),
        (run_certificate("c1").extensions.get_extension_for_class(x509.KeyUsage).value, True),
        (x509.ExtendedKeyUsage(change.get("eku", [trust.SEALING])), True),
    ]
    for value, critical in extensions + change.get("more", []):
        if type(value) not in change.get("without", ()):
            builder = builder.add_extension(value, critical)
    digest = change.get("digest", hashes.SHA256())
    return builder.sign(issuer_key or rsa_key(0), digest)


def check_run(certificate: x509.Certificate, **change: Any) -> None:
    arguments: dict[str, Any] = {
        "at": NOW,
        "chain": "c1",
        "key_sha256": seal.key_sha256(rsa_key(1).public_key()),
    }
    trust.check_run(certificate, platform_certificate(False), **(arguments | change))


def test_a_run_certificate_is_believed() -> None:
    check_run(any_certificate())
    check_run(run_certificate("c1", False))
    trust.check_platform(platform_certificate(False), NOW, "production")


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
MARK = x509.UnrecognizedExtension(trust.DEMO_MARK, b"\x05\x00")
OTHER_EKU = ExtendedKeyUsageOID.CLIENT_AUTH


@pytest.mark.parametrize(
    ("certificate", "code"),
    [
        (lambda: any_certificate(issuer_key=rsa_key(2)), "issuer"),
        (lambda: any_certificate(issuer=run_certificate("c2").subject), "issuer"),
        (lambda: any_certificate(digest=hashes.SHA512()), "issuer"),
        (lambda: any_certificate(ca=True), "usage"),
        (lambda: any_certificate(eku=[OTHER_EKU]), "usage"),
        (lambda: any_certificate(eku=[trust.SEALING, OTHER_EKU]), "usage"),
        (lambda: any_certificate(without=(x509.ExtendedKeyUsage,)), "usage"),
        (lambda: any_certificate(without=(x509.KeyUsage,)), "usage"),
        (lambda: any_certificate(without=(x509.BasicConstraints,)), "usage"),
        (lambda: any_certificate(more=[(UNKNOWN, True)]), "usage"),
        (lambda: any_certificate(key=rsa_key(2)), "key"),
        (lambda: any_certificate(key=rsa.generate_private_key(65_537, 1024)), "key"),  # noqa: S505
        (lambda: any_certificate(key=rsa.generate_private_key(3, 2048)), "key"),
        (lambda: any_certificate(key=ec.generate_private_key(ec.SECP256R1())), "key"),
        (lambda: run_certificate("c2", False), "subject"),
        (lambda: run_certificate("c1", True), "issuer"),
        (lambda: any_certificate(more=[(MARK, False)]), "demo"),
        (lambda: platform_certificate(False), "usage"),
    ],
)
def test_a_run_certificate_is_refused(
    certificate: Callable[[], x509.Certificate], code: str
) -> None:
    with pytest.raises(TrustError) as caught:
        check_run(certificate())
    assert caught.value.code == code


@pytest.mark.parametrize("hours", [-1, 13, 24 * 365])
def test_a_certificate_has_its_time(hours: int) -> None:
    with pytest.raises(TrustError, match="validity"):
        check_run(any_certificate(), at=NOW + timedelta(hours=hours))


def test_demo_and_production_stay_apart() -> None:
    trust.check_platform(platform_certificate(True), NOW, "demo")
    trust.check_platform(platform_certificate(True), NOW)
    with pytest.raises(TrustError) as caught:
        trust.check_platform(platform_certificate(True), NOW, "production")
    assert caught.value.code == "demo"
    with pytest.raises(TrustError) as caught:
        trust.check_platform(platform_certificate(False), NOW, "demo")
    assert caught.value.code == "not_demo"
    with pytest.raises(TrustError, match="usage"):
        trust.check_platform(run_certificate("c1"), NOW)


def test_pem_has_one_text() -> None:
    pem = trust.to_pem(CERTIFICATE)
    assert trust.load(pem) == CERTIFICATE
    assert trust.load_all(pem + pem) == (CERTIFICATE, CERTIFICATE)
    for other in ("", pem[:-1], pem + "\n", " " + pem, pem.replace("\n", "\r\n"), pem + pem, "é"):
        with pytest.raises(TrustError):
            trust.load(other)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-23T08:00:00", "2026-11-23T08:00:00+08:00"]
)
def test_times_are_in_utc(text: str) -> None:
    with pytest.raises(TrustError):
        trust.parse_time(text)
