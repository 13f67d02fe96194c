"""What anybody may ask: is the platform there, whose is it, which rules are in force."""

from cryptography.hazmat.primitives import hashes
from fastapi import APIRouter

from sync import trust
from sync.contract import Health, SignedPolicy
from sync.operations import Ready
from sync.reference import readiness
from sync.reference.platform import PlatformDep, policy_in_force, timestamp
from sync.reference.problems import Refusal, documented

router = APIRouter(tags=["public"])
VERSION = "1"


@router.get("/health", responses=documented())
def health(platform: PlatformDep) -> Health:
    """Alive, with the database at hand. For fail-over, and for clients to check their clock."""
    with platform.store.reading() as db:
        policy_in_force(db)
    certificate = platform.keys.certificate
    return Health(
        status="ok",
        version=VERSION,
        demo=trust.is_demo(certificate),
        certificate_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        now=timestamp(platform.clock()),
    )


@router.get("/ready", responses=documented())
def ready(platform: PlatformDep) -> Ready:
    """Whether to send work here: database, keys and disk are at hand. For proxies; 503 if not."""
    missing = readiness.faults(platform)
    if missing:
        raise Refusal("unavailable", "; ".join(missing))
    return Ready(status="ready")


@router.get("/policy", responses=documented())
def policy(platform: PlatformDep) -> SignedPolicy:
    """The policy in force, signed."""
    with platform.store.reading() as db:
        row, _ = policy_in_force(db)
    return SignedPolicy(policy=row.text)
