"""Films whose pixels would end the program."""

import struct

import pytest

from player.shape import impossible_shape


def head(wide: int, high: int) -> bytes:
    return b"....moov" + b"x" * 300 + b"\0\0\0\x10pasp" + struct.pack(">II", wide, high) + b"stts"


@pytest.mark.parametrize(("wide", "high"), [(1, 1), (4, 3), (64, 45), (1, 8), (0, 0), (0, 5)])
def test_what_films_have_is_possible(wide: int, high: int) -> None:
    assert not impossible_shape(head(wide, high))


@pytest.mark.parametrize(("wide", "high"), [(1, 32_769), (32_769, 1), (1, 9), (2**31, 3)])
def test_what_no_film_has_is_not(wide: int, high: int) -> None:
    assert impossible_shape(head(wide, high))


def test_a_head_without_it_or_cut_off_in_it_says_nothing() -> None:
    assert not impossible_shape(b"")
    assert not impossible_shape(b"moov" * 100)
    assert not impossible_shape(head(1, 32_769)[:-8])
    assert impossible_shape(head(1, 1) + head(1, 32_769))
