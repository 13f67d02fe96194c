"""Signing in: a learner gets a run, with its grant, certificate, keys and first beacon."""

from datetime import datetime, timedelta

from cryptography import x509
from fastapi import APIRouter
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from sync import chain as links
from sync import seal, suites, trust
from sync.contract import ChainState, Grant, Learner, OidcSignIn, Policy, Session, SignIn
from sync.reference import accounts, rates, seeds, seen
from sync.reference.intake import chain_of
from sync.reference.journal import note
from sync.reference.platform import (
    AddressDep,
    Platform,
    PlatformDep,
    policy_in_force,
    timestamp,
)
from sync.reference.problems import Refusal, documented
from sync.reference.running import derived
from sync.reference.signon import SignOnError, learner_of
from sync.reference.tables import ChainRow, ClassRow, InstitutionRow, LearnerRow, WitnessRow

router = APIRouter(tags=["sessions"])
MAX_PREVIOUS = 20


@router.post("/sessions", responses=documented("wrong_password"))
def sign_in(sign_in: SignIn | OidcSignIn, platform: PlatformDep, address: AddressDep) -> Session:
    """Open a run. The learner's earlier run is taken over: it earns nothing any more."""
    key = _public_key(sign_in.public_key, platform.keys.suite)
    if isinstance(sign_in, OidcSignIn):
        return _sign_on(platform, sign_in, key, address)
    guessed = rates.name_mac(derived(platform.keys.vault.key, "guesses"), sign_in.name)
    # By address: who knows a name only must not be able to keep its learner out.
    platform.running.rates.take("name", f"{guessed.hex()} {address}")
    with platform.store.reading() as db:
        learner = db.scalar(select(LearnerRow).where(LearnerRow.login == sign_in.name))
        if platform.settings.rates.guesses:
            known = learner.id if learner else None
            rates.check_guesses(db, guessed, address, platform.clock(), known)
    # Outside of any transaction: it is slow on purpose.
    fits = accounts.password_fits(learner.password_hash if learner else None, sign_in.password)
    with platform.store.writing() as db:
        if fits and learner is not None:
            seen.learner(learner.id)
            rates.forgive(db, guessed, address)
            note(db, platform, "sign-in", learner=learner.id, address=address,
                 detail=f"{sign_in.client.version}, {sign_in.client.system}")  # fmt: skip
            return _open(db, platform, learner, key)
        known = learner.id if learner else None
        note(db, platform, "sign-in refused", learner=known, address=address)
        rates.note_guess(db, guessed, address, platform.clock())
    raise Refusal("wrong_password", "name or password is wrong")


def _sign_on(platform: Platform, proof: OidcSignIn, key: suites.PublicKey, address: str) -> Session:
    """The same for whoever the provider names. It is asked outside of any transaction."""
    if platform.sign_on is None:
        raise Refusal("wrong_password", "this platform signs in by name and password alone")
    try:
        identity = platform.sign_on.identify(proof, platform.clock())
        with platform.store.writing() as db:
            settings = platform.sign_on.settings
            learner = learner_of(db, settings, identity, platform.clock())
            told = f"{proof.client.version}, {proof.client.system}, {identity.issuer}"[:200]
            note(db, platform, "sign-in", learner=learner.id, address=address, detail=told)
            return _open(db, platform, learner, key)
    except SignOnError as error:
        with platform.store.writing() as db:
            note(db, platform, "sign-in refused", learner=None, address=address,
                 detail=str(error)[:200])  # fmt: skip
        raise error.refusal() from error


@router.get(
    "/chains/{chain}", responses=documented("signed_out", "forbidden", "not_found", "taken_over")
)
def chain_state(chain: str, platform: PlatformDep, account: accounts.LearnerDep) -> ChainState:
    """What the platform has of one of the learner's chains."""
    with platform.store.reading() as db:
        return _state(chain_of(db, account, chain))


def _open(db: Database, platform: Platform, learner: LearnerRow, key: suites.PublicKey) -> Session:
    accounts.in_turn(db, learner.id)  # two sign-ins at once: one of them is the earlier
    now = _later_than_all(db, learner, platform.clock())
    earlier = _supersede(db, learner, now)
    policy_row, policy = policy_in_force(db)
    token, token_sha256 = accounts.new_token()
    k0, last = seeds.draw(), seeds.draw()
    chain = f"c{seeds.draw()[:12].hex()}"
    expires = now + timedelta(seconds=platform.settings.session_s)
    suite = platform.keys.suite
    grant = Grant(
        chain=chain,
        learner=learner.id,
        home_page=platform.settings.home_page,
        issued_at=timestamp(now),
        expires_at=timestamp(expires),
        key_sha256=seal.key_sha256(key),
        policy_sha256=seal.text_sha256(policy_row.text),
        seed_commitment=seeds.reveal(last, 0, suite=suite).hex(),
        seed_length=seeds.SEED_LENGTH,
        suite=suite.name,
        demo=trust.is_demo(platform.keys.certificate),
        evidence_key=_evidence_key(platform, policy),
    )
    text = seal.sign(grant, "grant", platform.keys.signer)
    certificate = _certificate(platform, chain, key, now, expires)
    start = links.start(chain, text, k0)
    vault = platform.keys.vault
    row = ChainRow(
        id=chain,
        learner=learner.id,
        token_sha256=token_sha256,
        grant=text,
        policy=policy_row.id,
        home_page=platform.settings.home_page,
        certificate=certificate,
        k0=vault.seal(k0, f"k0/{chain}"),
        key=vault.seal(start.key, f"key/{chain}"),
        seed=vault.seal(last, f"seed/{chain}"),
        seed_length=seeds.SEED_LENGTH,
        beacon=1,
        seq=0,
        head=start.head,
        opened_at=now,
        expires_at=expires,
        received_at=now,
    )
    db.add(row)
    db.flush()
    db.add(WitnessRow(chain=chain, seq=0, beacon=1, at=now))
    template = learner.template and vault.open(learner.template, f"face/{learner.id}")
    return Session(
        token=token,
        grant=text,
        policy=policy_row.text,
        certificate=certificate,
        k0=seal.to_base64url(k0),
        beacon=seeds.beacon(last, 1, suite=suite),
        learner=_learner(db, learner),
        template=seal.to_base64url(template) if template else None,
        now=timestamp(now),
        next_after_s=policy.heartbeat_s,
        previous=tuple(_state(chain) for chain in earlier),
        store_secret=seal.to_base64url(accounts.store_secret(vault.key, learner.id)),
    )


def _evidence_key(platform: Platform, policy: Policy) -> str:
    """What pictures are sealed to; nothing where the policy takes none."""
    if not policy.snapshots_per_check and not policy.snapshots_between:
        return ""
    return seal.to_base64url(seal.spki(platform.keys.evidence.public_key()))


def _later_than_all(db: Database, learner: LearnerRow, now: datetime) -> datetime:
    """Runs are told apart by when they began, even if our clock was put back in between."""
    newest = db.scalar(select(func.max(ChainRow.opened_at)).where(ChainRow.learner == learner.id))
    return now if newest is None else max(now, newest + timedelta(microseconds=1))


def _supersede(db: Database, learner: LearnerRow, now: datetime) -> list[ChainRow]:
    """End the learner's live runs; return those whose last records may still be on a PC."""
    query = (
        select(ChainRow)
        .where(ChainRow.learner == learner.id)
        .where(ChainRow.closed_at.is_(None), ChainRow.forked_at.is_(None))
        .order_by(ChainRow.opened_at.desc(), ChainRow.id)
        .with_for_update()
    )
    unfinished = list(db.scalars(query))
    for chain in unfinished:
        chain.superseded_at = chain.superseded_at or now
    return unfinished[:MAX_PREVIOUS]


def _certificate(
    platform: Platform, chain: str, key: suites.PublicKey, now: datetime, expires: datetime
) -> str:
    """PEM of the run's certificate, and then of the platform's."""
    run = trust.run_certificate(
        key,
        chain=chain,
        platform_key=platform.keys.key,
        platform=platform.keys.certificate,
        serial=x509.random_serial_number(),
        not_before=now.replace(microsecond=0) - timedelta(minutes=5),
        not_after=expires.replace(microsecond=0),
    )
    return trust.to_pem(run) + platform.keys.pem


def _public_key(text: str, suite: suites.Suite) -> suites.PublicKey:
    """The run's key. Raises Refusal unless it is one that this platform's seals are made with."""
    try:
        key = suites.from_spki(seal.from_base64url(text))
    except ValueError as error:  # SealError and BadKeyError are such
        raise Refusal("invalid", f"public_key: {error}") from error
    if suites.of_key(key) is not suite:
        raise Refusal("invalid", f"public_key: not of this platform's suite {suite.name}")
    return key


def _learner(db: Database, row: LearnerRow) -> Learner:
    return Learner(
        id=row.id,
        name=row.name,
        institution=db.get_one(InstitutionRow, row.institution).name,
        class_name=db.get_one(ClassRow, row.class_id).name,
    )


def _state(row: ChainRow) -> ChainState:
    return ChainState(
        chain=row.id,
        seq=row.seq,
        head=row.head.hex(),
        closed=row.closed_at is not None or row.forked_at is not None,
        taken_over=row.superseded_at is not None,
    )
