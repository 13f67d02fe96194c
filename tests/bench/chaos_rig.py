"""What the bench kills: PostgreSQL, two gateways, HAProxy, a bad line, learners' PCs."""

import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from sync.contract import API
from sync.reference import faults
from sync.reference.embedded import PORT, EmbeddedPlatform, EmbeddedPlatformError
from sync.reference.keys import CERTIFICATE_FILE, institution_token
from sync.reference.seed import seed_demo
from tests.bench.gateway_rig import add_learners
from tests.contract.course import make_course
from tests.contract.learner import face
from tests.postgres import Postgres, postgres

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "haproxy.cfg"
CLOCK_OFF_S = 0.1
"""How far a gateway's clock may be off: servers keep theirs by NTP."""
_ENDS_WITHIN_S = 90.0


@dataclass
class Rig:
    """Everything that runs. stores: one for each learner."""

    folder: Path
    server: Postgres
    database_url: str
    gateways: list[EmbeddedPlatform] = field(default_factory=list)
    proxy: subprocess.Popen[bytes] | None = None
    line: subprocess.Popen[bytes] | None = None
    pcs: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    url: str = ""
    _coming_back: dict[str, Future[None]] = field(default_factory=dict)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(3))

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def calm(self) -> Path:
        return self.folder / "calm"

    def store(self, learner: str) -> Path:
        return self.folder / f"{learner}.sqlite3"

    def start_proxy(self) -> None:
        self.proxy = subprocess.Popen(
            ["haproxy", "-q", "-db", "-f", str(self.folder / "haproxy.cfg")],
            stdin=subprocess.DEVNULL,
        )

    def start_pc(self, learner: str) -> None:
        with (self.folder / f"{learner}.log").open("ab") as log:
            self.pcs[learner] = subprocess.Popen(
                [
                    sys.executable, "-m", "tests.bench.chaos_client", self.url,
                    str(self.data / CERTIFICATE_FILE), str(self.store(learner)), learner,
                    str(self.calm),
                ],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def strike(self, drawn: random.Random) -> None:
        """Kill one of them; it comes back beside the rest. Or move the gateways' clock.

        What is coming back is left alone, and one gateway of the two.
        """
        match drawn.choices(("gateway", "pc", "proxy", "postgres", "clock"), (4, 6, 2, 2, 2))[0]:
            case "gateway":
                gateway = drawn.choice(self.gateways)
                self._away("gateway", partial(self.kill_gateway, gateway, drawn.random()))
            case "pc":
                self.kill_pc(drawn.choice(sorted(self.pcs)))
            case "proxy":
                self._away("proxy", partial(self.kill_proxy, drawn.uniform(0.0, 0.5)))
            case "postgres":
                self._away("postgres", partial(self.kill_postgres, drawn.uniform(0.0, 0.5)))
            case _:
                off_s = drawn.uniform(-CLOCK_OFF_S, CLOCK_OFF_S)
                faults.write(self.folder / faults.FILE, faults.Faults(clock_off_s=off_s))

    def _away(self, name: str, kill: Callable[[], None]) -> None:
        before = self._coming_back.get(name)
        if before is None or before.done():
            if before is not None:
                before.result()
            self._coming_back[name] = self._pool.submit(kill)

    def all_back(self) -> None:
        """Wait until everything is there again. Raises what kept it from it."""
        for coming in self._coming_back.values():
            coming.result(_ENDS_WITHIN_S)

    def close(self) -> None:
        """Not before everything was judged: PostgreSQL ends with the thread that started it."""
        self._pool.shutdown(cancel_futures=True)

    def kill_gateway(self, gateway: EmbeddedPlatform, away_s: float = 0.0) -> None:
        gateway.stop(abruptly=True)
        self.kills["gateway"] += 1
        time.sleep(away_s)
        ends = time.monotonic() + _ENDS_WITHIN_S
        while not gateway.running:
            try:
                gateway.start()
            except EmbeddedPlatformError:  # the database may be away just now
                if time.monotonic() > ends:
                    raise

    def kill_pc(self, learner: str) -> None:
        _kill(self.pcs[learner])
        self.kills["pc"] += 1
        self.start_pc(learner)

    def kill_proxy(self, away_s: float = 0.0) -> None:
        _kill(self.proxy)
        self.kills["proxy"] += 1
        time.sleep(away_s)
        self.start_proxy()

    def kill_postgres(self, away_s: float = 0.0) -> None:
        self.server.kill()
        self.kills["postgres"] += 1
        time.sleep(away_s)
        self.server.start()

    def end_pcs(self) -> None:
        for pc in self.pcs.values():
            _kill(pc)

    def settle(self) -> list[str]:
        """Calm: every PC hands in what it has and ends. Who did not."""
        self.calm.touch()
        ends = time.monotonic() + _ENDS_WITHIN_S
        late = []
        for learner, pc in self.pcs.items():
            try:
                if pc.wait(max(0.1, ends - time.monotonic())) != 0:
                    late.append(learner)
            except subprocess.TimeoutExpired:
                _kill(pc)
                late.append(learner)
        return late


@contextmanager
def rig(folder: Path, learners: int, seed: int) -> Iterator[Rig]:
    """Start everything; end everything, however it goes."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        url = server.database()
        rig = Rig(folder, server, url)
        stack.callback(rig.close)
        seed_demo(rig.data, course=make_course(folder / "course"), database_url=url)
        add_learners(url, learners)
        for _ in range(2):
            gateway = EmbeddedPlatform(
                (sys.executable, "-m", "tests.bench.chaos_gateway", str(rig.data), PORT, url,
                 str(folder / faults.FILE)),
                cwd=ROOT,
            )  # fmt: skip
            stack.callback(gateway.stop)
            rig.gateways.append(gateway)
        with ThreadPoolExecutor(2) as together:
            list(together.map(EmbeddedPlatform.start, rig.gateways))
        names = [f"bench-{number}" for number in range(learners)]
        _enrol(rig, names)
        front = _configure(rig)
        stack.callback(lambda: _kill(rig.proxy))
        rig.start_proxy()
        rig.line = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.chaos_line", "0", str(front), str(seed)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        )  # fmt: skip
        stack.callback(_kill, rig.line)
        assert rig.line.stdout is not None
        rig.url = f"http://127.0.0.1:{int(rig.line.stdout.readline())}"
        stack.callback(rig.end_pcs)
        for name in names:
            rig.start_pc(name)
        yield rig


def _enrol(rig: Rig, learners: list[str]) -> None:
    headers = {"Authorization": f"Bearer {institution_token(rig.data)}"}
    for learner in learners:
        answer = httpx.put(
            f"{rig.gateways[0].url}{API}/institution/learners/{learner}/template",
            json={"embedding": face()}, headers=headers,
        )  # fmt: skip
        answer.raise_for_status()


def _configure(rig: Rig) -> int:
    """The documented example with the bench's ports; the port in front."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        front = int(free.getsockname()[1])
    text = EXAMPLE.read_text("utf-8").replace("127.0.0.1:8080", f"127.0.0.1:{front}")
    for gateway, example in zip(rig.gateways, ("127.0.0.1:8001", "127.0.0.1:8002"), strict=True):
        assert example in text
        text = text.replace(example, gateway.url.removeprefix("http://"))
    (rig.folder / "haproxy.cfg").write_text(text, "utf-8")
    return front


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
