"""Pictures and films outside of the database: a folder, or any S3-compatible store.

    objects = Objects(ObjectsSettings(url="s3://anxue/records?endpoint=https://s3.example.cn"))
    objects.put("evidence/ab/ab12…", data)

An object is written before the row that names it, and deleted after that row: what a crash
leaves is an object that nothing names, and `sync.reference.evidence.sweep_objects` deletes it.
The same bytes under the same name may be written again.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from sync.reference.integrations import ObjectsSettings

if TYPE_CHECKING:
    from obstore.store import S3Config

CHUNK = 1024 * 1024


class ObjectsError(Exception):
    """The store did not do it. It may later."""


class MissingObjectError(ObjectsError):
    """There is nothing of that name."""


class Objects:
    """One place for objects, by name. Safe from several threads."""

    def __init__(self, settings: ObjectsSettings) -> None:
        """Raises ObjectsError if the settings make no sense. Does not reach out."""
        self._settings = settings
        parts = urlsplit(settings.url)
        self._folder: Path | None = None
        self._store: LocalStore | S3Store
        try:
            if parts.scheme == "file":
                self._folder = Path(unquote(parts.path))
                self._store = LocalStore(self._folder, mkdir=True)
            elif parts.scheme == "s3" and parts.netloc:
                self._store = _s3(settings)
            else:
                raise ObjectsError(f"objects.url: {parts.scheme or 'nothing'} is no kind of store")
        except (BaseError, OSError, ValueError) as error:
            raise ObjectsError(f"objects.url: {error}") from error

    @property
    def direct(self) -> bool:
        """Whether learners shall get films from the store itself."""
        return self._settings.direct_media and isinstance(self._store, S3Store)

    def check(self) -> None:
        """Whether it keeps, gives and deletes. Raises ObjectsError."""
        name = f"check/{os.getpid()}"
        self.put(name, b"anxue")
        if self.get(name) != b"anxue":
            raise ObjectsError("it gives other bytes than it was given")
        self.delete(name)

    def put(self, name: str, data: bytes) -> None:
        """Keep it, on the disk when this returns. Raises ObjectsError."""
        try:
            obstore.put(self._store, name, data, use_multipart=False)
            if self._folder is not None:
                _sync(self._folder, name)
        except (BaseError, OSError) as error:
            raise ObjectsError(f"{name}: {_said(error)}") from error

    def put_file(self, name: str, path: Path) -> None:
        """The same for a file of any size, in parts where the store has those."""
        try:
            obstore.put(self._store, name, path)
            if self._folder is not None:
                _sync(self._folder, name)
        except (BaseError, OSError) as error:
            raise ObjectsError(f"{name}: {_said(error)}") from error

    def get(self, name: str) -> bytes:
        """Raises MissingObjectError, ObjectsError."""
        try:
            return bytes(obstore.get(self._store, name).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise MissingObjectError(name) from error
        except (BaseError, OSError) as error:
            raise ObjectsError(f"{name}: {_said(error)}") from error

    def size(self, name: str) -> int:
        """Raises MissingObjectError, ObjectsError."""
        try:
            return int(obstore.head(self._store, name)["size"])
        except (NotFoundError, FileNotFoundError) as error:
            raise MissingObjectError(name) from error
        except (BaseError, OSError) as error:
            raise ObjectsError(f"{name}: {_said(error)}") from error

    def stream(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Bytes [start, end), a piece at a time. Raises ObjectsError while it runs."""
        for begin in range(start, end, CHUNK):
            try:
                yield bytes(
                    obstore.get_range(self._store, name, start=begin, end=min(begin + CHUNK, end))
                )
            except (BaseError, OSError) as error:
                raise ObjectsError(f"{name}: {_said(error)}") from error

    def delete(self, name: str) -> None:
        """Delete it; nothing of that name is as good. Raises ObjectsError."""
        try:
            obstore.delete(self._store, name)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise ObjectsError(f"{name}: {_said(error)}") from error

    def names(self, under: str) -> Iterator[tuple[str, datetime]]:
        """Every object below a prefix, and when it was written. Raises ObjectsError."""
        try:
            for page in obstore.list(self._store, prefix=under):
                yield from ((each["path"], each["last_modified"]) for each in page)
        except (BaseError, OSError) as error:
            raise ObjectsError(f"{under}: {_said(error)}") from error

    def address(self, name: str, lifetime: timedelta) -> str:
        """An address that opens it for so long, from whoever has it. Raises ObjectsError."""
        if not isinstance(self._store, S3Store):
            raise ObjectsError("a folder has no addresses")
        try:
            return obstore.sign(self._store, "GET", name, lifetime)
        except (BaseError, OSError) as error:
            raise ObjectsError(f"{name}: {_said(error)}") from error


def _s3(settings: ObjectsSettings) -> S3Store:
    parts = urlsplit(settings.url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    unknown = set(options) - {"endpoint", "region", "virtual_hosted"}
    if unknown:
        raise ObjectsError(f"objects.url: knows no {', '.join(sorted(unknown))}")
    endpoint = options.get("endpoint")
    config: S3Config = {
        "region": options.get("region", "us-east-1"),
        "virtual_hosted_style_request": options.get("virtual_hosted", "") == "true",
    }
    if endpoint is not None:
        config["endpoint"] = endpoint
    if settings.access_key is not None:
        config["access_key_id"] = settings.access_key
        config["secret_access_key"] = settings.secret_key or ""
    patience = timedelta(seconds=settings.timeout_s)
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={
            "allow_http": endpoint is not None and endpoint.startswith("http://"),
            "timeout": patience,
        },
        retry_config={"max_retries": 2, "retry_timeout": patience},
    )


def _sync(folder: Path, name: str) -> None:
    """To the disk, with the folders that lead there: the library leaves that to the system."""
    path = folder / name
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    if os.name != "posix":
        return
    for parent in path.parents:
        descriptor = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if parent == folder:
            break


def _said(error: Exception) -> str:
    """The first line of what the library says; the rest is its own insides."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
