"""Which store on this PC is whose: one folder a learner, one file a key."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sync.ports import NoKeyringError, RecordStore, Secrets, StoreError
from sync.session import AcceptedSession

log = logging.getLogger(__name__)


class FaceBox(Protocol):
    """`sync.adapters.template_box.TemplateBox`."""

    def settle(self, account: str, template: bytes | None, *, kept: bool) -> bytes | None: ...


class Stores:
    """Opens a learner's store, and rescues a damaged one.

    open_at, rescue_at: `sync.adapters`' Store and rescue; key_of: its `store_key`; box_at:
    where the enrolled face is kept, if the policy keeps it. Where
    there is no keyring the key lives for this run only: the records are sent all the same,
    but what is unsent at a crash cannot be read again.
    """

    def __init__(
        self,
        folder: Path,
        secrets: Secrets,
        *,
        key_of: Callable[[bytes, str, str], bytes],
        session_secret: Callable[[], bytes],
        open_at: Callable[[Path, bytes], RecordStore],
        rescue_at: Callable[[Path, bytes], tuple[RecordStore, int]],
        box_at: Callable[[Path, bytes], FaceBox],
    ) -> None:
        self._folder = folder
        self._secrets = secrets
        self._key_of = key_of
        self._session_secret = session_secret
        self._open_at = open_at
        self._rescue_at = rescue_at
        self._box_at = box_at
        self.keyring = True

    def key(self, learner: str, password: str) -> bytes:
        """32 bytes; takes 50 ms, so not in the window's thread."""
        try:
            machine = self._secrets.machine_secret()
            self.keyring = True
        except NoKeyringError as error:
            log.warning("no keyring (%s): the key lives for this run only", error)
            self.keyring = False
            machine = self._session_secret()
        return self._key_of(machine, password, learner)

    def open(self, learner: str, key: bytes) -> RecordStore:
        """Raises StoreError. A changed password is another key, and so another file."""
        return self._open_at(self._path(learner, key), key)

    def rescue(self, learner: str, key: bytes) -> tuple[RecordStore, int]:
        """Set the damaged file aside; a new store with what could be read, and how much."""
        return self._rescue_at(self._path(learner, key), key)

    def template(self, learner: str, key: bytes, accepted: AcceptedSession) -> bytes | None:
        """The enrolled face to compare with; kept or deleted here as the policy says."""
        box = self._box_at(self._folder / learner, key)
        try:
            return box.settle(learner, accepted.template, kept=accepted.policy.template_kept)
        except StoreError as error:
            log.warning("the enrolled face is not kept: %s", error)
            return accepted.template

    def _path(self, learner: str, key: bytes) -> Path:
        print_of_key = hashlib.sha256(b"anxue/store-name|" + key).hexdigest()[:16]
        return self._folder / learner / f"records-{print_of_key}.db"
