"""The common frame of the county's pages: head, navigation, footer."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

SIGN, ENTRY = "/dzjg.html", "/jiucuo.html"
# Numbers of the right form that nobody holds.
ICP, POLICE = "苏ICP备00000000号", "苏公网安备00000000000000号"
MARK = "<!-- synthetic page of the xunjian demo portal -->"
STYLE = (
    "body{font:16px/1.7 sans-serif;max-width:60em;margin:0 auto;padding:0 1em;color:#222}"
    ".nav a{margin-right:1em}li{list-style:none;border-bottom:1px dotted #ccc}"
    "ul{padding:0}li span{float:right;color:#666}.foot{margin-top:3em;color:#666;font-size:14px}"
    ".hot{border:1px solid #ccc;padding:0 1em;margin-top:2em}table{width:100%}"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of one site, or of one channel of it, share.

    `nav` are the channels and `menu` the columns beside this page, as (name, path);
    `charset_tag` is HTML. A frame that is not `filed` lacks the filing numbers in its foot.
    """

    site_name: str
    owner: str
    code: str
    nav: tuple[tuple[str, str], ...]
    charset_tag: str = '<meta charset="utf-8">'
    channel: str = ""
    menu: tuple[tuple[str, str], ...] = ()
    filed: bool = True

    def page(self, title: str, main: str, head: str = "", top: str = "") -> str:
        """One whole page. `title` is text; `main`, `head` and `top` are HTML."""
        links = _links(self.nav, "")
        return (
            f"<!DOCTYPE html>\n<html>\n<head>\n{MARK}\n{self.charset_tag}\n"
            f"<title>{escape(title)} - {self.site_name}</title>\n"
            f'<meta name="SiteName" content="{self.site_name}">\n'
            f'<meta name="SiteDomain" content="yunlan.example">\n'
            f'<meta name="SiteIDCode" content="{self.code}">\n'
            f"{head}<style>{STYLE}</style>\n</head>\n<body>\n{top}"
            f'<div class="header"><h2>{self.site_name}</h2></div>\n'
            f'<div class="nav">{links}</div>\n{self._menu()}{main}\n'
            f"{self._foot()}</body>\n</html>\n"
        )

    def _foot(self) -> str:
        filing = f" {ICP} {POLICE}" if self.filed else ""
        entry = f"{ENTRY}?site_code={self.code}"
        return (
            f'<div class="foot"><p>主办单位：{self.owner} 网站标识码：{self.code}{filing}</p>\n'
            f'<p><a href="{SIGN}">党政机关网站标识</a> <a href="{entry}">我为政府网站找错</a> '
            f"联系电话：0000-00000000</p>\n<p>本站为虚构的演示站点。</p></div>\n"
        )

    def where(self, *names: str) -> str:
        """The line “当前位置”: the channel, then these names."""
        steps = " &gt; ".join(escape(name) for name in ("首页", self.channel, *names) if name)
        return f'<div class="location">当前位置：{steps}</div>\n'

    def _menu(self) -> str:
        if not self.menu:
            return ""
        steps = _links(self.menu, "dd")
        return f'<dl class="left-menu"><dt>{escape(self.channel)}</dt>\n{steps}</dl>\n'


def _links(named: tuple[tuple[str, str], ...], tag: str) -> str:
    opening, closing = (f"<{tag}>", f"</{tag}>\n") if tag else ("", "")
    return "".join(
        f'{opening}<a href="{escape(path)}">{escape(name)}</a>{closing}' for name, path in named
    )


def text_of(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in paragraphs)
