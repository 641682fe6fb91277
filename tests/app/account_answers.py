"""What the sources of healthy accounts answer, their newest post so many days old. All synthetic.

Each answer hides its day as real ones do: in another zone, behind a pinned post, in a group.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from typing import Any

from checks.freshness import local_day
from storage.clock import now
from tests.crawler.server import Answer, page
from tests.crawler.wechat_stand_in import Account as Published
from tests.crawler.wechat_stand_in import Message

TODAY = local_day(now())
BEIJING = timezone(timedelta(hours=8))
UTC_NAMED = timezone(timedelta(0), "GMT")
UID = "5123456789"
FEED, WEIBO, PAGE, WECHAT = "feed", "weibo", "page", "wechat_api"


@dataclass(frozen=True, slots=True)
class Look:
    """What an account's source answers, and what may be said of it.

    `seen`: its newest post is shown. `accuses`: it may also show that nothing came later, up to
    `shown` days ago. `unset`: the office forgot the credentials.
    """

    source: str
    answer: Answer | Published
    seen: bool = True
    accuses: bool = True
    shown: int = 0
    unset: bool = False
    vouched: bool = False
    mirror: bool = False


Maker = Callable[[Random, int], Look]


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def instant(rng: Random, days: int) -> datetime:
    """Any minute of that day in Beijing: before eight it is the day before in Greenwich."""
    return datetime.combine(ago(days), time(rng.randrange(24), rng.randrange(60)), BEIJING)


def gmt(rng: Random, days: int) -> str:
    return f"{instant(rng, days).astimezone(UTC_NAMED):%a, %d %b %Y %H:%M:%S} GMT"


def naive(rng: Random, days: int) -> str:
    return f"{instant(rng, days):%Y-%m-%d %H:%M:%S}"


def iso(rng: Random, days: int) -> str:
    return f"{instant(rng, days).astimezone(UTC_NAMED):%Y-%m-%dT%H:%M:%S.000Z}"


def older(rng: Random, newest: int) -> list[int]:
    """The ages of some posts, the newest among them wherever it stands."""
    ages = [newest, *(newest + rng.randrange(30) for _ in range(rng.randrange(4)))]
    return sorted(ages) if rng.random() < 0.8 else ages[::-1]


def rss(*entries: str, built: str = "") -> str:
    shown = f"<lastBuildDate>{built}</lastBuildDate>" if built else ""
    items = "".join(f"<item><title>第{n}条</title>{each}</item>" for n, each in enumerate(entries))
    return (
        f"<!-- synthetic --><rss version='2.0'><channel><title>示例</title>{shown}{items}"
        "</channel></rss>"
    )


def dated(words: str) -> str:
    return f"<link>https://a.example.cn/{len(words)}</link><pubDate>{words}</pubDate>"


def rss_gmt(rng: Random, age: int) -> Look:
    built = gmt(rng, 0) if rng.random() < 0.5 else ""
    return Look(FEED, page(rss(*(dated(gmt(rng, d)) for d in older(rng, age)), built=built)))


def rss_naive(rng: Random, age: int) -> Look:
    return Look(FEED, page(rss(*(dated(naive(rng, d)) for d in older(rng, age)))))


def atom_updated(rng: Random, age: int) -> Look:
    entries = "".join(
        f"<entry><title>第{n}条</title><updated>{iso(rng, d)}</updated></entry>"
        for n, d in enumerate(older(rng, age))
    )
    head = f"<title>示例</title><updated>{iso(rng, 0)}</updated>"
    text = f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}{entries}</feed><!-- synthetic -->"
    return Look(FEED, page(text, Content_Type="application/atom+xml"))


def json_feed(rng: Random, age: int) -> Look:
    name = rng.choice(("date_published", "date_modified"))
    items = [{"title": f"第{n}条", name: iso(rng, d)} for n, d in enumerate(older(rng, age))]
    return Look(FEED, page(json.dumps({"title": "示例", "items": items})))


def weibo_post(rng: Random, days: int, **more: Any) -> dict[str, Any]:
    at = f"{instant(rng, days):%a %b %d %H:%M:%S} +0800 {ago(days).year}"
    user = {"id": int(UID), "screen_name": "示例"}
    return {"id": str(rng.random()), "text": "便民信息", "created_at": at, "user": user, **more}


def weibo_answer(*cards: Mapping[str, Any]) -> Answer:
    return page(json.dumps({"ok": 1, "data": {"cards": list(cards)}}))


def weibo(rng: Random, age: int) -> Look:
    cards = [{"card_type": 9, "mblog": weibo_post(rng, d)} for d in older(rng, age)]
    if rng.random() < 0.5:
        return Look(WEIBO, weibo_answer({"card_type": 11, "card_group": cards}))
    pinned = weibo_post(rng, age + 300, mblogtype=2)
    return Look(WEIBO, weibo_answer({"card_type": 9, "mblog": pinned}, *cards))


def listed(age: int) -> str:
    rows = "".join(
        f"<li><a href='/{n}.html'>第{n}条政务新媒体便民服务信息</a><span>{ago(age + n)}</span></li>"
        for n in range(5)
    )
    return f"<!-- synthetic --><html><body><div class='list'><ul>{rows}</ul></div></body></html>"


def own_list(rng: Random, age: int) -> Look:
    return Look(PAGE, page(listed(age)))


def mirror(rng: Random, age: int) -> Look:
    return Look(PAGE, page(listed(age)), accuses=False, mirror=True)


def article(rng: Random, age: int) -> Look:
    stamp = int(instant(rng, age).timestamp())
    text = (
        "<!-- synthetic --><html><body class='rich_media'><h1>便民信息</h1>"
        "<div id='js_content'>正文</div><script>var msg_title = '便民信息';"
        f"var ct = '{stamp}';</script></body></html>"
    )
    return Look(PAGE, page(text), accuses=False)


def published(rng: Random, age: int) -> Published:
    ages = sorted(older(rng, age))
    messages = [Message(int(instant(rng, d).timestamp()), [f"第{d}条"]) for d in ages]
    return Published("", messages)


def interface(rng: Random, age: int) -> Look:
    return Look(WECHAT, published(rng, age), accuses=False)


def vouched(rng: Random, age: int) -> Look:
    return Look(WECHAT, published(rng, age), vouched=True)


HEALTHY: tuple[Maker, ...] = (
    *(rss_gmt, rss_naive, atom_updated, json_feed, weibo, own_list, mirror, article),
    *(interface, vouched),
)
