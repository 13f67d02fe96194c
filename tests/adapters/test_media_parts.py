"""The media cache's smaller parts by themselves, and all of them under strain."""

import random
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.adapters.blocks import BLOCK_BYTES, Seal
from player.adapters.cached_file import CachedFile, Reader
from player.adapters.line_meter import LineMeter
from player.adapters.origins import Flow
from player.adapters.route import Route
from player.media_rules import MediaRules
from tests.media_origin import Handler, cut_after, good, media_origin, portal, status, whole
from tests.media_rig import FILM, KEY, SIZE, cache, film, get, rendition

MS = 1_000_000


# How fast the line is


def test_a_steady_line_is_measured() -> None:
    meter = LineMeter()
    assert meter.bits_per_second(0) == 0
    meter.begin(0)
    for step in range(1, 101):
        meter.arrived(step * 10 * MS, 10_000)
    assert meter.bits_per_second(1000 * MS) == pytest.approx(8_000_000, rel=0.02)


def test_rest_does_not_make_a_line_slow_and_silence_does() -> None:
    meter = LineMeter()
    meter.begin(0)
    meter.arrived(1000 * MS, 1_000_000)
    meter.rest(1000 * MS)
    assert meter.bits_per_second(3_600_000 * MS) == 8_000_000
    meter.begin(3_600_000 * MS)
    assert meter.bits_per_second(3_601_000 * MS) == 4_000_000
    assert meter.bits_per_second(3_604_000 * MS) == 0


def test_what_is_long_ago_is_forgotten() -> None:
    meter = LineMeter()
    meter.begin(0)
    meter.arrived(1000 * MS, 100_000_000)
    for step in range(1, 60):
        meter.arrived((1000 + 100 * step) * MS, 1000)
    assert meter.bits_per_second(6900 * MS) == pytest.approx(80_000, rel=0.05)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["begin", "arrived", "rest"]),
            st.integers(0, 3_000 * MS),
            st.integers(0, 1_000_000),
        )
    )
)
def test_a_rate_is_never_more_than_what_came_and_silence_ends_it(
    steps: list[tuple[str, int, int]],
) -> None:
    meter, now, total = LineMeter(), 0, 0
    for kind, later, count in steps:
        now += later
        match kind:
            case "begin":
                meter.begin(now)
            case "rest":
                meter.rest(now)
            case _:
                meter.arrived(now, count)
                total += count
        assert 0 <= meter.bits_per_second(now) <= total * 8 * 100
    meter.begin(now)
    assert meter.bits_per_second(now + 4_000 * MS) == 0


# Which origin is asked


class Place:
    """An origin by name."""

    doubtful = False

    def __init__(self, name: str) -> None:
        self.name = name

    def ask(self, offset: int) -> Flow:
        raise NotImplementedError


def test_the_nearest_is_asked_and_left_alone_after_a_failure() -> None:
    stick, room, platform = Place("stick"), Place("room"), Place("platform")
    route = Route([stick, room, platform], (20, 60))
    assert route.pick(0) is stick
    assert route.failed(stick, 0)
    assert route.pick(1) is room
    assert route.failed(room, 1)
    assert route.pick(2) is platform
    assert not route.nearer_than(platform, 20)
    assert route.nearer_than(platform, 62)
    assert route.pick(62) is stick
    assert not route.nearer_than(stick, 99)


def test_when_the_last_fails_all_are_worth_a_try() -> None:
    room, platform = Place("room"), Place("platform")
    route = Route([room, platform], (20, 60))
    assert route.failed(room, 0)
    assert not route.failed(platform, 1)
    assert route.pick(1) is room


def test_a_room_does_not_come_back_in_one_moment() -> None:
    back = set()
    for _ in range(60):
        room, platform = Place("room"), Place("platform")
        route = Route([room, platform], (20, 60))
        route.failed(room, 0)
        back.add(next(s for s in range(100) if route.nearer_than(platform, s)))
    assert min(back) >= 20
    assert max(back) <= 60
    assert len(back) > 10


def test_only_the_last_is_trusted_after_a_wrong_film() -> None:
    room, platform = Place("room"), Place("platform")
    route = Route([room, platform], (20, 60))
    route.trust_only_the_last()
    assert route.pick(1e9) is platform
    assert not route.failed(platform, 0)


# Proofs


def test_a_proof_is_of_film_place_bytes_and_key() -> None:
    seal = Seal("ab" * 32, KEY, encrypted=False)
    proof = seal.prove(b"bytes", 7)
    assert seal.holds(proof, b"bytes", 7)
    assert not seal.holds(proof, b"bytes", 8)
    assert not seal.holds(proof, b"other", 7)
    assert not Seal("ac" * 32, KEY, encrypted=False).holds(proof, b"bytes", 7)
    assert not Seal("ab" * 32, bytes(32), encrypted=False).holds(proof, b"bytes", 7)
    assert not Seal("ab" * 32, None, encrypted=False).holds(proof, b"bytes", 7)
    assert "1f1e1d" not in repr(MediaRules(key=KEY))


# Strain


def test_random_reads_through_a_bad_line_are_right(tmp_path: Path) -> None:
    chance = random.Random(5)

    def answer(handler: Handler, data: bytes, start: int, end: int) -> None:
        ways = [good, cut_after(chance.randrange(1, 300_000)), status(503), portal, whole]
        chance.choices(ways, (2, 6, 1, 1, 1))[0](handler, data, start, end)

    with media_origin({"film.mp4": FILM}) as origin, cache(tmp_path) as media:
        origin.answer, origin.delay_s = answer, 0.002
        wrong: list[int] = []

        def read(seed: int) -> None:
            own = random.Random(seed)
            for _ in range(6):
                address = media.open(rendition(origin.base() + "film.mp4"))
                start = own.randrange(SIZE)
                end = min(SIZE, start + own.randrange(1, 5 * BLOCK_BYTES))
                if get(address, start, end).content != FILM[start:end]:
                    wrong.append(start)
                media.close(address)

        threads = [threading.Thread(target=read, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert wrong == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
def test_many_openings_leave_nothing_behind(tmp_path: Path) -> None:
    films = {f"{n}.mp4": film(n, 3 * BLOCK_BYTES + 1) for n in range(4)}
    with media_origin(films) as origin, cache(tmp_path) as media:
        ones = [rendition(origin.base() + name, data) for name, data in films.items()]
        for one in ones:  # once, so that everything is loaded
            media.close(media.open(one))
        before = None
        for turn in range(100):
            address = media.open(ones[turn % 4])
            if turn % 3:
                assert get(address).content == films[f"{turn % 4}.mp4"]
            media.warm(ones[(turn + 1) % 4])
            media.close(address)
            if turn == 20:
                before = len(list(Path("/proc/self/fd").iterdir()))
        media.warm(None)
        for _ in range(200):
            if not media._entries:
                break
            threading.Event().wait(0.01)
        assert not media._entries
        assert before is not None
        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 8
        assert sum(each.name == "media-fetch" for each in threading.enumerate()) == 0


def test_a_reader_is_not_kept_waiting_by_whoever_asks_about_the_line() -> None:
    """The window asks about the line; it must not wait for a disk that is slow."""
    file = CachedFile(SIZE, "ab" * 32)
    with file._disk:  # a write that takes its time
        asked = threading.Thread(
            target=lambda: (file.ahead_bytes(), file.whole, file.trouble, file.next_missing())
        )
        asked.start()
        asked.join(2)
        assert not asked.is_alive()
        closing = threading.Thread(target=lambda: file.close_reader(Reader()))
        closing.start()
        closing.join(2)
        assert not closing.is_alive()
