"""Files that several programs, and several users of a PC, keep together."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import ctypes
    import msvcrt
else:
    import fcntl

_FOR_ALL, _FOR_ALL_FOLDER = 0o666, 0o777
_FOR_ME, _FOR_ME_FOLDER = 0o600, 0o700


class SharedFile:
    """A file that is read and written in places, and is not removed while it is open.

    `for_all`: other users of the PC may read and write it. OSError from everything.
    """

    def __init__(self, path: Path, *, for_all: bool) -> None:
        mode = _FOR_ALL if for_all else _FOR_ME
        flags = os.O_RDWR | os.O_CREAT
        if sys.platform == "win32":
            flags |= os.O_BINARY
        else:
            flags |= os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = io.FileIO(os.open(path, flags, mode), "r+b")
        try:
            _hold(self._file.fileno())
            if for_all and sys.platform != "win32" and self.mine:
                os.fchmod(self._file.fileno(), mode)  # whatever the umask says
        except BaseException:
            self._file.close()
            raise

    @property
    def mine(self) -> bool:
        """The file belongs to this user."""
        return sys.platform == "win32" or os.fstat(self._file.fileno()).st_uid == os.geteuid()

    @property
    def links(self) -> int:
        """How many names the file has: 0 when it was removed meanwhile."""
        return os.fstat(self._file.fileno()).st_nlink

    def read(self, at: int, length: int) -> bytes:
        """Return up to `length` bytes at a place; fewer only at the end of the file."""
        self._file.seek(at)
        pieces = bytearray()
        while len(pieces) < length and (piece := self._file.read(length - len(pieces))):
            pieces += piece
        return bytes(pieces)

    def write(self, at: int, data: bytes) -> None:
        """Write all of `data` at a place."""
        self._file.seek(at)
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def let_grow_thin(self) -> None:
        """Have the parts that are never written take no room; Windows must be told."""
        if sys.platform == "win32":
            set_sparse, done = 0x900C4, ctypes.c_ulong()
            with contextlib.suppress(OSError):
                ctypes.windll.kernel32.DeviceIoControl(
                    ctypes.c_void_p(msvcrt.get_osfhandle(self._file.fileno())),
                    set_sparse, None, 0, None, 0, ctypes.byref(done), None,
                )  # fmt: skip

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def remove_unused(path: Path) -> bool:
    """Delete a file that nobody has open; tell whether it is gone."""
    try:
        if sys.platform == "win32":
            path.unlink(missing_ok=True)  # refused while somebody has it open
            return True
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            handle = os.open(path, flags)
        except OSError:  # not there, a link, or not ours to open
            path.unlink(missing_ok=True)
            return True
        try:
            if _alone(handle):
                path.unlink(missing_ok=True)
                return True
        finally:
            os.close(handle)
    except OSError:
        return False
    return False


def make_folder(path: Path, *, for_all: bool) -> None:
    """Make a folder for films, and those above it. OSError if it can't be."""
    if path.is_dir():
        return
    path.mkdir(parents=True, exist_ok=True, mode=_FOR_ME_FOLDER)
    if for_all:
        path.chmod(_FOR_ALL_FOLDER)


def taken_bytes(path: Path) -> int:
    """Return the room that a file takes on its disk."""
    about = path.stat()
    return getattr(about, "st_blocks", -(-about.st_size // 512)) * 512


def _hold(handle: int) -> None:
    """Keep `remove_unused` off as long as the file is open."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # being removed just now (`links` tells), or no locks
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)


def _alone(handle: int) -> bool:
    """Tell whether nobody else holds an open file, as far as its file system knows."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
    return True
