"""The annual report's platform section and the yearly forms: figures, then documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from app.day import Day, end_of, judge_day
from app.home import Home
from app.measuring import year_of_accounts
from app.settings import Settings, SettingsError
from checks.counting import YearItems, count_year
from checks.counting_key import article_key
from checks.counting_total import DISCLOSURE, Totals, column_year
from checks.duties import PageKind, Presence
from checks.freshness import local_day
from checks.lifecycle import Finding
from checks.page_facts import PAGE, page_facts
from checks.periods import DAY, Days, read_period
from checks.subjects import SubjectKind
from notify.annual import (
    AnnualFigures,
    AnnualMaterial,
    Copies,
    QuarterEnd,
    Watch,
    annual_figures,
    site_forms,
    write_annual,
)
from notify.weekly import Material, Period
from notify.weekly.desk import lay_out
from notify.weekly.subjects import tally
from storage.clock import now
from storage.inventory import Inventory
from storage.ledger import Ledger

# Month and day of the next year (国办函〔2018〕12号).
FORMS_DUE = (1, 31)


@dataclass(frozen=True, slots=True)
class AnnualReport:
    figures: AnnualFigures
    paths: list[Path]


def make_annual(
    home: Home, settings: Settings, ledger: Ledger, period: str | None, out: Path | None
) -> AnnualReport:
    """Write the section of a year (None: this year so far). Raises SettingsError, ReportError.

    A year that is over is told as it stood on its last day, the present one as of today; items of
    its last days are counted that are seen up to the day on which the forms are due.
    """
    today = local_day(now())
    year = _year(period, today)
    days = Days(date(year, 1, 1), min(date(year, 12, 31), today))
    day = judge_day(home, settings, ledger, days.last)
    quarters = tuple(_quarter_ends(home, settings, ledger, days, day))
    forms_due = end_of(date(year + 1, *FORMS_DUE))
    material = annual_material(ledger, day, days, quarters, min(now(), forms_due))
    figures = annual_figures(material)
    folder = out or home.path("reports")
    folder.mkdir(parents=True, exist_ok=True)
    return AnnualReport(figures, write_annual(figures, site_forms(material, figures), folder))


def annual_material(
    ledger: Ledger, day: Day, days: Days, quarters: Sequence[QuarterEnd], seen_by: datetime
) -> AnnualMaterial:
    """All that is known of the year, as of the last of its `days`, which was judged.

    Rows first seen by `seen_by` count: what is posted on the last evening is seen the next day.
    """
    year, cutoff = days.first.year, day.cutoff
    columns = ledger.counted_columns(days, cutoff)
    keys = [column.key for column in columns]
    items = count_year(ledger.shown_rows(keys, days, seen_by), columns, days)
    totals = ledger.list_totals(
        [column.key for column in columns if column.bucket == DISCLOSURE], days, cutoff
    )
    findings = ledger.findings(cutoff)
    return AnnualMaterial(
        year=year,
        period=days,
        day=_material(day, findings),
        columns=[
            column_year(each, totals.get(each.column.key, Totals()), days) for each in items.columns
        ],
        items=items,
        copies=_copies(ledger, items, days, cutoff),
        watch=Watch(ledger.first_looks(keys, cutoff), ledger.days_looked(days, cutoff)),
        quarters=quarters,
        accounts=year_of_accounts(ledger, year, days.last).lines,
        before=_before(ledger, days.first),
        findings=findings,
        marks=_foot_marks(day),
    )


def _year(period: str | None, today: date) -> int:
    if period is None:
        return today.year
    if not re.fullmatch(r"\d{4}", period, re.ASCII) or period == "0000":
        raise SettingsError(f"--period {period}：应为四位年份，如 2026")
    if read_period(period).first > today:
        raise SettingsError(f"--period {period}：这一年尚未开始")
    return int(period)


def _material(day: Day, findings: Sequence[Finding]) -> Material:
    """The last day as the weekly report lays it out."""
    return Material(
        bench=day.bench,
        findings=findings,
        register=day.register,
        law=day.law,
        made_at=now(),
        period=Period.containing(day.bench.moment.as_of),
    )


def _quarter_ends(
    home: Home, settings: Settings, ledger: Ledger, days: Days, last: Day
) -> Iterator[QuarterEnd]:
    """The quarters as far as the year is told, each with its last day judged.

    A quarter in which nothing was looked at has no rate.
    """
    for number in (1, 2, 3, 4):
        quarter = read_period(f"{days.first.year}Q{number}").common(days)
        if quarter is None:
            return
        day = last
        if quarter.last != days.last:
            looked = ledger.days_looked(quarter, end_of(quarter.last))
            if not looked:
                yield QuarterEnd(quarter, None)
                continue
            day = judge_day(home, settings, ledger, quarter.last)
        rows = lay_out(_material(day, ())).of(SubjectKind.COLUMN)
        yield QuarterEnd(quarter, tally("栏目", [row for row in rows if row.rule]).in_time)


def _copies(ledger: Ledger, items: YearItems, days: Days, cutoff: datetime) -> Copies:
    """Which articles that count have the text of another one that counts?"""
    texts = places = 0
    for stood in ledger.same_bodies(days, cutoff):
        counted = {key for _, url in stood if (key := article_key(url)) in items.keys}
        if len(counted) > 1:
            texts, places = texts + 1, places + len(counted)
    return Copies(texts, places, ledger.bodies_read(days, cutoff))


def _before(ledger: Ledger, first: date) -> Inventory | None:
    """The register in force when the year before ended; None where there was none yet."""
    loaded, eve = ledger.first_loaded_at(), end_of(first - DAY)
    return ledger.inventory(eve) if loaded is not None and loaded <= eve else None


def _foot_marks(day: Day) -> Mapping[tuple[str, str], str]:
    """The words of the marks in the foot of each site's home page, as last read."""
    found: dict[tuple[str, str], str] = {}
    for key, seen in day.facts.observed.items():
        kind, _, site = key.partition(":")
        if kind != SubjectKind.SITE:
            continue
        notes = (each for each in seen if each.family == PAGE and each.outcome.seen and each.facts)
        for facts in map(page_facts, (note.facts for note in notes)):
            if facts.kind is PageKind.HOME:
                found |= {
                    (site, str(mark.mark)): mark.text
                    for mark in facts.marks
                    if mark.presence is Presence.FOUND and mark.text
                }
    return found
