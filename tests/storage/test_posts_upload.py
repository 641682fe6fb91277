"""Exports of accounts' back ends: each post with its day, or every fault by line. All synthetic."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from checks.facts import DateSource, Item
from checks.marks import masked_text
from storage.sheets import Cell, Sheet, SheetRow, UploadError
from storage.templates import Template
from storage.uploads.posts import Post, figures, kept_items, posts_csv, read_posts

TODAY = date(2026, 11, 20)
COLUMNS = {
    "title": "标题",
    "url": "链接",
    "published": "发布时间",
    "comments": "评论数",
    "replies": "回复数",
    "account": "账号",
}
TEMPLATE = Template("", "posts", COLUMNS)
FORMULA = '=HYPERLINK("http://a.example.cn","点我")'


def sheet(*rows: dict[str, Cell]) -> Sheet:
    lines = tuple(SheetRow(number, row) for number, row in enumerate(rows, 2))
    return Sheet("导出.csv", "0" * 64, tuple(COLUMNS.values()), lines)


def read(*rows: dict[str, Cell]) -> tuple[Post, ...]:
    return read_posts(sheet(*rows), COLUMNS, TODAY)


def faults(*rows: dict[str, Cell]) -> tuple[str, ...]:
    with pytest.raises(UploadError) as refused:
        read(*rows)
    return refused.value.faults


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (date(2026, 11, 19), "2026-11-19"),
        (datetime(2026, 11, 19, 23, 30), "2026-11-19 23:30:00"),  # noqa: DTZ001
        ("2026-11-19", "2026-11-19"),
        ("2026/11/19 08:30", "2026/11/19 08:30"),
        ("2026-11-19 08:30:59", "2026-11-19 08:30:59"),
        ("2026年11月19日", "2026年11月19日"),
        ("20261119", "20261119"),
        (20261119, "20261119"),
        (20261119.0, "20261119"),
        ("1795017600", "1795017600"),  # midnight of the 19th in Asia/Shanghai
        (1795103999, "1795103999"),  # a second before the next
    ],
)
def test_the_day_of_a_post_is_read_as_back_ends_write_it(cell: Cell, text: str) -> None:
    (post,) = read({"标题": "示例", "发布时间": cell})
    assert post == Post(2, Item("示例", None, date(2026, 11, 19), text, DateSource.API))


@pytest.mark.parametrize(
    "cell",
    ["46346", 46346, 46346.5, "昨天", "11-19", "2026-13-01", "2026-11-19T17:40:00Z", "27950176000"],
)
def test_a_day_that_must_be_guessed_is_a_fault(cell: Cell) -> None:
    assert faults({"标题": "示例", "发布时间": cell}) == (
        f"第2行 发布时间：{masked_text(repr(cell))}，"
        "应为日期，如 2026-11-20、2026/11/20 08:30、2026年11月20日，年份不早于1949",
    )


def test_a_day_after_the_upload_is_a_fault_and_the_day_itself_is_not() -> None:
    assert read({"标题": "甲", "发布时间": "2026-11-20"})[0].item.published_on == TODAY
    assert faults({"标题": "甲", "发布时间": "2026-11-21 00:00"}) == (
        "第2行 发布时间：'2026-11-21 00:00'，晚于导入之日 2026-11-20，请核对",
    )


def test_every_fault_is_told_at_once_by_line_and_head() -> None:
    assert faults(
        {"标题": "甲", "发布时间": "2026-11-19"},
        {"标题": "乙", "链接": "javascript:alert(1)", "评论数": "很多"},
        {"标题": "合计", "发布时间": "-", "评论数": -1},
    ) == (
        "第3行 发布时间：''，必填，应为日期，如 2026-11-20、2026/11/20 08:30、2026年11月20日，"
        "年份不早于1949",
        "第3行 链接：'javascript:alert(1)'，应为以 http:// 或 https:// 开头的网址",
        "第3行 评论数：'很多'，应为不小于 0 的整数",
        "第4行 发布时间：''，必填，应为日期，如 2026-11-20、2026/11/20 08:30、2026年11月20日，"
        "年份不早于1949",
        "第4行 评论数：-1，应为不小于 0 的整数",
    )


def test_titles_hold_no_personal_number_and_a_fault_tells_none() -> None:
    (post,) = read({"标题": "联系电话\n13800138000", "发布时间": "2026-11-19"})
    assert post.item.title == "联系电话 13*******00"
    (told,) = faults({"标题": "甲", "发布时间": "13800138000"})
    assert "13*******00" in told
    assert "13800138000" not in told


def test_a_post_may_have_no_title_or_no_address() -> None:
    first, second = read(
        {"链接": "https://mp.example.cn/1", "发布时间": "2026-11-19"},
        {"标题": "-", "链接": "-", "发布时间": "2026-11-19", "账号": "本市发布"},
    )
    assert (first.item.title, first.item.url) == ("（无标题）", "https://mp.example.cn/1")
    assert (second.item.title, second.item.url, second.account) == ("-", None, "本市发布")


def test_comments_and_replies_are_summed_where_every_post_tells() -> None:
    posts = read(
        {"标题": "甲", "发布时间": "2026-11-01", "评论数": "1,200", "回复数": 3},
        {"标题": "乙", "发布时间": "2026-11-19", "评论数": 0, "回复数": "-"},
    )
    assert figures(posts) == {
        "followers": None,
        "posts": None,
        "comments": 1200,
        "replies": None,
        "since": "2026-11-01",
        "until": "2026-11-19",
    }
    assert figures(read({"标题": "甲", "发布时间": "2026-11-01"})) is None
    assert figures(()) is None


def test_what_is_kept_holds_the_columns_taken_inert_and_reads_back_the_same() -> None:
    posts = read(
        {"标题": FORMULA, "发布时间": date(2026, 11, 19), "评论数": 3},
        {"标题": "'引号", "链接": "https://mp.example.cn/1", "发布时间": "20261118"},
    )
    template = Template("", "posts", {k: COLUMNS[k] for k in ("title", "url", "published")})
    body = posts_csv(posts, template)
    assert body.decode("utf-8-sig") == (
        "标题,链接,发布时间\r\n"
        '"\'=HYPERLINK(""http://a.example.cn"",""点我"")",,2026-11-19\r\n'
        "''引号,https://mp.example.cn/1,20261118\r\n"
    )
    assert list(kept_items(body)) == [post.item for post in posts]


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("已发布", True),
        ("已发表", True),
        ("审核通过", True),
        ("公开", True),
        ("未删除", True),
        ("定时发布成功", True),
        ("草稿", False),
        ("未发布", False),
        ("待审核", False),
        ("审核不通过", False),
        ("定时发布", False),
        ("已删除", False),
        ("仅自己可见", False),
        (None, True),
    ],
)
def test_what_the_public_does_not_see_is_no_post(state: str | None, counts: bool) -> None:
    columns = {**COLUMNS, "state": "发布状态"}
    row: dict[str, Cell] = {"标题": "示例", "发布时间": "2026-11-19"}
    held = sheet({**row, "发布状态": state} if state else row)
    posts = read_posts(held, columns, TODAY)
    assert len(posts) == counts
    kept = posts_csv(posts, Template("", "posts", columns)).decode("utf-8-sig")
    assert kept.splitlines()[0] == "标题,链接,发布时间,评论数,回复数,账号"
