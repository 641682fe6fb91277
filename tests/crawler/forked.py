"""Crawling processes that are forks of one that has the program loaded.

To load it takes a second and a half, and the tests start hundreds. A fork is a process of its own
like any other: it has the environment, the folder, the pipes and the stderr that it would have been
started with, and its order comes by stdin. It runs no code but `crawler.child.main`.

    python -m tests.crawler.forked SOCKET      # the loaded one; `Forks` starts it
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NoReturn

import pytest

from crawler import children

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-P", "-m", "crawler.child"]
# What a crawl loads when it begins, beside what `crawler.child` names itself.
LATE = (
    "crawler.download",
    "crawler.guards",
    "crawler.pipeline",
    "crawler.robots",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.spidermiddlewares.referer",
)


class Forks:
    """Stands for `subprocess` where the crawling process is started."""

    PIPE = subprocess.PIPE

    def __init__(self) -> None:
        self._loaded: subprocess.Popen[bytes] | None = None

    def Popen(self, command: list[str], **named: Any) -> Any:  # noqa: N802
        """The crawling process; any other command is started."""
        if command != COMMAND:
            return subprocess.Popen(command, **named)
        if self._loaded is None:
            self._wire, theirs = socket.socketpair()
            loading = [*COMMAND[:-1], "tests.crawler.forked", str(theirs.fileno())]
            here = {**os.environ, "PYTHONPATH": str(ROOT)}
            self._loaded = subprocess.Popen(loading, env=here, pass_fds=[theirs.fileno()])
            theirs.close()
        return Fork(self._wire, named["env"])

    def end(self) -> None:
        if self._loaded is not None:
            self._wire.close()
            self._loaded.wait()


class Fork:
    """As much of a Popen as is asked of one."""

    def __init__(self, wire: socket.socket, environment: Mapping[str, str]) -> None:
        given, giving = os.pipe()
        hearing, saying = os.pipe()
        telling, told = os.pipe()
        socket.send_fds(wire, [b"."], [given, saying, 2, told])
        for each in (given, saying, told):
            os.close(each)
        self.stdin: IO[str] = os.fdopen(giving, "w")
        self.stdout: IO[str] = os.fdopen(hearing)
        self._told: IO[str] = os.fdopen(telling)
        self.returncode: int | None = None
        self.stdin.write(json.dumps([str(Path.cwd()), dict(environment)]) + "\n")
        self.pid = int(self._told.readline())

    def __enter__(self) -> Fork:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        with suppress(BrokenPipeError):
            self.stdin.close()
        self.returncode = int(self._told.readline())
        self._told.close()

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, which: signal.Signals) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, which)


@contextmanager
def forked() -> Iterator[None]:
    """Crawling processes are forks, but those that `started` asks for."""
    forks = Forks()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(children, "subprocess", forks)
        yield
    forks.end()


@contextmanager
def started() -> Iterator[None]:
    """Crawling processes are started as the product starts them, with a command line of theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(children, "subprocess", subprocess)
        yield


def leave(call: Callable[[], None]) -> NoReturn:
    """End this process as if it had been started for this call."""
    code = 1
    try:
        call()
        code = 0
    except SystemExit as done:
        code = int(done.code or 0)
    finally:
        if (fault := sys.exception()) is not None:
            sys.excepthook(type(fault), fault, fault.__traceback__)
        sys.stdout.flush()
        os._exit(code)


def _crawl(given: int, saying: int, errors: int) -> None:
    """Become the crawling process."""
    import crawler.child

    for to, end in enumerate((given, saying, errors)):
        os.dup2(end, to)
        os.close(end)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    folder, environment = json.loads(sys.stdin.readline())
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    leave(crawler.child.main)


def _keep(ends: list[int], told: int) -> NoReturn:
    """Fork the crawling process and tell its number, then how it ended; none waits for this one."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(told)
        _crawl(*ends)
    for end in ends:
        os.close(end)
    with os.fdopen(told, "w") as telling:
        print(pid, file=telling, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=telling)
    os._exit(0)


def main(wire: socket.socket) -> None:
    for name in ("crawler.child", *LATE):
        import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        _, ends, _, _ = socket.recv_fds(wire, 1, 4)
        if not ends:
            return
        if os.fork() == 0:
            wire.close()
            _keep(ends[:3], ends[3])
        for end in ends:
            os.close(end)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
