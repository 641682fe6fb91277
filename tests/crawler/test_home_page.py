"""Home pages on a loopback server: the newest dated link, and what bears no day. All synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from checks.facts import DateSource, Item, Observed, Outcome, Visit
from checks.freshness import local_day
from checks.homes import FAMILY, undated_of
from crawler.readers.home import MOST_ITEMS, MOST_LINKS, HomeReading, read_home_page
from crawler.readers.page import Page
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import validate
from storage.ledger import Ledger, Sighting
from tests.crawler.server import Answer, Server, page, serving

TODAY = date(2026, 11, 22)
BASE = "http://www.example.gov.cn/"
TITLE = "市政府召开第{}次常务会议研究部署重点工作"


def dated(number: int, on: date) -> str:
    title = TITLE.format(number)
    return f"<li><a href='/art/2026/{number}.html'>{title}</a><span>{on}</span></li>"


def bare(number: int) -> str:
    return f"<li><a href='/art/2026/{number}.html'>{TITLE.format(number)}</a></li>"


def block(name: str, *rows: str) -> str:
    return f"<div class='block'><h3>{name}</h3><ul>{''.join(rows)}</ul></div>"


def home(*parts: str, above: str = "", below: str = "") -> str:
    menu = "".join(f"<li><a href='/col/{n}/'>{n}</a></li>" for n in ("新闻", "公开", "服务"))
    return (
        "<!-- synthetic --><html><head><title>示例市人民政府</title></head><body>"
        f"<div class='nav'><ul><li><a href='/'>首页</a></li>{menu}</ul></div>{above}"
        f"{''.join(parts)}<div class='footer'><a href='/about/'>关于本站的说明与联系方式一览</a>"
        f"<a href='http://www.gov.cn/'>中华人民共和国中央人民政府</a>{below}</div></body></html>"
    )


def read(html: str, today: date = TODAY) -> HomeReading:
    return read_home_page(Page(BASE, html.encode(), today))


def news(*days: int) -> str:
    rows = [dated(n, TODAY - timedelta(n)) for n in days]
    return block("政务动态", *rows)


# The reader


def test_the_newest_dated_link_of_all_blocks_comes_first() -> None:
    reading = read(home(news(9, 8, 7), block("公告", dated(91, date(2026, 11, 20)))))
    assert [str(item.published_on) for item in reading.items] == [
        "2026-11-20", "2026-11-15", "2026-11-14", "2026-11-13",
    ]  # fmt: skip
    assert (reading.untold, reading.doubt) == ((), "")


def test_a_banner_with_today_s_date_a_deadline_and_a_day_ahead_are_no_updates() -> None:
    banner = "<div class='top'>今天是2026年11月22日 星期日</div>"
    ahead = dated(92, date(2026, 12, 5))
    deadline = (
        "<div class='ask'><a href='/col/ask/'>意见征集</a><span>截止日期：2026-11-22</span></div>"
    )
    reading = read(home(news(9, 8, 7), block("公告", ahead), above=banner, below=deadline))
    assert str(reading.items[0].published_on) == "2026-11-15"
    assert len(reading.items) == 3


def test_only_the_newest_thirty_are_told() -> None:
    reading = read(home(news(*range(1, 60))))
    assert len(reading.items) == MOST_ITEMS == 30
    assert str(reading.items[-1].published_on) == "2026-10-23"


def test_menus_footers_and_other_sites_are_no_news_and_links_without_a_day_are_told() -> None:
    picture = "<a href='/art/2026/77.html'><img src='/77.jpg'></a>"
    reading = read(home(news(9, 8, 7), block("要闻", bare(71), bare(72)), above=picture))
    assert [link.url for link in reading.untold] == [
        f"{BASE}art/2026/{n}.html" for n in (77, 71, 72)
    ]


def test_a_link_that_stands_elsewhere_with_its_day_is_told_once_with_it() -> None:
    assert read(home(news(9, 8, 7), block("头条", bare(7)))).untold == ()


def test_a_long_title_is_news_wherever_it_leads_on_this_site() -> None:
    link = "<p><a href='/special/bridge/'>全市重大工程建设推进会召开</a></p>"
    away = "<p><a href='http://other.cn/special/'>全市重大工程建设推进会召开</a></p>"
    reading = read(home(news(9, 8, 7), above=link + away))
    assert [link.url for link in reading.untold] == [f"{BASE}special/bridge/"]


def test_a_home_page_without_any_day_has_none() -> None:
    reading = read(home(block("要闻", bare(71), bare(72), bare(73))))
    assert (reading.items, len(reading.untold)) == ((), 3)
    assert reading.why


@pytest.mark.parametrize(
    "part",
    [
        "<ul id='zwdt'></ul>",
        "<ul><li v-for='x in list'><a :href='x.url'>x</a></li></ul>",
        "<div>{{ item.title }}</div>",
        "<script type='text/xml'><datastore><nextgroup></nextgroup></datastore></script>",
        "<script type='text/xml'><recordset><record></record></recordset></script>",
        "<script>$.get('/jpage/dataproxy.jsp', {columnid: 7})</script>",
    ],
)
def test_a_block_that_a_script_is_to_fill_is_a_doubt(part: str) -> None:
    assert read(home(news(9, 8, 7), part)).doubt == "首页部分内容由脚本载入"


@pytest.mark.parametrize(
    ("frame", "doubt"),
    [
        ("<iframe src='/col/news.html'></iframe>", "首页部分内容在另一框架页中"),
        ("<frameset><frame src=main.html></frameset>", "首页部分内容在另一框架页中"),
        ("<iframe src='https://weather.example.cn/'></iframe>", ""),
        ("<iframe src='about:blank'></iframe>", ""),
    ],
)
def test_a_part_of_the_page_that_lies_in_a_frame_of_this_site_is_a_doubt(
    frame: str, doubt: str
) -> None:
    assert read(home(news(9, 8, 7), frame)).doubt == doubt


def test_a_page_a_browser_has_shown_is_complete() -> None:
    html = home(news(9, 8, 7), "<ul id='zwdt'></ul>").encode()
    assert read_home_page(Page(BASE, html, TODAY, rendered=True)).doubt == ""


def test_more_links_than_anybody_counts_are_a_doubt() -> None:
    reading = read(home(news(9, 8, 7), *(bare(n) for n in range(1000, 1000 + MOST_LINKS + 1))))
    assert (len(reading.untold), reading.doubt) == (500, "首页未标日期的链接超过500条")


@pytest.mark.parametrize(
    "html",
    ["", "{}", "<a href='http://[::1'>坏的地址坏的地址坏的地址</a>", "<div>" * 6000, "\0" * 99],
)
def test_no_page_is_too_bad_to_be_told(html: str) -> None:
    assert read(html).items == ()


# The spider


NAMES = ("fresh", "bare", "known", "nothing", "script", "down")


def first_day(today: date) -> dict[str, Answer]:
    old = [dated(n, today - timedelta(20 + n)) for n in range(4)]
    return {
        "/fresh/": page(home(block("动态", *(dated(n, today - timedelta(n)) for n in range(4))))),
        "/bare/": page(home(block("动态", *old), block("要闻", bare(71), bare(72)))),
        "/known/": page(home(block("动态", *old), block("要闻", bare(81), bare(82), bare(83)))),
        "/nothing/": page(home(block("要闻", bare(71), bare(72)))),
        "/script/": page(home(block("动态", *old), "<ul id='zwdt'></ul>")),
        "/down/": page("<html><!-- synthetic --><p>网站正在升级维护中</p></html>"),
    }


def second_day(today: date) -> dict[str, Answer]:
    old = [dated(n, today - timedelta(20 + n)) for n in range(4)]
    return {"/bare/": page(home(block("动态", *old), block("要闻", bare(72), bare(73))))}


@dataclass(frozen=True)
class Look:
    """What the ledger holds after one crawl, and what was asked for."""

    visits: dict[str, Visit]
    notes: dict[str, Observed]
    asked: list[str]
    day: date


def register(base: str) -> dict[str, object]:
    unit = {"id": "u", "name": "办公室"}
    column = {"site": "known", "name": "动态", "class": "news", "unit": "u"}
    return {
        "unit": [unit],
        "site": [{"id": n, "name": n, "home": f"{base}/{n}/", "unit": "u"} for n in NAMES],
        "column": [
            {**column, "id": "list", "url": f"{base}/list/"},
            {**column, "id": "entry", "url": f"{base}/entry/", "redirect_to": "list"},
        ],
    }


def look(server: Server, ledger: Ledger) -> Look:
    server.seen.clear()
    inventory = validate(register(server.url), "test")
    section = CrawlSection(
        delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.0.1/32",)
    )
    crawl(ledger, plan(ledger, inventory, now(), only="site"), section)
    keys = [f"site:{name}" for name in NAMES]
    histories = ledger.histories(keys, now())
    observed = ledger.observed(now(), keys)
    return Look(
        {key[5:]: told.last for key, told in histories.items() if told.last},
        {key[5:]: each for key in keys for each in observed.get(key, ()) if each.family == FAMILY},
        [path for path, _ in server.seen],
        local_day(now()),
    )


def column_items(server: Server, ledger: Ledger, today: date) -> None:
    """The column's list was read before: two of its items are on the home page, one misdated."""
    days = {81: today - timedelta(5), 82: today - timedelta(9), 83: today + timedelta(9)}
    items = tuple(
        Item(TITLE.format(n), f"{server.url}/art/2026/{n}.html", on, str(on), DateSource.LIST)
        for n, on in days.items()
    )
    run = ledger.start_run(1, now())
    ledger.record(run, Sighting("column:list", now(), Outcome.OK, items=items))


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Look, Look]]:
    folder: Path = tmp_path_factory.mktemp("homes")
    ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
    answers = first_day(local_day(now()))
    with serving(answers) as server:
        column_items(server, ledger, local_day(now()))
        first = look(server, ledger)
        answers.update(second_day(first.day))
        yield first, look(server, ledger)
    ledger.close()


@pytest.fixture
def first(looks: tuple[Look, Look]) -> Look:
    return looks[0]


def test_a_home_page_carries_its_newest_dated_link(first: Look) -> None:
    visit = first.visits["fresh"]
    assert (visit.outcome, visit.newest, visit.unresolved) == (Outcome.OK, first.day, 0)
    assert (visit.note, visit.reader, visit.item_count) == ("首页正常打开", "home", 4)
    assert visit.date_source is DateSource.LIST


def test_links_without_a_day_are_counted_and_noted_with_the_day_they_were_first_seen(
    looks: tuple[Look, Look],
) -> None:
    first, second = looks
    assert [each.visits["bare"].unresolved for each in looks] == [2, 2]
    links = [undated_of(each.notes["bare"].facts).first_seen for each in looks]
    assert [sorted(link[-7:] for link in each) for each in links] == [
        ["71.html", "72.html"],
        ["72.html", "73.html"],
    ]
    assert {*links[0].values(), *links[1].values()} <= {first.day, second.day}
    assert second.notes["bare"].at == second.visits["bare"].observed_at


def test_a_link_that_a_column_of_the_site_dates_has_that_day(first: Look) -> None:
    visit = first.visits["known"]
    assert (visit.newest, visit.newest_title) == (first.day - timedelta(5), TITLE.format(81))
    # The third is dated after the day it was first seen: nothing is known of it.
    assert visit.unresolved == 1


def test_a_home_page_without_any_day_is_good_and_says_so(first: Look) -> None:
    visit = first.visits["nothing"]
    assert (visit.outcome, visit.newest, visit.item_count) == (Outcome.OK, None, 0)
    assert (visit.note or "").startswith("首页正常打开；未读取更新日期：")


def test_a_home_page_that_scripts_complete_is_noted_as_such(first: Look) -> None:
    assert first.visits["script"].unresolved == 1
    assert undated_of(first.notes["script"].facts).doubt == "首页部分内容由脚本载入"


def test_a_home_page_that_did_not_open_notes_nothing(first: Look) -> None:
    assert first.visits["down"].outcome is Outcome.MAINTENANCE
    assert "down" not in first.notes


def test_nothing_but_the_home_pages_is_asked_for(first: Look) -> None:
    assert sorted(first.asked) == sorted(["/robots.txt", *(f"/{name}/" for name in NAMES)])


def test_an_entry_that_shows_another_column_is_not_looked_at(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    inventory = validate(register("http://www.example.gov.cn"), "test")
    jobs = {job.subject: job for job in plan(ledger, inventory, datetime.now().astimezone())}
    assert "column:list" in jobs
    assert "column:entry" not in jobs
    assert jobs["site:known"].asks == {"columns": ["column:list", "column:entry"]}
    ledger.close()
