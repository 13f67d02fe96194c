"""How a PC keeps films, and from where it may have them besides the platform."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class MediaRules:
    """What the platform's policy says of the films on one PC. ValueError if it can't be kept.

    max_bytes: all films on disk together. spare_bytes: left free on the disk for others.
    encrypted: at rest, by `key` (32 random bytes; without `encrypted` it still proves that
    nobody altered a film). shared_folder: for all users of the PC, instead of each one's own;
    an encrypted one needs a key that they share. proxy: the address in front of which a room's
    HTTP cache answers, for example `http://10.0.0.2:8080`. folder: films on a stick or a share.
    """

    max_bytes: int = 4 * 1024**3
    spare_bytes: int = 256 * 1024**2
    encrypted: bool = False
    key: bytes | None = field(default=None, repr=False)
    shared_folder: Path | None = None
    proxy: str = ""
    folder: Path | None = None

    def __post_init__(self) -> None:
        if self.key is not None and len(self.key) != KEY_BYTES:
            raise ValueError(f"a media key has {KEY_BYTES} bytes, not {len(self.key)}")
        if self.encrypted and self.key is None:
            raise ValueError("encrypted films need a key")
        if self.proxy and not self.proxy.startswith(("http://", "https://")):
            raise ValueError(f"a room's cache is an http(s) address, not {self.proxy!r}")
