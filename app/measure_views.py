"""What `xunjian account measures` and `xunjian account yearly` answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.measuring import Known, Measured, Year
from app.show import Sheet
from checks.account_figures import Replies
from checks.account_year import Box, YearLine
from checks.freshness import METHOD_WORDS
from checks.measures import Measure
from checks.periods import Days
from checks.subjects import Subject
from notify.documents.parts import NOTHING, Rate
from notify.terms import PLATFORMS, told_apart

TO_FILL = "待填"
BOXES = {Box.WEIBO: "微博", Box.WECHAT: "微信", Box.OTHER: "其他"}
FOLLOWERS = {Box.WEIBO: "关注量", Box.WECHAT: "订阅数"}
MEASURE_HEADS = {
    "name": "账号",
    "platform_words": "平台",
    "unit_name": "主办单位",
    "last_post": "最近发布",
    "posts": "发布数",
    "per_week": "周均",
    "longest_gap": "最长间隔（天）",
    "gap_days": "间隔起止",
    "replied": "评论回复",
    "note": "备注",
}
YEAR_HEADS = {
    "box_words": "项目",
    "name": "账号名称",
    "unit_name": "主办单位",
    "posts": "信息发布量",
    "followers": "关注量/订阅数",
    "ways_words": "获取方式",
    "note": "备注",
}


def measures_sheet(measured: Measured) -> Sheet:
    """How often does each account post? JSON has the measures, the table says what is missing."""
    facts = [_measure_row(subject, found) for subject, found in measured.rows]
    period = {"first": measured.period.first, "last": measured.period.last}
    document = {"as_of": measured.known.as_of, "period": period, "accounts": facts}
    rows = [
        {**row, "note": "；".join(_notes(found))}
        for row, (_, found) in zip(facts, measured.rows, strict=True)
    ]
    told = [
        {**_dashed(row), **_for_a_person(measured.known, subject, found)}
        for row, (subject, found) in zip(rows, measured.rows, strict=True)
    ]
    return Sheet(document, rows, MEASURE_HEADS, {}, told)


def _measure_row(subject: Subject, found: Measure) -> dict[str, Any]:
    gap, replies = found.gap, found.replies
    return {
        "id": subject.id,
        "name": subject.name,
        "platform": subject.platform,
        "unit": subject.unit,
        "last_post": found.last_post,
        "posts": found.posts,
        # A tenth written as JSON's number reads back as the same tenth.
        "per_week": None if found.per_week is None else float(found.per_week),
        "longest_gap": gap.days if gap else None,
        "gap_from": gap.first if gap else None,
        "gap_to": gap.last if gap else None,
        "covered_from": found.known[0].first if found.known else None,
        "covered_to": found.known[-1].last if found.known else None,
        "complete": found.complete,
        "comments": replies.comments if replies else None,
        "replies": replies.replies if replies else None,
        "reply_rate": _share(replies.replies, replies.comments) if replies else None,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _for_a_person(known: Known, subject: Subject, found: Measure) -> dict[str, Any]:
    gap = found.gap
    return {
        "platform_words": PLATFORMS.get(subject.platform or "", subject.platform or "其他"),
        "unit_name": known.units.get(subject.unit, subject.unit),
        "per_week": NOTHING if found.per_week is None else str(found.per_week),
        "gap_days": f"{gap.first}至{gap.last}" if gap else NOTHING,
        "replied": _replied(found.replies) if found.replies else NOTHING,
    }


def _replied(replies: Replies) -> str:
    rate = Rate(replies.replies, replies.comments)
    return f"{replies.replies}/{replies.comments}（{rate}）"


def _dashed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: NOTHING if value is None else value for name, value in row.items()}


def _notes(found: Measure) -> Iterator[str]:
    """What must be known beside the numbers, in words."""
    if found.asked is None:
        yield "该期间内账号尚未开设或已关停"
    elif not found.known:
        seen = f"，仅见到{found.seen}条" if found.seen else ""
        yield f"该期间未能掌握发布情况{seen}，不等于没有发布"
    elif found.known != (found.asked,):
        days = "、".join(map(_span, found.known))
        pace = "不足一周，不计周均" if found.per_week is None else "周均按已掌握天数计"
        yield f"仅掌握{days}共{found.days_known}天的发布情况，发布数为已见数，{pace}"
    if found.undated:
        yield f"另有{found.undated}条日期不明，未计入，间隔不作统计"
    if found.replies is not None and not found.replies.within:
        spans = "、".join(map(_span, found.replies.spans))
        yield f"评论回复为{spans or '来源累计数'}的数据，非本期间"


def _span(days: Days) -> str:
    return f"{days.first}" if days.first == days.last else f"{days.first}至{days.last}"


def yearly_sheet(year: Year) -> Sheet:
    """The form's figures; what the system cannot know is null, and 待填 in the table."""
    rows = [_year_row(line) for line in year.lines]
    document = {
        "as_of": year.known.as_of,
        "year": year.year,
        "has": True if rows else None,
        **{str(box): [row for row in rows if row["box"] == box] for box in Box},
    }
    told = [
        {**row, **_form_words(year.known, line)} for row, line in zip(rows, year.lines, strict=True)
    ]
    empty = {"note": "登记册内没有该年度在用的账号，请核对后填写"}
    has = {"box_words": "有无", "name": "有" if rows else TO_FILL, **({} if rows else empty)}
    return Sheet(document, rows, YEAR_HEADS, {}, [has, *told])


def _year_row(line: YearLine) -> dict[str, Any]:
    found, followers, told = line.measure, line.followers, line.told
    return {
        "box": str(line.box),
        "id": line.account.id,
        "name": line.account.name,
        "platform": line.account.platform,
        "unit": line.account.unit,
        "posts": found.posts,
        "complete": found.complete,
        "covered_from": found.known[0].first if found.known else None,
        "covered_to": found.known[-1].last if found.known else None,
        "ways": [str(way) for way in found.ways],
        "followers": followers.followers if followers else None,
        "followers_on": followers.on if followers else None,
        "source_posts": told.posts if told else None,
        "source_posts_on": told.on if told else None,
        "source_posts_since": told.span.first if told and told.span else None,
        "source_posts_until": told.span.last if told and told.span else None,
        "note": "；".join(_year_notes(line)),
    }


def _form_name(line: YearLine) -> str:
    """The account's name; under 其他 with its platform, which the form's box does not say."""
    platform = told_apart(line.account) if line.box is Box.OTHER else None
    return f"{line.account.name}（{platform}）" if platform else line.account.name


def _form_words(known: Known, line: YearLine) -> dict[str, Any]:
    asked, followers = line.box in FOLLOWERS, line.followers
    unknown = TO_FILL if asked else NOTHING
    return {
        "box_words": BOXES[line.box],
        "name": _form_name(line),
        "unit_name": known.units.get(line.account.unit, line.account.unit),
        "posts": TO_FILL if line.measure.posts is None else line.measure.posts,
        "followers": unknown if followers is None else followers.followers,
        "ways_words": "、".join(METHOD_WORDS[way] for way in line.measure.ways) or NOTHING,
    }


def _year_notes(line: YearLine) -> Iterator[str]:
    found, told = line.measure, line.told
    if found.asked is not None and found.known and found.known != (found.asked,):
        days = "、".join(map(_span, found.known))
        yield f"信息发布量为已见数，仅掌握{days}，其余请核对补充"
    elif not found.known:
        yield "信息发布量未能掌握" + (f"，仅见到{found.seen}条" if found.seen else "") + "，请填写"
    if found.undated:
        yield f"另有{found.undated}条日期不明，未计入"
    if told is not None:
        yield f"来源自报发文{told.posts}条（{_source_span(told.span, told.on)}），供核对，不计入"
    if line.followers is not None:
        words = FOLLOWERS.get(line.box, "粉丝数")
        yield f"{words}为{line.followers.on}的读数"


def _source_span(span: Days | None, on: date) -> str:
    return _span(span) if span else f"截至{on}累计"
