"""The connection itself: a session that trusts what the system trusts and goes out its way.

Also what a failure of it means: a page of the network's own, a certificate that nobody here
trusts, a clock that is wrong, a proxy that wants a name and password.
"""

import http.client
import ssl
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import truststore
from requests.adapters import HTTPAdapter

from sync.adapters.proxies import Proxies, place
from sync.ports import (
    ClockWrongError,
    LineUntrustedError,
    NonsenseError,
    PortalError,
    ProxyAskedError,
    UnreachableError,
)

PROBE_S = 3.0
CLOCK_SLACK_S = 600.0
"""TLS forgives nothing, but a clock that is off by less is not why a certificate has run out."""

LATEST_S = 7_258_118_400.0
"""The year 2200: no clock of a platform's is beyond, and texts of times have four digits."""

_NOT_YET, _EXPIRED, _WINDOWS_EXPIRED = 9, 10, 0x800B0101


class LineSession(requests.Session):
    """proxies: the ways out; None: straight. `.netrc` and other surroundings are not asked."""

    def __init__(self, proxies: Proxies | None) -> None:
        super().__init__()
        self.trust_env = False
        # What every question carries; `requests` would say more, at 90 bytes a heartbeat.
        self.headers.clear()
        self.headers.update({"User-Agent": "Anxue", "Accept-Encoding": "gzip"})
        self.mount("https://", TrustAdapter())
        self._ways = proxies

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> Any:
        """As of `requests`; a proxy that cannot be reached is passed over for the next way."""
        if self._ways is None or "proxies" in kwargs:
            return super().request(method, url, *args, **kwargs)
        address = url if isinstance(url, str) else url.decode()
        error: requests.RequestException = requests.exceptions.ProxyError("no way leads there")
        for way in self._ways.ways(address):
            through = self._ways.with_login(way)
            kwargs["proxies"] = {"http": through, "https": through} if through else {}
            try:
                return super().request(method, url, *args, **kwargs)
            except (requests.exceptions.ProxyError, requests.exceptions.ConnectTimeout) as caught:
                if not way or asks_for_login(caught):
                    raise
                # Nothing of the question has gone out yet: it may be asked again.
                self._ways.failed(way)
                error = caught
        raise error


class TrustAdapter(HTTPAdapter):
    """TLS by the system's own trust store."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().init_poolmanager(*args, **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return super().proxy_manager_for(*args, **kwargs)


def asks_for_login(error: BaseException) -> bool:
    """Whether a proxy refused the tunnel for want of a name and password."""
    return any("Tunnel connection failed: 407" in str(each) for each in _chain(error))


def meaning(
    error: BaseException,
    url: str,
    proxies: Proxies | None,
    utc_s: Callable[[], float] = time.time,
    *,
    probe_port: int = 80,
) -> UnreachableError | NonsenseError:
    """What a failed question to `url` means; asks the line once more, without any secret.

    Only kinds of errors are told: their texts may hold an address with a name in it.
    """
    if proxies is not None and asks_for_login(error):
        ways = [way for way in proxies.ways(url) if way]
        asking = ways[0] if ways else ""
        login = proxies.login(place(asking))
        return ProxyAskedError(place(asking), offered(asking, url), refused=login is not None)
    refused = next(
        (each for each in _chain(error) if isinstance(each, ssl.SSLCertVerificationError)), None
    )
    if refused is None:
        return UnreachableError(type(error).__name__)
    found = probe(url, port=probe_port)
    off_s = utc_s() - found.date_s if found.date_s is not None else None
    code = refused.verify_code & 0xFFFFFFFF
    if code in (_NOT_YET, _EXPIRED, _WINDOWS_EXPIRED):
        if off_s is not None and abs(off_s) > CLOCK_SLACK_S:
            return ClockWrongError("the certificate's time", off_s)
        if code == _NOT_YET:
            return ClockWrongError("the certificate is not yet valid")
    if found.portal:
        return PortalError("a page that stands before the platform")
    return LineUntrustedError(f"certificate not trusted ({code})")


class Probe:
    """What a bare `GET http://host/` found. date_s: by whoever answered, None without."""

    __slots__ = ("date_s", "portal", "status")

    def __init__(self, status: int = 0, *, portal: bool = False, date_s: float | None = None):
        self.status = status
        self.portal = portal
        self.date_s = date_s


def probe(url: str, *, port: int = 80) -> Probe:
    """Ask the platform's host in the open, with nothing in it: portals answer that, too."""
    host = urlsplit(url).hostname or ""
    connection = http.client.HTTPConnection(host, port, timeout=PROBE_S)
    try:
        connection.request("GET", "/", headers={"Accept": "*/*"})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read(512)
    except (OSError, http.client.HTTPException):
        return Probe()
    finally:
        connection.close()
    away = urlsplit(headers.get("location", "")).hostname not in (None, host)
    portal = answer.status == 511 or (answer.status in range(300, 400) and away)
    portal = portal or (answer.status == 200 and looks_like_a_page(headers, body))
    return Probe(answer.status, portal=portal, date_s=date_of(headers))


def looks_like_a_page(headers: dict[str, str], body: bytes) -> bool:
    kind = headers.get("content-type", "").lower()
    return "html" in kind or body.lstrip()[:1] == b"<"


def date_of(headers: dict[str, str]) -> float | None:
    """The header `Date`, seconds since the epoch; None for what is no time of ours."""
    return seconds_of(headers.get("date", ""))


def seconds_of(date: str) -> float | None:
    """A date of HTTP as seconds since the epoch, None for anything else, whatever it is."""
    try:
        found_s = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, OSError):  # numbers too large; OSError: on Windows
        return None
    return found_s if 0.0 <= found_s < LATEST_S else None


def offered(way: str, url: str) -> tuple[str, ...]:
    """How a proxy lets one sign in ("basic", "ntlm", …), by asking it for a tunnel without."""
    proxy, target = urlsplit(way), urlsplit(url)
    if proxy.scheme != "http" or not proxy.hostname:
        return ()
    connection = http.client.HTTPConnection(proxy.hostname, proxy.port or 80, timeout=PROBE_S)
    aim = f"{target.hostname}:{target.port or 443}"
    try:
        connection.putrequest("CONNECT", aim, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", aim)
        connection.endheaders()
        answer = connection.getresponse()
        told = answer.headers.get_all("Proxy-Authenticate") or []
    except (OSError, http.client.HTTPException):
        return ()
    finally:
        connection.close()
    return tuple(each.split()[0].lower().rstrip(",") for each in told if each.split())


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what it stands for, and what it was raised from."""
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
        waiting += [one for one in inner if isinstance(one, BaseException)]
