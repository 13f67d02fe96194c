"""The enrolled face on the PC, where the policy lets it be kept: encrypted, one file an account."""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.adapters.store_schema import translated
from sync.session import TEMPLATE_BYTES

_NONCE_BYTES = 12


class TemplateBox:
    """AES-256-GCM under a key of its own, derived from the store's; bound to the account.

    folder: the learner's, beside the store. key: 32 bytes, `sync.adapters.vault.store_key`.
    A face that does not open (another password, another account, a damaged file) is none.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        derive = HKDF(hashes.SHA256(), 32, salt=None, info=b"anxue/template/1")
        self._cipher = AESGCM(derive.derive(key))

    def settle(self, account: str, template: bytes | None, *, kept: bool) -> bytes | None:
        """What a run compares with. kept: `Policy.template_kept`.

        template: as the platform sent it, None where nobody is enrolled: withdrawn, or not
        yet. Then, and with a policy that does not let it be kept, one that lies here from
        before is deleted. Raises StoreError.
        """
        if not kept or template is None:
            self.forget(account)
            return template
        self.save(account, template)
        return template

    def save(self, account: str, template: bytes) -> None:
        """Replace the account's face. Raises StoreError; the old one stays then."""
        if len(template) != TEMPLATE_BYTES:
            raise ValueError(f"a face has {TEMPLATE_BYTES} bytes, not {len(template)}")
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, template, _bound(account))
        path = self._path(account)
        fresh = path.with_suffix(".new")
        with translated():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)

    def load(self, account: str) -> bytes | None:
        """The account's face, float32[128] little-endian; None if there is none to be used."""
        try:
            sealed = self._path(account).read_bytes()
            face = self._cipher.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(account)
            )
        except (OSError, InvalidTag, ValueError):
            return None
        return face if len(face) == TEMPLATE_BYTES else None

    def forget(self, account: str) -> None:
        """Delete it. Raises StoreError."""
        with translated():
            path = self._path(account)
            path.unlink(missing_ok=True)
            path.with_suffix(".new").unlink(missing_ok=True)

    def _path(self, account: str) -> Path:
        name = hashlib.sha256(b"anxue/template-name|" + account.encode()).hexdigest()[:16]
        return self._folder / f"template-{name}.bin"


def _bound(account: str) -> bytes:
    return b"anxue|template|" + account.encode("utf-8")
