"""Which store on this PC is whose: one folder a learner, one file a key."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.errors import Report, Trouble
from sync.ports import NoKeyringError, RecordStore, Secrets, StoreError
from sync.session import AcceptedSession

log = logging.getLogger(__name__)


class FaceBox(Protocol):
    """`sync.adapters.template_box.TemplateBox`."""

    def settle(self, account: str, template: bytes | None, *, kept: bool) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Disk:
    """What `sync.adapters` does with the files: Store, rescue, move, unsent, TemplateBox."""

    open: Callable[[Path, bytes], RecordStore]
    rescue: Callable[[Path, bytes], tuple[RecordStore, int]]
    move: Callable[[Path, bytes, Path, bytes], None]
    unsent: Callable[[Path], int]
    box: Callable[[Path, bytes], FaceBox]


@dataclass(frozen=True, slots=True)
class _Lock:
    """mark: of the PC whose secret is in the key. older: the keys before it, for the same store."""

    mark: str = ""
    older: tuple[bytes, ...] = ()


class Stores:
    """Opens a learner's store, and rescues a damaged one.

    key_of: `sync.adapters`' `store_key`. Where there is no keyring the key lives for this run of
    the program only, after the learner was asked (`must_ask`): the records are sent all the
    same, but what is unsent at a crash cannot be read again.

    A file is named by the PC and the key: `records-PC-KEY.db`. So another learner's, another
    PC's, or one whose key is lost is never opened, never changed, and can be told apart.
    """

    def __init__(
        self,
        folder: Path,
        secrets: Secrets,
        *,
        key_of: Callable[[bytes, str | bytes, str], bytes],
        session_secret: Callable[[], bytes],
        disk: Disk,
    ) -> None:
        self._folder = folder
        self._secrets = secrets
        self._key_of = key_of
        self._session_secret = session_secret
        self._disk = disk
        self._session: bytes | None = None
        self._locks: dict[bytes, _Lock] = {}
        self._may_do_without = False
        self.keyring = True

    @property
    def must_ask(self) -> bool:
        """Whether the learner has to be told first that the key is not kept."""
        return not self.keyring and not self._may_do_without

    def ask_no_more(self) -> None:
        self._may_do_without = True

    def key(self, learner: str, password: str, secret: bytes | None = None) -> bytes:
        """32 bytes; takes 50 ms, so not in the window's thread.

        secret: the platform's for this learner, for which the password may change; None where
        it hands out none.
        """
        machine, mark = self._machine()
        key = self._key_of(machine, password if secret is None else secret, learner)
        older: tuple[bytes, ...] = ()
        self._locks[key] = _Lock(mark)
        if secret is not None and not self._path(learner, key).exists():
            older = (self._key_of(machine, password, learner),)
        self._locks[key] = _Lock(mark, older)
        return key

    def open(self, learner: str, key: bytes) -> RecordStore:
        """Raises StoreError. One under an older key or name is brought along first."""
        path, found = self._path(learner, key), self._found(learner, key)
        if found is not None and found[0] != path:
            self._disk.move(*found, path, key)
        return self._disk.open(path, key)

    def rescue(self, learner: str, key: bytes) -> tuple[RecordStore, int]:
        """Set the damaged file aside; a new store with what could be read, and how much."""
        path, found = self._path(learner, key), self._found(learner, key)
        if found is None or found[0] == path:
            return self._disk.rescue(path, key)
        store, records = self._disk.rescue(*found)
        store.close()
        self._disk.move(*found, path, key)
        return self._disk.open(path, key), records

    def unread(self, learner: str, key: bytes) -> Report | None:
        """What to say of stores with unsent records that no key opens here; once of each."""
        folder, ours = self._folder / learner, self._path(learner, key)
        waiting = {
            path.name: unsent
            for path in sorted(folder.glob("records-*.db"))
            if path != ours and (unsent := self._disk.unsent(path))
        }
        new = {name: count for name, count in waiting.items() if self._is_news(folder, name, count)}
        here = (self._locks.get(key, _Lock()).mark, _SESSION)
        elsewhere = [name for name in new if name.count("-") > 1 and name.split("-")[1] not in here]
        if elsewhere:
            unsent = sum(new[name] for name in elsewhere)
            return Report(Trouble.STORE_ELSEWHERE, ", ".join(elsewhere), records=unsent)
        if new:
            return Report(Trouble.STORE_OTHER_KEY, ", ".join(new), records=sum(new.values()))
        return None

    def template(self, learner: str, key: bytes, accepted: AcceptedSession) -> bytes | None:
        """The enrolled face to compare with; kept or deleted here as the policy says."""
        box = self._disk.box(self._folder / learner, key)
        try:
            return box.settle(learner, accepted.template, kept=accepted.policy.template_kept)
        except StoreError as error:
            log.warning("the enrolled face is not kept: %s", error)
            return accepted.template

    def _machine(self) -> tuple[bytes, str]:
        try:
            machine = self._secrets.machine_secret()
            self.keyring = True
        except NoKeyringError as error:
            log.warning("no keyring (%s): the key lives for this run only", error)
            self.keyring = False
            self._session = self._session or self._session_secret()
            return self._session, _SESSION
        return machine, hashlib.sha256(b"anxue/machine|" + machine).hexdigest()[:8]

    def _found(self, learner: str, key: bytes) -> tuple[Path, bytes] | None:
        """Where the store lies, and under which key; the plain name is that of before.

        Also one whose rescue was cut off between its renames: opening it brings that to its end.
        """
        lock = self._locks.get(key, _Lock())
        for each in (key, *lock.older):
            for mark in (lock.mark, ""):
                path = self._folder / learner / _name(mark, each)
                if path.exists() or path.with_name(f"{path.name}.rescued").exists():
                    return path, each
        return None

    def _path(self, learner: str, key: bytes) -> Path:
        return self._folder / learner / _name(self._locks.get(key, _Lock()).mark, key)

    def _is_news(self, folder: Path, name: str, unsent: int) -> bool:
        """Note down what was told, so that it is told once."""
        line, told = f"{name} {unsent}", folder / "told.txt"
        try:
            before = told.read_text("ascii").splitlines() if told.exists() else []
            if line in before:
                return False
            told.write_text("\n".join([*before, line, ""]), "ascii")
        except (OSError, ValueError) as error:
            log.warning("cannot note what was told: %s", error)
        return True


_SESSION = "session"


def _name(mark: str, key: bytes) -> str:
    print_of_key = hashlib.sha256(b"anxue/store-name|" + key).hexdigest()[:16]
    return f"records-{mark}-{print_of_key}.db" if mark else f"records-{print_of_key}.db"
