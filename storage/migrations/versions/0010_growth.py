"""What belongs to a site is found by its site: portions of a register need not read all of it."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("ix_column_site", "column", ["site"])
    op.create_index("ix_mailbox_site", "mailbox", ["site"])


def downgrade() -> None:
    op.drop_index("ix_mailbox_site", "mailbox")
    op.drop_index("ix_column_site", "column")
