"""How periods, lines and remarks of an assessment read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from checks.assessment_case import cycle_of
from checks.assessment_sheet import Line, Sheet, plain
from checks.periods import Days
from checks.scheme_table import LEVELS, Scheme
from notify.documents.parts import Points
from notify.documents.text import MOST_CHARACTERS
from notify.scores.model import EntryLine
from notify.words import shorten

NUMBERS = "一二三四"
MOST_EVIDENCE = 40  # characters of an entry's evidence in the score table; annex 3 has it whole


def period_words(days: Days) -> str:
    """What is the period called in a title? 2026年上半年, 2026年第三季度, 2026年全年."""
    month = days.first.month
    words = {
        "quarter": f"第{NUMBERS[(month - 1) // 3]}季度",
        "half_year": "上半年" if month == 1 else "下半年",
        "year": "全年",
    }
    return f"{days.first.year}年{words[cycle_of(days) or 'year']}"


def points(value: Decimal) -> str:
    """Points in a sentence, as the tables print them."""
    return str(Points(value, signed=True))


def is_gain(line: Line) -> bool:
    """Does the line belong to what was added? One of 0 points does where entries alone made it."""
    return line.points > 0 or (line.points == 0 and bool(line.entries) and line.set_to is None)


def deducted(sheet: Sheet) -> Decimal:
    """What its lines cost in all, 0 or less."""
    return sum((line.points for line in sheet.lines if line.points < 0), Decimal(0))


def remark(sheet: Sheet) -> str:
    """What a reader must know beside the number: caps, what was not counted, what is open."""
    told = [fired.sentence for fired in sheet.gates]
    told += [
        f"{line.name}，得分按{plain(line.set_to)}计"
        for line in sheet.lines
        if line.set_to is not None and line.set_to == sheet.set_to and sheet.settled < sheet.total
    ]
    if sheet.result != sheet.clamped:
        told.append(f"封顶前{plain(sheet.result)}")
    told += [
        f"{len(left.findings)}项{left.words}，未计" for left in sheet.left_out if left.findings
    ]
    told += [f"{each.name}未录入" for each in sheet.sections if each.missing]
    return "；".join(told)


def full_remark(sheet: Sheet) -> str:
    """The remark with the grade and what nobody knows."""
    grade = [f"等次：{sheet.grade}"] if sheet.grade else []
    unknown = [each.words for each in sheet.not_known]
    return "；".join([*grade, *filter(None, [remark(sheet)]), *unknown])


def lines_words(lines: Sequence[Line], entries: dict[str, EntryLine], annex: str) -> str:
    """The lines in one cell, each with what is behind it; too many name their number alone.

    A cell is cut where it is too long, and a list that is cut would name only some findings.
    """
    whole = "；".join(f"{_price(line)}（{_behind(line, entries)}）" for line in lines)
    counted = "；".join(f"{_price(line)}（{_many(line)}，见{annex}）" for line in lines)
    short = f"{len(lines)}个评分项，见{annex}"
    return next((each for each in (whole, counted) if len(each) <= MOST_CHARACTERS), short)


def _price(line: Line) -> str:
    if line.set_to is not None:
        return f"{line.name}，得分按{plain(line.set_to)}计"
    return f"{line.name}{points(line.points)}"


def _behind(line: Line, entries: dict[str, EntryLine]) -> str:
    told = [f"问题{numbered(line.findings)}"] if line.findings else []
    rules = sorted({rule.partition(" ")[0] for rule in line.rules})
    told += ["、".join(rules)] if rules else []
    for id_ in line.entries:
        entry = entries[id_]
        told.append(f"{entry.level}{shorten(entry.evidence, MOST_EVIDENCE)}")
    if not line.findings and not line.entries:
        told.append("、".join(part.of for part in line.parts))
    return "，".join(told)


def _many(line: Line) -> str:
    if line.findings:
        rules = sorted({rule.partition(" ")[0] for rule in line.rules})
        return f"问题{len(line.findings)}项，{'、'.join(rules)}"
    return f"{len(line.entries) or len(line.parts)}项"


def numbered(ids: Iterable[int | str]) -> str:
    return "、".join(map(str, ids))


def level_words(level: str | None) -> str:
    return LEVELS.get(level or "", level or "")


def clamp_words(scheme: Scheme) -> str:
    lowest, highest = scheme.clamp
    return f"{plain(lowest)}分至{plain(highest)}分"
