"""What stands between a learner's PC and the platform: proxies, portals, inspection, clocks."""

import subprocess
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from functools import partial
from pathlib import Path

import pytest

from sync.adapters.connection import examine
from sync.adapters.gateway import HttpGateway
from sync.adapters.line import LineSession
from sync.adapters.pac_child import PacError, find_proxy
from sync.adapters.proxies import DIRECT, MAX_SCRIPT, PAC_SETTING, Proxies, usable
from sync.connection import Finding
from sync.ports import (
    ClockWrongError,
    LineUntrustedError,
    PortalError,
    ProxyAskedError,
    UnreachableError,
)
from tests.answering import HTML, Reply, Server, signed_in
from tests.tls_rig import ADDRESS, Authority

YEAR_S = 365 * 86_400.0
CLOSED = 9
"""A port where nobody listens: nothing is found out by asking in the open."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """An administrator put the authority among the system's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))


@pytest.fixture(scope="module")
def platform(authority: Authority) -> Iterator[Server]:
    server = Server(host=ADDRESS, tls=authority.server())
    yield server
    server.close()


@pytest.fixture(autouse=True)
def calm(platform: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy but the test's own; a platform that answers."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", PAC_SETTING):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    platform.asked.clear()
    platform.say({"courses": []}, Date=formatdate(time.time(), usegmt=True))


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real proxy that asks for a name and password: host:port."""
    file = tmp_path_factory.mktemp("proxy") / "port"
    command = [sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", "0"]
    command += ["--port-file", str(file), "--basic-auth", "room:open sesame", "--num-workers", "1"]
    command += ["--num-acceptors", "1", "--log-level", "CRITICAL"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until_s = time.monotonic() + 30
    while not (file.exists() and file.read_text().strip()) and time.monotonic() < until_s:
        process.poll()
        time.sleep(0.05)
    yield f"127.0.0.1:{file.read_text().strip()}"
    process.terminate()
    process.wait(10)


def straight() -> LineSession:
    return LineSession(None)


def gateway(
    platform: Server, proxies: Proxies | None = None, *, port: int = CLOSED, ahead_s: float = 0.0
) -> HttpGateway:
    return HttpGateway(
        platform.url,
        timeouts_s=(3, 5),
        proxies=proxies,
        probe_port=port,
        utc_s=lambda: time.time() + ahead_s,
    )


# ---- TLS: whose certificate, and what time it is.


@pytest.mark.usefixtures("trusted")
def test_an_authority_of_the_room_counts_once_the_system_has_it(platform: Server) -> None:
    assert gateway(platform).courses().courses == ()


def test_inspection_by_an_authority_that_nobody_put_there(platform: Server) -> None:
    with pytest.raises(LineUntrustedError):
        gateway(platform).courses()
    assert platform.asked == [], "nothing of the question went out"


def test_a_portal_in_front_of_tls(platform: Server) -> None:
    portal = Server(host=ADDRESS)
    try:
        for reply in (
            Reply(302, b"", {"Location": "http://portal.invalid/sign-in"}),
            Reply(511, HTML),
            Reply(200, HTML, {"Content-Type": "text/html"}),
        ):
            portal.reply = reply
            with pytest.raises(PortalError):
                gateway(platform, port=portal.port).courses()
        # A server of the platform's own that leads to https is none.
        portal.reply = Reply(301, b"", {"Location": f"https://{ADDRESS}/"})
        with pytest.raises(LineUntrustedError):
            gateway(platform, port=portal.port).courses()
        assert all(not each.body and "authorization" not in each.headers for each in portal.asked)
    finally:
        portal.close()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("begins_days", [-400, 300])
def test_a_clock_that_is_off(authority: Authority, begins_days: float) -> None:
    """The certificate's time is over, or not yet come: whoever answers in the open knows why."""
    elsewhere = Server(host=ADDRESS, tls=authority.server(begins_days=begins_days))
    witness = Server(host=ADDRESS)
    off_s = -begins_days * 86_400.0
    now = formatdate(time.time() - off_s, usegmt=True)
    witness.reply = Reply(301, b"", {"Location": f"https://{ADDRESS}/", "Date": now})
    try:
        with pytest.raises(ClockWrongError) as caught:
            gateway(elsewhere, port=witness.port).courses()
        assert caught.value.off_s == pytest.approx(off_s, abs=5)
        # Without a witness: a certificate from the future is the clock's, an old one anybody's.
        with pytest.raises(UnreachableError) as caught_:
            gateway(elsewhere).courses()
        expected = ClockWrongError if begins_days > 0 else LineUntrustedError
        assert type(caught_.value) is expected
    finally:
        elsewhere.close()
        witness.close()


# ---- Proxies.


@pytest.mark.usefixtures("trusted")
def test_a_proxy_that_wants_a_name_and_password(
    platform: Server, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy}")
    client = gateway(platform)
    with pytest.raises(ProxyAskedError) as caught:
        client.courses()
    assert (caught.value.proxy, caught.value.offered) == (proxy, ("basic",))
    assert not caught.value.refused
    client.proxies.log_in(proxy, "room", "a wrong one")
    with pytest.raises(ProxyAskedError) as caught:
        client.courses()
    assert caught.value.refused
    assert "wrong one" not in str(caught.value)
    assert platform.asked == []
    client.proxies.log_in(proxy, "room", "open sesame")
    assert client.courses().courses == ()
    assert "proxy-authorization" not in platform.asked[-1].headers, "that is the proxy's alone"


@pytest.mark.usefixtures("trusted")
def test_what_the_keyring_has_for_a_proxy_is_used(
    platform: Server, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy}")
    kept = {proxy: ("room", "open sesame")}
    client = gateway(platform, Proxies(straight, kept_login=kept.get))
    assert client.courses().courses == ()


@pytest.mark.usefixtures("trusted")
def test_a_proxy_script_and_the_next_way_where_one_is_closed(platform: Server, proxy: str) -> None:
    room = Server()
    room.reply = Reply(
        200,
        b"function FindProxyForURL(url, host) {"
        b"  if (url != 'https://%s/') return 'DIRECT';"
        b"  if (!isInNet(host, '127.0.0.0', '255.0.0.0')) return 'DIRECT';"
        b"  return 'SOCKS 127.0.0.1:9; PROXY 127.0.0.1:9; PROXY %s';"
        b"}" % (ADDRESS.encode(), proxy.encode()),
        {"Content-Type": "application/x-ns-proxy-autoconfig"},
    )
    try:
        proxies = Proxies(straight, script=lambda: f"{room.url}/proxy.pac")
        proxies.log_in(proxy, "room", "open sesame")
        closed, good = "http://127.0.0.1:9", f"http://{proxy}"
        assert proxies.ways(platform.url) == (closed, good)
        assert gateway(platform, proxies).courses().courses == ()
        assert proxies.ways(platform.url) == (good, closed), "what failed comes last for a while"
        assert [each.path for each in room.asked] == ["/proxy.pac"], "the script is asked once"
        assert proxies.ways("http://127.0.0.1:8000") == (DIRECT,), "this machine needs no proxy"
    finally:
        room.close()


def test_scripts_that_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fixed proxy stands in for each of them."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    room = Server()
    big, page = tmp_path / "big.pac", tmp_path / "page.pac"
    big.write_bytes(b" " * (MAX_SCRIPT + 1))
    page.write_bytes(HTML)
    try:
        room.reply = Reply(302, b"", {"Location": "http://127.0.0.1/other.pac"})
        for script in (
            "http://8.8.8.8/proxy.pac",
            room.url,
            str(big),
            page.as_uri(),
            str(tmp_path / "none.pac"),
        ):
            ways = Proxies(straight, script=partial(str, script)).ways("https://a.invalid")
            assert ways == ("http://127.0.0.1:3128",), script
        assert len(room.asked) == 1, "no redirect is followed"
    finally:
        room.close()


def test_a_script_without_end_is_ended() -> None:
    begun_s = time.monotonic()
    with pytest.raises(PacError, match="no answer"):
        find_proxy("function FindProxyForURL(u, h) { while (true) {} }", "a.invalid", longest_s=2.0)
    assert time.monotonic() - begun_s < 10


@pytest.mark.parametrize(
    "script",
    [
        "this is not JavaScript",
        "function FindProxyForURL(u, h) { if (h == 'a.invalid') throw 'no'; return 'DIRECT'; }",
    ],
)
def test_a_script_that_says_nothing_of_use(script: str) -> None:
    with pytest.raises(PacError, match="script"):
        find_proxy(script, "a.invalid", longest_s=20.0)


def test_a_script_without_a_word_means_straight() -> None:
    script = "function FindProxyForURL(u, h) { return null; }"
    assert usable(find_proxy(script, "a.invalid", longest_s=20.0)) == (DIRECT,)


def test_what_can_be_used_of_a_scripts_answer() -> None:
    told = "PROXY a:1; HTTPS b:2; SOCKS c:3; SOCKS5 d:4; nonsense; PROXY a:1; DIRECT"
    assert usable(told) == ("http://a:1", "https://b:2", DIRECT)
    assert usable("SOCKS c:3") == ()


@pytest.mark.parametrize("odd", ["a:99999", "a:b", ":80", "[::1", "a:80:90", "a\x00:80", "a:0"])
def test_an_address_that_is_none_is_passed_over(
    platform: Server, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    """Of a script's ways the next one is taken; a fixed setting leads nowhere, and says so."""
    assert usable(f"PROXY {odd}; DIRECT") == (DIRECT,)
    if "\x00" in odd:
        return  # no setting can hold it
    monkeypatch.setenv("https_proxy", f"http://{odd}")
    monkeypatch.delenv("no_proxy", raising=False)
    proxies = Proxies(straight)
    assert proxies.ways("https://a.invalid") == ()
    line = gateway(platform, proxies)
    with pytest.raises(UnreachableError):
        line.courses()
    assert examine(line, platform.url).findings[-1] == Finding("way", "no_way")


def test_no_way_out(platform: Server) -> None:
    class Nowhere(Proxies):
        def ways(self, url: str) -> tuple[str, ...]:
            return ()

    with pytest.raises(UnreachableError, match="ProxyError"):
        gateway(platform, Nowhere(straight)).courses()


def test_surroundings_change_nothing(
    platform: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `.netrc` would put another Authorization in the place of the token."""
    file = tmp_path / ".netrc"
    file.write_text("machine 127.0.0.1 login other password other\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    plain = Server()
    try:
        client = HttpGateway(plain.url, timeouts_s=(2, 5))
        signed_in(plain, client)
        plain.say({"courses": []})
        client.courses()
        assert plain.asked[-1].headers["authorization"] == "Bearer t-1"
    finally:
        plain.close()
