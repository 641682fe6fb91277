"""信息公开目录: the day of publication decides, the day of writing never does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from checks.facts import Outcome
from crawler.readers import disclosure
from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page

TODAY = date(2026, 11, 22)
WRITTEN = ["2026-11-20", "2026-11-02", "2026-10-20", "2026-10-01"]
PUBLISHED = ["2026-11-16", "2026-11-12", "2026-10-30", "2026-10-09"]


def catalogue(heads: Sequence[str], *days: Sequence[str], tag: str = "th") -> ListReading:
    names = ["索引号", "名称", "文号", *heads]
    head = "".join(f"<{tag}>{name}</{tag}>" for name in names)
    rows = "".join(
        f"<tr><td>0140/2026-{n}</td><td><a href='/zc/{n}.html'>关于第{n}号事项的意见</a></td>"
        f"<td>示政发〔2026〕{n}号</td>{''.join(f'<td>{each[n]}</td>' for each in days)}</tr>"
        for n in range(4)
    )
    html = f"<!-- synthetic --><body><table><tr>{head}</tr>{rows}</table></body>"
    return read_list(Page("https://www.example.gov.cn/zc/", html.encode(), TODAY))


def shown(reading: ListReading) -> list[str | None]:
    return [str(item.published_on) if item.published_on else None for item in reading.items]


@pytest.mark.parametrize("tag", ["th", "td"])
@pytest.mark.parametrize("written", ["成文日期", "生成日期", "成文时间"])
@pytest.mark.parametrize("published", ["发布日期", "公开日期", "发文日期"])
def test_the_column_of_publication_decides_in_either_order(
    written: str, published: str, tag: str
) -> None:
    after = catalogue([written, published], WRITTEN, PUBLISHED, tag=tag)
    before = catalogue([published, written], PUBLISHED, WRITTEN, tag=tag)
    assert shown(after) == shown(before) == PUBLISHED
    assert after.reader == before.reader == "disclosure"


@pytest.mark.parametrize("tag", ["th", "td"])
@pytest.mark.parametrize("head", ["成文日期", "生成日期"])
def test_a_catalogue_of_writing_days_alone_is_undated(head: str, tag: str) -> None:
    reading = catalogue([head], WRITTEN, tag=tag)
    assert reading.outcome is Outcome.UNDATED
    assert shown(reading) == [None] * 4
    assert "只有成文日期，不作发布日期" in reading.why


def test_a_head_in_a_table_of_its_own_still_names_the_columns() -> None:
    rows = "".join(
        f"<tr><td>0140/{n}</td><td><a href='/zc/{n}.html'>关于第{n}号事项的意见</a></td>"
        f"<td>示政发〔2026〕{n}号</td><td>{on}</td></tr>"
        for n, on in enumerate(WRITTEN)
    )
    heads = "".join(f"<td>{name}</td>" for name in ("索引号", "名称", "文号", "成文日期"))
    html = (
        f"<!-- synthetic --><div><table><tr>{heads}</tr></table></div>"
        f"<div><table>{rows}</table></div>"
    )
    reading = read_list(Page("https://www.example.gov.cn/zc/", html.encode(), TODAY))
    assert reading.outcome is Outcome.UNDATED
    assert shown(reading) == [None] * 4


@pytest.mark.parametrize(
    "html",
    [
        "<td>索引号：</td><td>名称：</td><td>发布日期：</td>",
        "<p>索引号和名称、发布日期的填写说明</p>",
        "<th>索引号</th><th>名称</th>",
        "<th>名称</th><th>发布日期</th>",
    ],
)
def test_labels_prose_and_half_a_head_are_no_catalogue(html: str) -> None:
    assert disclosure.recognise(html) is None
