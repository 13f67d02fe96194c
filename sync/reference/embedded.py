"""The platform as a child of this program, for the demo and for tests.

    with EmbeddedPlatform(command) as platform:
        platform.url, platform.certificate
        platform.stop()         the network is gone
        platform.start()        and back, on the same port

The command is this program's own `platform`; it must end when its standard input closes,
so that no platform outlives the program that wanted it, however that ended.
"""

import json
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

PORT = "{port}"
_STARTS_WITHIN_S = 60.0
_STOPS_WITHIN_S = 5.0


class EmbeddedPlatformError(Exception):
    """It did not start; the message has what it said on stderr."""


class EmbeddedPlatform:
    """command: argv, where the argument "{port}" stands for the port (0 at first)."""

    def __init__(self, command: Sequence[str], *, cwd: Path | None = None) -> None:
        self._command = tuple(command)
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._url = ""
        self._certificate = Path()

    @property
    def url(self) -> str:
        """Scheme, host and port; the same for every start."""
        return self._url

    @property
    def certificate(self) -> Path:
        """The PEM file of the platform's certificate."""
        return self._certificate

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until it listens. Raises EmbeddedPlatformError."""
        if self.running:
            return
        # A file, not a pipe: nobody has to keep reading it.
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(
                [argument.replace(PORT, str(self._port)) for argument in self._command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                cwd=self._cwd,
            )
            self._process = process
            line = _first_line(process)
            try:
                told = json.loads(line)
                self._url, self._certificate = told["url"], Path(told["certificate"])
                self._port = int(self._url.rpartition(":")[2])
            except (ValueError, KeyError, TypeError) as error:
                self.stop(abruptly=True)
                complaints.seek(0)
                said = complaints.read().decode("utf-8", "replace").strip()
                raise EmbeddedPlatformError(said or f"it said {line!r}") from error

    def stop(self, *, abruptly: bool = False) -> None:
        """Stop it: by closing its standard input, or at once, as a power cut would."""
        process, self._process = self._process, None
        if process is None:
            return
        if abruptly:
            process.kill()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        try:
            process.wait(_STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """What it says first; nothing if it ends, or takes too long and is ended."""
    assert process.stdout is not None
    watch = threading.Timer(_STARTS_WITHIN_S, process.kill)
    watch.start()
    try:
        return process.stdout.readline()
    finally:
        watch.cancel()
        watch.join()
