"""Answers that are not the page: firewall, challenge, maintenance, missing pages, loops."""

from __future__ import annotations

from app.demo.columns import Column
from app.demo.faults import Serve
from app.demo.pages.html import MARK
from app.demo.pages.reply import Ask, Reply, Route, always

SHELL_BYTES = 7700


def _bare(title: str, main: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n{MARK}\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n{head}</head>\n<body>\n{main}\n</body>\n</html>\n"
    )


def firewall_shell() -> bytes:
    """A page of some 7.7 kB that a cloud firewall shows instead of the site."""
    rules = "".join(
        f".guard-{i}{{position:absolute;left:{i * 3}px;top:{i * 5}px;opacity:.{i % 9 + 1}}}\n"
        for i in range(110)
    )
    main = (
        '<div class="guard"><h1>拒绝执行</h1><p>您的访问请求未通过安全检查，已被拦截。</p>'
        "<p>如有疑问，请联系网站管理员，并提供事件编号 0000-demo。</p>"
        "<p>网站云防护系统</p></div>"
    )
    page = _bare("拒绝执行 | 网站云防护系统", main, f"<style>\n{rules}</style>\n").encode()
    return page[:-1].ljust(SHELL_BYTES, b" ") + b"\n"


def challenge() -> bytes:
    """A page that only runs a script which would set a cookie and load the page again."""
    noise = "".join(f"{i * 7919 % 100003:x}," for i in range(500))
    head = f"<meta content='{noise[:60]}' r='m'>\n"
    script = (
        "<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};"
        f"$_ts.nsd=38214;$_ts.cd='{noise}';</script>\n<script src='/c4Hq1v/demo.js'></script>"
    )
    return _bare("", script, head).encode()


def _said(text: str) -> bytes:
    return _bare(text, f"<div><h2>{text}</h2></div>").encode()


FIXED: dict[Serve, Reply] = {
    "firewall_403": Reply(firewall_shell(), 403),
    "firewall_200": Reply(firewall_shell()),
    "challenge_412": Reply(challenge(), 412),
    "busy_503": Reply(_said("Service Unavailable"), 503),
    "hold": Reply(hold=True),
    "soft_404": Reply(_said("抱歉，您访问的页面不存在")),
    "gone_404": Reply(_said("404 Not Found"), 404),
    "maintenance": Reply(_said("系统升级维护中，暂停服务，请稍后访问")),
    "script_shell": Reply(
        _bare(
            "栏目",
            '<div id="app"></div>\n<script src="/static/js/app.js"></script>',
        ).encode()
    ),
}

FEED = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!-- synthetic -->\n'
    '<rss version="2.0"><channel><title>synthetic</title></channel></rss>\n'
)
# What an account's address answers in place of its posts.
OF_ACCOUNTS: dict[str | None, Reply] = {
    "firewall_403": FIXED["firewall_403"],
    "weibo_432": Reply(b"", 432, "text/plain"),
    "article_deleted": Reply(_said("该内容已被发布者删除")),
    "feed_without_entries": Reply(FEED.encode(), content_type="application/rss+xml"),
}


def routes(column: Column) -> dict[str, Route]:
    """What stands at the column's address? Empty when it is an ordinary list."""
    if column.serve == "loop":
        return _loop(column.path)
    if column.serve == "stub":
        head = f'<meta http-equiv="Refresh" content="0;URL={_last_part(column)}">\n'
        return {column.path: always(Reply(_bare(column.name, "", head).encode()))}
    if column.serve in FIXED:
        return {column.path: always(FIXED[column.serve])}
    return {}


def _last_part(column: Column) -> str:
    return "./" + column.list_path.removeprefix(column.path)


def _loop(path: str) -> dict[str, Route]:
    folder = path.rpartition("/")[0] + "/"

    def go(ask: Ask) -> Reply:
        return Reply(status=302, location=path if ask.path == folder else folder)

    return {path: go, folder: go}
