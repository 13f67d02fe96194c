"""The room's proxy and what it was told: kept in the system's keyring if the learner wants."""

from __future__ import annotations

import json
from collections.abc import Callable

from sync.connection import Examined
from sync.ports import NoKeyringError, Secrets


class Doorway:
    """Implements `app.adapters.courier_parts.Doorway`. use: (host:port, name, password).

    examine: looks at the connection to each address of the platform.
    """

    def __init__(
        self,
        secrets: Secrets,
        use: Callable[[str, str, str], None],
        examine: Callable[[], tuple[Examined, ...]],
    ) -> None:
        self.examine = examine
        self._secrets = secrets
        self._use = use

    def log_in(self, proxy: str, name: str, password: str, *, remember: bool) -> bool:
        """False if it was to be remembered and could not be."""
        self._use(proxy, name, password)
        if not remember:
            return True
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
    except ValueError:
        return None
    return str(name), str(password)


def _entry(proxy: str) -> str:
    return f"proxy {proxy}"
