"""Forward a study to a real record store, Ralph 5.1, and read it back: `python -m tests.ralph DIR`.

DIR gets a virtual environment of its own (Ralph holds old versions of FastAPI back), made from
the package index the first time. It is not part of the suite for that reason; the suite has a
strict small store instead (`tests/record_store.py`). Ralph's `fs` backend creates its file at the
first write and then refuses every other one; it is started here with APPEND as its default, and
nothing else of it is touched.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

import httpx

from sync import records
from sync.facts import SessionStarted
from sync.reference import forwarding
from sync.reference.integrations import Integrations, RecordStoreSettings
from sync.reference.worker import Worker
from tests.contract.learner import Run
from tests.contract.local import Local, local_platform

PACKAGES = ("ralph-malph[lrs,cli]==5.1.0", "requests>=2.32", "uvicorn>=0.30")
PORT = 8911
RUN = """
import uvicorn
from ralph.backends.data.base import BaseOperationType
from ralph.backends.lrs.fs import FSLRSBackend
FSLRSBackend.default_operation_type = BaseOperationType.APPEND
uvicorn.run("ralph.api:app", port=%d, log_level="warning")
"""
HASH = "import bcrypt; print(bcrypt.hashpw(b'secret', bcrypt.gensalt(4)).decode())"


def main(folder: Path, version: Literal["1.0.3", "2.0.0"] = "1.0.3") -> int:
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "-q", "install", *PACKAGES], check=True)
    with tempfile.TemporaryDirectory() as place:
        ralph = _start(python, Path(place))
        try:
            return _try(Path(place), version)
        finally:
            ralph.terminate()
            ralph.wait()


def _start(python: Path, place: Path) -> "subprocess.Popen[bytes]":
    told = subprocess.run([str(python), "-c", HASH], check=True, capture_output=True, text=True)
    account = {"homePage": "https://platform.example.org", "name": "anxue"}
    user = {
        "username": "anxue",
        "hash": told.stdout.strip(),
        "scopes": ["all"],
        "agent": {"objectType": "Agent", "account": account},
    }
    (place / "auth.json").write_text(json.dumps([user]))
    (place / "kept").mkdir()
    environment = {
        **os.environ,
        "RALPH_APP_DIR": str(place),
        "RALPH_AUTH_FILE": str(place / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(place / "kept"),
    }
    process = subprocess.Popen([str(python), "-c", RUN % PORT], env=environment, cwd=place)
    for _ in range(120):
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/__heartbeat__")
        except httpx.HTTPError:
            time.sleep(0.5)
        else:
            return process
    process.kill()
    raise SystemExit("Ralph did not start")


def _try(place: Path, version: Literal["1.0.3", "2.0.0"]) -> int:
    url = f"http://127.0.0.1:{PORT}/xAPI"
    store = RecordStoreSettings(url=url, user="anxue", password="secret", batch=10, version=version)
    with local_platform(place / "p", integrations=Integrations(record_store=store)) as local:
        run = _study(local)
        worker = Worker(local.platform)
        while worker.step():
            pass
        _report("first sending", local, run, url)
        with local.platform.store.writing() as db:
            forwarding.backfill(db, "xapi", local.clock())
        while worker.step():
            pass
        _report("all of it again", local, run, url)
    return 0


def _study(local: Local) -> Run:
    run = local.sign_in()
    run.state(SessionStarted(client_version="0.1.0", system="a test", camera="none"))
    for number in range(24):
        run.state(run.watched("first", number, number + 1))
        local.clock.advance(1)
        run.send(run.batch(len(run.records)) if number else run.batch(1))
    return run


def _report(words: str, local: Local, run: Run, url: str) -> None:
    with local.platform.store.reading() as db:
        depth = forwarding.depth(db, local.clock())
        dead = [letter.error for letter in forwarding.dead_letters(db)]
    answer = httpx.get(
        f"{url}/statements",
        params={"limit": "500"},
        auth=("anxue", "secret"),
        headers={"x-experience-api-version": "1.0.3"},
    )
    there = [statement["id"] for statement in answer.json().get("statements", [])]
    wanted = {str(records.statement_id(run.chain, each.seq)) for each in run.records}
    sys.stdout.write(
        f"{words}: {len(run.records)} records, {len(there)} statements at Ralph, "
        f"{len(wanted - set(there))} missing, {len(there) - len(set(there))} twice, "
        f"outbox {depth}, dead {dead}\n"
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "2.0.0" if "2.0.0" in sys.argv else "1.0.3"))
