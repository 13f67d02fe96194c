"""The film's code: which cells a frame number paints, which tones a second sounds.

Values only, shared by the maker (`resources.film.make`) and the reader (`tests.film`).

A strip of 40 equal cells lies across the top of the picture; the same cells inverted lie
across the bottom. White is 1::

    1 0 | frame number, 20 bits | rendition, 2 bits | CRC-14 | 0 1

The outer cells tell black from white whatever the levels are. A strip alone is enough to
read; where both can be read they must agree, so a torn picture reads as nothing.
"""

from __future__ import annotations

CELLS = 40
NUMBER_BITS = 20
RENDITION_BITS = 2
CRC_BITS = 14
STRIP_SHARE = 1 / 12
"""Height of a strip as a share of the picture's height."""

RENDITION_NAMES = ("fluent", "standard", "high")

LOW_TONES = 40
HIGH_TONES = 40
_LOW_BASE, _LOW_STEP = 400.0, 40.0
_HIGH_BASE, _HIGH_STEP = 2200.0, 60.0
SECONDS_CODED = LOW_TONES * HIGH_TONES
"""Seconds until the pairs of tones come round again (26 min 40 s)."""

_CRC_POLYNOMIAL = 0x202D


def crc14(value: int, bits: int) -> int:
    """Return the 14-bit cyclic check of ``value``'s lowest ``bits`` bits."""
    register = 0x2A5A  # not zero, so that an all-black strip is never right
    for shift in range(bits - 1, -1, -1):
        top = (register >> (CRC_BITS - 1)) & 1
        register = (register << 1) & ((1 << CRC_BITS) - 1)
        if top ^ ((value >> shift) & 1):
            register ^= _CRC_POLYNOMIAL
    return register


def cells_for(number: int, rendition: int) -> list[bool]:
    """Return the top strip's 40 cells, True for white, left to right.

    Raises ValueError if ``number`` needs more than 20 bits or ``rendition`` is not 0..2.
    """
    if not 0 <= number < 1 << NUMBER_BITS:
        raise ValueError(f"frame number {number} does not fit {NUMBER_BITS} bits")
    if not 0 <= rendition < len(RENDITION_NAMES):
        raise ValueError(f"no rendition {rendition}")
    payload = number << RENDITION_BITS | rendition
    size = NUMBER_BITS + RENDITION_BITS
    word = payload << CRC_BITS | crc14(payload, size)
    size += CRC_BITS
    inner = [bool(word >> shift & 1) for shift in range(size - 1, -1, -1)]
    return [True, False, *inner, False, True]


def parse_cells(cells: list[bool]) -> tuple[int, int] | None:
    """Return (number, rendition) of a top strip's cells, or None where they don't check."""
    if len(cells) != CELLS or cells[:2] != [True, False] or cells[-2:] != [False, True]:
        return None
    word = 0
    for cell in cells[2:-2]:
        word = word << 1 | cell
    payload, check = word >> CRC_BITS, word & ((1 << CRC_BITS) - 1)
    rendition = payload & ((1 << RENDITION_BITS) - 1)
    if check != crc14(payload, NUMBER_BITS + RENDITION_BITS):
        return None
    if rendition >= len(RENDITION_NAMES):
        return None
    return payload >> RENDITION_BITS, rendition


def tones_for(second: int) -> tuple[float, float]:
    """Return the two frequencies in Hz that sound together during second ``second``."""
    place = second % SECONDS_CODED
    low, high = place % LOW_TONES, place // LOW_TONES
    # The high tone moves with the low one too: neighbours then differ in both.
    high = (high + low) % HIGH_TONES
    return _LOW_BASE + _LOW_STEP * low, _HIGH_BASE + _HIGH_STEP * high


def second_for(low_hz: float, high_hz: float) -> int | None:
    """Return the second (modulo `SECONDS_CODED`) of two measured tones, None if off the grid."""
    low = round((low_hz - _LOW_BASE) / _LOW_STEP)
    high = round((high_hz - _HIGH_BASE) / _HIGH_STEP)
    if not (0 <= low < LOW_TONES and 0 <= high < HIGH_TONES):
        return None
    if abs(low_hz - _LOW_BASE - _LOW_STEP * low) > _LOW_STEP / 3:
        return None
    if abs(high_hz - _HIGH_BASE - _HIGH_STEP * high) > _HIGH_STEP / 3:
        return None
    return (high - low) % HIGH_TONES * LOW_TONES + low
