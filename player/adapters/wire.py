"""The HTTP client's sockets, so that a thread that waits for an answer can be woken."""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from typing import Any

import requests


class Wire:
    """Knows every connection that a session opens from now on."""

    def __init__(self, session: requests.Session) -> None:
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._cut = False
        for adapter in session.adapters.values():
            manager: Any = getattr(adapter, "poolmanager", None)
            if manager is not None:
                pools = manager.pool_classes_by_scheme
                manager.pool_classes_by_scheme = {
                    scheme: self._watched(pool) for scheme, pool in pools.items()
                }

    def hang_up(self) -> None:
        """End all connections, and those to come; whoever waits for one gets an error."""
        with self._lock:
            self._cut = True
            for each in self._sockets:
                _shut(each)

    def _note(self, connected: socket.socket) -> None:
        with self._lock:
            self._sockets.add(connected)
            if self._cut:
                _shut(connected)

    def _watched(self, pool: Any) -> Any:
        """Return a pool class whose connections are noted."""
        note = self._note

        class Connection(pool.ConnectionCls):  # type: ignore[misc]
            def connect(self) -> None:
                super().connect()
                note(self.sock)

        class Pool(pool):  # type: ignore[misc]
            ConnectionCls = Connection

        return Pool


def _shut(connected: socket.socket) -> None:
    # Past TLS: `SSLSocket.shutdown` would take the encryption from under the waiting thread
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
