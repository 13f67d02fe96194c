"""Whether this process should be given work, and in words why not.

Liveness (`GET health`) asks whether the process answers: if not, start it anew. Readiness
(`GET ready`) asks whether sending it requests is of use: a proxy looks at it, nobody restarts
anything because of it.
"""

import os
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from sync import trust
from sync.reference.migrations import FOLDER
from sync.reference.platform import Platform
from sync.reference.tables import PolicyRow


def faults(platform: Platform) -> tuple[str, ...]:
    """What is missing; nothing when the process is ready."""
    if platform.running.draining.is_set():
        return ("this process is about to end",)
    return tuple(
        fault
        for fault in (_database(platform), _keys(platform), _disk(platform.settings.data))
        if fault
    )


def _database(platform: Platform) -> str:
    try:
        with platform.store.reading() as db:
            step = db.scalar(text("SELECT version_num FROM alembic_version"))
            if step != newest_step():
                return f"the database is at step {step}, this program at {newest_step()}"
            if _only_reads(db):
                return "the database takes no writes"
            if db.scalar(select(PolicyRow.id).limit(1)) is None:
                return "no policy has been put in force"
    except SQLAlchemyError as error:
        return f"the database cannot be reached ({type(error).__name__})"
    return ""


def _only_reads(db: Session) -> bool:
    """After a fail-over an address may still lead to a server that only follows."""
    if db.get_bind().dialect.name != "postgresql":
        return False
    return str(db.scalar(text("SHOW transaction_read_only"))) == "on"


def _keys(platform: Platform) -> str:
    try:
        trust.check_platform(platform.keys.certificate, platform.clock())
    except trust.TrustError as error:
        return f"the platform's certificate: {error}"
    return ""


def _disk(folder: Path) -> str:
    probe = folder / f".ready-{os.getpid()}"
    try:
        probe.write_bytes(b"ready")
        probe.unlink()
    except OSError as error:
        return f"the data folder cannot be written ({error.strerror})"
    return ""


@cache
def newest_step() -> str:
    """The step of the database's shape that this program knows."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or ""
