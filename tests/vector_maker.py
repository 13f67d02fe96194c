"""The published vectors: one run in each suite, and what must be refused beside it.

Everything is fixed, so that the same files come out: the keys (docs/vectors/test-keys.json,
made once, good for nothing else), the times, the seeds, and the nonces of SM2.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sync import bundle, chain, seal, sm2, suites, trust
from sync.contract import Beacon, Grant, Policy, Receipt, Session
from sync.recorder import Recorder
from sync.session import AcceptedSession, accept_session
from tests.jws_forgeries import forgeries
from tests.sm2_by_hand import by_hand, key_of
from tests.sync_rig import HOME, LEARNER, NOW, moment, plain_story, time_text, watched

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "vectors"
KEYS = FOLDER / "test-keys.json"
CHAIN = "vector-1"
K0 = bytes(range(32))
LAST = bytes(range(32, 64))
LENGTH = 16
WARNING = "测试密钥，任何人都有 · test keys: everybody has them, never to be trusted"


def make_keys() -> str:
    """Fresh test keys, as the file has them. Called once in the life of the vectors."""
    told: dict[str, Any] = {"about": WARNING}
    for who, secret in (("platform", 0x616E7875652F706C6174), ("run", 0x616E7875652F72756E)):
        fresh = rsa.generate_private_key(65_537, 2048)
        told[f"rsa_{who}"] = fresh.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode("ascii")
        told[f"sm2_{who}"] = sm2.to_pem(key_of(secret))
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def key(suite: suites.Suite, who: str) -> suites.PrivateKey:
    told = json.loads(KEYS.read_text("utf-8"))
    if suite is suites.SM2:
        return sm2.from_pem(told[f"sm2_{who}"])
    loaded = serialization.load_pem_private_key(told[f"rsa_{who}"].encode(), None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return loaded


def make(suite: suites.Suite) -> str:
    """The text of one file."""
    with by_hand():
        told = _Maker(suite).tell()
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def file_of(suite: suites.Suite) -> Path:
    return FOLDER / f"{suite.name}.json"


class _Maker:
    def __init__(self, suite: suites.Suite) -> None:
        self.suite = suite
        self.platform_key, self.run_key = key(suite, "platform"), key(suite, "run")
        self.platform = trust.platform_certificate(
            self.platform_key, name="platform.invalid", serial=4711,
            not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=3650), demo=True,
        )  # fmt: skip
        self.run = self.certificate()
        self.signer = seal.KeySigner(self.platform_key, self.platform)
        self.beacons = chain.beacon_chain(LAST, LENGTH, suite)
        self.policy = seal.sign(Policy(), "policy", self.signer)
        self.session = self._session()

    def certificate(self, *, minutes: int = -5, hours: int = 12, name: str = CHAIN) -> Any:
        return trust.run_certificate(
            self.run_key.public_key(), chain=name, platform_key=self.platform_key,
            platform=self.platform, serial=4712,
            not_before=NOW + timedelta(minutes=minutes), not_after=NOW + timedelta(hours=hours),
        )  # fmt: skip

    def beacon(self, index: int) -> Beacon:
        return Beacon(index=index, value=self.beacons[index].hex())

    def _session(self) -> AcceptedSession:
        grant = Grant(
            suite=self.suite.name, chain=CHAIN, learner=LEARNER.id, home_page=HOME,
            issued_at=time_text(), expires_at=time_text(12 * 3600),
            key_sha256=seal.key_sha256(self.run_key.public_key()),
            policy_sha256=seal.text_sha256(self.policy),
            seed_commitment=self.beacons[0].hex(), seed_length=LENGTH, demo=True,
        )  # fmt: skip
        answer = Session(
            token="none", grant=seal.sign(grant, "grant", self.signer), policy=self.policy,
            certificate=trust.to_pem(self.run) + trust.to_pem(self.platform),
            k0=seal.to_base64url(K0), beacon=self.beacon(1), learner=LEARNER,
            now=time_text(1), next_after_s=60,
        )  # fmt: skip
        return accept_session(answer, self.platform, "demo", self.run_key.public_key())

    def receipt(self, state: chain.ChainState, index: int, at_s: float) -> str:
        message = Receipt(
            chain=state.chain, seq=state.seq, head=state.head.hex(),
            beacon=self.beacon(index), received_at=time_text(at_s),
        )  # fmt: skip
        return seal.sign(message, "receipt", self.signer)

    def tell(self) -> dict[str, Any]:
        pen, kept = Recorder.begin(self.session), []
        seals, receipts = [], []
        signer = seal.KeySigner(self.run_key, self.run)
        for number, part in enumerate((plain_story(2)[:2], plain_story(2)[2:]), start=1):
            for fact, seconds in part:
                pen, record, _ = pen.record(fact, moment(seconds, pen.beacons.index))
                kept.append(record)
            seals.append(bundle.Signed(pen.state.seq, pen.seal(signer)))
            receipts.append(
                bundle.Signed(pen.state.seq, self.receipt(pen.state, 2 * number, 60.0 * number))
            )
            index = 2 * number
            pen = pen.advance(pen.beacons.advance(index, self.beacons[index].hex()))
        tick = chain.tick(pen.state, pen.tick(watched(0, 5, 100), moment(100, 4))[1].body)
        text = bundle.write([self._bundled(kept, seals, receipts)]).decode("utf-8")
        return {
            "about": WARNING,
            "suite": self.suite.name,
            "platform": {"certificate": trust.to_pem(self.platform)},
            "chain": CHAIN,
            "k0": K0.hex(),
            "grant": self.session.grant_jws,
            "h0": chain.genesis(self.session.grant_jws).hex(),
            "beacons": [value.hex() for value in self.beacons],
            "records": [
                {
                    "seq": record.seq,
                    "body": record.body.decode("utf-8"),
                    "body_hash": self.suite.digest(record.body).hex(),
                    "head": record.head.hex(),
                    "mac": record.mac.hex(),
                    "id": str(UUID(json.loads(record.body)["id"])),
                }
                for record in kept
            ],
            "tick": {"seq": tick.seq, "body": tick.body.decode("utf-8"), "mac": tick.mac.hex()},
            "seal": seals[-1].jws,
            "receipt": receipts[-1].jws,
            "bundle": text,
            "refused": [
                *self._signed(receipts[-1].jws),
                *self._beacons(),
                *self._bundles(text),
            ],
        }

    def _bundled(
        self,
        kept: list[chain.Record],
        seals: list[bundle.Signed],
        receipts: list[bundle.Signed],
        run: x509.Certificate | None = None,
    ) -> bundle.BundledChain:
        return bundle.BundledChain(
            chain=CHAIN, grant=self.session.grant_jws, policy=self.policy,
            certificate=trust.to_pem(run or self.run), beacon_index=1,
            beacon_value=self.beacons[1].hex(),
            records=tuple(bundle.BundledRecord(r.seq, r.head, r.body) for r in kept),
            seals=tuple(seals), receipts=tuple(receipts),
        )  # fmt: skip

    def _signed(self, receipt: str) -> list[dict[str, Any]]:
        return [
            {"why": why, "what": "signed", "kind": "receipt", "token": token}
            for why, token in forgeries(receipt, self.platform_key, self.session.grant_jws)
            # The long ones are made in the tests; PSS has a salt, and no two are the same.
            if len(token) < 4_000 and "PSS" not in why
        ]

    def _beacons(self) -> list[dict[str, Any]]:
        known = self.beacons[3].hex()
        bad = {"what": "beacon", "after": 3, "known": known}
        return [
            {**bad, "why": "a beacon of another index", "index": 5, "value": self.beacons[6].hex()},
            {**bad, "why": "a beacon from before", "index": 2, "value": self.beacons[2].hex()},
            {**bad, "why": "a beacon by the other hash", "index": 4,
             "value": chain.beacon_chain(LAST, LENGTH, self._other())[4].hex()},
            {**bad, "why": "the same index with another value", "index": 3, "value": "00" * 32},
        ]  # fmt: skip

    def _other(self) -> suites.Suite:
        return suites.RSA if self.suite is suites.SM2 else suites.SM2

    def _bundles(self, text: str) -> list[dict[str, Any]]:
        """Other lines in the bundle, whose last line's digest is made anew."""
        lines = text.split("\n")
        head = json.loads(lines[1])
        fifth = next(at for at, line in enumerate(lines) if '"seq":2,' in line) + 1
        record = lines[fifth - 1]
        certificates = {
            "not yet in force": self.certificate(minutes=5),
            "of another run": self.certificate(name="vector-2"),
            "the platform's own": self.platform,
        }
        changed = [
            ("a record changed", fifth, [record.replace("0.62", "0.63")]),
            ("a record left out", fifth, []),
            ("a record twice", fifth, [record, record]),
            ("two records changed round", fifth, [lines[fifth + 3], record]),
            ("a record with spaces", fifth, [record.replace('":', '": ', 1)]),
            ("a member too many", fifth, [record[:-1] + ',"more":1}']),
            ("a member twice", fifth, [record[:-1] + ',"seq":2}']),
            ("no end of the run", len(lines) - 2, []),
            ("the last receipt left out", len(lines) - 3, []),
            ("a run too many announced", 1, [lines[0].replace("1}", "2}")]),
        ]
        for why, certificate in certificates.items():
            if certificate is not None:
                bent = {**head, "certificate": trust.to_pem(certificate)}
                line = json.dumps(bent, ensure_ascii=False, separators=(",", ":"))
                changed.append((f"a certificate {why}", 2, [line]))
        return [
            {"why": why, "what": "bundle", "line": line, "texts": texts}
            for why, line, texts in changed
        ]
