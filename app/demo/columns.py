"""The planted columns: their register fields, their rows, and the trap among the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.demo.expected import Expected
from app.demo.faults import FAULTS, Dates, Fault, Serve, Trap
from app.demo.titles import titles

GAPS = (0, 1, 2, 1, 3, 1, 2, 4)
SLOW_CLASSES = ("interpretation", "plan", "policy_doc", "statistics", "interview")
EXEMPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One planted item. `on` is the day its row and its page show; None: they show none.

    `lacks` is how many key elements a guide lacks; None: it is no guide. `apart` rows stand in
    a block of their own above the list.
    """

    serial: int
    title: str
    on: date | None
    pinned: bool = False
    apart: bool = False
    lacks: int | None = None

    @property
    def clock(self) -> str:
        """The time of day its page shows, `HH:MM`."""
        return f"{8 + self.serial % 9:02d}:{self.serial * 7 % 60:02d}"


@dataclass(frozen=True, slots=True)
class Column:
    """One planted column. `path` is in the register; `list_path` is where the rows are.
    `channel` leads to it; `tag` is the page's ColumnType, where it bears one.

    `rows` are in the order shown; `hot` stand in a sidebar; `banner` is the day a
    “今天是” line shows.
    """

    id: str
    site: str
    host: str
    name: str
    column_class: str
    channel: str
    tag: str | None
    unit: str
    unit_name: str
    path: str
    list_path: str
    conditional: bool
    fault: str
    serve: Serve
    dates: Dates
    rows: tuple[Entry, ...]
    hot: tuple[Entry, ...]
    banner: date | None
    exempt_until: date | None
    expected: Expected

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that is linked and must have a page."""
        return self.rows + self.hot


def plant_column(row: Mapping[str, Any], host: str, unit_name: str, today: date) -> Column:
    """Plant one row of the register. Raises KeyError when its fault is not a known one."""
    fault = FAULTS[row["fault"]]
    newest = fault.newest(today) if fault.newest else None
    stood = fault.serve in ("list", "service", "stub", "robots")
    return Column(
        id=row["id"],
        site=row["site"],
        host=host,
        name=row["name"],
        column_class=row["class"],
        channel=row["channel"],
        tag=row.get("type"),
        unit=row["unit"],
        unit_name=unit_name,
        path=row["path"],
        list_path=row.get("target", row["path"]),
        conditional=row.get("conditional", False),
        fault=row["fault"],
        serve=fault.serve,
        dates=fault.dates,
        rows=_rows(row, fault, today) if stood else (),
        hot=_hot(row, today) if fault.trap is Trap.HOT else (),
        banner=today if fault.trap is Trap.BANNER else None,
        exempt_until=today + timedelta(EXEMPT_DAYS) if fault.trap is Trap.EXEMPT else None,
        expected=Expected(
            fault.verdict, newest if fault.outcome.seen else None, fault.outcome, fault.why
        ),
    )


def _rows(row: Mapping[str, Any], fault: Fault, today: date) -> tuple[Entry, ...]:
    start = fault.rows_from(today)
    lacks = row.get("guides", (None,) * fault.rows)
    days = _days(start, len(lacks), 20 if row["class"] in SLOW_CLASSES else 1)
    words = titles(row["id"], row["class"], len(lacks))
    entries = tuple(
        Entry(i, title, day if fault.dates != "none" else None, lacks=lack)
        for i, (title, day, lack) in enumerate(zip(words, days, lacks, strict=True), start=1)
    )
    return _with_trap(entries, row, fault, today)


def _days(start: date, count: int, pace: int) -> tuple[date, ...]:
    """A falling row of days from `start`, uneven as real lists are."""
    days = [start]
    for i in range(1, count):
        days.append(days[-1] - timedelta(GAPS[i % len(GAPS)] * pace))
    return tuple(days)


def _with_trap(
    entries: tuple[Entry, ...], row: Mapping[str, Any], fault: Fault, today: date
) -> tuple[Entry, ...]:
    def extra(serial: int, days_ago: int, apart: bool = False, pinned: bool = True) -> Entry:
        title = titles(f"{row['id']}-{serial}", "notice", 1)[0]
        return Entry(serial, title, today - timedelta(days_ago), pinned, apart)

    match fault.trap:
        case Trap.PINNED_OLD:
            return (extra(801, 400), *entries)
        case Trap.PINNED_NEWEST:
            return (extra(801, 300), extra(802, 2), *entries)
        case Trap.PINNED_APART:
            return (extra(801, 2, apart=True), *entries)
        case Trap.FUTURE:
            return (extra(803, -363, pinned=False), *entries)
        case Trap.TITLE_DATES:
            return tuple(replace(e, title=e.title + _title_date(today, e.serial)) for e in entries)
    return entries


def _title_date(today: date, serial: int) -> str:
    end = today + timedelta(serial - 1)
    return f"（公示期至{end.year}年{end.month}月{end.day}日）"


def _hot(row: Mapping[str, Any], today: date) -> tuple[Entry, ...]:
    words = titles(f"{row['id']}-hot", "notice", 6)
    return tuple(Entry(900 + i, title, today - timedelta(i)) for i, title in enumerate(words))
