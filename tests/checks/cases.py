"""Assessments in few words. Every unit, finding and entry here is synthetic."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from checks.assessment import assess
from checks.assessment_case import Case, Entry, Measure, Scored
from checks.assessment_selfcheck import check_sheet
from checks.assessment_sheet import Sheet
from checks.periods import Days
from checks.scheme import read_scheme, scheme_text
from checks.scheme_table import Scheme
from tests.checks.make import day

TEN = Path(__file__).parent / "ten_schemes"
HALF = Days(date(2026, 7, 1), date(2026, 12, 31))
QUARTER = Days(date(2026, 10, 1), date(2026, 12, 31))
YEAR = Days(date(2026, 1, 1), date(2026, 12, 31))


def ten(name: str, *changes: tuple[str, str], more: str = "") -> Scheme:
    """One of the schemes of `ten_schemes`, with other words in it, and more at its end."""
    text = (TEN / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_scheme(text + more, f"{name}.toml")


HAIAN = read_scheme(scheme_text("haian-default"), "haian-default.toml")


def late(id_: int, **known: Any) -> Scored:
    """A column of news, late and confirmed, each id a column of its own."""
    known = {"pack": "haian", "rule": "news_2w", "days_over": 1, "column_class": "news", **known}
    return scored(id_, **known)


def letter(id_: int, days_over: int | None = 1, **known: Any) -> Scored:
    """A letter answered so many working days too late."""
    known = {"kind": "mailbox", "subject": "mailbox:m1", "letter": f"L{id_}", **known}
    return scored(
        id_, "haian", "mailbox_5wd", calendar_version="2026.1", days_over=days_over, **known
    )


def silent(id_: int, **known: Any) -> Scored:
    """An account of which nothing was seen in two weeks: a veto."""
    known = {"kind": "account", "subject": f"account:a{id_}", "severity": "veto", **known}
    return scored(id_, "haian", "nm_14d", **known)


def scored(id_: int, pack: str, rule: str, **known: Any) -> Scored:
    opened = known.pop("opened", "11-02")
    ended = known.pop("ended", None)
    urged = tuple(day(each) for each in known.pop("urged", ()))
    values: dict[str, Any] = {
        "rule_version": "2020.1",
        "calendar_version": None,
        "severity": "deduct",
        "subject": f"column:c{id_}",
        "kind": "column",
        "confirmed": True,
        **known,
    }
    return Scored(
        id_,
        pack,
        rule,
        opened_on=day(opened),
        ended_on=day(ended) if ended else None,
        urged_on=urged,
        **values,
    )


def entry(id_: str, item: str, count: int = 1, **known: Any) -> Entry:
    points = known.pop("points", None)
    on = day(known.pop("on", "11-10"))
    given = Decimal(points) if points is not None else None
    return Entry(id_, item, count, "文件1", "王科", on, points=given, **known)


def months(name: str, **values: int | None) -> tuple[Measure, ...]:
    """Values by month of 2026: `m07=40`."""
    return tuple(Measure(name, f"2026-{key[1:]}", value) for key, value in values.items())


def case(*findings: Scored, period: Days = HALF, as_of: date | None = None, **known: Any) -> Case:
    """A department assessed ten days after the period's end."""
    seen = as_of or period.last + timedelta(days=10)
    known = {"unit_kind": "department", **known}
    return Case("u1", "示例局", period=period, as_of=seen, findings=findings, **known)


def sheet_of(scheme: Scheme, of: Case) -> Sheet:
    """The sheet, whose numbers add up."""
    sheet = assess(scheme, of)
    assert [c for c in check_sheet(scheme, of, sheet) if not c.holds] == []
    return sheet


def sentences(sheet: Sheet) -> dict[str, str]:
    return {line.item: line.sentence for line in sheet.lines}


def left_out(sheet: Sheet) -> dict[str, tuple[int | str, ...]]:
    """Ids that were not counted, by reason."""
    return {each.reason: (*each.findings, *each.entries) for each in sheet.left_out}
