"""One article and one list, in every charset, header and kind of markup: always the same day."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_LE
from datetime import date

import pytest

from checks.facts import Outcome
from crawler.readers.article import read_article
from crawler.readers.choose import newest_of, read_list
from crawler.readers.page import Page

TODAY = date(2026, 11, 22)
DAY = date(2026, 8, 3)
ADDRESS = "https://www.example.gov.cn/zwgk/tzgg/index.html"
TITLE = "关于做好镕园河道清淤整治工作的通知"
ARTICLE = f"""<body><!-- synthetic -->
<h1>{TITLE}</h1>
<div class="info">发布日期：２０２６年８月３日　来源：示例市水务局</div>
<div>根据《示例条例》（二〇一九年六月一日起施行），现将有关事项通知如下。</div>
</body></html>"""
LIST = f"""<body><!-- synthetic -->
<h2>通知公告</h2>
<ul><li><a href="/a/1.html">{TITLE}</a><span>2026-08-03</span></li>
<li><a href="/a/2.html">关于公布行政许可事项目录的公告</a><span>2026-07-21</span></li>
<li><a href="/a/3.html">关于加强农村公路养护的意见</a><span>2026-07-02</span></li></ul>
</body></html>"""
META = '<meta http-equiv="Content-Type" content="text/html; charset={}">'


def head(declared: str) -> str:
    return f"<html><head>{META.format(declared) if declared else ''}<title>{TITLE}</title></head>"


SENT: dict[str, tuple[str, str, bytes, str]] = {
    # how it is told: charset of the bytes, charset in the meta tag, mark, header
    "utf-8 said everywhere": ("utf-8", "utf-8", b"", "text/html; charset=utf-8"),
    "utf-8 said nowhere": ("utf-8", "", b"", ""),
    "utf-8 with a mark": ("utf-8", "gb2312", BOM_UTF8, "text/html; charset=gbk"),
    "utf-8 called gb2312": ("utf-8", "gb2312", b"", "text/html; charset=gb2312"),
    "utf-8 called latin-1": ("utf-8", "", b"", "text/html; charset=ISO-8859-1"),
    "gbk said nowhere": ("gbk", "", b"", ""),
    "gbk said by the header": ("gbk", "", b"", "text/html; charset=GBK"),
    "gbk said by the page": ("gbk", "gb2312", b"", "text/html"),
    "gbk called utf-8 by the header": ("gbk", "gbk", b"", "text/html; charset=utf-8"),
    "gbk called utf-8 by the page": ("gbk", "utf-8", b"", ""),
    "gbk called utf-8 by both": ("gbk", "utf-8", b"", "text/html; charset=utf-8"),
    "gbk called latin-1": ("gbk", "iso-8859-1", b"", "text/html; charset=iso-8859-1"),
    "gbk called by no known name": ("gbk", "x-chinese", b"", "text/html; charset=none"),
    "gb18030 called gb2312": ("gb18030", "gb2312", b"", ""),
    "utf-16 with a mark": ("utf-16-le", "gb2312", BOM_UTF16_LE, ""),
}


@pytest.mark.parametrize("sent", SENT)
def test_the_charset_never_costs_an_article_its_title_or_its_day(sent: str) -> None:
    charset, declared, mark, header = SENT[sent]
    body = mark + (head(declared) + ARTICLE).encode(charset)
    reading = read_article(Page(ADDRESS, body, TODAY, 200, header))
    assert (reading.title, reading.published_on) == (TITLE, DAY)
    assert (reading.date_text, reading.source) == ("２０２６年８月３日", "示例市水务局")


@pytest.mark.parametrize("sent", SENT)
def test_the_charset_never_costs_a_list_a_title_or_a_day(sent: str) -> None:
    charset, declared, mark, header = SENT[sent]
    body = mark + (head(declared) + LIST).encode(charset)
    reading = read_list(Page(ADDRESS, body, TODAY, 200, header))
    assert [item.title for item in reading.items][:1] == [TITLE]
    assert [str(item.published_on) for item in reading.items] == [
        "2026-08-03",
        "2026-07-21",
        "2026-07-02",
    ]


MIXED = (
    ("gbk", "utf-8", "示例市水务局版权所有"),
    ("utf-8", "gbk", "示例市水务局版权所有"),
    ("gbk", "latin-1", "\xff\x80\x81"),
    ("utf-8", "latin-1", "\xff\xfe\x80"),
)


@pytest.mark.parametrize(("charset", "other", "words"), MIXED)
@pytest.mark.parametrize("declared", ["utf-8", "gbk", ""])
def test_a_foot_in_another_charset_costs_no_day(
    charset: str, other: str, words: str, declared: str
) -> None:
    foot = b'<div class="foot">' + words.encode(other) + b"</div>"
    article = (head(declared) + ARTICLE).encode(charset).replace(b"</body>", foot)
    assert read_article(Page(ADDRESS, article, TODAY)).published_on == DAY
    listed = (head(declared) + LIST).encode(charset).replace(b"</body>", foot)
    newest = newest_of(read_list(Page(ADDRESS, listed, TODAY)).items, TODAY)
    assert newest is not None
    assert newest.published_on == DAY


XHTML = (
    '<?xml version="1.0" encoding="{}"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
)


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "UTF-16"])
def test_an_xml_declaration_makes_no_page_a_feed(charset: str, declared: str) -> None:
    article = (XHTML.format(declared) + head("") + ARTICLE).encode(charset)
    assert read_article(Page(ADDRESS, article, TODAY)).published_on == DAY
    body = (XHTML.format(declared) + head("") + LIST).encode(charset)
    listed = read_list(Page(ADDRESS, body, TODAY))
    assert (listed.outcome, listed.reader, len(listed.items)) == (Outcome.OK, "rows", 3)


BROKEN = {
    "self-closed holders": ("<body>", "<body><div class='clear'/><a name='top'/><span/>"),
    "self-closed script with its end": ("<body>", "<body><script src='/a.js'/></script>"),
    "closed twice": ("</div>", "</div></div></div></table></td>"),
    "upper case": ("<div", "<DIV"),
    "styles across blocks": ("<h", "<b><font color=red><h"),
    "a second body": ("<body>", "</head><body></body></html><html><body>"),
    "a comment left open at the end": ("</body></html>", "<!-- end"),
    "null bytes": ("<body>", "<body>\0\0"),
    "a bad entity": ("<body>", "<body>&nbsp&#x110000;&#0;&bogus;"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_markup_costs_no_day(name: str) -> None:
    old, new = BROKEN[name]
    article = (head("utf-8") + ARTICLE.replace(old, new)).encode()
    assert read_article(Page(ADDRESS, article, TODAY)).published_on == DAY
    listed = read_list(Page(ADDRESS, (head("utf-8") + LIST.replace(old, new)).encode(), TODAY))
    assert [item.published_on for item in listed.items][:1] == [DAY]
    assert len(listed.items) == 3
