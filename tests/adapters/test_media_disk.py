"""What the media cache keeps on the disk: proven, encrypted, shared, bounded, and full."""

import errno
import os
import random
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.adapters import shelf as shelves
from player.adapters.blocks import BLOCK_BYTES
from player.adapters.disk import SharedFile, taken_bytes
from player.media_rules import MediaRules
from tests.media_origin import MediaOrigin, comes, good, media_origin, stall_after
from tests.media_rig import FILM, KEY, PLAIN, SIZE, cache, fetch, film, get, kept_files, rendition

KEYED = MediaRules(spare_bytes=0, key=KEY)
ENCRYPTED = MediaRules(spare_bytes=0, encrypted=True, key=KEY)
WAYS = pytest.mark.parametrize("rules", [PLAIN, KEYED, ENCRYPTED], ids=["plain", "keyed", "secret"])


@pytest.fixture
def origin() -> Iterator[MediaOrigin]:
    with media_origin({"film.mp4": FILM}) as server:
        yield server


def fetch_half(folder: Path, origin: MediaOrigin, rules: MediaRules = PLAIN) -> int:
    """Have a part of the film kept; return how many bytes came."""
    before = origin.sent_bytes
    origin.answer = stall_after(9 * BLOCK_BYTES)
    with cache(folder, rules=rules) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert comes(lambda: (line := media.line(address)) and line.ahead_bytes == 9 * BLOCK_BYTES)
    origin.answer = good
    return origin.sent_bytes - before


@WAYS
def test_a_kept_film_costs_the_line_nothing(
    tmp_path: Path, origin: MediaOrigin, rules: MediaRules
) -> None:
    fetch(tmp_path, origin, rules)
    asked = len(origin.asked)
    with cache(tmp_path, rules=rules) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert get(address, 777).content == FILM[777:]
        line = media.line(address)
        assert line is not None
        assert line.whole and line.kept
    assert len(origin.asked) == asked


@WAYS
def test_a_part_that_is_kept_is_not_fetched_again(
    tmp_path: Path, origin: MediaOrigin, rules: MediaRules
) -> None:
    came = fetch_half(tmp_path, origin, rules)
    before = origin.sent_bytes
    fetch(tmp_path, origin, rules)
    assert came + origin.sent_bytes - before == SIZE


@WAYS
@pytest.mark.parametrize("part", [False, True], ids=["whole", "part"])
@pytest.mark.parametrize("seed", range(4))
def test_flipped_bits_on_the_disk_never_reach_the_player(
    tmp_path: Path, origin: MediaOrigin, rules: MediaRules, part: bool, seed: int
) -> None:
    if part:
        fetch_half(tmp_path, origin, rules)
    else:
        fetch(tmp_path, origin, rules)
    (kept,) = kept_files(tmp_path)
    chance = random.Random(seed)
    data = bytearray(kept.read_bytes())
    for _ in range((1, 3, 20, 200)[seed]):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    kept.write_bytes(data)
    with cache(tmp_path, rules=rules) as media:
        assert get(media.open(rendition(origin.base() + "film.mp4"))).content == FILM
    fetch(tmp_path, origin, rules)


def test_only_the_damaged_block_is_fetched_again(tmp_path: Path, origin: MediaOrigin) -> None:
    fetch(tmp_path, origin)
    (kept,) = kept_files(tmp_path)
    with kept.open("r+b") as file:
        file.seek(4096 + 7 * BLOCK_BYTES + 99)
        file.write(b"damage")
    before = len(origin.asked)
    origin.answer = stall_after(BLOCK_BYTES)
    with cache(tmp_path) as media:
        assert get(media.open(rendition(origin.base() + "film.mp4"))).content == FILM
    told = [headers["Range"] for _, headers in origin.asked[before:]]
    assert told == [f"bytes={7 * BLOCK_BYTES}-"]
    with cache(tmp_path) as media:  # and it is as good as before
        assert get(media.open(rendition(origin.base() + "film.mp4"))).content == FILM
    assert len(origin.asked) == before + 1


def test_a_film_is_opened_without_reading_it(
    tmp_path: Path, origin: MediaOrigin, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(tmp_path, origin)
    read: list[int] = []
    real = SharedFile.read

    def counted(self: SharedFile, at: int, length: int) -> bytes:
        read.append(length)
        return real(self, at, length)

    monkeypatch.setattr(SharedFile, "read", counted)
    with cache(tmp_path) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert get(address, 5 * BLOCK_BYTES, 5 * BLOCK_BYTES + 10).status_code == 206
        assert sum(read) < 2 * BLOCK_BYTES


def test_nothing_of_an_encrypted_film_can_be_read_on_the_disk(
    tmp_path: Path, origin: MediaOrigin
) -> None:
    fetch(tmp_path / "plain", origin)
    fetch(tmp_path / "secret", origin, ENCRYPTED)
    runs = [FILM[at : at + 16] for at in range(0, SIZE - 16, 4001)]
    (plain,), (secret,) = kept_files(tmp_path / "plain"), kept_files(tmp_path / "secret")
    assert all(run in plain.read_bytes() for run in runs)
    assert not any(run in secret.read_bytes() for run in runs)


def test_another_key_finds_nothing(tmp_path: Path, origin: MediaOrigin) -> None:
    fetch(tmp_path, origin, ENCRYPTED)
    before = origin.sent_bytes
    fetch(tmp_path, origin, MediaRules(spare_bytes=0, encrypted=True, key=bytes(32)))
    assert origin.sent_bytes - before == SIZE
    assert len(kept_files(tmp_path)) == 1


def test_a_block_in_another_blocks_place_is_noticed(tmp_path: Path) -> None:
    for rules in (KEYED, ENCRYPTED):
        kept = shelves.Shelf(tmp_path / f"{rules.encrypted}.film", SIZE, "ab" * 32, rules)
        same = bytes(BLOCK_BYTES)
        assert kept.put(2, same) and kept.put(3, same)
        assert kept.get(2) == same
        step = BLOCK_BYTES + (28 if rules.encrypted else 0)
        data = bytearray(kept._path.read_bytes())
        proofs = shelves._INDEX_AT
        data[4096 + 3 * step : 4096 + 4 * step] = data[4096 + 2 * step : 4096 + 3 * step]
        data[proofs + 96 : proofs + 128] = data[proofs + 64 : proofs + 96]
        kept._path.write_bytes(data)
        kept.close()
        again = shelves.Shelf(kept._path, SIZE, "ab" * 32, rules)
        assert again.get(2) == same
        assert again.get(3) is None
        again.close()


def test_no_nonce_is_used_twice(tmp_path: Path) -> None:
    kept = shelves.Shelf(tmp_path / "x.film", SIZE, "ab" * 32, ENCRYPTED)
    seen = set()
    for _ in range(50):
        kept.put(0, bytes(BLOCK_BYTES))
        seen.add(kept._path.read_bytes()[4096 : 4096 + 12])
    kept.close()
    assert len(seen) == 50


def test_plain_films_go_when_the_rules_want_them_encrypted(
    tmp_path: Path, origin: MediaOrigin
) -> None:
    fetch(tmp_path, origin)
    with cache(tmp_path) as media:
        media.use(ENCRYPTED)
        assert comes(lambda: not kept_files(tmp_path))
        assert get(media.open(rendition(origin.base() + "film.mp4"))).content == FILM
        (kept,) = kept_files(tmp_path)
        assert FILM[:16] not in kept.read_bytes()


@pytest.mark.parametrize("moment", ["playing", "just closed"])
def test_rules_that_change_around_a_film_reach_it(
    tmp_path: Path, origin: MediaOrigin, moment: str
) -> None:
    with cache(tmp_path) as media:
        one = rendition(origin.base() + "film.mp4")
        address = media.open(one)
        assert get(address, 0, 5 * BLOCK_BYTES).status_code == 206
        if moment == "just closed":
            media.close(address)
        media.use(ENCRYPTED)
        if moment == "playing":
            assert get(address).content == FILM
            media.close(address)
            assert comes(lambda: one.sha256 not in media._entries and not kept_files(tmp_path))
        assert get(media.open(one)).content == FILM
        assert comes(lambda: all(FILM[:16] not in f.read_bytes() for f in kept_files(tmp_path)))


def test_rules_that_can_not_be_kept_are_refused() -> None:
    for wrong in ({"encrypted": True}, {"key": b"short"}, {"proxy": "room-cache:8080"}):
        with pytest.raises(ValueError, match=r"key|address"):
            MediaRules(**wrong)


# Room


def test_all_films_together_stay_within_the_bound(tmp_path: Path) -> None:
    films = {f"{n}.mp4": film(n) for n in range(6)}
    bound = 3 * SIZE
    with (
        media_origin(films) as origin,
        cache(tmp_path, rules=MediaRules(max_bytes=bound, spare_bytes=0)) as media,
    ):
        for name, data in films.items():
            address = media.open(rendition(origin.base() + name, data))
            assert get(address).content == data
            assert sum(taken_bytes(each) for each in kept_files(tmp_path)) <= bound
            media.close(address)
        assert len(kept_files(tmp_path)) == 2


def test_films_in_use_are_not_dropped_and_what_has_no_room_is_played_from_memory(
    tmp_path: Path,
) -> None:
    films = {f"{n}.mp4": film(n) for n in range(3)}
    with (
        media_origin(films) as origin,
        cache(tmp_path, rules=MediaRules(max_bytes=2 * SIZE + 40_000, spare_bytes=0)) as media,
    ):
        open_ones = [media.open(rendition(origin.base() + n, d)) for n, d in films.items()]
        for address, data in zip(open_ones, films.values(), strict=True):
            assert get(address).content == data
        kept = [line.kept for each in open_ones if (line := media.line(each))]
        assert sorted(kept) == [False, True, True]
        assert len(kept_files(tmp_path)) == 2


def test_a_film_larger_than_the_bound_drops_no_other(tmp_path: Path) -> None:
    large = film(9, 3 * SIZE)
    rules = MediaRules(max_bytes=2 * SIZE, spare_bytes=0)
    with media_origin({"film.mp4": FILM, "large.mp4": large}) as origin:
        fetch(tmp_path, origin, rules)
        with cache(tmp_path, rules=rules) as media:
            address = media.open(rendition(origin.base() + "large.mp4", large))
            assert get(address).content == large
            line = media.line(address)
            assert line is not None
            assert not line.kept
        assert len(kept_files(tmp_path)) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 3 MB."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no mounts allowed here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _fill(disk: Path) -> None:
    try:
        with (disk / "other").open("wb", buffering=0) as other:
            while True:
                other.write(bytes(4096))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def test_a_disk_that_is_full_is_no_trouble(small_disk: Path) -> None:
    (small_disk / "other").write_bytes(bytes(2_300_000))
    with media_origin({"film.mp4": FILM}) as origin, cache(small_disk / "films") as media:
        for start in (0, SIZE // 2, 5):
            address = media.open(rendition(origin.base() + "film.mp4"))
            assert get(address, start).content == FILM[start:]
            assert media.trouble(address) is None
            line = media.line(address)
            assert line is not None
            assert not line.kept
            media.close(address)


@WAYS
def test_a_disk_that_fills_up_in_mid_film_is_no_trouble(
    small_disk: Path, rules: MediaRules
) -> None:
    films = {"film.mp4": FILM, "old.mp4": film(2, 500_000)}
    with media_origin(films) as origin, cache(small_disk / "films", rules=rules) as media:
        old = media.open(rendition(origin.base() + "old.mp4", films["old.mp4"]))
        assert get(old).content == films["old.mp4"]
        media.close(old)
        assert comes(lambda: len(kept_files(small_disk / "films")) == 1)
        origin.delay_s = 0.02
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert comes(lambda: (line := media.line(address)) and line.ahead_bytes >= 4 * BLOCK_BYTES)
        _fill(small_disk)
        assert get(address).content == FILM
        assert media.trouble(address) is None
        line = media.line(address)
        assert line is not None
        assert not line.kept
        # what did not look at the clock any more went first
        assert len(kept_files(small_disk / "films")) == 1
        assert get(address, SIZE // 2).content == FILM[SIZE // 2 :]


LIMITED = textwrap.dedent(
    """
    import resource, sys
    from pathlib import Path
    from tests.media_rig import FILM, SIZE, cache, get, rendition

    resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE // 2, SIZE // 2))
    with cache(Path(sys.argv[1])) as media:
        address = media.open(rendition(sys.argv[2]))
        assert get(address).content == FILM
        line = media.line(address)
        assert line is not None and not line.kept and media.trouble(address) is None
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="limits are Unix's")
def test_a_file_that_may_not_grow_is_no_trouble(tmp_path: Path, origin: MediaOrigin) -> None:
    """What a quota does, without being root."""
    subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), origin.base() + "film.mp4"],
        cwd=Path(__file__).resolve().parents[2], check=True, timeout=60,
    )  # fmt: skip


def test_a_folder_that_can_not_be_made_is_no_trouble(tmp_path: Path, origin: MediaOrigin) -> None:
    (tmp_path / "file").write_text("in the way")
    with cache(tmp_path / "file" / "films") as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert get(address).content == FILM
        line = media.line(address)
        assert line is not None
        assert not line.kept


def test_memory_holds_a_window_and_the_rest_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from player.adapters.cached_file import CachedFile

    long_film = film(3, 100 * BLOCK_BYTES)
    monkeypatch.setattr(CachedFile.__init__, "__defaults__", (lambda: False, 16))
    (tmp_path / "file").write_text("in the way")
    with media_origin({"long.mp4": long_film}) as origin, cache(tmp_path / "file" / "x") as media:
        address = media.open(rendition(origin.base() + "long.mp4", long_film))
        file = media._find(media._path_of(address)).entry.file  # type: ignore[union-attr]
        assert comes(lambda: file.next_missing() is None)
        assert max(file._memory) < 16
        assert get(address).content == long_film
        assert len(file._memory) <= 16
        assert get(address, 0, 500).content == long_film[:500]
        assert get(address, 99 * BLOCK_BYTES).content == long_film[99 * BLOCK_BYTES :]
