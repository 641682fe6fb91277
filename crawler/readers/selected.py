"""Lists whose rows the register points out: `row=ul.list > li; date=span.rq; title=a`.

The parts are named scope, row, date, title and link. A selector is looked for inside the row;
what a part leaves out is read as in any other list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from selectolax.lexbor import LexborNode, SelectolaxError

from checks.facts import DateCandidate, DateSource
from crawler.dates import full_dates
from crawler.decode import decode
from crawler.readers.listing.elements import elements_round
from crawler.readers.listing.emptiness import empty_words
from crawler.readers.listing.items import joined_items, link_markup, places_of, texts_of
from crawler.readers.listing.links import TitledLink
from crawler.readers.listing.marks import Mark
from crawler.readers.listing.places import Places, Row
from crawler.readers.listing.reading import list_reading, unreadable
from crawler.readers.listing.rowtext import RowText, link_address, link_title, resolve
from crawler.readers.listing.scan import NestingError, ScopeError, scan_page
from crawler.readers.listing.slots import RowDate, Weighed, date_of_pieces, weighed_rows
from crawler.readers.page import ListReading, Page
from crawler.readers.rows import ROWS, hides_later_day, read_rows

Selectors = Mapping[str, str]

PARTS = ("scope", "row", "date", "title", "link")
_MOST_ROWS = 2_000
_MOST_IN_ROW = 20
_LONGEST_SHOWN = 60
_SEVERAL_DAYS = "日期选择器所指处不止一个日期"
_ELSEWHERE = "不在日期选择器所指处的日期"


def read_selected(page: Page, selectors: Selectors) -> ListReading:
    """Which items stand where the register says?

    With scope alone the list is looked for inside it. With row, exactly the elements it
    matches are the rows; one with neither a day nor an address is none. A part that matches
    nothing makes the page unreadable, and the reason names it: a page that was rebuilt is no
    late page. A date element without a single day leaves its row undated.
    """
    if set(selectors) == {"scope"}:
        return read_rows(page, selectors["scope"])
    if "row" not in selectors or not set(selectors) <= set(PARTS):
        return unreadable(ROWS, f"登记的选择器缺少 row 部分，或名称有误：{'、'.join(selectors)}")
    html = decode(page.body, page.content_type)
    if html.lstrip()[:1] in ("{", "["):
        return unreadable(ROWS, "返回的是数据，不是网页")
    try:
        return _read(page, html, selectors)
    except (ScopeError, NestingError) as error:
        return unreadable(ROWS, str(error))


def _read(page: Page, html: str, selectors: Selectors) -> ListReading:
    scan = scan_page(html, selectors.get("scope"))
    places = places_of(scan, page.today)
    picker = _Picker(places, {node.mem_id: at for at, node in enumerate(scan.nodes)})
    rows = picker.rows(selectors["row"])
    if not rows:
        empty = empty_words(scan, html) if "scope" in selectors else None
        if empty is None:
            return unreadable(ROWS, _nothing("row", selectors["row"]))
        return list_reading((), page.today, ROWS, "指定区域", empty=f"页面写明“{empty}”")
    if len(rows) > _MOST_ROWS:
        why = f"row 选择器选中{len(rows)}行，超过{_MOST_ROWS}行：{selectors['row']}"
        return unreadable(ROWS, why)
    base = (resolve(scan.base, page.url) if scan.base else None) or page.url
    dates = _dates(picker, rows, selectors.get("date"), page.today)
    texts = _texts(picker, rows, selectors, base)
    read = joined_items(scan, rows, texts, dates, page.today)
    items = [item for item in read if item.published_on or item.url]
    if hides_later_day(places, items, page.today):
        return unreadable(ROWS, "页面行数过多，未读部分还有更晚的日期")
    return list_reading(items, page.today, ROWS, "按登记的选择器读取")


@dataclass(frozen=True, slots=True)
class _Picker:
    """Finds elements by selector. `spots` are the places of the page's nodes."""

    places: Places
    spots: Mapping[int, int]

    def rows(self, selector: str) -> list[Row]:
        scan = self.places.scan
        roots = [at for at, parent in enumerate(scan.parents) if parent < 0]
        found = dict.fromkeys(at for root in roots for at in self._within(root, selector, "row"))
        return [self._row(at) for at in sorted(found)]

    def inside(self, rows: Sequence[Row], selector: str, part: str) -> list[list[int]]:
        """The elements of each row that match. Raises ScopeError when no row has any."""
        found = [self._within(row.at, selector, part)[:_MOST_IN_ROW] for row in rows]
        if not any(found):
            raise ScopeError(_nothing(part, selector))
        return found

    def _within(self, at: int, selector: str, part: str) -> list[int]:
        node: LexborNode = self.places.scan.nodes[at]
        try:
            found = node.css(selector)
        except SelectolaxError as error:
            raise ScopeError(f"{part} 选择器写法有误：{selector}") from error
        return [self.spots[each.mem_id] for each in found if each.mem_id in self.spots]

    def _row(self, at: int) -> Row:
        scan, places = self.places.scan, self.places
        links, marks = places.links_in(at)[:_MOST_IN_ROW], places.marks_in(at)[:_MOST_IN_ROW]
        return Row(at, scan.ends[at], scan.parents[at], links, marks)


def _nothing(part: str, selector: str) -> str:
    return f"页面上没有 {part} 选择器所指的内容：{selector}"


def _dates(
    picker: _Picker, rows: Sequence[Row], selector: str | None, today: date
) -> list[Weighed]:
    if selector is None:
        return weighed_rows(picker.places.scan, rows, today)
    found = picker.inside(rows, selector, "date")
    return [_date(picker, row, spots) for row, spots in zip(rows, found, strict=True)]


def _date(picker: _Picker, row: Row, spots: Sequence[int]) -> Weighed:
    """The one day the date elements of a row name; pieces of one count together."""
    inside = {id(mark): mark for at in spots for mark in picker.places.marks_in(at)}
    marks = list(inside.values())
    refused = [_refused(mark, _ELSEWHERE) for mark in row.marks if id(mark) not in inside]
    days = {mark.on: mark.text for mark in marks if mark.on is not None}
    found: RowDate | None
    if len(days) == 1:
        found = RowDate(*days.popitem(), 1.0)
    elif days:
        refused = [*(_refused(mark, _SEVERAL_DAYS) for mark in marks), *refused]
        found = RowDate(None, " ".join(days.values())[:_LONGEST_SHOWN], 1.0)
    else:
        text = " ".join(picker.places.scan.text(at) for at in spots[:2])[:_LONGEST_SHOWN]
        found = date_of_pieces(replace(row, marks=marks)) or _written(text)
    return found, tuple(each for each in refused if each is not None)


def _written(text: str) -> RowDate | None:
    """A day in Chinese numerals, else the words as they stand."""
    days = full_dates(text)
    if len(days) == 1:
        return RowDate(days[0].on, days[0].text, 1.0)
    return RowDate(None, text, 1.0) if text else None


def _refused(mark: Mark, rule: str) -> DateCandidate | None:
    return DateCandidate(mark.on, mark.text, DateSource.LIST, rule) if mark.on else None


def _texts(picker: _Picker, rows: Sequence[Row], selectors: Selectors, base: str) -> list[RowText]:
    """Title and address of each row; where a row lacks the element, as of any other row."""
    scan = picker.places.scan
    texts = texts_of(scan, rows, base)
    for part in ("title", "link"):
        if part in selectors:
            found = picker.inside(rows, selectors[part], part)
            firsts = [[TitledLink(spots[0], "")] if spots else [] for spots in found]
            said = _said([link_markup(scan, first) for first in firsts], base)
            texts = [_joined(part, text, own) for text, own in zip(texts, said, strict=True)]
    return texts


def _said(markups: Sequence[str], base: str) -> list[RowText]:
    """The words of each piece of markup, and the first address in it."""
    found = []
    for row in elements_round(markups):
        addresses = (link_address(each, base) for each in row.inner)
        found.append(RowText(link_title(row), next((each for each in addresses if each), None)))
    return found


def _joined(part: str, text: RowText, own: RowText) -> RowText:
    if part == "link":
        return RowText(text.title, own.url or text.url)
    return RowText(own.title or text.title, own.url or text.url)
