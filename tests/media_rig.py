"""What the tests of the media cache share: a film of known bytes, a cache, a reader."""

from __future__ import annotations

import contextlib
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import requests

from player.adapters.blocks import BLOCK_BYTES
from player.adapters.fetch import Pace
from player.adapters.media_cache import MediaCache
from player.media_rules import MediaRules
from player.ports import Rendition
from tests.media_origin import MediaOrigin, comes

SIZE = 20 * BLOCK_BYTES + 123
FILM = random.Random(4).randbytes(SIZE)
QUICK = Pace(timeouts_s=(1.0, 0.4), delays_s=(0.02, 0.1), again_s=(0.3, 0.5), spread_s=0.0)
KEY = bytes(range(32))
PLAIN = MediaRules(spare_bytes=0)


def film(seed: int, size: int = SIZE) -> bytes:
    """Another film."""
    return random.Random(seed).randbytes(size)


def rendition(url: str, data: bytes = FILM) -> Rendition:
    """A film as a course tells of it."""
    return Rendition(url, len(data), hashlib.sha256(data).hexdigest(), 1, 1, 1)


@contextlib.contextmanager
def cache(folder: Path, **options: object) -> Iterator[MediaCache]:
    """A running cache, quick in everything."""
    running = MediaCache(folder, **{"pace": QUICK, **options})  # type: ignore[arg-type]
    running.start()
    try:
        yield running
    finally:
        running.stop()


def get(address: str, start: int = 0, end: int | None = None) -> requests.Response:
    """Read as a player does."""
    asked = f"bytes={start}-{'' if end is None else end - 1}"
    return requests.get(address, headers={"Range": asked}, timeout=15)


def fetch(folder: Path, origin: MediaOrigin, rules: MediaRules = PLAIN) -> None:
    """Have the whole film kept and found sound."""
    with cache(folder, rules=rules) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert get(address).content == FILM
        entry = media._find(media._path_of(address)).entry  # type: ignore[union-attr]
        assert comes(lambda: entry.file.sound)


def kept_files(folder: Path) -> list[Path]:
    """The films on the disk."""
    return sorted(folder.glob("*.film")) if folder.is_dir() else []
