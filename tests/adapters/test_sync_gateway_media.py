"""What a film needs of the platform: addresses, captions, small pictures; from any thread."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sync.adapters.gateway import MAX_FILE, HttpGateway
from sync.ports import (
    GatewayError,
    NonsenseError,
    RefusedError,
    ServerFaultError,
    UnreachableError,
)
from tests.answering import HTML, Reply, Server, signed_in

FILM = "/v1/media/first/high.mp4"
ADDRESS = {"url": f"{FILM}?expires=1&signature=abc", "expires_at": "2026-11-23T14:00:00.000Z"}


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def gateway(server: Server) -> Iterator[HttpGateway]:
    gateway = HttpGateway(server.url, timeouts_s=(2, 5))
    yield gateway
    gateway.close()


def test_a_films_address_is_asked_for_with_the_token(server: Server, gateway: HttpGateway) -> None:
    signed_in(server, gateway)
    server.say(ADDRESS)
    told = gateway.media_address(FILM)
    assert told.url == server.url + ADDRESS["url"], "absolute, whoever asks for it"
    assert told.expires_at == ADDRESS["expires_at"]
    asked = server.asked[-1]
    assert (asked.method, asked.path) == ("GET", f"{FILM}/address")
    assert asked.headers["authorization"] == "Bearer t-1"
    server.say({**ADDRESS, "url": "https://films.invalid/a.mp4?s=1"})
    assert gateway.media_address(FILM).url == "https://films.invalid/a.mp4?s=1"


@pytest.mark.parametrize(
    "url",
    ["http://films.invalid/a.mp4", "ftp://films.invalid/a", "a.mp4", "", "https://", "https://["],
)
def test_a_film_comes_from_nowhere_else(server: Server, gateway: HttpGateway, url: str) -> None:
    server.say({**ADDRESS, "url": url})
    with pytest.raises(NonsenseError):
        gateway.media_address(FILM)


@pytest.mark.parametrize("path", ["@films.invalid/a.vtt", ".films.invalid/a.vtt", ":80/", ""])
def test_no_path_leads_to_another_host(server: Server, gateway: HttpGateway, path: str) -> None:
    signed_in(server, gateway)
    for ask in (gateway.media_address, gateway.media_file):
        with pytest.raises(NonsenseError):
            ask(path)
    assert len(server.asked) == 1, "nobody was shown the token"


def test_captions_and_small_pictures_come_whole(server: Server, gateway: HttpGateway) -> None:
    signed_in(server, gateway)
    content = bytes(range(256)) * 4000
    server.reply = Reply(200, content, {"Content-Type": "image/jpeg"})
    assert gateway.media_file("/v1/media/first/thumbnails.jpg") == content
    asked = server.asked[-1]
    assert asked.path == "/v1/media/first/thumbnails.jpg"
    assert asked.headers["authorization"] == "Bearer t-1"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(200, HTML, {"Content-Type": "text/html; charset=utf-8"}), NonsenseError),
        (Reply(200, b" " * (MAX_FILE + 1)), NonsenseError),
        (Reply(206, b"WEBVTT"), NonsenseError),
        (Reply(302, b"", {"Location": "http://portal.invalid/"}), NonsenseError),
        (Reply(503, b""), ServerFaultError),
        (Reply(403, b'{"code":"forbidden","detail":"no"}'), RefusedError),
        (Reply(404, b'{"code":"not_found","detail":"no"}'), RefusedError),
        (Reply(200, b"WEB", {"Content-Length": "100"}), UnreachableError),
        (Reply(None), UnreachableError),
    ],
)
def test_a_file_that_cannot_be_had(
    server: Server, gateway: HttpGateway, reply: Reply, error: type[GatewayError]
) -> None:
    server.reply = reply
    with pytest.raises(error):
        gateway.media_file("/v1/media/first/zh_CN.vtt")
    if reply.status != 200:
        with pytest.raises(error):
            gateway.media_address(FILM)


def test_a_film_that_waits_for_its_address_holds_up_no_record(
    server: Server, gateway: HttpGateway
) -> None:
    signed_in(server, gateway)
    server.was_asked.clear()
    server.reply = Reply(pause=True)
    ended: list[str] = []

    def ask() -> None:
        try:
            gateway.media_address(FILM)
        except GatewayError as error:
            ended.append(type(error).__name__)

    film = threading.Thread(target=ask)
    film.start()
    assert server.was_asked.wait(5)
    server.say({"courses": []})
    assert gateway.courses().courses == ()
    assert film.is_alive()
    assert ended == []
    server.over.set()
    film.join(10)
    assert len(ended) == 1


def test_any_thread_may_ask_at_any_time(server: Server, gateway: HttpGateway) -> None:
    signed_in(server, gateway)
    server.say(ADDRESS)
    together = threading.Barrier(8)

    def ask(_number: int) -> str:
        together.wait(5)
        return gateway.media_address(FILM).url

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {server.url + ADDRESS["url"]}
    assert {asked.headers["authorization"] for asked in server.asked[1:]} == {"Bearer t-1"}
