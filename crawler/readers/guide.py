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
from crawler.readers.duties.ground import frame_doubt
from crawler.readers.guide_blocks import MOST_BLOCKS, MOST_HTML, Block, read_blocks
from crawler.readers.guide_words import Words, guide_words
from crawler.readers.page import Page
from crawler.readers.shell import ADVICE, script_sign
from crawler.readers.visible import read_visible, without

_BARE_CHARS = 60
_FEWEST_LABELS = 2
_PREFACE_BLOCKS = 15
_COLUMNS = 64
_SPLIT_CHARS = 8
_END = re.compile(r"</(?:body|html)\s{0,20}>", re.IGNORECASE)
_END_CHARS = 5_000
_STRIP_TAGS = frozenset({"li", "a", "label", "button", "ul", "ol"})
_CORE = (Element.BASIS, Element.CONDITIONS, Element.MATERIALS, Element.PROCESS)
_SCRIPTED = ("{{", "<%", "${")
_HTML = re.compile(rb"\s{0,200}(?:\xef\xbb\xbf)?\s{0,200}<[!?a-zA-Z]")


@dataclass(frozen=True, slots=True)
class GuideReading:
    """A guide's page, read. `shown` is empty where nothing can be said, and `why` says so."""

    outcome: Outcome
    title: str = ""
    shown: dict[Element, Shown] | None = None
    files: tuple[Attachment, ...] = ()
    why: str = ""


@dataclass(slots=True)
class _Entry:
    """One label, or words and blanks that follow one. `own`: its value stands in its own block."""

    block: Block
    words: str = ""
    label: str | None = None
    own: bool = False


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
    entries = _entries(_joined(blocks, words), words)
    shown = _shown(entries, words)
    if title and shown[Element.NAME] is not Shown.FOUND:
        shown[Element.NAME] = Shown.FOUND
    elsewhere = ""
    if any(how in (Shown.ABSENT, Shown.EMPTY) for how in shown.values()):
        elsewhere = _elsewhere(page, html, files, words) or _unlabelled(entries, words)
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


def _unlabelled(entries: Sequence[_Entry], words: Words) -> str:
    """Is this not set out by elements, so that a person has to read it?"""
    named = {words.element_of[e.label] for e in entries if e.label and not e.block.foot}
    labelled = named - {None, Element.NAME}
    if len(labelled) < _FEWEST_LABELS or not labelled & set(_CORE):
        return "页面没有按要素列示，须人工核查"
    if len(entries) >= MOST_BLOCKS:
        return "页面过长，没有读全"
    return ""


def _joined(blocks: Sequence[Block], words: Words) -> list[Block]:
    """The blocks, those joined that together are a label: editors put half a word in bold."""
    found: list[Block] = []
    at = 0
    while at < len(blocks):
        block, taken = blocks[at], 1
        if 0 < len(block.words) <= _SPLIT_CHARS and words.label(block.words) is None:
            text = block.words
            for more, following in enumerate(blocks[at + 1 : at + 4], start=2):
                if not following.words or following.row != block.row or not _soft(following):
                    break
                text += following.words
                if len(text) > 2 * _SPLIT_CHARS:
                    break
                if words.label(text) is not None:
                    block = Block(text, block.row, block.gap, block.tag, block.linked)
                    taken = more
                    break
        found.append(block)
        at += taken
    return found


def _soft(block: Block) -> bool:
    return block.gap <= {"b", "strong", "a", "label", "button"}


def _entries(blocks: Sequence[Block], words: Words) -> list[_Entry]:
    found: list[_Entry] = []
    for block in blocks:
        label = words.label(block.words) if block.words else None
        inline = words.inline_labels(block.words) if ":" in block.words else []
        head = None if label or block.linked else words.begins_with(block.words)
        if inline:
            found += _inline_entries(block, inline)
        elif label is not None and not block.linked:
            found.append(_Entry(block, label=label))
        elif head is not None:
            rest = block.words.partition(head)[2]
            found += [_Entry(block, label=head, own=True), _Entry(block, rest)]
        else:
            found.append(_Entry(block, block.words))
    return found


def _inline_entries(block: Block, inline: Sequence[tuple[int, int, str]]) -> list[_Entry]:
    ends = [start for start, _, _ in inline[1:]] + [len(block.words)]
    found = [_Entry(block, block.words[: inline[0][0]])] if inline[0][0] else []
    for (_, after, label), end in zip(inline, ends, strict=True):
        value = block.words[after:end].strip()
        found.append(_Entry(block, label=label, own=bool(value)))
        if value:
            found.append(_Entry(block, value))
    return found


def _shown(entries: Sequence[_Entry], words: Words) -> dict[Element, Shown]:
    """How is each element shown? By its own label, else by that of a tab or a table's column.

    A label in the foot, a link, a label of similar meaning: such an element is not known.
    """
    plain: dict[Element, set[Shown]] = {each: set() for each in Element}
    tabs: dict[Element, set[Shown]] = {each: set() for each in Element}
    hinted: set[Element] = set()
    strips = _strips(entries)
    first = next((at for at, each in enumerate(entries) if each.label), len(entries))
    for at, entry in enumerate(entries):
        named = words.element_of[entry.label] if entry.label else None
        if entry.label is None and at >= first - _PREFACE_BLOCKS:
            hinted.update(_hints(entry, words, preface=at < first))
        elif named is not None and entry.block.foot:
            hinted.add(named)
        elif named is not None and at in strips:
            tabs[named].add(_behind_strip(entries, at, strips[at], words))
        elif named is not None:
            plain[named].add(_value(_following(entries, at), named, words))
    return {
        each: _most(plain[each])
        or _most(tabs[each])
        or (Shown.UNSURE if each in hinted else Shown.ABSENT)
        for each in Element
    }


def _hints(entry: _Entry, words: Words, *, preface: bool) -> list[Element]:
    """Which elements may these words be about? A link only by a label of its own."""
    if entry.block.linked:
        named = words.element_of.get(words.label(entry.words) or "")
        return [named] if named is not None else []
    return words.hinted(entry.words) if preface else words.meant_by(entry.words)


def _most(told: set[Shown]) -> Shown | None:
    order = (Shown.FOUND, Shown.UNSURE, Shown.EMPTY)
    return next((each for each in order if each in told), None)


def _value(values: Sequence[_Entry], element: Element, words: Words) -> Shown:
    said = [each for each in values if each.words and not words.is_void(element, each.words)]
    if any(sign in each.words for each in said for sign in _SCRIPTED):
        return Shown.UNSURE
    if said or any(each.block.media for each in values):
        return Shown.FOUND
    return Shown.UNSURE if any(each.block.hole for each in values) else Shown.EMPTY


def _following(entries: Sequence[_Entry], at: int) -> list[_Entry]:
    """What stands behind this label: in its row if it has company there, else up to the next."""
    row, company = entries[at].block.row, False
    found: list[_Entry] = []
    for place in range(at + 1, len(entries)):
        entry = entries[place]
        if entry.label is not None or entry.block.foot:
            break
        if company and entry.block.row != row:
            break
        company = company or (bool(row) and entry.block.row == row)
        found.append(entry)
    return found


def _strips(entries: Sequence[_Entry]) -> dict[int, tuple[int, int]]:
    """Labels beside each other without words between, as on tabs and at the head of a table: by
    the place of each, where its strip begins and ends."""
    found: dict[int, tuple[int, int]] = {}
    start = 0
    for at in range(1, len(entries) + 1):
        if at < len(entries) and _joins(entries[at - 1], entries[at]):
            continue
        if at - start > 1:
            found |= dict.fromkeys(range(start, at), (start, at))
        start = at
    return found


def _joins(one: _Entry, other: _Entry) -> bool:
    if one.label is None or other.label is None or one.own or other.own:
        return False
    if one.block is other.block:
        return False
    if one.block.row or other.block.row:
        return one.block.row == other.block.row
    if ":" in one.block.words or ":" in other.block.words:
        return False
    gap = other.block.gap
    return bool(gap) and (gap <= _STRIP_TAGS or gap == {"div"})


def _behind_strip(
    entries: Sequence[_Entry], at: int, strip: tuple[int, int], words: Words
) -> Shown:
    """What stands below this head of a table, or on the panel of this tab?"""
    start, end = strip
    here = entries[at]
    named = words.element_of[here.label or ""]
    width = end - start
    behind = entries[end : end + min(_COLUMNS, 4 * width)]
    row = behind[0].block.row if behind else 0
    if here.block.row and row and named is not None:
        return _value(_column(behind, row, at - start, width), named, words)
    if here.block.gap == {"div"} or here.block.row:
        return Shown.UNSURE
    said = any(each.words and not each.block.foot for each in behind)
    return Shown.FOUND if said else Shown.UNSURE


def _column(behind: Sequence[_Entry], row: int, place: int, width: int) -> list[_Entry]:
    """The cell below a head; all of the row where its cells cannot be told from each other."""
    below = [each for each in behind if each.block.row == row]
    return [below[place]] if len(below) == width else below
