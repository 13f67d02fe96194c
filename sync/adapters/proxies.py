"""Which way out of this PC: the room's proxy, the system's proxy script, or straight.

Asked in this order: a script (`PAC`) that an administrator named, or the system's own setting
(Windows); the system's fixed proxy (registry, or `https_proxy`, with its exceptions); straight.
No proxy is ever looked for by name in the network (WPAD): whoever answers first would get the
traffic. A script is read from a file, over https, or over plain http from this very network
(private addresses) only; at most 256 KiB, no redirects, and run in a process of its own.
"""

import ipaddress
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from urllib.request import url2pathname

import requests
from requests.utils import get_environ_proxies, select_proxy

from sync.adapters.pac_child import PacError, find_proxy

log = logging.getLogger(__name__)

DIRECT = ""
PAC_SETTING = "ANXUE_PAC"
MAX_SCRIPT = 256 * 1024
KEEP_S = 600.0
KEEP_FAILURE_S = 60.0
AVOID_S = 300.0
_TIMEOUTS_S = (3.0, 5.0)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class ProxyLogin:
    """What the proxy's administrator gave the learner; nothing to do with their account."""

    name: str
    password: str = field(repr=False)


def system_script() -> str:
    """Address or path of the proxy script that is set on this PC, "" for none."""
    told = os.environ.get(PAC_SETTING, "")
    if told or sys.platform != "win32":
        return told
    from pypac.os_settings import autoconfig_url_from_registry

    return str(autoconfig_url_from_registry() or "")


class Proxies:
    """For any thread. open_session: what a script is fetched with; script: see `system_script`.

    kept_login: name and password that are kept for a proxy (host:port).
    """

    def __init__(
        self,
        open_session: Callable[[], requests.Session],
        *,
        script: Callable[[], str] = system_script,
        now_s: Callable[[], float] = time.monotonic,
        kept_login: Callable[[str], tuple[str, str] | None] = lambda _proxy: None,
    ) -> None:
        self._open_session = open_session
        self._script = script
        self._now_s = now_s
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._avoided: dict[str, float] = {}
        self._logins: dict[str, ProxyLogin | None] = {}
        self._kept_login = kept_login

    def log_in(self, proxy: str, name: str, password: str) -> None:
        """Name and password for `proxy` (host:port), from now on."""
        with self._lock:
            self._logins[proxy] = ProxyLogin(name, password)

    def login(self, proxy: str) -> ProxyLogin | None:
        """What was told, or is kept from an earlier time."""
        with self._lock:
            if proxy in self._logins:
                return self._logins[proxy]
        kept = self._kept_login(proxy)
        with self._lock:
            return self._logins.setdefault(proxy, ProxyLogin(*kept) if kept else None)

    def ways(self, url: str) -> tuple[str, ...]:
        """Addresses of proxies for `url`, DIRECT for none, best first; none: there is no way.

        Those that did not work in the last minutes come last.
        """
        host = urlsplit(url).hostname or ""
        if host in _LOOPBACK:
            return (DIRECT,)
        ways = self._ways(host, url)
        now_s = self._now_s()
        with self._lock:
            return tuple(sorted(ways, key=lambda way: self._avoided.get(way, 0.0) > now_s))

    def with_login(self, way: str) -> str:
        """The address with the name and password that were given for it."""
        login = self.login(place(way)) if way else None
        if login is None:
            return way
        parts = urlsplit(way)
        told = f"{quote(login.name, safe='')}:{quote(login.password, safe='')}"
        return f"{parts.scheme}://{told}@{place(way)}"

    def failed(self, way: str) -> None:
        """It could not be reached: the others first, for a while."""
        with self._lock:
            self._avoided[way] = self._now_s() + AVOID_S

    def _ways(self, host: str, url: str) -> tuple[str, ...]:
        script = self._script()
        if not script:
            return _fixed(url)
        now_s = self._now_s()
        with self._lock:
            until_s, ways = self._known.get(host, (0.0, ()))
        if now_s < until_s:
            return ways
        keep_s = KEEP_S
        try:
            ways = usable(find_proxy(self._fetch(script), host))
        except (PacError, OSError, ValueError) as error:
            # A room whose script cannot be had may still let the fixed proxy or nothing do.
            log.warning("the proxy script is not used: %s", error)
            ways, keep_s = _fixed(url), KEEP_FAILURE_S
        with self._lock:
            self._known[host] = self._now_s() + keep_s, ways
        return ways

    def _fetch(self, script: str) -> str:
        """The script's text. Raises OSError, ValueError."""
        parts = urlsplit(script)
        if parts.scheme not in ("http", "https"):
            path = Path(url2pathname(unquote(parts.path)) if parts.scheme == "file" else script)
            with path.open("rb") as file:
                return _text(file.read(MAX_SCRIPT + 1))
        if parts.scheme == "http" and not _of_this_network(parts.hostname or ""):
            raise ValueError("over plain http only from this very network")
        with (
            self._open_session() as session,
            session.get(
                script, timeout=_TIMEOUTS_S, stream=True, allow_redirects=False, proxies={}
            ) as answer,
        ):
            if answer.status_code != 200:
                raise ValueError(f"status {answer.status_code}")
            body = b""
            until_s = self._now_s() + sum(_TIMEOUTS_S)
            for chunk in answer.iter_content(16 * 1024):
                body += chunk
                if len(body) > MAX_SCRIPT or self._now_s() > until_s:
                    break
            return _text(body)


def usable(told: str) -> tuple[str, ...]:
    """What can be used of "PROXY a:1; SOCKS b:2; DIRECT". SOCKS cannot: no library is carried."""
    from pypac.parser import proxy_url

    ways = []
    for each in filter(None, (part.strip() for part in told.split(";"))):
        try:
            way = proxy_url(each)
        except ValueError:
            continue
        if way == "DIRECT":
            ways.append(DIRECT)
        elif not way.startswith("socks") and _is_address(way):
            ways.append(way)
    return tuple(dict.fromkeys(ways))


def _is_address(way: str) -> bool:
    """Whether one can go there at all: what cannot be is passed over, as browsers do."""
    try:
        parts = urlsplit(way)
        there = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return there and way.isprintable()


def place(way: str) -> str:
    """host:port of a proxy's address, without what else may stand in it."""
    return urlsplit(way).netloc.rpartition("@")[2]


def _fixed(url: str) -> tuple[str, ...]:
    proxies = {name: way for name, way in get_environ_proxies(url).items() if way}
    way = select_proxy(url, proxies)
    if not way or way.startswith("socks"):
        return (DIRECT,)
    way = way if "://" in way else f"http://{way}"
    return (way,) if _is_address(way) else ()


def _of_this_network(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    return bool(addresses) and all(each.is_private or each.is_link_local for each in addresses)


def _text(body: bytes) -> str:
    if len(body) > MAX_SCRIPT:
        raise ValueError(f"more than {MAX_SCRIPT} bytes")
    text = body.decode("utf-8", "replace")
    if text.lstrip().startswith("<"):
        raise ValueError("a page, not a script")
    return text
