"""A PostgreSQL server of our own on loopback; see tests.system where there is none to start."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.system import needs

NUMBERS = count(1)


@contextmanager
def serving(fsync: str = "off") -> Iterator[str]:
    """The address of a server with no data; it ends with the body."""
    programs = Path(needs("initdb")).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="xunjian-pg-"))
    data, user = folder / "data", None
    if os.geteuid() == 0:
        # It refuses to run as root.
        user = "postgres"
        shutil.chown(folder, user)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*words: str) -> None:
        # To a file: the server would hold a pipe open for as long as it lives.
        with (folder / "told").open("ab") as told:
            subprocess.run(
                [programs / words[0], *words[1:]],
                check=True,
                user=user,
                stdout=told,
                stderr=told,
                cwd=folder,
                timeout=60,
            )

    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    options += f" -c fsync={fsync} -c autovacuum={fsync}"
    options += f" -c full_page_writes={fsync} -c synchronous_commit={fsync}"
    try:
        run("initdb", "-D", str(data), "-A", "trust", "-U", "u", "--locale=C", "-E", "UTF8")
        run("pg_ctl", "-D", str(data), "-o", options, "-w", "start")
        try:
            yield f"postgresql://u@127.0.0.1:{port}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The server of all tests; it ends with them."""
    with serving() as address:
        yield address


@pytest.fixture
def pg_url(postgres: str) -> Iterator[str]:
    """The address of a new empty database."""
    with database_on(postgres) as address:
        yield address


@contextmanager
def database_on(postgres: str) -> Iterator[str]:
    """The address of an empty database that is gone after the body."""
    name = f"d{next(NUMBERS)}"
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
    yield f"{postgres}/{name}"
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
