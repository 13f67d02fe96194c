"""As much of libmpv as a benchmark needs, by ctypes: play a URL, hear of pictures, render them.

The pictures come from its software render API, into memory: what a program that embeds libmpv
would put on the screen.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

_API_TYPE, _SW_SIZE, _SW_FORMAT, _SW_STRIDE, _SW_POINTER = 1, 17, 18, 19, 20  # mpv/render.h
_DOUBLE, _FRAME_WAITS = 5, 1
_Update = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class _Param(ctypes.Structure):
    _fields_ = (("type", ctypes.c_int), ("data", ctypes.c_void_p))


class Mpv:
    """A player with options; commands and properties as mpv(1) tells."""

    def __init__(self, options: Mapping[str, str], width: int, height: int) -> None:
        """OSError where libmpv is missing."""
        self._library = ctypes.CDLL("libmpv.so.2")
        self._library.mpv_create.restype = ctypes.c_void_p
        self._library.mpv_render_context_update.restype = ctypes.c_uint64
        self._handle = ctypes.c_void_p(self._library.mpv_create())
        for name, value in {"vo": "libmpv", **options}.items():
            code = self._library.mpv_set_option_string(self._handle, name.encode(), value.encode())
            _check(code, name)
        _check(self._library.mpv_initialize(self._handle), "initialize")
        self._context = ctypes.c_void_p()
        api = ctypes.c_char_p(b"sw")
        params = _params({_API_TYPE: ctypes.cast(api, ctypes.c_void_p).value})
        made = self._library.mpv_render_context_create(
            ctypes.byref(self._context), self._handle, params
        )
        _check(made, "render context")
        self._news = threading.Event()
        self._on_update = _Update(lambda _: self._news.set())
        self._library.mpv_render_context_set_update_callback(self._context, self._on_update, None)
        self.picture: NDArray[np.uint8] = np.zeros((height, width, 4), np.uint8)
        self._going = threading.Event()

    def command(self, *words: str) -> None:
        """Carry out a command; returns when mpv has taken it."""
        line = (ctypes.c_char_p * (len(words) + 1))(*(word.encode() for word in words), None)
        _check(self._library.mpv_command(self._handle, line), " ".join(words))

    def number(self, name: str) -> float | None:
        """Return a property's value; None while it has none."""
        value = ctypes.c_double()
        code = self._library.mpv_get_property(
            self._handle, name.encode(), _DOUBLE, ctypes.byref(value)
        )
        return value.value if code == 0 else None

    def render_until(self, ended: threading.Event, rendered: Callable[[], None]) -> None:
        """Render each picture as soon as mpv says so; call in a thread of its own."""
        height, width, _ = self.picture.shape
        size = (ctypes.c_int * 2)(width, height)
        stride = ctypes.c_size_t(width * 4)
        form = ctypes.c_char_p(b"rgb0")
        params = _params({
            _SW_SIZE: ctypes.addressof(size),
            _SW_FORMAT: ctypes.cast(form, ctypes.c_void_p).value,
            _SW_STRIDE: ctypes.addressof(stride),
            _SW_POINTER: self.picture.ctypes.data,
        })  # fmt: skip
        while not ended.is_set():
            self._news.wait(0.2)
            self._news.clear()
            if self._library.mpv_render_context_update(self._context) & _FRAME_WAITS:
                self._library.mpv_render_context_render(self._context, params)
                rendered()

    def close(self) -> None:
        """Let go; the thread that renders has to have ended."""
        self._library.mpv_render_context_free(self._context)
        self._library.mpv_terminate_destroy(self._handle)


def _params(data: Mapping[int, int | None]) -> ctypes.Array[_Param]:
    """Return mpv's list of parameters, ended by a zero; whoever calls keeps the data alive."""
    return (_Param * (len(data) + 1))(*(_Param(kind, where) for kind, where in data.items()))


def _check(code: int, what: str) -> None:
    if code < 0:
        raise OSError(code, f"libmpv: {what}")
