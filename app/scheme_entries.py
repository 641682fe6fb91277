"""What persons enter under a scheme: praise, criticism, points of a section, what a unit lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.assessing import LACKS, the_scheme
from app.assessment_steps import AssessmentError
from app.home import Home
from app.proof import kept_proof, proof_faults
from app.settings import Settings
from app.show import Sheet
from checks.freshness import local_day
from checks.scheme_table import LEVELS, Item, Scheme, Section
from storage.clock import now
from storage.ledger import Entered, Ledger

POINTS = re.compile(r"-?[0-9]{1,4}(?:\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Said:
    """An entry as it was typed. `item` is an item's or a section's id; `lacks`: the unit has
    nothing of this section's kind."""

    unit: str
    item: str
    on: date | None
    count: int
    level: str | None
    points: str | None
    lacks: bool
    evidence: str
    by: str


def record(
    home: Home, settings: Settings, ledger: Ledger, said: Said, *, files: bool = True
) -> Entered:
    """Keep an entry. Raises AssessmentError naming everything at fault.

    A file given as evidence is copied first; the entry names the copy and its SHA-256. Without
    `files` evidence is words: whoever types it elsewhere must not reach the files of this machine.
    """
    scheme, _ = the_scheme(home, settings)
    present = now()
    today = local_day(present)
    units = {unit["id"] for unit in ledger.units()}
    faults = [*_own_faults(said, units, today), *_item_faults(said, scheme)]
    faults += proof_faults(said.evidence) if files else []
    if faults:
        raise AssessmentError("\n".join(faults))
    entry = Entered(
        id=0,
        scheme=scheme.id,
        item=said.item,
        unit=said.unit,
        on=said.on or today,
        count=0 if said.lacks else said.count,
        level=LACKS if said.lacks else said.level,
        points=said.points,
        evidence=kept_proof(ledger.evidence.folder, said.evidence)
        if files
        else said.evidence.strip(),
        by=said.by.strip(),
        at=present,
    )
    ledger.enter(entry)
    return entry


def withdraw(
    home: Home, settings: Settings, ledger: Ledger, number: int, by: str, note: str
) -> Entered:
    """Take an entry back; it stays in the ledger. Raises AssessmentError."""
    scheme, _ = the_scheme(home, settings)
    present = now()
    held = {each.id: each for each in ledger.entries(scheme.id, present)}
    faults = [] if by.strip() else ["经办人（--by）：不能为空"]
    faults += [] if note.strip() else ["撤回原因（--note）：不能为空"]
    faults += [] if number in held else [f"没有可撤回的评分录入 {number}"]
    if faults:
        raise AssessmentError("\n".join(faults))
    ledger.withdraw_entry(held[number], by.strip(), note.strip(), present)
    return held[number]


def entries_sheet(home: Home, settings: Settings, ledger: Ledger, unit: str | None) -> Sheet:
    """Which entries stand under the scheme of the settings?"""
    scheme, _ = the_scheme(home, settings)
    names = {row["id"]: row["name"] for row in ledger.units()}
    titles = {item.id: item.name for item in scheme.items}
    titles |= {section.id: section.name for section in scheme.sections}
    rows = [
        {
            "id": each.id,
            "unit": each.unit,
            "unit_name": names.get(each.unit, each.unit),
            "item": each.item,
            "name": titles.get(each.item, each.item),
            "on": each.on,
            "count": each.count,
            "level": each.level,
            "points": each.points,
            "evidence": each.evidence,
            "by": each.by,
            "at": each.at,
            "what": _what(each),
        }
        for each in ledger.entries(scheme.id, now())
        if unit in (None, each.unit)
    ]
    heads = {
        "id": "编号",
        "unit_name": "单位",
        "name": "评分项",
        "on": "日期",
        "what": "内容",
        "evidence": "依据",
        "by": "录入人",
    }
    public = [{name: value for name, value in row.items() if name != "what"} for row in rows]
    return Sheet({"scheme": scheme.id, "entries": public}, rows, heads, {})


def _what(entry: Entered) -> str:
    if entry.level == LACKS:
        return "本单位无此项工作"
    level = f"{LEVELS[entry.level]}，" if entry.level is not None else ""
    return f"{level}{entry.points}分" if entry.points is not None else f"{level}{entry.count}次"


def _own_faults(said: Said, units: set[str], today: date) -> Iterator[str]:
    if said.unit not in units:
        yield f"单位：登记册中没有编号为 {said.unit} 的单位"
    if not said.by.strip():
        yield "录入人（--by）：不能为空"
    if not said.evidence.strip():
        yield "依据（--evidence）：不能为空，请写明文件或事由，或给出文件"
    if said.on is not None and said.on > today:
        yield f"日期（--on）：{said.on} 尚未到来"
    if said.points is not None and not POINTS.fullmatch(said.points):
        yield f"分值（--points）：{said.points!r}，应为至多两位小数的数"


def _item_faults(said: Said, scheme: Scheme) -> Iterator[str]:
    item = next((each for each in scheme.items if each.id == said.item and each.entry), None)
    section = next((each for each in scheme.sections if each.id == said.item), None)
    if said.lacks:
        if section is None or not section.may_lack:
            yield f"评分项：{said.item} 不是单位可以没有的部分。可以没有的为：{_lackable(scheme)}"
    elif item is not None:
        yield from _of_item(said, item)
    elif section is not None and section.by_hand:
        yield from _of_section(said, section)
    else:
        yield f"评分项：{said.item} 不能录入。可以录入的为：{_enterable(scheme)}"


def _lackable(scheme: Scheme) -> str:
    return (
        "、".join(f"{each.id}（{each.name}）" for each in scheme.sections if each.may_lack) or "无"
    )


def _enterable(scheme: Scheme) -> str:
    rows: list[Item | Section] = [each for each in scheme.items if each.entry]
    rows += [each for each in scheme.sections if each.by_hand]
    return "、".join(f"{each.id}（{each.name}）" for each in rows) or "无"


def _of_item(said: Said, item: Item) -> Iterator[str]:
    levels = {level for level, _ in item.levels}
    if levels and said.level not in levels:
        words = "、".join(f"{level}（{LEVELS[level]}）" for level, _ in item.levels)
        yield f"级别（--level）：{said.level or '未写'}，应为 {words} 之一"
    if not levels and said.level is not None:
        yield f"级别（--level）：{item.name}不分级别"
    if said.count < 1:
        yield f"次数（--count）：{said.count}，应为不小于 1 的整数"
    if item.entered and (said.points is None or said.count != 1):
        yield f"分值（--points）：{item.name}由录入人给分，应写明分值，且次数为 1"
    if not item.entered and said.points is not None:
        yield f"分值（--points）：{item.name}按评分办法计分，不能另写分值"
    wrong_sign = item.entered and item.cap is not None and _number(said.points) * item.cap < 0
    if wrong_sign:
        yield f"分值（--points）：{said.points}，与上限 {item.cap} 的正负不符"


def _of_section(said: Said, section: Section) -> Iterator[str]:
    most = section.full or Decimal(0)
    if said.points is None or not 0 <= _number(said.points) <= most:
        yield f"分值（--points）：{said.points or '未写'}，{section.name}应为 0 至 {most}"


def _number(text: str | None) -> Decimal:
    return Decimal(text) if text is not None and POINTS.fullmatch(text) else Decimal(0)
