"""The generic list reader: which rows it sees, and that work has an end."""

from __future__ import annotations

from datetime import date

import pytest

from checks.facts import DateSource, Outcome
from crawler.readers.choose import newest_of
from crawler.readers.page import ListReading, Page
from crawler.readers.rows import read_home, read_rows
from tests.hang import no_hang

TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/zwgk/tzgg/index.html"


def read(body: str, scope: str | None = None) -> ListReading:
    html = f"<!-- synthetic --><html><head><title>栏目</title></head><body>{body}</body></html>"
    return read_rows(Page(ADDRESS, html.encode(), TODAY), scope)


def newest(reading: ListReading) -> str | None:
    item = newest_of(reading.items, TODAY)
    return item.published_on.isoformat() if item and item.published_on else None


def row(number: int, day: str, title: str = "关于做好有关工作的通知") -> str:
    return f"<li><a href='/a/{number}.html'>{title}{number}</a><span>{day}</span></li>"


LIST = "<ul>" + "".join(row(n, f"2026-10-{20 - n}") for n in range(6)) + "</ul>"


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("2026-6-5", "2026-06-05"),
        ("2026/06/05", "2026-06-05"),
        ("[2026.06.05]", "2026-06-05"),
        ("（2026年6月5日）", "2026-06-05"),
        ("26-06-05", "2026-06-05"),
        ("2026-06-05 10:20:33", "2026-06-05"),
        ("发布时间：2026-06-05 浏览次数：33", "2026-06-05"),
        ("来源：办公室 | 2026-06-05", "2026-06-05"),
        ("2026-06-05 星期五", "2026-06-05"),
        ("昨天 09:10", "2026-11-21"),
        ("3天前", "2026-11-19"),
    ],
)
def test_a_row_date_is_read_in_each_common_writing(shown: str, day: str) -> None:
    reading = read(f"<ul>{row(1, shown)}{row(2, shown)}</ul>")
    assert [str(item.published_on) for item in reading.items] == [day, day]
    assert {item.date_source for item in reading.items} == {DateSource.LIST}


@pytest.mark.parametrize(
    "shown",
    [
        "截止时间：2026-11-20",
        "活动时间：2026年11月20日",
        "成文日期：2026-11-20",
        "2026-11-01 至 2026-11-20",
        "自2026年11月20日",
        "2026-11",
        "11-20",
        "待定",
    ],
)
def test_what_is_no_day_of_publication_leaves_the_row_undated(shown: str) -> None:
    reading = read(f"<ul>{row(1234, shown)}{row(1235, shown)}{row(1236, shown)}</ul>")
    assert [item.published_on for item in reading.items] == [None, None, None]
    assert reading.outcome is Outcome.UNDATED


def test_month_and_day_keep_their_writing_when_the_year_stays_unknown() -> None:
    reading = read(f"<ul>{row(1, '11-20')}{row(2, '11-18')}</ul>")
    assert [item.date_text for item in reading.items] == ["11-20", "11-18"]
    assert newest(reading) is None


@pytest.mark.parametrize(
    "banner",
    [
        "<div>今天是2026年11月22日 星期日 <a href='/x/1.html'>设置本站为首页</a></div>",
        "<p>当前时间：<b>2026-11-22</b> <a href='/x/2.html'>无障碍浏览版本</a></p>",
        "<div class='footer'><a href='/x/3.html'>网站使用帮助说明</a> 2026-11-22</div>",
        "<div>欢迎您！2026年11月22日<a href='/x/4.html'>政务邮箱登录入口</a></div>",
    ],
)
def test_a_banner_with_the_day_of_the_visit_is_no_update(banner: str) -> None:
    assert newest(read(banner + LIST)) == "2026-10-20"
    assert newest(read(LIST + banner)) == "2026-10-20"


def test_pager_and_navigation_are_no_items() -> None:
    pager = (
        "<ul><li><a href='index_1.html'>下一页</a></li><li><a href='index_9.html'>9</a></li></ul>"
    )
    nav = "<ul>" + "".join(f"<li><a href='/{n}/'>栏目{n}</a></li>" for n in range(9)) + "</ul>"
    reading = read(nav + LIST + pager)
    assert len(reading.items) == 6
    assert all("/a/" in (item.url or "") for item in reading.items)


def test_a_row_without_date_between_dated_rows_stays_an_undated_item() -> None:
    undated = "<li><a href='/a/77.html'>关于名单更正的说明</a></li>"
    reading = read("<ul>" + row(1, "2026-10-02") + undated + row(3, "2026-09-30") + "</ul>")
    assert [str(item.published_on) for item in reading.items] == [
        "2026-10-02",
        "None",
        "2026-09-30",
    ]
    assert reading.items[1].title == "关于名单更正的说明"


def test_rows_of_one_title_and_day_without_address_are_all_counted() -> None:
    same = "<li><a href='javascript:;'>公示公告</a><span>2026-10-02</span></li>"
    assert len(read(f"<ul>{same * 4}</ul>").items) == 4


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("./202610/t1.html", "https://www.example.gov.cn/zwgk/tzgg/202610/t1.html"),
        ("../../gsgg/t1.html", "https://www.example.gov.cn/gsgg/t1.html"),
        ("//bm.example.gov.cn/t1.html", "https://bm.example.gov.cn/t1.html"),
        ("javascript:open('/x/t1.html')", "https://www.example.gov.cn/x/t1.html"),
        ("javascript:void(0)", None),
        ("#", None),
        ("mailto:a@example.gov.cn", None),
        ("data:text/html,x", None),
        ("http://[broken/", None),
    ],
)
def test_an_address_is_full_and_web_only(href: str, address: str | None) -> None:
    link = f'<li><a href="{href}">关于印发实施方案的通知</a><span>2026-10-02</span></li>'
    reading = read(f"<ul>{link}{row(2, '2026-10-01')}</ul>")
    assert reading.items[0].url == address


@pytest.mark.parametrize(
    ("link", "title"),
    [
        (
            "<a href='/1' title='关于印发年度工作要点的通知'>关于印发年度...</a>",
            "关于印发年度工作要点的通知",
        ),
        ("<a href='/1' title='/zwgk/1.html'>关于印发工作要点的通知</a>", "关于印发工作要点的通知"),
        ("<a href='/1' title='点击查看'>关于印发工作要点的通知</a>", "关于印发工作要点的通知"),
        (
            "<a href='/1' title='标题：关于印发工作要点的通知&#10;发布时间：2026-10-02'>关于..</a>",
            "关于印发工作要点的通知",
        ),
        ("<a href='/1'><em>置顶</em> 关于印发工作要点的通知</a>", "关于印发工作要点的通知"),
        ("<a href='/1'><img alt='现场推进会召开' src='a.jpg'></a>", "现场推进会召开"),
        ("<a href='/1'>公 示</a>", "公 示"),
    ],
)
def test_the_title_is_what_the_link_says_in_full(link: str, title: str) -> None:
    reading = read(f"<ul><li>{link}<span>2026-10-02</span></li>{row(2, '2026-10-01')}</ul>")
    assert reading.items[0].title == title


def test_a_home_page_is_read_over_all_its_blocks() -> None:
    block = "<div><h3>{}</h3><ul>{}</ul></div>"
    news = block.format("要闻", row(1, "2026-11-02") + row(2, "2026-11-01"))
    notices = block.format("通知", row(3, "2026-11-19"))
    page = Page(ADDRESS, f"<!-- synthetic --><body>{news}{notices}".encode(), TODAY)
    assert newest(read_home(page)) == "2026-11-19"


def test_words_that_a_script_may_replace_are_no_proof_of_an_empty_list() -> None:
    said = "<div class='list'>暂无信息</div>"
    assert read(said).outcome is Outcome.EMPTY
    assert read(said + "<script>$.ajax({url:'/list.do'})</script>").outcome is Outcome.UNREADABLE
    assert read(f"<div style='display: none'>{said}</div>").outcome is Outcome.UNREADABLE
    assert read(f"<div class='sidebar'>{said}</div>").outcome is Outcome.UNREADABLE


def test_two_lists_that_could_each_be_the_column_leave_it_undecided() -> None:
    said = "<p>暂无评论信息</p>"
    two = f"<div class='a'>{LIST}</div><p>其他栏目</p><div class='b'>{LIST}</div>"
    assert newest(read(two)) == "2026-10-20"
    fresher = two[: two.rindex("2026-10-20")] + "2026-11-20" + two[two.rindex("2026-10-20") + 10 :]
    for body in (fresher, fresher + said):
        reading = read(body)
        assert reading.outcome is Outcome.UNREADABLE
        assert "请指定区域" in reading.why
    assert newest(read(fresher, ".b")) == "2026-11-20"


def test_nothing_at_all_is_unreadable_and_never_empty() -> None:
    assert read("").outcome is Outcome.UNREADABLE
    assert read_rows(Page(ADDRESS, b"\xff\xfe\x00", TODAY)).outcome is Outcome.UNREADABLE


MANY = "".join(row(n, f"2026-0{n % 9 + 1}-1{n % 9}") for n in range(40_000))


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (f"<ul>{MANY}</ul>", Outcome.OK),
        ("<div>" * 1_000 + LIST, Outcome.OK),
        ("<div>" * 200_000 + LIST, Outcome.UNREADABLE),
        ("<p><font size=1>" * 50_000 + LIST, Outcome.UNREADABLE),
        (LIST + "<p>" + "没有日期的长文。" * 250_000 + "</p>", Outcome.OK),
        ("<a href='/x.html'>标题标题标题</a>" + "<p>2026-10-01</p>" * 60_000, Outcome.UNREADABLE),
    ],
    ids=["rows", "nested", "bottomless", "styles", "prose", "dates"],
)
def test_a_monstrous_page_is_read_to_an_end(body: str, outcome: Outcome) -> None:
    with no_hang():
        assert read(body).outcome is outcome


def test_a_later_day_past_the_last_row_read_makes_a_long_page_unreadable() -> None:
    early = "<ul>" + "".join(row(n, "2026-01-05") for n in range(3_000))
    assert newest(read(early + "</ul>")) == "2026-01-05"
    reading = read(early + row(9_999, "2026-11-20") + "</ul>")
    assert reading.outcome is Outcome.UNREADABLE
    assert "行数过多" in reading.why


APART = (
    "<div class='c'><table><tr><td><a href='/a/9.html'>关于汛期值班安排的通告</a></td>"
    "<td>2026-11-20</td></tr></table><table>"
    + "".join(
        f"<tr><td><a href='/a/{n}.html'>关于第{n}号事项的通知</a></td><td>2026-10-{n:02d}</td></tr>"
        for n in range(8, 0, -1)
    )
    + "</table></div>"
)


def test_a_row_in_a_table_of_its_own_above_the_list_is_kept_and_is_no_update() -> None:
    reading = read(APART)
    assert [item.apart for item in reading.items] == [True] + [False] * 8
    newest = newest_of(reading.items, TODAY)
    assert newest is not None
    assert newest.published_on == date(2026, 10, 8)


def test_a_selector_in_the_register_settles_that_such_a_row_belongs_to_the_list() -> None:
    reading = read(APART, ".c")
    assert not any(item.apart for item in reading.items)
    newest = newest_of(reading.items, TODAY)
    assert newest is not None
    assert newest.published_on == date(2026, 11, 20)
