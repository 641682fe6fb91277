"""What speaks for and against one date on an article page being its day of publication."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from crawler.dates import FoundDate
from crawler.readers.visible import Span, Visible

NEAR_TITLE = 140
LABEL_NEAR_TITLE = 400
_BEFORE = 48
_FOOT_BEFORE = 150
_FIRST_PART = 0.6
_AFTER = 20

_WHEN = r"(?:时 ?间|日 ?期)"
_LABEL_END = r"[\s:：|｜】\])）(（\[【]{0,6}\Z"
_PUBLISHED = re.compile(
    r"(?:发 ?布|发 ?表|公 ?开|录 ?入|添 ?加|上 ?传|上 ?网|登 ?载|刊 ?登|发 ?稿|编 ?发"
    r"|推 ?送|创 ?建)"
    rf" ?(?:{_WHEN}(?: ?[(（][^()（）]{{0,8}}[)）])?|于 ?(?=[:：\s]|\Z)|(?=[:：】])){_LABEL_END}"
    rf"|{_WHEN}发布{_LABEL_END}"
)
# 首次公告发布日期, 原公告发布时间, 网友评论 发表于: the day of another page, or of a comment.
_OF_ANOTHER = re.compile(
    r"(?:首次|原|上次|前次|招标|采购|成绩|结果|拟)[^\s:：]{0,6}\Z"
    r"|(?:评论|网友|留言|跟帖)[^\n]{0,20}\Z"
)
_WHEN_LABEL = re.compile(
    rf"(?P<word>[\u4e00-\u9fff]{{0,6}}?) ?"
    rf"(?:{_WHEN}|更 ?新(?: ?于)?|(?:last )?updated?|date|time){_LABEL_END}",
    re.IGNORECASE,
)
_PLAIN_WORDS = frozenset(
    {
        "",
        "更新",
        "最后更新",
        "最近更新",
        "编辑",
        "公布",
        "公告",
        "新闻",
        "文章",
        "信息",
        "稿件",
        "本文",
        "修改",
        "小",
        "大",
        "打印",
        "关闭",
        "收藏",
        "分享",
    }
)
# 时间 … 地点: an event, whichever of the two comes first.
_PLACE_NEXT = re.compile(r"\s?(?:[\d一二三四五六]{1,2}[、.．)）] ?)?[^\s:：]{0,4}地 ?[点址]")
_PLACE_BEFORE = re.compile(r"地 ?[点址] ?[:：][^\n]{0,40}\n\S{0,8}\Z")
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十\d][、.．)）]|[①-⑩])\s?\S{0,8}\Z")
_BYLINE_IN_LINE = re.compile(r"(?:来 ?源|作 ?者|发布[人者]|供稿|浏览|点击|阅读|编辑)[^\n]{0,40}\Z")
_OTHER_DAYS = (
    "成文|生成|施行|实施|生效|失效|废止|开始|起始|结束|截止|截至|活动|会议|公示|报名|有效|统计|签发|签署|签订"
    "|开标|投标|评标|考试|笔试|面试|体检|印发|颁布|颁发|制定|修订|举办|举行|受理|办结|答复|回复|来信|写信|留言"
    "|提交|申请|出生|成立|通过|批准|今天|今日|现在|当前"
)
# Without 时间 or 日期 the word must touch the date: a title may end in 公示 or 活动.
_OTHER_DAY = re.compile(
    rf"(?:{_OTHER_DAYS})(?:{_WHEN}{_LABEL_END}|(?:日|期|是|为|于)?(?: ?[:：]\s?)?\Z)"
    rf"|(?:\A|\n)(?:{_OTHER_DAYS})日?\n\Z"
)
_TOWARDS = re.compile(r"(?:[自于至到从在截] ?|[前以]|[-—~～] ?)\Z")
_BYLINE_NEXT = re.compile(
    r"[\s|｜\])】）/·]{0,4}(?:(?:信息|文章|稿件|新闻|内容)?来 ?源|作 ?者|字 ?[号体]|浏 ?览"
    r"|点 ?击(?!排)|阅 ?读|责 ?编|责任编辑|编 ?辑|访 ?问|查 ?看|人 ?气"
    r"|次 ?数|发布[人者机单]|供稿|撰稿|打印|分享"
    r"|视力|稿源|【)"
)
_PROSE_NEXT = re.compile(
    r" ?\d{1,2} ?[时点]|[\u4e00-\u9fff，,。、；;”》（]|[)）] ?[\u4e00-\u9fff]"
    r"| ?[-—~～至到]{1,2} ?(?:\d|今)"
)
_PROSE_PREVIOUS = re.compile(r"[\u4e00-\u9fff，、；“《]\Z")
_BANNER_NEXT = re.compile(r"[ (（]{0,2}(?:星期|周[一二三四五六日]|农历)")
_FOOT_WORDS = re.compile(
    r"版权所有|(?:主办|承办|维护)(?:单位)?[:：]|ICP备|网站标识码|公安备|公网安备|copyright|技术支持[:：]",
    re.IGNORECASE,
)
_NEIGHBOUR = re.compile(r"\s?(?:[上下]一[篇条则个]|前一[篇条]|后一[篇条]|相关(?:链接|文章|阅读))")
_SIGNATURE = re.compile(
    r"(?:局|厅|部|委|办|院|会|室|站|队|处|府|司|校|学|中心|公司|小组|集团)[)）]?\Z"
)


class Cues(NamedTuple):
    """Each is true or false for one date; two are costly and answered when asked.

    `label` a publication label, `when` a mere 时间 or 日期; `byline` beside 来源, 浏览 and the
    like; `near` shortly after the title, `ahead` before it; `timed` with a clock; `is_marked` in an
    element named for dates; `alone` a line of its own in the first part of the page; `signed`
    below the name of an office; `bracketed` in round brackets; `written` by a script; `prose` in
    a sentence; `barred` some other day, a banner, part of the title; `is_aside` foot, row, hidden.
    """

    label: bool
    when: bool
    byline: bool
    near: bool
    ahead: bool
    label_near: bool
    timed: bool
    alone: bool
    signed: bool
    bracketed: bool
    written: bool
    prose: bool
    barred: bool
    is_marked: Callable[[], bool]
    is_aside: Callable[[], bool]


def cues_of(seen: Visible, titles: list[Span], found: FoundDate, today: date) -> Cues:
    """Which cues does this date have, given where its titles stand and the day of the visit?"""
    before = seen.text[max(0, found.start - _BEFORE) : found.start]
    after = seen.text[found.end : found.end + _AFTER]
    distance = min((found.start - end for _, end in titles if end <= found.start), default=None)
    label, when, barred = _label(before)
    if when and (_PLACE_NEXT.match(after) or _PLACE_BEFORE.search(before)):
        when, barred = False, True
    labelled = label or when
    near = distance is not None and distance <= NEAR_TITLE
    same_line, _, _ = after.partition("\n")
    byline = bool(_BYLINE_IN_LINE.search(before) or _BYLINE_NEXT.match(same_line))
    lone, signed = _line(before, after)
    byline = byline or ((near or lone) and not signed and bool(_BYLINE_NEXT.match(after)))
    barred = (
        barred
        or any(start <= found.start < end for start, end in titles)
        or (not labelled and _is_banner(found, after, near, byline, today))
    )
    prose = bool(_PROSE_NEXT.match(after)) and not _BYLINE_NEXT.match(after)
    prose = prose or (not labelled and not byline and bool(_PROSE_PREVIOUS.search(before)))
    return Cues(
        label=label,
        when=when,
        byline=byline,
        ahead=distance is None and bool(titles),
        near=near,
        label_near=label and distance is not None and distance <= LABEL_NEAR_TITLE,
        timed=found.timed,
        alone=lone and not signed and found.start < len(seen.text) * _FIRST_PART,
        signed=signed and distance != 1,
        bracketed=before.endswith(("（", "(")) and after.startswith(("）", ")")),
        written=seen.is_written(found.start),
        prose=prose,
        barred=barred,
        is_marked=lambda: seen.is_marked(found.start),
        is_aside=lambda: _aside(seen, found, label),
    )


def _label(before: str) -> tuple[bool, bool, bool]:
    """Is the date labelled as publication, as a mere time, or as some other day?"""
    if match := _PUBLISHED.search(before):
        another = bool(_OF_ANOTHER.search(before[: match.start()]))
        return not another, False, another
    if _OTHER_DAY.search(before) or _TOWARDS.search(before):
        return False, False, True
    match = _WHEN_LABEL.search(before)
    if match is None:
        return False, False, False
    ahead = before[: match.end("word")]
    known = match["word"] in _PLAIN_WORDS or bool(_BYLINE_IN_LINE.search(ahead))
    plain = known and not _NUMBERED.search(ahead)
    return False, plain, not plain


def _is_banner(found: FoundDate, after: str, near: bool, byline: bool, today: date) -> bool:
    """Is it the day of the visit, or of the page's last build, that the site shows everyone?"""
    weekday = bool(_BANNER_NEXT.match(after))
    if found.on == today:
        return not byline and (weekday or not near)
    return weekday and not near


def _aside(seen: Visible, found: FoundDate, label: bool) -> bool:
    line = seen.text[seen.text.rfind("\n", 0, found.start) + 1 : found.start]
    foot_words = seen.text[max(0, found.start - _FOOT_BEFORE) : found.start]
    return (
        bool(_NEIGHBOUR.match(line))
        or bool(_FOOT_WORDS.search(foot_words))
        or (not label and seen.is_hidden(found.start))
        or seen.is_row(found.start)
        or seen.is_foot(found.start)
    )


def _line(before: str, after: str) -> tuple[bool, bool]:
    """Is the date a whole line, and is it below the name of an office, as a signature is?"""
    previous, newline, same = before.rpartition("\n")
    lone = bool(newline) and not same.strip() and after[:1] in ("", "\n")
    above = previous.rpartition("\n")[2]
    return lone, lone and bool(_SIGNATURE.search(above)) and not _BYLINE_NEXT.match(above)
