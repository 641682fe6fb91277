"""How many links a day does one machine look at? Hosts on loopback, within each host's delay.

`python -m tests.bench_links [hosts] [links per host] [delay seconds]`: prints one line. Not a test.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from checks.facts import Outcome
from checks.links import FAMILY, LOOKED, LinkKind, PageLink, as_facts
from crawler.links_settings import LinksSection
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import validate
from storage.ledger import Ledger, Note, Noticed
from tests.crawler.server import page, serving

BODY = "<!-- synthetic --><html><title>示例</title><body>" + "<p>示例市要闻。</p>" * 400
DAY_SECONDS = 86_400


def main(hosts: int = 40, links: int = 30, delay: float = 1.0) -> str:
    """Every host has its own site; every third link needs a GET after HEAD."""
    answers = {f"/{n}.{'do' if n % 3 else 'html'}": page(BODY) for n in range(links)}
    unit = {"id": "u", "name": "示例单位", "kind": "department", "emails": []}
    with tempfile.TemporaryDirectory() as folder, serving(answers, "0.0.0.0") as server:  # noqa: S104
        homes = [f"http://127.0.1.{at + 1}:{server.server_port}" for at in range(hosts)]
        rows = [
            {"id": f"s{at}", "name": f"s{at}", "home": f"{home}/", "unit": "u"}
            for at, home in enumerate(homes)
        ]
        register = validate({"unit": [unit], "site": rows}, "bench")
        ledger = Ledger.open(f"sqlite:///{Path(folder) / 'x.db'}", Path(folder) / "evidence")
        for at, home in enumerate(homes):
            held = [PageLink(f"{home}{path}", LinkKind.PAGE, path) for path in answers]
            note = Note(FAMILY, f"{home}/", Outcome.OK, as_facts(held))
            ledger.observe(None, Noticed(f"site:s{at}", now(), (note,)))
        found = plan(ledger, register, now(), duties=frozenset({LOOKED}), links=LinksSection())
        section = CrawlSection(delay_seconds=delay, allow_private_networks=("127.0.0.0/8",))
        began, spent = time.monotonic(), _spent()
        crawl(ledger, [job for job in found if job.task], section)
        seconds, cpu = time.monotonic() - began, _spent() - spent
        looked = sum(len(ledger.link_looks(row["id"], now())) for row in rows)
        ledger.close()
    rate = looked / seconds
    return (
        f"{looked} links of {hosts} hosts in {seconds:.1f} s, {len(server.asked)} requests: "
        f"{rate:.1f} links/s, {rate * DAY_SECONDS:,.0f} a day, "
        f"{1000 * cpu / looked:.1f} ms CPU a link, the start of the process included"
    )


def _spent() -> float:
    """CPU seconds of the crawling processes that have ended; the server is in this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    told = sys.argv[1:]
    print(main(*map(int, told[:2]), *map(float, told[2:3])))
