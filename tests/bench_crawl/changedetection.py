"""changedetection.io on the pages of 26 KB: its server is told to look at all watches anew.

Its plain fetcher and all else as installed; that loopback may be fetched, and that nothing is asked
of the internet, is set. Its server goes on; what a round cost is what it has spent meanwhile.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.bench_crawl.contestants import CHANGED, FIRST, NOT_MODIFIED
from tests.bench_crawl.ground import Ground, Run
from tests.bench_crawl.spent import Command, Spent, spent_by

NAME = "changedetection.io"
_PAUSE = 0.25  # its API is asked so often whether all is done
_MOST_SECONDS = 900
_ENVIRONMENT = {"ALLOW_IANA_RESTRICTED_ADDRESSES": "true", "DISABLE_VERSION_CHECK": "true"}


class StuckError(RuntimeError):
    """It did not do what it was asked for in time."""


@dataclass(frozen=True, slots=True)
class Service:
    """Its API, and the process that serves it."""

    url: str
    key: str
    pid: int

    def ask(self, path: str, body: str | None = None) -> Any:
        headers = {"x-api-key": self.key, "Content-Type": "text/plain"}
        data = body.encode() if body is not None else None
        with urlopen(Request(self.url + path, data, headers), timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def checked(self) -> dict[str, float]:
        """When was each watch looked at last? 0: never."""
        return {key: each["last_checked"] for key, each in self.ask("watch").items()}


def changedetection(ground: Ground, number: int, programs: Path) -> Iterator[Run]:
    addresses = ground.small[: ground.watches]
    with _serving(programs, ground.folder / f"changedetection{number}", addresses[0]) as service:

        def run(what: str, path: str, body: str | None = None) -> Run:
            ground.farm.answers()
            begun, before = time.time(), spent_by(service.pid)
            service.ask(path, body)
            _wait(service, len(addresses), begun)
            spent = spent_by(service.pid) - before
            nothing = Spent(spent.seconds / len(addresses), spent.cpu / len(addresses), 0)
            told = ground.farm.answers()
            return Run("changedetection.io, 26 KB", what, len(addresses), nothing, spent, told)

        _wait(service, 1, 0)
        yield run(FIRST, "import", "\n".join(addresses[1:]))
        ground.farm.publish()
        yield run(CHANGED, "watch?recheck_all=1")
        yield run(NOT_MODIFIED, "watch?recheck_all=1")


def _wait(service: Service, count: int, since: float) -> None:
    """Until so many watches were looked at since. It tells whole seconds."""
    until = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < until:
        with suppress(HTTPError):  # while it takes watches in it fails to list them now and then
            if sum(at >= int(since) and at > 0 for at in service.checked().values()) >= count:
                return
        time.sleep(_PAUSE)
    raise StuckError(f"not all of {count} watches were looked at in {_MOST_SECONDS} s")


@contextmanager
def _serving(programs: Path, folder: Path, first: str) -> Iterator[Service]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    listening = ["-h", "127.0.0.1", "-p", str(port), "-l", "WARNING"]
    command: Command = [programs / NAME, *listening, "-C", "-d", folder, "-u", first]
    with (folder.parent / "changedetection.txt").open("wb") as told:
        server = subprocess.Popen(
            command, stdout=told, stderr=told, env={**os.environ, **_ENVIRONMENT}
        )
    try:
        yield _service(server, folder, f"http://127.0.0.1:{port}/api/v1/")
    finally:
        server.terminate()
        server.wait()


def _service(server: subprocess.Popen[bytes], folder: Path, url: str) -> Service:
    until = time.monotonic() + _MOST_SECONDS
    kept = folder / "changedetection.json"
    while time.monotonic() < until and server.poll() is None:
        try:
            settings = json.loads(kept.read_text("utf-8"))["settings"]["application"]
            service = Service(url, settings["api_access_token"], server.pid)
            service.checked()
        except (OSError, URLError, ValueError):
            time.sleep(_PAUSE)
        else:
            return service
    raise StuckError("changedetection.io did not start")
