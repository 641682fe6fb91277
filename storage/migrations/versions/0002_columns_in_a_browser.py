"""A column may ask for a browser, because a script writes its list"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("column", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("render", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("column", schema=None) as batch_op:
        batch_op.drop_column("render")
