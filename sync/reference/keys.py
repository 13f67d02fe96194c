"""The platform's keys, in its data folder.

    platform.pem               the certificate: what clients and auditors trust, public
    private/platform.key       its key: RSA-2048, or SM2 where `suite` asks for it
    private/evidence.key       the RSA-2048 key that opens learners' pictures; it signs nothing
    private/vault.key          32 bytes that seal secrets and faces in the database
    private/institution.token  what the institution's own systems call with

Keys made here carry the demo mark (`sync.trust.DEMO_MARK`): a production client refuses
them. An institution puts its own certificate and key in their place; the suite is theirs.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync import seal, sm2, suites, trust
from sync.contract import SuiteName

CERTIFICATE_FILE = "platform.pem"
TOKEN_FILE = "institution.token"  # noqa: S105 (a file's name)
_NONCE_BYTES = 12
_PAIR = "platform.new"
_BETWEEN = b"\n---\n"


class KeysError(Exception):
    """The data folder's keys cannot be used; the message says why."""


@dataclass(frozen=True)
class Vault:
    """AES-256-GCM around what the database must not show: keys, seeds, faces."""

    key: bytes

    def seal(self, secret: bytes, place: str) -> bytes:
        """place: where it will stand, so that it opens nowhere else."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, secret, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return AESGCM(self.key).decrypt(nonce, text, place.encode())

    def __repr__(self) -> str:
        return "Vault(…)"


@dataclass(frozen=True)
class Keys:
    """Everything secret that the platform holds. `pem` is the public certificate."""

    signer: seal.KeySigner
    key: suites.PrivateKey
    pem: str
    vault: Vault
    institution_token: str
    evidence: rsa.RSAPrivateKey

    @property
    def certificate(self) -> x509.Certificate:
        return self.signer.certificate

    @property
    def suite(self) -> suites.Suite:
        """What new runs are signed and hashed in."""
        return suites.of_certificate(self.certificate)

    @cached_property
    def media(self) -> bytes:
        """32 bytes that sign films' addresses: derived, so that every process has the same."""
        derive = HKDF(hashes.SHA256(), 32, salt=None, info=b"anxue/media/1")
        return derive.derive(self.vault.key)

    def __repr__(self) -> str:
        return f"Keys({seal.thumbprint(self.certificate)})"


def load_or_make(
    folder: Path,
    name: str = "Anxue reference platform",
    *,
    suite: SuiteName | None = None,
) -> Keys:
    """The folder's keys; demo keys are made where there are none. Raises KeysError.

    suite: of the keys that are made, RSA if None; a folder that has others is refused.
    """
    private = folder / "private"
    there = [(folder / CERTIFICATE_FILE).exists(), (private / "platform.key").exists()]
    try:
        if not any(there):
            _make(private, name, suites.named(suite or suites.RSA.name))
        if not all(there):
            _settle(folder, private)
    except sm2.MissingError as error:
        raise KeysError(str(error)) from error
    except OSError as error:
        raise KeysError(f"{folder}: {error}") from error
    try:
        pem = (folder / CERTIFICATE_FILE).read_text("ascii")
        certificate = trust.load(pem)
        trust.check_platform(certificate, datetime.now(UTC))
        if suite is not None and suite != suites.of_certificate(certificate).name:
            raise KeysError(f"{folder}: its keys are of another suite than {suite}")
        key = _key(private / "platform.key")
        _make_evidence_key(private / "evidence.key")
        return Keys(
            signer=seal.KeySigner(key, certificate),
            key=key,
            pem=pem,
            vault=Vault(bytes.fromhex((private / "vault.key").read_text("ascii"))),
            institution_token=(private / TOKEN_FILE).read_text("ascii").strip(),
            evidence=_rsa(private / "evidence.key"),
        )
    except (OSError, ValueError) as error:  # TrustError and SealError are ValueErrors
        raise KeysError(f"{folder}: {error}") from error


def institution_token(folder: Path) -> str:
    """The institution's token of a data folder that `load_or_make` has been at."""
    return (folder / "private" / TOKEN_FILE).read_text("ascii").strip()


def _make(private: Path, name: str, suite: suites.Suite) -> None:
    """Make what several processes agree on: each file is there at once and whole, or not.

    Key and certificate belong together, so that they are first put down as one: of several
    processes that start at the same time the first wins, and a crash leaves nothing half.
    """
    key: suites.PrivateKey = (
        sm2.engine().generate() if suite is suites.SM2 else rsa.generate_private_key(65_537, 2048)
    )
    private.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = datetime.now(UTC).replace(microsecond=0)
    certificate = trust.platform_certificate(
        key,
        name=name,
        serial=x509.random_serial_number(),
        # A client's clock may be a day slow, and has to be able to say so itself.
        not_before=now - timedelta(days=7),
        not_after=now + timedelta(days=3650),
        demo=True,
    )
    _put(private / "vault.key", secrets.token_hex(32).encode("ascii"))
    _put(private / TOKEN_FILE, secrets.token_urlsafe(32).encode("ascii"))
    _put(private / _PAIR, _pem(key) + _BETWEEN + trust.to_pem(certificate).encode("ascii"))


def _settle(folder: Path, private: Path) -> None:
    """Put a new pair, of whichever process, in its two places. Nothing, if there is none."""
    try:
        key, _, certificate = (private / _PAIR).read_bytes().partition(_BETWEEN)
    except FileNotFoundError:
        return  # another process has done it; or it is the institution's own half
    _put(private / "platform.key", key)
    _put(folder / CERTIFICATE_FILE, certificate, mode=0o644)
    (private / _PAIR).unlink(missing_ok=True)


def _make_evidence_key(path: Path) -> None:
    """Where there is none: also in folders from before pictures were taken."""
    if path.exists():
        return
    _put(path, _pem(rsa.generate_private_key(65_537, 2048)))


def _key(path: Path) -> suites.PrivateKey:
    """The platform's own. SM2 is tried first by its form: cryptography cannot read it."""
    text = path.read_bytes().decode("ascii")
    return sm2.from_pem(text) if sm2.is_pem(text) else _rsa(path)


def _rsa(path: Path) -> rsa.RSAPrivateKey:
    key = _checked(path.read_bytes())
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeysError(f"private/{path.name} is not an RSA key")
    return key


@lru_cache(maxsize=8)
def _checked(pem: bytes) -> PrivateKeyTypes:
    """Whether its primes are such takes a while: a process asks once of each key."""
    return serialization.load_pem_private_key(pem, None)


def _pem(key: suites.PrivateKey) -> bytes:
    if isinstance(key, sm2.PrivateKey):
        return sm2.to_pem(key).encode("ascii")
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _put(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """A file where there is none: of several processes the first wins, with a whole file."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
