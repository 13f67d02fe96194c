"""Keep the program small: give back what a film needed when it is closed.

glibc gives each thread an arena of its own and, once large blocks were freed, keeps ever larger
ones. FFmpeg's threads come and go with every film: without this the program stood at 209 MB after
30 films and grew by 20 MB with the next 64; with it at 137 MB, and it grew by nothing
(`dev.py bench soak`).
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # malloc.h
_ARENAS = 2
_LARGE_BYTES = 128 * 1024
"""From this size on a block is the system's again when it is freed: a picture is 0.3 to 4 MB."""


def stay_small() -> bool:
    """Set the allocator up, before the first threads start; False where it isn't glibc's."""
    mallopt = _glibc("mallopt")
    if mallopt is None:
        return False
    mallopt(_TRIM_THRESHOLD, _LARGE_BYTES)
    mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
    return bool(mallopt(_ARENA_MAX, _ARENAS))


def give_back() -> None:
    """Give what lies free between blocks in use back to the system: 10 MB or so after a film.

    Takes 2 to 4 ms; call it when a film has been closed.
    """
    trim = _glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _glibc(name: str) -> Callable[..., int] | None:
    """Return one of glibc's own functions; None on other systems and other libraries."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
    return found
