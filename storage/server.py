"""What kind of server keeps the database, where one does?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from storage.database import in_words

ASKED = text(
    "SELECT current_setting('server_version_num')::int AS version,"
    " current_setting('server_encoding') AS encoding,"
    " current_setting('max_connections')::int"
    " - current_setting('superuser_reserved_connections')::int AS connections,"
    " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,"
    " clock_timestamp() AS at"
)


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server. `version`: 150004 is 15.4; `used` of `connections` are taken; `at` is
    its own clock."""

    version: int
    encoding: str
    connections: int
    used: int
    at: datetime


def server_of(engine: Engine) -> Server | None:
    """Ask the server. None: the database is a file. Raises DatabaseError."""
    if engine.dialect.name != "postgresql":
        return None
    with in_words(), engine.connect() as connection:
        return Server(**connection.execute(ASKED).one()._mapping)
