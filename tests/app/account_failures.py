"""How the sources of accounts fail, each in its own way. All synthetic.

Most show nothing at all. Some show posts, and not that they are the last: those may confirm, and
never accuse.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from random import Random

from tests.app.account_answers import (
    FEED,
    PAGE,
    WECHAT,
    WEIBO,
    Look,
    Maker,
    ago,
    dated,
    gmt,
    naive,
    published,
    rss,
    weibo_answer,
    weibo_post,
)
from tests.crawler.server import Answer, Server, page
from tests.crawler.wechat_stand_in import MATERIALS, PUBLISHED, TOKEN

SHELL = "<html><meta content='x' r='m'><script>$_ts=window['$_ts'];$_ts.cd='x';</script></html>"
CAPTCHA = "<html><title>安全验证</title><body>请完成滑动验证后继续访问</body></html>"
RSSHUB = "<html><title>Welcome to RSSHub!</title><body>Something went wrong</body></html>"
WEB_PAGE = "<html><title>示例</title><body><p>订阅服务的首页。</p></body></html>"
NOTICES = ("该内容已被发布者删除", "此帐号已自主注销，内容无法查看", "该公众号已迁移")


def dropped(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "4000")
    handler.end_headers()
    handler.wfile.write(b"<rss version='2.0'><channel>")


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Nothing is ever said; the thread ends with the server."""
    assert isinstance(handler.server, Server)
    handler.server.released.wait()


def unseen(source: str, *answers: Answer) -> Maker:
    def make(rng: Random, age: int) -> Look:
        return Look(source, rng.choice(answers), seen=False)

    return make


def statuses(source: str, *codes: int) -> Maker:
    return unseen(source, *(page("", status=code) for code in codes))


def truncated(rng: Random, age: int) -> Look:
    whole = rss(dated(gmt(rng, age)), dated(gmt(rng, age + 9)))
    return Look(FEED, page(whole[: whole.rindex("</pubDate>") - 12]), accuses=False)


def hardly_begun(rng: Random, age: int) -> Look:
    whole = rss(dated(gmt(rng, age)))
    return Look(FEED, page(whole[: whole.index("</pubDate>") - 12]), seen=False)


def not_rebuilt(rng: Random, age: int) -> Look:
    """It may stop for good at any time: what came since is seen by nobody."""
    built = rng.randint(1, age) if age else 0
    text = rss(dated(naive(rng, age)), built=naive(rng, built))
    return Look(FEED, page(text), accuses=built <= 3, shown=built)


def undated(rng: Random, age: int) -> Look:
    return Look(FEED, page(rss("<pubDate>日期不详</pubDate>", "")), seen=False)


def partly_dated(rng: Random, age: int) -> Look:
    return Look(FEED, page(rss("", dated(gmt(rng, age)))), accuses=False)


def tomorrow(rng: Random, age: int) -> Look:
    """An evening's post of today by a feed that calls Beijing's time Greenwich's."""
    tonight = f"{ago(0):%a, %d %b %Y} 20:00:00 GMT"
    return Look(FEED, page(rss(dated(tonight), dated(gmt(rng, age)))), accuses=False)


def only_pinned(rng: Random, age: int) -> Look:
    card = {"card_type": 9, "mblog": weibo_post(rng, age, mblogtype=2)}
    return Look(WEIBO, weibo_answer(card), accuses=False)


def wechat_error(path: str, *codes: int) -> Maker:
    def make(rng: Random, age: int) -> Look:
        account = published(rng, age)
        account.errors[path] = rng.choice(codes)
        return Look(WECHAT, account, seen=False, vouched=rng.random() < 0.5)

    return make


def wechat_raw(path: str, *answers: bytes) -> Maker:
    def make(rng: Random, age: int) -> Look:
        account = published(rng, age)
        account.raw[path] = rng.choice(answers)
        return Look(WECHAT, account, seen=False, vouched=rng.random() < 0.5)

    return make


def no_materials(rng: Random, age: int) -> Look:
    account = published(rng, age)
    account.errors[MATERIALS] = 45009
    return Look(WECHAT, account, accuses=False, vouched=True)


def no_credentials(rng: Random, age: int) -> Look:
    return Look(WECHAT, published(rng, age), seen=False, unset=True)


def nothing_listed(rng: Random, age: int) -> Look:
    account = published(rng, age)
    account.published = []
    return Look(WECHAT, account, seen=False)


def gone(rng: Random, age: int) -> Look:
    text = f"<!-- synthetic --><html><body><h2>{rng.choice(NOTICES)}</h2></body></html>"
    return Look(PAGE, page(text), seen=False)


FAILING: dict[str, Maker] = {
    "feed refused": statuses(FEED, 403, 404, 418, 429, 500, 503),
    "feed blocked": unseen(FEED, page(SHELL, status=412), page(CAPTCHA), page(SHELL)),
    "feed dropped": unseen(FEED, dropped),
    "feed empty": unseen(FEED, page(""), page(" \n")),
    "feed without entries": unseen(FEED, page(rss()), page(json.dumps({"items": []}))),
    "no feed": unseen(FEED, page(WEB_PAGE), page(RSSHUB, status=503), page(RSSHUB)),
    "unknown feed": unseen(FEED, page("不存在该feed！", status=400), page("不存在该feed！")),
    "feed truncated": truncated,
    "feed hardly begun": hardly_begun,
    "feed not rebuilt": not_rebuilt,
    "feed undated": undated,
    "feed partly dated": partly_dated,
    "feed of tomorrow": tomorrow,
    "weibo refused": statuses(WEIBO, 403, 418, 432),
    "weibo not ok": unseen(WEIBO, page('{"ok": 0}'), page('{"ok": -100, "url": "https://x"}')),
    "weibo without posts": unseen(WEIBO, weibo_answer(), page('{"ok": 1, "data": {}}')),
    "weibo truncated": unseen(WEIBO, page('{"ok": 1, "data": {"cards": [{"mblog": {"cre')),
    "weibo pinned": only_pinned,
    "page refused": statuses(PAGE, 403, 404, 410, 502),
    "page blocked": unseen(PAGE, page(SHELL, status=412), page(CAPTCHA), page(SHELL)),
    "page gone": gone,
    "page dropped": unseen(PAGE, dropped),
    "wechat token": wechat_error(TOKEN, 40125, 40013, 40164, 40243, -1),
    "wechat list": wechat_error(PUBLISHED, 45009, 48001, -1, 40001, 50002, 123456),
    "wechat token down": wechat_raw(TOKEN, b"<html>502</html>", b"{}", b'{"access_tok\0\0'),
    "wechat truncated": wechat_raw(PUBLISHED, b'{"total_count": 1, "it', b'{"total\0\0', b"[]"),
    "wechat materials": no_materials,
    "wechat unset": no_credentials,
    "wechat nothing": nothing_listed,
}
# Each costs as many seconds as a look may wait, thrice.
SLOW: Maker = unseen(FEED, silent)
