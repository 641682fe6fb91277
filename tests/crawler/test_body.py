"""Where an article's text begins and ends. All pages synthetic."""

from __future__ import annotations

from datetime import date

import pytest

from checks.fakes import content_hash
from crawler.readers.body import MOST_CHARS, Body, read_body
from crawler.readers.page import Page

TITLE = "关于做好示例工作的通知"
TEXT = "各有关单位：\n现将示例工作的有关事项通知如下，请认真贯彻落实。"
FOOT = "<div class='footer'><p>主办：示例市人民政府</p><p>今日：2026年11月28日</p></div>"


def page(
    head: str = f"<h1>{TITLE}</h1>", meta: str = "发布日期：2026-11-01 浏览次数：5", tail: str = ""
) -> str:
    text = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))
    return (
        f"<html><!-- synthetic --><head><title>{TITLE}_示例市</title></head><body>"
        f"<div><a href='/'>首页</a> <a href='/a'>通知公告</a></div>{head}<p>{meta}</p>"
        f"<div>{text}</div>{tail}{FOOT}</body></html>"
    )


def read(html: str, title: str = TITLE) -> Body:
    return read_body(
        Page("https://www.example.gov.cn/1.html", html.encode(), date(2026, 11, 28)), title
    )


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "<p>2026年11月1日</p>",
        "<p>上一篇：<a href='/2'>另一条</a></p><p>下一篇：没有了</p>",
        "<div>相关链接</div><ul><li>另一条，内容很长。</li></ul>",
        "<p>责任编辑：示例</p><p>【打印】【关闭】</p><p>别的</p>",
        "<p>扫一扫在手机打开当前页</p>",
    ],
)
def test_the_text_ends_before_what_follows_every_article(tail: str) -> None:
    assert read(page(tail=tail)) == Body(TITLE, TEXT, whole=True)


@pytest.mark.parametrize(
    "meta",
    ["", "2026-11-20 08:30", "来源：示例局 时间：2026年11月20日 字号：【大 中 小】", "阅读：7"],
)
def test_dates_sources_and_counters_are_no_text(meta: str) -> None:
    assert read(page(meta=meta)).text == TEXT


def test_the_same_text_on_another_day_has_the_same_hash() -> None:
    first, second = (
        read(page(meta=f"发布日期：{day} 浏览次数：{n}"))
        for day, n in (("2026-01-05", 900), ("2026-11-20", 3))
    )
    hashes = {content_hash(each.title, each.text, 20) for each in (first, second)}
    assert len(hashes) == 1
    assert None not in hashes


def test_a_title_that_the_list_cut_short_is_read_in_full() -> None:
    assert read(page(), "关于做好示例工作...") == Body(TITLE, TEXT, whole=True)
    assert read(page(), "关于做好示例工作……").title == TITLE


def test_without_a_title_on_the_page_the_text_is_not_known_to_be_one() -> None:
    html = "<html><!-- synthetic --><body><p>只有一段示例文字。</p></body></html>"
    assert read(html) == Body(TITLE, "只有一段示例文字。", whole=False)


def test_a_line_about_dates_within_the_text_is_kept_when_it_is_long() -> None:
    line = "报名时间：自2026年11月1日起至2026年11月20日止，" + "逾期不再受理，请相互转告。" * 10
    assert line in read(page(tail=f"<p>{line}</p>")).text


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        f"<h1>{TITLE}</h1>" + "<p>文" * 100_000,
        f"<h1>{TITLE}</h1>" + "<p>时间：</p>" * 30_000,
        f"<div class='foot'>{TITLE}" * 20_000,
        "<h1>" + TITLE * 20_000,
    ],
)
def test_a_hostile_page_is_read_to_a_bound(html: str) -> None:
    assert len(read(html).text) <= MOST_CHARS
