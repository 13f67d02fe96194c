"""What a process remembers changes no count: it says what a fresh one says of the same records."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from sync.contract import RecordAnswer
from sync.reference.accounts import of_token
from sync.reference.hours import count
from sync.reference.running import Running
from tests.contract.learner import Run, good, problem
from tests.contract.local import Local, local_platform, policy

STEPS = st.lists(
    st.sampled_from(["watch", "check", "fail", "tick", "ask", "again", "end", "sign in", "look"]),
    min_size=4,
    max_size=14,
)


@given(STEPS)
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_process_that_remembers_counts_as_a_fresh_one(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    with local_platform(tmp_path_factory.mktemp("counted")) as local:
        run = begun(local)
        for number, step in enumerate(steps):
            run = take(local, run, step, number)
            if step == "look":
                compare(local, run)
        compare(local, run)


def begun(local: Local) -> Run:
    run = local.sign_in()
    run.begin("first")
    run.plan("k0", "first", 60.0)
    run.send(run.batch())
    return run


def take(local: Local, run: Run, step: str, number: int) -> Run:
    """One step of a history, most of them honest."""
    at = number * 20.0
    match step:
        case "watch":
            local.watch(run, "first", at, at + 20)
        case "check" | "fail":
            run.ask(f"k{number}", "first", at)
            run.attempt(f"k{number}", "first", passed=step == "check")
            run.plan(f"k{number + 1}", "first", 60.0)
        case "tick":
            fact = run.watched("first", at, at + 5)
            local.clock.advance(5)
            run.send(run.batch(len(run.records) + 1, sealed=False, tick=run.open_tick(fact)))
        case "again":
            run.send(run.batch())
        case "end":
            run.end("first", at)
            run.send(run.batch(len(run.records) - 1, close=True))
            return begun(local)
        case "sign in":
            return begun(local)
    run.send(run.batch())
    return run


def compare(local: Local, run: Run) -> None:
    with local.platform.store.reading() as db:
        account, _ = of_token(db, local.platform, run.session.token)
        known = count(db, local.platform, account)
        fresh = count(db, replace(local.platform, running=Running()), account)
    assert known == fresh


def test_a_run_that_was_put_back_is_read_anew(tmp_path: Path) -> None:
    """A database from a backup, under a process that knows what came after."""
    with local_platform(tmp_path) as local:
        run = begun(local)
        local.watch(run, "first", 0, 20)
        run.send(run.batch())
        with local.platform.store.writing() as db:
            db.execute(text("DELETE FROM record WHERE seq > 4"))
            db.execute(text("DELETE FROM witness WHERE seq > 4"))
            db.execute(
                text("UPDATE chain SET seq = 4, head = (SELECT head FROM record WHERE seq = 4)")
            )
        compare(local, run)


def test_a_batch_may_leave_the_count_aside(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        run = begun(local)
        batch = run.batch().model_copy(update={"count": False})
        assert good(run.post("/records", batch), RecordAnswer).credit == ()
        assert run.send(run.batch()).credit != ()


def test_a_batch_that_two_readers_could_read_differently_is_refused(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        run = begun(local)
        body = run.batch().model_dump_json()
        twice = body[:-1] + ',"close":false}'
        headers = {**run.headers, "Content-Type": "application/json"}
        answer = local.http.post("/records", content=twice, headers=headers)
        assert problem(answer, 422, "invalid").detail == "body: a key appears twice"
        deep = "[" * 20 + "]" * 20
        answer = local.http.post("/appeals", content=deep, headers=headers)
        assert "nested deeper" in problem(answer, 422, "invalid").detail


def test_the_answer_is_packed_for_whoever_takes_it(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        run = begun(local)
        body = run.batch().model_dump_json()
        headers = {**run.headers, "Content-Type": "application/json"}
        plain = local.http.post(
            "/records", content=body, headers={**headers, "Accept-Encoding": "identity"}
        )
        packed = local.http.post(
            "/records", content=body, headers={**headers, "Accept-Encoding": "gzip"}
        )
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.json()["receipt"] == plain.json()["receipt"]


def test_all_of_it_runs_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with local_platform(tmp_path, presets=policy(), database_url=postgres_url) as local:
        run = begun(local)
        local.watch(run, "first", 0, 60)
        run.ask("k0", "first", 60)
        run.attempt("k0", "first")
        run.send(run.batch())
        run.end("first", 60)
        answer = run.send(run.batch(close=True))
        assert answer.acked == len(run.records)
        assert answer.credit[0].credited_s == 60
        assert run.send(run.batch(close=True)).receipt == answer.receipt
        compare(local, run)
