"""Synthetic list pages in the shape that portals have: 26, 30 and 160 KB, the same for a seed.

A page has so many rows, each with a title, an address and a day. An edition shows one more row at
its head, dated today, and drops the last one: what a usual day brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zlib import crc32

KILOBYTES = (26, 26, 26, 30, 30, 26, 26, 30, 26, 160)  # page by page, in turn
SMALL = 26
_MENU_SHARE = {26: 0.42, 30: 0.42, 160: 0.3}  # of the page's bytes; what is then left is script
_WHO = ("市发展和改革委员会", "市教育局", "市民政局", "市财政局", "市生态环境局", "市交通运输局")
_DOES = ("关于公布", "关于开展", "组织召开", "关于印发", "关于做好", "扎实推进", "关于调整")
_WHAT = ("农村人居环境整治", "老旧小区改造", "城乡居民医保参保", "公共租赁住房配租", "义务教育招生")
_ENDS = ("工作的通知", "有关事项的公告", "推进会", "实施方案", "情况的通报", "名单的公示")
_MENU = ("政务公开", "政府文件", "政策解读", "办事服务", "互动交流", "统计数据", "财政预决算")

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{name}_示例市人民政府</title>
<meta name="SiteName" content="示例市人民政府">
<meta name="SiteDomain" content="{host}">
<meta name="SiteIDCode" content="{code}">
<meta name="ColumnName" content="{name}">
<meta name="ColumnType" content="政务动态">
<meta name="Keywords" content="示例市,人民政府,{name}">
<meta name="generator" content="synthetic">
<link rel="stylesheet" href="/css/common.css"><link rel="stylesheet" href="/css/list.css">
<script src="/js/jquery.min.js"></script><script src="/js/common.js"></script>
<script>{script}</script>
</head>
<body>
<div class="header"><div class="wrap"><a class="logo" href="/">示例市人民政府</a>
<form class="search" action="/search"><input name="q" placeholder="请输入关键字">\
<button>搜索</button></form>
</div></div>
<div class="nav"><div class="wrap"><ul>
{menu}
</ul></div></div>
<div class="wrap position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; \
<span>{name}</span></div>
<div class="wrap main">
<div class="left"><h3>栏目导航</h3><ul>
{left}
</ul></div>
<div class="right"><div class="tit"><h2>{name}</h2></div>
<ul class="list">
{rows}
</ul>
<div class="page"><span class="current">1</span><a href="index_1.html">2</a>\
<a href="index_2.html">3</a><a href="index_1.html">下一页</a><a href="index_24.html">尾页</a></div>
</div>
<div class="side"><h3>热点专题</h3><ul>
{side}
</ul></div>
</div>
<div class="footer"><p>主办：示例市人民政府办公室　承办：示例市大数据中心</p>
<p>网站标识码：{code}　<a href="https://beian.miit.gov.cn/">苏ICP备00000000号</a></p>
<p>联系电话：0513-00000000　<a href="/wzdt/">网站地图</a></p></div>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One list: the `number`th of its host. `seed` decides all that is on it but the days."""

    host: str
    number: int
    seed: int = 1

    @property
    def path(self) -> str:
        return f"/zwgk/c{self.number:03}/index.html"

    @property
    def kilobytes(self) -> int:
        return KILOBYTES[self.number % len(KILOBYTES)]

    @property
    def rows(self) -> int:
        """How many rows does it show? Twenty to thirty."""
        return 20 + self._chosen("rows") % 11

    def page(self, edition: int, today: date) -> bytes:
        """The page as it stands after so many new rows."""
        newest = edition + self.rows - 1
        rows = "\n".join(self._row(newest - at, today) for at in range(self.rows))
        frame, script = self._frame()
        text = frame.replace("{rows}", rows)
        room = self.kilobytes * 1000 - len(text.encode())
        return text.replace("{script}", script[: max(room, 0)]).encode()

    def _chosen(self, of: str) -> int:
        return crc32(f"{self.seed}/{self.host}/{self.number}/{of}".encode())

    def _row(self, number: int, today: date) -> str:
        """An article: those that later editions bring are today's, the others lie days apart."""
        chosen = self._chosen(f"article{number}")
        pace = 1 + self._chosen("pace") % 3
        day = today - timedelta(days=max(0, self.rows - number) * pace)
        title = "".join(
            words[(chosen >> 8 * at) % len(words)]
            for at, words in enumerate((_WHO, _DOES, _WHAT, _ENDS))
        )
        url = f"/zwgk/c{self.number:03}/{day:%Y%m}/t{day:%Y%m%d}_{number:05}.html"
        link = f'<a href="{url}" title="{title}" target="_blank">{title}</a>'
        return f"<li>{link}<span>{day}</span></li>"

    def _frame(self) -> tuple[str, str]:
        name = f"{_WHAT[self._chosen('name') % len(_WHAT)]}{self.number}"
        code = f"{self._chosen('code'):010}"
        held = {"name": name, "host": self.host, "code": code, "rows": "{rows}"}
        menu = _menu(int(self.kilobytes * 1000 * _MENU_SHARE[self.kilobytes]))
        text = _PAGE.format(menu=menu, left=_links(12), side=_links(8), script="{script}", **held)
        return text, _script(self.kilobytes * 1000)


def _links(count: int) -> str:
    names = (f"{_MENU[at % len(_MENU)]}{at}" for at in range(count))
    return "\n".join(f'<li><a href="/zt/z{at}/">{name}</a></li>' for at, name in enumerate(names))


@cache
def _menu(size: int) -> str:
    """So many bytes of two levels of links."""
    lines: list[str] = []
    while size > 0:
        at = len(lines)
        inner = "".join(
            f'<li><a href="/zwgk/m{at}/n{n}/" target="_self">{_MENU[n]}</a></li>' for n in range(6)
        )
        lines.append(f'<li><a href="/zwgk/m{at}/">{_MENU[at % 7]}</a><ul>{inner}</ul></li>')
        size -= len(lines[-1].encode()) + 1
    return "\n".join(lines)


@cache
def _script(size: int) -> str:
    """At least so many bytes of plain script, any beginning of which is harmless."""
    line = '/* nav */ window.nav = window.nav || {{}}; nav["m{0}"] = "/zwgk/m{0}/index.html";\n'
    return "".join(line.format(at) for at in range(size // 60))
