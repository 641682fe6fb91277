"""Numbers of rows that a nation fills in some years: 64 bits on PostgreSQL, as SQLite has."""

from alembic import op
from sqlalchemy import text

revision = "0012"
down_revision = "0011"

NUMBERED = ("visit", "item", "letter", "observation", "evidence", "link", "probe")
REFERRING = (
    *(("visit", "unchanged_since"), ("visit", "evidence_id"), ("item", "visit_id")),
    *(("letter", "visit_id"), ("observation", "evidence_id"), ("removal", "evidence_id")),
)


def upgrade() -> None:
    _numbers("bigint")


def downgrade() -> None:
    _numbers("integer")


def _numbers(kind: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    for table in NUMBERED:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN id TYPE {kind}")
        sequence = connection.scalar(text(f"SELECT pg_get_serial_sequence('{table}', 'id')"))
        op.execute(f"ALTER SEQUENCE {sequence} AS {kind}")
    for table, column in REFERRING:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
