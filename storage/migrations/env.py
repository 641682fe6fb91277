"""Alembic's entry: runs on the connection that `storage.database.upgrade` hands over."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    user_module_prefix="",
)
context.run_migrations()
