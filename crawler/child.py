"""The crawling process: one run in a process of its own, told what to do on stdin.

The order is one line of JSON. Stdin stays open after it: when it ends, whoever gave the order is
gone, and the run stops at once. Stdout carries one JSON line for each visit; logs go where those
of whoever gave the order go. Exit code 0: all jobs looked at; 5: the ledger refused a visit, the
last stdout line says why; 6: the order's giver is gone.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from threading import Thread
from typing import Any, TextIO, cast

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.defer import deferred_f_from_coro_f
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor

from crawler.backlog import AT_ONCE
from crawler.jobs import Job
from crawler.masked import MaskedStream
from crawler.notes.texts import TERMS
from crawler.probe import probe_settings
from crawler.render import render_settings
from crawler.settings import WECHAT, CrawlSection, scrapy_settings
from crawler.spiders.accounts import AccountSpider
from crawler.spiders.base import SubjectSpider
from crawler.spiders.channels import ChannelSpider
from crawler.spiders.columns import ColumnSpider
from crawler.spiders.guides import GuideSpider
from crawler.spiders.links import LinkSpider
from crawler.spiders.mailboxes import MailboxSpider
from crawler.spiders.portal import PortalSpider
from crawler.spiders.probe import ProbeSpider
from crawler.spiders.reach import ReachSpider
from crawler.spiders.searches import ProgressSpider, SearchSpider
from crawler.spiders.sites import SiteSpider
from crawler.spiders.transport import TransportSpider
from crawler.turns import Turns, begin
from storage.database import connect
from storage.hosts import HostTurns
from storage.ledger import Ledger
from storage.logs import take_over

SPIDERS = {
    "site": SiteSpider,
    "column": ColumnSpider,
    "mailbox": MailboxSpider,
    "account": AccountSpider,
    "transport": TransportSpider,
    "dead_links": LinkSpider,
    "channel": ChannelSpider,
    "guide": GuideSpider,
    "search": SearchSpider,
    "policy_search": SearchSpider,
    "progress": ProgressSpider,
}
PROBERS = {"probe": ProbeSpider, "reach": ReachSpider}
ALLOCATED = 5_000  # objects until the collector looks; Python's 700 are less than a page's head
LEDGER_REFUSED = 5
LEFT_ALONE = 6


def main() -> None:
    """Run the order given on stdin."""
    # The program itself never becomes garbage: to look through it, page by page, cost a tenth.
    gc.freeze()
    gc.set_threshold(ALLOCATED)
    sys.stderr = cast(TextIO, MaskedStream(sys.stderr))
    order = json.loads(sys.stdin.readline())
    Thread(target=_end_with_giver, args=(sys.stdin.fileno(),), daemon=True).start()
    take_over(order.get("log", {}))
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor, task

    from crawler.guards import GuardedResolver

    section = CrawlSection(**order["section"])
    GuardedResolver(reactor, section.allow_private_networks).install()
    settings = {
        **scrapy_settings(section),
        TERMS: order.get("terms", []),
        WECHAT: order.get("wechat", {}),
    }
    configure_logging({**settings, "LOG_INSTALL_ROOT_HANDLER": False})
    faults: list[str] = []

    async def crawl(_reactor: Any) -> None:
        if "portal" in order:
            runner = AsyncCrawlerRunner({**settings, "ITEM_PIPELINES": {}})
            await runner.crawl(PortalSpider, **order["portal"])
            return
        for look, prober in PROBERS.items():
            if look in order:
                timed = {**settings, **probe_settings(order["seconds"])}
                await AsyncCrawlerRunner(timed).crawl(prober, **order[look])
                return
        ledger = Ledger(connect(order["database_url"]), Path(order["evidence"]))
        if ledger.engine.dialect.name == "postgresql":
            # Others may crawl from the same ledger: a SQLite file has its machine to itself.
            begin(Turns(HostTurns(ledger.engine), section.delay_seconds))
        jobs = [Job.from_json(job) for job in order["jobs"]]
        kinds = list(SPIDERS.items())
        for kind, spider in reversed(kinds) if order.get("backwards") else kinds:
            mine = [job for job in jobs if job.kind == kind]
            if mine and not faults:
                more = render_settings(section) if any(job.render for job in mine) else {}
                more = more | ({AT_ONCE: 1} if order.get("singly") else {})
                faults.extend(
                    await _run(spider, {**settings, **more}, mine, ledger, order["run_id"])
                )
        ledger.close()

    try:
        task.react(deferred_f_from_coro_f(crawl))
    except SystemExit as done:
        if faults:
            print(json.dumps({"fault": faults[0]}), flush=True)  # noqa: T201
            raise SystemExit(LEDGER_REFUSED) from done
        raise


def _end_with_giver(pipe: int) -> None:
    """Stop when the other end of stdin is closed, by whatever end the other process met.

    A run that went on alone would look at the same hosts as the one that replaces it. Of what it
    told nothing is lost; looks that were not written yet are owed again. A browser ends with its
    driver.
    """
    while os.read(pipe, 4096):  # not sys.stdin: a thread that holds its lock fails our exit
        continue
    os._exit(LEFT_ALONE)


async def _run(
    spider: Any, settings: dict[str, Any], jobs: list[Job], ledger: Ledger, run_id: int
) -> list[str]:
    """One spider over its jobs; the kinds take turns, so that a host's delay holds for all."""
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(spider)
    await runner.crawl(crawler, jobs=jobs, ledger=ledger, run_id=run_id)
    if not isinstance(crawler.spider, SubjectSpider):
        return ["爬虫未能启动"]
    return [crawler.spider.fault] if crawler.spider.fault else []


if __name__ == "__main__":
    main()
