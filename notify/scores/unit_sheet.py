"""A unit's own sheet (考核得分说明): every line, what is behind it, and how to object.

It holds this unit's data alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.assessment_sheet import Line, SectionResult, Sheet, plain
from checks.freshness import local_day
from notify.documents.parts import Form, Report, Section
from notify.scores import annex_tables, unit_tables
from notify.scores.model import ChangeLine, ScoreFigures
from notify.scores.sentences import basis, objection, period_of, reason, state, warning
from notify.scores.words import clamp_words, numbered, points
from notify.selfcheck import Check, checks_table

ORDINALS = "一二三四五六七"


def unit_sheet(figures: ScoreFigures, unit: str, checks: Sequence[Check]) -> Report:
    """The whole document of one unit; `checks` are printed at its end."""
    material, sheet = figures.material, figures.sheet(unit)
    edition, office = material.edition, material.office
    annexes = _annexes(figures, sheet, checks)
    corrected = "（更正）" if edition.correction else ""
    return Report(
        title=f"{period_of(figures)}政务公开考核得分说明",
        subtitle=f"{corrected}{edition.mark}",
        made_at=edition.made_at,
        sections=(*_body(figures, sheet), *annexes),
        form=Form(
            red_head=office.head,
            number=None,
            addressee=sheet.unit_name,
            annexes=tuple(each.heading.partition(" ")[2] for each in annexes),
            signed_by=office.signature,
            dated=local_day(edition.made_at),
        ),
    )


def _body(figures: ScoreFigures, sheet: Sheet) -> Iterator[Section]:
    edition = figures.material.edition
    lead = f"现将你单位{period_of(figures)}政务公开考核得分及其依据说明如下。"
    yield Section("", (*warning(edition), lead))
    parts = [("考核结果", tuple(_result(figures, sheet)), ())]
    if figures.material.before is not None:
        own = [change for change in figures.changes if change.unit == sheet.unit]
        parts.append(("更正情况", (*reason(edition), *_changed(figures, own)), ()))
    parts += [
        ("计分明细", tuple(_lines(sheet)), ()),
        ("未计入的事项及原因", tuple(_left(figures, sheet)), ()),
        ("得分计算", tuple(_arithmetic(figures, sheet)), ()),
        ("考核依据", tuple(basis(figures)), ()),
        ("异议和办理情况", (f"你单位{objection(figures)}", state(edition)), ()),
    ]
    for number, (name, paragraphs, shown) in zip(ORDINALS, parts, strict=False):
        yield Section(f"{number}、{name}", paragraphs, shown)


def _result(figures: ScoreFigures, sheet: Sheet) -> Iterator[str]:
    grade = f"，等次：{sheet.grade}" if sheet.grade else ""
    yield f"得分{figures.score(sheet.score)}分{grade}。"
    if sheet.still_open:
        open_ = "、".join(f"“{section.name}”" for section in sheet.sections if section.missing)
        yield f"{open_}尚未录入，暂按满分计，得分未定。"


def _changed(figures: ScoreFigures, own: Sequence[ChangeLine]) -> Iterator[str]:
    for change in own:
        if change.before is None or change.after is None or change.difference is None:
            yield "此前的考核没有你单位的得分。"
        else:
            before, after = figures.score(change.before), figures.score(change.after)
            yield f"你单位得分由{before}分更正为{after}分，相差{points(change.difference)}分。"
        told = (
            ("增计的问题", change.added),
            ("不再计的问题", change.gone),
            ("改变分值的问题", change.moved),
            ("有变化的录入事项", change.entries),
        )
        words = [f"{name}：{numbered(ids)}" for name, ids in told if ids]
        if words:
            yield "；".join(words) + "。"
    if not own:
        yield "你单位的得分和明细没有变化。"


def _lines(sheet: Sheet) -> Iterator[str]:
    """Each line with its arithmetic and the versions behind it."""
    for number, line in enumerate(sheet.lines, 1):
        yield f"{number}.{line.name}：{line.sentence}。{_behind(line)}"
    if not sheet.lines:
        yield "没有加分和扣分。"


def _behind(line: Line) -> str:
    told = [f"问题{numbered(line.findings)}"] if line.findings else []
    told += [f"录入事项{numbered(line.entries)}"] if line.entries else []
    told += [f"指标及版本：{'、'.join(line.rules)}"] if line.rules else []
    told += [f"日历版本：{'、'.join(line.calendars)}"] if line.calendars else []
    if not line.findings and not line.entries:
        told.append("、".join(part.of for part in line.parts))
    return "；".join(told) + "。"


def _left(figures: ScoreFigures, sheet: Sheet) -> Iterator[str]:
    """What was not counted, by numbers alone: what nobody confirmed accuses nobody."""
    rows = [row.left for row in figures.left if row.unit == sheet.unit]
    for left in rows:
        told = [f"问题{numbered(left.findings)}"] if left.findings else []
        told += [f"录入事项{numbered(left.entries)}"] if left.entries else []
        number = len(left.findings) + len(left.entries)
        yield f"{left.words}：{number}项（{'，'.join(told)}）。"
    for each in sheet.not_known:
        yield f"{each.words}。"
    if not rows and not sheet.not_known:
        yield "没有未计入的事项。"


def _arithmetic(figures: ScoreFigures, sheet: Sheet) -> Iterator[str]:
    """From the lines to the score, step by step."""
    scheme = figures.material.scheme
    for section in sheet.sections:
        yield _section(section)
    if sheet.spread:
        yield f"{sheet.spread}。"
    yield from (f"{gate.sentence}。" for gate in sheet.gates)
    base = f"基础分{plain(sheet.base)}分，" if sheet.base else ""
    yield f"{base}各评分项小计{points(sheet.subtotal)}分，各部分合计{plain(sheet.total)}分。"
    if sheet.settled != sheet.total:
        yield f"因单项否决，按{plain(sheet.settled)}分计。"
    if scheme.linear is not None:
        yield f"按评分办法折算为{figures.score(sheet.result)}分。"
    yield (
        f"限于{clamp_words(scheme)}，封顶后{figures.score(sheet.clamped)}分；"
        f"按{plain(scheme.step)}分四舍五入，得分{figures.score(sheet.score)}分。"
    )


def _section(section: SectionResult) -> str:
    if not section.applicable:
        return f"“{section.name}”：不适用。"
    full = "" if section.full is None else f"满分{plain(section.full)}分，"
    weight = "" if section.weight == 1 else f"，权重{plain(section.weight)}"
    if section.bonus and not section.counted:
        weight += "，未达到计入条件"
    hand = f"，据录入事项{section.entry}" if section.entry else ""
    worth = plain(section.worth)
    return f"“{section.name}”：{full}得{plain(section.points)}分{hand}{weight}，计入{worth}分。"


def _annexes(figures: ScoreFigures, sheet: Sheet, checks: Sequence[Check]) -> tuple[Section, ...]:
    shown = (annex_tables.signatures(figures.material.edition), checks_table(checks))
    return (
        Section(
            "附件1 计分的问题",
            (),
            unit_tables.problems(figures, sheet),
            new_page=True,
            landscape=True,
        ),
        Section(
            "附件2 录入事项",
            (),
            (unit_tables.entries(figures, sheet),),
            new_page=True,
            landscape=True,
        ),
        Section("附件3 三级签署和数据核对", (), shown, new_page=True),
    )
