"""Public mailboxes (信箱、留言、12345): lists of letters, and the detail page of one letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from checks.facts import Letter, Outcome
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.as_data import refusal
from crawler.readers.listing.emptiness import empty_words
from crawler.readers.listing.items import link_markup, places_of
from crawler.readers.listing.links import TitledLinks
from crawler.readers.listing.places import Places
from crawler.readers.listing.rowtext import RowText, read_row_texts, resolve
from crawler.readers.listing.runs import find_runs
from crawler.readers.listing.scan import NestingError, Scan, scan_page
from crawler.readers.mail import jact
from crawler.readers.mail.build import build_letter, told_apart
from crawler.readers.mail.data import letters_in, letters_in_scripts
from crawler.readers.mail.detail import read_letter
from crawler.readers.mail.labels import fields_between
from crawler.readers.mail.services import jact_request, list_request
from crawler.readers.mail.table import NamedRow, has_head, named_rows
from crawler.readers.mail.words import is_template
from crawler.readers.page import LettersReading, Page
from crawler.readers.records import find_datastores, script_total, service_answer
from crawler.readers.rows import read_rows

__all__ = ["read_letter", "read_letters"]

LIST = "letters"
JACT = "jact"
DATA = "letters_data"
_MOST_ROW_LINKS = 3
_PINNED = re.compile(r"^\s{0,3}[\[【(（]?置顶[\]】)）]?\s{0,3}")
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
        return _from_datastore(page, html) or _from_answer(page, html) or _from_page(page, html)
    except NestingError as error:
        return LettersReading((), Outcome.UNREADABLE, LIST, str(error))


def _from_datastore(page: Page, html: str) -> LettersReading | None:
    """Letters from a jact list service, or the request for them; None for other pages."""
    stores = find_datastores(html)
    rows = next((store.fragments for store in stores if store.fragments), ())
    if rows:
        scan, named = jact.datastore_rows(page, html, rows)
        return _reading(_letters(page, scan, named), JACT, "信箱列表服务", None)
    if stores:
        return _reading((), JACT, "信箱列表服务", "列表总数为0" if stores[0].total == 0 else None)
    request = jact_request(page, html)
    if request is None:
        return None
    why = "信箱页没有内嵌列表，需再查列表服务"
    return LettersReading((), Outcome.UNREADABLE, JACT, why, request)


def _from_answer(page: Page, html: str) -> LettersReading | None:
    """Letters from the JSON answer of a list service; None for other pages."""
    answer = service_answer(html)
    if answer is None:
        return None
    refused = refusal(answer) if isinstance(answer, dict) else None
    if refused:
        return LettersReading((), Outcome.UNREADABLE, DATA, refused)
    found = letters_in(answer, page)
    return _reading(
        found.letters, DATA, "信件列表服务", "列表总数为0" if found.total == 0 else None
    )


def _from_page(page: Page, html: str) -> LettersReading:
    """Letters under a head row, else in rows that label their days, else in script arrays.

    A page that leaves its list to a script names the service, or is not readable. Rows with
    neither head nor labels are letters by their titles only.
    """
    scan = scan_page(html)
    letters = _letters(page, scan, named_rows(scan))
    if letters:
        return _reading(letters, LIST, "按表头读取", None)
    letters = _letters(page, scan, _labelled_rows(page, scan))
    if letters:
        return _reading(letters, LIST, "按标注读取", None)
    in_scripts = letters_in_scripts(html, page)
    if in_scripts:
        return _reading(in_scripts, DATA, "页面脚本内的信件数据", None)
    empty = "列表总数为0" if script_total(html) == 0 else empty_words(scan, html)
    if empty:
        return _reading((), LIST, "信件列表", empty)
    return _left_to_script(page, html, scan) or _by_titles(page)


def _left_to_script(page: Page, html: str, scan: Scan) -> LettersReading | None:
    """A list that only a script fills: ask its service, where that is known."""
    request = list_request(page, html)
    if request is not None:
        why = f"信箱页没有内嵌列表，需再查{request[0]}"
        return LettersReading((), Outcome.UNREADABLE, DATA, why, request[1])
    if has_head(scan) or any(is_template(scan.words[at]) for at in scan.texts):
        why = "信件列表由脚本填充，页面本身没有来信"
        return LettersReading((), Outcome.UNREADABLE, LIST, why)
    return None


def _by_titles(page: Page) -> LettersReading:
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
    if not rows:
        return []
    base = (resolve(scan.base, page.url) if scan.base else None) or page.url
    links = TitledLinks(scan)
    # A row ends where the next begins: rows within rows would each hold all that follow.
    ends = [min(scan.ends[row.at], after.at - 1) for row, after in pairwise(rows)]
    spans = zip(rows, [*ends, scan.ends[rows[-1].at]], strict=True)
    markup = [link_markup(scan, links.between(row.at, end)) for row, end in spans]
    texts = read_row_texts(markup, base)
    return [
        build_letter(row.fields, title, text.url, page.today)
        for row, text in zip(rows, texts, strict=True)
        if (title := _title(row, text)) and not is_template(title)
    ]


def _title(row: NamedRow, text: RowText) -> str:
    """The title column's words; the link's own title where the column cuts it short."""
    shown = _PINNED.sub("", row.fields.get("title", ""))
    cut = shown.endswith(("...", "…"))
    return text.title if not shown or (cut and text.title) else shown


def _reading(letters: Sequence[Letter], reader: str, how: str, empty: str | None) -> LettersReading:
    if not letters:
        outcome = Outcome.EMPTY if empty else Outcome.UNREADABLE
        return LettersReading((), outcome, reader, f"{how}：{empty or '没有读到信件'}")
    unique = told_apart(letters)
    days = [each for each in unique if each.received_on or each.accepted_on or each.replied_on]
    outcome = Outcome.OK if days else Outcome.UNDATED
    return LettersReading(unique, outcome, reader, f"{how}：{len(unique)}件，{len(days)}件有日期")
