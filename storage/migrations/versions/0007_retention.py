"""Evidence given up after its time, and probes packed day by day."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "removal",
        sa.Column("evidence_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", AutoString(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_removal_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_removal")),
    )
    op.create_table(
        "probe_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe_day")),
    )
    op.create_index("ix_probe_day_site_day", "probe_day", ["site", "day"])


def downgrade() -> None:
    """The packed probes come back as they were; what was erased does not."""
    from storage.ledger.probes import unpack_all

    unpack_all(op.get_bind())
    op.drop_table("probe_day")
    op.drop_table("removal")
