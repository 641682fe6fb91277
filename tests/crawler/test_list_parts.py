"""What makes lists quick to read gives what the slow way gives."""

from __future__ import annotations

from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from crawler.readers.listing import scan as scan_module
from crawler.readers.listing.elements import elements_round
from crawler.readers.listing.items import link_markup, texts_of
from crawler.readers.listing.links import TitledLink, TitledLinks
from crawler.readers.listing.places import Row
from crawler.readers.listing.rowtext import read_row_texts, resolve
from crawler.readers.listing.scan import scan_page

BASES = (
    "https://www.example.gov.cn/zwgk/tzgg/index.html",
    "http://www.example.gov.cn",
    "http://www.example.gov.cn/a//b/../?x=/y/",
    "http://www.example.gov.cn/a;b/c#d",
)
STARTS = ("", "/", "//", "./", "../", "../../../", "http://b.example.gov.cn/", "a/", "a//", "./..")
ENDS = (
    *("", "t20260101_1.html", "..", ".", "?id=1", "list.jsp?id=1&p=2", "a?u=/b/", "a;b", "#top"),
    *("javascript:go(1)", "公告.html", "a b.html", "...", "%20.html", "a:80/b", "a?b:c"),
)


@pytest.mark.parametrize("base", BASES)
def test_an_address_is_resolved_as_a_browser_resolves_it_whatever_its_folder(base: str) -> None:
    for start, end in product(STARTS, ENDS):
        whole = urljoin(base, start + end)
        parts = urlsplit(whole)
        lead = whole if parts.scheme in ("http", "https") and parts.hostname else None
        assert resolve(start + end, base) == lead, start + end


MARKUP = (
    '<a href="/a.html" title="全称">简称…</a>',
    '<a class="tit b" href=x>甲<span>乙</span> 丙<!-- 注 -->丁<br>戊</a>',
    "<a><h3>题</h3><p>摘要<div>又一段</div></p></a>",
    "<a><ruby>汉<rt>hàn</rt></ruby>字</a>",
    "<a>甲<table><tr><td>乙</td></tr></table></a>",
    "<a>未完<b>粗",
    '<a {if x}href="/a.html" {}title=b>模板</a>',
    "<a>&nbsp;&lt;甲&gt;&amp;乙</a><i onclick=\"go('/b.html')\">丙</i>",
    "<?php 甲 ?><a>乙<o:p>丙</o:p></a>",
)


def test_the_elements_of_a_row_are_those_of_beautiful_soup() -> None:
    soup = BeautifulSoup("".join(f"<x-row>{each}</x-row>" for each in MARKUP), "lxml")
    rows = soup.find_all("x-row")
    for ours, theirs in zip(elements_round(MARKUP), rows, strict=True):
        inner = theirs.find_all(True)
        assert [each.name for each in ours.inner] == [tag.name for tag in inner]
        assert [each.get("href") for each in ours.inner] == [tag.get("href", "") for tag in inner]
        words = ["".join(tag.strings) for tag in (theirs, *inner)]
        assert ["".join(each.texts) for each in (ours, *ours.inner)] == words


PLAIN = (
    '<a href="/a.html" title="关于某事的全称">关于某事的全…</a>',
    '<a href=/b.html title="标题：甲通知 发布：2026-01-01">标题：甲通知 发布：2026-01-01</a>',
    '<a {x}href="/c.html" title>丙通知</a>',
    '<a href="#" onclick="go(&#39;/d.html&#39;)" title=" 丁公告 ">NEW! 丁公告 |</a>',
    "<a href='/e.html?a=1&copy=2&amp;b=3'>&nbsp;戊&amp;己的&lt;通知&gt; </a>",
    '<a href="/f.html" alt="某某通知" title="某某通知">·某某  通知</a>',
)


@pytest.mark.parametrize("markup", PLAIN)
def test_a_link_of_words_alone_is_read_as_its_markup_is(markup: str) -> None:
    scan = scan_page(f"<p>{markup}</p>")
    at = scan.tags.index("a")
    row = Row(at, scan.ends[at], scan.parents[at], [TitledLink(at, "链接")])
    [text] = texts_of(scan, [row], BASES[0])
    assert [text] == read_row_texts([link_markup(scan, row.links)], BASES[0])
    assert text.title
    assert text.url


def test_titled_links_are_the_same_whether_few_or_all_are_looked_at() -> None:
    menu = "".join(
        f"<li><a href='/{n}/'>{'更多' if n % 3 else f'栏目{n}'}</a></li>" for n in range(120)
    )
    scan = scan_page(f"<ul>{menu}</ul>")
    all_at_once = list(TitledLinks(scan))
    one_by_one = TitledLinks(scan)
    assert [link.title for link in all_at_once] == [f"栏目{n}" for n in range(0, 120, 3)]
    for at, tag in enumerate(scan.tags):
        inside = [link for link in all_at_once if at <= link.at <= scan.ends[at]]
        if tag == "li":
            assert one_by_one.between(at, scan.ends[at]) == inside
            assert one_by_one.any_between(at, scan.ends[at]) == bool(inside)
    assert one_by_one.count(0, len(scan.tags)) == len(all_at_once)


def test_past_the_most_nodes_days_are_noted_in_all_parts_that_a_selector_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scan_module, "_MOST_NODES", 4)
    rows = [f"<ul class='list'><li>第{n}条</li><li>2026-11-0{n}</li></ul>" for n in (1, 2, 3)]
    scan = scan_page("".join(rows), "ul")
    assert scan.tags == ["ul", "li", "-text", "li"]
    assert (scan.parents, scan.ends) == ([-1, 0, 1, 0], [3, 2, 2, 3])
    assert scan.rest == ["2026-11-01", "第2条", "2026-11-02", "第3条", "2026-11-03"]
