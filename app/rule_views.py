"""What `xunjian rules` shows: time limits, duties, indicators and scoring, as rows and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from app.show import Sheet
from checks.calendar import Limit
from checks.duty_table import Duty, PageKind
from checks.facts import SubjectKind
from checks.indicators import Indicator, Scale
from checks.rules import Pack, Rule
from notify.terms import CLASSES
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
