"""The database's shape, step by step: Alembic, forward only.

    upgrade(engine)      what `Store` does at every start
    python -m sync.reference.migrations "what the next step does"

Several processes may start at once: one of them migrates, the others wait for it.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

FOLDER = Path(__file__).parent
_LOCK = 0x616E787565  # "anxue"


def configuration(connection: Connection) -> Config:
    """What `alembic.command` wants, with the connection that it shall use."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest shape. A database from before Alembic is adopted:
    the first step makes only what is not there.
    """
    # `writes`: on SQLite the transaction that reads the version holds the write lock already.
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = configuration(connection)
        command.upgrade(config, "head")
