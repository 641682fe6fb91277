"""When the page that came is the one that was read before, and when it is read all the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from checks.channel import CHANNEL
from checks.facts import History, Outcome, Visit
from checks.freshness import SHANGHAI, local_day
from checks.links import LOOKED
from checks.page_facts import PAGE
from checks.texts import LIST
from crawler import unchanged
from crawler.jobs import Job
from crawler.notes.texts import TERMS
from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page
from crawler.run import plan
from crawler.spiders import columns
from crawler.spiders.base import Answer, LookFailedError
from crawler.spiders.columns import ColumnSpider
from crawler.unchanged import SAME, settled
from storage.evidence import Capture
from storage.ledger import Ledger, Sighting
from tests.storage.make import register

URL = "https://www.example.cn/news/"
KEY = "column:news"
FIRST = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PAGES = Path(__file__).parents[1] / "pages/ok"
HTML = "text/html; charset=utf-8"


def listing(days: list[str], *, more: str = "") -> str:
    rows = "".join(
        f"<li><a href='/art/{n}.html'>关于做好第{n}号工作的通知</a><span>{day}</span></li>"
        for n, day in enumerate(days)
    )
    return (
        "<html><!-- synthetic --><head><title>政务动态</title></head><body>"
        f"<h2>政务动态</h2><ul class='list'>{rows}</ul>{more}</body></html>"
    )


FULL = listing(["2026-11-03", "2026-11-02", "2026-10-28", "2026-10-20"])


class Reading(ColumnSpider):
    """Looks at columns as always, but fetches from a shelf, at an instant of its own."""

    def __init__(self, watch: Watch) -> None:
        super().__init__([], watch.ledger, 0)
        self.watch = watch
        self.crawler: Any = SimpleNamespace(settings={TERMS: watch.terms})

    async def fetch(self, request: Request) -> Answer:
        self.watch.asked.append(request.url)
        self.watch.mark = request.headers.get("If-None-Match")
        html = self.watch.shelf.get(request.url)
        if html is None:
            raise LookFailedError(Outcome.GONE, "页面不存在（404）")
        at, body, watch = self.watch.at, html.encode(), self.watch
        page = Page(request.url, body, local_day(at), watch.status, watch.content_type)
        capture = Capture(request.url, at, watch.status, {"content-type": HTML}, body)
        return Answer(page, capture, 1, watch.etag, None)


@dataclass
class Watch:
    """A shelf of pages and a ledger; `look` looks at the column as the plan of that day asks."""

    ledger: Ledger
    shelf: dict[str, str] = field(default_factory=lambda: {URL: FULL})
    at: datetime = FIRST
    status: int = 200
    content_type: str = HTML
    etag: str | None = None
    terms: list[list[str]] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    mark: bytes | None = None

    def job(self, duties: frozenset[str] = frozenset(), articles: int = 0) -> Job:
        given = plan(self.ledger, register(), self.at, None, "column", duties, articles=articles)
        return next(job for job in given if job.subject == KEY)

    def look(self, job: Job | None = None) -> Visit:
        self.read.clear()
        self.asked.clear()
        sighting = asyncio.run(Reading(self).look(job or self.job()))
        self.ledger.record(self.ledger.start_run(1, self.at), sighting)
        visit = self.history().last
        assert visit is not None
        self.at += DAY
        return visit

    def history(self) -> History:
        return self.ledger.histories([KEY], self.at)[KEY]


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    made = Watch(ledger)

    def reading(page: Page, *more: Any) -> ListReading:
        made.read.append(page.url)
        return read_list(page, *more)

    monkeypatch.setattr(columns, "read_list", reading)
    yield made
    ledger.close()


def test_the_same_page_of_a_late_column_is_not_read_again_and_each_look_keeps_its_own_bytes(
    watch: Watch,
) -> None:
    first = watch.look()
    assert (first.newest, watch.read) == (date(2026, 11, 3), [URL])
    assert watch.mark is None
    for _ in range(40):
        later = watch.look()
        assert watch.read == []
    told = {name: getattr(first, name) for name in ("id", "observed_at", "note", "evidence")}
    assert replace(later, **told) == first
    assert later.note == SAME
    kept = [(link.id, link.at) for link in watch.ledger.evidence_links()]
    assert kept == [(n + 1, FIRST + n * DAY) for n in range(41)]
    assert [link.id for link in watch.ledger.evidence_of(later.id)] == [41]
    watch.shelf[URL] = FULL.replace("2026-11-03", "2026-12-28")
    assert (watch.look().newest, watch.read) == (date(2026, 12, 28), [URL])
    assert (watch.look().newest, watch.read) == (date(2026, 12, 28), [])


def test_the_same_page_of_a_column_that_is_alive_is_neither_read_nor_kept_again(
    watch: Watch,
) -> None:
    watch.shelf[URL] = FULL.replace("2026-11-03", "2026-11-19")
    first, later = watch.look(), watch.look()
    assert replace(later, id=first.id, observed_at=first.observed_at, note=first.note) == first
    assert (later.note, watch.read) == (SAME, [])
    assert [link.id for link in watch.ledger.evidence_links()] == [1]


def test_a_304_that_was_not_asked_for_says_nothing_of_a_late_column(watch: Watch) -> None:
    watch.look()
    watch.status = 304
    watch.shelf[URL] = ""
    assert (watch.look().outcome, watch.read) == (Outcome.UNREADABLE, [URL])


def test_a_column_that_is_alive_is_asked_conditionally_and_takes_a_new_mark(watch: Watch) -> None:
    watch.shelf[URL] = FULL.replace("2026-11-03", "2026-11-19")
    watch.etag = '"1"'
    watch.look()
    watch.etag = '"2"'
    assert (watch.look().note, watch.mark) == (SAME, b'"1"')
    assert (watch.look().note, watch.mark) == (SAME, b'"2"')
    watch.status = 304
    assert watch.look().note == "服务器确认页面未变化（304）"
    watch.status = 200
    assert watch.look().note == SAME
    watch.at += 9 * DAY
    assert (watch.look().note, watch.mark) == (SAME, None)


DEPENDING = {
    "days without a year": listing(["11-03", "11-02", "10-28", "10-20"]),
    "days told from today": listing(["3天前", "5天前", "2026-10-28", "2026-10-20"]),
    "a day to come": listing(["2026-11-28", "2026-11-02", "2026-10-28", "2026-10-20"]),
    "a row without a day": listing(["", "2026-11-02", "2026-10-28", "2026-10-20"]),
}


@pytest.mark.parametrize("html", DEPENDING.values(), ids=DEPENDING)
def test_what_another_day_reads_differently_is_read_anew(html: str, watch: Watch) -> None:
    watch.shelf[URL] = html
    for _ in range(3):
        watch.look()
        assert watch.read == [URL]
    assert not watch.job().known


def test_a_list_that_its_service_holds_is_read_anew(watch: Watch) -> None:
    page = Page(URL, (PAGES.parent / "unreadable/list_jpaas.html").read_bytes(), date(2026, 11, 20))
    service = read_list(page).follow
    assert service is not None
    answer = json.dumps({"code": "200", "success": True, "data": {"html": FULL}})
    watch.shelf = {URL: page.body.decode(), service.url: answer}
    for _ in range(2):
        assert watch.look().newest == date(2026, 11, 3)
        assert watch.read == [URL, URL]
    assert watch.job().known is None


def held(watch: Watch, job: Job, answer: Answer) -> Sighting | None:
    key = unchanged.page_key(Reading(watch), job, answer)
    return unchanged.unchanged(job, answer, key)


def test_what_read_it_differently_before_does_not_hold(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.look()
    shown = asyncio.run(Reading(watch).fetch(Request(URL)))
    for other in (
        *({"reader": "rows"}, {"known": None}),
        {"scope": {"scope": "ul"}},
        {"min_items": 2},
        {"url": URL + "#a"},
        {"render": True},
        {"notes": (PAGE,), "asks": {"home": "https://www.example.cn/", "site": "site:portal"}},
        {"notes": (LOOKED,), "asks": {"links_of": "portal"}},
        {"notes": (CHANNEL,)},
    ):
        job = replace(watch.job(), **other)
        assert held(watch, job, shown) is None, other
    assert held(watch, watch.job(), shown) is not None
    html = replace(shown, page=replace(shown.page, content_type="text/html; charset=gbk"))
    assert held(watch, watch.job(), html) is None
    monkeypatch.setattr(unchanged, "_program", lambda: "mended")
    assert held(watch, watch.job(), shown) is None


def listed(watch: Watch) -> list[tuple[datetime, Mapping[str, Any]]]:
    """The last note of the list that is known at each look."""
    found = watch.ledger.observed(watch.at, [KEY], families=(LIST,))
    return [(each.at, each.facts) for each in found.get(KEY, ())]


def test_what_is_noted_of_a_list_is_noted_of_the_same_list_too(watch: Watch) -> None:
    duties = frozenset({"back_dated", "wording"})
    watch.terms = [["wording", "第1号", ""]]
    watch.look()
    watch.look(watch.job(duties))
    assert watch.read == [URL]
    ((_, facts),) = listed(watch)
    assert [text["since"] for text in facts["marked"]] == ["2026-11-21"]
    watch.look(watch.job(duties))
    assert watch.read == []
    assert listed(watch) == [(watch.at - DAY, facts)]
    watch.terms = [["wording", "第2号", ""]]
    watch.look(watch.job(duties))
    assert watch.read == [URL]
    assert listed(watch)[0][1]["marked"] != facts["marked"]


def test_a_list_whose_articles_are_to_be_read_is_read(watch: Watch) -> None:
    duties = frozenset({"wording"})
    watch.look(watch.job(duties))
    watch.look(watch.job(duties, articles=30))
    assert watch.read == [URL]
    assert watch.asked == [URL, *(f"https://www.example.cn/art/{n}.html" for n in range(3))]


def test_lists_that_settle_are_read_the_same_on_any_later_day() -> None:
    settling = 0
    for file in sorted(PAGES.glob("list_*.html")):
        told = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        today = date.fromisoformat(told["today"])
        page = Page(told["url"], file.read_bytes(), today)
        reading = read_list(page)
        if not _settled(page, reading):
            continue
        settling += 1
        for days in (1, 45, 400):
            later = read_list(replace(page, today=today + timedelta(days=days)))
            assert (later.items, later.outcome) == (reading.items, reading.outcome), file.name
    assert settling >= 30


def _settled(page: Page, reading: ListReading) -> bool:
    at = datetime.combine(page.today, time(10), SHANGHAI)
    capture = Capture(page.url, at, 200, {}, page.body)
    seen = Sighting(
        KEY,
        at,
        reading.outcome,
        page.url,
        reader=reading.reader,
        items=reading.items,
        unresolved=reading.unresolved,
        captures=(capture,),
    )
    answer = Answer(page, capture, None, None, None)
    return reading.follow is None and settled(Job(KEY, page.url), seen, answer)
