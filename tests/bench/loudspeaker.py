"""A sound device that only listens: a PulseAudio of our own with a null sink, and its recording.

`with loudspeaker() as where:` hand `where`, an environment, to whoever plays; `Ear(where)` records
until `stop`, which gives what was heard and when, to about 20 ms.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
_STARTS_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Sound:
    """What was heard: float32 mono −1…1 at `RATE`, the first sample at `began_ns`."""

    samples: NDArray[np.float32]
    began_ns: int


class Ear:
    """Records the sink's monitor from its making to `stop`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self._process = subprocess.Popen(
            ["parec", "--device=bench.monitor", f"--rate={RATE}", "--channels=1",
             "--format=s16le", "--latency-msec=10", "--raw"],
            env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._pieces: list[tuple[int, bytes]] = []
        self._thread = threading.Thread(target=self._listen, name="ear")
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        fd = self._process.stdout.fileno()
        while piece := os.read(fd, 1 << 16):
            self._pieces.append((time.monotonic_ns(), piece))

    def stop(self) -> Sound:
        """End the recording."""
        self._process.terminate()
        self._process.wait()
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        pcm = b"".join(piece for _, piece in self._pieces)
        whole = np.frombuffer(pcm[: len(pcm) // 2 * 2], np.int16)
        samples: NDArray[np.float32] = np.divide(whole, 32768, dtype=np.float32)
        # The piece that came soonest after its last sample tells best when the first one was
        began_ns, heard = [], 0
        for at_ns, piece in self._pieces:
            heard += len(piece) // 2
            began_ns.append(at_ns - heard * 1_000_000_000 // RATE)
        return Sound(samples, min(began_ns, default=0))


@contextlib.contextmanager
def loudspeaker() -> Iterator[Mapping[str, str]]:
    """Run the sound server; what it yields is the environment that leads to it."""
    with tempfile.TemporaryDirectory() as home:
        socket = Path(home) / "native"
        environment = {"PULSE_SERVER": f"unix:{socket}", "PULSE_COOKIE": str(Path(home) / "cookie")}
        server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
             "--disable-shm=yes", "--realtime=no", "--high-priority=no",
             "-L", f"module-null-sink sink_name=bench rate={RATE} norewinds=1",
             "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"],
            env={**os.environ, "HOME": home, "XDG_RUNTIME_DIR": home},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(environment, server)
            yield environment
        finally:
            server.terminate()
            server.wait()


def _wait_for(environment: Mapping[str, str], server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + _STARTS_WITHIN_S
    ask = ["pactl", "info"]
    env = {**os.environ, **environment}
    while subprocess.run(ask, env=env, capture_output=True, check=False).returncode:
        if server.poll() is not None or time.monotonic() > ends:
            raise RuntimeError("pulseaudio did not start")
        time.sleep(0.05)
