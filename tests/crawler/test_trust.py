"""The order of trust that the documents give is the order of the code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from checks.facts import DateSource, Item
from crawler.readers import article
from crawler.readers.article import read_article
from crawler.readers.page import Page
from crawler.readers.weighed import candidates_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "architecture.md"
TODAY = date(2026, 11, 22)


def documented(heading: str) -> list[str]:
    text = DOCUMENT.read_text(encoding="utf-8")
    section = text.split("## Dates: order of trust\n")[1].split(f"### {heading}\n")[1]
    return re.findall(r"^\d+\. `([^`]+)`:", re.split(r"^##", section, flags=re.M)[0], re.M)


def test_the_order_for_articles_is_the_one_documented() -> None:
    ranked = [(rank, rule) for rank, (rule, _, _) in enumerate(article._RULES)]
    ranked.append((article._SCRIPT, "脚本中的发布日期"))
    ranked += [(article._WEAK, rule) for rule, _, _ in article._WEAK_RULES]
    ranked += [(article._META, "网页元数据"), (article._ADDRESS, "网址")]
    assert max(rank for rank, _ in ranked) < article._UNFIT
    assert documented("An article") == [rule for _, rule in sorted(ranked, key=lambda r: r[0])]


def test_the_order_for_rows_is_the_one_documented() -> None:
    sources = (DateSource.LIST, DateSource.URL, DateSource.LABEL)
    dated = [Item("标题", None, TODAY, "11-22", source) for source in sources]
    assert documented("A row of a list") == [candidates_of(item)[0].rule for item in dated]


@pytest.mark.parametrize(
    ("better", "worse", "rule"),
    [
        (
            "<p>发布时间：2026-03-01</p>",
            "<meta name='PubDate' content='2026-09-09'>",
            "标题旁的发布日期",
        ),
        ("<p>发布时间：2026-03-01</p>", "<p>2026-09-09 10:00:00</p>", "标题旁的发布日期"),
        (
            "<p>2026-03-01 10:00:00</p>",
            "<meta name='PubDate' content='2026-09-09'>",
            "标题旁的日期时间",
        ),
    ],
)
def test_the_better_of_two_dates_is_taken_and_the_other_told_after_it(
    better: str, worse: str, rule: str
) -> None:
    title = "关于做好城乡环境整治工作的通知"
    head = worse if worse.startswith("<meta") else ""
    body = f"<h1>{title}</h1>{better}{'' if head else worse}<p>各单位：现将有关事项通知如下。</p>"
    html = f"<!-- synthetic --><html><head><title>{title}</title>{head}</head><body>{body}</body>"
    reading = read_article(Page("https://a.gov.cn/1.html", html.encode(), TODAY))
    assert [(str(each.on), each.rule) for each in reading.candidates][:1] == [("2026-03-01", rule)]
    assert date(2026, 9, 9) in [each.on for each in reading.candidates[1:]]
