"""Misreadings that mutated pages brought to light, each as the smallest page that shows it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checks.facts import Outcome
from crawler.readers.article import read_article
from crawler.readers.choose import read_list
from crawler.readers.page import ArticleReading, ListReading, Page

PAGES = Path(__file__).parents[1] / "pages"
TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/zwgk/index.html"
TITLE = "关于开展河道清淤整治工作的通知"
TITLES = (TITLE, "关于公布行政许可事项目录的公告", "关于加强农村公路养护的意见")


def listed(rows: str) -> ListReading:
    html = f"<html><!-- synthetic --><title>通知公告</title><body>{rows}</body></html>"
    return read_list(Page(ADDRESS, html.encode(), TODAY))


def article(body: str, name: str = TITLE, head: str = "") -> ArticleReading:
    html = f"<html><!-- synthetic --><head><title>{name}</title>{head}</head><body>{body}</body>"
    return read_article(Page("https://www.example.gov.cn/info/1.htm", html.encode(), TODAY))


def days(reading: ListReading) -> list[str | None]:
    return [str(item.published_on) if item.published_on else None for item in reading.items]


def test_days_in_chinese_numerals_make_a_dated_list() -> None:
    written = ("二〇二六年八月三日", "二〇二六年七月廿一日", "二〇二六年七月二日")
    rows = [
        f"<li><a href='/a/{at}.html'>{title}</a><span>{day}</span></li>"
        for at, (title, day) in enumerate(zip(TITLES, written, strict=True))
    ]
    assert days(listed(f"<ul>{''.join(rows)}</ul>")) == ["2026-08-03", "2026-07-21", "2026-07-02"]


@pytest.mark.parametrize("own", ["06-18", ""])
def test_the_day_in_a_summary_is_not_the_day_of_its_row(own: str) -> None:
    rows = [
        f"<li><h3><a href='/content/1000{at}.html'>{title}</a></h3>"
        f"<p>2016-02-0{at + 1}，示例市召开会议，研究部署有关工作。</p><b>{own}</b></li>"
        for at, title in enumerate(TITLES)
    ]
    assert days(listed(f"<ul>{''.join(rows)}</ul>")) == [None, None, None]


def test_a_day_in_one_title_does_not_cut_the_list_in_two() -> None:
    named = ["关于做好防汛工作的通知"] * 3 + [f"2015年10月30日起{TITLE}", *TITLES, *TITLES]
    rows = [
        f"<table><tr><td>·</td><td><a href='/a/{at}.html'>{title}</a></td>"
        f"<td>2026-08-{28 - at:02}</td></tr></table>"
        for at, title in enumerate(named)
    ]
    assert days(listed("".join(rows))) == [f"2026-08-{28 - at:02}" for at in range(len(named))]


def test_a_running_number_is_not_the_day_of_a_month_and_day() -> None:
    rows = [
        f"<tr><td>{at}</td><td><a href='/zwgk/202603/t202603{28 - at}_{at}.html'>{title}</a></td>"
        f"<td>03-{28 - at}</td></tr>"
        for at, title in enumerate(TITLES, 1)
    ]
    assert days(listed(f"<table>{''.join(rows)}</table>")) == [
        "2026-03-27",
        "2026-03-26",
        "2026-03-25",
    ]


@pytest.mark.parametrize("day", ["2014年07月06日", "2011 年 7 月 19 日", "2014-07-06 10:20"])
def test_the_day_of_the_article_before_is_not_the_day_of_this_one(day: str) -> None:
    reading = article(
        f"<h1>{TITLE}</h1><p>来源：示例市水务局</p><p>各单位要提高认识。</p>"
        f"<p>上一篇：<a href='/1.htm'>关于2026年度公布目录的公示</a> {day}</p>"
        f"<p>下一篇：<a href='/2.htm'>关于2026年度养护的意见</a> {day}</p>"
    )
    assert (reading.published_on, reading.outcome) == (None, Outcome.UNDATED)


def test_a_signature_does_not_stand_below_a_title_that_is_an_offices_name() -> None:
    reading = article(
        f"<div>{TITLE}</div><ul><li>2026.08.03</li><li>来源：示例市水务局</li></ul>"
        "<p>各单位要提高认识。</p><p>示例市水务局</p><p>2026-07-20</p>",
        name="示例市水务局",
    )
    assert reading.published_on in (None, date(2026, 8, 3))


@pytest.mark.parametrize("tools", ["字号：<a>大</a> <a>中</a> <a>小</a>", "<a href='#'>打印</a>"])
def test_a_word_of_the_tool_bar_does_not_change_what_a_label_says(tools: str) -> None:
    stale = "<meta name='PubDate' content='2026-10-08'>"
    reading = article(f"<h1>{TITLE}</h1><p>{tools} 日期：2026-08-03</p>", head=stale)
    assert reading.published_on == date(2026, 8, 3)


def test_a_stale_meta_tag_does_not_outdo_the_day_above_the_title() -> None:
    reading = article(
        "<dl><dd>来源：示例市水务局</dd><dd>2026年8月3日</dd><dd>编辑：办公室</dd></dl>"
        f"<h3>{TITLE}</h3><p>各单位要提高认识，压实责任，确保各项措施落到实处。</p>",
        head="<meta name='PubDate' content='2025-01-09'>",
    )
    assert reading.published_on in (None, date(2026, 8, 3))


@pytest.mark.parametrize("holder", ["side", "left"])
def test_the_path_above_a_sidebar_does_not_name_the_sidebar(holder: str) -> None:
    def rows(month: int, count: int) -> str:
        return "".join(
            f"<li><a href='/a/{month}{at}.html'>{TITLES[at % 3]}</a>"
            f"<span>2026-{month:02}-{20 - at:02}</span></li>"
            for at in range(count)
        )

    page = (
        "<div>您的位置：<a href='/'>首页</a> &gt; 通知公告</div>"
        f"<div class='{holder}'><h3>热点信息</h3><ul>{rows(3, 3)}</ul></div>"
        f"<div class='main'><ul>{rows(11, 6)}</ul></div>"
    )
    assert days(listed(page)) == [f"2026-11-{20 - at:02}" for at in range(6)]


def test_days_that_no_row_can_claim_are_told_so_that_nobody_is_called_undated() -> None:
    page = (PAGES / "undated" / "list_no_dates.html").read_bytes()
    plain = read_list(Page(ADDRESS, page, TODAY))
    assert (plain.outcome, plain.unjoined) == (Outcome.UNDATED, False)
    apart = "".join(f"<p>2026-11-{20 - at}</p>" for at in range(len(plain.items)))
    shown = page.replace(b"</body>", f"<div class='days'>{apart}</div></body>".encode())
    beside = read_list(Page(ADDRESS, shown, TODAY))
    assert (beside.outcome, beside.unjoined) == (Outcome.UNDATED, True)
