"""What stands round the content of a page: head, menus, banners, sidebars, foot, bad markup."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from tests.crawler.mutations.words import (
    OFFICES,
    SITES,
    TODAY,
    full_forms,
    other_day,
    some_day,
    title,
)

_HOLDERS = ("div", "div", "div", "section", "article", "td", "main")
_CONTENT_NAMES = (
    "content",
    "main clearfix",
    "w1200",
    "con_right fl",
    "box",
    "nr",
    "gl_c",
    "wrap",
    "row-fluid",
    "a1b2c3",
    "",
    "",
)
_WEEKDAYS = "一二三四五六日"


def named(rng: Random, names: Sequence[str]) -> str:
    """A class or an id of these names, or none, quoted in one of three ways."""
    name = rng.choice(names)
    if not name:
        return ""
    key = "class" if " " in name or rng.random() < 0.8 else "id"
    if " " in name or rng.random() < 0.8:
        return f' {key}="{name}"' if rng.random() < 0.8 else f" {key}='{name}'"
    return f" {key}={name}"


def wrapped(rng: Random, content: str) -> str:
    """The content inside zero to seven holders, as templates nest them."""
    for _ in range(rng.randrange(8)):
        tag = rng.choice(_HOLDERS)
        name = named(rng, _CONTENT_NAMES)
        if tag == "td":
            content = f"<table{name}><tr><td>\n{content}\n</td></tr></table>"
        else:
            content = f"<{tag}{name}>\n{content}\n</{tag}>"
    return content


def banner(rng: Random) -> str:
    """The day that the site shows everyone: of the visit, or of the last build."""
    day = TODAY - timedelta(days=rng.choice((0, 0, 0, 1, 30)))
    week = f"星期{_WEEKDAYS[day.weekday()]}"
    written = f"{day.year}年{day.month}月{day.day}日"
    said = rng.choice(
        (
            f"今天是{written} {week}",
            f"今天是：{written}&nbsp;{week}",
            f"欢迎访问{SITES[0]}！今天是{written} {week}",
            f"{written} {week} 多云 12℃",
            f"<span>今天是</span><span>{written} {week}</span>",
        )
    )
    return f"<div{named(rng, ('top', 'date', 'topbar fl', 'time', ''))}>{said}</div>"


def menu(rng: Random) -> str:
    """The main navigation: short links without days."""
    names = ("首页", "走进示例", "政务公开", "政务服务", "互动交流", "数据开放", "专题专栏")
    links = "".join([f'<li><a href="/{at}/">{name}</a></li>' for at, name in enumerate(names)])
    return f"<div{named(rng, ('nav', 'menu', 'header', 'mainnav'))}><ul>{links}</ul></div>"


def crumbs(rng: Random, column: str) -> str:
    """Where the page lies: 当前位置."""
    mark = rng.choice((" > ", " >> ", "&gt;", " › ", "&nbsp;&raquo;&nbsp;"))
    steps = ['<a href="/">首页</a>', '<a href="/zwgk/">政务公开</a>']
    steps.append(f'<a href="./">{column}</a>' if rng.random() < 0.7 else column)
    name = named(rng, ("crumb", "position", "dqwz", "location", ""))
    label = rng.choice(("当前位置：", "您的位置：", "您现在的位置:"))
    return f"<div{name}>{label}{mark.join(steps)}</div>"


def sidebar(rng: Random, longest: int = 6) -> str:
    """A list of other articles with their days, some later than anything else on the page."""
    heading = rng.choice(("热点信息", "点击排行", "相关阅读", "热门推荐", "推荐阅读", "相关信息"))
    form = full_forms(rng)
    rows = []
    for number in range(rng.randint(3, longest)):
        link = f'<a href="/hot/{number}.html">{title(rng, 9000 + number, dated=False)}</a>'
        rows.append(f"<li>{link}<span>{form(some_day(rng))}</span></li>")
    name = named(rng, ("sidebar", "hot", "related", "side-box", "rmtj", "right-hot"))
    head = rng.choice(("h3", "h4", "div", "p"))
    return f"<div{name}><{head}>{heading}</{head}><ul>{''.join(rows)}</ul></div>"


def foot(rng: Random) -> str:
    """Copyright years, counts, filing numbers and the day of the last build."""
    form = full_forms(rng)
    lines = [
        f"主办单位：{rng.choice(OFFICES)}　承办：示例市大数据中心",
        f"版权所有 © {rng.randrange(2003, 2012)}-{rng.randrange(2015, 2027)} {rng.choice(SITES)}",
        "ICP备00000000号-1　网站标识码：0000000000",
    ]
    if rng.random() < 0.3:
        lines.append(f"publishdate:{form(some_day(rng))}")
    if rng.random() < 0.3:
        lines.append(f"页面生成时间：{form(some_day(rng))}")
    body = rng.choice(("<br>", "<br/>")).join(lines)
    if rng.random() < 0.3:
        return f"<footer>{body}</footer>"
    return f"<div{named(rng, ('foot', 'footer', 'copyright', 'bottom'))}><p>{body}</p></div>"


def noise(rng: Random) -> str:
    """Comments and scripts with days that no visitor sees."""
    day = some_day(rng)
    return rng.choice(
        (
            f"<!-- 生成于 {day} 10:20:30 -->",
            f"<!-- <li><a href='/x.html'>旧版栏目示例信息标题</a><span>{day}</span></li> -->",
            f'<script>var buildTime = "{day} 03:00:00"; var v = "{day:%Y%m%d}";</script>',
            f'<script type="text/javascript">/* {day} */ if (a < 3) {{ go(); }}</script>',
            f"<style>/* {day:%Y/%m/%d} */ .a > b {{ color: #201905; }}</style>",
            f'<input type="hidden" name="now" value="{day}">',
            "<div class='clear'/></div>",
            "",
        )
    )


def document(rng: Random, page_title: str, metas: str, body: Sequence[str]) -> tuple[bytes, str]:
    """The bytes of a whole page and the content type of its answer, maybe with bad markup."""
    charset, declared, content_type = rng.choice(_ENCODINGS)
    meta = f'<meta charset="{declared}">' if rng.random() < 0.5 else _old_meta(declared)
    start = rng.choice(_STARTS).format(charset=declared or charset)
    inner = "\n".join([noise(rng), *body, noise(rng)])
    inner = _damaged(rng, inner)
    html = (
        f"{start}<head>\n{meta if declared else ''}\n<title>{page_title}</title>\n{metas}\n"
        f"</head>\n<body>\n<!-- synthetic -->\n{inner}\n</body>\n</html>"
    )
    if rng.random() < 0.2:
        html = html.replace("\n", "\r\n")
    mark = BOM_UTF8 if charset == "utf-8" and rng.random() < 0.15 else b""
    return mark + html.encode(charset), content_type


_ENCODINGS = (
    ("utf-8", "utf-8", "text/html; charset=utf-8"),
    ("utf-8", "utf-8", "text/html"),
    ("utf-8", "UTF-8", ""),
    ("utf-8", "", ""),
    ("utf-8", "gb2312", "text/html"),
    ("gb18030", "gb2312", "text/html"),
    ("gb18030", "gbk", "text/html; charset=GBK"),
    ("gb18030", "GB2312", "text/html; charset=utf-8"),
    ("gb18030", "utf-8", "text/html"),
    ("gb18030", "", ""),
)
_STARTS = (
    "<!DOCTYPE html>\n<html>\n",
    '<!DOCTYPE html>\n<html lang="zh-CN">\n',
    "<html>\n",
    '<?xml version="1.0" encoding="{charset}"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 '
    'Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml">\n',
)


def _old_meta(charset: str) -> str:
    return f'<META http-equiv="Content-Type" content="text/html; charset={charset}" />'


def _damaged(rng: Random, html: str) -> str:
    """The same words in the markup of careless templates; a browser shows the same lines."""
    if rng.random() < 0.2:
        html = re.sub(r"</?[a-z][a-z0-9]*(?=[\s>/])", lambda tag: tag.group().upper(), html)
    if rng.random() < 0.15:
        html = re.sub(r"</(?:p|li|td|tr|dd|dt)>", "", html, flags=re.IGNORECASE)
    if rng.random() < 0.15:
        html = re.sub(r"(</(?:p|h\d)>)", r"</font></span>\1", html, flags=re.IGNORECASE)
    if rng.random() < 0.1:
        html = re.sub(r"</div>", "</div></div>", html, count=1)
    if rng.random() < 0.1:
        html += "</div></td></tr></table>"
    return html


def written_day(rng: Random, day: date) -> str:
    """Some other day near this one, as running text writes it."""
    form = full_forms(rng)
    return form(other_day(rng, day))
