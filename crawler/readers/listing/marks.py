"""Where a page shows dates, and how far each looks like the date of a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from crawler.dates import FoundDate, FoundPart, dates_in, full_dates, parts_in, relative_day
from crawler.readers.listing.links import TitledLinks
from crawler.readers.listing.scan import Scan

MOST_MARKS = 2_000
_LONGEST_TEXT = 400
_LONGEST_NEIGHBOUR = 40
_EDGES = " \t[](){}【】（）〔〕<>|·•・●◆■□▪»«›‹,，、;；:：/-—–_~.。*"
_SMALL_WORDS = re.compile(
    r"置顶|顶|NEW!?|HOT!?|最新|新|热|图文?|星期[一二三四五六日天]|周[一二三四五六日]", re.I
)
OTHER_DAYS = (
    r"(?:成文|生成|施行|实施|执行|生效|失效|废止|开始|起始|结束|截止|截至|截标|活动|会议|公示|报名|有效|统计|"
    r"签发|开标|开工|竣工|考试|面试|笔试|投标|到期|出生|成立|举办|召开|培训|征求意见|征集|申请|申报|预约|服务|"
    r"办结|答复|回复)"
)
_TRAP = re.compile(
    OTHER_DAYS + r"(?:时\s*间|日\s*期|期限|期至|期间|期|日|至)[\s:：]*$"
    r"|" + OTHER_DAYS + r"\s*[:：]\s*$"
    r"|(?:截止|截至|截止到|今天是|今日|今天|现在是|当前时间|当前日期|系统时间|农历|publishdate)[\s:：]*$"
    r"|(?:自|(?<!发布)(?<!发表)(?<!更新)于|至|到|从|截)$"
)
_PUBLISH = re.compile(
    r"(?:发布|发文|公开|发表|录入|添加|上传|更新|刊登|公布|上网|发稿|创建|编辑)?\s*"
    r"(?:时\s*间|日\s*期|于|date|time)[\s:：]*$|(?:发布|发表|更新)[\s:：]+$",
    re.I,
)
_BANNER = re.compile(
    r"今天是|现在是|当前(?:时间|日期)|农历|欢迎(?:您|你)|版权所有|Copyright|©", re.I
)
_RANGE_AFTER = re.compile(r"^\s*(?:至|到|—|–|~|～|--?)\s*(?:(?:19|20)\d\d|\d{1,2}月)")
_CLOCK_AFTER = re.compile(r"^\s*\d{1,2}:\d{2}(?::\d{2})?\s*$")
_PROSE_BEFORE = re.compile(r"[，,、；;。]\s*$")
_PROSE_AFTER = re.compile(r"\s*[，,、；;。]\s*\w")
_RELATIVE_LENGTH = 16
_RELATIVE_WEIGHT = 0.5
_DIGIT = re.compile(r"\d|[〇○零ＯO一二三四五六七八九]{4}\s?年")
_MAY_TELL = re.compile(r"[\d今昨前刚〇○零ＯO一二三四五六七八九]")
_WRITTEN_DAY = re.compile(r"(?<!\d)20\d\d ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2}日?")
_SHORT_REST = 30
_JOINED_LENGTH = 24
_THREE_PIECES = re.compile(r"(?P<d>\d{1,2})\s?日?\s(?P<m>\d{1,2})\s?月\s(?P<y>(?:19|20)\d\d)\s?年?")


@dataclass(frozen=True, slots=True)
class Mark:
    """One date, or piece of a date, on the page.

    `at` is the text's place, `element` the node that holds it. `weight` runs from 1.0 (alone
    in its element, or after 发布时间) to 0.0 (a deadline, a banner, part of a sentence).
    """

    at: int
    element: int
    text: str
    on: date | None
    part: FoundPart | None
    weight: float

    @property
    def anchors(self) -> bool:
        """Can this mark say where a row is?"""
        if self.weight <= 0:
            return False
        return self.on is not None or (self.part is not None and self.part.month is not None)


def find_marks(scan: Scan, links: TitledLinks, today: date) -> list[Mark]:
    """Which dates does the page show, in document order? `links` are the titled links.

    Stops after 2,000: no list shows more rows at once, and work must have an end.
    """
    marks: list[Mark] = []
    for at in scan.texts:
        if len(marks) >= MOST_MARKS:
            break
        words = scan.words[at]
        if len(words) > _LONGEST_TEXT or not _MAY_TELL.search(words):
            continue
        said = relative_day(words, today) if len(words) <= _RELATIVE_LENGTH else None
        if said is not None:
            marks.append(Mark(at, scan.parents[at], words, said, None, _RELATIVE_WEIGHT))
        elif _DIGIT.search(words):
            marks.extend(_dates_in(scan, at, words, links))
    return marks


def _dates_in(scan: Scan, at: int, words: str, links: TitledLinks) -> list[Mark]:
    element = scan.parents[at]
    found = dates_in(words)
    if not found:
        return _pieces(scan, at, element, words)
    return [
        Mark(at, element, each.text.strip(), each.on, None, _weight(scan, at, words, each, links))
        for each in found
    ]


def _weight(scan: Scan, at: int, words: str, found: FoundDate, links: TitledLinks) -> float:
    before, after = words[: found.start], words[found.end :]
    label = before if before.strip(_EDGES) else _neighbour(scan, at) + before
    if not before and not after:
        return 0.0 if _TRAP.search(label.rstrip(" [(【（")) else 1.0
    if _TRAP.search(label.rstrip(" [(【（")) or _BANNER.search(words):
        return 0.0
    if _RANGE_AFTER.search(after):
        return 0.0
    rest = _SMALL_WORDS.sub("", before).strip(_EDGES) + _SMALL_WORDS.sub("", after).strip(_EDGES)
    if not rest:
        return 1.0
    if _PUBLISH.search(before):
        return 1.0
    element = scan.parents[at]
    linked = any(each in links for each in (element, *scan.ancestors(element, 4)))
    return _weight_in_text(before, after, rest, found, linked)


def _weight_in_text(before: str, after: str, rest: str, found: FoundDate, linked: bool) -> float:
    """A date beside other words: fine when set apart at an end, else part of a sentence."""
    apart_before = not before or before[-1] in _EDGES
    apart_after = not after or after[0] in _EDGES
    if not (apart_before and apart_after):
        return 0.0
    if _PROSE_BEFORE.search(before) or _PROSE_AFTER.match(after):
        return 0.0
    at_end = not before.strip(_EDGES) or not after.strip(_EDGES)
    if linked:
        return 0.7 if at_end and "年" not in found.text else 0.0
    return 0.8 if len(rest) <= _SHORT_REST else 0.0


def _neighbour(scan: Scan, at: int) -> str:
    """The words just before this text, when they are a label and not a title."""
    words = "".join(scan.words_before(at))
    if len(words) > _LONGEST_NEIGHBOUR:
        return ""
    label = words.rstrip(" [(【（")
    if label.endswith((":", "：")) or (len(label) <= 6 and _TRAP.fullmatch(label)):
        return words
    return ""


def _pieces(scan: Scan, at: int, element: int, words: str) -> list[Mark]:
    if len(words) > _JOINED_LENGTH:
        return []
    marks = []
    for part in parts_in(words):
        rest = (words[: part.start] + words[part.end :]).strip(_EDGES)
        alone = part.alone or not rest or bool(_CLOCK_AFTER.match(words[part.end :]))
        if not alone:
            continue
        whole = _joined(scan, element) if part.year and not part.month else None
        if whole is not None:
            marks.append(Mark(at, scan.parents[element], whole[0], whole[1], None, 1.0))
        else:
            trapped = _TRAP.search(_neighbour(scan, at))
            marks.append(Mark(at, element, part.text, None, part, 0.0 if trapped else 1.0))
    return marks


def _joined(scan: Scan, element: int) -> tuple[str, date] | None:
    """A date whose year, month and day stand in elements of their own, side by side."""
    parent = scan.parents[element]
    if parent < 0:
        return None
    text = scan.text(parent)
    if len(text) > _JOINED_LENGTH:
        return None
    words = text
    if pieces := _THREE_PIECES.fullmatch(text):
        words = f"{pieces['y']}年{pieces['m']}月{pieces['d']}日"
    found = full_dates(words.replace(" ", ""))
    return (found[0].text if words is text else text, found[0].on) if len(found) == 1 else None


def latest_after(scan: Scan, place: int, today: date) -> date | None:
    """Which is the latest past day written anywhere after this place, trap or not?"""
    rest = " ".join([scan.between(place, len(scan.nodes)), *scan.rest])
    written = set(_WRITTEN_DAY.findall(rest))
    days = [found.on for words in written for found in full_dates(words) if found.on <= today]
    return max(days, default=None)
