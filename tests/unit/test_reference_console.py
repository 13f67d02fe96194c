"""The console commands for roles and neighbours, as they are typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from main import main
from sync.operations import AuditList
from sync.reference import audit
from sync.reference.integrations import FILE
from sync.reference.operations_tables import AuditRow
from sync.reference.seed import INSTITUTION
from tests.contract.learner import good, problem
from tests.contract.local import Local, local_platform

Out = pytest.CaptureFixture[str]


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    with local_platform(tmp_path) as local:
        yield local


def typed(local: Local, *words: str) -> int:
    command, *more = words
    return main(["platform", command, "--data", str(local.folder / "data"), *more])


def test_a_token_is_made_shown_once_listed_and_withdrawn(local: Local, capsys: Out) -> None:
    assert typed(local, "token", "--role", "supervisor", "--name", "监管", "--days", "9") == 0
    told = capsys.readouterr()
    token = told.out.strip()
    assert "shown only now" in told.err
    headers = {"Authorization": f"Bearer {token}"}
    log = good(local.http.get("/supervisor/audit?limit=5", headers=headers), AuditList)
    assert ("console", "token made") in [(each.role, each.action) for each in log.entries]
    assert typed(local, "token") == 0
    listed = capsys.readouterr().out
    assert "\tsupervisor\t-\tlive\t" in listed
    assert "监管" in listed
    assert token not in listed
    assert typed(local, "token", "--withdraw", "1") == 0
    assert "withdrawn" in capsys.readouterr().out
    problem(local.http.get("/supervisor/audit", headers=headers), 401, "signed_out")
    with local.platform.store.reading() as db:
        assert audit.check(db, local.platform.keys.vault).doubts == ()
    assert typed(local, "token", "--role", "institution", "--name", "x") == 1
    assert "未完成" in capsys.readouterr().err
    institution = ("--role", "institution", "--institution", INSTITUTION)
    assert typed(local, "token", *institution, "--name", "x") == 0
    assert typed(local, "token", "--withdraw", "2") == 0
    with local.platform.store.reading() as db:
        done = db.scalars(select(AuditRow.action).where(AuditRow.log == INSTITUTION)).all()
    assert done == ["token made", "token withdrawn"], "the institution's log says both"


def test_a_mistyped_folder_becomes_no_new_platform(tmp_path: Path) -> None:
    folder = tmp_path / "dta"
    for command in ("token", "worker", "objects", "forwarding"):
        with pytest.raises(SystemExit, match="no platform's data"):
            main(["platform", command, "--data", str(folder)])
    assert not folder.exists()


def test_neighbours_that_are_not_joined_are_said_to_be_so(local: Local, capsys: Out) -> None:
    assert typed(local, "worker") == 1
    assert typed(local, "objects") == 1
    assert "integrations.toml" in capsys.readouterr().err
    assert typed(local, "forwarding") == 0
    assert typed(local, "forwarding", "--backfill") == 2
    (local.folder / "data" / FILE).write_text("[record_store]\ncolour = 1\n")
    with pytest.raises(SystemExit, match="knows no colour"):
        typed(local, "forwarding")


def test_what_waits_is_shown_and_films_are_moved(local: Local, capsys: Out) -> None:
    place = local.folder / "objects"
    (local.folder / "data" / FILE).write_text(
        f'[record_store]\nurl = "http://127.0.0.1:9"\n[objects]\nurl = "{place.as_uri()}"\n'
    )
    run = local.sign_in()
    run.begin("first")
    run.send(run.batch())
    assert typed(local, "forwarding", "--to", "xapi", "--backfill") == 0
    told = capsys.readouterr().out
    assert "1 chains on their way" in told
    assert "xapi: 等待 1，失败 0" in told
    assert typed(local, "forwarding", "--retry") == 0
    assert "0 on their way again" in capsys.readouterr().out
    assert typed(local, "objects", "--move-films") == 0
    assert "4 films put in" in capsys.readouterr().out
    assert len(list(place.rglob("*.mp4"))) == 4
