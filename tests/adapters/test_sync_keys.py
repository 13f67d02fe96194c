"""The system's keyring, played by one in memory; and systems that have none."""

from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import PasswordDeleteError, PasswordSetError

from sync.adapters.keys import KeyringSecrets, run_key, session_secret
from sync.ports import NoKeyringError
from sync.seal import check_key


class MemoryKeyring(KeyringBackend):
    """What a system's keyring does, as long as the test runs."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class Forgetful(MemoryKeyring):
    """A keyring that keeps nothing and does not say so."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Locked(MemoryKeyring):
    """A keyring whose owner did not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("prompt dismissed")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError("prompt dismissed")

    def delete_password(self, service: str, username: str) -> None:
        raise OSError("no bus")


class CredentialLocker(MemoryKeyring):
    """As keyring's backend for Windows has it: secrets roam unless they are told not to."""

    persist = "enterprise"

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, f"{username} ({self.persist})", password)

    def get_password(self, service: str, username: str) -> str | None:
        return super().get_password(service, f"{username} (local machine)")


@pytest.fixture
def use() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


SECRETS = KeyringSecrets("https://platform.invalid")


def test_the_machines_secret_is_made_once(use: None) -> None:
    keyring.set_keyring(MemoryKeyring())
    secret = SECRETS.machine_secret()
    assert len(secret) == 32
    assert SECRETS.machine_secret() == secret
    assert KeyringSecrets("https://other.invalid").machine_secret() == secret
    keyring.set_keyring(MemoryKeyring())
    assert SECRETS.machine_secret() != secret


def test_passwords_are_kept_for_one_platform(use: None) -> None:
    keyring.set_keyring(MemoryKeyring())
    assert SECRETS.password("demo") is None
    SECRETS.remember_password("demo", "geheim")
    assert SECRETS.password("demo") == "geheim"
    assert KeyringSecrets("https://other.invalid").password("demo") is None
    SECRETS.forget_password("demo")
    SECRETS.forget_password("demo")
    assert SECRETS.password("demo") is None


@pytest.mark.parametrize("make", [fail.Keyring, null.Keyring, Locked, Forgetful])
def test_systems_without_a_keyring_say_so(use: None, make: Callable[[], KeyringBackend]) -> None:
    keyring.set_keyring(make())
    with pytest.raises(NoKeyringError):
        SECRETS.machine_secret()


@pytest.mark.parametrize("make", [fail.Keyring, Locked])
def test_passwords_without_a_keyring(use: None, make: Callable[[], KeyringBackend]) -> None:
    keyring.set_keyring(make())
    works: tuple[Callable[[], object], ...] = (
        lambda: SECRETS.password("demo"),
        lambda: SECRETS.remember_password("demo", "x"),
        lambda: SECRETS.forget_password("demo"),
    )
    for work in works:
        with pytest.raises(NoKeyringError):
            work()


def test_a_secret_does_not_roam_to_another_pc(use: None) -> None:
    locker = CredentialLocker()
    keyring.set_keyring(locker)
    assert SECRETS.machine_secret() == SECRETS.machine_secret()
    assert list(locker.kept) == [("Anxue", "machine-secret (local machine)")]


@pytest.mark.parametrize("kept", ["short", "zz" * 32, "00" * 31])
def test_a_secret_that_is_not_ours(use: None, kept: str) -> None:
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    backend.set_password("Anxue", "machine-secret", kept)
    with pytest.raises(NoKeyringError, match="not ours"):
        SECRETS.machine_secret()


def test_fresh_keys() -> None:
    assert session_secret() != session_secret()
    check_key(run_key().public_key())
