"""Lists that are hard to read: pictures, rows without links, years in headings, templates."""

from __future__ import annotations

from datetime import date

import pytest

from checks.facts import Item, Outcome
from crawler.readers.listing.reading import newest_of
from crawler.readers.page import ListReading, Page
from crawler.readers.rows import read_rows
from tests.hang import no_hang

TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/tzgg/index.html"
DAYS = ("2026-11-16", "2026-11-12", "2026-10-30", "2026-10-09")
MONTH_DAYS = ("12-30", "08-20", "02-11")


def read(body: str, title: str = "") -> ListReading:
    head = f"<head><title>{title}</title></head>"
    html = f"<html><!-- synthetic -->{head}<body>{body}</body></html>"
    return read_rows(Page(ADDRESS, html.encode(), TODAY))


def row(number: int, day: str, title: str = "关于做好第{}号工作的通知", tag: str = "li") -> str:
    link = f"<a href='/a/{number}.html'>{title.format(number)}</a>"
    return f"<{tag}>{link}<span>{day}</span></{tag}>"


def rows(days: tuple[str, ...], first: int = 0) -> str:
    return "".join(row(number, day) for number, day in enumerate(days, first))


def newest(reading: ListReading) -> date | None:
    found = newest_of(reading.items, TODAY)
    return found.published_on if found else None


def shown(items: tuple[Item, ...]) -> list[str]:
    return [str(item.published_on) for item in items]


@pytest.mark.parametrize(
    "picture",
    [
        "<a href='/p/{n}.html' title='{title}'><img src='x.jpg'></a>",
        "<a href='/p/{n}.html'><img src='x.jpg' alt='{title}'></a>",
        "<a href='/p/{n}.html'><img src='x.jpg' title='{title}'></a>",
        "<a href='/p/{n}.html'><img src='x.jpg' alt='图片'></a><p>{title}</p>",
        "<a href='/p/{n}.html'><img src='x.jpg' alt='x.jpg'></a><div><b>{title}</b></div>",
        "<figure><a href='/p/{n}.html'><img></a><figcaption>{title}</figcaption></figure>",
        "<a href='/p/{n}.html'><img src='x.jpg'></a><a href='/p/{n}.html'>{title}</a>",
    ],
)
def test_a_picture_takes_its_title_from_whatever_names_it(picture: str) -> None:
    cells = "".join(
        f"<li>{picture.format(n=n, title=f'示例市召开第{n}次工作会议')}<p>{day}</p></li>"
        for n, day in enumerate(DAYS)
    )
    reading = read(f"<ul>{cells}</ul>")
    assert [item.title for item in reading.items] == [
        f"示例市召开第{n}次工作会议" for n in range(4)
    ]
    assert shown(reading.items) == list(DAYS)
    assert reading.items[1].url == "https://www.example.gov.cn/p/1.html"


class TestRowsWithoutLinks:
    @pytest.mark.parametrize(
        "cells",
        [
            "<li><span>关于第{n}号事项的公告</span><span>{day}</span></li>",
            "<li>关于第{n}号事项的公告<i>[{day}]</i></li>",
            "<tr><td>{n}</td><td>关于第{n}号事项的公告</td><td>{day}</td></tr>",
        ],
    )
    def test_title_and_date_are_enough(self, cells: str) -> None:
        body = "".join(cells.format(n=n, day=day) for n, day in enumerate(DAYS))
        holder = "table" if cells.startswith("<tr") else "ul"
        reading = read(f"<{holder}>{body}</{holder}>")
        assert shown(reading.items) == list(DAYS)
        assert [item.title for item in reading.items] == [
            f"关于第{n}号事项的公告" for n in range(4)
        ]
        assert {item.url for item in reading.items} == {None}

    def test_a_row_without_link_among_linked_ones_counts(self) -> None:
        plain = "<li><span>关于窗口临时调整的公告</span><span>2026-11-20</span></li>"
        reading = read(f"<ul>{plain}{rows(DAYS)}</ul>")
        assert newest(reading) == date(2026, 11, 20)
        assert len(reading.items) == 5

    @pytest.mark.parametrize(
        "body",
        [
            "<table><tr><th>姓名及职务说明</th><th>任职时间</th></tr>{}</table>",
            "<table><tr><th>项目名称</th><th>开工日期</th></tr>{}</table>",
            "<div id='zoom'><table>{}</table></div>",
            "<p>来源：示例市政府办</p><table>{}</table>",
        ],
    )
    def test_other_days_and_tables_of_an_article_are_no_list(self, body: str) -> None:
        cells = "".join(
            f"<tr><td>示例市第{n}号工程项目部</td><td>{day}</td></tr>" for n, day in enumerate(DAYS)
        )
        assert read(body.format(cells)).outcome is Outcome.UNREADABLE

    def test_two_such_rows_are_too_few_to_be_a_list(self) -> None:
        cells = "".join(f"<li>关于第{day}号事项的公告<i>{day}</i></li>" for day in DAYS[:2])
        assert read(f"<ul>{cells}</ul>").outcome is Outcome.UNREADABLE


class TestYearsInHeadings:
    @pytest.mark.parametrize(
        "body",
        [
            "<div><h3>2026年</h3><ul>{new}</ul><h3>2025年</h3><ul>{old}</ul></div>",
            "<div><h3>2026</h3><ul>{new}</ul><h3>2025</h3><ul>{old}</ul></div>",
            "<ul><li>2026年度</li>{new}<li>2025年度</li>{old}</ul>",
            "<div><p>【2026年】</p><ul>{new}</ul><p>【2025年】</p><ul>{old}</ul></div>",
        ],
    )
    def test_rows_under_a_year_take_it(self, body: str) -> None:
        new, old = rows(("11-16", "01-09")), rows(MONTH_DAYS, 5)
        reading = read(body.format(new=new, old=old))
        assert shown(reading.items) == [
            "2026-11-16",
            "2026-01-09",
            "2025-12-30",
            "2025-08-20",
            "2025-02-11",
        ]
        assert reading.items[0].date_text == "2026年 11-16"
        assert not any(item.apart for item in reading.items)

    def test_years_may_also_rise(self) -> None:
        body = f"<div><h3>2025年</h3><ul>{rows(('02-11', '12-30'))}</ul>"
        reading = read(body + f"<h3>2026年</h3><ul>{rows(('01-09', '11-16'), 5)}</ul></div>")
        assert newest(reading) == date(2026, 11, 16)

    @pytest.mark.parametrize(
        "body",
        [
            "<div><h3>2026年</h3><ul>{}</ul></div>",  # the day is still to come
            "<div><h3>2024年</h3><ul>{}</ul><h3>2025年</h3><ul>{}</ul></div>",  # against the days
            "<div><a href='?y=2025'>2025年</a><ul>{}</ul></div>",  # a way to another year
            "<div><h3>2025年</h3><p>以下为本年信息</p><ul>{}</ul></div>",
            "<div><p>共 <b>2025</b> 条</p><ul>{}</ul></div>",
            "<div><b>2025</b><ul>{}</ul></div>",
            "<div><div><div><div><div>2025年</div></div></div></div><div><div><div><ul>{}</ul></div></div></div></div>",
            "<div><ul>{}</ul><p>2025年</p></div>",
        ],
    )
    def test_without_a_heading_right_above_or_out_of_order_the_year_stays_unknown(
        self, body: str
    ) -> None:
        lists = [rows(MONTH_DAYS), rows(MONTH_DAYS, 5)][: body.count("{}")]
        reading = read(body.format(*lists))
        assert {item.published_on for item in reading.items} == {None}
        assert reading.items[0].date_text == "12-30"

    def test_a_year_that_contradicts_the_address_stays_unknown(self) -> None:
        cells = "".join(
            f"<li><a href='/a/2019{day.replace('-', '')}/t2019{day.replace('-', '')}_1{n}.html'>"
            f"关于第{n}号事项的通知</a><span>{day}</span></li>"
            for n, day in enumerate(MONTH_DAYS)
        )
        reading = read(f"<div><h3>2025年</h3><ul>{cells}</ul></div>")
        assert {item.published_on for item in reading.items} == {None}


class TestPieces:
    """A number of the row, of its readers or of a deadline is no piece of its date."""

    @pytest.mark.parametrize(
        ("cells", "day"),
        [
            ("<td>{n}</td><td>{link}</td><td>11-{n:02d}</td>", None),
            ("<td>{n}</td><td>{link}</td><td>2026-11</td>", None),
            ("<td>2021</td><td>{link}</td><td>11-{n:02d}</td>", None),
            ("<td>{link}</td><td>12-{n:02d}</td><td>11-{n:02d}</td>", None),
            ("<td>7</td><td>{link}</td><td><b>{n:02d}</b><i>2026-11</i></td>", "2026-11-0{n}"),
            ("<td>7</td><td><p>11/{n:02d}</p><i>2026</i></td><td>{link}</td>", "2026-11-0{n}"),
            ("<td><b>{n}</b><p>11月</p><p>2026</p></td><td>{link}</td>", "2026-11-0{n}"),
            ("<td>{n}</td><td>{link}</td><td>（二〇二六年十一月二日）</td>", "2026-11-02"),
        ],
    )
    def test_pieces_join_only_beside_each_other(self, cells: str, day: str | None) -> None:
        link = "<a href='/a/{n}.html'>关于第{n}号事项的通知</a>"
        body = "".join(f"<tr>{cells.format(n=n, link=link.format(n=n))}</tr>" for n in (5, 4, 3))
        reading = read(f"<table>{body}</table>")
        assert shown(reading.items) == [str(day and day.format(n=n)) for n in (5, 4, 3)]

    @pytest.mark.parametrize(
        "summary",
        [
            "2025-07-25，示例市召开会议，研究部署工作",
            "会议于上午召开，2025-07-25",
            "2025年7月25日，有关部门到会",
        ],
    )
    def test_a_date_in_a_sentence_beneath_the_title_is_not_the_rows(self, summary: str) -> None:
        body = "".join(
            f"<li><a href='/a/t2026{n:02d}11_10{n}.html'>关于第{n}号事项的通知</a><p>{summary}</p>"
            f"<i>{n:02d}月11日</i></li>"
            for n in (11, 10, 9)
        )
        reading = read(f"<ul>{body}</ul>")
        assert shown(reading.items) == ["2026-11-11", "2026-10-11", "2026-09-11"]


class TestTemplates:
    TEMPLATE = (
        "<ul><li v-for='x in list'><a :href='x.url'>{{x.title}}</a><i>{{x.day}}</i></li></ul>"
    )

    def test_a_list_beside_an_unfilled_template_is_not_the_column(self) -> None:
        beside = f"<div><p>工作动态</p><ul>{rows(DAYS)}</ul></div>"
        reading = read(f"<div>{self.TEMPLATE}</div>{beside}")
        assert reading.outcome is Outcome.UNREADABLE
        assert "列表由脚本填充" in reading.why

    def test_unless_the_page_is_named_after_it(self) -> None:
        beside = f"<div><p>工作动态</p><ul>{rows(DAYS)}</ul></div>"
        reading = read(f"<div>{self.TEMPLATE}</div>{beside}", "工作动态_示例市人民政府")
        assert newest(reading) == date(2026, 11, 16)

    def test_a_template_right_after_the_rows_is_for_later_pages(self) -> None:
        assert newest(read(f"<div><ul>{rows(DAYS)}</ul>{self.TEMPLATE}</div>")) == date(
            2026, 11, 16
        )

    def test_a_template_in_a_menu_or_sidebar_says_nothing_of_the_list(self) -> None:
        side = f"<div class='sidebar'><div>{self.TEMPLATE}</div></div>"
        assert newest(read(f"{side}<div><ul>{rows(DAYS)}</ul></div>")) == date(2026, 11, 16)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" + "<a href='/x'><img></a><p>说明文字说明文字</p>" * 5_000 + "</div>",
        "<ul>" + "<li>2025年</li>" * 20_000 + rows(MONTH_DAYS) + "</ul>",
        "<ul>" + "<li>没有链接的标题文字<i>2026-11-01</i></li>" * 20_000 + "</ul>",
        "<ul><li>" + "没有链接的标题文字<i>2026-11-01</i>" * 20_000 + "</li></ul>",
        "<ul><li v-for='x'><a>" * 900 + rows(DAYS),
    ],
    ids=["pictures", "years", "unlinked", "one row", "templates"],
)
def test_a_monstrous_page_is_read_to_an_end(body: str) -> None:
    with no_hang():
        read(body)
