"""The tables of a unit's own sheet: the findings that cost points, and what was entered."""

from __future__ import annotations

from collections.abc import Iterator

from checks.assessment_sheet import Sheet
from checks.lifecycle import Course
from notify.documents.parts import Cell, Table, heads
from notify.scores.model import Problem, ScoreFigures
from notify.scores.tables import signed
from notify.scores.words import points


def problems(figures: ScoreFigures, sheet: Sheet) -> tuple[Table, ...]:
    """Every finding that was counted: its whole course, what it cost, and the evidence."""
    counted = sorted({id_ for line in sheet.lines for id_ in line.findings})
    found = [figures.problems[id_] for id_ in counted]
    return (
        Table(
            name="计分的问题",
            heads=heads(
                *(("编号", 11), ("对象", 28, True), ("来信编号", 17), ("指标和依据", 48, True)),
                *(("发现", 21), ("确认", 21), ("下发", 21), ("期限", 21)),
                *(("其后", 19), ("评分项及分值", 18, True)),
            ),
            rows=tuple(_problem(figures, each) for each in found),
            empty="没有计分的问题。",
        ),
        Table(
            name="问题的证据",
            heads=heads(("编号", 15), ("发现时的证据", 110, True), ("确认所附的证据", 100, True)),
            rows=tuple((each.id, each.evidence, each.proof) for each in found),
            empty="没有计分的问题，无须证据。",
        ),
    )


def _problem(figures: ScoreFigures, found: Problem) -> tuple[Cell, ...]:
    course = found.course
    cost = [
        f"{row.item_name}{points(row.points)}" if row.points else f"{row.item_name}：{row.sum}"
        for row in figures.details
        if row.finding == found.id
    ]
    return (
        found.id,
        found.subject,
        found.letter or None,
        f"{found.headline}（{found.rule} {found.version}）；{found.clause}",
        found.opened_on,
        course.confirmed_on,
        course.notified_on,
        course.due,
        "；".join(_afterwards(course)) or None,
        "；".join(cost),
    )


def _afterwards(course: Course) -> Iterator[str]:
    """What came after the notice, as far as it was known."""
    days = (
        ("反馈", course.reported_on),
        ("见已恢复", course.recovered_on),
        ("复查未通过", course.failed_on),
        *(("通报督办", day) for day in course.urged_on),
        ("申诉", course.appealed_on),
        ("销号", course.closed_on),
    )
    for words, day in sorted(((w, d) for w, d in days if d is not None), key=lambda pair: pair[1]):
        yield f"{day}{words}"


def entries(figures: ScoreFigures, sheet: Sheet) -> Table:
    """Every entry that was counted, with its evidence and who entered it."""
    points_of = {row.entry: row for row in figures.details if row.entry and row.unit == sheet.unit}
    rows: list[tuple[Cell, ...]] = []
    for id_, row in points_of.items():
        entry = figures.entries[id_ or ""]
        rows.append(
            (
                *(int(entry.id), row.item_name, entry.level or None, entry.count),
                *(signed(row.points), entry.on, entry.evidence, entry.by),
            )
        )
    for section in sheet.sections:
        if section.entry is not None:
            entry = figures.entries[section.entry]
            given = (signed(section.points), entry.on, entry.evidence, entry.by)
            rows.append((int(entry.id), section.name, None, entry.count, *given))
    return Table(
        name="录入事项",
        heads=heads(
            *(("录入编号", 18), ("评分项", 44, True), ("级别", 18), ("次数", 14)),
            *(("分值", 18), ("日期", 22), ("依据", 69, True), ("录入人", 22)),
        ),
        rows=tuple(rows),
        empty="没有计分的录入事项。",
    )
