"""How fast the line is, and what is fetched over it for later."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.adapters.blocks import BLOCK_BYTES
from player.ports import Line
from tests.media_origin import MediaOrigin, comes, media_origin
from tests.media_rig import FILM, SIZE, cache, film, get, rendition


@pytest.fixture
def origin() -> Iterator[MediaOrigin]:
    with media_origin({"film.mp4": FILM, "next.mp4": film(8)}) as server:
        yield server


def test_the_line_is_measured_while_bytes_are_waited_for(
    tmp_path: Path, origin: MediaOrigin
) -> None:
    origin.delay_s = 0.05  # 64 KiB each: 10.5 Mbit/s
    with cache(tmp_path) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert get(address, 0, 10 * BLOCK_BYTES).status_code == 206
        line = media.line(address)
        assert line is not None
        assert 4_000_000 < line.bits_per_second < 11_500_000
        assert not line.whole
        assert comes(lambda: (line := media.line(address)) and line.whole)
        rate = media.line(address).bits_per_second  # type: ignore[union-attr]
        threading.Event().wait(0.5)  # nothing is waited for: this does not count
        ahead = SIZE - 10 * BLOCK_BYTES
        assert media.line(address) == Line(rate, ahead, whole=True, reach_bytes=SIZE)
        media.close(address)
        assert media.line(address) is None


def test_a_film_for_later_comes_when_the_line_is_free(tmp_path: Path, origin: MediaOrigin) -> None:
    origin.delay_s = 0.01
    now, later = (
        rendition(origin.base() + "film.mp4"),
        rendition(origin.base() + "next.mp4", film(8)),
    )
    with cache(tmp_path) as media:
        address = media.open(now)
        media.warm(later)
        assert comes(lambda: (line := media.line(address)) and line.whole)
        assert comes(lambda: origin.sent_bytes == 2 * SIZE)
        paths = [path for path, _ in origin.asked]
        assert paths == ["/film.mp4", "/next.mp4"]
        assert comes(lambda: later.sha256 not in media._entries)  # and lets go of it
        assert get(media.open(later)).content == film(8)
    assert len(origin.asked) == 2


def test_a_film_for_later_gives_way_at_once(tmp_path: Path, origin: MediaOrigin) -> None:
    origin.delay_s = 0.05
    now, later = (
        rendition(origin.base() + "film.mp4"),
        rendition(origin.base() + "next.mp4", film(8)),
    )
    with cache(tmp_path) as media:
        media.warm(later)
        assert comes(lambda: origin.sent_bytes > 3 * BLOCK_BYTES)
        address = media.open(now)
        warmed = media._entries[later.sha256].fetch if later.sha256 in media._entries else None
        assert warmed is None or warmed.stopped
        assert get(address).content == FILM
        assert comes(lambda: [path for path, _ in origin.asked][2:] == ["/next.mp4"])
        assert origin.asked[2][1]["Range"] != "bytes=0-"  # goes on where it was
        media.warm(None)
        assert comes(lambda: later.sha256 not in media._entries)


def test_a_film_for_later_that_is_missing_is_nobodys_trouble(
    tmp_path: Path, origin: MediaOrigin
) -> None:
    heard: list[object] = []
    with cache(tmp_path, on_line=heard.append) as media:
        media.warm(rendition(origin.base() + "nowhere.mp4", film(8)))
        assert comes(lambda: media._wish is None)
        assert get(media.open(rendition(origin.base() + "film.mp4"))).content == FILM
        assert heard == []


def test_opening_what_is_being_fetched_for_later_goes_on_with_it(
    tmp_path: Path, origin: MediaOrigin
) -> None:
    origin.delay_s = 0.02
    later = rendition(origin.base() + "next.mp4", film(8))
    with cache(tmp_path) as media:
        media.warm(later)
        assert comes(lambda: origin.sent_bytes > 3 * BLOCK_BYTES)
        assert get(media.open(later)).content == film(8)
        media.warm(None)
    assert len(origin.asked) == 1


def test_a_film_with_plenty_stands_back_for_one_that_is_waited_for(
    tmp_path: Path, origin: MediaOrigin
) -> None:
    """The rendition that was asked for does not share the line with the one that plays."""
    origin.delay_s = 0.05
    playing, wanted = (
        rendition(origin.base() + "film.mp4"),
        rendition(origin.base() + "next.mp4", film(8)),
    )
    with cache(tmp_path) as media:
        address = media.open(playing)
        assert comes(lambda: (line := media.line(address)) and line.ahead_bytes > BLOCK_BYTES)
        before = media.line(address)
        assert get(media.open(wanted), 0, 10 * BLOCK_BYTES).content == film(8)[: 10 * BLOCK_BYTES]
        after = media.line(address)
        assert before is not None
        assert after is not None
        assert after.ahead_bytes - before.ahead_bytes <= 5 * BLOCK_BYTES  # 10, if it shared
        assert comes(lambda: (line := media.line(address)) and line.whole)  # its turn comes
