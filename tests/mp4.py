"""Change what an MP4 file says of itself, in place: no box grows or shrinks.

Muxers write only sane values; these are the odd ones that phones, cutters and cheap tools write.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_FOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts")
_ONE, _W = 1 << 16, 1 << 30
_MATRICES = {
    90: (0, _ONE, 0, -_ONE, 0, 0, 0, 0, _W),
    180: (-_ONE, 0, 0, 0, -_ONE, 0, 0, 0, _W),
    270: (0, -_ONE, 0, _ONE, 0, 0, 0, 0, _W),
}


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """Yield (path, content's start, content's end) of each box, the folders' before their own."""
    yield from _boxes(data, start, len(data) if end is None else end, "")


def _boxes(data: bytes, start: int, end: int, above: str) -> Iterator[tuple[str, int, int]]:
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            head = 16
        size = size or end - start
        path = f"{above}/{kind.decode('latin-1')}"
        yield path, start + head, start + size
        if kind in _FOLDERS:
            yield from _boxes(data, start + head, start + size, path)
        start += size


def turned(data: bytes, degrees: int) -> bytes:
    """Tell players to turn the picture clockwise by 90, 180 or 270 degrees."""
    changed = bytearray(data)
    start = _first(data, "/moov/trak/tkhd")
    struct.pack_into(">9i", changed, start + 40, *_MATRICES[degrees])
    return bytes(changed)


def skipping(data: bytes, ticks: int) -> bytes:
    """Let the picture's edit list begin `ticks` of the track's clock later than it does."""
    changed = bytearray(data)
    start = _first(data, "/moov/trak/edts/elst")
    (track_rate,) = struct.unpack_from(">I", data, _first(data, "/moov/trak/mdia/mdhd") + 12)
    (film_rate,) = struct.unpack_from(">I", data, _first(data, "/moov/mvhd") + 12)
    version, count, length, begins = struct.unpack_from(">B3xIIi", data, start)
    if version != 0 or count != 1:
        raise ValueError(f"an edit list of version {version} with {count} entries")
    shorter = length - ticks * film_rate // track_rate
    struct.pack_into(">Ii", changed, start + 8, shorter, begins + ticks)
    return bytes(changed)


def without_last_length(data: bytes) -> bytes:
    """Give the picture's last frame no length at all.

    ValueError unless the table of lengths has an entry for that frame alone.
    """
    changed = bytearray(data)
    start = _first(data, "/moov/trak/mdia/minf/stbl/stts")
    (count,) = struct.unpack_from(">I", data, start + 4)
    frames, _ticks = struct.unpack_from(">II", data, start + 8 * count)
    if count < 2 or frames != 1:
        raise ValueError(f"the last of {count} entries is for {frames} frames")
    struct.pack_into(">I", changed, start + 8 * count + 4, 0)
    return bytes(changed)


def media_span(data: bytes) -> tuple[int, int]:
    """Return where the frames' own bytes begin and end."""
    return next((start, end) for path, start, end in boxes(data) if path == "/mdat")


def _first(data: bytes, wanted: str) -> int:
    return next(start for path, start, _end in boxes(data) if path == wanted)
