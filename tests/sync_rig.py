"""Made-up platforms, runs and facts for the tests of `sync`; keys are made once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from sync import chain, seal, trust
from sync.contract import (
    Beacon,
    Grant,
    Learner,
    Policy,
    Receipt,
    RecordAnswer,
    Session,
)
from sync.facts import Fact, IdentityConfirmed, Moment, SessionEnded, SessionStarted, Watched
from sync.ports import RecordStore
from sync.recorder import Recorder, wall_text
from sync.session import AcceptedSession, accept_answer, accept_session

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
HOME = "https://platform.invalid/anxue"
LEARNER = Learner(id="learner-7", name="模拟学员", institution="示范机构", class_name="一班")
BEACONS = chain.beacon_chain(b"\x07" * 32, 64)
S = 1_000_000_000


@cache
def rsa_key(number: int) -> rsa.RSAPrivateKey:
    """The same key for the same number within one test run."""
    del number
    return rsa.generate_private_key(65_537, 2048)


@cache
def platform_certificate(
    demo: bool = True, key: int = 0, lifetime_days: int = 30
) -> x509.Certificate:
    return trust.platform_certificate(
        rsa_key(key),
        name="platform.invalid",
        serial=4711,
        not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=lifetime_days),
        demo=demo,
    )


@cache
def run_certificate(name: str, demo: bool = True) -> x509.Certificate:
    return trust.run_certificate(
        rsa_key(1).public_key(),
        chain=name,
        platform_key=rsa_key(0),
        platform=platform_certificate(demo),
        serial=4712,
        not_before=NOW - timedelta(minutes=5),
        not_after=NOW + timedelta(hours=12),
    )


def time_text(seconds: float = 0.0) -> str:
    """RFC 3339, so many seconds after NOW."""
    return wall_text(NOW_MS + int(seconds * 1000))


def beacon(index: int) -> Beacon:
    return Beacon(index=index, value=BEACONS[index].hex())


@dataclass
class FakePlatform:
    """As much of a platform as the client's side needs: grants, receipts, beacons."""

    demo: bool = True
    signer: seal.KeySigner = field(init=False)

    def __post_init__(self) -> None:
        self.signer = seal.KeySigner(rsa_key(0), platform_certificate(self.demo))

    @property
    def certificate(self) -> x509.Certificate:
        return self.signer.certificate

    @property
    def pem(self) -> str:
        return trust.to_pem(self.certificate)

    def session(self, name: str = "c1", **grant: Any) -> Session:
        """The answer to a sign-in; `grant` replaces members of the grant."""
        policy = seal.sign(Policy(), "policy", self.signer)
        members: dict[str, Any] = {
            "chain": name,
            "learner": LEARNER.id,
            "home_page": HOME,
            "issued_at": time_text(),
            "expires_at": time_text(12 * 3600),
            "key_sha256": seal.key_sha256(rsa_key(1).public_key()),
            "policy_sha256": seal.text_sha256(policy),
            "seed_commitment": BEACONS[0].hex(),
            "seed_length": len(BEACONS) - 1,
            "demo": self.demo,
        }
        run = run_certificate(name, self.demo)
        return Session(
            token="t-1",
            grant=seal.sign(Grant(**(members | grant)), "grant", self.signer),
            policy=policy,
            certificate=trust.to_pem(run) + self.pem,
            k0=seal.to_base64url(b"\x05" * 32),
            beacon=beacon(1),
            learner=LEARNER,
            now=time_text(1),
            next_after_s=60,
        )

    def accepted(self, name: str = "c1") -> AcceptedSession:
        mode: trust.Mode = "demo" if self.demo else "production"
        return accept_session(self.session(name), self.certificate, mode, rsa_key(1).public_key())

    def answer(self, state: chain.ChainState, index: int, at_s: float = 60.0) -> RecordAnswer:
        """The answer to a batch that brought the platform to this state."""
        receipt = Receipt(
            chain=state.chain,
            seq=state.seq,
            head=state.head.hex(),
            beacon=beacon(index),
            received_at=time_text(at_s),
        )
        return RecordAnswer(
            acked=state.seq,
            receipt=seal.sign(receipt, "receipt", self.signer),
            next_after_s=60,
            credit=(),
        )


def run_signer(name: str = "c1", demo: bool = True) -> seal.KeySigner:
    return seal.KeySigner(rsa_key(1), run_certificate(name, demo))


def moment(seconds: float, index: int = 1) -> Moment:
    """The moment `seconds` after the run began."""
    return Moment(mono_ns=int(seconds * S) + 10 * S, wall=time_text(seconds), beacon=index)


def watched(start_s: float, end_s: float, at_s: float, lesson: str = "confined-1") -> Watched:
    """Film [start_s, end_s), seen at playing speed until `at_s` of the run."""
    return Watched(
        lesson=lesson,
        start_us=round(start_s * 1e6),
        end_us=round(end_s * 1e6),
        began_ns=int((at_s - (end_s - start_s)) * S) + 10 * S,
        ended_ns=int(at_s * S) + 10 * S,
        mode="standard",
    )


def story(
    recorder: Recorder, keep: Callable[[chain.Record], None], facts: list[tuple[Fact, float]]
) -> Recorder:
    """Record facts, each at its second of the run."""
    for fact, seconds in facts:
        recorder, record, _ = recorder.record(fact, moment(seconds, recorder.beacons.index))
        keep(record)
    return recorder


def started(previous: tuple[str, str] | None = None) -> SessionStarted:
    name, head = previous or (None, None)
    return SessionStarted(
        client_version="0.1.0",
        system="Debian 12",
        camera="模拟学员",
        previous_chain=name,
        previous_head=head,
    )


def plain_story(seconds: int = 3) -> list[tuple[Fact, float]]:
    """A short run: begun, recognised, some film seen, ended."""
    facts: list[tuple[Fact, float]] = [
        (started(), 0.0),
        (IdentityConfirmed(similarity=0.62, answer="same", seconds=2.5), 2.0),
    ]
    facts += [(watched(n * 10, n * 10 + 10, 20 + n * 10), 20.0 + n * 10) for n in range(seconds)]
    facts.append((SessionEnded(reason="learner"), 30.0 + seconds * 10))
    return facts


def begin(store: RecordStore, name: str = "c1") -> Recorder:
    session = FakePlatform().accepted(name)
    store.begin_chain(session)
    return Recorder.begin(session)


def tell(store: RecordStore, recorder: Recorder, count: int = 3) -> Recorder:
    return story(recorder, store.append, plain_story(count))


def confirm(store: RecordStore, recorder: Recorder, index: int = 2, at_s: float = 60) -> Recorder:
    """Seal, send and receipt all there is."""
    name, platform = recorder.state.chain, FakePlatform()
    store.put_seal(name, recorder.state.seq, recorder.seal(run_signer(name)))
    accepted = accept_answer(
        platform.answer(recorder.state, index, at_s),
        platform.certificate,
        name,
        lambda seq: store.head_at(name, seq),
        recorder.beacons,
    )
    store.store_receipt(name, accepted)
    return recorder.advance(accepted.beacons)
