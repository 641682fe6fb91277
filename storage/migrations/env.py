"""Alembic's entry: runs on the connection that `storage.database.upgrade` hands over."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The queue of the workers keeps tables of its own beside ours."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    user_module_prefix="",
    include_name=_is_ours,
)
context.run_migrations()
