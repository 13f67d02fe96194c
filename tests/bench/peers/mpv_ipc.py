"""The program mpv in a window, asked and told by its JSON IPC."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

_STARTS_WITHIN_S = 10.0


class MpvProgram:
    """A running mpv; `pid` is its process."""

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.pid = pid
        self._connection = connection
        self._lines = connection.makefile("r", encoding="utf-8")
        self._numbers = itertools.count(1)

    def ask(self, *words: object) -> object:
        """Carry out a command and return its data."""
        number = next(self._numbers)
        request = json.dumps({"command": words, "request_id": number})
        self._connection.sendall(request.encode() + b"\n")
        answer = self._next(lambda said: said.get("request_id") == number and "error" in said)
        return answer.get("data")

    def wait_for(self, event: str) -> None:
        """Wait for an event; those before it are dropped."""
        self._next(lambda said: said.get("event") == event)

    def _next(self, wanted: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        for line in self._lines:
            said: dict[str, object] = json.loads(line)
            if wanted(said):
                return said
        raise RuntimeError("mpv ended")


@contextlib.contextmanager
def mpv_program(environment: Mapping[str, str], width: int, height: int) -> Iterator[MpvProgram]:
    """Start mpv without a film, with software output into a window of that size."""
    with tempfile.TemporaryDirectory() as place:
        door = Path(place) / "mpv"
        process = subprocess.Popen(
            ["mpv", "--no-config", "--idle", "--force-window=immediate", "--vo=x11", "--ao=pulse",
             "--hwdec=no", "--no-border", f"--geometry={width}x{height}+0+0", "--no-terminal",
             f"--input-ipc-server={door}"],
            env=environment, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            ends = time.monotonic() + _STARTS_WITHIN_S
            while not door.exists() and time.monotonic() < ends:
                time.sleep(0.05)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(30)
                connection.connect(str(door))
                yield MpvProgram(connection, process.pid)
        finally:
            process.terminate()
            process.wait(10)
