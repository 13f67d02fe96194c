"""A look at the connection says which step ends, and speaks of it in words."""

import json
import ssl
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import get_args

import pytest

import main
from app import texts
from app.errors import Trouble
from sync.adapters.connection import examine
from sync.adapters.gateway import HttpGateway
from sync.adapters.line import LineSession
from sync.adapters.proxies import PAC_SETTING, Proxies
from sync.connection import STAGES, Examined, Finding, Wrong, judged
from tests.answering import HTML, Reply, Server
from tests.tls_rig import ADDRESS, Authority

SHA = "5a" * 32
HEALTH = {
    "status": "ok",
    "version": "1.2",
    "demo": False,
    "certificate_sha256": SHA,
    "now": "2026-11-24T08:00:00Z",
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", PAC_SETTING):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.say(HEALTH, Date=formatdate(time.time(), usegmt=True))
    yield server
    server.close()


def look(url: str, proxies: Proxies | None = None, sha256: str = SHA) -> Examined:
    gateway = HttpGateway("https://a.invalid", proxies=proxies, probe_port=9)
    return examine(gateway, url, trusted_sha256=sha256)


def wrongs(examined: Examined) -> list[tuple[str, str]]:
    return [(each.stage, each.wrong) for each in examined.findings if each.wrong]


def test_all_is_well(server: Server) -> None:
    examined = look(server.url)
    assert examined.well
    assert tuple(each.stage for each in examined.findings) == STAGES
    assert "authorization" not in server.asked[-1].headers


@pytest.mark.parametrize(
    ("reply", "stage", "wrong"),
    [
        (Reply(200, HTML), "answer", "portal"),
        (Reply(511, HTML), "answer", "portal"),
        (Reply(200, b"{}"), "answer", "nonsense"),
        (Reply(500, b""), "answer", "server_fault"),
        (Reply(429, b""), "answer", "busy"),
        (Reply(None), "answer", "unreachable"),
    ],
)
def test_an_answer_that_is_none(server: Server, reply: Reply, stage: str, wrong: str) -> None:
    server.reply = reply
    assert wrongs(look(server.url)) == [(stage, wrong)]


def test_names_ports_and_ways(server: Server) -> None:
    assert wrongs(look("https://nowhere.invalid")) == [("name", "name_unknown")]
    assert wrongs(look("https://127.0.0.1:9")) == [("connect", "unreachable")]
    plain = server.url.replace("http:", "https:")
    assert wrongs(look(plain)) == [("tls", "unreachable")]

    class Nowhere(Proxies):
        def ways(self, url: str) -> tuple[str, ...]:
            return ()

    nowhere = Nowhere(lambda: LineSession(None))
    assert wrongs(look(server.url, nowhere)) == [("way", "no_way")]


def test_inspection(tmp_path: Path) -> None:
    context: ssl.SSLContext = Authority(tmp_path).server()
    server = Server(host=ADDRESS, tls=context)
    try:
        assert wrongs(look(server.url)) == [("tls", "line_untrusted")]
    finally:
        server.close()


def test_another_platform_and_a_clock(server: Server) -> None:
    server.say(HEALTH, Date=formatdate(time.time() - 7200, usegmt=True))
    examined = look(server.url, sha256="6b" * 32)
    assert wrongs(examined) == [("identity", "untrusted_platform"), ("clock", "clock_off")]
    assert examined.findings[-1].seconds == pytest.approx(7200, abs=5)
    assert not examined.well
    assert look(server.url).well, "one can study with a clock that is off"
    demo = judged(
        "https://a.invalid",
        (),
        told_sha256=SHA,
        trusted_sha256="",
        demo=True,
        production=True,
        clock_off_s=None,
    )
    assert wrongs(demo) == [("identity", "demo_platform")]


def test_every_wrong_has_words_of_its_own() -> None:
    seen = set()
    for wrong in get_args(Wrong):
        words = texts.connection_step(lambda _context, source: source, Finding("name", wrong))
        assert Trouble(wrong)
        assert words.what
        assert words.todo
        seen.add(words.what)
    assert len(seen) == len(get_args(Wrong))


def test_the_command(server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    none = str(tmp_path / "none.pem")
    assert main.main(["diagnose", "--connection", server.url, "--certificate", none]) == 0
    said = capsys.readouterr().out
    assert "✓ 平台  平台有回答，版本 1.2。" in said
    server.reply = Reply(200, HTML)
    command = ["diagnose", "--connection", server.url, "--certificate", none, "--json"]
    assert main.main(command) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["findings"][-1]["wrong"] == "portal"
    assert main.main(["diagnose", "--connection", "http://a.invalid"]) == 2
