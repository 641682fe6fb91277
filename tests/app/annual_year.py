"""The year 2020 of a synthetic city whose sums are those of a published annual report.

92,643 = 124 + 2,876 + 89,643 items, 22 interpretations and 9 accounts; all else is made up. The
bulk catalogue's list grew by 88,000 records, of which 4,000 were seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from checks.facts import Letter, Outcome
from checks.freshness import SHANGHAI
from checks.lifecycle import EventKind
from storage.bulk import count_on
from storage.inventory import Inventory, read_toml
from storage.ledger import Ledger, Sighting
from storage.tables import EventRow, FindingRow, ItemRow, Run, VisitRow

YEAR = 2020
HOST = "https://www.example.cn/ha"
COLUMNS = (
    # id, class, bucket, unit, items
    ("gk", "overview", "overview", "zfb", 124),
    ("yw", "news", "news", "zfb", 2000),
    ("bm", "news", "news", "jyj", 876),
    ("wj", "policy_doc", "disclosure", "zfb", 700),
    ("jd", "interpretation", "disclosure", "zfb", 22),
    ("gs", "notice", "disclosure", "jyj", 921),
    ("ml", "catalog", "disclosure", "zfb", 4000),
    ("zj", "survey", "none", "zfb", 5),
    ("ft", "interview", "none", "zfb", 12),
)
NAMES = dict(
    zip(
        ("gk", "yw", "bm", "wj", "jd", "gs", "ml", "zj", "ft"),
        "概况 要闻 部门动态 市政府文件 政策解读 公示公告 信息公开目录 征集调查 在线访谈".split(),
        strict=True,
    )
)
BEFORE, AFTER = 120_000, 208_000
OPENED = ("opened_on = 2020-03-01\n",) * 3
CLOSED = ("opened_on = 2018-01-01\nclosed_on = 2020-06-30\n",) * 2
STEADY = ("opened_on = 2018-01-01\n",) * 6


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def register() -> Inventory:
    text = '[[unit]]\nid = "zfb"\nname = "市政府办公室"\n[[unit]]\nid = "jyj"\nname = "教育局"\n'
    text += (
        '[[site]]\nid = "portal"\nname = "示例市政府门户网站"\nhome = "https://www.example.cn/"\n'
        'unit = "zfb"\ncode = "3206850001"\nportal = true\n'
    )
    for row, word, bucket, unit, _ in COLUMNS:
        text += (
            f'[[column]]\nid = "{row}"\nsite = "portal"\nname = "{NAMES[row]}"\nunit = "{unit}"\n'
            f'url = "{HOST}/{row}/{row}.html"\nclass = "{word}"\nbucket = "{bucket}"\n'
        )
    text += (
        '[[mailbox]]\nid = "sz"\nsite = "portal"\nname = "市长信箱"\nunit = "zfb"\n'
        'url = "https://www.example.cn/ha/sz/"\n'
    )
    for number, days in enumerate((*OPENED, *CLOSED, *STEADY)):
        platform = ("wechat", "weibo", "douyin")[number % 3]
        text += (
            f'[[account]]\nid = "a{number}"\nplatform = "{platform}"\nname = "示例账号{number}"\n'
            f'unit = "{"zfb" if number % 2 else "jyj"}"\nsource = "manual"\n{days}'
        )
    return read_toml(text, "synthetic")


def fill(ledger: Ledger, first: date = date(2019, 12, 31)) -> None:
    """Put the year into an empty ledger, watched from `first` on."""
    ledger.load_inventory(register(), at(min(first, date(2019, 12, 1))))
    months = (date(YEAR, month, 28) for month in range(1, 13))
    days = [day for day in (date(2019, 12, 31), *months, date(YEAR, 12, 31)) if day >= first]
    insert_rows(ledger, Run, (_run(number, day) for number, day in enumerate(days, 1)))
    insert_rows(ledger, VisitRow, _visits(days))
    insert_rows(ledger, ItemRow, _items())
    _letters(ledger)
    _findings(ledger)


def insert_rows(ledger: Ledger, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    with ledger.engine.execution_options(write=True).begin() as connection:
        connection.execute(insert(table), list(rows))
        count_on(connection, table.__table__)


def _run(number: int, day: date) -> dict[str, Any]:
    told = {"id": number, "started_at": at(day), "finished_at": at(day)}
    return {**told, "planned": 9, "seen": 9, "unseen": 0, "method": "crawl"}


def _visits(days: Iterable[date]) -> Iterator[dict[str, Any]]:
    numbers = count(1)
    for run, day in enumerate(days, 1):
        for row, *_ in COLUMNS:
            total = BEFORE if day.year < YEAR else AFTER
            yield {
                "id": next(numbers),
                "run_id": run,
                "subject": f"column:{row}",
                "observed_at": at(day),
                "outcome": "ok",
                "newest": day - timedelta(days=20 if row == "bm" else 1),
                "item_count": 20,
                "total": total if row == "ml" else None,
                "method": "crawl",
            }


def _items() -> Iterator[dict[str, Any]]:
    """Each item of its own day of the year, seen two days later; the news are in two columns."""
    numbers = count(1)
    for row, _, _, _, items in COLUMNS:
        for number in range(items):
            day = date(YEAR, 1, 1) + timedelta(days=number % 364)
            url = f"{HOST}/{row}/content/{UUID(int=next(numbers))}.html"
            yield _item(row, number, url, day)
            if row == "yw" and number < 30:
                yield _item("bm", -1 - number, url, day)


def _item(row: str, number: int, url: str, day: date) -> dict[str, Any]:
    return {
        "subject": f"column:{row}",
        "digest": f"{row}{number}",
        "title": f"示例信息{row}{number}",
        "url": url,
        "published_on": day,
        "date_text": str(day),
        "date_source": "list",
        "first_seen": at(day + timedelta(days=2)),
        "visit_id": 1,
    }


def _letters(ledger: Ledger) -> None:
    """Ten letters of the year, of which eight were answered, one of them late; one of the year
    before was answered in it."""
    letters = [
        Letter("L0", "来信", None, date(2019, 12, 30), None, date(2020, 1, 6), None, "已办结")
    ]
    for number in range(1, 11):
        received = date(YEAR, number, 8)
        replied = received + timedelta(days=14 if number == 8 else 2) if number < 9 else None
        status = "已办结" if replied else "办理中"
        letters.append(Letter(f"L{number}", "来信", None, received, None, replied, None, status))
    run = ledger.start_run(1, at(date(YEAR, 12, 31)))
    seen = Sighting("mailbox:sz", at(date(YEAR, 12, 31)), Outcome.OK, letters=tuple(letters))
    ledger.record(run, seen)
    ledger.finish_run(run, at(date(YEAR, 12, 31)))


def _findings(ledger: Ledger) -> None:
    """Four found in the year, one a false alarm; one of the year before was closed in it."""
    kinds = EventKind
    courses: tuple[tuple[date, tuple[tuple[EventKind, date], ...]], ...] = (
        (
            date(2019, 12, 10),
            ((kinds.CONFIRMED, date(2019, 12, 12)), (kinds.CLOSED, date(2020, 1, 15))),
        ),
        (
            date(2020, 2, 1),
            ((kinds.CONFIRMED, date(2020, 2, 3)), (kinds.CLOSED, date(2020, 3, 1))),
        ),
        (
            date(2020, 5, 1),
            ((kinds.CONFIRMED, date(2020, 5, 3)), (kinds.URGED, date(2020, 6, 20))),
        ),
        (date(2020, 9, 1), ((kinds.DISMISSED, date(2020, 9, 2)),)),
        (date(2020, 11, 1), ()),
    )
    findings, events = [], []
    for number, (opened, later) in enumerate(courses, 1):
        findings.append(
            {
                "id": number,
                "pack": "haian",
                "rule": "news_2w",
                "subject": "column:bm",
                "unit": "jyj",
                "opened_on": opened,
                "basis": opened,
                "rule_version": "1",
                "calendar_version": "1",
            }
        )
        events += [
            {"finding_id": number, "kind": str(kind), "at": at(day), "by": "甲", "note": "示例"}
            for kind, day in ((kinds.DETECTED, opened), *later)
        ]
    insert_rows(ledger, FindingRow, findings)
    insert_rows(ledger, EventRow, events)
