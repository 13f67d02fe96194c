"""What the platform says is believed only after it has been checked: here, once, and pure.

accept_session(answer, …) -> AcceptedSession      after `POST sessions`
accept_answer(answer, …)  -> AcceptedAnswer       after `POST records`
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from sync import chain, seal, sealing, suites, trust
from sync.contract import (
    ChainState,
    Grant,
    Learner,
    LessonCredit,
    Policy,
    Receipt,
    RecordAnswer,
    Session,
)

MistrustCode = Literal[
    "platform",
    "grant",
    "policy",
    "certificate",
    "beacon",
    "receipt",
    "k0",
    "template",
    "store_secret",
]

TEMPLATE_BYTES = 512
STORE_SECRET_BYTES = 32


class MistrustError(Exception):
    """The platform's answer does not prove what it must; nothing of it is used."""

    def __init__(self, code: MistrustCode, detail: str, *, demo: bool = False) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.demo = demo


@dataclass(frozen=True, slots=True)
class AcceptedSession:
    """A run that may begin.

    template: float32[128] little-endian, 512 bytes. evidence_key: what pictures are sealed
    to; None where the platform takes none. store_secret: 32 bytes, see `Session`.
    """

    token: str = field(repr=False)
    grant: Grant
    grant_jws: str
    policy: Policy
    policy_jws: str
    certificate: x509.Certificate
    learner: Learner
    template: bytes | None = field(repr=False)
    start: chain.ChainState
    beacons: chain.BeaconTrail
    previous: tuple[ChainState, ...]
    now: str
    next_after_s: float
    evidence_key: rsa.RSAPublicKey | None = None
    store_secret: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AcceptedAnswer:
    """A receipt that fits our own chain. head: h_seq of the acknowledged record."""

    seq: int
    head: bytes
    receipt: str
    beacons: chain.BeaconTrail
    next_after_s: float
    credit: tuple[LessonCredit, ...]


def accept_session(
    answer: Session,
    platform: x509.Certificate,
    mode: trust.Mode,
    public_key: suites.PublicKey,
) -> AcceptedSession:
    """Check everything that a run will stand on. Raises MistrustError.

    platform: the trust anchor, from the client's settings. public_key: the run's fresh
    key as it was sent; the grant names it, so that an old answer cannot be played again.
    """
    try:
        now = trust.parse_time(answer.now)
        trust.check_platform(platform, now, mode)
    except trust.TrustError as error:
        raise MistrustError("platform", str(error), demo=error.code == "demo") from error
    grant = _read_grant(answer, platform, mode, public_key)
    try:
        policy = seal.read(answer.policy, "policy", platform, Policy)
    except seal.SealError as error:
        raise MistrustError("policy", str(error)) from error
    if seal.text_sha256(answer.policy) != grant.policy_sha256:
        raise MistrustError("policy", "not the policy that the grant names")
    try:
        certificate, issuer = trust.load_all(answer.certificate)
        if issuer != platform:
            raise MistrustError("certificate", "issued under another platform certificate")
        trust.check_run(
            certificate, platform, at=now, chain=grant.chain, key_sha256=grant.key_sha256
        )
    except ValueError as error:
        raise MistrustError("certificate", str(error)) from error
    try:
        suite = suites.named(grant.suite)
        beacons = chain.BeaconTrail.committed(grant.seed_commitment, suite)
        beacons = beacons.advance(answer.beacon.index, answer.beacon.value)
    except chain.ChainError as error:
        raise MistrustError("beacon", str(error)) from error
    try:
        start = chain.start(grant.chain, answer.grant, seal.from_base64url(answer.k0))
    except ValueError as error:
        raise MistrustError("k0", str(error)) from error
    return AcceptedSession(
        token=answer.token,
        grant=grant,
        grant_jws=answer.grant,
        policy=policy,
        policy_jws=answer.policy,
        certificate=certificate,
        learner=answer.learner,
        template=_template(answer.template),
        start=start,
        beacons=beacons,
        previous=answer.previous,
        now=answer.now,
        next_after_s=answer.next_after_s,
        evidence_key=_evidence_key(grant, platform),
        store_secret=_store_secret(answer.store_secret),
    )


def accept_answer(
    answer: RecordAnswer,
    platform: x509.Certificate,
    chain_id: str,
    head_at: Callable[[int], bytes | None],
    beacons: chain.BeaconTrail,
) -> AcceptedAnswer:
    """Check a receipt against our own chain. Raises MistrustError.

    head_at: h_seq of our records, `genesis` for 0, None for what we do not have.
    beacons: the newest beacon of this chain that was accepted.
    """
    try:
        receipt = seal.read(answer.receipt, "receipt", platform, Receipt)
        after = beacons.advance(receipt.beacon.index, receipt.beacon.value)
    except (seal.SealError, chain.ChainError) as error:
        raise MistrustError("receipt", str(error)) from error
    if (receipt.chain, receipt.seq) != (chain_id, answer.acked):
        raise MistrustError("receipt", "it says something else than the answer around it")
    head = head_at(receipt.seq)
    if head is None or head.hex() != receipt.head:
        raise MistrustError("receipt", f"another head at {receipt.seq} than ours")
    return AcceptedAnswer(
        receipt.seq, head, answer.receipt, after, answer.next_after_s, answer.credit
    )


def _evidence_key(grant: Grant, platform: x509.Certificate) -> rsa.RSAPublicKey | None:
    """The key of the signed grant. One that also signs would open by signing: refused."""
    if not grant.evidence_key:
        return None
    try:
        key = sealing.evidence_key(grant.evidence_key)
        signs = seal.spki(key) == seal.spki(seal.public_key(platform))
    except ValueError as error:  # SealingError and SealError are ValueErrors
        raise MistrustError("grant", str(error)) from error
    if signs:
        raise MistrustError("grant", "the evidence key is the platform's signing key")
    return key


def _store_secret(text: str | None) -> bytes | None:
    try:
        secret = None if text is None else seal.from_base64url(text)
    except ValueError as error:
        raise MistrustError("store_secret", str(error)) from error
    if secret is not None and len(secret) != STORE_SECRET_BYTES:
        raise MistrustError("store_secret", f"{len(secret)} bytes")
    return secret


def _template(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        template = seal.from_base64url(text)
    except seal.SealError as error:
        raise MistrustError("template", str(error)) from error
    if len(template) != TEMPLATE_BYTES:
        raise MistrustError("template", f"{len(template)} bytes")
    return template


def _read_grant(
    answer: Session, platform: x509.Certificate, mode: trust.Mode, public_key: suites.PublicKey
) -> Grant:
    try:
        grant = seal.read(answer.grant, "grant", platform, Grant)
        issued, expires = trust.parse_time(grant.issued_at), trust.parse_time(grant.expires_at)
    except ValueError as error:
        raise MistrustError("grant", str(error)) from error
    if grant.demo != (mode == "demo"):
        raise MistrustError("grant", "demo and production are mixed", demo=grant.demo)
    if grant.suite != suites.of_certificate(platform).name:
        raise MistrustError("grant", f"it names the suite {grant.suite}")
    if not issued <= trust.parse_time(answer.now) < expires:
        raise MistrustError("grant", f"valid from {grant.issued_at} to {grant.expires_at}")
    if grant.key_sha256 != seal.key_sha256(public_key):
        raise MistrustError("grant", "it names another key than this run's")
    if grant.learner != answer.learner.id:
        raise MistrustError("grant", "it names another learner")
    return grant
