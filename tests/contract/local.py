"""The reference platform inside the test's own process, with a clock that the test moves."""

import atexit
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from starlette.types import ASGIApp

from sync.contract import API, Policy
from sync.reference.app import create_app
from sync.reference.demo import DEMO_LEARNER, DemoLearner, demo_policy
from sync.reference.integrations import Integrations
from sync.reference.logs import Log
from sync.reference.platform import Platform, Schedules, Settings
from sync.reference.rates import OFF, RatePresets
from sync.reference.seed import seed_demo
from tests.contract.course import make_course
from tests.contract.learner import Run, face, sign_in

with warnings.catch_warnings():
    # It would rather have another package than httpx; both do the same.
    warnings.filterwarnings("ignore", message=".*httpx2")
    from starlette.testclient import TestClient


@dataclass
class Clock:
    """The platform's time; it stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Local:
    """A platform and the line to it."""

    folder: Path
    clock: Clock
    http: TestClient
    platform: Platform

    def sign_in(self, learner: DemoLearner = DEMO_LEARNER, *, identified: bool = True) -> Run:
        """A fresh run whose face the platform has recognised."""
        run = sign_in(self.http, self.platform.keys.certificate, learner.login, learner.password)
        if identified:
            answer = run.post("/identity", {"chain": run.chain, "embedding": face(), "enrol": True})
            assert answer.status_code == 200, answer.text
        return run

    def pass_time(self, run: Run, seconds: float) -> None:
        """Both clocks run on, as they do on an honest PC."""
        self.clock.advance(seconds)
        run.clock_ns += round(seconds * 1e9)

    def watch(self, run: Run, lesson: str, start_s: float, end_s: float) -> None:
        """Film is shown at its own pace, and then it is recorded."""
        run.state(run.watched(lesson, start_s, end_s))  # moves the run's own clock
        self.clock.advance(end_s - start_s)


def policy(**presets: object) -> Policy:
    """The demo's policy; learners enrol themselves."""
    return demo_policy(**{"self_enrolment": True, **presets})


@cache
def _seeded() -> Path:
    """A data folder and a course to copy: keys, tables and password hashes are dear to make."""
    folder = Path(tempfile.mkdtemp(prefix="anxue-reference-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    seed_demo(folder / "data", course=make_course(folder / "course"), policy=policy())
    return folder


def _copied(folder: Path) -> None:
    """As if it had been seeded here: the films' names lead to this folder."""
    shutil.copytree(_seeded(), folder, dirs_exist_ok=True)
    with closing(sqlite3.connect(folder / "data" / "platform.sqlite3")) as db, db:
        for table in ("rendition", "captions", "thumbnails"):
            moved = f"UPDATE {table} SET file = replace(file, ?, ?)"  # noqa: S608
            db.execute(moved, (str(_seeded().resolve()), str(folder.resolve())))


def in_process(app: ASGIApp) -> TestClient:
    """A client of an application in this process; a fault of it is an answer, as it would be."""
    return TestClient(app, base_url=f"http://platform.test{API}", raise_server_exceptions=False)


@contextmanager
def local_platform(
    folder: Path,
    *,
    presets: Policy | None = None,
    schedules: Schedules | None = None,
    clock: Clock | None = None,
    faults: Path | None = None,
    media_address_s: float = 6 * 3600,
    log: Log | None = None,
    rates: RatePresets = OFF,  # tests ask more than people do
    database_url: str | None = None,
    integrations: Integrations | None = None,
) -> Iterator[Local]:
    """Open (again) what is in a folder; the first time it is filled with the demo."""
    clock = clock or Clock()
    data = folder / "data"
    fresh = not data.exists()
    if fresh:
        _copied(folder)
    if not fresh or database_url or presets:
        seed_demo(
            data,
            course=make_course(folder / "course"),
            policy=presets or policy(),
            database_url=database_url,
        )
    settings = Settings(
        data,
        media_address_s=media_address_s,
        database_url=database_url,
        integrations=integrations or Integrations(),
        rates=rates,
    )
    app = create_app(settings, schedules=schedules, clock=clock, faults=faults, log=log)
    platform = app.state.platform
    try:
        with in_process(app) as http:  # one loop for all its requests
            yield Local(folder, clock, http, platform)
    finally:
        platform.store.close()
