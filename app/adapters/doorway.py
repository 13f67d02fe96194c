"""The room's proxy and what it was told: kept in the system's keyring if the learner wants."""

from __future__ import annotations

import json
from collections.abc import Callable

from sync.connection import Examined
from sync.ports import NoKeyringError, Secrets


class Doorway:
    """Implements `app.adapters.courier_parts.Doorway`. use: (host:port, name, password), at once.

    examine: looks at the connection to each address of the platform.
    """

    def __init__(
        self,
        secrets: Secrets,
        use: Callable[[str, str, str], None],
        examine: Callable[[], tuple[Examined, ...]],
    ) -> None:
        self.examine = examine
        self.use = use
        self._secrets = secrets

    def remember(self, proxy: str, name: str, password: str) -> bool:
        """False if it could not be. Takes its time: a keyring may ask somebody first."""
        try:
            self._secrets.remember_password(_entry(proxy), json.dumps([name, password]))
        except NoKeyringError:
            return False
        return True


def kept_login(secrets: Secrets, proxy: str) -> tuple[str, str] | None:
    """Name and password of an earlier time, None without."""
    try:
        kept = secrets.password(_entry(proxy))
    except NoKeyringError:
        return None
    try:
        name, password = json.loads(kept or "[]")
    except (ValueError, TypeError):
        return None
    return str(name), str(password)


def _entry(proxy: str) -> str:
    return f"proxy {proxy}"
