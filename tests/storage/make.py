"""Builders for the storage tests: a ledger in a folder, a register, sightings, messages."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from checks.calendar import Limit
from checks.facts import DateSource, History, Item, Letter, Outcome, Visit
from checks.lifecycle import EventKind, Fault, Finding, Key, Step
from storage.evidence import Capture
from storage.inventory import Inventory, validate
from storage.ledger import Ledger, Message, Sighting, Versions
from tests import both

MORNING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Asia/Shanghai
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
COLUMN = "column:news"
MAILBOX = "mailbox:mayor"
VERSIONS = Versions({"haian/M2": "2026.1", "operator/unseen": "1"}, "cn-2026-00000000")

REGISTER: Mapping[str, list[dict[str, Any]]] = {
    "unit": [
        {"id": "zfb", "name": "市政府办公室", "kind": "department", "emails": ["a@example.cn"]},
        {"id": "jyj", "name": "教育局"},
    ],
    "site": [
        {
            "id": "portal",
            "name": "门户",
            "home": "https://www.example.cn/",
            "unit": "zfb",
            "code": "3206850001",
            "portal": True,
        }
    ],
    "column": [
        {
            "id": "news",
            "site": "portal",
            "name": "政务动态",
            "url": "https://www.example.cn/news/",
            "class": "news",
            "unit": "zfb",
        },
        {
            "id": "plan",
            "site": "portal",
            "name": "规划",
            "url": "https://www.example.cn/plan/",
            "class": "plan",
            "unit": "jyj",
            "level": 2,
            "cycle": "6 months",
            "bucket": "disclosure",
            "min_items": 3,
            "reader": "rows",
            "selectors": "ul.list > li",
            "render": True,
            "exempt_until": date(2026, 12, 31),
            "exempt_reason": "改版",
        },
    ],
    "mailbox": [
        {
            "id": "mayor",
            "site": "portal",
            "name": "市长信箱",
            "url": "https://www.example.cn/mayor/",
            "unit": "zfb",
            "clock": "accepted",
            "limit": "5 working days",
        }
    ],
    "account": [
        {
            "id": "wx",
            "platform": "wechat",
            "name": "本市发布",
            "unit": "zfb",
            "source": "feed",
            "url": "https://feeds.example.cn/wx.rss",
            "opened_on": date(2020, 1, 2),
            "filing_no": "000123",
        }
    ],
}


def raw_register() -> dict[str, list[dict[str, Any]]]:
    """A register without a fault, as a file would give it; free to be spoiled."""
    return deepcopy(dict(REGISTER))


def register(**tables: list[dict[str, Any]]) -> Inventory:
    """A validated register, with some tables replaced."""
    return validate({**raw_register(), **tables}, "test")


def by_id(inventory: Inventory) -> dict[str, dict[str, Mapping[str, Any]]]:
    return {table: {row["id"]: row for row in rows} for table, rows in inventory.items()}


def address(folder: Path) -> str:
    return both.address(folder / "xunjian.db")


def open_ledger(folder: Path) -> Ledger:
    return Ledger.open(address(folder), folder / "evidence")


def item(title: str, on: date | None = None, **other: Any) -> Item:
    """A list row whose date, when it has one, is written as ISO text."""
    text = str(on) if on else None
    source = DateSource.LIST if on else None
    plain = Item(title, f"https://www.example.cn/{title}.html", on, text, source)
    return replace(plain, **other)


def letter(ref: str, received: date | None = None, **other: Any) -> Letter:
    url = f"https://www.example.cn/mayor/{ref}"
    return replace(Letter(ref, f"来信{ref}", url, received), **other)


def capture(url: str, body: bytes, at: datetime = MORNING, **headers: str) -> Capture:
    return Capture(url, at, 200, {"Content-Type": "text/html", **headers}, body)


def look(
    ledger: Ledger,
    at: datetime,
    outcome: Outcome = Outcome.OK,
    *items: Item,
    subject: str = COLUMN,
    run: int | None = None,
    **other: Any,
) -> int:
    """Record one visit; returns its number."""
    run_id = run if run is not None else ledger.start_run(1, at)
    return ledger.record(run_id, Sighting(subject, at, outcome, items=items, **other))


def message(name: str, recipient: str = "a@example.cn") -> Message:
    return Message(f"<{name}@xunjian>", "alert", recipient, "提醒", f"正文{name}".encode())


def queue(ledger: Ledger, *messages: Message, now: datetime = MORNING) -> list[bool]:
    with ledger.writing() as session:
        return [ledger.queue(session, each, now) for each in messages]


def fault(subject: str = COLUMN, rule: str = "M2", note: str = "超期") -> Fault:
    key = Key("haian", rule, subject)
    return Fault(key, "zfb", date(2026, 11, 1), note, None, Limit(7, "day"))


def write(ledger: Ledger, kind: EventKind, at: datetime, finding: Finding | None = None) -> Finding:
    """Write one event, opening a finding when none is given."""
    step = Step(kind, f"{kind}于{at}", finding, None if finding else fault())
    with ledger.writing() as session:
        return ledger.write_steps(session, [step], VERSIONS, at)[0].finding


def history(ledger: Ledger, at: datetime, subject: str = COLUMN) -> History:
    return ledger.histories([subject], at).get(subject, History())


def last(ledger: Ledger, at: datetime) -> Visit:
    found = history(ledger, at).last
    assert found is not None
    return found
