"""Looks at the connection step by step, as a technician would, and says where it ends."""

import socket
from urllib.parse import urlsplit

from sync.adapters.gateway import HttpGateway
from sync.adapters.proxies import DIRECT, place
from sync.connection import Examined, Finding, Stage, Wrong, judged
from sync.contract import Health
from sync.ports import (
    ClockWrongError,
    GatewayError,
    LineUntrustedError,
    PortalError,
    ProxyAskedError,
    ServerFaultError,
    UnreachableError,
)

CONNECT_S = 5.0


def examine(
    gateway: HttpGateway, address: str, *, trusted_sha256: str = "", production: bool = True
) -> Examined:
    """Look at one address with the ways out that `gateway` has; takes up to half a minute.

    trusted_sha256: of the platform's certificate (DER) on this PC. No name, password or token
    goes out: a name is looked up, a connection made, and `GET health` asked.
    """
    ways = gateway.proxies.ways(address)
    through = ways[0] if ways else DIRECT
    aim = place(through) if through else urlsplit(address).netloc
    host, port = _host_and_port(through or address)
    found: list[Finding] = []
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found.append(Finding("name", detail=host))
    except (OSError, UnicodeError):
        return Examined(address, (Finding("name", "name_unknown", host),))
    if not ways:
        return Examined(address, (*found, Finding("way", "no_way")))
    found.append(Finding("way", detail=place(through)))
    try:
        socket.create_connection((host, port), CONNECT_S).close()
        found.append(Finding("connect", detail=aim))
    except OSError as error:
        return Examined(address, (*found, Finding("connect", "unreachable", type(error).__name__)))
    other = HttpGateway(address, proxies=gateway.proxies, probe_port=gateway.probe_port)
    try:
        health = other.health()
    except GatewayError as error:
        return Examined(address, (*found, *_failed(error)))
    finally:
        other.close()
    return _judged(address, found, health, other.clock_off_s(), trusted_sha256, production)


def _judged(
    address: str,
    found: list[Finding],
    health: Health,
    off_s: float | None,
    trusted_sha256: str,
    production: bool,
) -> Examined:
    return judged(
        address,
        (*found, Finding("tls"), Finding("answer", detail=health.version)),
        told_sha256=health.certificate_sha256,
        trusted_sha256=trusted_sha256,
        demo=health.demo,
        production=production,
        clock_off_s=off_s,
    )


def _failed(error: GatewayError) -> tuple[Finding, ...]:
    """At which step it ended."""
    tls = Finding("tls")
    wrong: Wrong
    match error:
        case ProxyAskedError(proxy=proxy, offered=offered):
            known = not offered or "basic" in offered
            wrong = "proxy_asks" if known else "proxy_way_unknown"
            found = [Finding("connect", wrong, f"{proxy} {' '.join(offered)}".strip())]
        case LineUntrustedError():
            found = [Finding("tls", "line_untrusted", str(error))]
        case ClockWrongError(off_s=off_s):
            found = [Finding("tls", "clock_wrong", str(error), off_s)]
        case PortalError():
            found = [Finding("answer", "portal", str(error))]
        case UnreachableError():
            stage: Stage = "tls" if "SSL" in str(error) else "answer"
            found = [Finding(stage, "unreachable", str(error))]
        case ServerFaultError(status=status):
            wrong = "busy" if status == 429 else "server_fault"
            found = [tls, Finding("answer", wrong, str(error))]
        case _:
            found = [tls, Finding("answer", "nonsense", str(error)[:200])]
    return tuple(found)


def _host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
