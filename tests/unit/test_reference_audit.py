"""The audit log: everything is in it, and whatever is done to it afterwards shows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select, update
from sqlalchemy.orm import Session

from sync.operations import AuditList
from sync.reference import audit, roles
from sync.reference.audit import Action, Doubt
from sync.reference.demo import DEMO_LEARNER
from sync.reference.keys import Vault
from sync.reference.operations_tables import AuditHeadRow, AuditRow
from sync.reference.seed import INSTITUTION
from sync.reference.store import Store
from sync.reference.tables import Table
from tests.contract.learner import face, good, problem
from tests.contract.local import Clock, Local, local_platform

VAULT = Vault(b"\x01" * 32)
ACTION = Action(log="i-1", role="institution", who="i-1", action="looked", subject="learner-7")
NOW = Clock().now


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with local_platform(tmp_path_factory.mktemp("platform")) as local:
        yield local


@contextmanager
def written(entries: int) -> Iterator[Session]:
    """So many entries of two logs in a database in memory."""
    engine = create_engine("sqlite://")
    Table.metadata.create_all(engine, tables=TABLES)
    with Session(engine) as db:
        for number in range(entries):
            at = NOW + timedelta(seconds=number)
            audit.write(db, VAULT, replace(ACTION, detail=str(number)), at)
            audit.write(db, VAULT, replace(ACTION, log="", detail=str(number)), at)
        yield db
    engine.dispose()


TABLES = [Table.metadata.tables[name] for name in ("audit", "audit_head", "root_leaf")]


def doubts(db: Session) -> set[tuple[str, int]]:
    db.flush()
    db.expire_all()
    return {(doubt.code, doubt.number) for doubt in audit.check(db, VAULT).doubts}


def test_what_was_written_is_whole() -> None:
    with written(5) as db:
        checked = audit.check(db, VAULT)
    assert checked.entries == {"": 5, "i-1": 5}
    assert checked.doubts == ()


def test_an_empty_database_is_whole() -> None:
    with written(0) as db:
        assert audit.check(db, VAULT) == audit.Checked({}, ())


@given(
    st.integers(1, 6),
    st.sampled_from(("at", "role", "who", "action", "subject", "detail", "address", "hash")),
)
def test_an_entry_that_was_changed_is_found(number: int, column: str) -> None:
    value = {"at": NOW - timedelta(days=1), "hash": bytes(32)}.get(column, "other")
    with written(6) as db:
        of = (AuditRow.log == "i-1") & (AuditRow.number == number)
        db.execute(update(AuditRow).where(of).values({column: value}))
        found = doubts(db)
    # A changed hash also no longer fits what comes after it.
    assert ("changed", number) in found


@given(st.integers(1, 6))
def test_an_entry_that_was_taken_out_is_found(number: int) -> None:
    with written(6) as db:
        db.execute(delete(AuditRow).where(AuditRow.log == "i-1", AuditRow.number == number))
        found = doubts(db)
    assert ("cut" if number == 6 else "missing", number) in found


@given(st.integers(1, 6))
def test_an_entry_that_was_put_in_is_found(number: int) -> None:
    """The others are moved up, with the hashes that they had."""
    with written(6) as db:
        for row in db.scalars(
            select(AuditRow)
            .where(AuditRow.log == "i-1", AuditRow.number >= number)
            .order_by(AuditRow.number.desc())
        ):
            db.execute(
                update(AuditRow)
                .where(AuditRow.log == "i-1", AuditRow.number == row.number)
                .values(number=row.number + 1)
            )
        before = (
            db.scalar(
                select(AuditRow.hash).where(AuditRow.log == "i-1", AuditRow.number == number - 1)
            )
            or audit.ZERO
        )
        row = AuditRow(
            log="i-1",
            number=number,
            at=NOW,
            role="institution",
            who="i-1",
            action="never",
            subject="",
            detail="",
            address="",
        )
        row.hash = audit.entry_hash(row, before)
        db.add(row)
        assert doubts(db)


def test_a_log_rewritten_from_the_beginning_is_found() -> None:
    """All hashes fit; but the key is not in the database."""
    other = Vault(b"\x02" * 32)
    with written(3) as db:
        db.execute(delete(AuditRow).where(AuditRow.log == "i-1"))
        db.execute(delete(AuditHeadRow).where(AuditHeadRow.log == "i-1"))
        for _ in range(3):
            audit.write(db, other, replace(ACTION, detail="nothing happened"), NOW)
        assert doubts(db) == {("mac", 0)}


def test_a_log_that_is_gone_leaves_its_head_and_a_head_its_log() -> None:
    with written(2) as db:
        db.execute(delete(AuditRow).where(AuditRow.log == ""))
        db.execute(delete(AuditHeadRow).where(AuditHeadRow.log == "i-1"))
        assert doubts(db) == {("cut", 1), ("head", 0)}


def test_an_entry_added_behind_the_log_s_back_is_found() -> None:
    with written(2) as db:
        newest = db.get_one(AuditRow, ("i-1", 2))
        row = AuditRow(
            log="i-1",
            number=3,
            at=NOW,
            role="institution",
            who="i-1",
            action="never",
            subject="",
            detail="",
            address="",
        )
        row.hash = audit.entry_hash(row, newest.hash)
        db.add(row)
        assert doubts(db) == {("added", 3)}


def together(store: Store, writers: int, each: int) -> None:
    """Several threads add to one log at once."""

    def write() -> None:
        for _ in range(each):
            with store.writing() as db:
                audit.write(db, VAULT, ACTION, NOW)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_several_at_once_make_one_log(tmp_path: Path) -> None:
    store = Store.in_folder(tmp_path)
    together(store, 4, 5)
    with store.reading() as db:
        assert audit.check(db, VAULT) == audit.Checked({"i-1": 20}, ())
    store.close()


def test_several_at_once_on_postgresql(postgres_url: str) -> None:
    store = Store(postgres_url)
    together(store, 4, 5)
    with store.reading() as db:
        assert audit.check(db, VAULT) == audit.Checked({"i-1": 20}, ())
    with store.writing() as db:
        db.execute(update(AuditRow).where(AuditRow.number == 7).values(detail="other"))
    with store.reading() as db:
        assert audit.check(db, VAULT).doubts == (Doubt("i-1", 7, "changed"),)
    store.close()


def test_what_the_institution_does_is_in_its_log(local: Local) -> None:
    headers = {"Authorization": f"Bearer {local.platform.keys.institution_token}"}
    enrolled = local.http.put(
        f"/institution/learners/{DEMO_LEARNER.id}/template",
        json={"embedding": face()},
        headers=headers,
    )
    assert enrolled.status_code == 204
    with local.platform.store.writing() as db:
        token, number = roles.make(db, "institution", INSTITUTION, "reports", NOW, days=None)
    assert number == 1
    own = {"Authorization": f"Bearer {token}"}
    assert local.http.get("/institution/learners?format=csv", headers=own).status_code == 200
    run = local.sign_in()
    run.begin("first")
    run.send(run.batch())
    told = good(local.http.get("/institution/audit", headers=headers), AuditList)
    assert [entry.action for entry in told.entries] == ["statistics read", "face enrolled"]
    assert told.entries[1].subject == DEMO_LEARNER.id
    assert told.entries[1].role == "institution"
    assert [entry.who for entry in told.entries] == ["token 1", "the data folder's token"]
    page = good(local.http.get("/institution/audit?limit=1", headers=headers), AuditList)
    rest = good(local.http.get(f"/institution/audit?after={page.next}", headers=headers), AuditList)
    assert page.entries + rest.entries == told.entries
    assert told.next is rest.next is None
    problem(run.get("/institution/audit"), 403, "forbidden")
    with local.platform.store.reading() as db:
        assert audit.check(db, local.platform.keys.vault).doubts == ()


def test_a_new_policy_is_in_the_platform_s_log(local: Local) -> None:
    with local.platform.store.reading() as db:
        entries = db.scalars(select(AuditRow).where(AuditRow.log == "")).all()
    assert {entry.action for entry in entries} == {"policy in force"}
