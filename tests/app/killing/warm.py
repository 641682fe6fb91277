"""A process that has the program loaded and forks one command at a time, as it is told on stdin.

It says `ready` first. A line of JSON `{arguments, environment, log, begun}` starts a command in a
process group of its own, where it is clock.TEN at `begun`; the answer is its number at once, and
its exit code (negative: the signal) when it has ended. Its crawling process is a fork as well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from typing import IO, Any, NoReturn

from storage import clock
from tests.app.killing.clock import since

begun = 0.0
clock.now = lambda: since(begun)  # before anything has taken hold of it

import crawler.child  # noqa: E402
from app.cli import main  # noqa: E402
from tests.crawler.forked import leave  # noqa: E402

LATE = (
    "app.cycle",
    "app.demo.run",
    "app.progress",
    "app.summary",
    "app.views",
    "crawler.download",
    "crawler.pipeline",
    "crawler.robots",
    "scrapy.extensions.remote_control",
)


class Crawling:
    """The crawling process in the place of the Popen that would take a second to load it.

    It is forked before the command opens its ledger, for no connection may be in two processes,
    and waits for its order.
    """

    def __init__(self) -> None:
        given, giving = os.pipe()
        hearing, saying = os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            os.close(giving)
            os.close(hearing)
            os.dup2(given, 0)
            os.dup2(saying, 1)
            sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
            leave(crawler.child.main)
        os.close(given)
        os.close(saying)
        self.stdin: IO[str] = os.fdopen(giving, "w")
        self.stdout: IO[str] = os.fdopen(hearing)

    def __call__(self, command: list[str], **_: Any) -> Crawling:
        if command[-1] != "crawler.child" or self.returncode is not None:
            raise AssertionError(command)
        return self

    def __enter__(self) -> Crawling:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.stdin.close()
        self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def terminate(self) -> None:
        os.kill(self.pid, 15)

    def kill(self) -> None:
        os.kill(self.pid, 9)


def run(order: dict[str, Any]) -> NoReturn:
    """Become the command."""
    global begun
    begun = order["begun"]
    os.setpgid(0, 0)
    os.environ.update(order["environment"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    subprocess.Popen = Crawling()  # type: ignore[assignment,misc]
    sys.argv = ["xunjian", *order["arguments"]]
    leave(main)


if __name__ == "__main__":
    for name in LATE:
        import_module(name)
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            run(json.loads(line))
        os.setpgid(pid, pid)  # by both, whoever is first: a shot must find the group
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
