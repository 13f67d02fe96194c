"""Strictness, by families as Wycheproof has them, in our own words: every case is refused.

The signed texts of docs/vectors hold most of them, with fixed keys (`test_sync_vectors`); here
are those with fresh keys, too long for a file, or not signed at all.
"""

import base64
import json
from collections.abc import Callable
from functools import cache

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from sync import chain, seal, sm2, strictjson, suites, trust
from sync.adapters import gm
from sync.adapters.vault import Vault
from sync.contract import Receipt
from sync.ports import StoreDamagedError
from sync.reference.keys import Vault as PlatformVault
from tests import vector_maker
from tests.jws_forgeries import forgeries
from tests.sync_rig import platform_certificate, rsa_key

BOTH = pytest.mark.parametrize("suite", suites.ALL, ids=lambda suite: suite.name)


@pytest.fixture(autouse=True)
def _engine() -> None:
    sm2.offer(gm.load)


@cache
def vector(suite: suites.Suite) -> dict[str, str]:
    told = json.loads(vector_maker.file_of(suite).read_text("utf-8"))
    return {**told, "pem": told["platform"]["certificate"]}


@BOTH
def test_no_forgery_is_taken(suite: suites.Suite) -> None:
    told, tried = vector(suite), set()
    certificate = trust.load(told["pem"])
    assert seal.read(told["receipt"], "receipt", certificate, Receipt).type == "anxue-receipt"
    key = vector_maker.key(suite, "platform")
    for why, token in forgeries(told["receipt"], key, told["grant"]):
        assert token != told["receipt"], why
        assert not _taken(token, certificate), why
        tried.add(why)
    assert len(tried) > 130
    assert "payload that is nested very deep" in tried
    assert ("signature by PSS" in tried) == (suite is suites.RSA)


def _taken(token: str, certificate: x509.Certificate) -> bool:
    try:
        seal.read(token, "receipt", certificate, Receipt)
    except seal.SealError:
        return False
    return True


@BOTH
def test_no_bit_of_a_signed_text_can_be_changed(suite: suites.Suite) -> None:
    told = vector(suite)
    certificate, token = trust.load(told["pem"]), told["receipt"]
    for at in range(0, len(token), 3 if suite is suites.RSA else 9):
        bent = token[:at] + chr(ord(token[at]) ^ (1 << at % 7)) + token[at + 1 :]
        assert not _taken(bent, certificate), at


# Keys


def _spki(key: object) -> bytes:
    assert hasattr(key, "public_bytes")
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return bytes(key.public_bytes(*form))


def _rsa(n: int, e: int) -> bytes:
    """An RSA key with any numbers, also such that no library would make."""
    inner = asn1.encode_der(_Numbers(n=n, e=e))
    bits = _tlv(3, b"\x00" + inner)
    return _tlv(48, bytes.fromhex("300d06092a864886f70d0101010500") + bits)


@asn1.sequence
class _Numbers:
    n: int
    e: int


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


@cache
def _n(bits: int) -> int:
    return rsa.generate_private_key(65_537, bits).public_key().public_numbers().n


def test_the_keys_of_these_tests_would_be_right() -> None:
    assert isinstance(suites.from_spki(_rsa(_n(2048), 65_537)), rsa.RSAPublicKey)


@pytest.mark.parametrize(
    "der",
    [
        lambda: _rsa(_n(1024), 65_537),
        lambda: _rsa(_n(2048) >> 8 | 1, 65_537),
        lambda: _rsa(_n(2048) << 4096 | 1, 65_537),
        lambda: _rsa(_n(2048), 1),
        lambda: _rsa(_n(2048), 3),
        lambda: _rsa(_n(2048), 17),
        lambda: _rsa(_n(2048), 65_536),
        lambda: _rsa(_n(2048), 65_539),
        lambda: _rsa(_n(2048), 0),
        lambda: _rsa(_n(2048), -65_537),
        lambda: _rsa(_n(2048), _n(2048) - 2),
        lambda: _rsa(_n(2048) - 1, 65_537),
        lambda: _rsa(-_n(2048), 65_537),
        lambda: _rsa(0, 65_537),
        lambda: _rsa(1, 65_537),
        lambda: _rsa(_n(2048), 65_537) + b"\x00",
        lambda: _rsa(_n(2048), 65_537)[:-1],
        lambda: _rsa(_n(2048), 65_537).replace(b"\x05\x00", b"\x05\x01", 1),
        lambda: _rsa(_n(2048), 65_537).replace(b"\x30\x82", b"\x30\x83\x00", 1),
        lambda: _spki(ec.generate_private_key(ec.SECP256R1()).public_key()),
        lambda: _spki(ec.generate_private_key(ec.SECP256K1()).public_key()),
        lambda: _spki(ed25519.Ed25519PrivateKey.generate().public_key()),
        lambda: _spki(dsa.generate_private_key(1024).public_key()),  # noqa: S505 (refused)
        lambda: b"",
        lambda: b"\x30\x00",
        lambda: bytes(294),
    ],
)
def test_keys_that_nobody_may_sign_with(der: Callable[[], bytes]) -> None:
    with pytest.raises(suites.BadKeyError):
        suites.from_spki(der())


# MACs


@BOTH
def test_macs_are_whole_and_of_their_place(suite: suites.Suite) -> None:
    told = vector(suite)
    begin = chain.start("c1", told["grant"], bytes(32))
    assert begin.suite is suite
    after, record = chain.append(begin, b"{}")
    mac = record.mac
    tick = chain.tick(begin, b"{}")
    other = chain.start("c1", told["grant"], b"\x01" * 32)
    for wrong in (
        b"", mac[:-1], mac[:16], mac[:1], mac + b"\x00", b"\x00" + mac, mac * 2, bytes(32),
        b"\xff" * 32, mac[::-1], tick.mac, record.head, chain.append(after, b"{}")[1].mac,
        chain.append(other, b"{}")[1].mac, begin.key, after.key,
        *(bytes([*mac[:at], mac[at] ^ 1 << at % 8, *mac[at + 1 :]]) for at in range(32)),
    ):  # fmt: skip
        with pytest.raises(chain.ChainError):
            chain.accept(begin, 1, b"{}", wrong)
        if wrong != tick.mac:
            with pytest.raises(chain.ChainError):
                chain.accept_tick(begin, 0, b"{}", wrong)
    for k0 in (b"", bytes(31), bytes(33), bytes(64)):
        with pytest.raises(ValueError, match="32 bytes"):
            chain.start("c1", told["grant"], k0)


# What is sealed at rest


def test_sealed_bytes_open_only_whole_and_in_their_place() -> None:
    key = bytes(range(32))
    store, platform = Vault(key), PlatformVault(key)
    one, two = store.seal("record", "c1", 1, b"a body"), platform.seal(b"a secret", "k0/c1")
    assert (store.open("record", "c1", 1, one), platform.open(two, "k0/c1")) == (
        b"a body", b"a secret",
    )  # fmt: skip
    for bent in _bent(one):
        with pytest.raises(StoreDamagedError):
            store.open("record", "c1", 1, bent)
    for bent in _bent(two):
        with pytest.raises((InvalidTag, ValueError)):
            platform.open(bent, "k0/c1")
    places = (("record", "c2", 1), ("record", "c1", 2), ("tick", "c1", 1), ("record", "c1|", 1))
    for place in places:
        with pytest.raises(StoreDamagedError):
            store.open(*place, one)
    with pytest.raises(InvalidTag):
        platform.open(two, "k0/c2")
    for short in (b"", bytes(16), bytes(31), bytes(33)):
        with pytest.raises(ValueError):
            Vault(short)


def _bent(sealed: bytes) -> list[bytes]:
    """Nonce, text and tag cut, lengthened, moved, and changed in each byte."""
    return [
        b"", sealed[:11], sealed[:12], sealed[:13], sealed[:27], sealed[:-1], sealed[:-4],
        sealed + b"\x00", b"\x00" + sealed, sealed[12:], bytes(len(sealed)), sealed[::-1],
        *(
            sealed[:at] + bytes([sealed[at] ^ 1 << at % 8]) + sealed[at + 1 :]
            for at in range(len(sealed))
        ),
    ]  # fmt: skip


# JSON


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"a":1,"\\u0061":2}', "twice"),
        (b'[{"a":{"b":1,"\\u0062":1}}]', "twice"),
        (b'{"":1,"":1}', "twice"),
        ('{"é":1,"\\u00e9":1}'.encode(), "twice"),
        (b"[" * 17 + b"]" * 17, "deeper"),
        (b'{"a":' * 17 + b"1" + b"}" * 17, "deeper"),
        (b'[{"a":' * 9 + b"1" + b"}]" * 9, "deeper"),
        (b"[" * 1_000_000, "deeper"),
        (b"9223372036854775808", "64 bits"),
        (b"-9223372036854775809", "64 bits"),
        (b"1" * 25, "digits"),
        (b"0." + b"0" * 60, "digits"),
        (b"1e309", "finite"),
        (b"-1e309", "finite"),
        (b"1e" + b"9" * 40, "finite"),
        (b"nan", "value"),
        (b"-NaN", "value"),
        (b"0x10", "data"),
        (b"+1", "value"),
        (b".5", "value"),
        (b"1.", "data"),
        (b"-", "value"),
        (b"00", "data"),
        (b"True", "value"),
        (b"{'a':1}", "property"),
        (b'{"a":1,}', "property"),
        (b"[1 2]", "delimiter"),
        (b'{"a" 1}', "delimiter"),
        (b'"\t"', "control"),
        (b'"\x00"', "control"),
        (b'"\\x"', "escape"),
        (b'"\\u12"', "escape"),
        (b'"\\ud800"', "surrogate"),
        (b'"\\udc00\\ud800"', "surrogate"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b'"\xc0\xaf"', "UTF-8"),
        (b'"\xf4\x90\x80\x80"', "UTF-8"),
        ("{}".encode("utf-16"), "UTF-8"),
        (b"\xef\xbb\xbf{}", "BOM|value"),
        (b"/* */ 1", "value"),
        (b"1 // one", "data"),
        (b"{} {}", "data"),
        (b" ", "value"),
        (b'"a', "string"),
    ],
)
def test_json_that_two_parsers_could_read_differently(data: bytes, words: str) -> None:
    with pytest.raises(strictjson.JsonError, match=f"(?i){words}"):
        strictjson.loads(data)


def test_json_at_its_limits_is_taken() -> None:
    assert strictjson.loads(b"[" * 16 + b"]" * 16) is not None
    assert strictjson.loads(b"9223372036854775807") == 2**63 - 1
    assert strictjson.loads(b"-9223372036854775808") == -(2**63)
    assert strictjson.loads(b"1e308") == 1e308
    assert strictjson.loads(b'"\\ud83d\\ude00"') == "😀"
    assert strictjson.loads(b'"' + b"x" * 100 + b'"', max_bytes=102) == "x" * 100
    with pytest.raises(strictjson.JsonError, match="102 bytes"):
        strictjson.loads(b'"' + b"x" * 100 + b'"', max_bytes=101)
    with pytest.raises(strictjson.JsonError, match="at most"):
        strictjson.loads(b" " * (strictjson.MAX_BYTES + 1))


# Certificates as texts


def _pem(der: bytes, label: str = "CERTIFICATE") -> str:
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def test_certificates_have_one_text() -> None:
    pem = trust.to_pem(platform_certificate())
    der = platform_certificate().public_bytes(serialization.Encoding.DER)
    assert trust.load(_pem(der)) == platform_certificate()
    for bent in (
        pem.replace("\n", "\r\n"), pem + "\n", "\n" + pem, pem.rstrip("\n"), f"words\n{pem}",
        pem + pem, pem.replace("CERTIFICATE", "X509 CERTIFICATE"), pem.replace("\n", " \n", 1),
        _pem(der + b"\x00"), _pem(der[:-1]), _pem(b""), "", pem[:200],
        _pem(der, "TRUSTED CERTIFICATE"), pem.replace("=", ""), pem.lower(),
        _pem(b"\x30\x83\x00" + der[2:]), _pem(b"\x30\x80" + der[4:] + b"\x00\x00"),
    ):  # fmt: skip
        if bent == pem:
            continue
        with pytest.raises(trust.TrustError):
            trust.load(bent)


def test_a_signer_needs_the_key_of_its_certificate() -> None:
    gms = vector_maker.key(suites.SM2, "platform")
    for key in (rsa_key(5), gms):
        with pytest.raises(seal.SealError, match="another key"):
            seal.KeySigner(key, platform_certificate())
