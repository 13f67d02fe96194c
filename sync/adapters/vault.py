"""What hides the bodies on the disk: AES-256-GCM under a key of two secrets."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.ports import StoreDamagedError

KEY_BYTES = 32
_NONCE_BYTES = 12


def store_key(machine_secret: bytes, sign_in_secret: str | bytes, learner: str) -> bytes:
    """32 bytes out of the keyring's secret and one that only the learner's sign-in brings.

    Several learners share one Windows account and so one keyring: the sign-in's secret keeps
    them apart. Bytes: what the platform hands out (`Session.store_secret`), the same after a
    change of password. Text: the password, for a platform that hands out none; it goes through
    scrypt (16 MB, about 50 ms) because people choose it.
    """
    if isinstance(sign_in_secret, bytes):
        told = b"anxue/store/2|" + learner.encode("utf-8")
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=sign_in_secret, info=told).derive(
            machine_secret
        )
    stretched = hashlib.scrypt(
        sign_in_secret.encode("utf-8"), salt=machine_secret, n=2**14, r=8, p=1, dklen=KEY_BYTES
    )
    info = b"anxue/store/1|" + learner.encode("utf-8")
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=stretched, info=info).derive(machine_secret)


class Vault:
    """Seals bodies so that each opens only in its own place."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the store's key has {KEY_BYTES} bytes, not {len(key)}")
        self._cipher = AESGCM(key)

    def seal(self, kind: str, chain: str, seq: int, text: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text, _place(kind, chain, seq))

    def open(self, kind: str, chain: str, seq: int, sealed: bytes) -> bytes:
        """Raises StoreDamagedError when it was changed, moved, or sealed with another key."""
        nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, text, _place(kind, chain, seq))
        except (InvalidTag, ValueError) as error:
            raise StoreDamagedError(f"{kind} {chain}/{seq} does not open") from error


def _place(kind: str, chain: str, seq: int) -> bytes:
    return b"|".join((b"anxue", kind.encode(), chain.encode(), seq.to_bytes(8, "big")))
