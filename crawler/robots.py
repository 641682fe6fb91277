"""A robots.txt as a stranger wrote it: read as far as must be, at a cost that he cannot raise."""

from __future__ import annotations

import re

from scrapy import Spider
from scrapy.robotstxt import ProtegoRobotParser

from crawler.settings import AGENT

MOST_BYTES = 500 * 1024  # what RFC 9309 (2.5) asks a crawler to read at the least
_OTHERS = "-"  # matches nobody
_NAMED = re.compile(r"\s*+(user[ -]?agent)\b\s*+:?(?P<name>[^#]*)", re.IGNORECASE)


class BoundedRobots(ProtegoRobotParser):  # type: ignore[misc,unused-ignore]
    """Protego, shown the rules that concern us.

    It keeps a set of rules for every robot that is named and adds each rule to all that stand
    above it: twenty thousand names above twenty thousand rules would hold up a run for hours.
    """

    def __init__(self, robotstxt_body: bytes, spider: Spider | None) -> None:
        super().__init__(for_us(robotstxt_body), spider)


def for_us(body: bytes) -> bytes:
    """The first 500 KiB, whole lines only, every robot that is not us under one name."""
    if len(body) > MOST_BYTES:
        body = body[: body.rfind(b"\n", 0, MOST_BYTES) + 1]
    lines = body.decode("utf-8-sig", errors="ignore").splitlines()
    return "\n".join(map(_renamed, lines)).encode()


def _renamed(line: str) -> str:
    match = _NAMED.match(line)
    if match is None:
        return line
    name = match["name"].replace("*", "").strip().lower()
    if not name:
        return "User-agent: *" if "*" in match["name"] else line
    return f"User-agent: {name if AGENT.startswith(name) else _OTHERS}"
