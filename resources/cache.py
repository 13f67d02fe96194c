"""Where built files are kept, and how a build lands there whole or not at all.

A build's folder is named after the hash of everything it was made from, so a folder that
exists is right by definition: nobody ever has to compare dates.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

KEPT_BUILDS = 3
"""Older builds of the same kind than this many are deleted."""

LOCK = ".lock"
"""The file in a kind's folder that whoever builds there holds."""


def cache_dir() -> Path:
    """Return the folder for everything that can be made or fetched again.

    ``ANXUE_CACHE`` wins; else ``%LOCALAPPDATA%/Anxue/Cache`` on Windows,
    ``$XDG_CACHE_HOME/anxue`` or ``~/.cache/anxue`` elsewhere. The folder may not exist yet.
    """
    chosen = os.environ.get("ANXUE_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "Anxue" / "Cache"
    xdg = os.environ.get("XDG_CACHE_HOME")
    return (Path(xdg) if xdg else Path.home() / ".cache") / "anxue"


def content_key(
    sources: Iterable[Path],
    parameters: Mapping[str, object],
    packages: Iterable[str] = (),
) -> str:
    """Return 16 hex digits that change whenever the outcome of a build could change.

    ``sources`` are files or folders (walked for everything but bytecode), ``parameters`` must
    be JSON values, ``packages`` are distributions whose version matters (encoders, drawing).
    """
    digest = hashlib.sha256()
    for source in sources:
        files = [source] if source.is_file() else sorted(source.rglob("*"))
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                name = file.relative_to(source.parent).as_posix()
                # Line endings must not matter: a checkout on Windows may have others.
                content = file.read_bytes().replace(b"\r\n", b"\n")
                digest.update(f"{name}\0{len(content)}\0".encode())
                digest.update(content)
    digest.update(json.dumps(parameters, sort_keys=True, ensure_ascii=True).encode())
    for package in packages:
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:
            version = "absent"
        digest.update(f"{package}={version}\0".encode())
    return digest.hexdigest()[:16]


def built(kind: str, key: str, make: Callable[[Path], None], root: Path | None = None) -> Path:
    """Return ``<cache>/<kind>/<key>``, calling ``make(empty folder)`` first if it is not there.

    ``make`` works in a folder beside the final one, which is renamed when it returns; an error
    leaves nothing behind. A second process that wants the same kind waits for the first.
    """
    shelf = (root or cache_dir()) / kind
    final = shelf / key
    if final.is_dir():
        return final
    shelf.mkdir(parents=True, exist_ok=True)
    with _only_one(shelf / LOCK):
        if final.is_dir():
            return final
        draft = Path(tempfile.mkdtemp(prefix=f".{key}-", dir=shelf))
        try:
            make(draft)
            draft.chmod(0o755)
            draft.rename(final)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _forget_old(shelf, keep=final)
    return final


@contextmanager
def _only_one(file: Path) -> Iterator[None]:
    """Wait until no other process builds here; the system lets go when a process dies."""
    with file.open("a+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            while True:
                try:
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:
                    continue  # LK_LOCK gives up after ten seconds; a build takes longer
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _forget_old(shelf: Path, keep: Path) -> None:
    folders = [path for path in shelf.iterdir() if path.is_dir() and not path.name.startswith(".")]
    folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in folders[KEPT_BUILDS:]:
        if folder != keep:
            shutil.rmtree(folder, ignore_errors=True)
