"""Notes of lists and articles: which are opened, what is kept, and what a failure costs.

All pages, names and numbers are synthetic.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from sqlmodel import Session, col, select

from checks.facts import Outcome
from checks.flags import answer_repost
from checks.freshness import local_day
from checks.marks import MarkKind, Term
from checks.owed import Case
from checks.rules import pack_texts, read_pack
from checks.texts import BODY, FROM_LISTS, FROM_TEXTS, LIST, TEXT, body_subject
from checks.verdicts import DutyState
from crawler.jobs import Job
from crawler.notes.texts import TERMS as TEXT_TERMS
from crawler.notes.texts import term_rows
from crawler.notes.turns import EACH, with_texts
from crawler.readers.page import Page
from crawler.run import plan
from crawler.spiders.base import Answer, LookFailedError
from crawler.spiders.columns import ColumnSpider
from storage.clock import now
from storage.evidence import Capture
from storage.inventory import Inventory, read_toml
from storage.ledger import Ledger, Note, Noticed
from storage.tables import ObservationRow

HOST = "https://www.example.gov.cn"
MOBILE = "13800138000"
ALL = frozenset(FROM_LISTS | FROM_TEXTS)
TERMS = (Term(MarkKind.WORDING, "示例错词", "请改为“示例正词”。"),)
LONG = "现将示例工作的有关事项通知如下，请认真贯彻落实。" * 12


def day(back: int) -> date:
    return local_day(now()) - timedelta(days=back)


def listing(rows: Sequence[tuple[str, str, int | None]]) -> str:
    """A list of (path, title, age in days; None: the article alone says its day)."""
    shown = "".join(
        f"<li><a href='{path}'>{title}</a>"
        f"{'' if back is None else f'<span>{day(back)}</span>'}</li>"
        for path, title, back in rows
    )
    return f"<html><!-- synthetic --><body><h2>通知公告</h2><ul>{shown}</ul></body></html>"


def article(title: str, text: str, back: int = 1) -> str:
    return (
        f"<html><!-- synthetic --><head><title>{title}</title></head><body><h1>{title}</h1>"
        f"<p>发布日期：{day(back)}</p><p>{text}</p><p>{LONG}</p><p>上一篇：没有了</p></body></html>"
    )


def title(n: int) -> str:
    return f"关于做好第{n}号示例工作的通知"


def rows(first: int, last: int) -> list[tuple[str, str, int | None]]:
    return [(f"/{n}.html", title(n), n) for n in range(first, last)]


def register(columns: int = 1, sites: int = 1) -> Inventory:
    text = '[[unit]]\nid = "u"\nname = "政府办"\nkind = "department"\nemails = []\n'
    for s in range(sites):
        text += f'[[site]]\nid = "s{s}"\nname = "网站{s}"\nhome = "{HOST}/"\nunit = "u"\n'
        for c in range(columns):
            text += (
                f'[[column]]\nid = "s{s}c{c}"\nsite = "s{s}"\nname = "栏目{c}"\nunit = "u"\n'
                f'url = "{HOST}/list{c}.html"\nclass = "notice"\n'
            )
    return read_toml(text, "test")


class Reading(ColumnSpider):
    """Looks at columns as always, but fetches from a shelf of pages, where an outcome fails."""

    def __init__(self, shelf: Mapping[str, str | Outcome], ledger: Ledger) -> None:
        super().__init__([], ledger, 0)
        self.shelf = shelf
        self.asked: list[str] = []
        self.crawler = SimpleNamespace(settings={TEXT_TERMS: term_rows(TERMS)})  # type: ignore[assignment]

    async def fetch(self, request: Request) -> Answer:
        path = request.url.removeprefix(HOST)
        self.asked.append(path)
        held = self.shelf.get(path, Outcome.GONE)
        if isinstance(held, Outcome):
            raise LookFailedError(held, "示例")
        at, body = now(), held.encode()
        seen = Page(request.url, body, local_day(at))
        return Answer(seen, Capture(request.url, at, 200, {}, body), 1, None, None)


@dataclass
class Watch:
    """A shelf of pages and a ledger; `look` looks at the columns once, as a run does."""

    ledger: Ledger
    register: Inventory
    shelf: dict[str, str | Outcome] = field(default_factory=dict)

    def put(self, pages: Mapping[str, str | Outcome]) -> None:
        self.shelf |= pages

    def look(self, duties: frozenset[str] = ALL, articles: int = 30) -> list[str]:
        """Which pages did this look ask for?"""
        asked = []
        for job in plan(
            self.ledger, self.register, now(), None, "column", duties, articles=articles
        ):
            spider = Reading(self.shelf, self.ledger)
            sighting = asyncio.run(spider.look(job))
            self.ledger.record(self.ledger.start_run(1, now()), sighting)
            asked += spider.asked
        return asked

    def notes(self, family: str) -> list[ObservationRow]:
        with Session(self.ledger.engine) as session:
            found = select(ObservationRow).where(ObservationRow.family == family)
            return list(session.exec(found.order_by(col(ObservationRow.id))))

    def texts(self) -> dict[str, dict[str, Any]]:
        return {row.key.removeprefix(HOST): row.facts for row in self.notes(TEXT)}


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    inventory = register()
    ledger.load_inventory(inventory, now())
    yield Watch(ledger, inventory)
    ledger.close()


def articles(last: int, text: str = "") -> dict[str, str | Outcome]:
    return {f"/{n}.html": article(title(n), text, n) for n in range(1, last + 1)}


def test_the_list_and_its_newest_articles_are_noted(watch: Watch) -> None:
    watch.put({"/list0.html": listing(rows(1, 11)), **articles(3)})
    watch.put({"/2.html": article(title(2), "示例错词。", 2)})
    assert watch.look() == ["/list0.html", "/1.html", "/2.html", "/3.html"]
    (noted,) = watch.notes(LIST)
    assert (noted.subject, noted.key, noted.facts["rows"]) == ("column:s0c0", "", 10)
    assert noted.facts["down_to"] == str(day(10))
    assert noted.facts["kinds"] == ["identity", "mobile", "wording"]
    assert list(watch.texts()) == ["/1.html", "/2.html", "/3.html"]
    marked = watch.texts()["/2.html"]
    assert marked["marks"][0]["shown"] == "示例错词"
    assert (marked["published_on"], marked["since"]) == (str(day(2)), str(day(0)))
    bodies = watch.notes(BODY)
    assert [row.subject for row in bodies] == [
        body_subject(facts["body_hash"]) for facts in watch.texts().values()
    ]
    assert all(row.evidence_id is not None for row in watch.notes(TEXT))
    assert LONG not in json.dumps(list(watch.texts().values()), ensure_ascii=False)


def test_without_a_duty_about_texts_nothing_is_opened_or_noted(watch: Watch) -> None:
    watch.put({"/list0.html": listing(rows(1, 11))})
    assert watch.look(frozenset({"tls"})) == ["/list0.html"]
    assert watch.notes(LIST) == watch.notes(TEXT) == []
    assert watch.look(FROM_LISTS) == ["/list0.html"]
    assert (len(watch.notes(LIST)), watch.notes(TEXT)) == (1, [])
    assert watch.look(articles=0) == ["/list0.html"]


def test_an_article_is_read_once_and_the_next_ones_on_the_next_look(watch: Watch) -> None:
    watch.put({"/list0.html": listing(rows(1, 9)), **articles(8)})
    assert watch.look() == ["/list0.html", "/1.html", "/2.html", "/3.html"]
    assert watch.look() == ["/list0.html", "/4.html", "/5.html", "/6.html"]
    assert watch.look() == ["/list0.html", "/7.html", "/8.html"]
    assert watch.look() == ["/list0.html"]


def test_a_day_has_its_number_of_articles(watch: Watch) -> None:
    watch.put({"/list0.html": listing(rows(1, 9)), **articles(8)})
    assert len(watch.look(articles=4)) == 1 + EACH
    assert len(watch.look(articles=4)) == 1 + 1
    assert len(watch.look(articles=4)) == 1


def test_an_article_with_a_mark_is_read_again_until_it_is_clean(watch: Watch) -> None:
    watch.put({"/list0.html": listing(rows(1, 3)), **articles(2)})
    watch.put({"/1.html": article(title(1), "示例错词。")})
    assert watch.look() == ["/list0.html", "/1.html", "/2.html"]
    assert watch.look() == ["/list0.html", "/1.html"]
    watch.put({"/1.html": Outcome.UNREACHABLE})
    assert watch.look() == ["/list0.html", "/1.html"]
    assert watch.texts()["/1.html"]["marks"]  # not seen: what was found stands
    watch.put({"/1.html": article(title(1), "示例正词。")})
    assert watch.look() == ["/list0.html", "/1.html"]
    assert watch.texts()["/1.html"]["marks"] == []
    assert watch.look() == ["/list0.html"]


def test_articles_with_marks_do_not_keep_new_ones_from_being_read(watch: Watch) -> None:
    watch.put({"/list0.html": listing(rows(1, 9)), **articles(8, "示例错词。")})
    assert watch.look() == ["/list0.html", "/1.html", "/2.html", "/3.html"]
    assert watch.look() == ["/list0.html", "/1.html", "/4.html", "/5.html"]
    assert watch.look() == ["/list0.html", "/2.html", "/6.html", "/7.html"]
    assert watch.look() == ["/list0.html", "/3.html", "/8.html", "/1.html"]


def test_the_day_on_which_a_mark_was_first_seen_is_kept(watch: Watch) -> None:
    watch.put({"/list0.html": listing([("/1.html", f"示例错词{title(1)}", 1), *rows(2, 9)])})
    watch.put({"/1.html": article(f"示例错词{title(1)}", "")})
    before = str(day(5))
    (job,) = plan(watch.ledger, watch.register, now(), None, "column", ALL, articles=30)
    since = {LIST: {f"{HOST}/1.html": before}, TEXT: {f"{HOST}/1.html": before}}
    asks = {"text": {**job.asks["text"], "since": since}}
    sighting = asyncio.run(Reading(watch.shelf, watch.ledger).look(replace(job, asks=asks)))
    facts = {note.family: note.facts for note in sighting.notes if note.family in (LIST, TEXT)}
    assert facts[LIST]["marked"][0]["since"] == before
    first = next(note for note in sighting.notes if note.family == TEXT)
    assert first.facts["since"] == before


def test_an_article_that_is_gone_or_refused_is_noted_as_such(watch: Watch) -> None:
    watch.put({"/list0.html": listing(rows(1, 3)), "/2.html": Outcome.BLOCKED})
    watch.look()
    found = {row.key.rpartition("/")[2]: row.outcome for row in watch.notes(TEXT)}
    assert found == {"1.html": Outcome.GONE, "2.html": Outcome.BLOCKED}
    assert watch.notes(BODY) == []
    last = watch.ledger.histories(["column:s0c0"], now())["column:s0c0"].last
    assert last is not None
    assert last.outcome is Outcome.OK
    assert watch.look() == ["/list0.html"]  # not asked again and again


def test_articles_opened_for_their_dates_are_noted_without_another_request(watch: Watch) -> None:
    paths = [f"/art/{n}.html" for n in range(1, 11)]
    watch.put({"/list0.html": listing([(p, title(n), None) for n, p in enumerate(paths, 1)])})
    watch.put({p: article(title(n), MOBILE, n) for n, p in enumerate(paths, 1)})
    assert watch.look(articles=0) == ["/list0.html", *paths[:5]]
    texts = list(watch.texts().values())
    assert [facts["marks"][0]["shown"] for facts in texts] == ["13*******00"] * 5
    assert [facts["published_on"] for facts in texts] == [str(day(n)) for n in range(1, 6)]


def test_files_and_other_hosts_are_not_opened(watch: Watch) -> None:
    other = [
        ("/1.pdf", title(1), 1),
        ("https://www.example.com/2.html", title(2), 2),
        ("/3.html", title(3), 3),
    ]
    watch.put({"/list0.html": listing(other), **articles(3)})
    assert watch.look() == ["/list0.html", "/3.html"]


def test_an_empty_column_is_noted_as_showing_everything(watch: Watch) -> None:
    nothing = "<h2>通知公告</h2><p>暂无内容</p>"
    watch.put({"/list0.html": f"<html><!-- synthetic --><body>{nothing}</body></html>"})
    watch.look()
    (noted,) = watch.notes(LIST)
    assert (noted.facts["rows"], noted.facts["down_to"]) == (0, str(date.min))


@pytest.mark.parametrize("held", [Outcome.BLOCKED, Outcome.UNREACHABLE])
def test_a_list_that_was_not_seen_has_no_note(watch: Watch, held: Outcome) -> None:
    watch.put({"/list0.html": held})
    (job,) = plan(watch.ledger, watch.register, now(), None, "column", ALL, articles=30)
    with pytest.raises(LookFailedError):
        asyncio.run(Reading(watch.shelf, watch.ledger).look(job))


def test_a_fault_of_ours_costs_the_notes_and_not_the_visit(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("crawler.notes.texts.read_body", fails)
    watch.put({"/list0.html": listing(rows(1, 9)), **articles(8)})
    watch.look()
    last = watch.ledger.histories(["column:s0c0"], now())["column:s0c0"].last
    assert last is not None
    assert (last.outcome, last.newest) == (Outcome.OK, day(1))
    assert watch.notes(LIST) == []


def test_an_old_text_put_up_elsewhere_under_a_new_day_is_found(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    inventory = register(columns=2)
    ledger.load_inventory(inventory, now())
    watch = Watch(ledger, inventory)
    same = title(60)
    watch.put({"/list0.html": listing([("/60.html", same, 60), *rows(61, 70)])})
    watch.put({"/list1.html": listing(rows(1, 9)), "/60.html": article(same, "正文。" * 60, 60)})
    watch.look()
    watch.put({"/list1.html": listing([("/new.html", same, 0), *rows(1, 9)])})
    watch.put({"/new.html": article(same, "正文。" * 60, 0)})
    watch.look()
    keys = ["column:s0c0", "column:s0c1"]
    observed = ledger.observed(now(), keys)
    found = ledger.sightings(now(), now() - timedelta(days=31), observed, 3)
    pack = read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml")
    (duty,) = (duty for duty in pack.duties if duty.about == "repost")
    told = {}
    for subject in ledger.subjects():
        if subject.key in keys:
            looks, held = observed[subject.key], found[subject.key]
            case = Case(subject, day(0), looks, rows=held)
            told[subject.key] = answer_repost(case, duty)
    assert [told[key].state for key in keys] == [DutyState.MET, DutyState.UNMET]
    (line,) = told[keys[1]].faults
    assert f"“{same}”（{HOST}/new.html）：内容与{day(60)}的信息相同" in line
    assert f"此前的信息：“{same}”（{HOST}/60.html）" in line
    ledger.close()


# Turns


def jobs(columns: int, sites: int = 1) -> tuple[Inventory, list[Job]]:
    inventory = register(columns, sites)
    return inventory, [Job(f"column:{row['id']}", row["url"]) for row in inventory["column"]]


def turns(ledger: Ledger, columns: int, articles: int, sites: int = 1, back: int = 0) -> list[str]:
    inventory, asked = jobs(columns, sites)
    at = now() - timedelta(days=back)
    planned = with_texts(asked, ledger, inventory, at, ALL, articles)
    assert all(job.notes == ("text",) for job in planned)
    assert all(job.requests == 1 + job.asks["text"]["most"] for job in planned)
    return [
        f"{job.subject.removeprefix('column:')}:{job.asks['text']['most']}"
        for job in planned
        if job.asks["text"]["most"]
    ]


def test_columns_take_turns_within_the_number_of_their_site(watch: Watch) -> None:
    days = [turns(watch.ledger, 5, 6, back=back) for back in range(5)]
    assert all(len(each) == 2 for each in days)
    assert {name for each in days for name in each} == {f"s0c{n}:3" for n in range(5)}
    assert turns(watch.ledger, 5, 6) == days[0]


def test_each_site_has_its_own_number_and_the_rest_goes_to_the_next_column(watch: Watch) -> None:
    given = turns(watch.ledger, 3, 4, sites=2)
    for number in range(2):
        mine = sorted(name[-1] for name in given if name.startswith(f"s{number}"))
        assert mine == ["1", "3"]


def test_a_column_with_a_mark_comes_first_on_every_day(watch: Watch) -> None:
    marks = [{"kind": "mobile", "shown": "13*******00", "advice": "", "around": ""}]
    facts = {
        "title": "示例", "url": "http://x/1", "since": str(day(3)), "marks": marks,
        "published_on": None, "body_hash": None, "chars": 1, "kinds": [],
    }  # fmt: skip
    note = Note(TEXT, "http://x/1", Outcome.OK, facts)
    watch.ledger.observe(None, Noticed("column:s0c3", now() - timedelta(days=3), (note,)))
    for back in range(3):
        assert turns(watch.ledger, 5, 3, back=back) == ["s0c3:3"]
        assert len(turns(watch.ledger, 5, 6, back=back)) == 2
    assert {turns(watch.ledger, 5, 6, back=back)[0] for back in range(5)} >= {"s0c0:3", "s0c1:3"}


def test_what_is_not_asked_for_leaves_the_jobs_as_they_were(watch: Watch) -> None:
    inventory, asked = jobs(2)
    assert with_texts(asked, watch.ledger, inventory, now(), frozenset({"mark"}), 30) == asked
    site = Job("site:s0", "http://127.0.0.1:1/")
    planned = with_texts([site, *asked], watch.ledger, inventory, now(), ALL, 30)
    assert planned[0] == site
