"""A PostgreSQL server on loopback that loses nothing when the power goes, as one in use is set."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.system import needs


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
    """A server with no data, until the end of the block. It refuses to run as root."""
    programs = Path(needs("initdb")).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="xunjian-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*words: str | Path) -> None:
        # To a file: the server would hold a pipe open for as long as it lives.
        command = [programs / words[0], *words[1:]]
        with (folder / "told").open("ab") as told:
            subprocess.run(command, check=True, user=user, stdout=told, stderr=told, cwd=folder)

    data = folder / "data"
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "u", "--locale=C", "-E", "UTF8")
        run("pg_ctl", "-D", data, "-o", options, "-w", "start")
        try:
            pid = int((data / "postmaster.pid").read_text().split()[0])
            yield Server(f"postgresql://u@127.0.0.1:{port}", pid)
        finally:
            run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder)
