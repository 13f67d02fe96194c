"""The media cache between the player and an origin that misbehaves."""

import contextlib
import hashlib
import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from pytestqt.qtbot import QtBot

from player.adapters.cached_file import BLOCK_BYTES
from player.adapters.chatter import HARMLESS
from player.adapters.media_cache import MediaCache
from player.adapters.timing import Timing
from player.events import Failed, Fault, Mode, Opened, Recovered, Stalled
from player.ports import Rendition, Trouble
from tests.player_rig import Origin, Rig, coded, origin, rig, with_rendition

pytestmark = [pytest.mark.course, pytest.mark.qt_log_ignore(*HARMLESS)]

SIZE = 20 * BLOCK_BYTES + 123
DATA = bytes(range(251)) * (SIZE // 251 + 1)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder with one film of known bytes."""
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "film.mp4").write_bytes(DATA[:SIZE])
    return folder


@contextlib.contextmanager
def cache(folder: Path, **options: object) -> Iterator[MediaCache]:
    running = MediaCache(folder / "缓存", **options)  # type: ignore[arg-type]
    running.start()
    try:
        yield running
    finally:
        running.stop()


def rendition(at: Origin, name: str = "film.mp4") -> Rendition:
    data = (at.folder / name).read_bytes()
    return Rendition(at.base + name, len(data), hashlib.sha256(data).hexdigest(), 1, 1, 1)


def get(address: str, headers: dict[str, str] | None = None) -> requests.Response:
    return requests.get(address, headers=headers, timeout=10)


def test_hands_on_every_byte_and_fetches_it_once(films: Path, tmp_path: Path) -> None:
    with origin(films) as server, cache(tmp_path) as media:
        first = media.open(rendition(server))
        assert get(first).content == DATA[:SIZE]
        second = media.open(rendition(server))
        answer = get(second, {"Range": "bytes=1000000-1000009"})
        assert answer.status_code == 206
        assert answer.headers["Content-Range"] == f"bytes 1000000-1000009/{SIZE}"
        assert answer.content == DATA[1_000_000:1_000_010]
        assert get(second, {"Range": f"bytes={SIZE - 3}-"}).content == DATA[SIZE - 3 : SIZE]
        assert get(second, {"Range": f"bytes={SIZE}-"}).status_code == 416
        assert requests.head(second, timeout=5).headers["Content-Length"] == str(SIZE)
        assert len(server.requests) == 1


def test_a_film_fetched_once_plays_without_its_origin(films: Path, tmp_path: Path) -> None:
    with origin(films) as server:
        film = rendition(server)
        with cache(tmp_path) as media:
            assert get(media.open(film)).content == DATA[:SIZE]
        assert [each.suffix for each in (tmp_path / "缓存").iterdir()] == [".film"]
    with cache(tmp_path) as media:
        assert get(media.open(film)).content == DATA[:SIZE]


def test_a_kept_film_that_was_altered_on_disk_is_fetched_again(films: Path, tmp_path: Path) -> None:
    with origin(films) as server:
        film = rendition(server)
        with cache(tmp_path) as media:
            get(media.open(film))
        (kept,) = (tmp_path / "缓存").iterdir()
        kept.write_bytes(b"!" + kept.read_bytes()[1:])
        with cache(tmp_path) as media:
            assert get(media.open(film)).content == DATA[:SIZE]
        assert len(server.requests) == 2


def test_an_address_is_a_secret_and_ends_with_its_use(films: Path, tmp_path: Path) -> None:
    with origin(films) as server, cache(tmp_path) as media:
        address = media.open(rendition(server))
        base, secret = address.rsplit("/", 1)
        assert len(secret) >= 40
        assert address.startswith("http://127.0.0.1:")
        assert get(f"{base}/{secret[:-1]}x").status_code == 404
        assert get(f"{base}/").status_code == 404
        media.close(address)
        assert get(address).status_code == 404


def test_headers_for_the_origin_are_asked_for_each_time(films: Path, tmp_path: Path) -> None:
    """A token that expires is renewed at the first refusal, unseen by the player."""
    tokens = itertools.count()

    def authorize(url: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {next(tokens)}"}

    with origin(films) as server, cache(tmp_path, authorize=authorize) as media:
        server.check = lambda headers: 401 if headers["Authorization"] == "Bearer 0" else None
        assert get(media.open(rendition(server))).content == DATA[:SIZE]
        assert next(tokens) == 2


@pytest.mark.parametrize(
    ("status", "fault", "seen"),
    [
        (404, Fault.MISSING, 404),
        (410, Fault.MISSING, 404),
        (401, Fault.REFUSED, 403),
        (403, Fault.REFUSED, 403),
        (416, Fault.BROKEN, 502),
    ],
)
def test_says_what_the_origin_said(
    films: Path, tmp_path: Path, status: int, fault: Fault, seen: int
) -> None:
    heard: list[Trouble | None] = []
    with origin(films) as server, cache(tmp_path, on_line=heard.append) as media:
        server.status = status
        address = media.open(rendition(server))
        assert get(address).status_code == seen
        trouble = media.trouble(address)
        assert trouble is not None
        assert trouble.fault is fault
        assert heard == [trouble]
        server.status = None
        media.close(address)
        assert get(media.open(rendition(server))).content == DATA[:SIZE]


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"size_bytes": SIZE + 1}])
def test_another_film_than_announced_is_broken(
    films: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    with origin(films) as server, cache(tmp_path) as media:
        address = media.open(replace(rendition(server), **change))  # type: ignore[arg-type]
        with contextlib.suppress(requests.RequestException):
            get(address)
        assert _comes(lambda: media.trouble(address) is not None)
        trouble = media.trouble(address)
        assert trouble is not None
        assert trouble.fault is Fault.BROKEN
    assert not list((tmp_path / "缓存").iterdir())


def _comes(true: object, within_s: float = 5.0) -> bool:
    assert callable(true)
    ends = time.monotonic() + within_s
    while not true() and time.monotonic() < ends:
        threading.Event().wait(0.01)
    return bool(true())


def test_a_truncated_origin_is_broken_in_the_end(films: Path, tmp_path: Path) -> None:
    with origin(films) as server, cache(tmp_path) as media:
        server.cut_at = SIZE // 2
        address = media.open(rendition(server))
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            get(address)
        trouble = media.trouble(address)
        assert trouble is not None
        assert trouble.fault is Fault.BROKEN


@pytest.mark.parametrize("outage", ["stopped", "503"])
def test_an_outage_is_waited_for(films: Path, tmp_path: Path, outage: str) -> None:
    heard: list[Trouble | None] = []
    with origin(films) as server, cache(tmp_path, on_line=heard.append) as media:
        film = rendition(server)
        if outage == "stopped":
            server.stop()
        else:
            server.status = 503
        address = media.open(film)
        body: list[bytes] = []
        reader = threading.Thread(target=lambda: body.append(get(address).content))
        reader.start()
        assert _comes(lambda: heard)
        assert heard[0] is not None
        assert heard[0].fault is Fault.UNREACHABLE
        server.status = None
        if outage == "stopped":
            server.start()
        reader.join(10)
        assert body == [DATA[:SIZE]]
        assert heard[-1] is None


def test_closing_ends_a_read_that_waits_at_once(films: Path, tmp_path: Path) -> None:
    with origin(films) as server, cache(tmp_path) as media:
        film = rendition(server)
        server.stop()
        address = media.open(film)
        ended = threading.Event()

        def read() -> None:
            with contextlib.suppress(requests.RequestException):
                get(address)
            ended.set()

        reader = threading.Thread(target=read)
        reader.start()
        assert _comes(lambda: media.trouble(address) is not None)
        began = time.monotonic()
        media.close(address)
        assert ended.wait(2)
        assert time.monotonic() - began < 0.3
        reader.join()


def test_stopping_does_not_wait_for_a_slow_origin(films: Path, tmp_path: Path) -> None:
    with origin(films) as server:
        server.bytes_per_second = 10_000
        with cache(tmp_path) as media:
            media.open(rendition(server))
            assert _comes(lambda: server.requests)
            began = time.monotonic()
        assert time.monotonic() - began < 1.0


def test_a_reader_far_ahead_is_served_before_the_rest(films: Path, tmp_path: Path) -> None:
    with origin(films) as server, cache(tmp_path) as media:
        server.bytes_per_second = 60_000
        address = media.open(rendition(server))
        assert _comes(lambda: server.requests)  # from the beginning
        answer = get(address, {"Range": f"bytes={SIZE - 10}-"})
        assert answer.content == DATA[SIZE - 10 : SIZE]
        assert len(server.requests) >= 2


def test_the_longest_unused_film_makes_room(films: Path, tmp_path: Path) -> None:
    for name in "abc":
        (films / name).write_bytes(name.encode() * SIZE)
    kept = tmp_path / "缓存"
    with origin(films) as server:
        for name in "abc":
            with cache(tmp_path, max_bytes=2 * (SIZE + 16_384)) as media:
                film = rendition(server, name)
                get(media.open(film))
        stems = {path.stem for path in kept.iterdir()}
        assert stems == {rendition(server, name).sha256 for name in "bc"}
    with pytest.raises(ValueError, match="SHA-256"):
        MediaCache(tmp_path).open(Rendition("http://x/y", 1, "../../etc", 1, 1, 1))


# The player on top of it

QUICK = Timing(patience_ns=1_000_000_000)


def _on_and_on(it: Rig) -> bool:
    """Nothing is shown twice; what a busy screen dropped is `test_player_*`'s matter."""
    return all(b.start_us >= a.end_us for a, b in itertools.pairwise(it.shown))


def test_the_origin_gone_in_mid_film_stops_the_picture_and_nothing_else(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with origin() as server, cache(tmp_path) as media, rig(media) as it:
        server.bytes_per_second = 70_000
        it.player.open(coded(server.base), Mode.HIGH, 0)
        it.player.play()
        qtbot.waitUntil(lambda: len(it.shown) > 10)
        server.stop()
        gone = time.monotonic()
        qtbot.waitUntil(lambda: bool(it.all(Stalled)), timeout=10_000)
        qtbot.waitUntil(lambda: time.monotonic() > gone + 3)
        server.bytes_per_second = 0
        server.start()
        qtbot.waitUntil(lambda: bool(it.all(Recovered)), timeout=10_000)
        told = len(it.shown)
        qtbot.waitUntil(lambda: len(it.shown) > told + 25)
        it.player.pause()
        assert it.all(Failed) == []
        assert _on_and_on(it)
        assert it.screen_agrees()


def test_changes_mode_through_the_cache(qtbot: QtBot, tmp_path: Path) -> None:
    with origin() as server, cache(tmp_path) as media, rig(media) as it:
        it.player.open(coded(server.base), Mode.FLUENT, 4_000_000)
        it.player.play()
        qtbot.waitUntil(lambda: len(it.shown) > 3)
        it.player.set_mode(Mode.HIGH)
        qtbot.waitUntil(lambda: it.shown[-1].mode is Mode.HIGH)
        told = len(it.shown)
        qtbot.waitUntil(lambda: len(it.shown) > told + 15)
        assert _on_and_on(it)
        assert it.screen_agrees()


@pytest.mark.parametrize(
    ("status", "fault"),
    [(404, Fault.MISSING), (403, Fault.REFUSED), (503, Fault.UNREACHABLE)],
)
def test_the_player_says_what_the_origin_said(
    qtbot: QtBot, tmp_path: Path, status: int, fault: Fault
) -> None:
    with origin() as server, cache(tmp_path) as media, rig(media, QUICK) as it:
        server.status = status
        it.player.open(coded(server.base), Mode.HIGH, 0)
        qtbot.waitUntil(lambda: bool(it.all(Failed)))
        assert [each.fault for each in it.all(Failed)] == [fault]
        server.status = None
        it.player.open(coded(server.base), Mode.HIGH, 0)
        qtbot.waitUntil(lambda: bool(it.all(Opened)))


@pytest.mark.parametrize("wrong", ["truncated", "hash"])
def test_the_player_says_that_a_film_is_broken(qtbot: QtBot, tmp_path: Path, wrong: str) -> None:
    with origin() as server, cache(tmp_path) as media, rig(media, QUICK) as it:
        film = coded(server.base)
        if wrong == "hash":
            film = with_rendition(film, Mode.HIGH, sha256="0" * 64)
        else:
            server.cut_at = 300_000
        it.player.open(film, Mode.HIGH, 0)
        it.player.play()
        qtbot.waitUntil(lambda: bool(it.all(Failed)), timeout=20_000)
        assert [each.fault for each in it.all(Failed)] == [Fault.BROKEN]


def test_closing_in_the_middle_of_a_stall_does_not_freeze_the_window(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with origin() as server, cache(tmp_path) as media, rig(media) as it:
        server.bytes_per_second = 70_000
        it.player.open(coded(server.base), Mode.HIGH, 0)
        it.player.play()
        qtbot.waitUntil(lambda: len(it.shown) > 5)
        server.stop()
        qtbot.waitUntil(lambda: bool(it.all(Stalled)), timeout=10_000)
        began = time.monotonic()
        it.player.close()
        assert time.monotonic() - began < 0.25
