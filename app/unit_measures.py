"""The monthly numbers of each unit that a scheme may ask for: what its columns published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from checks.assessment_case import Measure, months_of
from checks.counting import ColumnItems, CountedColumn, count_year
from checks.coverage import covered
from checks.periods import Days, read_period
from checks.scheme_table import Scheme
from storage.ledger import Ledger

MEASURES: Mapping[str, str] = {
    "items": "本单位各栏目发布的信息条数",
    "interpretations": "本单位政策解读栏目发布的条数",
}


def unit_measures(
    ledger: Ledger, scheme: Scheme, period: Days, cutoff: datetime
) -> dict[str, tuple[Measure, ...]]:
    """By unit, the numbers that the scheme's items ask for in every whole month of the period.

    An article counts once, in its home column. A unit's month is known only where its columns
    were watched so closely that nothing can have been missed on any of its days: a count that is
    too low would accuse.
    """
    names = sorted({item.measure for item in scheme.items if item.measure is not None})
    if not names:
        return {}
    columns = ledger.counted_columns(period, cutoff)
    keys = [column.key for column in columns]
    rows = ledger.shown_rows(keys, period, cutoff)
    posted = ledger.posted(keys, period.first, cutoff)
    seen = {key: covered(posted[key]) if key in posted else () for key in keys}
    held: dict[str, list[Measure]] = {column.unit: [] for column in columns}
    for month in months_of(period):
        days = read_period(month)
        counted = count_year(rows, columns, days).columns
        gaps = {each.unit for each in columns if not _whole(seen[each.key], days)}
        for name in names:
            totals = Counter[str]()
            for unit, count in _counts(counted, name):
                totals[unit] += count
            for unit, measures in held.items():
                measures.append(Measure(name, month, None if unit in gaps else totals[unit]))
    return {unit: tuple(measures) for unit, measures in held.items()}


def _whole(stretches: Sequence[Days], days: Days) -> bool:
    return any(each.first <= days.first and days.last <= each.last for each in stretches)


def _counts(columns: Sequence[ColumnItems], name: str) -> Iterator[tuple[str, int]]:
    for each in columns:
        if name == "items" or _explains(each.column):
            yield each.column.unit, each.home


def _explains(column: CountedColumn) -> bool:
    return column.column_class == "interpretation"
