"""Does a guide's page (办事指南) show the eight key elements? (国办秘函〔2019〕19号 W6)

Elements are found by their labels: in cells, lists, headings, before a colon, on tabs. What is
not labelled as the words know it, and what a script, a frame or a file may hold, is not known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checks.facts import Outcome
from checks.guides import Element, Shown
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.attachments import Attachment, read_attachments
from crawler.readers.duties.ground import frame_doubt, has_scripts
from crawler.readers.guide_blocks import MOST_BLOCKS, MOST_HTML, Block, read_blocks
from crawler.readers.guide_elements import Entry, read_entries, shown_elements
from crawler.readers.guide_words import Words, guide_words
from crawler.readers.page import Page
from crawler.readers.shell import ADVICE, script_sign
from crawler.readers.visible import read_visible, without

_BARE_CHARS = 60
_FEWEST_LABELS = 2
_MANY_EMPTY = 3
_END = re.compile(r"</(?:body|html)\s{0,20}>", re.IGNORECASE)
_END_CHARS = 5_000
_CORE = (Element.BASIS, Element.CONDITIONS, Element.MATERIALS, Element.PROCESS)
_HTML = re.compile(rb"\s{0,200}(?:\xef\xbb\xbf)?\s{0,200}<[!?a-zA-Z]")


@dataclass(frozen=True, slots=True)
class GuideReading:
    """A guide's page, read. `shown` is empty where nothing can be said, and `why` says so."""

    outcome: Outcome
    title: str = ""
    shown: dict[Element, Shown] | None = None
    files: tuple[Attachment, ...] = ()
    why: str = ""


def read_guide(page: Page) -> GuideReading:
    """Which key elements does this page show, and which files does it offer?"""
    if not _HTML.match(page.body) and "html" not in page.content_type.lower():
        return GuideReading(Outcome.UNREADABLE, why="办事指南不是网页（文件或图片），须人工核查")
    if met := page_outcome(page):
        return GuideReading(met[0], why=met[1])
    html = decode(page.body, page.content_type)
    blocks = read_blocks(html)
    title = _title(html)
    files = read_attachments(html, page.url)
    doubt = _unlike_a_guide(title, blocks)
    if doubt:
        return GuideReading(Outcome.UNREADABLE, title, files=files, why=doubt)
    words = guide_words()
    entries = read_entries(blocks, words)
    shown = shown_elements(entries, words)
    if title and shown[Element.NAME] is not Shown.FOUND:
        shown[Element.NAME] = Shown.FOUND
    elsewhere = ""
    if any(how in (Shown.ABSENT, Shown.EMPTY) for how in shown.values()):
        elsewhere = (
            _elsewhere(page, html, files, words)
            or _unlabelled(entries, words)
            or _unfilled(page, html, shown)
        )
    if elsewhere:
        return GuideReading(Outcome.UNREADABLE, title, files=files, why=elsewhere)
    return GuideReading(Outcome.OK, title, shown, files)


def _title(html: str) -> str:
    seen = read_visible(html)
    named = seen.metas.get("articletitle") or next((words for _, words in seen.headings), "")
    return (named or seen.page_title).strip()[:100]


def _unlike_a_guide(title: str, blocks: Sequence[Block]) -> str:
    if sum(len(each.words) for each in blocks) < _BARE_CHARS:
        return "页面几乎没有文字，须人工核查"
    name = re.split(r"[-_|]", title)[0].strip()
    if name.endswith(guide_words().not_guides):
        return "从标题看不是办事指南，未予检查"
    return ""


def _elsewhere(page: Page, html: str, files: Sequence[Attachment], words: Words) -> str:
    """Why may elements that are not seen still be shown to a visitor?"""
    raw = without(html, "<!--", "-->")
    if len(html) > MOST_HTML:
        return "页面过长，没有读全"
    if not _END.search(raw, max(0, len(raw) - _END_CHARS)):
        return "页面没有收全"
    if doubt := frame_doubt(raw):
        return doubt
    sign = None if page.rendered else script_sign(html)
    if sign is not None:
        return f"{sign}，{ADVICE}"
    if any(word in each.text for each in files for word in words.whole_guide):
        return "指南内容可能在附件中，须人工核查"
    return ""


def _unfilled(page: Page, html: str, shown: dict[Element, Shown]) -> str:
    """Are so many labels without words that a script may have to write them?"""
    empty = sum(how is Shown.EMPTY for how in shown.values())
    if page.rendered or empty < _MANY_EMPTY or not has_scripts(without(html, "<!--", "-->")):
        return ""
    return f"多处标目后没有内容，可能由脚本填写，{ADVICE}"


def _unlabelled(entries: Sequence[Entry], words: Words) -> str:
    """Is this not set out by elements, so that a person has to read it?"""
    named = {words.element_of[e.label] for e in entries if e.label and not e.block.foot}
    labelled = named - {None, Element.NAME}
    if len(labelled) < _FEWEST_LABELS or not labelled & set(_CORE):
        return "页面没有按要素列示，须人工核查"
    if len(entries) >= MOST_BLOCKS:
        return "页面过长，没有读全"
    return ""
