"""Every hostile answer by name, with what the visit must be called, and in which words."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, repeat

from checks.facts import Outcome
from tests.crawler.hostile import bodies
from tests.crawler.hostile.bodies import LIST, MIB, whole
from tests.crawler.hostile.server import Answer, Caller, Pages, head, shown

LONG = os.environ.get("XUNJIAN_LONG") == "1"
BOMB_MIB = 1024 if LONG else 64
MAX_BYTES = 8 * MIB if LONG else MIB // 2
BAIT_BYTES = MAX_BYTES - 64 * 1024
DEEP = 100_000 if LONG else 40_000
MANY_ROWS = 50_000 if LONG else 4_000
INNER = "127.0.9.9"  # the one address of the server that settings do not allow
PAGE = "/list.html"
LOST = "没有收全"


@dataclass(frozen=True)
class Case:
    """A subject of its own host, the pages it is met with, and what the visit is called."""

    name: str
    outcome: Outcome
    words: str
    pages: Pages
    kind: str = "column"
    reader: str = "auto"
    path: str = PAGE
    newest: str | None = None


def says(*parts: bytes) -> Answer:
    return lambda caller: caller.say(*parts)


def endless(first: bytes, part: bytes) -> Answer:
    def answer(caller: Caller) -> None:
        caller.say(first)
        caller.forever(part)

    return answer


def dripped(first: bytes, rest: bytes) -> Answer:
    def answer(caller: Caller) -> None:
        caller.say(first)
        caller.drip(rest)

    return answer


def held(first: bytes) -> Answer:
    def answer(caller: Caller) -> None:
        caller.say(first)
        caller.hold()

    return answer


def moved(to: str) -> Answer:
    """A redirect; `{port}` and `{own}` are the server's port and the host's own address."""

    def answer(caller: Caller) -> None:
        target = to.format(port=caller.server.port, own=caller.url)
        caller.say(head(302, 0, f"Location: {target}"))

    return answer


def onward(caller: Caller) -> None:
    """One redirect further for ever, each to an address of its own."""
    at = int("".join(filter(str.isdigit, caller.path)) or 0)
    caller.say(head(302, 0, f"Location: /list-{at + 1}.html"))


def refreshing(caller: Caller) -> None:
    at = int("".join(filter(str.isdigit, caller.path)) or 0)
    shown(f'<meta http-equiv="refresh" content="0;url=/list-{at + 1}.html">')(caller)


def unpaged(caller: Caller) -> None:
    """A list whose next page is always there, and always full of rows not seen before."""
    at = int("".join(filter(str.isdigit, caller.path)) or 1)
    rows = "".join(
        f"<li><a href='/a/{at}-{n}.html'>关于示例事项第{at}之{n}号的通知</a>"
        "<span>2099-11-20</span></li>"
        for n in range(15)
    )
    shown(
        whole(f"<ul>{rows}</ul><div class='page'><a href='/list_{at + 1}.html'>下一页</a></div>")
    )(caller)


def letter_list(caller: Caller) -> None:
    """A mailbox without end: letters of today on every page, details that are never done."""
    if caller.path.startswith("/letter"):
        dripped(head(200, 100_000), b"x" * 1000)(caller)
        return
    at = int("".join(filter(str.isdigit, caller.path)) or 1)
    rows = "".join(
        f"<tr><td>XJ{at:03}{n:03}</td>"
        f"<td><a href='/letter{at}-{n}.html'>咨询示例事项{at}之{n}</a></td>"
        "<td>2026-11-20</td><td>办理中</td></tr>"
        for n in range(20)
    )
    table = "<tr><th>信件编号</th><th>标题</th><th>来信时间</th><th>办理状态</th></tr>"
    more = f"<div class='page'><a href='/list_{at + 1}.html'>下一页</a></div>"
    shown(whole(f"<h3>来信列表</h3><table>{table}{rows}</table>{more}"))(caller)


def _bombs() -> Iterator[Case]:
    for name, (encoding, body) in bodies.packed_bombs(BOMB_MIB).items():
        answer = shown(body, f"Content-Encoding: {encoding}")
        yield column(name, Outcome.TOO_LARGE, "大小上限", answer)
    zipped = gzip.compress(LIST.encode())
    yield column("lying-gzip", Outcome.UNREADABLE, "压缩", shown(LIST, "Content-Encoding: gzip"))
    yield column("lying-br", Outcome.UNREADABLE, "压缩", shown(LIST, "Content-Encoding: br"))
    yield column(
        "lying-deflate", Outcome.UNREADABLE, "压缩", shown(LIST, "Content-Encoding: deflate")
    )
    yield column("lying-zstd", Outcome.UNREADABLE, "压缩", shown(LIST, "Content-Encoding: zstd"))
    yield column(
        "half-a-gzip", Outcome.UNREADABLE, "压缩", shown(zipped[:20], "Content-Encoding: gzip")
    )
    yield column(
        "hundred-layers",
        Outcome.UNREADABLE,
        "压缩",
        shown(bodies.layered(100), "Content-Encoding: " + ", ".join(repeat("gzip", 100))),
    )
    yield column(
        "unknown-encoding", Outcome.UNREADABLE, "", shown(zipped, "Content-Encoding: snappy")
    )


def _endless() -> Iterator[Case]:
    chunked = head(200, None, "Transfer-Encoding: chunked")
    part = b"<p>" + b"x" * 16_000
    (chunk,) = bodies.chunks([part])
    yield column("endless-chunks", Outcome.TOO_LARGE, "大小上限", endless(chunked, chunk))
    yield column("endless-body", Outcome.TOO_LARGE, "大小上限", endless(head(), part))
    yield column("announced-huge", Outcome.TOO_LARGE, "大小上限", endless(head(200, 10**12), part))
    yield column("drip-body", Outcome.UNREACHABLE, "超时", dripped(head(200, 1000), b"x" * 999))
    yield column("drip-head", Outcome.UNREACHABLE, "超时", dripped(b"", head(200, 1000)))
    yield column("drip-chunks", Outcome.UNREACHABLE, "超时", dripped(chunked, b"1\r\nx\r\n" * 99))
    yield column("silence", Outcome.UNREACHABLE, "超时", held(b""))
    yield column("held-body", Outcome.UNREACHABLE, "超时", held(head(200, 1000) + b"<html>"))
    yield column("one-chunk-size", Outcome.UNREACHABLE, LOST, endless(chunked, b"0" * 4096))
    yield column(
        "trailers", Outcome.UNREACHABLE, LOST, endless(chunked + b"0\r\n", b"X-A: b\r\n" * 500)
    )


def _heads() -> Iterator[Case]:
    first = b"HTTP/1.1 200 Synthetic\r\n"
    line = b"X-Flood-%d: " + b"x" * 1000 + b"\r\n"
    flood = b"".join(line % at for at in range(5000))
    words = "响应头"
    yield column("header-flood", Outcome.TOO_LARGE, words, says(first, flood, b"\r\n"))
    yield column("endless-headers", Outcome.TOO_LARGE, words, endless(first, line % 1))
    yield column(
        "one-huge-header", Outcome.TOO_LARGE, words, endless(first + b"X-Huge: ", b"x" * 16_384)
    )
    yield column(
        "endless-folds", Outcome.TOO_LARGE, words, endless(first + b"X: y\r\n", b" z\r\n" * 1000)
    )
    yield column("endless-status", Outcome.TOO_LARGE, words, endless(b"HTTP/1.1 200 ", b"x" * 9999))
    yield column(
        "endless-continue", Outcome.TOO_LARGE, words, endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n")
    )
    cookies = tuple(f"Set-Cookie: flood{at}={'x' * 90}; Path=/" for at in range(1500))
    yield Case(
        "cookie-flood",
        Outcome.OK,
        "",
        {PAGE: cookie_flood(cookies)},
        newest="2026-11-19",
    )


def cookie_flood(cookies: tuple[str, ...]) -> Answer:
    """Sets cookies and sends on; a visitor who brings them all back is refused."""

    def answer(caller: Caller) -> None:
        if caller.path == PAGE:
            caller.say(head(302, 0, "Location: /list.html?again", *cookies))
        elif len(caller.headers.get("cookie", "")) > 8000:
            caller.say(head(431, 0))
        else:
            shown(LIST)(caller)

    return answer


def _redirects() -> Iterator[Case]:
    many = "重定向次数过多"
    yield Case("redirect-chain", Outcome.UNREACHABLE, many, {"*": onward})
    yield column("redirect-loop", Outcome.UNREACHABLE, many, moved("{own}" + PAGE))
    yield Case("refresh-chain", Outcome.UNREACHABLE, "跳转", {"*": refreshing})
    yield Case(
        "refresh-loop",
        Outcome.UNREACHABLE,
        "跳转",
        {
            PAGE: shown('<meta http-equiv="refresh" content="0;url=/b.html">'),
            "/b.html": shown(f'<meta http-equiv="refresh" content="0;url={PAGE}">'),
        },
    )
    yield column("to-nothing", Outcome.UNREACHABLE, "", moved("http://"))
    yield column("to-a-file", Outcome.UNREACHABLE, "重定向没有完成", moved("file:///etc/passwd"))
    yield column("to-a-script", Outcome.REFUSED, "本系统的规则", moved("javascript:alert(1)"))
    yield column("dot-at-end", Outcome.UNREACHABLE, "解析失败", moved(f"http://{INNER}.:{{port}}/"))
    for name, host in INWARD.items():
        target = f"http://{host}:{{port}}{PAGE}"
        yield column(f"inward-{name}", Outcome.REFUSED, "内部网络", moved(target))


# The same address of an inner network, in every spelling that some resolver understands.
INWARD = {
    "plain": INNER,
    "decimal": str(0x7F000909),
    "octal": "0177.0.011.011",
    "octal-whole": "017700004411",
    "hex": "0x7f.0x0.0x9.0x9",
    "hex-whole": "0x7f000909",
    "short": "127.2313",
    "mapped": f"[::ffff:{INNER}]",
    "mapped-hex": "[::ffff:7f00:909]",
    "compatible": f"[::{INNER}]",
    "nat64": "[64:ff9b::7f00:909]",
    "local-nat64": "[64:ff9b:1::7f00:909]",
    "6to4": "[2002:7f00:909::]",
    "unique-local": "[fd00::1]",
    "site-local": "[fec0::1]",
    "link-local": "[fe80::1]",
    "loopback": "[::1]",
    "unspecified": "0.0.0.0",  # noqa: S104
    "metadata": "169.254.169.254",
    "wide": "１２７.0.9.9",
    "named": "localhost",
}


def _lengths() -> Iterator[Case]:
    body = LIST.encode()
    yield column("too-long", Outcome.UNREACHABLE, LOST, says(head(200, len(body) + 100), body))
    yield column("too-short", Outcome.UNREADABLE, "", says(head(200, len("<html>")), body))
    yield column("negative", Outcome.UNREACHABLE, "", says(head(200, -5), body))
    yield column(
        "no-number", Outcome.UNREACHABLE, "", says(head(200, None, "Content-Length: abc"), body)
    )
    yield column(
        "two-lengths",
        Outcome.UNREACHABLE,
        "",
        says(head(200, len(body), "Content-Length: 5"), body),
    )
    yield column("closed-at-once", Outcome.UNREACHABLE, LOST, says())
    yield column("closed-in-head", Outcome.UNREACHABLE, LOST, says(head(200, 10)[:30]))
    chunked = head(200, None, "Transfer-Encoding: chunked")
    yield column("closed-in-chunk", Outcome.UNREACHABLE, LOST, says(chunked, b"ffff\r\n<html>"))
    yield column(
        "bad-chunk", Outcome.UNREACHABLE, LOST, says(chunked, b"zz\r\n<html>\r\n0\r\n\r\n")
    )
    yield column("negative-chunk", Outcome.UNREACHABLE, LOST, says(chunked, b"-5\r\nhello\r\n"))
    yield column(
        "odd-transfer", Outcome.UNREACHABLE, "", says(head(200, None, "Transfer-Encoding: x"), body)
    )
    yield column("http-0.9", Outcome.UNREACHABLE, "", says(body))
    yield column("binary", Outcome.UNREACHABLE, "", says(bytes(range(256)) * 64))
    yield column("tls-on-http", Outcome.UNREACHABLE, "", says(b"\x15\x03\x01\x00\x02\x02\x46"))
    yield column(
        "http-9.9",
        Outcome.OK,
        "",
        says(head(200, len(body)).replace(b"1.1", b"9.9"), body),
        newest="2026-11-19",
    )
    yield column("status-0", Outcome.UNREACHABLE, "", says(head(0, len(body)), body))
    yield column("status-999", Outcome.UNREACHABLE, "", says(head(999, len(body)), body))
    yield column("status-huge", Outcome.UNREACHABLE, "", says(head(10**40, len(body)), body))


def _pages() -> Iterator[Case]:
    yield column("many-rows", Outcome.OK, "", shown(bodies.rows_of(MANY_ROWS)), newest="2026-11-28")
    twice = shown(bodies.rows_of(2 * MANY_ROWS))
    yield column("rows-beyond-limit", Outcome.TOO_LARGE, "大小上限", twice)
    for depth in (1000, DEEP):
        for tag in ("div", "ul"):
            answer = shown(bodies.nested(depth, tag))
            yield column(f"nested-{tag}-{depth}", Outcome.UNREADABLE, "", answer)
    for name, bait in bodies.BAITS.items():
        body = bait(BAIT_BYTES).encode()[:BAIT_BYTES]
        yield column(f"bait-{name}", Outcome.UNREADABLE, "", shown(body))
    for charset in ("utf-7", "utf-16", "rot13", "unicode_escape", "idna", "x" * 5000, "gb2312"):
        body = LIST.encode("gb18030") if charset == "gb2312" else LIST.encode()
        answer = shown(body, kind=f"text/html; charset={charset}")
        yield column(f"charset-{charset[:20]}", Outcome.OK, "", answer, newest="2026-11-19")
    yield column("broken-utf-8", Outcome.UNREADABLE, "", shown(b"\xff\xfe\xfd\x80" * 20_000))
    # Days that are yet to come are no updates, so it is read on, four pages and no more.
    yield Case("endless-pager", Outcome.OK, "续读4页", {"*": unpaged})


def _xml() -> Iterator[Case]:
    laughs = bodies.laughs()
    own = "自定义实体"
    for name, prolog, title in (
        ("laughs", laughs, "&e11;"),
        ("outer-file", bodies.OUTSIDE.format("file:///etc/passwd"), "&x;"),
        ("outer-http", bodies.OUTSIDE.format(f"http://{INNER}/x"), "&x;"),
    ):
        xml = shown(bodies.feed(prolog, title), kind="application/rss+xml")
        yield Case(f"feed-{name}", Outcome.UNREADABLE, own, {PAGE: xml}, "account", "feed")
    late = shown(bodies.feed(bodies.QUADRATIC, "&x;" * 5000), kind="application/rss+xml")
    yield Case("feed-quadratic", Outcome.UNREADABLE, "不是订阅源", {PAGE: late}, "account", "feed")
    for name, prolog, title in (
        ("laughs", laughs.replace("rss", "datastore"), "&e11;哈哈"),
        ("outer-file", bodies.OUTSIDE.format("file:///etc/passwd"), "&x;示例通知标题"),
    ):
        xml = shown(bodies.datastore(prolog, title), kind="text/xml")
        yield column(f"jpage-{name}", Outcome.OK, "", xml, newest="2026-11-20")
    deep = "<channel>" * DEEP
    yield Case(
        "feed-deep",
        Outcome.UNREADABLE,
        "",
        {PAGE: shown(f"<rss>{deep}</rss>", kind="text/xml")},
        "account",
        "feed",
    )


def _robots() -> Iterator[Case]:
    """A robots.txt that means harm keeps nobody from a good list, and holds nobody up."""
    zipped = bodies.zlib_bomb(BOMB_MIB, 31)
    agents = "".join(f"User-agent: a{n}\n" for n in range(20_000))
    rules = "".join(f"Disallow: /{n}\n" for n in range(20_000))
    robots = {
        "robots-bomb": shown(zipped, "Content-Encoding: gzip"),
        "robots-endless": endless(head(), b"Disallow: /x\n" * 1000),
        "robots-drip": dripped(head(200, 1000), b"x" * 999),
        "robots-agents": shown(agents + rules, kind="text/plain"),
        "robots-bait": shown("User-agent: *\nDisallow: /" + "*a" * 200_000, kind="text/plain"),
        "robots-baits": shown("User-agent: *\n" + "Disallow: /*a*b*c*d$\n" * 50_000),
        "robots-inward": moved(f"http://{INNER}:{{port}}/robots.txt"),
        "robots-loop": moved("/robots.txt"),
        "robots-binary": shown(bytes(range(256)) * 1000),
        "robots-garbage": says(b"garbage\r\n\r\n"),
        # Without rules nothing was forbidden: RFC 9309 holds a visitor of a few pages a day from a
        # site whose error page stands there, and a column that is late would never be found.
        "robots-closed": says(),
        "robots-silence": held(b""),
        **{
            f"robots-{status}": shown("<html><p>synthetic</p></html>", status=status)
            for status in (403, 404, 410, 500, 502, 503, 504)
        },
    }
    for name, answer in robots.items():
        pages = {"/robots.txt": answer, PAGE: shown(LIST)}
        yield Case(name, Outcome.OK, "", pages, newest="2026-11-19")
    last = "# x\n" * 50_000 + "User-agent: *\nDisallow: /list"
    pages = {"/robots.txt": shown(last, kind="text/plain"), PAGE: shown(LIST)}
    yield Case("robots-late-rule", Outcome.REFUSED, "robots.txt", pages)
    # Words that forbid are obeyed whatever the status says.
    words = shown("User-agent: *\nDisallow: /", status=503, kind="text/plain")
    pages = {"/robots.txt": words, PAGE: shown(LIST)}
    yield Case("robots-503-forbids", Outcome.REFUSED, "robots.txt", pages)


def _mailboxes() -> Iterator[Case]:
    yield Case("endless-mailbox", Outcome.OK, "", {"*": letter_list}, "mailbox")
    yield Case(
        "mailbox-bomb", Outcome.TOO_LARGE, "大小上限", {PAGE: endless(head(), ROW)}, "mailbox"
    )
    answer = shown(bodies.nested(DEEP))
    yield Case("mailbox-nested", Outcome.UNREADABLE, "", {PAGE: answer}, "mailbox")
    yield Case("site-nested", Outcome.OK, "", {PAGE: answer}, "site")
    body = bodies.BAITS["brackets"](BAIT_BYTES)
    yield Case("site-brackets", Outcome.OK, "", {PAGE: shown(body)}, "site")


ROW = b"<tr><td>" + b"x" * 10_000 + b"</td></tr>"


def _good() -> Iterator[Case]:
    for at in count():
        if at == 6:
            return
        yield column(f"good-{at}", Outcome.OK, "", shown(LIST), newest="2026-11-19")


def column(
    name: str, outcome: Outcome, words: str, answer: Answer, newest: str | None = None
) -> Case:
    return Case(name, outcome, words, {PAGE: answer}, newest=newest)


def all_cases() -> list[Case]:
    """Every case, the good ones among them. Each page of a host stands beside a good one."""
    groups = (
        _good,
        _bombs,
        _endless,
        _heads,
        _redirects,
        _lengths,
        _pages,
        _xml,
        _robots,
        _mailboxes,
    )
    return [case for group in groups for case in group()]
