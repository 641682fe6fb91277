"""A home on PostgreSQL whose sites stand on loopback hosts of their own. All pages synthetic."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlmodel import select

from app.home import Home
from storage.clock import now
from storage.inventory import Inventory, validate
from storage.ledger import Ledger
from storage.tables import VisitRow
from tests.app.test_bad_input import SETTINGS, list_page
from tests.crawler.server import Answer, Server, page, serving

WORKERS = "[workers]\nenabled = true\nlots = 65536\n"
LIST = list_page("2026-11-20")


@dataclass
class Farm:
    """`sites` by the name of the site: each a server on an address of its own."""

    home: Home
    ledger: Ledger
    sites: dict[str, Server]

    def visits(self) -> list[str]:
        """The subjects of all visits, in their order."""
        with self.ledger.reading() as session:
            return list(session.exec(select(VisitRow.subject).order_by(VisitRow.id)))  # type: ignore[arg-type]

    def asked(self, site: str) -> list[str]:
        """The paths that were asked for at a site, robots.txt apart."""
        return [path for path, _ in self.sites[site].seen if path != "/robots.txt"]

    def jobs(self) -> list[tuple[str, str]]:
        """The jobs of the queue: lock and state."""
        with self.ledger.reading() as session:
            asked = text("SELECT lock, status::text FROM procrastinate_jobs ORDER BY id")
            return [(lock, state) for lock, state in session.connection().execute(asked)]

    def forget_workers(self) -> None:
        """As if their last heartbeats were long ago."""
        with self.ledger.writing() as session:
            session.connection().execute(
                text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
            )


def register(sites: dict[str, Server], columns: int) -> Inventory:
    own = {"unit": "zfb", "class": "news"}
    return validate(
        {
            "unit": [{"id": "zfb", "name": "政府办"}],
            "site": [
                {"id": name, "name": f"网站{name}", "home": f"{server.url}/", "unit": "zfb"}
                for name, server in sites.items()
            ],
            "column": [
                {
                    "id": f"{name}{n}",
                    "site": name,
                    "name": f"栏目{n}",
                    "url": f"{server.url}/{n}.html",
                    **own,
                }
                for name, server in sites.items()
                for n in range(columns)
            ],
        },
        "test",
    )


@contextmanager
def farm(
    folder: Path, url: str, names: str = "ab", columns: int = 2, **pages: Answer
) -> Iterator[Farm]:
    """Sites of so many columns each; `pages` are others than usual, such as `a0`."""
    with ExitStack() as stack:
        sites = {}
        for place, name in enumerate(names, 2):
            answers = {f"/{n}.html": pages.get(f"{name}{n}", page(LIST)) for n in range(columns)}
            answers |= {"/": page(LIST)}
            sites[name] = stack.enter_context(serving(answers, host=f"127.0.0.{place}"))
        folder.joinpath("settings.toml").write_text(SETTINGS + WORKERS, encoding="utf-8")
        home = Home(folder)
        ledger = Ledger.open(url, home.path("evidence"))
        stack.callback(ledger.close)
        ledger.load_inventory(register(sites, columns), now())
        yield Farm(home, ledger, sites)


@contextmanager
def worker(farm: Farm, jobs: int = 2) -> Iterator[subprocess.Popen[str]]:
    """A worker as an operator runs it."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("XUNJIAN_")}
    url = farm.ledger.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "app", "worker", "--jobs", str(jobs)]
    with subprocess.Popen(
        [*command, "--home", str(farm.home.folder)],
        stderr=subprocess.PIPE,
        text=True,
        env={**clean, "XUNJIAN_DATABASE_URL": url},
    ) as process:
        try:
            yield process
        finally:
            process.kill()
