"""Records out of a file that SQLite reads no more: straight from its pages.

A damaged header, schema or index hides sound pages from every query. The pages of a table say
themselves how long each row is (https://sqlite.org/fileformat2.html, sections 1.6 and 2.1), and a
record's body opens only with our key and in its own place: nothing can be mistaken for one.
"""

from collections.abc import Iterator

PAGE = 4096
"""SQLite's default since 2016; the store never sets another."""

_WAL_HEADER, _FRAME_HEADER, _FILE_HEADER = 32, 24, 100
_LEAF = 0x0D
_LARGEST = PAGE - 35  # a longer row goes on in pages elsewhere
_COLUMNS = 12
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Value = int | str | bytes | None
Rows = Iterator[tuple[Value, ...]]


def records(rows: Rows) -> Iterator[tuple[str, int, bytes, bytes, bytes]]:
    """What looks like chain, seq, head, mac, body; whether it is, only its body can tell."""
    for row in rows:
        match row:
            case (str(chain), int(seq), bytes(head), bytes(mac), bytes(body)):
                yield chain, seq, head, mac, body


def receipts(rows: Rows) -> Iterator[tuple[str, int, int, str]]:
    """What looks like chain, seq, beacon, jws."""
    for row in rows:
        match row:
            case (None, str(chain), int(seq), int(beacon), str(jws)):
                yield chain, seq, beacon, jws


def carve(database: bytes, wal: bytes = b"") -> Rows:
    """Every row of any table that lies whole on one page of the file or its journal."""
    for start in range(0, len(database) - PAGE + 1, PAGE):
        yield from _page(database[start : start + PAGE], _FILE_HEADER if start == 0 else 0)
    frame = _FRAME_HEADER + PAGE
    for start in range(_WAL_HEADER, len(wal) - frame + 1, frame):
        yield from _page(wal[start + _FRAME_HEADER : start + frame], 0)


def _page(page: bytes, header: int) -> Rows:
    if page[header] != _LEAF:
        return
    count = int.from_bytes(page[header + 3 : header + 5], "big")
    for number in range(min(count, PAGE // 4)):
        place = header + 8 + 2 * number
        try:
            yield _row(page, int.from_bytes(page[place : place + 2], "big"))
        except (IndexError, ValueError):
            continue


def _row(page: bytes, at: int) -> tuple[Value, ...]:
    """Raises IndexError or ValueError for what is none."""
    size, at = _varint(page, at)
    _rowid, at = _varint(page, at)
    if not 0 < size <= _LARGEST or at + size > PAGE:
        raise ValueError
    length, place = _varint(page, at)
    kinds: list[int] = []
    while place < at + length and len(kinds) <= _COLUMNS:
        kind, place = _varint(page, place)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        width = _width(kind)
        values.append(_value(kind, page[place : place + width]))
        place += width
    if place != at + size:
        raise ValueError
    return tuple(values)


def _value(kind: int, data: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind in _INTEGERS:
        return int.from_bytes(data, "big", signed=True)
    if kind < 12:
        raise ValueError
    return data if kind % 2 == 0 else data.decode()


def _width(kind: int) -> int:
    return (kind - 12) // 2 if kind >= 12 else _INTEGERS.get(kind, 0)


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
