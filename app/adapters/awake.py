"""Keeps the screen from sleeping while a film plays, and lets it sleep otherwise.

Nothing of the system's settings is changed: what is asked for ends when it is taken back, and the
system itself takes it back when the program dies.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

log = logging.getLogger(__name__)

PROGRAM = "Anxue"
ANSWER_S = 1.0
"""How long a service of the desktop may take."""
CLOSING_S = 0.5


class Inhibitor(Protocol):
    """A way to ask the system. All calls but `abort` come from one thread of their own."""

    def hold(self, reason: str) -> tuple[str, ...]:
        """Ask for it; return who agreed. May raise anything that is wrong with the system."""

    def release(self) -> None:
        """Take it back."""

    def abort(self) -> None:
        """End a call that waits, from another thread."""


class Awake:
    """`hold` and `release` as often as you like, at any time: neither waits, neither raises."""

    def __init__(self, inhibitor: Inhibitor | None = None) -> None:
        """inhibitor: None for this system's own."""
        self._inhibitor = inhibitor or system_inhibitor()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="awake")
        self._wanted: str | None = None
        self._held = False
        self._open = True
        self.held_by: tuple[str, ...] = ()
        """For diagnostics: who keeps the screen on for us now."""

    def hold(self, reason: str) -> None:
        """Keep the screen on; `reason` is what some desktops show to the user."""
        self._want(reason)

    def release(self) -> None:
        """Let the screen sleep when the system sees fit."""
        self._want(None)

    def close(self) -> None:
        """Release; no thread is left. Takes `CLOSING_S` at most."""
        if not self._open:
            return
        self._open = False
        self._wanted = None
        done, _ = wait([self._worker.submit(self._follow)], CLOSING_S)
        if not done:
            self._inhibitor.abort()
        self._worker.shutdown(wait=True)

    def _want(self, reason: str | None) -> None:
        if self._open and reason != self._wanted:
            self._wanted = reason
            self._worker.submit(self._follow)

    def _follow(self) -> None:
        """Make it as was wanted last; in the worker."""
        wanted = self._wanted
        if (wanted is not None) is self._held:
            return
        try:
            if wanted is None:
                self._held, self.held_by = False, ()
                self._inhibitor.release()
            else:
                self.held_by = self._inhibitor.hold(wanted)
                self._held = True
                log.info("the screen is kept on by %s", ", ".join(self.held_by) or "nobody")
        except Exception as error:  # noqa: BLE001 - a desktop that misbehaves stops no lesson
            log.warning("the screen cannot be kept on, or let go: %s", type(error).__name__)


@dataclass(frozen=True, slots=True)
class _Service:
    """Where a desktop takes such requests, and what it calls the way back.

    arguments: the signature and what stands before and after the reason.
    """

    name: str
    path: str
    undo: str
    signature: str
    before: tuple[object, ...]
    after: tuple[object, ...] = ()


_SERVICES = (
    _Service(
        "org.freedesktop.ScreenSaver",
        "/org/freedesktop/ScreenSaver",
        "UnInhibit",
        "ss",
        (PROGRAM,),
    ),
    _Service(  # XFCE and other light desktops switch the screen off from here
        "org.freedesktop.PowerManagement.Inhibit",
        "/org/freedesktop/PowerManagement/Inhibit",
        "UnInhibit",
        "ss",
        (PROGRAM,),
    ),
    _Service(  # MATE and those after it; 8: the session is not idle
        "org.gnome.SessionManager",
        "/org/gnome/SessionManager",
        "Uninhibit",
        "susu",
        (PROGRAM, 0),
        (8,),
    ),
)


class SessionBus:
    """Linux: every service that the desktop offers for it, on a connection that is held as long.

    The connection is the safety: when it ends, however that comes, the services forget us. QtDBus
    is of no use here: PySide turns the cookie, an unsigned number, into a signed one.
    """

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._connection: DBusConnection | None = None
        self._cookies: list[tuple[_Service, object]] = []

    def hold(self, reason: str) -> tuple[str, ...]:
        try:
            self._connect()
            for service in _SERVICES:
                body = (*service.before, reason, *service.after)
                answer = self._call(service, "Inhibit", service.signature, body)
                if answer is not None and answer.body:
                    self._cookies.append((service, answer.body[0]))
        except BaseException:
            self._hang_up()
            raise
        if not self._cookies:
            self._hang_up()
        return tuple(service.name for service, _ in self._cookies)

    def release(self) -> None:
        try:
            for service, cookie in self._cookies:
                self._call(service, service.undo, "u", (cookie,))
        finally:
            self._hang_up()

    def abort(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> None:
        from jeepney.bus import get_bus
        from jeepney.io.blocking import DBusConnection, prep_socket

        address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
        if not address:  # where systemd puts it
            address = f"unix:path={os.environ.get('XDG_RUNTIME_DIR', '')}/bus"
        self._socket = prep_socket(get_bus(address), timeout=ANSWER_S)
        self._connection = DBusConnection(self._socket)

    def _hang_up(self) -> None:
        self._cookies.clear()
        connection, self._connection = self._connection, None
        bus, self._socket = self._socket, None
        if connection is not None:
            connection.close()
        elif bus is not None:
            bus.close()

    def _call(
        self, service: _Service, method: str, signature: str, body: tuple[object, ...]
    ) -> Message | None:
        """The answer; None for an error, which is what a desktop without that service gives."""
        from jeepney import DBusAddress, MessageFlag, MessageType, new_method_call

        assert self._connection is not None
        where = DBusAddress(service.path, service.name, service.name)
        question = new_method_call(where, method, signature, body)
        question.header.flags |= MessageFlag.no_auto_start  # no program is started for this
        try:
            answer = self._connection.send_and_get_reply(question, timeout=ANSWER_S)
        except TimeoutError:
            return None
        return None if answer.header.message_type is MessageType.error else answer


ES_CONTINUOUS = 0x8000_0000
ES_SYSTEM_REQUIRED = 0x0000_0001
ES_DISPLAY_REQUIRED = 0x0000_0002


class ExecutionState:
    """Windows: a wish of the calling thread, gone with it. `set_state`: SetThreadExecutionState."""

    def __init__(self, set_state: Callable[[int], int]) -> None:
        self._set_state = set_state

    def hold(self, reason: str) -> tuple[str, ...]:
        asked = self._set_state(ES_CONTINUOUS | ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED)
        return ("SetThreadExecutionState",) if asked else ()

    def release(self) -> None:
        self._set_state(ES_CONTINUOUS)

    def abort(self) -> None:
        """Nothing ever waits here."""


class Nobody:
    """A system that we have no way to ask."""

    def hold(self, reason: str) -> tuple[str, ...]:
        return ()

    def release(self) -> None: ...

    def abort(self) -> None: ...


def system_inhibitor() -> Inhibitor:
    """The way of the system that runs us."""
    if sys.platform == "win32":
        import ctypes

        set_state = ctypes.WinDLL("kernel32").SetThreadExecutionState
        set_state.argtypes, set_state.restype = [ctypes.c_uint32], ctypes.c_uint32
        return ExecutionState(set_state)
    return SessionBus() if sys.platform.startswith("linux") else Nobody()
