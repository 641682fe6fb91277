"""One home, one cycle that is killed at an instant, and the cycle that follows."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Timer
from typing import Any

import psycopg

from app.home import Home
from storage.database import sqlite_url
from storage.inventory import read_toml
from storage.ledger import Ledger
from tests.app.killing import portal
from tests.app.killing.clock import TEN
from tests.app.killing.known import Arrived, open_ledger, phase, visits
from tests.crawler.processes import await_end
from tests.crawler.server import Server
from tests.crawler.server import serving as serving_pages
from tests.notify.test_smtp import Inbox, free_port
from tests.notify.test_smtp import serving as serving_mail

BEFORE = ("start", "crawl")


@dataclass(frozen=True)
class Shot:
    """When to kill: `at` the n-th `growth` of the evidence, the n-th `visit` in the ledger, the
    n-th mail `offered` or `accepted`, when the crawl has `finished`, or at the `start`; then
    `delay` seconds later. `group`: the crawling process too, at one blow."""

    at: str
    n: int = 0
    delay: float = 0
    group: bool = False


class Watched(Inbox):
    """An inbox that tells of each mail while it is but offered, and before the client can hear
    that it was accepted."""

    told: Callable[[str], None] = staticmethod(lambda _at: None)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.told("offered")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        self.told("accepted")
        return answer


@dataclass
class Bench:
    """The portal, the mail server and the warm process; they survive every kill.

    `server` is that of PostgreSQL which holds the ledgers, if they are not SQLite files.
    """

    template: Path
    pages: Server
    inbox: Watched
    warm: subprocess.Popen[str]
    server: str | None
    begun: float = 0
    counts: dict[str, int] = field(default_factory=dict)
    hook: Callable[[str, int], None] = lambda _at, _n: None

    def told(self, at: str) -> None:
        self.counts[at] = self.counts.get(at, 0) + 1
        self.hook(at, self.counts[at])

    def fresh(self, home: Path) -> Ledger:
        """A home as it was before the first cycle, at ten o'clock, and nothing counted yet."""
        self.inbox.arrived.clear()
        shutil.copytree(self.template, home)
        if self.server is not None:
            renew(self.server)
        self.begun = time.monotonic()
        return open_ledger(home, self.url(home))

    def url(self, home: Path) -> str:
        return f"{self.server}/killed" if self.server else sqlite_url(home / "xunjian.db")

    def cycle(self, home: Path, ledger: Ledger, shot: Shot | None = None) -> int:
        """Run a cycle to its end or to the shot; returns its exit code when all of it is gone."""
        self.counts.clear()
        order = {
            "arguments": ["--home", str(home), "cycle"],
            "environment": {"XUNJIAN_DATABASE_URL": self.url(home)},
            "log": str(home / "log.txt"),
            "begun": self.begun,
        }
        over = Event()
        assert self.warm.stdin is not None
        assert self.warm.stdout is not None
        self.warm.stdin.write(json.dumps(order) + "\n")
        self.warm.stdin.flush()
        pid = int(self.warm.stdout.readline())
        left: list[int] = []
        timer = self._aim(pid, home, ledger, shot, left, over) if shot else None
        code = int(self.warm.stdout.readline())
        over.set()
        self.hook = lambda _at, _n: None
        if timer is not None:
            timer.cancel()
        for each in left:
            await_end(each)
        return code

    def _aim(
        self, pid: int, home: Path, ledger: Ledger, shot: Shot, left: list[int], over: Event
    ) -> Timer | None:
        def kill() -> None:
            if over.is_set():
                return
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)  # so that no child is started unseen
                children = Path(f"/proc/{pid}/task/{pid}/children")
                with suppress(FileNotFoundError):
                    left.extend(int(each) for each in children.read_text().split())
                (os.killpg if shot.group else os.kill)(pid, signal.SIGKILL)

        def later() -> None:
            if shot.delay:
                Timer(shot.delay, kill).start()
            else:
                kill()

        def on(at: str, n: int) -> None:
            if at == shot.at and n == shot.n:
                later()

        if shot.at == "growth":
            Timer(0, _watch_evidence, (home, shot.n, later, over)).start()
        elif shot.at == "visit":
            Timer(0, _watch, (lambda: visits(ledger) >= shot.n, 0, later, over)).start()
        elif shot.at == "finished":
            Timer(0, _watch, (lambda: phase(ledger) not in BEFORE, 0.002, later, over)).start()
        elif shot.at == "start":
            timer = Timer(shot.delay, kill)
            timer.start()
            return timer
        else:
            self.hook = on
        return None


def _watch_evidence(home: Path, n: int, then: Callable[[], None], over: Event) -> None:
    size, grown = 0, 0
    while not over.is_set():
        files = list(home.glob("evidence/*/*/run-*.warc.gz"))
        more = sum(file.stat().st_size for file in files)
        if more > size:
            size, grown = more, grown + 1
            if grown == n:
                then()
                return
        time.sleep(0.0003)


def _watch(
    happened: Callable[[], bool], pause: float, then: Callable[[], None], over: Event
) -> None:
    while not over.is_set():
        if happened():
            then()
            return
        time.sleep(pause)


def load(ledger: Ledger, register: str) -> None:
    ledger.load_inventory(read_toml(register, "synthetic"), TEN - timedelta(hours=1))
    ledger.close()


def renew(server: str) -> None:
    """Put a copy of the database that was never worked with in the place of the last trial's."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS killed WITH (FORCE)")
        connection.execute("CREATE DATABASE killed TEMPLATE loaded")


@contextmanager
def loaded(server: str, register: str) -> Iterator[None]:
    """The database that each trial gets a copy of."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE loaded")
        load(Ledger.open(f"{server}/loaded", Path()), register)
        yield
        for name in ("killed", "loaded"):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@contextmanager
def bench(folder: Path, server: str | None = None) -> Iterator[Bench]:
    template, inbox, port = folder / "template", Watched(), free_port()
    template.mkdir()
    clean = {k: v for k, v in os.environ.items() if not k.startswith("XUNJIAN_")}
    command = [sys.executable, "-m", "tests.app.killing.warm"]
    with (
        serving_pages(portal.answers()) as pages,
        serving_mail(inbox, port),
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=clean
        ) as warm,
    ):
        register = portal.register(pages.url)
        (template / "settings.toml").write_text(portal.SETTINGS.format(port=port), "utf-8")
        (template / "inventory.toml").write_text(register, "utf-8")
        made = Bench(template, pages, inbox, warm, server)
        pages.answers = {path: _telling(made, answer) for path, answer in pages.answers.items()}
        inbox.told = made.told
        with loaded(server, register) if server else nullcontext():
            if server is None:
                load(Home(template).open_ledger(), register)
            assert warm.stdout is not None
            assert warm.stdout.readline() == "ready\n"
            yield made
        assert warm.stdin is not None
        warm.stdin.close()


def _telling(bench: Bench, answer: Any) -> Any:
    def told(handler: Any) -> None:
        bench.told("request")
        answer(handler)

    return told


__all__ = ["Arrived", "Bench", "Shot", "bench"]
