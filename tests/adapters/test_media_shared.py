"""One folder of films for several programs and all users of a PC."""

import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.adapters import shelf as shelves
from player.adapters.blocks import BLOCK_BYTES
from player.adapters.library import Library
from player.media_rules import MediaRules
from tests.media_origin import MediaOrigin, comes, media_origin
from tests.media_rig import FILM, KEY, PLAIN, SIZE, cache, fetch, get, kept_files, rendition


@pytest.fixture
def origin() -> Iterator[MediaOrigin]:
    with media_origin({"film.mp4": FILM}) as server:
        yield server


def test_a_shared_folder_is_for_all_users(tmp_path: Path, origin: MediaOrigin) -> None:
    shared = tmp_path / "all" / "films"
    before = os.umask(0o077)
    try:
        rules = MediaRules(spare_bytes=0, shared_folder=shared)
        fetch(tmp_path / "own", origin, rules)
    finally:
        os.umask(before)
    (kept,) = kept_files(shared)
    assert not kept_files(tmp_path / "own")
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o666
        assert stat.S_IMODE(shared.stat().st_mode) == 0o777
        fetch(tmp_path / "own2", origin)
        (own,) = kept_files(tmp_path / "own2")
        assert stat.S_IMODE(own.stat().st_mode) == 0o600


@pytest.mark.parametrize("key", [None, KEY], ids=["no key", "key"])
def test_a_film_that_another_user_forged_is_found_out(
    tmp_path: Path, origin: MediaOrigin, key: bytes | None
) -> None:
    """Proofs and seal are right, as far as they can be made without the key."""
    one = rendition(origin.base() + "film.mp4")
    forged = shelves.Shelf(tmp_path / f"{one.sha256}.film", SIZE, one.sha256, PLAIN)
    data = bytes(SIZE)
    for block in range(21):
        forged.put(block, data[block * BLOCK_BYTES : (block + 1) * BLOCK_BYTES])
    forged.seal()
    forged.close()
    rules = MediaRules(spare_bytes=0, shared_folder=tmp_path, key=key)
    fetch_sound(tmp_path / "own", origin, rules)
    assert origin.sent_bytes == SIZE


def fetch_sound(folder: Path, origin: MediaOrigin, rules: MediaRules) -> None:
    with cache(folder, rules=rules) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        entry = media._find(media._path_of(address)).entry  # type: ignore[union-attr]
        assert comes(lambda: entry.file.sound)
        assert get(address).content == FILM


def test_a_shared_folder_that_is_not_there_falls_back_to_ones_own(
    tmp_path: Path, origin: MediaOrigin
) -> None:
    (tmp_path / "file").write_text("in the way")
    rules = MediaRules(spare_bytes=0, shared_folder=tmp_path / "file" / "films")
    fetch(tmp_path / "own", origin, rules)
    assert len(kept_files(tmp_path / "own")) == 1


CHILD = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from player.media_rules import MediaRules
    from tests.media_rig import FILM, KEY, cache, get, rendition

    shared, url, encrypted = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "1"
    rules = MediaRules(spare_bytes=0, key=KEY, encrypted=encrypted, shared_folder=shared)
    with cache(shared.parent / "own", rules=rules) as media:
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(3):
            address = media.open(rendition(url))
            assert get(address).content == FILM
            media.close(address)
    """
)


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "secret"])
def test_two_programs_keep_the_same_film_at_once(
    tmp_path: Path, origin: MediaOrigin, encrypted: bool
) -> None:
    origin.delay_s = 0.01
    shared = tmp_path / "shared"
    words = [str(shared), origin.base() + "film.mp4", str(int(encrypted))]
    root = Path(__file__).resolve().parents[2]
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, *words], cwd=root, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    told = [child.communicate("go\n", timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0], told
    assert origin.sent_bytes < 2.5 * SIZE
    rules = MediaRules(spare_bytes=0, key=KEY, encrypted=encrypted, shared_folder=shared)
    before = origin.sent_bytes
    fetch(tmp_path / "own", origin, rules)
    assert origin.sent_bytes == before


def test_a_film_that_another_program_plays_is_not_dropped(tmp_path: Path) -> None:
    rules = MediaRules(max_bytes=2 * SIZE, spare_bytes=0)
    theirs = Library(tmp_path, rules).shelf(SIZE, "ab" * 32)
    assert theirs is not None
    theirs.put(0, bytes(BLOCK_BYTES))
    ours = Library(tmp_path, rules)
    assert not ours.drop_one()
    assert theirs.get(0) == bytes(BLOCK_BYTES)
    theirs.close()
    assert ours.drop_one()


@pytest.mark.skipif(sys.platform == "win32", reason="links are for administrators there")
@pytest.mark.parametrize("text", ["", "not a film"])
@pytest.mark.parametrize("kind", ["symlink", "hardlink"])
def test_what_lies_in_a_films_place_is_not_followed(tmp_path: Path, kind: str, text: str) -> None:
    """In a folder that all may write, somebody may have it point to a file of ours."""
    secret = tmp_path / "secret"
    secret.write_text(text)
    place = tmp_path / "films" / f"{'ab' * 32}.film"
    place.parent.mkdir()
    (place.symlink_to if kind == "symlink" else place.hardlink_to)(secret)
    shelf = Library(place.parent, PLAIN).shelf(SIZE, "ab" * 32)
    if shelf is not None:
        shelf.put(0, bytes(BLOCK_BYTES))
        shelf.close()
    assert secret.read_text() == text
