"""Numbers of rows that a million learners fill have 64 bits."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite's have 64 bits already. PostgreSQL writes these tables anew: see docs/operating.md.
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in ("batch", "witness", "identity", "check_identity", "operation"):
        op.alter_column(
            table, "id", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False
        )
        op.execute(f"ALTER SEQUENCE {table}_id_seq AS bigint")
