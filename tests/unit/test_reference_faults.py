"""Misbehaviour on request: each kind is what it says, and none is there unasked."""

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from sync.contract import API, Courses, Health
from sync.reference.faults import Faults, read, write
from sync.reference.problems import documented
from sync.trust import parse_time
from tests.contract.learner import good, problem
from tests.contract.local import Local, local_platform


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    with local_platform(tmp_path, faults=tmp_path / "faults.json") as local:
        yield local


def turn(local: Local, faults: Faults) -> None:
    write(local.folder / "faults.json", faults)


def test_nothing_is_wrong_unasked(local: Local) -> None:
    assert read(local.folder / "faults.json") == Faults()
    assert good(local.http.get("/health"), Health).status == "ok"


def test_errors_and_pages_of_others(local: Local) -> None:
    turn(local, Faults(answer="error"))
    assert local.http.get("/health").status_code == 500
    turn(local, Faults(answer="nonsense"))
    page = local.http.get("/health")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    turn(local, Faults(answer="error", path="/v1/records"))
    assert good(local.http.get("/health"), Health).status == "ok"


def test_a_clock_that_is_a_day_off(local: Local) -> None:
    turn(local, Faults(clock_off_s=86_400))
    answer = local.http.get("/health")
    tomorrow = local.clock() + timedelta(days=1)
    assert parse_time(good(answer, Health).now) == tomorrow
    assert parsedate_to_datetime(answer.headers["date"]) == tomorrow


def test_films_that_are_gone(local: Local) -> None:
    run = local.sign_in()
    film = good(run.get("/courses"), Courses).courses[0].lessons[0].renditions[0].path
    path = film.removeprefix(API)
    assert run.get(path).status_code == 200
    turn(local, Faults(missing_media=True))
    problem(run.get(path), 404, "not_found")
    turn(local, Faults())
    next((local.folder / "course").glob("first-fluent.mp4")).unlink()
    problem(run.get(path), 404, "not_found")


def test_a_fault_of_ours_is_a_problem_too(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(local.platform.store), "reading", None)
    told = problem(local.http.get("/health"), 500, "unavailable")
    assert "NoneType" not in told.detail


def test_problems_are_documented_by_status() -> None:
    told = documented("gap", "fork")
    assert set(told) == {409, 413, 415, 422, 429, 503}
    assert told[409]["description"] == "Conflict: fork, gap"
