"""Records out of a file that SQLite reads no more: straight from its pages.

A damaged header, schema or index hides sound pages from every query. The pages of a table say
themselves how long each row is (https://sqlite.org/fileformat2.html, sections 1.6 and 2.1), and a
record's body opens only with our key and in its own place: nothing can be mistaken for one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

PAGE = 4096
"""SQLite's default since 2016; the store never sets another."""

_WAL_HEADER, _FRAME_HEADER, _FILE_HEADER = 32, 24, 100
_LEAF = 0x0D
_LARGEST = PAGE - 35  # a longer row goes on in pages elsewhere
_COLUMNS = 5
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


@dataclass(frozen=True, slots=True)
class Carved:
    """What looks like a row of `records`; whether it is one only its body can tell."""

    chain: str
    seq: int
    head: bytes
    mac: bytes
    body: bytes


def carve(database: bytes, wal: bytes = b"") -> Iterator[Carved]:
    """Everything that looks like a row of `records` on any page of the file or its journal."""
    for start in range(0, len(database) - PAGE + 1, PAGE):
        yield from _page(database[start : start + PAGE], _FILE_HEADER if start == 0 else 0)
    frame = _FRAME_HEADER + PAGE
    for start in range(_WAL_HEADER, len(wal) - frame + 1, frame):
        yield from _page(wal[start + _FRAME_HEADER : start + frame], 0)


def _page(page: bytes, header: int) -> Iterator[Carved]:
    if page[header] != _LEAF:
        return
    count = int.from_bytes(page[header + 3 : header + 5], "big")
    for number in range(min(count, PAGE // 4)):
        place = header + 8 + 2 * number
        try:
            found = _cell(page, int.from_bytes(page[place : place + 2], "big"))
        except (IndexError, UnicodeDecodeError):
            continue
        if found is not None:
            yield found


def _cell(page: bytes, at: int) -> Carved | None:
    size, at = _varint(page, at)
    _rowid, at = _varint(page, at)
    if not 0 < size <= _LARGEST or at + size > PAGE:
        return None
    length, place = _varint(page, at)
    kinds: list[int] = []
    while place < at + length and len(kinds) <= _COLUMNS:
        kind, place = _varint(page, place)
        kinds.append(kind)
    if len(kinds) != _COLUMNS or not _fits(kinds):
        return None
    parts = []
    for width in map(_width, kinds):
        parts.append(page[place : place + width])
        place += width
    seq = kinds[1] - 8 if kinds[1] in (8, 9) else int.from_bytes(parts[1], "big", signed=True)
    return Carved(parts[0].decode(), seq, parts[2], parts[3], parts[4])


def _fits(kinds: list[int]) -> bool:
    """A text, a whole number, three times bytes: of 32, of 32, of any length."""
    text, number, head, mac, body = kinds
    texts = text >= 13 and text % 2 == 1
    numbers = number in _INTEGERS or number in (8, 9)
    return texts and numbers and head == mac == 12 + 2 * 32 and body >= 12 and body % 2 == 0


def _width(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return _INTEGERS.get(kind, 0)


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """SQLite's: up to nine bytes, seven bits each, the last one whole."""
    value = 0
    for step in range(9):
        byte = page[at + step]
        if step == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    raise IndexError
