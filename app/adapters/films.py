"""Between the platform's films and the media cache: addresses that are good now, and the rules.

`Films` is asked from the cache's threads, hence the lock.
"""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from player.media_rules import KEY_BYTES, MediaRules
from sync.contract import MediaAddress, Policy, RenditionInfo
from sync.ports import GatewayError, NoKeyringError, RefusedError, Secrets

log = logging.getLogger(__name__)

RENEW_BEFORE_S = 60.0
"""An address that ends so soon is asked for anew: a range may take a while to come."""
_MEBIBYTE = 1024 * 1024


class Films:
    """url: the platform's. media_address: its gateway's. authorization: the run's headers.

    preferred: the platform's address that is asked first now, where it has two.
    """

    def __init__(
        self,
        url: str,
        *,
        media_address: Callable[[str], MediaAddress],
        authorization: Callable[[], Mapping[str, str]],
        utc_s: Callable[[], float],
        preferred: Callable[[], str] | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._preferred = preferred or (lambda: self._url)
        self._media_address = media_address
        self._authorization = authorization
        self._utc_s = utc_s
        self._signed: set[str] = set()
        self._addresses: dict[str, MediaAddress] = {}
        self._lock = threading.Lock()

    def url_of(self, rendition: RenditionInfo) -> str:
        """The name under which player and cache know a rendition: it never changes."""
        url = self._url + rendition.path
        if rendition.signed:
            with self._lock:
                self._signed.add(url)
        return url

    def locate(self, url: str, refused: bool) -> str:
        """Where to get it now. OSError if the platform cannot say at the moment."""
        with self._lock:
            if url not in self._signed:
                known_as = url.startswith(self._url + "/")
                return self._preferred() + url.removeprefix(self._url) if known_as else url
            known = self._addresses.get(url)
        if known is not None and not refused and self._lasts(known):
            return known.url
        try:
            fresh = self._media_address(url.removeprefix(self._url))
        except RefusedError as error:
            log.info("no address for a film: %s", error.code)
            return url  # the platform says the same when it is asked for the film itself
        except GatewayError as error:
            raise OSError(f"the platform gave no address: {type(error).__name__}") from error
        with self._lock:
            self._addresses[url] = fresh
        return fresh.url

    def authorize(self, url: str) -> Mapping[str, str]:
        """Credentials for the platform's own addresses alone, and for none that is signed."""
        asked = urlsplit(url)
        own = [urlsplit(each) for each in (self._url, self._preferred())]
        same = (asked.scheme, asked.netloc) in [(each.scheme, each.netloc) for each in own]
        return self._authorization() if same and "signature=" not in asked.query else {}

    def _lasts(self, address: MediaAddress) -> bool:
        """Whether it will do for a while. A clock that is wrong costs a question, no film."""
        try:
            ends_s = datetime.fromisoformat(address.expires_at).timestamp()
        except ValueError:
            return False
        return ends_s - self._utc_s() > RENEW_BEFORE_S


def rules_of(policy: Policy, shared: Path, secrets: Secrets) -> MediaRules:
    """What the platform's policy says of films, for this PC. What can't be kept is left out."""
    key = _key(policy, secrets)
    together = policy.media_shared and (policy.media_key is not None or not policy.media_encrypted)
    if policy.media_shared and not together:
        log.warning("films that are encrypted and shared need the policy's media_key: not shared")
    try:
        return MediaRules(
            max_bytes=policy.media_cache_mb * _MEBIBYTE,
            encrypted=policy.media_encrypted,
            key=key,
            shared_folder=shared if together else None,
            proxy=policy.media_proxy.rstrip("/"),
            folder=Path(policy.media_folder) if policy.media_folder else None,
        )
    except ValueError as error:
        log.warning("the policy's rules for films: %s", error)
        return MediaRules(policy.media_cache_mb * _MEBIBYTE, encrypted=key is not None, key=key)


def _key(policy: Policy, secrets: Secrets) -> bytes | None:
    """The institution's key; where there is none and one is needed, this user's own."""
    if policy.media_key is not None:
        text = policy.media_key
        try:
            key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            key = b""
        if len(key) == KEY_BYTES:
            return key
        log.warning("the policy's media_key has %d bytes", len(key))
    if not policy.media_encrypted:
        return None
    try:
        secret = secrets.machine_secret()
    except NoKeyringError:
        return token_bytes(KEY_BYTES)  # good for this run only: the next one fetches anew
    return HKDF(hashes.SHA256(), KEY_BYTES, None, b"anxue films").derive(secret)
