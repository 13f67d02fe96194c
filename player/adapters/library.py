"""All films that are kept on this PC: who gets the room, and who has to go."""

from __future__ import annotations

import errno
import logging
import shutil
import threading
from pathlib import Path

from player.adapters.blocks import Layout
from player.adapters.disk import make_folder, remove_unused, taken_bytes
from player.adapters.shelf import SUFFIX, Shelf, is_plain
from player.media_rules import MediaRules

_log = logging.getLogger(__name__)

_PER_BLOCK_BYTES = 64  # proof, nonce and tag
_PER_FILM_BYTES = 8192  # header, and what a disk rounds up


class Library:
    """The folder of one user's films, or the one that all users of the PC share.

    Holds to `MediaRules.max_bytes` by dropping the longest unused film first, never one that
    is open. Safe to use from several threads, and beside another program's.
    """

    def __init__(self, folder: Path, rules: MediaRules) -> None:
        self._folders = [each for each in (rules.shared_folder, folder) if each is not None]
        self._rules = rules
        self._promised: list[tuple[str, int]] = []  # to the films that are open here
        self._lock = threading.Lock()

    def shelf(self, size_bytes: int, sha256: str) -> Shelf | None:
        """Make room and open a film's file; None where the disk can't keep it."""
        for folder in self._folders:
            try:
                return self._shelf_in(folder, size_bytes, sha256)
            except OSError as error:
                _log.warning("a film can't be kept in %s: %s", folder, error)
        return None

    def release(self, sha256: str) -> None:
        """A film's file is closed: it may go when others need its room."""
        with self._lock:
            promise = next((each for each in self._promised if each[0] == sha256), None)
            if promise is not None:
                self._promised.remove(promise)

    def drop_one(self) -> bool:
        """Drop the longest unused film, for one that the disk takes no more of."""
        for folder in self._folders:
            try:
                with self._lock:
                    if any(remove_unused(path) for _, _, path in sorted(_films(folder))):
                        _log.info("dropped a film: the disk is full")
                        return True
            except OSError as error:
                _log.warning("no room can be made in %s: %s", folder, error)
        return False

    def sweep(self) -> None:
        """Drop what the rules do not allow, and what earlier versions left."""
        for folder in self._folders:
            try:
                for path in folder.iterdir():
                    old = path.suffix == ".part"
                    if old or (path.suffix == SUFFIX and self._rules.encrypted and is_plain(path)):
                        remove_unused(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                _log.warning("%s can't be swept: %s", folder, error)

    def _shelf_in(self, folder: Path, size_bytes: int, sha256: str) -> Shelf:
        make_folder(folder, for_all=folder == self._rules.shared_folder)
        path = folder / f"{sha256}{SUFFIX}"
        whole = size_bytes + Layout(size_bytes).count * _PER_BLOCK_BYTES + _PER_FILM_BYTES
        with self._lock:
            if whole > self._rules.max_bytes:
                remove_unused(path)
                raise OSError(errno.EFBIG, f"{size_bytes} bytes are more than all films may have")
            self._make_room(folder, path, whole)
            shelf = Shelf(path, size_bytes, sha256, self._rules)
            try:
                shelf.touch()
            except PermissionError:  # another user's, in a folder that is not ours to share
                _log.info("a film's last use can't be noted")
            self._promised.append((sha256, whole))
        return shelf

    def _make_room(self, folder: Path, path: Path, whole: int) -> None:
        """Drop films until another fits. OSError if those in use leave no room."""
        there = taken_bytes(path) if path.is_file() else 0
        films = sorted(each for each in _films(folder) if each[2] != path)
        promised = dict(self._promised)
        used = sum(max(taken, promised.get(each.stem, 0)) for _, taken, each in films)
        free = shutil.disk_usage(folder).free - self._rules.spare_bytes
        for _, taken, each in films:
            if used + whole <= self._rules.max_bytes and whole - there <= free:
                return
            if remove_unused(each):
                used, free = used - taken, free + taken
                _log.info("dropped a film to make room")
        if used + whole > self._rules.max_bytes or whole - there > free:
            raise OSError(errno.ENOSPC, "no room beside the films in use")


def _films(folder: Path) -> list[tuple[float, int, Path]]:
    """Return (last use, room taken, file) of all films in a folder."""
    films = []
    for path in folder.iterdir():
        if path.suffix == SUFFIX:
            try:
                films.append((path.stat().st_mtime, taken_bytes(path), path))
            except FileNotFoundError:
                continue  # another program's, just dropped
    return films
