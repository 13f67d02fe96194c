"""Run by Alembic, always with a connection that was opened elsewhere."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from sync.reference.schema import METADATA
from sync.reference.tables import UtcTime


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Times are kept as the database keeps times; a step must not depend on our classes."""
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite cannot alter a table: it is copied
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
