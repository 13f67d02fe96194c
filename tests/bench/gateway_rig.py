"""What the benches of the gateway share: PostgreSQL, gateways, learners, signed batches."""

import gzip
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from sqlalchemy import select

from sync import trust
from sync.contract import API
from sync.facts import Fact, Paused, PictureQuality, Played, PresenceChanged
from sync.reference.accounts import hash_password
from sync.reference.demo import DEMO_LEARNER
from sync.reference.embedded import PORT, EmbeddedPlatform
from sync.reference.keys import CERTIFICATE_FILE
from sync.reference.seed import seed_demo
from sync.reference.store import Store
from sync.reference.tables import LearnerRow
from tests.contract.course import make_course
from tests.contract.learner import Run, sign_in
from tests.postgres import Postgres, postgres

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "made-ahead"
LESSON = "first"


@dataclass(frozen=True)
class Rig:
    """urls: of the gateways. One database and one folder of keys behind all of them."""

    server: Postgres
    database_url: str
    data: Path
    gateways: tuple[EmbeddedPlatform, ...]

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(gateway.url for gateway in self.gateways)


@contextmanager
def rig(folder: Path, *, processes: int = 2, learners: int) -> Iterator[Rig]:
    """Start everything. Learners `bench-0`, … sign in with PASSWORD."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        url = server.database()
        data = folder / "data"
        seed_demo(data, course=make_course(folder / "course"), database_url=url)
        add_learners(url, learners)
        gateways = []
        for _ in range(processes):
            command = (
                *(sys.executable, str(ROOT / "main.py"), "platform", "--data", str(data)),
                *("--port", PORT, "--database", url, "--until-stdin-closes"),
            )
            gateway = EmbeddedPlatform(command, cwd=ROOT)
            stack.callback(gateway.stop)
            gateway.start()
            gateways.append(gateway)
        yield Rig(server, url, data, tuple(gateways))


def add_learners(url: str, number: int) -> None:
    """As many as are wanted, in the demo's class, all with one password."""
    store = Store(url)
    hashed = hash_password(PASSWORD)
    with store.writing() as db:
        demo = db.scalars(select(LearnerRow).where(LearnerRow.id == DEMO_LEARNER.id)).one()
        for place in range(number):
            db.add(
                LearnerRow(
                    id=f"bench-{place}",
                    login=f"bench-{place}",
                    password_hash=hashed,
                    name=f"Bench {place}",
                    institution=demo.institution,
                    class_id=demo.class_id,
                )
            )
    store.close()


def sign_in_all(rig: Rig, numbers: range) -> list[Run]:
    """Runs of the learners, their start recorded but not sent."""
    certificate = trust.load((rig.data / CERTIFICATE_FILE).read_text("ascii"))
    runs = []
    for number in numbers:
        url = rig.urls[number % len(rig.urls)]
        http = httpx.Client(base_url=f"{url}{API}", timeout=30)
        runs.append(sign_in(http, certificate, f"bench-{number}", PASSWORD))
        http.close()
    return runs


def study(run: Run, step: int) -> Fact:
    """What one more record of a lesson says: played, watched, measured, stopped, played …"""
    position = (step // 5) * 20 % 580
    us = position * 1_000_000
    match step % 5:
        case 0:
            return Played(lesson=LESSON, position_us=us)
        case 1:
            return run.watched(LESSON, position, position + 20)
        case 2:
            return PictureQuality(
                lesson=LESSON, mode="standard", frames=600, dropped=0, late=2, stalls=0,
                stalled_ms=0, unseen_ms=0, sound="ok", sound_offset_ms=-4, bits_per_second=812_345,
            )  # fmt: skip
        case 3:
            return PresenceChanged(lesson=LESSON, state="present")
    return Paused(lesson=LESSON, position_us=us + 20_000_000, reason="learner")


def requests(run: Run, url: str, size: int, batches: int, *, counted: bool = False) -> list[bytes]:
    """Whole HTTP requests, each a sealed batch of `size` records.

    counted: every answer shall bring the count, as for a learner who studies; else the last.
    """
    if not run.records:
        run.begin(LESSON)
    made = []
    sent = 0
    for number in range(batches):
        while len(run.records) < sent + size:
            run.state(study(run, len(run.records)))
        batch = run.batch(sent + 1)
        sent = len(run.records)
        if not counted and number + 1 < batches:
            batch = batch.model_copy(update={"count": False})
        made.append(_request(run, url, batch.model_dump_json().encode()))
    return made


def _request(run: Run, url: str, body: bytes) -> bytes:
    packed = gzip.compress(body, 6, mtime=0)
    lines = (
        f"POST {API}/records HTTP/1.1",
        f"Host: {urlsplit(url).netloc}",
        f"Authorization: Bearer {run.session.token}",
        "Content-Type: application/json",
        "Content-Encoding: gzip",
        "Accept-Encoding: gzip",
        f"Content-Length: {len(packed)}",
        *("", ""),
    )
    return "\r\n".join(lines).encode() + packed
