"""A farm of portals on loopback: nginx serves the synthetic pages of thousands of hosts.

Each host is an address of its own, 127.1.0.1 onwards, so that it has its own delay and nothing is
resolved. nginx answers 304 by ETag and Last-Modified by itself; there is no robots.txt.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.bench_crawl.pages import Column
from tests.bench_crawl.spent import Command
from tests.system import needs

_PER_NET = 250
_LONG_AGO = 1_700_000_000  # when the first edition was written, by the clock of the files
_STARTING_SECONDS = 30
_NOTING_SECONDS = 30
_CONFIG = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
worker_rlimit_nofile 60000;
events {{ worker_connections 30000; }}
http {{
  types {{ text/html html; }}
  charset utf-8;
  access_log off;
  keepalive_requests 1000000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  log_format brief '$status';
  server {{
    {listens}
    access_log {folder}/access.log brief;
    root {folder}/www/$server_addr;
  }}
}}
"""


@dataclass(slots=True)
class Farm:
    """The columns of the farm and what it answered; `port` is the same on every host."""

    folder: Path
    columns: Sequence[Column]
    port: int
    today: date
    edition: int = 0
    _written: int = 0
    _counted: int = 0

    def url(self, column: Column) -> str:
        return f"http://{column.host}:{self.port}{column.path}"

    def publish(self) -> None:
        """Every column gets one row more."""
        self.edition += 1
        self.write()

    def write(self) -> None:
        """The pages as they stand by now."""
        for column in self.columns:
            path = self._file(column)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(column.page(self.edition, self.today))
        self.touch()

    def touch(self) -> None:
        """Every file is newer, its bytes are the same: no 304 is given for that.

        Of a file's age whole seconds are told, so each time it is a minute younger.
        """
        self._written += 60
        for column in self.columns:
            os.utime(self._file(column), (_LONG_AGO, _LONG_AGO + self._written))

    def answers(self, least: int = 0) -> dict[int, int]:
        """How many answers of which status were given since this was last asked?

        nginx notes an answer once it is sent, so whoever has it may come too early: `least` so many
        are waited for.
        """
        until = time.monotonic() + _NOTING_SECONDS
        while (told := self._told()).count(b"\n") < least and time.monotonic() < until:
            time.sleep(0.01)
        self._counted += len(told)
        return dict(sorted(Counter(map(int, told.split())).items()))

    def _told(self) -> bytes:
        """The whole lines of the log that were not counted yet."""
        with (self.folder / "access.log").open("rb") as log:
            log.seek(self._counted)
            told = log.read()
        return told[: told.rfind(b"\n") + 1]

    def _file(self, column: Column) -> Path:
        return self.folder / "www" / column.host / column.path[1:]


def columns_of(hosts: int, each: int, seed: int) -> list[Column]:
    """So many columns on each of so many hosts."""
    return [Column(_address(at), number, seed) for at in range(hosts) for number in range(each)]


def _address(at: int) -> str:
    net, host = divmod(at, _PER_NET)
    return f"127.{1 + net // 256}.{net % 256}.{host + 1}"


@contextmanager
def farm(folder: Path, columns: Sequence[Column], today: date) -> Iterator[Farm]:
    """Serve these columns, first edition, until the end of the block."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    hosts = sorted({column.host for column in columns})
    served = Farm(folder, columns, _free_port(hosts[0]), today)
    served.write()
    listens = " ".join(f"listen {host}:{served.port};" for host in hosts)
    as_root = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(as_root + _CONFIG.format(folder=folder, listens=listens))
    command: Command = [needs("nginx"), "-p", folder, "-c", config, "-g", "daemon off;"]
    with (folder / "told").open("wb") as told:
        server = subprocess.Popen(command, stdout=told, stderr=told)
    try:
        _wait(server, hosts[-1], served.port)
        yield served
    finally:
        server.terminate()
        server.wait()


def _free_port(host: str) -> int:
    with closing(socket.socket()) as free:
        free.bind((host, 0))
        port: int = free.getsockname()[1]
    return port


def _wait(server: subprocess.Popen[bytes], host: str, port: int) -> None:
    until = time.monotonic() + _STARTING_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nginx does not answer on {host}:{port}")
