"""How many items did the columns publish in a year? (按发布日期、按所属栏目，一条只计一次)

An article counts once, however many columns and addresses show it, in the year of the date it has
last, in its home column. Without an address it counts by title and day within its column. A wrong
day, later than the day on which it was first seen, and a missing one count in no year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from checks.counting_key import article_key, folder_key, is_numbered, place_key
from checks.periods import Days

NONE = "none"
TWICE = 2


class Shown(NamedTuple):
    """One row of a list as the ledger keeps it, the first time it was seen with these words.

    `number` rises with time; `look` is the visit that showed it first, on the day `seen`.
    """

    number: int
    column: str
    title: str
    url: str | None
    on: date | None
    seen: date
    look: int

    @property
    def sure(self) -> date | None:
        """The day it bears; None where it bears none, or one that cannot be."""
        return self.on if self.on is not None and self.on <= self.seen else None


@dataclass(frozen=True, slots=True)
class CountedColumn:
    """A column as the register had it last in the year. `ended`: it left the register since."""

    key: str
    name: str
    unit: str
    site: str
    url: str
    column_class: str
    bucket: str
    ended: bool = False

    @property
    def counts(self) -> bool:
        return self.bucket != NONE


@dataclass(frozen=True, slots=True)
class ColumnItems:
    """One column in the year: `home` items are its own, `elsewhere` are shown here and are another
    column's own. `undated` bear no day and were first seen in the year, `misdated` a wrong one.
    """

    column: CountedColumn
    home: int = 0
    elsewhere: int = 0
    undated: int = 0
    misdated: int = 0

    @property
    def shown(self) -> int:
        """All items of the year that its list was seen to hold."""
        return self.home + self.elsewhere


@dataclass(frozen=True, slots=True)
class YearItems:
    """The columns in the order given. `by_class`: the items that columns of a class showed, each
    once; `by_site` the same by site and class. `redated` had another day before, `several` stand in
    more than one column, `hidden` are shown in a column that counts while their own does not.
    `keys` are the articles counted.
    """

    columns: tuple[ColumnItems, ...]
    by_class: Mapping[str, int]
    by_site: Mapping[tuple[str, str], int]
    redated: int
    several: int
    hidden: int
    keys: frozenset[str]


def count_year(rows: Sequence[Shown], columns: Sequence[CountedColumn], period: Days) -> YearItems:
    """Which items does each column publish in the period?

    `rows` are those of `columns`, by number: all that bear a day of the period, or bear none, and
    all further rows of the same articles. Rows of other columns, such as entries, are left out.
    """
    known = {column.key: column for column in columns}
    count = _Count(known, {key: Counter() for key in known})
    for key, article in _articles([row for row in rows if row.column in known], known):
        if len(article) == 1 and (day := article[0].sure) is not None:
            # Nearly all items are one row of one list; there is nothing to weigh.
            if day in period:
                count.add(key, article[0].column)
            continue
        home = _home(article, known)
        dated = _day(article, home)
        if dated is None:
            count.doubt(article[0], home, period)
        elif dated in period:
            count.add(key, home, article)
    return YearItems(
        columns=tuple(ColumnItems(column, **count.tally[column.key]) for column in columns),
        by_class=dict(count.by_class),
        by_site=dict(count.by_site),
        redated=count.redated,
        several=count.several,
        hidden=count.hidden,
        keys=frozenset(count.keys),
    )


@dataclass(slots=True)
class _Count:
    """What is being counted; the fields are those of `YearItems`, `tally` by column."""

    known: Mapping[str, CountedColumn]
    tally: Mapping[str, Counter[str]]
    by_class: Counter[str] = field(default_factory=Counter)
    by_site: Counter[tuple[str, str]] = field(default_factory=Counter)
    redated: int = 0
    several: int = 0
    hidden: int = 0
    keys: set[str] = field(default_factory=set)

    def add(self, key: str, home: str, article: Sequence[Shown] = ()) -> None:
        column = self.known[home]
        self.tally[home]["home"] += 1
        if column.counts:
            self.keys.add(key)
        if not article:
            self.by_class[column.column_class] += 1
            self.by_site[column.site, column.column_class] += 1
            return
        places = {row.column for row in article}
        for place in places - {home}:
            self.tally[place]["elsewhere"] += 1
        shown_by = [self.known[place] for place in places]
        self.by_class.update({each.column_class for each in shown_by})
        self.by_site.update({(each.site, each.column_class) for each in shown_by})
        self.redated += len({row.sure for row in article if row.column == home} - {None}) > 1
        self.several += len(places) > 1
        self.hidden += not column.counts and any(each.counts for each in shown_by)

    def doubt(self, row: Shown, home: str, period: Days) -> None:
        """An article without a day that can be: told in the year in which it was first seen."""
        if row.seen in period:
            self.tally[home]["undated" if row.on is None else "misdated"] += 1


def _articles(
    rows: Sequence[Shown], known: Mapping[str, CountedColumn]
) -> Iterator[tuple[str, Sequence[Shown]]]:
    """The rows of each article. An address that names none is left to title, day and column."""
    lists = {key: article_key(column.url) for key, column in known.items()}
    named: dict[str, list[Shown]] = defaultdict(list)
    plain: dict[str, list[Shown]] = defaultdict(list)
    for row in rows:
        key = article_key(row.url)
        if key is None or key == lists[row.column]:
            plain[_plain(row)].append(row)
        else:
            named[key].append(row)
    for key, held in named.items():
        if len(held) == 1 or is_numbered(key) or not _is_reused(held):
            yield key, held
        else:
            for row in held:
                plain[_plain(row)].append(row)
    yield from plain.items()


def _plain(row: Shown) -> str:
    return f"{row.column}\x1f{row.title}\x1f{row.on}"


def _is_reused(rows: Sequence[Shown]) -> bool:
    """Does one address serve several articles of a column?

    So it does when one look shows it under two titles of different days, or under three; or when
    a later row has neither title nor day in common with those before. Two titles of one day are
    one article, whose headline stands in its column twice.
    """
    by_column: dict[str, list[Shown]] = defaultdict(list)
    for row in rows:
        by_column[row.column].append(row)
    return any(map(_is_shared, by_column.values())) or any(map(_is_broken, by_column.values()))


def _is_shared(rows: Sequence[Shown]) -> bool:
    looks: dict[int, list[Shown]] = defaultdict(list)
    for row in rows:
        looks[row.look].append(row)
    for held in looks.values():
        titles, days = {row.title for row in held}, {row.on for row in held}
        if len(titles) > TWICE or (len(titles) == TWICE and len(days) > 1):
            return True
    return False


def _is_broken(rows: Sequence[Shown]) -> bool:
    """Has a row nothing in common with those before? One that had no day may have it now."""
    titles, days = {rows[0].title}, {rows[0].on}
    for row in rows:
        if row.title not in titles and row.on not in days and None not in days:
            return True
        titles.add(row.title)
        days.add(row.on)
    return False


def _home(article: Sequence[Shown], known: Mapping[str, CountedColumn]) -> str:
    """Which column is the article's own, of those that show it?

    The address under which it was first seen says it: the column whose own address holds it most
    closely. Else a column that counts before one that does not, and then the first that showed it.
    """
    first = article[0]
    if len(article) == 1:
        return first.column
    order = list(dict.fromkeys(row.column for row in article))
    place = place_key(first.url) or ""
    folders = {column: folder_key(known[column].url) for column in order}

    def closeness(column: str) -> int:
        folder = folders[column]
        return len(folder) if folder is not None and place.startswith(folder) else 0

    return max(order, key=lambda column: (closeness(column), known[column].counts))


def _day(article: Sequence[Shown], home: str) -> date | None:
    """The day it has last in its own column, else in any."""
    own = [row.sure for row in article if row.column == home and row.sure is not None]
    days = own or [row.sure for row in article if row.sure is not None]
    return days[-1] if days else None
