"""The database's shape: what the steps make is what the tables say, wherever it began."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from sync.reference.migrations import configuration, upgrade
from sync.reference.migrations.versions import step_0001_baseline as baseline
from sync.reference.schema import METADATA
from sync.reference.store import Store
from tests.postgres import Postgres


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))


def heads(engine: Engine) -> tuple[str, ...]:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads()


def test_the_steps_are_one_line(tmp_path: Path) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(configuration(connection))
    assert len(script.get_heads()) == 1
    assert baseline.down_revision is None
    engine.dispose()


def test_the_steps_make_what_the_tables_say_on_sqlite(tmp_path: Path) -> None:
    store = Store.in_folder(tmp_path)
    assert differences(store.engine) == []
    store.close()


def test_the_steps_make_what_the_tables_say_on_postgresql(postgres_url: str) -> None:
    store = Store(postgres_url)
    assert differences(store.engine) == []
    store.close()


@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
def test_a_database_from_before_the_steps_is_adopted(
    on: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """What `create_all` once made, with something in it."""
    url = f"sqlite:///{tmp_path / 'platform.sqlite3'}"
    if on == "postgresql":
        url = request.getfixturevalue("postgres_url")
    old = Store(url)
    with old.engine.begin() as connection:
        for name in inspect(connection).get_table_names():
            cascade = "" if on == "sqlite" else " CASCADE"
            connection.execute(text(f'DROP TABLE IF EXISTS "{name}"{cascade}'))
    with old.engine.begin() as connection:
        operations(connection)
        connection.execute(text("INSERT INTO institution VALUES ('school', 'School', 'abc')"))
        connection.execute(text("DROP TABLE chapter"))  # it is younger than the first data folders
    old.close()
    store = Store(url)
    assert differences(store.engine) == []
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM institution")).scalars().all() == ["school"]
    store.close()


def operations(connection: object) -> None:
    """The baseline by itself, without Alembic's own table."""
    from alembic.operations import Operations
    from sqlalchemy import Connection

    assert isinstance(connection, Connection)
    with Operations.context(MigrationContext.configure(connection)):
        baseline.upgrade()


def test_many_may_start_at_once(postgres_server: Postgres) -> None:
    url = postgres_server.database()

    def start(_number: int) -> tuple[str, ...]:
        store = Store(url)
        found = heads(store.engine)
        store.close()
        return found

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1
    postgres_server.drop(url)


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    first = Store.in_folder(tmp_path)
    before = heads(first.engine)
    first.close()
    second = Store.in_folder(tmp_path)
    upgrade(second.engine)
    assert heads(second.engine) == before
    second.close()
