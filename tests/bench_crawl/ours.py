"""xunjian on the farm: look at every column of a home and keep all that is seen.

    python -m tests.bench_crawl.ours prepare HOME DATABASE FILE
    python -m tests.bench_crawl.ours look HOME DATABASE CONCURRENCY SHARE OF

FILE holds the addresses of the columns. Of all hosts those are looked at whose number leaves the
remainder SHARE by OF: so several of these can work side by side.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.jobs import Job
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import Inventory, validate
from storage.ledger import Ledger


def register(addresses: list[str]) -> Inventory:
    """A site for every host, with its columns."""
    sites = {address: urlsplit(address).netloc for address in addresses}
    rows: dict[str, list[dict[str, Any]]] = {
        "unit": [{"id": "u", "name": "示例单位", "kind": "department", "emails": []}],
        "site": [
            {"id": _site(netloc), "name": netloc, "home": f"http://{netloc}/", "unit": "u"}
            for netloc in dict.fromkeys(sites.values())
        ],
        "column": [
            {
                "id": f"c{at}",
                "site": _site(netloc),
                "name": f"栏目{at}",
                "url": address,
                "class": "news",
                "unit": "u",
            }
            for at, (address, netloc) in enumerate(sites.items())
        ],
    }
    return validate(rows, "farm")


def _site(netloc: str) -> str:
    return "s" + netloc.partition(":")[0].replace(".", "-")


def prepare(home: Path, database: str, addresses: list[str]) -> None:
    """A database that holds these columns, and nothing seen of them."""
    ledger = Ledger.open(database, home / "evidence")
    ledger.load_inventory(register(addresses), now())
    ledger.close()


def section(concurrency: int) -> CrawlSection:
    """As a home is set up, but that nothing is waited for and loopback may be looked at."""
    return CrawlSection(
        delay_seconds=0, concurrency=concurrency, allow_private_networks=("127.0.0.0/8",)
    )


def shared(jobs: list[Job], share: int, of: int) -> list[Job]:
    """The jobs of every `of`th host."""
    hosts = list(dict.fromkeys(urlsplit(job.url).netloc for job in jobs))
    mine = set(hosts[share::of])
    return [job for job in jobs if urlsplit(job.url).netloc in mine]


def look(home: Path, database: str, concurrency: int, share: int, of: int) -> None:
    """As a cycle does: plan from the register, look at every column, keep what is seen."""
    ledger = Ledger.open(database, home / "evidence")
    jobs = plan(ledger, ledger.inventory(), now(), only="column")
    met: Counter[str] = Counter()

    def on_visit(subject: str, outcome: str) -> None:
        met[outcome] += 1

    report = crawl(ledger, shared(jobs, share, of), section(concurrency), on_visit)
    ledger.close()
    if met != {"ok": report.planned}:
        raise SystemExit(f"not every page was read: {dict(met)}")


if __name__ == "__main__":
    what, where, url, *more = sys.argv[1:]
    if what == "prepare":
        prepare(Path(where), url, Path(more[0]).read_text().split())
    else:
        look(Path(where), url, *map(int, more))
