"""What `xunjian rules` shows: time limits, duties, indicators and scoring, as rows and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from app.show import Sheet
from checks.calendar import Limit
from checks.duty_table import Duty, PageKind
from checks.indicators import Indicator, Scale
from checks.rules import OWN_CYCLE, Pack, Rule
from checks.subjects import SubjectKind
from notify.terms import CLASSES, VERDICTS
from notify.words import KIND_WORDS

SEVERITIES = {"veto": "单项否决", "deduct": "扣分", "flag": "提示", "operator": "运维"}
PARTS = {"veto": "单项否决", "deduct": "扣分", "bonus": "加分"}
PAGES = {PageKind.HOME: "首页", PageKind.LIST: "列表页", PageKind.ARTICLE: "内容页"}
COUNTS = {
    "subjects": "计对象数",
    "letters": "计有此类来信的信箱数",
    "duties": "计未履行的义务数",
    "share": "计访问次数的占比",
    "hand": "人工核查",
}
RULE_FIELDS = (
    "id pack version subject classes limit warn severity clause source confidence verified "
    "effective_from headline remedy"
).split()
HEADS = {
    "full_name": "指标",
    "whom": "对象",
    "owed": "时限/要求",
    "level": "级别",
    "clause": "依据",
    "source": "来源",
    "confidence": "可信度",
    "checked": "是否核实",
}
FIELDS = {
    "id": "编号",
    "pack": "指标集",
    "version": "版本",
    "group": "组",
    "part": "部分",
    "section": "分类",
    "name": "名称",
    "about": "检查项目",
    "subject": "对象",
    "classes": "栏目类别",
    "pages": "页面",
    "limit": "限值",
    "warn": "提醒线",
    "warn_source": "提醒线来源",
    "within": "时间范围",
    "share": "占比限值",
    "least": "最少次数",
    "counts": "计数办法",
    "rules": "所计指标",
    "verdicts": "所计判定",
    "partial": "系统只检查一部分",
    "points": "每项扣分",
    "cap": "最多扣分",
    "severity": "级别",
    "headline": "问题表述",
    "remedy": "整改建议",
    "clause": "依据",
    "source": "来源",
    "link": "原文网址",
    "confidence": "可信度",
    "verified": "是否核实",
    "effective_from": "生效日期",
    "remind": "提醒间隔",
    "pattern": "格式（正则表达式）",
    "placeholders": "占位内容",
    "allowed": "允许的域名",
    "due": "期限（月、日）",
    "times": "含时分",
    "numbers": "数值",
}
SPANS = ("limit", "warn", "within", "remind")
WORDS: Mapping[str, Mapping[str, str]] = {
    "subject": {**{str(kind): words for kind, words in KIND_WORDS.items()}, "any": "各类对象"},
    "classes": CLASSES,
    "pages": {str(page): words for page, words in PAGES.items()},
    "part": PARTS,
    "counts": COUNTS,
    "severity": SEVERITIES,
    "verdicts": {str(verdict): words for verdict, words in VERDICTS.items()},
}
INDICATOR_HEADS = {
    "id": "指标",
    "level": "部分",
    "name": "名称",
    "counted": "计数办法",
    "bound": "限值",
    "warned": "提醒线",
    "price": "每项扣分/最多",
    "clause": "依据",
    "confidence": "可信度",
    "checked": "是否核实",
}


def rules_sheet(packs: Sequence[Pack]) -> Sheet:
    """Which time limits and duties are loaded, with which thresholds and sources?"""
    document = {
        "rules": [_json(rule) for pack in packs for rule in pack.rules],
        "duties": [_json(duty) for pack in packs for duty in pack.duties],
        "indicators": [_json(row) for pack in packs for row in pack.indicators],
    }
    listed: list[Rule | Duty] = [
        row for pack in packs for own in (pack.rules, pack.duties) for row in own
    ]
    rows = [{**_json(row), **_for_a_person(row)} for row in listed]
    return Sheet(document, rows, HEADS, {})


def named_rows(packs: Sequence[Pack], name: str) -> dict[str, list[dict[str, Any]]]:
    """The rules, duties and indicators called `ID` or `pack/ID`."""
    held = rules_sheet(packs).document
    return {
        kind: [row for row in rows if name in (row["id"], f"{row['pack']}/{row['id']}")]
        for kind, rows in held.items()
    }


def pack_document(pack: Pack) -> dict[str, Any]:
    """One whole pack as JSON."""
    scoring = None if pack.scale is None else _plain(pack.scale)
    head = {"pack": pack.name, "version": pack.version, "title": pack.title}
    return {**head, **rules_sheet([pack]).document, "scoring": scoring}


def pack_sheets(pack: Pack) -> list[tuple[str, Sheet]]:
    """One whole pack as tables, each with its title; an empty pack has one empty table."""
    title = f"{pack.title}（{pack.name} {pack.version}）"
    sheets = [(title, rules_sheet([pack]))]
    if pack.indicators:
        rows = [_indicator_row(row) for row in pack.indicators]
        sheets.append(("计数指标", Sheet({}, rows, INDICATOR_HEADS, {})))
    if pack.scale is not None:
        sheets.append(("计分", _scale_sheet(pack.scale)))
    return sheets


def field_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """The fields of one row in the clerk's words, as `named_rows` gives it; empty ones left out."""
    for name, value in row.items():
        if value is not None and value not in ([], {}, ""):
            yield f"{FIELDS.get(name, name)}：{_field(name, value)}"


def _field(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_field(name, each) for each in value)
    if isinstance(value, dict):
        return "，".join(f"{key} {each}" for key, each in value.items())
    if name in SPANS and isinstance(value, str):
        # A column's own cycle is a limit of rules alone, which no span is written as.
        return (OWN_CYCLE if value == str(OWN_CYCLE) else Limit.parse(value)).chinese
    words: Mapping[str, str] = WORDS.get(name, {})
    return words.get(value, str(value))


def _json(row: Rule | Duty | Indicator) -> dict[str, Any]:
    values = _plain(row)
    return {name: values[name] for name in RULE_FIELDS} if isinstance(row, Rule) else values


def _plain(row: Rule | Duty | Indicator | Scale) -> dict[str, Any]:
    return {field.name: _value(getattr(row, field.name)) for field in fields(row)}


def _value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if isinstance(value, Limit):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return dict(value)
    return getattr(value, "pattern", value)


def _for_a_person(row: Rule | Duty) -> dict[str, Any]:
    limit = f"{row.limit.chinese}：" if isinstance(row, Rule) else ""
    return {
        "full_name": f"{row.pack}/{row.id}",
        "whom": _whom(row),
        "owed": f"{limit}{row.headline}",
        "level": SEVERITIES[row.severity],
        "checked": _checked(row.verified),
    }


def _checked(verified: bool) -> str:
    return "是" if verified else "否，未核实"


def _whom(row: Rule | Duty) -> str:
    kind = "各类对象" if row.subject == "any" else KIND_WORDS[SubjectKind(row.subject)]
    more = [CLASSES[name] for name in row.classes]
    if isinstance(row, Duty):
        more += [PAGES[page] for page in row.pages]
    elif row.levels is not None:
        more += [f"第{level}级" for level in row.levels]
    if isinstance(row, Rule) and row.portal:
        more.append("门户网站")
    if isinstance(row, Rule) and row.named is not None:
        more.append(f"名称含{'、'.join(row.named)}之一")
    return f"{kind}（{'、'.join(more)}）" if more else kind


def _indicator_row(row: Indicator) -> dict[str, Any]:
    part = "，其余人工核查" if row.partial else ""
    counted = "、".join(row.rules)
    bound = row.limit if row.share is None else f"{row.share}（至少{row.least}次）"
    return {
        **_json(row),
        "level": PARTS[row.part],
        "counted": COUNTS[row.counts] + (f"（{counted}）" if counted else "") + part,
        "bound": "" if bound is None else bound,
        "warned": "" if row.warn is None else row.warn,
        "price": "" if row.points is None else f"{row.points}/{row.cap}",
        "checked": _checked(row.verified),
    }


def _scale_sheet(scale: Scale) -> Sheet:
    numbers = {
        "满分": scale.full,
        "合格线（低于为不合格）": scale.pass_mark,
        "加分门槛（高于才计加分）": scale.bonus_above,
        "加分上限": scale.bonus_most,
        f"{scale.services_section}分值（无公共服务职能的不检查，其余折算）": scale.services,
    }
    sure = {"clause": scale.clause, "confidence": scale.confidence}
    rows = [
        {"what": words, "points": points, **sure, "checked": _checked(scale.verified)}
        for words, points in numbers.items()
    ]
    heads = {
        "what": "计分",
        "points": "分值",
        "clause": "依据",
        "confidence": "可信度",
        "checked": "是否核实",
    }
    return Sheet({}, rows, heads, {})
