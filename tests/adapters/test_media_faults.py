"""The media cache before an origin with every fault there is: what the player reads, and hears."""

import contextlib
import threading
import time
from pathlib import Path

import pytest
import requests

from player.adapters.blocks import BLOCK_BYTES
from player.events import Fault
from player.ports import Trouble
from tests.media_origin import (
    Answer,
    chunked,
    comes,
    cut_after,
    first,
    good,
    gzipped,
    media_origin,
    portal,
    shifted,
    stall_after,
    status,
    truncated_at,
    whole,
)
from tests.media_rig import FILM, QUICK, SIZE, cache, get, rendition

PASSING: dict[str, Answer] = {
    "cut in mid-film": first(3, cut_after(5 * BLOCK_BYTES + 1000)),
    "cut within a block each time": first(6, cut_after(1000)),
    "cut before anything": first(4, cut_after(0)),
    "5xx for a while": first(8, status(503)),
    "too many requests": first(2, status(429)),
    "stalls in mid-film": first(2, stall_after(3 * BLOCK_BYTES)),
    "stalls before the answer": first(1, stall_after(0)),
    "captive portal": first(4, portal),
    "portal by redirection in a circle": first(1, status(302, Location="/film.mp4")),
    "knows no Range": whole,
    "knows no Range, and is cut": first(1, cut_after(2 * BLOCK_BYTES), whole),
    "chunked": chunked,
    "gzipped": gzipped,
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_not_seen(tmp_path: Path, fault: str) -> None:
    with media_origin({"film.mp4": FILM}) as server, cache(tmp_path) as media:
        server.answer = PASSING[fault]
        address = media.open(rendition(server.base() + "film.mp4"))
        assert get(address).content == FILM
        assert get(address, SIZE - 5).content == FILM[SIZE - 5 :]
        assert comes(lambda: media.trouble(address) is None)


def test_what_came_before_a_cut_does_not_come_again(tmp_path: Path) -> None:
    with media_origin({"film.mp4": FILM}) as server, cache(tmp_path) as media:
        server.answer = first(20, cut_after(100_001))
        assert get(media.open(rendition(server.base() + "film.mp4"))).content == FILM
        assert server.sent_bytes == SIZE


FINAL: dict[str, tuple[Answer, Fault]] = {
    "missing": (status(404), Fault.MISSING),
    "gone": (status(410), Fault.MISSING),
    "forbidden": (status(403), Fault.REFUSED),
    "truncated": (truncated_at(SIZE // 2), Fault.BROKEN),
    "other range": (shifted, Fault.BROKEN),
    "other film": (
        lambda handler, _film, start, _end: good(handler, FILM[:-1], start, SIZE - 1),
        Fault.BROKEN,
    ),
    "other film, no Range": (
        lambda handler, _film, _start, _end: handler.say(200, {"Content-Type": "video/mp4"}, b"x"),
        Fault.BROKEN,
    ),
}


@pytest.mark.parametrize("fault", FINAL)
def test_a_fault_that_stays_is_told(tmp_path: Path, fault: str) -> None:
    heard: list[Trouble | None] = []
    with media_origin({"film.mp4": FILM}) as server, cache(tmp_path, on_line=heard.append) as media:
        server.answer, told = FINAL[fault]
        address = media.open(rendition(server.base() + "film.mp4"))
        with contextlib.suppress(requests.RequestException):
            assert get(address).content != FILM
        assert comes(lambda: heard and heard[-1])
        trouble = media.trouble(address)
        assert trouble is not None
        assert trouble.fault is told
        server.answer = good
        media.close(address)
        assert get(media.open(rendition(server.base() + "film.mp4"))).content == FILM


LASTING: dict[str, tuple[Answer, str]] = {
    "portal": (portal, "captive portal?"),
    "5xx": (status(502), "502"),
    "stall": (stall_after(0), "timed out"),
}


@pytest.mark.parametrize("fault", LASTING)
def test_trouble_that_lasts_may_still_pass(tmp_path: Path, fault: str) -> None:
    with media_origin({"film.mp4": FILM}) as server, cache(tmp_path) as media:
        server.answer, words = LASTING[fault]
        address = media.open(rendition(server.base() + "film.mp4"))
        assert comes(lambda: media.trouble(address))
        trouble = media.trouble(address)
        assert trouble is not None
        assert trouble.fault is Fault.UNREACHABLE
        assert words in trouble.detail
        server.answer = good
        assert get(address).content == FILM


def test_a_name_that_is_gone_is_an_unreachable_origin(tmp_path: Path) -> None:
    with cache(tmp_path) as media:
        address = media.open(rendition("http://films.invalid/film.mp4"))
        assert comes(lambda: media.trouble(address), within_s=15)
        trouble = media.trouble(address)
        assert trouble is not None
        assert trouble.fault is Fault.UNREACHABLE


def test_bytes_that_are_there_are_read_during_a_stall(tmp_path: Path) -> None:
    with media_origin({"film.mp4": FILM}) as server, cache(tmp_path) as media:
        server.answer = stall_after(4 * BLOCK_BYTES)
        address = media.open(rendition(server.base() + "film.mp4"))
        assert get(address, 0, 4 * BLOCK_BYTES).content == FILM[: 4 * BLOCK_BYTES]
        server.answer = status(503)
        assert comes(lambda: media.trouble(address))
        assert get(address, 0, 4 * BLOCK_BYTES).content == FILM[: 4 * BLOCK_BYTES]


@pytest.mark.parametrize("moment", ["before the answer", "in the answer", "between two tries"])
def test_stopping_is_quick_at_any_moment(tmp_path: Path, moment: str) -> None:
    patient = type(QUICK)(timeouts_s=(3.0, 60.0), delays_s=(60.0, 60.0))
    answers = {
        "before the answer": stall_after(0),
        "in the answer": stall_after(3 * BLOCK_BYTES),
        "between two tries": status(503),
    }
    with media_origin({"film.mp4": FILM}) as server:
        server.answer = answers[moment]
        with cache(tmp_path, pace=patient) as media:
            address = media.open(rendition(server.base() + "film.mp4"))
            reader = threading.Thread(target=lambda: _try(address))
            reader.start()
            assert comes(lambda: server.asked)
            threading.Event().wait(0.1)
            began = time.monotonic()
        assert time.monotonic() - began < 0.5
        reader.join(2)
        assert not reader.is_alive()


def _try(address: str) -> None:
    with contextlib.suppress(requests.RequestException):
        get(address)
