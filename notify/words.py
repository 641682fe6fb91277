"""Making foreign words safe to show: what came from a page stays data."""

from __future__ import annotations

import unicodedata
from datetime import date
from urllib.parse import urlsplit

from checks.subjects import SubjectKind

KIND_WORDS = {
    SubjectKind.COLUMN: "栏目",
    SubjectKind.MAILBOX: "信箱",
    SubjectKind.ACCOUNT: "新媒体账号",
    SubjectKind.SITE: "网站",
}
BREAKS = ("Cc", "Zl", "Zp")
UNPRINTABLE = ("Cf", "Cs")


def clean(text: str) -> str:
    """The same words on one line: no line breaks, control, direction or surrogate characters."""
    kept = []
    for char in text:
        category = unicodedata.category(char)
        kept.append(" " if category in BREAKS else "" if category in UNPRINTABLE else char)
    return " ".join("".join(kept).split())


def shorten(text: str, most: int) -> str:
    """At most `most` characters of cleaned words; a cut is shown."""
    words = clean(text)
    return words if len(words) <= most else words[: most - 1] + "…"


def web_link(url: str | None) -> str | None:
    """The address, if it may become a link: http or https, a host, one line. Else None."""
    if not url or clean(url) != url or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
