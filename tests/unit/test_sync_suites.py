"""The two suites: one journey each way, and that neither can stand in for the other."""

import hmac
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from sync import chain, seal, sm2, suites, trust
from sync.adapters import gm, keys
from sync.adapters.store import Store
from sync.contract import Policy
from sync.reference.keys import KeysError, load_or_make
from sync.session import MistrustError, accept_answer, accept_session
from sync.verify import verify
from tests.contract.local import local_platform
from tests.sm2_by_hand import ByHand, digest, key_of
from tests.sync_rig import NOW, FakePlatform, platform_certificate, rsa_key

VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_independent.py"
KEY = key_of(0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8)
OTHER = key_of(0x1649AB77A00637BD5E2EFE283FBF353534AA7F7CB89463F208DDBC2920BB0DA0)


@pytest.fixture(autouse=True)
def _engine() -> None:
    sm2.offer(gm.load)


def anchor(key: sm2.PrivateKey = KEY) -> x509.Certificate:
    return trust.platform_certificate(
        key, name="国密", serial=7, not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=30), demo=True,
    )  # fmt: skip


def of_run(
    key: sm2.PrivateKey = OTHER, by: sm2.PrivateKey = KEY, minutes: int = -5, hours: float = 12
) -> x509.Certificate:
    return trust.run_certificate(
        key.public, chain="c1", platform_key=by, platform=anchor(by), serial=8,
        not_before=NOW + timedelta(minutes=minutes), not_after=NOW + timedelta(hours=hours),
    )  # fmt: skip


def check(certificate: x509.Certificate) -> None:
    trust.check_run(
        certificate, anchor(), at=NOW, chain="c1", key_sha256=seal.key_sha256(OTHER.public)
    )


def test_a_whole_journey_in_sm2_and_sm3(tmp_path: Path) -> None:
    """The real platform, the client's own path, its store, the bundle, both verifiers."""
    data = tmp_path / "data"
    load_or_make(data, suite="SM2+SM3")
    with local_platform(tmp_path) as local:
        run = local.sign_in()
        store = Store(tmp_path / "store.db", b"\x01" * 32)
        store.begin_chain(run.accepted)
        assert run.accepted.grant.suite == "SM2+SM3"
        assert run.accepted.start.suite is suites.SM2
        trail = run.accepted.beacons
        run.begin("first")
        kept_to = 0
        for flush in range(3):
            local.watch(run, "first", flush * 5, flush * 5 + 5)
            if flush == 2:
                run.end("first", 15)
            for record in run.records[kept_to:]:
                store.append(record)
            kept_to = len(run.records)
            store.put_seal(run.chain, run.pen.state.seq, run.pen.seal(run.signer))
            local.clock.advance(2)
            answer = run.send(run.batch(close=flush == 2))
            accepted = accept_answer(
                answer, local.platform.keys.certificate, run.chain,
                lambda seq: store.head_at(run.chain, seq), trail,
            )  # fmt: skip
            trail = accepted.beacons
            store.store_receipt(run.chain, accepted)
        assert trail.index > 1
        bundle, pem = store.export(), local.platform.keys.pem
        (kept,) = store.open_chains()
        assert (kept.suite, kept.acked) == (suites.SM2, run.pen.state.seq)
        store.close()
    findings = verify(bundle, pem)
    assert findings.ok, findings.explain("en")
    assert findings.chains[0].confirmed == run.pen.state.seq
    (tmp_path / "run.anxue").write_bytes(bundle)
    command = [sys.executable, "-I", str(VERIFIER), str(tmp_path / "run.anxue")]
    done = subprocess.run([*command, str(data / "platform.pem")], check=False)
    assert done.returncode == 0
    with local_platform(tmp_path) as again:  # its keys are read again
        assert again.sign_in().accepted.grant.suite == "SM2+SM3"


def test_the_platform_takes_no_key_of_the_other_suite(tmp_path: Path) -> None:
    load_or_make(tmp_path / "data", suite="SM2+SM3")
    with pytest.raises(KeysError, match="suite"):
        load_or_make(tmp_path / "data", suite="RS256+SHA-256")
    with local_platform(tmp_path) as local:
        key = seal.to_base64url(seal.spki(rsa_key(1).public_key()))
        question = {
            "name": "x", "password": "y", "public_key": key,
            "client": {"version": "1", "system": "s", "language": "en"},
        }  # fmt: skip
        answer = local.http.post("/sessions", json=question)
        assert answer.status_code == 422
        assert "SM2+SM3" in answer.text


def test_the_example_of_the_standard() -> None:
    """GB/T 32918.5, annex A.2: the key, e, and r and s under the nonce that it names."""
    assert KEY.public.point.hex().startswith("09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076")
    e = digest(KEY.public, b"message digest")
    nonce = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
    r, s = ByHand().with_nonce(int.from_bytes(KEY.secret, "big"), e, nonce)
    assert (e >> 224, r >> 224, s >> 224) == (0xF0B43E94, 0xF5A03B06, 0xB1B6AA29)
    assert r == 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
    assert s == 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
    assert sm2.verify(KEY.public, b"message digest", r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_gmssl_and_the_integers_agree() -> None:
    hand = ByHand()
    for text in (b"", b"x", "安全".encode() * 400):
        signature = sm2.sign(KEY, text)
        assert len(signature) == 64
        assert hand.verify(KEY.public, text, signature)
        assert sm2.verify(KEY.public, text, hand.sign(KEY, text))
        assert not sm2.verify(KEY.public, text + b"!", signature)
        assert not sm2.verify(OTHER.public, text, signature)


@pytest.mark.parametrize(
    "point",
    [
        bytes(64),  # what would stand for infinity
        KEY.public.point[:-1] + bytes([KEY.public.point[-1] ^ 1]),
        KEY.public.point[:32] + (sm2.P + 1).to_bytes(32, "big"),
        (sm2.P).to_bytes(32, "big") + KEY.public.point[32:],
        b"\xff" * 64,
        KEY.public.point[:-1],
        KEY.public.point + b"\x00",
        b"",
    ],
)
def test_what_is_no_point_is_no_key(point: bytes) -> None:
    with pytest.raises(sm2.Sm2Error):
        sm2.PublicKey(point)


@pytest.mark.parametrize("secret", [0, sm2.N - 1, sm2.N, 2**256 - 1])
def test_what_is_no_number_below_the_order_is_no_private_key(secret: int) -> None:
    with pytest.raises(sm2.Sm2Error):
        sm2.PrivateKey(secret.to_bytes(32, "big"), KEY.public)


def test_keys_have_one_encoding() -> None:
    der = suites.spki(KEY.public)
    assert suites.from_spki(der) == KEY.public
    curve_by_oid = ec.generate_private_key(ec.SECP256R1()).public_key()
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    compressed = der[:1] + bytes([57]) + der[2:24] + b"\x22\x00\x02" + KEY.public.point[:32]
    for bad in (
        der + b"\x00", der[:-1], b"\x30\x81\x59" + der[2:], compressed, b"", b"0",
        curve_by_oid.public_bytes(*form),
    ):  # fmt: skip
        with pytest.raises(suites.BadKeyError):
            suites.from_spki(bad)
    pem = sm2.to_pem(KEY)
    assert sm2.from_pem(pem) == KEY
    halves = sm2.to_pem(sm2.PrivateKey(KEY.secret, OTHER.public))
    for bad_pem in (halves, pem[:-40], pem.replace("M", "!"), "", pem + pem):
        with pytest.raises(sm2.Sm2Error):
            sm2.from_pem(bad_pem)


def test_certificates_are_x509_as_others_read_it() -> None:
    check(of_run())
    trust.check_platform(anchor(), NOW, "demo")
    der = of_run().public_bytes(serialization.Encoding.DER)
    read = asn1_x509.Certificate.load(der, strict=True)
    assert read["signature_algorithm"]["algorithm"].dotted == "1.2.156.10197.1.501"
    key = read["tbs_certificate"]["subject_public_key_info"]
    assert key["algorithm"]["parameters"].chosen.dotted == "1.2.156.10197.1.301"
    assert (
        read.issuer
        == asn1_x509.Certificate.load(anchor().public_bytes(serialization.Encoding.DER)).subject
    )


@pytest.mark.parametrize(
    ("certificate", "code"),
    [
        (lambda: of_run(minutes=5), "validity"),
        (lambda: of_run(minutes=-60, hours=-0.01), "validity"),
        (lambda: of_run(by=OTHER), "issuer"),
        (lambda: of_run(key=KEY), "key"),
        (anchor, "usage"),
        (lambda: platform_certificate(), "key"),
    ],
    ids=["not yet", "expired", "foreign", "another key", "for another use", "another suite"],
)
def test_certificates_that_are_not_believed(certificate: object, code: str) -> None:
    assert callable(certificate)
    with pytest.raises(trust.TrustError) as caught:
        check(certificate())
    assert caught.value.code == code


def test_no_bit_of_a_certificate_can_be_changed() -> None:
    certificate = of_run()
    der = certificate.public_bytes(serialization.Encoding.DER)
    for at in range(0, 8 * len(der), 17):
        bent = bytearray(der)
        bent[at // 8] ^= 1 << at % 8
        with pytest.raises((ValueError, x509.InvalidVersion, NotImplementedError)):
            check(x509.load_der_x509_certificate(bytes(bent)))


def test_no_suite_stands_in_for_the_other() -> None:
    """The anchor decides: a text, a run's certificate or a grant of the other suite is refused."""
    rsa = seal.KeySigner(rsa_key(0), platform_certificate())
    gms = seal.KeySigner(KEY, anchor())
    by_rsa, by_gm = (seal.sign(Policy(), "policy", signer) for signer in (rsa, gms))
    assert (suites.of_token(by_rsa), suites.of_token(by_gm)) == suites.ALL
    for token, certificate in ((by_rsa, anchor()), (by_gm, platform_certificate())):
        with pytest.raises(seal.SealError, match="algorithm"):
            seal.read(token, "policy", certificate, Policy)
    with pytest.raises(seal.SealError, match="suite"):
        trust.run_certificate(
            rsa_key(1).public_key(), chain="c1", platform_key=KEY, platform=anchor(), serial=8,
            not_before=NOW, not_after=NOW,
        )  # fmt: skip
    platform = FakePlatform()
    answer = platform.session(suite="SM2+SM3")
    with pytest.raises(MistrustError, match="suite"):
        accept_session(answer, platform.certificate, "demo", rsa_key(1).public_key())


def test_the_hashes_of_a_chain_are_its_grants() -> None:
    grant = seal.sign(Policy(), "grant", seal.KeySigner(KEY, anchor()))
    state = chain.start("c1", grant, b"\x05" * 32)
    state, record = chain.append(state, b"{}")
    assert state.suite is suites.SM2
    link = chain.link("c1", 1, chain.genesis(grant), b"{}", suites.SM2)
    assert record.head == link != chain.link("c1", 1, chain.genesis(grant), b"{}")


def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A client without gmssl-pyx that meets an SM2 anchor: words in both languages, no crash."""
    certificate = anchor()
    token = seal.sign(Policy(), "policy", seal.KeySigner(KEY, certificate))
    gm.load.cache_clear()
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    with pytest.raises(seal.SealError, match=r"安装.*install"):
        seal.verify(token, "policy", certificate)
    with pytest.raises(trust.TrustError, match=r"安装.*install") as caught:
        trust.check_platform(certificate, NOW)
    assert caught.value.code == "suite"
    with pytest.raises(sm2.MissingError):
        keys.run_key(suites.SM2)
    with pytest.raises(KeysError, match=r"安装.*install"):
        load_or_make(tmp_path, suite="SM2+SM3")
    assert not (tmp_path / "private").exists()
    assert isinstance(verify(b"", trust.to_pem(certificate)).ok, bool)
    monkeypatch.undo()
    gm.load.cache_clear()
    assert seal.verify(token, "policy", certificate)


def test_receipts_of_the_other_hash_are_no_proof() -> None:
    """A beacon of SHA-256 under an SM2 grant: the trail follows the grant, not the value."""
    values = chain.beacon_chain(b"\x07" * 32, 4)
    trail = chain.BeaconTrail.committed(values[0].hex(), suites.SM2)
    with pytest.raises(chain.ChainError):
        trail.advance(1, values[1].hex())


@given(st.binary(max_size=150), st.binary(max_size=200), st.binary(max_size=40))
def test_the_hmac_is_the_librarys(key: bytes, first: bytes, second: bytes) -> None:
    said = hmac.digest(key, first, "sha256"), hmac.digest(key, second, "sha256")
    assert suites.RSA.hmacs(key, first, second) == said
    assert suites.RSA.hmac(key, first) == said[0]
    said = suites.SM2.hmac(key, first), suites.SM2.hmac(key, second)
    assert suites.SM2.hmacs(key, first, second) == said
