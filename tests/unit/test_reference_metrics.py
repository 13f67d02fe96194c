"""Figures for Prometheus, and whether a process is to be given work."""

import shutil
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import delete, text

from sync.reference import metrics
from sync.reference.metrics import Metrics
from sync.reference.seed import put_policy
from sync.reference.tables import PolicyRow
from tests.contract.learner import body, problem
from tests.contract.local import Local, local_platform, policy


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """One for all: whoever breaks something mends it."""
    with local_platform(tmp_path_factory.mktemp("platform")) as local:
        yield local


def scrape(local: Local) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    token = metrics.token(local.platform.settings.data)
    answer = local.http.get(
        "http://platform.test/metrics", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_refusals_and_records_are_counted(local: Local) -> None:
    before = scrape(local)
    run = local.sign_in()
    run.begin("first")
    sent = len(run.records)
    run.send(run.batch())
    problem(local.http.get("/learners/me/hours"), 401, "signed_out")
    local.http.get("/courses/of/王小明")
    told = scrape(local)

    def more(name: str, **labels: str) -> float:
        key = (name, tuple(sorted(labels.items())))
        return told[key] - before.get(key, 0.0)

    assert more("anxue_requests_total", method="POST", route="/v1/records", status="200") == 1
    assert more("anxue_requests_total", method="GET", route="unknown", status="404") == 1
    assert more("anxue_records_total") == sent
    assert more("anxue_batches_total") == 1
    assert more("anxue_refusals_total", code="signed_out") == 1
    assert more("anxue_request_seconds_count", route="/v1/records") == 1
    assert ("anxue_db_connections_used", ()) in told
    assert not any("王" in value for _, labels in told for _, value in labels)


def test_a_batch_that_came_before_counts_nothing(local: Local) -> None:
    run = local.sign_in()
    run.begin("first")
    batch = run.batch()
    run.send(batch)
    before = scrape(local)["anxue_records_total", ()]
    assert run.post("/records", batch.model_dump(mode="json")).status_code == 200
    assert scrape(local)["anxue_records_total", ()] == before


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Basic abc"])
def test_figures_are_not_for_everybody(local: Local, given: str) -> None:
    answer = local.http.get(
        "http://platform.test/metrics", headers={"Authorization": given} if given else {}
    )
    problem(answer, 401, "signed_out")


def test_processes_share_the_token(local: Local) -> None:
    data = local.platform.settings.data
    assert metrics.token(data) == metrics.token(data)
    assert (data / "private" / metrics.TOKEN_FILE).stat().st_mode & 0o077 == 0


def test_a_hook_is_read_when_it_is_looked_at_and_a_broken_one_left_out() -> None:
    figures = Metrics()
    depth = {"xapi": 3.0}
    figures.gauge("outbox_depth", "Waiting.", lambda: depth, "destination")
    figures.gauge("broken", "Never.", lambda: 1 / 0)
    depth["xapi"] = 5.0
    told = figures.text().decode()
    assert 'anxue_outbox_depth{destination="xapi"} 5.0' in told
    assert "anxue_broken" not in told


def test_a_port_of_its_own_for_this_machine() -> None:
    figures = Metrics()
    figures.answered("GET", "/v1/policy", 200, 0.01, "", 0)
    server = metrics.serve_apart(figures, 0)
    try:
        url = f"http://127.0.0.1:{server.port}/metrics"
        with urllib.request.urlopen(url, timeout=5) as answer:
            assert b'route="/v1/policy"' in answer.read()
    finally:
        server.stop()


def test_ready(local: Local) -> None:
    answer = local.http.get("/ready")
    assert answer.json() == {"status": "ready"}


def test_not_ready_while_draining_but_requests_are_answered(local: Local) -> None:
    local.platform.running.draining.set()
    assert "about to end" in problem(local.http.get("/ready"), 503, "unavailable").detail
    assert local.http.get("/policy").status_code == 200
    assert local.http.get("/health").status_code == 200
    local.platform.running.draining.clear()


def test_not_ready_on_a_database_of_another_step(local: Local) -> None:
    with local.platform.store.writing() as db:
        step = db.scalar(text("SELECT version_num FROM alembic_version"))
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "step 9999" in problem(local.http.get("/ready"), 503, "unavailable").detail
    with local.platform.store.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = :step"), {"step": step})
    assert local.http.get("/ready").status_code == 200


def test_not_ready_without_a_database(local: Local) -> None:
    with local.platform.store.writing() as db:
        db.execute(text("ALTER TABLE alembic_version RENAME TO away"))
    assert "database" in problem(local.http.get("/ready"), 503, "unavailable").detail
    with local.platform.store.writing() as db:
        db.execute(text("ALTER TABLE away RENAME TO alembic_version"))


def test_not_ready_when_the_certificate_has_run_out(local: Local) -> None:
    local.clock.now += timedelta(days=4000)
    assert "certificate" in problem(local.http.get("/ready"), 503, "unavailable").detail
    local.clock.now -= timedelta(days=4000)


def test_not_ready_where_nothing_can_be_written(local: Local) -> None:
    data = local.platform.settings.data
    shutil.move(data, data.with_name("moved"))
    data.write_bytes(b"a file where the folder was")
    assert "data folder" in problem(local.http.get("/ready"), 503, "unavailable").detail
    data.unlink()
    shutil.move(data.with_name("moved"), data)
    assert local.http.get("/ready").status_code == 200


def test_a_request_while_the_database_is_away_is_to_come_again(local: Local) -> None:
    run = local.sign_in()
    with local.platform.store.writing() as db:
        db.execute(text("ALTER TABLE chain RENAME TO away"))
    try:
        for answer in (
            run.get("/learners/me/hours"),
            run.post("/records", body(run.batch(sealed=False))),
        ):
            problem(answer, 503, "unavailable")
            assert answer.headers["Retry-After"] == "5"
    finally:
        with local.platform.store.writing() as db:
            db.execute(text("ALTER TABLE away RENAME TO chain"))
    assert run.get("/learners/me/hours").status_code == 200


def test_without_a_policy_nobody_can_sign_in_and_it_is_not_ready(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        with local.platform.store.writing() as db:
            db.execute(delete(PolicyRow))
        answer = problem(local.http.get("/ready"), 503, "unavailable")
        assert "no policy" in answer.detail
        with local.platform.store.writing() as db:
            put_policy(db, local.platform.keys, policy())
        assert local.http.get("/ready").status_code == 200
