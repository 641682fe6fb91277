"""Which links are looked at on which day, which columns are read for links, what is noted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from checks.facts import Outcome
from checks.links import (
    FAMILY,
    LOOKED,
    SAME,
    LinkedPage,
    LinkKind,
    LinkLook,
    LinkState,
    PageLink,
    as_facts,
)
from crawler.jobs import Job
from crawler.linked import page_note, with_links
from crawler.links_settings import LinksSection
from crawler.readers.page import Page
from crawler.run import plan
from crawler.tasks.links import due_links
from storage.inventory import Inventory, validate
from storage.ledger import Ledger, LookedAt, Note, Noticed

HOME = "https://www.shili.gov.cn/"
DUTIES = frozenset({LOOKED})
DAY = timedelta(days=1)
MORNING = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)  # 08:30 in Asia/Shanghai
SECTION = LinksSection(per_site_per_day=8, reuse_days=7)


def link(name: str, host: str = "www.shili.gov.cn") -> PageLink:
    return PageLink(f"https://{host}/{name}.html", LinkKind.PAGE, name)


def look(name: str, days_ago: int, state: LinkState = LinkState.OK) -> LinkLook:
    return LinkLook(link(name).url, MORNING - days_ago * DAY, state)


def register(*sites: str, columns: int = 0) -> Inventory:
    unit = {"id": "zfb", "name": "市政府办公室", "kind": "department", "emails": []}
    rows = [
        {"id": each, "name": each, "home": f"https://{each}.shili.gov.cn/", "unit": "zfb"}
        for each in sites or ("www",)
    ]
    lists = [
        {
            "id": f"c{at}",
            "site": "www",
            "name": f"栏目{at}",
            "url": f"{HOME}c{at}/",
            "class": "news",
            "unit": "zfb",
        }
        for at in range(columns)
    ]
    return validate({"unit": [unit], "site": rows, "column": lists}, "register")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    yield opened
    opened.close()


def note_page(
    ledger: Ledger, *links: PageLink, site: str = "www", url: str = HOME, days_ago: int = 0
) -> None:
    note = Note(FAMILY, url, Outcome.OK, as_facts(links))
    ledger.observe(None, Noticed(f"site:{site}", MORNING - days_ago * DAY, (note,)))


def jobs(ledger: Ledger, at: datetime = MORNING, *sites: str) -> list[Job]:
    found = plan(ledger, register(*sites), at, duties=DUTIES, links=SECTION)
    return [job for job in found if job.task]


def targets(job: Job) -> list[str]:
    return [url for url, _, _ in job.asks["targets"]]


def test_a_link_never_looked_at_comes_before_the_oldest() -> None:
    page = LinkedPage(HOME, MORNING, (link("old"), link("older"), link("new"), link("lately")))
    looks = {each.url: (each,) for each in (look("old", 7), look("older", 9), look("lately", 6))}
    due = due_links([page], looks, MORNING, SECTION)
    assert due == [link("new"), link("older"), link("old")]


@pytest.mark.parametrize("state", [LinkState.DEAD, LinkState.SOFT_DEAD, LinkState.UNREACHABLE])
def test_what_could_not_be_opened_is_due_the_next_day_and_not_before(state: LinkState) -> None:
    page = LinkedPage(HOME, MORNING, (link("bad"),))
    today = look("bad", 0, state)
    assert due_links([page], {today.url: (today,)}, MORNING, SECTION) == []
    assert due_links([page], {today.url: (today,)}, MORNING + DAY, SECTION) == [link("bad")]


@pytest.mark.parametrize("state", [LinkState.OK, LinkState.WALL, LinkState.UNKNOWN])
def test_what_was_good_or_says_nothing_is_due_after_a_week(state: LinkState) -> None:
    page = LinkedPage(HOME, MORNING, (link("good"),))
    looks = {link("good").url: (look("good", 0, state),)}
    assert due_links([page], looks, MORNING + 6 * DAY, SECTION) == []
    assert due_links([page], looks, MORNING + 7 * DAY, SECTION) == [link("good")]


def test_links_in_doubt_come_first_but_take_a_quarter_of_the_day() -> None:
    names = ("bad1", "bad2", "bad3")
    page = LinkedPage(HOME, MORNING, (*map(link, names), link("new")))
    looks = {each.url: (each,) for each in (look(name, 1, LinkState.DEAD) for name in names)}
    due = due_links([page], looks, MORNING, SECTION)
    assert due == [link("bad1"), link("bad2"), link("new"), link("bad3")]


def test_without_the_duty_or_with_the_number_zero_there_is_no_job(ledger: Ledger) -> None:
    note_page(ledger, link("a"))
    assert plan(ledger, register(), MORNING) == plan(
        ledger, register(), MORNING, links=LinksSection(per_site_per_day=0)
    )
    none = LinksSection(per_site_per_day=0)
    found = plan(ledger, register(), MORNING, duties=DUTIES, links=none)
    assert [job for job in found if job.task] == []


def test_a_site_has_its_number_of_links_a_day_and_what_was_looked_at_counts(
    ledger: Ledger,
) -> None:
    note_page(ledger, *(link(f"p{n}", f"h{n}.example.cn") for n in range(20)))
    assert len(jobs(ledger)) == 8
    ledger.record_links(
        [LookedAt(("www",), LinkLook(link("x").url, MORNING, LinkState.OK)) for _ in range(3)]
    )
    assert len(jobs(ledger)) == 5
    assert len(jobs(ledger, MORNING + DAY)) == 8


def test_a_host_has_one_job_and_a_target_that_two_sites_share_is_asked_once(
    ledger: Ledger,
) -> None:
    shared, other = link("a", "www.example.cn"), link("b", "www.example.cn")
    note_page(ledger, shared)
    note_page(ledger, shared, other, site="jyj", url="https://jyj.shili.gov.cn/")
    (job,) = jobs(ledger, MORNING, "www", "jyj")
    assert job.asks["targets"] == [
        [shared.url, "page", ["www", "jyj"]],
        [other.url, "page", ["jyj"]],
    ]


def test_a_page_that_holds_a_link_in_trouble_is_opened_again_the_next_day(ledger: Ledger) -> None:
    article = f"{HOME}zwgk/1.html"
    note_page(ledger, link("bad"), url=article, days_ago=1)
    note_page(ledger, link("good"), url=f"{HOME}zwgk/2.html", days_ago=1)
    ledger.record_links([LookedAt(("www",), look("bad", 1, LinkState.DEAD))])
    (job,) = jobs(ledger)
    assert job.asks["pages"] == [["www", article]]
    assert job.asks["broken"] == [link("bad").url]


def test_a_host_with_a_link_that_was_good_is_known_to_answer(ledger: Ledger) -> None:
    note_page(ledger, link("a"), link("b"), link("c", "www.example.cn"))
    ledger.record_links([LookedAt(("www",), look("a", 1))])
    assert {job.url: job.asks["answers"] for job in jobs(ledger)} == {
        HOME: True,
        "https://www.example.cn/": False,
    }


def test_only_names_outside_are_witnesses(ledger: Ledger) -> None:
    note_page(ledger, link("a"), link("b", "192.0.2.1"), link("c", "www.example.cn"))
    assert {tuple(job.asks["witnesses"]) for job in jobs(ledger)} == {("www.example.cn",)}


def test_columns_take_turns_day_by_day() -> None:
    visits = [Job(f"column:c{at}", f"{HOME}c{at}/") for at in range(7)]
    visits.append(Job("site:www", HOME))
    days = [date(2026, 11, 20) + n * DAY for n in range(4)]
    turns = [with_links(visits, register(columns=7), day, DUTIES, 2) for day in days]
    marked = [{job.subject for job in turn if job.notes} for turn in turns]
    assert all("site:www" in each and len(each) == 3 for each in marked)
    assert set().union(*marked) == {job.subject for job in visits}


def html(*names: str) -> Page:
    rows = "".join(f"<li><a href='/{name}.html'>{name}</a></li>" for name in names)
    body = f"<!-- synthetic --><html><body><ul>{rows}</ul></body></html>".encode()
    return Page(HOME, body, date(2026, 11, 20), content_type="text/html")


def test_a_page_is_noted_in_full_only_when_its_links_changed(ledger: Ledger) -> None:
    for at, (names, family) in enumerate(
        [("ab", FAMILY), ("ab", SAME), ("ac", FAMILY), ("ac", SAME), ("ab", FAMILY)]
    ):
        (note,) = page_note(ledger, "www", html(*names), None)
        assert note.family == family
        when = MORNING + at * DAY
        ledger.observe(None, Noticed("column:c0", when, (note,)))
        (page,) = ledger.linked_pages("www", when)
        assert (page.url, page.at) == (HOME, when)
        assert [each.text for each in page.links] == [*names]


def test_of_a_page_that_was_not_seen_nothing_is_noted(ledger: Ledger) -> None:
    blocked = Page(HOME, b"<!-- synthetic --><a href=/a.html>a</a>", date(2026, 11, 20), 403)
    assert page_note(ledger, "www", blocked, None) == []
    assert page_note(ledger, "www", html(), None) == []


def test_a_page_that_is_gone_holds_no_links_and_the_past_still_has_them(ledger: Ledger) -> None:
    note_page(ledger, link("a"), days_ago=1)
    gone = Note(FAMILY, HOME, Outcome.GONE)
    ledger.observe(None, Noticed("site:www", MORNING, (gone,)))
    assert ledger.linked_pages("www", MORNING) == ()
    (before,) = ledger.linked_pages("www", MORNING - DAY)
    assert before.links == (link("a"),)


def test_looks_are_those_since_a_link_was_good_and_as_of_any_day(ledger: Ledger) -> None:
    history = [
        look("a", 5, LinkState.DEAD),
        look("a", 4),
        look("a", 3, LinkState.DEAD),
        look("a", 2, LinkState.UNREACHABLE),
        look("b", 2, LinkState.DEAD),
        look("b", 1),
    ]
    ledger.record_links([LookedAt(("www",), each) for each in history])
    found = ledger.link_looks("www", MORNING)
    assert found[link("a").url] == (history[3], history[2])
    assert found[link("b").url] == (history[5],)
    assert ledger.link_looks("www", MORNING - 4 * DAY)[link("a").url] == (history[1],)
    assert ledger.link_looks("jyj", MORNING) == {}
