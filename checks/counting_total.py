"""Which number does a column's year have: the items seen, or the growth of its list's own total?

Bulk catalogues publish more in a day than their first page shows. Their lists tell how many
records they hold; the difference of two such totals is 列表总数差（净增）. It counts only where the
list grew by more than was seen, so that what was seen cannot be all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from checks.counting import ColumnItems
from checks.periods import Days

DISCLOSURE = "disclosure"
# A total read longer before the edge of the year than this says nothing of the year.
NEAR = timedelta(days=31)


class Method(StrEnum):
    SEEN = "seen"
    TOTAL = "total"


class Basis(StrEnum):
    """What a column's list totals are good for."""

    NOT_ASKED = "not_asked"  # of another bucket
    NO_TOTAL = "no_total"  # the list tells none
    NO_EARLIER = "no_earlier"  # none before the year
    FAR = "far"  # the totals lie too far from the edges of the year
    NEGATIVE = "negative"  # the list was cut down
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How many records a list said that it holds, on a day."""

    on: date
    total: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The last snapshot of the year before, and the last of this year. None: there is none."""

    before: Snapshot | None = None
    after: Snapshot | None = None

    @property
    def growth(self) -> int | None:
        if self.before is None or self.after is None:
            return None
        return self.after.total - self.before.total


@dataclass(frozen=True, slots=True)
class ColumnYear:
    """One column's number, and by which method. `items` are those seen, `totals` those read.

    `number` by totals leaves out the items that are seen to be another column's own.
    `differs`: the two methods are more than 1 % of what was seen apart.
    """

    items: ColumnItems
    totals: Totals
    basis: Basis
    method: Method
    number: int
    differs: bool


def column_year(items: ColumnItems, totals: Totals, period: Days) -> ColumnYear:
    """Which method holds for this column? `period` ends on the last day that is told of."""
    basis = _basis(items, totals, period)
    growth = totals.growth
    by_total = basis is Basis.READY and growth is not None and growth > items.shown
    return ColumnYear(
        items=items,
        totals=totals,
        basis=basis,
        method=Method.TOTAL if by_total else Method.SEEN,
        number=growth - items.elsewhere if by_total and growth is not None else items.home,
        differs=basis is Basis.READY
        and growth is not None
        and 100 * abs(growth - items.shown) > items.shown,
    )


def _basis(items: ColumnItems, totals: Totals, period: Days) -> Basis:
    if items.column.bucket != DISCLOSURE:
        return Basis.NOT_ASKED
    before, after, growth = totals.before, totals.after, totals.growth
    if after is None:
        return Basis.NO_TOTAL
    if before is None or growth is None:
        return Basis.NO_EARLIER
    if period.first - before.on > NEAR or period.last - after.on > NEAR:
        return Basis.FAR
    return Basis.NEGATIVE if growth < 0 else Basis.READY


def bucket_sum(lines: Sequence[ColumnYear], bucket: str) -> int:
    """The items of all columns of a bucket, each by its own method."""
    return sum(line.number for line in lines if line.items.column.bucket == bucket)
