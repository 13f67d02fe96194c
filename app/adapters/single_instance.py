"""One program for each user: a second start brings the first one's window to the front and ends.

A lock file beside the records says who is the first; a local socket, or pipe, named after that
folder carries the word. The lock decides, not the socket: on Windows two servers may listen on
one pipe, and on Unix a socket stays behind after a crash.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

WORD = b"show\n"
DONE = b"done\n"
WITHIN_MS = 8000
"""How long the first program may take to answer: it may be starting itself. One that hangs does
not hold the second up for longer."""


class SingleInstance(QObject):
    """folder: the user's records, one program each. Needs a QCoreApplication."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._name = "anxue-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self._lock = QLockFile(str(folder / "program.lock"))
        self._lock.setStaleLockTime(0)  # stale only when its process is gone
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._called)
        self._show: Callable[[], None] = lambda: None

    def is_first(self, show: Callable[[], None]) -> bool:
        """Whether this is the only program; then `show` is called when another one starts.

        Where no lock can be made it is: the sign-in says what is wrong with the folder.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            log.warning("no lock: %s", error)
            return True
        if not self._lock.tryLock(0):
            if self._lock.error() is QLockFile.LockError.LockFailedError:
                return False
            log.warning("no lock: %s", self._lock.error())
            return True
        self._show = show
        QLocalServer.removeServer(self._name)  # left behind by a crash: the lock is ours
        if not self._server.listen(self._name):
            log.warning("no second start will be heard: %s", self._server.errorString())
        return True

    def hand_over(self) -> bool:
        """Ask the first program to show itself; False if it does not answer."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(WITHIN_MS):
            log.warning("the first program does not listen: %s", socket.errorString())
            return False
        _let_come_forward(self._lock.getLockInfo()[0])
        socket.write(WORD)
        socket.waitForBytesWritten(WITHIN_MS)
        answered = socket.waitForReadyRead(WITHIN_MS) and socket.readLine().data() == DONE
        socket.disconnectFromServer()
        return answered

    def close(self) -> None:
        """Let the next one be the first."""
        self._server.close()
        self._lock.unlock()

    def _called(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._heard(socket))
            self._heard(socket)

    def _heard(self, socket: QLocalSocket) -> None:
        if socket.canReadLine() and socket.readLine(len(WORD) + 1).data() == WORD:
            self._show()
            socket.write(DONE)
            socket.flush()


def _let_come_forward(pid: int) -> None:
    """Windows lets only the program that was just started hand the foreground to another."""
    if sys.platform == "win32" and pid != os.getpid():
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(pid)
