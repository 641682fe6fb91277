"""What persons bring: exports and entries by hand, and the filing ledger's fields of accounts"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0004"
down_revision = "0003"

# Plain words: for an expression Alembic would copy the table.
CRAWL, PAGE = "crawl", "page"
BROUGHT = sa.text("method <> 'crawl'")
FILED = ("platform_id", "owner", "supervisor", "certified", "maintainer", "status")

DROPPED = {
    "letter": ("extension", "extended_to", "category", "shown_to", "method"),
    "visit": ("shown_to", "by", "method"),
    "run": ("method",),
}


def upgrade() -> None:
    # Only new columns: SQLite would have to copy a table for more, and others point to these.
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("method", AutoString(), nullable=False, server_default=CRAWL))
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("method", AutoString(), nullable=False, server_default=CRAWL))
        batch_op.add_column(sa.Column("by", AutoString(), nullable=True))
        batch_op.add_column(sa.Column("shown_to", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_visit_brought",
            ["subject", "observed_at"],
            sqlite_where=BROUGHT,
            postgresql_where=BROUGHT,
        )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("method", AutoString(), nullable=False, server_default=CRAWL))
        batch_op.add_column(sa.Column("shown_to", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("category", AutoString(), nullable=True))
        batch_op.add_column(sa.Column("extended_to", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("extension", AutoString(), nullable=True))
    with op.batch_alter_table("mailbox", schema=None) as batch_op:
        batch_op.alter_column("url", existing_type=AutoString(), nullable=True)
        batch_op.add_column(sa.Column("source", AutoString(), nullable=False, server_default=PAGE))
        batch_op.add_column(
            sa.Column("categories", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )
    with op.batch_alter_table("account", schema=None) as batch_op:
        for name in FILED:
            batch_op.add_column(sa.Column(name, AutoString(), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE mailbox SET url = '' WHERE url IS NULL")
    with op.batch_alter_table("account", schema=None) as batch_op:
        for name in reversed(FILED):
            batch_op.drop_column(name)
    with op.batch_alter_table("mailbox", schema=None) as batch_op:
        batch_op.drop_column("categories")
        batch_op.drop_column("source")
        batch_op.alter_column("url", existing_type=AutoString(), nullable=False)
    op.drop_index("ix_visit_brought", "visit")
    # One by one: in a batch SQLite would copy these tables, and others point to them.
    for table, names in DROPPED.items():
        for name in names:
            op.drop_column(table, name)
