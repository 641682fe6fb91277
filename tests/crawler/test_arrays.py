"""Lists inside scripts: what is read of a script, and which array is not the column's list."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.facts import Outcome
from crawler.readers import arrays
from crawler.readers.choose import newest_of, read_list
from crawler.readers.page import ListReading, Page
from crawler.readers.script_data import find_literals
from tests.hang import no_hang

TODAY = date(2026, 11, 22)
COLUMN = "https://www.example.gov.cn/col/col1/index.html"


def read(*scripts: str, body: str = "<div id='list'></div>", reader: str = "auto") -> ListReading:
    code = "".join(f"<script>{each}</script>" for each in scripts)
    html = f"<!-- synthetic --><html><body>{body}{code}</body></html>"
    return read_list(Page(COLUMN, html.encode(), TODAY), reader)


def entries(*days: object, key: str = "date", name: str = "a") -> str:
    each = [
        {"title": f"关于第{n}号事项的通知", "url": f"/{name}/{n}.html", key: day}
        for n, day in enumerate(days)
    ]
    return json.dumps(each, ensure_ascii=False)


def values(code: str) -> list[object]:
    return [literal.value for literal in find_literals(f"<script>{code}</script>")]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ('var a = [{"t": 1}];', [{"t": 1}]),
        ("var a=[{t:1,},];", [{"t": 1}]),
        ("a = {'t': 'x\\'y\"z', u: \"it\\'s\"}", {"t": "x'y\"z", "u": "it's"}),
        ("a = [{t: undefined, u: null, v: true, w: -1.5}]", [{"t": None, "u": None, "v": True,
                                                              "w": -1.5}]),
        ("a = {u: 'http:\\/\\/x\\/1'}", {"u": "http://x/1"}),
        ("a = ['\\u901a\\u77e5']", ["通知"]),
    ],
)  # fmt: skip
def test_literals_are_read_as_a_browser_reads_them(code: str, value: object) -> None:
    assert values(code) == [value]


@pytest.mark.parametrize(
    "code",
    [
        "a = [new Date(), 1]",
        "a = [{t: b}]",
        "a = {t: 'x' + 'y'}",
        "a = [{t: f(1)}]",
        "a = [{t: `x`}]",
        "a = {get: function () { return 1; }}",
        "a = [1, 2",
        "// a = [1]",
        "/* a = [1] */",
        "if (a == [1]) {}",
    ],
)
def test_what_would_have_to_be_run_and_what_is_commented_out_are_left_alone(code: str) -> None:
    assert values(code) == []


def test_templates_and_linked_data_are_no_scripts_of_the_page() -> None:
    for kind in ("text/template", "application/ld+json", "text/html"):
        assert find_literals(f"<script type='{kind}'>a = [1]</script>") == []
    assert find_literals("<!-- <script>a = [1]</script> -->") == []


@pytest.mark.parametrize(
    "hostile",
    [
        "a=[" * 40_000,
        "a=[{t:1," * 40_000,
        "a=[" + "[" * 200_000,
        "a=['" + "x" * 900_000,
        "a=[{" + "t:1," * 200_000,
    ],
)
def test_a_hostile_script_is_given_up_and_not_endured(hostile: str) -> None:
    with no_hang(20):
        assert values(hostile) == []


def test_the_list_of_a_column_is_read_with_its_pages() -> None:
    data = f'var dataList=[{{"infolist":{entries("2026-11-08", key="daytime")}}}];'
    pages = 'var pagesData={"curPageNo":1,"pageTotal":9,"totalCount":131};'
    reading = read(data + pages)
    assert (reading.reader, reading.outcome, reading.total) == ("arrays", Outcome.OK, 131)
    assert [str(item.published_on) for item in reading.items] == ["2026-11-08"]
    assert reading.items[0].url == "https://www.example.gov.cn/a/0.html"
    assert reading.why == (
        "页面自身没有列表，脚本变量dataList中有列表数据；页面脚本变量dataList（共9页）：1条，1条有日期"
    )


def test_days_are_read_in_each_writing() -> None:
    days = ("2026-11-08", "2026年11月7日", 1793980800, {"time": 1793894400000}, None)
    reading = read(f"var rows = {entries(*days)};")
    assert [str(item.published_on) for item in reading.items] == [
        "2026-11-08",
        "2026-11-07",
        "2026-11-07",
        "2026-11-06",
        "None",
    ]


def test_a_page_that_shows_its_list_is_read_as_it_shows_it() -> None:
    shown = "".join(
        f"<li><a href='/s/{n}.html'>关于第{n}号意见的公告</a><span>2026-03-0{n}</span></li>"
        for n in range(1, 4)
    )
    data = f"var rows = {entries('2026-11-08', '2026-11-07', '2026-11-06', '2026-11-05')};"
    reading = read(data, body=f"<ul>{shown}</ul>")
    assert reading.reader == "rows"
    assert {str(item.published_on) for item in reading.items} == {
        "2026-03-01",
        "2026-03-02",
        "2026-03-03",
    }


@pytest.mark.parametrize(
    "code",
    [
        'var menu = [{"name": "首页", "url": "/"}, {"name": "政务公开", "url": "/zwgk/"}];',
        f"var rows = {entries('2026-11-08', '2026-11-07')};",
        f"var hotList = {entries('2026-11-08', '2026-11-07', '2026-11-06')};",
        f"var bannerData = {entries('2026-11-08', '2026-11-07', '2026-11-06')};",
        f"var rows = {entries('', '', '', '')};",
        f"var rows = {entries('2026-11-08', '2026-11-07', '2026-11-06', key='cwrq')};",
        "var rows = [];",
        'var dataList=[{"infolist":[]}];',
    ],
)
def test_menus_banners_hot_lists_and_undated_arrays_are_not_the_list(code: str) -> None:
    reading = read(code)
    assert (reading.reader, reading.outcome) == ("rows", Outcome.UNREADABLE)
    assert read(code, reader="arrays").items == ()


def test_a_hot_list_beside_the_list_changes_nothing() -> None:
    hot = f"var hotNews = {entries('2026-11-20', '2026-11-19', '2026-11-18', '2026-11-17')};"
    own = f"var list = {entries('2026-03-08', '2026-03-07', '2026-03-06', name='b')};"
    newest = newest_of(read(hot + own).items, TODAY)
    assert newest is not None
    assert str(newest.published_on) == "2026-03-08"


def test_two_lists_that_could_each_be_the_column_leave_it_unread() -> None:
    long = entries("2026-03-08", "2026-03-07", "2026-03-06", "2026-03-05", "2026-03-04")
    short = entries("2026-01-03", "2026-01-02", "2026-01-01", name="b")
    reading = read(f"var x = {long}; var y = {short};")
    assert (reading.reader, reading.outcome, reading.items) == ("arrays", Outcome.UNREADABLE, ())
    assert "无法确定" in reading.why


def test_a_short_list_with_a_later_day_is_not_passed_over() -> None:
    days = [f"2026-03-{day:02d}" for day in range(20, 0, -1)]
    late = entries("2026-11-03", "2026-11-02", "2026-11-01", name="b")
    assert read(f"var x = {entries(*days)}; var y = {late};").outcome is Outcome.UNREADABLE


def test_a_row_in_the_markup_with_a_later_day_is_not_passed_over() -> None:
    row = "<ul><li><a href='/s/1.html'>关于第九号意见的公告</a><span>2026-11-10</span></li></ul>"
    data = f"var rows = {entries('2026-03-08', '2026-03-07', '2026-03-06')};"
    assert read(data, body=row).outcome is Outcome.UNREADABLE


def test_future_days_do_not_make_the_list_dated() -> None:
    reading = read(f"var rows = {entries('2026-12-08', '2026-12-07', '2026-12-06')};")
    assert reading.outcome is Outcome.UNDATED


def test_a_page_without_data_is_no_matter_of_this_reader() -> None:
    assert arrays.recognise("<html><script>var a = 1; f({b: 2});</script></html>") is None
    assert arrays.recognise('{"rows": []}') is None
