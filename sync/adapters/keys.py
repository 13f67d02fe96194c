"""The secrets that the system keeps for us, and the key of a run."""

import secrets

import keyring
from cryptography.hazmat.primitives.asymmetric import rsa
from keyring.backends import fail, null
from keyring.errors import KeyringError, PasswordDeleteError

from sync import sm2, suites
from sync.adapters.vault import KEY_BYTES
from sync.ports import NoKeyringError

SERVICE = "Anxue"
_MACHINE = "machine-secret"


class KeyringSecrets:
    """A `sync.ports.Secrets`: Windows Credential Locker, SecretService, macOS Keychain.

    platform: the platform's address, so that a name at one is not a name at another.
    """

    def __init__(self, platform: str) -> None:
        self._service = f"{SERVICE} {platform}"

    def machine_secret(self) -> bytes:
        """32 bytes, made on the first call, the same ever after. Raises NoKeyringError."""
        kept = self._get(SERVICE, _MACHINE)
        if kept is None:
            made = secrets.token_hex(KEY_BYTES)
            self._set(SERVICE, _MACHINE, made)
            # Read it back: a keyring that forgets would cost records at the next start.
            kept = self._get(SERVICE, _MACHINE)
            if kept != made:
                raise NoKeyringError("the keyring did not keep what was put in")
        try:
            secret = bytes.fromhex(kept)
        except ValueError as error:
            raise NoKeyringError("the kept secret is not ours") from error
        if len(secret) != KEY_BYTES:
            raise NoKeyringError("the kept secret is not ours")
        return secret

    def password(self, name: str) -> str | None:
        return self._get(self._service, name)

    def remember_password(self, name: str, password: str) -> None:
        self._set(self._service, name, password)

    def forget_password(self, name: str) -> None:
        try:
            keyring.delete_password(self._service, name)
        except PasswordDeleteError:
            return  # there was none
        except Exception as error:
            raise NoKeyringError(str(error)) from error

    def _get(self, service: str, name: str) -> str | None:
        _refuse_no_keyring()
        try:
            return keyring.get_password(service, name)
        except Exception as error:  # backends raise what their systems raise
            raise NoKeyringError(str(error)) from error

    def _set(self, service: str, name: str, secret: str) -> None:
        _refuse_no_keyring()
        try:
            _stay_on_this_pc()
            keyring.set_password(service, name, secret)
        except Exception as error:
            raise NoKeyringError(str(error)) from error


def _stay_on_this_pc() -> None:
    """Windows would let a secret roam with a domain account, and two PCs share one key."""
    backend = keyring.get_keyring()
    if hasattr(backend, "persist"):
        backend.persist = "local machine"


def session_secret() -> bytes:
    """In place of `machine_secret` where there is no keyring: good for this run only."""
    return secrets.token_bytes(KEY_BYTES)


def run_key(suite: suites.Suite = suites.RSA) -> suites.PrivateKey:
    """The fresh key of a run, in memory only. RSA-2048 takes 50 to 300 ms, SM2 5.

    suite: that of the platform's certificate. Raises `sm2.MissingError` without the extra.
    """
    if suite is suites.SM2:
        return sm2.engine().generate()
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def _refuse_no_keyring() -> None:
    try:
        backend = keyring.get_keyring()
    except (KeyringError, RuntimeError) as error:
        raise NoKeyringError(str(error)) from error
    if isinstance(backend, fail.Keyring | null.Keyring):
        raise NoKeyringError("this system has no keyring")
