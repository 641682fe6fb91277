"""Pieces that readers might choke on, or be led by: put into pages, feeds and registers."""

from __future__ import annotations

DATES = (
    *(
        "2026-11-22",
        "2026-11-23",
        "2099-12-31",
        "1899-12-31",
        "0000-00-00",
        "2026-02-30",
        "26-11-2",
    ),
    *("2026年11月22日", "二〇二六年十一月二十二日", "二〇二四年二月三十日", "２０２６－１１－２２"),
    *("11-22", "[11-22]", "11月22日", "2026-11", "22", "刚刚", "3小时前", "9999天前", "昨天 25:61"),
    *("2026²-11-22", "٢٠٢٦-١١-٢٢", "२०२६-११-२२", "2026-11-22T23:59:60Z", "2026-11-22 24:00"),
    *("2026-11-22T10:00:00+99:99", "2026.11.22+08:00", "20261122", "20261122999999", "1795276800"),
    *("1795276800000", "-1", "1e308", "1e999", "NaN", "Infinity", "9" * 400, "-" * 300),
    *("Sun, 22 Nov 2026 10:00:00 +0800", "Sun Nov 22 10:00:00 +9999 2026", "Sun, 99 Abc 26 1:2:3"),
    *("2\u200b0\u200b26-11-22", "2026 - 11 -22", "发布时间：2026-11-22", "截止日期：2026-12-31"),
    *(
        "来信时间：2026-11-01",
        "答复时间：2026-11-02",
        "今天是2026年11月22日 星期日",
        "2026\u3000年",
    ),
)
MARKUP = (
    *(
        "<",
        ">",
        "</",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<script>",
        "</script>",
        "<style>",
        "</ul>",
    ),
    *(
        "<ul><li>",
        "</li>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<div",
        "<div>",
        "</div>",
        "<a ",
    ),
    *(
        "<a href='javascript:alert(1)'>题</a>",
        "<a href='//[::1'>题</a>",
        "<a href='data:,x'>题</a>",
    ),
    *("<a href='http://[x]:99999/'>通知公告</a>", "<a href='\x00/a'>通知</a>", "<base href='::'>"),
    *("&#0;", "&#xD800;", "&#1114112;", "&#x", "&amp;amp;", "&nbsp;" * 30, "&lt;b&gt;", "&" * 50),
    *("<meta charset=utf-7>", "<meta charset=hz>", "<meta charset=idna>", "<?xml version='1.0'?>"),
    *(
        "<meta name=PubDate content=2026-11-22>",
        "<title>",
        "<frameset>",
        "<noscript>",
        "<template>",
    ),
    *("<!DOCTYPE a [<!ENTITY b 'bb'>]>", "<p style='display:none'>", " hidden ", "<svg><title>"),
    *("<record><![CDATA[<a href='/x'>题</a>2026-11-22]]></record>", "<datastore>", "<nextgroup>"),
    *("<item><title>题</title><pubDate>2099-01-01</pubDate></item>", "<entry>", "</rss>", "<feed>"),
    *("class='pagination'", "共0条", "暂无信息", "访问过于频繁", "验证码", "系统维护中", "404"),
)
SCRIPTS = (
    *(
        "{",
        "}",
        "[",
        "]",
        "[" * 3000,
        '{"a":' * 900,
        "null",
        "true",
        '"',
        "\\",
        "\\u",
        "\\ud800",
        ",",
    ),
    *('{"items":[{"title":null,"date_published":1e999}]}', '{"data":{"cards":[{"mblog":{}}]}}'),
    *('"created_at":"Sun Nov 22 10:00:00 +0800 2026"', '"total":-1', '"total":1e400', '"rows":{}'),
    *("var a=['2026-11-22'];", "document.write('2026-11-22');", "new Date()", "/*", "*/", "//"),
)
TEXT = (
    *("\x00", "\x0b", "\x1b[31m", "\r\n", "\t", "\ufeff", "\u202e", "\u2066", "\u200b", "\ufffe"),
    *("=cmd()", "+1", "-1", "@a", "＝1", "%s", "{}", "{{x}}", "${x}", "\U0001f600", "é", "½", "①"),
    *(" " * 500, "　" * 200, "题" * 700, "\u2028", "\x85", "\xa0", "[置顶]", "置顶", "NEW", "更多"),
)
TOML = (
    *("[[unit]]", "[[column]]", "[[", "]]", '"""', "'''", "id = ", 'id = "a"', "id = 1979-05-27"),
    *("= inf", "= nan", "= -0x1", "= 1e400", "= " + "9" * 5000, "= [" * 300, "= {", "\\uD800", "#"),
    *('url = "http://[::1"', 'url = "https://a:99999/"', 'url = "javascript:1"', 'class = "news"'),
    *('cycle = "0 days"', 'cycle = "-5 working days"', 'cycle = "９ months"', "emails = [1]"),
    *('selectors = "li:has(("', 'selectors = "row=li;date=span"', 'exempt_until = "0001-01-01"'),
    *("redirect_to = 'a'", "min_items = 1e2", "min_items = true", "level = '²'", "level = '٣'"),
)
# Synthetic numbers of the form of persons' ones, in the places where letters show them.
PHONE, IDENTITY, OLD_IDENTITY = "13800000000", "320621190001010016", "320621900101001"
PERSONS = (
    *(PHONE, IDENTITY, OLD_IDENTITY, "+86 138-0000-0000", "１３８　００００　００００"),
    *("86-13800000000", "&#49;&#51;&#56;00000000", f"电话：{PHONE}", f"手机号 {PHONE}，"),
    *(f"身份证号：{IDENTITY}", f"编号：{PHONE}", f"{PHONE}@qq.com", f"我叫张三丰，{PHONE}"),
    *(f"<td>{PHONE}</td>", f"<td>联系方式</td><td>{PHONE}</td>", f"<b title='{PHONE}'>张三丰</b>"),
    *(f"<!-- {PHONE} -->", f"<script>var a = '{PHONE}', b = {PHONE};</script>"),
    *(f'<input name="mobile" value="{PHONE}">', f"<a href='tel:{PHONE}'>{PHONE}</a>"),
    *(f'"mobile":"{PHONE}",', f'"mobile":{PHONE},', f'"title":"{PHONE} {IDENTITY}",'),
    *(f'"remark":"{IDENTITY}",', f"<textarea>{PHONE}", f"<![CDATA[{PHONE}]]>", f"{PHONE}<p>"),
)
ALL = (*DATES, *MARKUP, *SCRIPTS, *TEXT)
