"""Duties, probes, links and what persons found, and the register's fields for them"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("family", AutoString(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index("ix_observation_run_id", ["run_id"])
        batch_op.create_index("ix_observation_subject_family_at", ["subject", "family", "at"])
    op.create_table(
        "probe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=True),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("note", AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("probe", schema=None) as batch_op:
        batch_op.create_index("ix_probe_site_at", ["site", "at"])
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", AutoString(), nullable=False),
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("url", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("note", AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_site_digest_at", ["site", "digest", "at"])
    op.create_table(
        "hand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("pack", AutoString(), nullable=False),
        sa.Column("row", AutoString(), nullable=False),
        sa.Column("fault", sa.Boolean(), nullable=True),
        sa.Column("points", AutoString(), nullable=True),
        sa.Column("evidence", AutoString(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("hand", schema=None) as batch_op:
        batch_op.create_index("ix_hand_subject_pack_row", ["subject", "pack", "row"])
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("services", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        for name in ("search", "policy_search", "progress"):
            batch_op.add_column(sa.Column(name, AutoString(), nullable=True))
    with op.batch_alter_table("column", schema=None) as batch_op:
        batch_op.add_column(sa.Column("redirect_to", AutoString(), nullable=True))
        batch_op.add_column(
            sa.Column("expected", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )
    with op.batch_alter_table("mailbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("form", AutoString(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("mailbox", schema=None) as batch_op:
        batch_op.drop_column("form")
    with op.batch_alter_table("column", schema=None) as batch_op:
        batch_op.drop_column("expected")
        batch_op.drop_column("redirect_to")
    with op.batch_alter_table("site", schema=None) as batch_op:
        for name in ("progress", "policy_search", "search", "services"):
            batch_op.drop_column(name)
    for table in ("hand", "link", "probe", "observation"):
        op.drop_table(table)
