"""Public mailboxes (信箱、留言、12345): lists of letters, and the detail page of one letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.facts import Letter, Outcome
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.listing.aside import is_aside
from crawler.readers.listing.emptiness import empty_words
from crawler.readers.listing.items import link_markup, places_of
from crawler.readers.listing.places import Places
from crawler.readers.listing.rowtext import RowText, read_row_texts, resolve
from crawler.readers.listing.runs import find_runs
from crawler.readers.listing.scan import NestingError, Scan, scan_page
from crawler.readers.mail import jact
from crawler.readers.mail.build import build_letter, merge, told_apart
from crawler.readers.mail.labels import fields_between
from crawler.readers.mail.table import NamedRow, named_rows
from crawler.readers.page import LettersReading, Page
from crawler.readers.records import find_datastores, script_total
from crawler.readers.rows import read_rows

LIST = "letters"
DETAIL = "letter"
JACT = "jact"
_MOST_ROW_LINKS = 3
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_STANDING = frozenset({"received", "accepted", "replied", "status"})


def read_letters(page: Page) -> LettersReading:
    """Which letters does this list page, or the answer of its list service, show?

    What a date means is read from its head cell or its label, never guessed: a date that
    nothing names is no date of the letter.
    """
    met = page_outcome(page)
    if met is not None:
        return LettersReading((), met[0], LIST, met[1])
    html = decode(page.body, page.content_type)
    try:
        return _from_datastore(page, html) or _from_page(page, html)
    except NestingError as error:
        return LettersReading((), Outcome.UNREADABLE, LIST, str(error))


def read_letter(page: Page, known: Letter | None = None) -> LettersReading:
    """What does this detail page say of its letter, together with what the list said?

    Readable only when it labels a day or a status. A detail page without any answer shows a
    visitor that there is none; a list may merely have no room for it.
    """
    met = page_outcome(page)
    if met is not None:
        return LettersReading((), met[0], DETAIL, met[1])
    try:
        scan = scan_page(decode(page.body, page.content_type))
    except NestingError as error:
        return LettersReading((), Outcome.UNREADABLE, DETAIL, str(error))
    fields = fields_between(scan, 0, len(scan.nodes))
    under_head = named_rows(scan)
    if len(under_head) == 1:
        fields |= {name: each for name, each in under_head[0].fields.items() if each}
    if not _STANDING & fields.keys():
        return LettersReading((), Outcome.UNREADABLE, DETAIL, "没有找到信件的时间或状态")
    title = fields.get("title") or (known.title if known else _headline(scan))
    seen = build_letter(fields, title, page.url, page.today)
    seen = replace(seen, answered=bool(seen.answered))
    letter = merge(known, seen) if known else seen
    return LettersReading((letter,), Outcome.OK, DETAIL, "按详情页标注读取")


def _headline(scan: Scan) -> str:
    """The first heading of the page's content, else the page's title."""
    headings = (at for at, tag in enumerate(scan.tags) if tag in _HEADINGS)
    return next((scan.text(at) for at in headings if not is_aside(scan, at)), scan.title)


def _from_datastore(page: Page, html: str) -> LettersReading | None:
    """Letters from a jact list service, or the request for them; None for other pages."""
    stores = find_datastores(html)
    rows = next((store.fragments for store in stores if store.fragments), ())
    if rows:
        scan, named = jact.datastore_rows(page, html, rows)
        return _reading(_letters(page, scan, named), JACT, "信箱列表服务", None)
    if stores:
        return _reading((), JACT, "信箱列表服务", "列表总数为0" if stores[0].total == 0 else None)
    service = jact.service(page, html)
    if service is None:
        return None
    why = "信箱页没有内嵌列表，需再查列表服务"
    return LettersReading((), Outcome.UNREADABLE, JACT, why, service)


def _from_page(page: Page, html: str) -> LettersReading:
    """Letters under a head row, else in rows that label their days, else their titles only."""
    scan = scan_page(html)
    letters = _letters(page, scan, named_rows(scan))
    if letters:
        return _reading(letters, LIST, "按表头读取", None)
    letters = _letters(page, scan, _labelled_rows(page, scan))
    if letters:
        return _reading(letters, LIST, "按标注读取", None)
    empty = "列表总数为0" if script_total(html) == 0 else empty_words(scan, html)
    if empty:
        return _reading((), LIST, "信件列表", empty)
    items = [item for item in read_rows(page).items if item.url]
    letters = [build_letter({}, item.title, item.url, page.today) for item in items]
    return _reading(letters, LIST, "没有表头和标注，日期含义不明", None)


def _labelled_rows(page: Page, scan: Scan) -> list[NamedRow]:
    """The run of rows of which most label a day or a status of their own."""
    best: list[NamedRow] = []
    places = places_of(scan, page.today)
    # 答复时间 is no day of publication, so other readers pass over it; here it marks a row.
    marks = [replace(mark, weight=1.0) if mark.on else mark for mark in places.marks]
    for run in find_runs(Places(scan, places.links, marks)):
        if any(len(row.links) > _MOST_ROW_LINKS for row in run.rows):
            continue
        rows = [NamedRow(row.at, fields_between(scan, row.at, row.end)) for row in run.rows]
        named = [row for row in rows if _STANDING & row.fields.keys()]
        if len(named) > len(best) and len(named) * 2 > len(rows):
            best = rows
    return best


def _letters(page: Page, scan: Scan, rows: Sequence[NamedRow]) -> list[Letter]:
    base = (resolve(scan.base, page.url) if scan.base else None) or page.url
    places = places_of(scan, page.today)
    markup = [link_markup(scan, places.links_in(row.at)) for row in rows]
    texts = read_row_texts(markup, base)
    return [
        build_letter(row.fields, title, text.url, page.today)
        for row, text in zip(rows, texts, strict=True)
        if (title := _title(row, text))
    ]


def _title(row: NamedRow, text: RowText) -> str:
    """The title column's words; the link's own title where the column cuts it short."""
    shown = row.fields.get("title", "")
    cut = shown.endswith(("...", "…"))
    return text.title if not shown or (cut and text.title) else shown


def _reading(letters: Sequence[Letter], reader: str, how: str, empty: str | None) -> LettersReading:
    if not letters:
        outcome = Outcome.EMPTY if empty else Outcome.UNREADABLE
        return LettersReading((), outcome, reader, f"{how}：{empty or '没有读到信件'}")
    days = [each for each in letters if each.received_on or each.accepted_on or each.replied_on]
    outcome = Outcome.OK if days else Outcome.UNDATED
    unique = told_apart(letters)
    return LettersReading(unique, outcome, reader, f"{how}：{len(unique)}件，{len(days)}件有日期")
