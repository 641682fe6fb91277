"""A PostgreSQL server on loopback that loses nothing when the power goes, as one in use is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from tests.postgres import serving


@dataclass(frozen=True, slots=True)
class Server:
    """`url` lacks the name of a database; `pid` is the process that all others descend from."""

    url: str
    pid: int

    def database(self, name: str) -> str:
        """The address of a new empty database."""
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"{self.url}/{name}"


@contextmanager
def running() -> Iterator[Server]:
    """A server with no data, until the end of the block."""
    with serving(fsync="on") as url:
        with psycopg.connect(f"{url}/postgres") as connection:
            row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
        if row is None:
            raise RuntimeError("the server does not say which process it is")
        yield Server(url, int(row[0].split()[0]))
