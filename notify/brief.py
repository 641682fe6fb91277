"""A digest in short for a group chat: the counts, the first lines, and where more is to be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from checks.freshness import SHANGHAI
from notify.digest import SIGN, UNCONFIRMED, sections
from notify.mail import message_id
from notify.news import OFFICE, OPERATOR, Line, Topic
from notify.words import chinese_day, clean, shorten, web_link
from storage.ledger import Message

OUTAGES = (Topic.SITE_DOWN, Topic.SITE_BACK, Topic.OWN_NETWORK)
FIRST_LINES = 10
# Signs by which a chat knows a mention, a link or a format; their wide forms are mere signs.
WIDE = str.maketrans("<>[]@*`", "＜＞［］＠＊｀")


def for_chat(line: Line) -> bool:
    """Does a group hear of it? What the office hears, and outages."""
    return OFFICE in line.audiences or (OPERATOR in line.audiences and line.topic in OUTAGES)


def compose_brief(robot: str, lines: Sequence[Line], keys: Iterable[str], now: datetime) -> Message:
    """One text for one robot. `lines` come sorted, the worst first.

    A robot knows no Message-ID, so the text ends with the first signs of ours: one that comes
    twice, after a crash between sending and marking, can be told to be the same.
    """
    identity = message_id(robot, keys, "chat")
    summary = _plain("；".join(part.phrase for part in sections(lines)))
    head = f"{SIGN}{chinese_day(now.astimezone(SHANGHAI).date())}：{summary}。"
    told = [f"{n}. {_told(line)}" for n, line in enumerate(lines[:FIRST_LINES], start=1)]
    more = [f"另有{len(lines) - FIRST_LINES}条，详见邮件。"] if len(lines) > FIRST_LINES else []
    text = "\n".join([head, *told, *more, f"消息编号：{identity[1:9]}"])
    subject = shorten(f"{SIGN}{summary}", 60)
    return Message(identity, "alert", robot, subject, text.encode(), channel=robot)


def _told(line: Line) -> str:
    """A letter's number and address stay in the mail: a group has more readers."""
    letter = line.what == "来信"
    name = "" if letter else f"“{_plain(line.name, 40)}”"
    unit = f"（{_plain(line.unit, 20)}）" if line.unit else ""
    doubt = "" if line.confirmed else f"【{UNCONFIRMED}】"
    link = None if letter else web_link(line.link)
    words = f"{line.what}{name}{unit}{doubt}：{_plain(line.headline, 80)}"
    return f"{words} {link}" if link else words


def _plain(text: str, most: int = 200) -> str:
    return shorten(clean(text).translate(WIDE), most)
