"""The labels of a guide's page, what stands behind each, and so how each element is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.guides import Element, Shown
from crawler.readers.guide_blocks import Block
from crawler.readers.guide_words import Words

_PREFACE_BLOCKS = 15
_COLUMNS = 64
_SPLIT_CHARS = 8
_STRIP_TAGS = frozenset({"li", "a", "label", "button", "ul", "ol"})
_SCRIPTED = ("{{", "<%", "${")


@dataclass(slots=True)
class Entry:
    """One label, or words and blanks that follow one. `own`: its value stands in its own block."""

    block: Block
    words: str = ""
    label: str | None = None
    own: bool = False


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


def read_entries(blocks: Sequence[Block], words: Words) -> list[Entry]:
    """The labels of a page, and what stands before, between and behind them, in order."""
    found: list[Entry] = []
    for block in _joined(blocks, words):
        label = words.label(block.words) if block.words else None
        inline = words.inline_labels(block.words) if ":" in block.words else []
        head = None if label or block.linked else words.begins_with(block.words)
        if inline:
            found += _inline_entries(block, inline)
        elif label is not None and not block.linked:
            found.append(Entry(block, label=label))
        elif head is not None:
            rest = block.words.partition(head)[2]
            found += [Entry(block, label=head, own=True), Entry(block, rest)]
        else:
            found.append(Entry(block, block.words))
    return found


def _inline_entries(block: Block, inline: Sequence[tuple[int, int, str]]) -> list[Entry]:
    ends = [start for start, _, _ in inline[1:]] + [len(block.words)]
    found = [Entry(block, block.words[: inline[0][0]])] if inline[0][0] else []
    for (_, after, label), end in zip(inline, ends, strict=True):
        value = block.words[after:end].strip()
        found.append(Entry(block, label=label, own=bool(value)))
        if value:
            found.append(Entry(block, value))
    return found


def shown_elements(entries: Sequence[Entry], words: Words) -> dict[Element, Shown]:
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


def _hints(entry: Entry, words: Words, *, preface: bool) -> list[Element]:
    """Which elements may these words be about? A link only by a label of its own."""
    if entry.block.linked:
        named = words.element_of.get(words.label(entry.words) or "")
        return [named] if named is not None else []
    return words.hinted(entry.words) if preface else words.meant_by(entry.words)


def _most(told: set[Shown]) -> Shown | None:
    order = (Shown.FOUND, Shown.UNSURE, Shown.EMPTY)
    return next((each for each in order if each in told), None)


def _value(values: Sequence[Entry], element: Element, words: Words) -> Shown:
    said = [each for each in values if each.words and not words.is_void(element, each.words)]
    if any(sign in each.words for each in said for sign in _SCRIPTED):
        return Shown.UNSURE
    if said or any(each.block.media for each in values):
        return Shown.FOUND
    return Shown.UNSURE if any(each.block.hole for each in values) else Shown.EMPTY


def _following(entries: Sequence[Entry], at: int) -> list[Entry]:
    """What stands behind this label: in its row if it has company there, else up to the next."""
    row, company = entries[at].block.row, False
    found: list[Entry] = []
    for place in range(at + 1, len(entries)):
        entry = entries[place]
        if entry.label is not None or entry.block.foot:
            break
        if company and entry.block.row != row:
            break
        company = company or (bool(row) and entry.block.row == row)
        found.append(entry)
    return found


def _strips(entries: Sequence[Entry]) -> dict[int, tuple[int, int]]:
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


def _joins(one: Entry, other: Entry) -> bool:
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


def _behind_strip(entries: Sequence[Entry], at: int, strip: tuple[int, int], words: Words) -> Shown:
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


def _column(behind: Sequence[Entry], row: int, place: int, width: int) -> list[Entry]:
    """The cell below a head; all of the row where its cells cannot be told from each other."""
    below = [each for each in behind if each.block.row == row]
    return [below[place]] if len(below) == width else below
