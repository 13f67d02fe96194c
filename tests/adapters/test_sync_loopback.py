"""The browser comes back: one door on this machine, one answer, nothing else."""

import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from sync import seal, signing_on, trust
from sync.adapters.gateway import HttpGateway
from sync.adapters.loopback import Loopback
from sync.contract import ClientInfo, OidcProvider
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.seed import seed_demo
from sync.session import accept_session
from tests.contract.course import make_course
from tests.contract.serve import COURSE, command
from tests.provider import honest, provider
from tests.sync_rig import rsa_key

WORDS = "您已登录 <b>，请回到安学。"
PROVIDER = OidcProvider(
    issuer="https://sso.invalid",
    authorization_endpoint="https://sso.invalid/authorize",
    client_id="anxue",
    scope="openid",
)


def test_the_browser_brings_the_code() -> None:
    with Loopback() as door, ThreadPoolExecutor(1) as pool:
        attempt = signing_on.begin(PROVIDER, door.redirect_uri, secrets.token_bytes(96))
        waiting = pool.submit(door.wait, 20.0, WORDS)
        away = door.redirect_uri.removesuffix("/signed-in")
        assert httpx.get(f"{away}/favicon.ico").status_code == 404
        assert httpx.get(door.redirect_uri).status_code == 404  # nothing was brought
        brought = {"code": "c-1", "state": attempt.state, "iss": "https://sso.invalid"}
        page = httpx.get(door.redirect_uri, params=brought)
        assert page.status_code == 200
        assert "您已登录 &lt;b&gt;，请回到安学。" in page.text
        assert page.headers["cache-control"] == "no-store"
        query = waiting.result(20)
        assert query is not None
        assert signing_on.returned(attempt, query) == "c-1"


def test_a_door_that_nobody_comes_to_closes() -> None:
    with Loopback() as door:
        assert door.wait(0.0, WORDS) is None
        assert door.wait(60.0, WORDS, lambda: True) is None
        address = urlsplit(door.redirect_uri)
        assert address.hostname == "127.0.0.1"
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", address.port or 0)) != 0


def test_each_door_has_a_port_of_its_own() -> None:
    with Loopback() as one, Loopback() as other:
        assert one.redirect_uri != other.redirect_uri


def test_from_the_button_to_the_run_over_real_lines(tmp_path: Path) -> None:
    """Program, browser, provider and platform, each with a server of its own."""
    make_course(tmp_path / COURSE)
    seed_demo(tmp_path / "data")
    with provider() as told:
        (tmp_path / "data" / "integrations.toml").write_text(
            f'[sign_on]\nissuer = "{told.url}"\nclient_id = "anxue"\n'
        )
        with EmbeddedPlatform(command(tmp_path)) as platform, Loopback() as door:
            line = HttpGateway(platform.url)
            ways = line.sign_in_ways()
            assert ways.oidc is not None
            attempt = signing_on.begin(ways.oidc, door.redirect_uri, secrets.token_bytes(96))
            with ThreadPoolExecutor(1) as pool:
                waiting = pool.submit(door.wait, 20.0, WORDS)
                asked = dict(httpx.URL(attempt.url).params)
                claims = honest(told, asked["client_id"], asked["nonce"])
                code = told.code(asked["code_challenge"], claims)
                brought = {"code": code, "state": asked["state"]}
                httpx.get(asked["redirect_uri"], params=brought)
                query = waiting.result(20)
            assert query is not None
            code = signing_on.returned(attempt, query)
            client = ClientInfo(version="0.1.0", system="a test", language="zh_CN")
            key = rsa_key(1).public_key()
            message = signing_on.sign_in(attempt, code, client, seal.spki(key))
            session = line.sign_in(message)
            anchor = trust.load(platform.certificate.read_text("ascii"))
            assert accept_session(session, anchor, "demo", key).learner.id == "demo"
            assert line.courses().courses
