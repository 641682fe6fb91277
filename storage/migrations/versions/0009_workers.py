"""What workers look at next, and the tables of their queue, which PostgreSQL alone has."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlmodel.sql.sqltypes import AutoString

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "due",
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=False),
        sa.Column("site", AutoString(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pressing", sa.Boolean(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_due")),
    )
    op.create_index("ix_due_lot_at", "due", ["lot", "at"])
    op.create_index("ix_due_at", "due", ["at"])
    op.add_column("link", sa.Column("host", AutoString(), nullable=True))
    op.create_index("ix_link_site_at", "link", ["site", "at"])
    op.create_index("ix_link_host_at", "link", ["host", "at"])
    op.add_column("site", sa.Column("hours", AutoString(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        # Of version 3.10; what a later one changes is a migration of its own.
        _run(SchemaManager.get_schema())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(QUEUE_AWAY)
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("hours")
    op.drop_index("ix_link_host_at", "link")
    op.drop_index("ix_link_site_at", "link")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_column("host")
    op.drop_table("due")


QUEUE_AWAY = """
DO $$ DECLARE each record; BEGIN
  DROP TABLE IF EXISTS procrastinate_events, procrastinate_periodic_defers,
    procrastinate_jobs, procrastinate_workers CASCADE;
  FOR each IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate%'
  LOOP EXECUTE 'DROP FUNCTION ' || each.name || ' CASCADE'; END LOOP;
  DROP TYPE IF EXISTS procrastinate_job_to_defer_v1, procrastinate_job_status,
    procrastinate_job_event_type CASCADE;
END $$
"""


def _run(script: str) -> None:
    """Many statements at once, in this transaction, with no parameter read into them."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(script)
    cursor.close()
