"""The one door to Scrapy: look at these subjects now, in a process that can be ended."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from checks.facts import History
from checks.freshness import local_day
from checks.marks import Term
from checks.page_facts import place_of
from checks.subjects import SubjectKind
from crawler.children import CrawlError, Line, run_child
from crawler.jobs import Job
from crawler.linked import with_links
from crawler.links_settings import DEFAULT_LINKS, LinksSection
from crawler.notes.texts import term_rows
from crawler.notes.turns import with_texts
from crawler.render import render_seconds
from crawler.sampling import marked, marks_of
from crawler.settings import DEFAULT_WECHAT, PER_HOST, RETRIES, CrawlSection, WechatSection
from crawler.tasks import Asked, task_jobs
from crawler.tasks.services import catalogue_asked
from storage.clock import now
from storage.credentials import WECHAT_API
from storage.inventory import Inventory
from storage.ledger import Known, Ledger
from storage.selectors import selector_parts

SOURCES_CRAWLED = ("feed", "weibo", "page", WECHAT_API)
WECHAT_REQUESTS = 7  # a token, five pages of what was published, one of materials
ALIVE = timedelta(days=7)
OnVisit = Callable[[str, str], None] | None
MOST_NAMED = 50
log = logging.getLogger("crawler.run")
COLUMNS = f"{SubjectKind.COLUMN}:"
KINDS = ("site", "column", "mailbox", "account")


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What one run met. `seen` counts subjects that can be judged."""

    run_id: int
    planned: int
    seen: int
    unseen: int

    @property
    def saw_nothing(self) -> bool:
        return self.planned > 0 and self.seen == 0


def plan(
    ledger: Ledger,
    register: Inventory,
    at: datetime,
    site: str | None = None,
    only: str | None = None,
    duties: frozenset[str] = frozenset(),
    links: LinksSection = DEFAULT_LINKS,
    articles: int = 0,
    among: Collection[str] | None = None,
) -> list[Job]:
    """Which subjects are looked at? All of the register, or one site's, or one kind's.

    Or those whose keys are `among`; `register` must hold all that is their sites'.

    `duties` are the families of duties that somebody asks about: without any, no page is opened
    for them, and nothing noted of them. Their tasks go with the sites. A closed account is looked
    at like any other: it may post again. `articles` is how many may be opened for their texts a
    day and site.

    A 304 may confirm that a column is alive, never that it is late: only subjects updated
    within the last week are asked conditionally. That the page which came is the same as before
    holds of every column. A page whose list a script writes says nothing
    by being unchanged. A mailbox whose letters come from the back end is not visited. An entry
    that shows another column's list is not looked at. A home page's links without a day may be
    known items of the site's columns, so it takes their names.
    """
    rows = [
        (kind, row)
        for kind in KINDS
        for row in register[kind]
        if only in (None, kind)
        and is_crawled(kind, row)
        and (among is None or f"{kind}:{row['id']}" in among)
        and (site is None or site == (row["id"] if kind == "site" else row.get("site")))
    ]
    keys = [f"{kind}:{row['id']}" for kind, row in rows]
    histories = ledger.histories(keys, at)
    known = _known(ledger, [key for key in keys if key.startswith(COLUMNS)], histories, at)
    columns: dict[str, list[str]] = {}
    for row in register["column"]:
        columns.setdefault(row["site"], []).append(f"column:{row['id']}")
    homes = {row["home"] for row in register["site"]}
    if any(kind == SubjectKind.ACCOUNT for kind, _ in rows):
        homes |= ledger.homes()
    places = {place_of(home) for home in homes}
    visits = [
        Job(
            subject=key,
            url=row["home"] if kind == "site" else row["url"] or "",
            reader=row["source"] if kind == "account" else row.get("reader", "auto"),
            scope=selector_parts(row.get("selectors")),
            min_items=row.get("min_items"),
            known=known.get(key) if not row.get("render") else None,
            render=row.get("render", False),
            requests=WECHAT_REQUESTS if row.get("source") == WECHAT_API else 1,
            **_on_the_way(kind, row, duties, columns, places),
        )
        for key, (kind, row) in zip(keys, rows, strict=True)
    ]
    visits = marked(visits, marks_of(register, local_day(at), duties))
    visits = with_links(visits, register, local_day(at), duties, links.pages_per_site)
    visits = with_texts(visits, ledger, register, at, duties, articles)
    if only not in (None, SubjectKind.SITE):
        return visits
    if among is not None:
        asked: Inventory = {
            str(kind): [row for row in register[kind] if f"{kind}:{row['id']}" in among]
            for kind in (SubjectKind.SITE, SubjectKind.MAILBOX)
        }
        register = {**register, **asked}
    return visits + task_jobs(Asked(ledger, register, at, duties, site, links))


def is_crawled(kind: str, row: Mapping[str, Any]) -> bool:
    """Is there a page of ours to look at for this row of the register?"""
    if kind == SubjectKind.ACCOUNT:
        return row["source"] in SOURCES_CRAWLED
    if kind == SubjectKind.MAILBOX:
        return bool(row["source"] == "page")
    return kind in KINDS and not row.get("redirect_to")


def _known(
    ledger: Ledger, columns: Sequence[str], histories: Mapping[str, History], at: datetime
) -> dict[str, Known]:
    """What may be relied on at each of these columns, validators only where one is alive."""
    found = {}
    for key, known in ledger.known(columns, at).items():
        good = histories[key].good
        if good is not None and good.newest and good.newest >= local_day(at - ALIVE):
            found[key] = known
        elif known.page_key is not None:
            found[key] = replace(known, etag=None, last_modified=None, late=True)
    return found


def _on_the_way(
    kind: str,
    row: Mapping[str, Any],
    duties: frozenset[str],
    columns: Mapping[str, Sequence[str]],
    places: Collection[str],
) -> dict[str, Any]:
    """What else does this visit look for, and what must be known for it?

    `columns` are by site, `places` those of the registered sites: what they show of an account
    mirrors it.
    """
    if kind == "account":
        mirror = row["source"] == "page" and place_of(row["url"]) in places
        notes = ("renamed",) if "renamed" in duties else ()
        return {"notes": notes, "asks": {"mirror": True} if mirror else {}}
    if kind == "site":
        return {"asks": {"columns": columns.get(row["id"], [])}}
    return catalogue_asked(row, duties)


def crawl(
    ledger: Ledger,
    jobs: Sequence[Job],
    section: CrawlSection,
    on_visit: OnVisit = None,
    timeout: float | None = None,
    terms: Sequence[Term] = (),
    wechat: WechatSection = DEFAULT_WECHAT,
) -> CrawlReport:
    """Look at every job's subject once. Raises CrawlError when the run could not finish.

    `terms` are looked for in texts; accounts by `wechat` find their credentials in the
    environment, which the crawling process inherits. `timeout` seconds bound the whole run; by
    default what politeness and silent hosts need, and ten minutes. Visits are written as they are
    made, a few at a time: an interrupted run keeps what it told. A page that ends the crawling
    process must not cost the others their look: those it kept from it are looked at once more, from
    the last to the first and then from the first on, each written before the next.
    """
    visits = sum(not job.task for job in jobs)
    run_id = ledger.start_run(visits, now())
    order = {
        "database_url": ledger.engine.url.render_as_string(hide_password=False),
        "evidence": str(ledger.evidence.folder),
        "section": section.model_dump(mode="json"),
        "jobs": [job.as_json() for job in jobs],
        "run_id": run_id,
        "terms": term_rows(terms),
        "wechat": wechat.model_dump(mode="json"),
    }
    bound = timeout or _bound(jobs, section)

    def on_line(line: Line) -> None:
        if on_visit is not None:
            on_visit(line["subject"], line["outcome"])

    try:
        fault = run_child(order, on_line, bound)
        left = _not_visited(ledger, run_id, jobs)
        for backwards in (True, False):
            # One that is left alone after the second time is the page itself.
            if fault is None or len(left) < (1 if backwards else 2):
                break
            log.error("%s", fault, extra={"run": run_id})
            rest = [job.as_json() for job in (reversed(left) if backwards else left)]
            again = {**order, "jobs": rest, "backwards": backwards, "singly": True}
            fault = run_child(again, on_line, timeout or _bound(left, section))
            left = _not_visited(ledger, run_id, jobs)
    finally:
        seen, unseen = ledger.finish_run(run_id, now())
    if fault is not None or left:
        said = fault or "爬取进程没有报告全部结果。"
        raise CrawlError(said + _named(ledger, [job.subject for job in left]))
    return CrawlReport(run_id, visits, seen, unseen)


def _not_visited(ledger: Ledger, run_id: int, jobs: Sequence[Job]) -> list[Job]:
    """Which subjects were not looked at by this run? What was known of them stands."""
    visited = ledger.visited(run_id)
    return [job for job in jobs if not job.task and job.subject not in visited]


def _named(ledger: Ledger, left: Sequence[str]) -> str:
    if not left:
        return ""
    register = ledger.inventory()
    names = {f"{kind}:{row['id']}": row["name"] for kind in KINDS for row in register[kind]}
    told = "、".join(f"{names.get(key, '')}（{key}）" for key in left[:MOST_NAMED])
    more = f"等，共 {len(left)} 项" if len(left) > MOST_NAMED else ""
    return f"尚未查看、不据此作任何判定、待下次运行再看的对象：{told}{more}。"


def _bound(jobs: Sequence[Job], section: CrawlSection) -> float:
    """After how many seconds has this run gone wrong? Twice what politeness asks for; and where
    one host says nothing at all, its columns must time out before those of others are done."""
    polite = 2 * sum(job.requests for job in jobs) * (section.delay_seconds + 1)
    on_hosts = Counter(urlsplit(job.url).netloc for job in jobs)
    busiest = max(on_hosts.values(), default=0) / min(PER_HOST, section.concurrency)
    silent = busiest * (1 + RETRIES) * section.timeout_seconds
    in_browser = sum(job.render for job in jobs) * (render_seconds(section) + 60)
    return 600 + polite + silent + in_browser
