"""What a visit's reading hung on: the same page is not read again."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("visit", sa.Column("page_key", AutoString(), nullable=True))


def downgrade() -> None:
    # In place: other tables name visits, so that the table cannot be made anew.
    op.drop_column("visit", "page_key")
