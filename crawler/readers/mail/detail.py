"""The page of one letter: what it labels, what its controls are called, what its service says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from checks.facts import Letter, Outcome
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.listing.aside import is_aside
from crawler.readers.listing.scan import NestingError, Scan, scan_page
from crawler.readers.mail.build import build_letter, merge
from crawler.readers.mail.data import letter_in
from crawler.readers.mail.keys import field_of_key
from crawler.readers.mail.labels import fields_between
from crawler.readers.mail.services import detail_request
from crawler.readers.mail.table import named_rows
from crawler.readers.mail.words import Field, field_of, is_template, labelled
from crawler.readers.page import LettersReading, Page
from crawler.readers.records import service_answer

DETAIL = "letter"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_NOT_WORDS = re.compile(r"[\W_]")
_TITLE_START = 8
_LINE = 100
_ON_THE_WAY = re.compile(r"转办|转交|交办|受理|^未|^待|中$")
# ASP.NET names its labels for what they hold: CaseDetail_lbl_requestDate.
_CONTROL = re.compile(
    r"""\bid\s{0,3}=\s{0,3}["']?\w{0,40}lbl_?([A-Za-z]{2,30})["'\s>][^<>]{0,200}>([^<>]{0,500})<"""
)
_REPLY_SCRIPT = re.compile(
    r"(?:reply|answer|huifu|dafu|hfnr|dfnr|hfsj|dfsj)\w{0,20}['\"]?\s{0,3}\)?\s{0,3}\."
    r"\s{0,3}(?:html|text|append|innerHTML|innerText)\b"
    r"|(?:v-html|v-text|ng-bind|ng-bind-html|ms-html|ms-text)\s{0,3}=\s{0,3}[\"'][^\"'<>]{0,60}"
    r"(?:reply|answer|result|hfnr|dfnr|hfsj|dfsj)",
    re.I,
)
_SOUNDS_ANSWERED = re.compile(
    r"(?:答复|回复|函复|回应|说明)如下|(?:来信|来件|留言|邮件|来函|诉求)[^。]{0,10}(?:收悉|已收到)"
    r"|感谢您[^。]{0,12}(?:来信|留言|反映|工作的(?:支持|关注|理解|监督))"
    r"|您(?:所)?(?:反映|咨询|提出|来信|投诉)的?|经(?:核实|核查|调查|了解|查[，,：])"
    r"|(?:回复|答复)(?:于|时间|日期|人|单位|部门|机构|情况|内容)|(?:已回复|已答复|已办结)"
    r"|^\W{0,2}(?:官方|单位|部门|领导|网站)?(?:回复|答复|回信)\W{0,2}$"
)


def read_letter(page: Page, known: Letter | None = None) -> LettersReading:
    """What does this detail page say of its letter, together with what the list said?

    Readable only when it labels a day or a status. A detail page without any answer shows a
    visitor that there is none; a list may merely have no room for it. Where an answer may
    stand in words that nothing labels, or come by a script, nothing is said of it.
    """
    met = page_outcome(page)
    if met is not None:
        return LettersReading((), met[0], DETAIL, met[1])
    html = decode(page.body, page.content_type)
    answer = service_answer(html)
    if answer is not None:
        return _told(letter_in(answer, page), known, "按信件服务的返回读取")
    request = detail_request(page, html)
    if request is not None:
        why = "信件内容由脚本读取，需再查信件服务"
        return LettersReading((), Outcome.UNREADABLE, DETAIL, why, request)
    try:
        scan = scan_page(html)
    except NestingError as error:
        return LettersReading((), Outcome.UNREADABLE, DETAIL, str(error))
    return _told(_from_page(page, html, scan, known), known, "按详情页标注读取")


def _told(seen: Letter | None, known: Letter | None, why: str) -> LettersReading:
    if seen is None:
        return LettersReading((), Outcome.UNREADABLE, DETAIL, "没有找到信件的时间或状态")
    letter = merge(known, seen) if known else seen
    return LettersReading((letter,), Outcome.OK, DETAIL, why)


def _from_page(page: Page, html: str, scan: Scan, known: Letter | None) -> Letter | None:
    rows = [row.fields for row in named_rows(scan)]
    steps = _are_steps(rows)
    fields = dict(_controls(html)) | fields_between(scan, 0, len(scan.nodes))
    if len(rows) == 1 and not steps:
        fields |= {name: each for name, each in rows[0].items() if each}
    filled = {name: words for name, words in fields.items() if not is_template(words)}
    title = filled.get("title") or (known.title if known else _headline(scan))
    seen = build_letter(filled, title, page.url or None, page.today)
    if not (seen.received_on or seen.accepted_on or seen.replied_on or seen.status):
        return None
    unsure = steps or len(filled) < len(fields) or _may_be_answered(html, scan)
    if seen.answered or unsure or (known and not _is_about(scan, known)):
        return replace(seen, answered=seen.answered or None)
    return replace(seen, answered=False)


def _are_steps(rows: Sequence[Mapping[Field, str]]) -> bool:
    """Are these rows the steps of handling one letter? Which is the answer is not told."""
    own = [row for row in rows if not {"title", "received"} & row.keys()]
    return len(own) > 1 or any(_ON_THE_WAY.search(row.get("status", "")) for row in own)


def _is_about(scan: Scan, known: Letter) -> bool:
    """Does the page show the letter's title? It may be where an old address leads now."""
    start = _NOT_WORDS.sub("", known.title)[:_TITLE_START]
    return start in _NOT_WORDS.sub("", scan.text(0))


def _controls(html: str) -> Iterator[tuple[Field, str]]:
    """The fields that the page's controls are named for."""
    if "lbl" in html:
        for control in _CONTROL.finditer(html):
            field = field_of_key(control[1])
            if field is not None:
                yield field, " ".join(control[2].split())


def _may_be_answered(html: str, scan: Scan) -> bool:
    """Does a script bring the answer, or do words outside any label sound like one?"""
    if _REPLY_SCRIPT.search(html):
        return True
    return any(
        _SOUNDS_ANSWERED.search(words)
        for at in scan.texts
        if not (field_of(words := scan.words[at]) or labelled(words[:_LINE]) or is_aside(scan, at))
    )


def _headline(scan: Scan) -> str:
    """The first heading of the page's content, else the page's title."""
    headings = (at for at, tag in enumerate(scan.tags) if tag in _HEADINGS)
    return next((scan.text(at) for at in headings if not is_aside(scan, at)), scan.title)
