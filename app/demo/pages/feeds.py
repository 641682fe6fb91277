"""Account feeds: RSS, RSS without zones, Atom, JSON Feed, and an m.weibo answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from app.demo.accounts import Account, Format, Post

SYNTHETIC = "synthetic feed of the xunjian demo portal"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
HTML_TYPE = "text/html; charset=utf-8"
CONTENT_TYPES: dict[Format, str] = {
    "rss": "application/rss+xml; charset=utf-8",
    "rss_naive": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "weibo": "application/json; charset=utf-8",
    "article": HTML_TYPE,
    "list": HTML_TYPE,
}


def post_path(account: Account, post: Post) -> str:
    return f"/posts/{account.id}/{post.serial}.html"


def feed(account: Account, base: str) -> str:
    """The account's feed; its links are absolute, on `base`."""
    return WRITERS[account.format](account, base)


def _gmt(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _naive(at: datetime) -> str:
    # English names by hand: strftime would follow the process locale.
    return f"{DAYS[at.weekday()]}, {at:%d} {MONTHS[at.month - 1]} {at:%Y %H:%M:%S} "


def _rss(account: Account, base: str, show: Callable[[datetime], str]) -> str:
    items = "".join(
        f"<item><title>{escape(post.title)}</title>"
        f"<link>{base}{post_path(account, post)}</link>"
        f"<guid>{base}{post_path(account, post)}</guid>"
        f"<pubDate>{show(post.at)}</pubDate></item>\n"
        for post in account.posts
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!-- {SYNTHETIC} -->\n<rss version="2.0">'
        f"<channel><title>{account.name}</title><link>{base}/</link>"
        f"<description>{account.name}</description>"
        f"<lastBuildDate>{show(account.channel_at)}</lastBuildDate>\n{items}</channel></rss>\n"
    )


def _atom(account: Account, base: str) -> str:
    items = "".join(
        f"<entry><title>{escape(post.title)}</title><id>{base}{post_path(account, post)}</id>"
        f'<link href="{base}{post_path(account, post)}"/>'
        f"<updated>{_utc(post.at)}</updated></entry>\n"
        for post in account.posts
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!-- {SYNTHETIC} -->\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{account.name}</title>'
        f"<id>{base}/{account.id}</id><updated>{_utc(account.channel_at)}</updated>\n"
        f"{items}</feed>\n"
    )


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"


def _json_feed(account: Account, base: str) -> str:
    return _dump(
        {
            "version": "https://jsonfeed.org/version/1",
            "title": account.name,
            "description": SYNTHETIC,
            "home_page_url": f"{base}/",
            "items": [
                {
                    "id": f"{base}{post_path(account, post)}",
                    "url": f"{base}{post_path(account, post)}",
                    "title": post.title,
                    "date_modified": _utc(post.at),
                }
                for post in account.posts
            ],
        }
    )


def _weibo(account: Account, base: str) -> str:
    cards = [
        {
            "card_type": 9,
            "scheme": f"{base}{post_path(account, post)}",
            "mblog": {
                "id": f"51{post.serial:014d}",
                "created_at": (
                    f"{DAYS[post.at.weekday()]} {MONTHS[post.at.month - 1]} "
                    f"{post.at:%d %H:%M:%S} +0800 {post.at:%Y}"
                ),
                "text": escape(post.title),
                "user": {"id": _uid(account), "screen_name": account.shown_name},
                **({"mblogtype": 2} if post.pinned else {}),
            },
        }
        for post in account.posts
    ]
    return _dump({"ok": 1, "note": SYNTHETIC, "data": {"cards": cards}})


def _uid(account: Account) -> int:
    """The number of the account, as the address of its container has it behind six digits."""
    asked = parse_qs(urlsplit(account.path).query)["containerid"][0]
    return int(asked[6:])


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


WRITERS: dict[Format, Callable[[Account, str], str]] = {
    "rss": lambda account, base: _rss(account, base, _gmt),
    "rss_naive": lambda account, base: _rss(account, base, _naive),
    "atom": _atom,
    "json": _json_feed,
    "weibo": _weibo,
}
