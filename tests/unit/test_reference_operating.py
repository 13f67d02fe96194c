"""A gateway as an administrator runs it: a process with a log, figures, an end; the console."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

import main
from sync.reference import bundles
from sync.reference.metrics import token
from sync.reference.operations_tables import AuditRow
from sync.reference.tables import ChainRow
from tests.contract.local import Clock, local_platform

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends at once there")


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days ago somebody studied: the data folder, and `run.anxue` beside it."""
    folder = tmp_path_factory.mktemp("platform")
    clock = Clock(datetime.now(UTC).replace(microsecond=0) - timedelta(days=3))
    with local_platform(folder, clock=clock) as local:
        run = local.sign_in()
        run.begin("first")
        run.send(run.batch())
        local.http.get(
            "/institution/learners",
            headers={"Authorization": f"Bearer {local.platform.keys.institution_token}"},
        )
        with local.platform.store.reading() as db:
            row = db.get_one(ChainRow, run.chain)
            (folder / "run.anxue").write_bytes(bundles.of_chain(db, local.platform, row))
    return folder


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    """`main.py platform` over the folder: the process, its address, its log."""
    log = folder / "log"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [
                *(sys.executable, "main.py", "platform", "--data", str(folder / "data")),
                *("--port", "0", "--drain", "1.5", "--log"),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    assert process.stdout is not None
    try:
        url = json.loads(process.stdout.readline())["url"]
        yield process, url, log
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_gateway_from_its_start_to_its_end(
    studied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pem = str(studied / "data" / "platform.pem")
    bundle = str(studied / "run.anxue")
    kept = studied / "roots.json"
    with running(studied) as (process, url, log), httpx.Client(base_url=url, timeout=10) as http:
        assert http.get("/v1/ready").json() == {"status": "ready"}
        arguments = ["verify", bundle, "--certificate", pem, "--language", "en"]
        assert main.main([*arguments, "--roots", url, "--keep-roots", str(kept)]) == 0
        assert "are whole" in capsys.readouterr().out

        headers = {"Authorization": f"Bearer {token(studied / 'data')}"}
        assert b"anxue_requests_total" in http.get("/metrics", headers=headers).content

        process.send_signal(signal.SIGTERM)
        _until(lambda: http.get("/v1/ready").status_code == 503)
        assert http.get("/v1/policy").status_code == 200, "what comes is still answered"
        assert process.wait(20) == 0
        lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    events = [line["event"] for line in lines]
    assert "draining" in events
    assert "root" in events, "days that were over got their root at the start"
    routes = {line.get("route") for line in lines if line["event"] == "request"}
    assert {"/v1/roots", "/v1/chains/{chain}/proofs", "/v1/policy"} <= routes

    assert main.main([*arguments, "--roots", str(kept)]) == 0, "without a line"
    told = json.loads(kept.read_text("utf-8"))
    kept.write_text(json.dumps(told | {"proofs": []}), "utf-8")
    assert main.main([*arguments, "--roots", str(kept)]) == 1
    assert "under no published root" in capsys.readouterr().out
    assert main.main([*arguments, "--roots", str(studied / "nothing")]) == 2


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT for another process")
def test_an_interrupted_gateway_ends_in_order(studied: Path) -> None:
    with running(studied) as (process, url, log):
        assert httpx.get(f"{url}/v1/ready", timeout=10).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert all(json.loads(line)["event"] for line in log.read_text("utf-8").splitlines())


def test_the_console_finds_a_changed_audit_log(
    studied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["platform", "audit", "--data", str(studied / "data")]
    assert main.main(command) == 0
    assert "完好" in capsys.readouterr().out
    with local_platform(studied) as local, local.platform.store.writing() as db:
        db.execute(update(AuditRow).where(AuditRow.log != "").values(subject="nobody"))
    assert main.main(command) == 1
    assert "entry 1 was changed" in capsys.readouterr().out
    assert main.main([*command, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["doubts"] == [{"log": "anxue-demo", "number": 1, "code": "changed"}]
    assert main.main(["platform", "audit", "--data", str(studied / "elsewhere")]) == 2


def _until(true: Callable[[], bool], within_s: float = 5.0) -> None:
    ends = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)
