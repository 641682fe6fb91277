"""What was left out, what a correction changed, who signed, and what was compared."""

from __future__ import annotations

from collections.abc import Iterator

from checks.freshness import local_day
from checks.signing import SIGNING
from notify.documents.parts import Cell, Points, Table, heads
from notify.scores.model import Edition, ScoreFigures
from notify.scores.words import numbered

SIGNERS = ("录入员", "审核负责人", "分管领导")
BLANK, BLANK_DAY = "____________", "____年__月__日"


def left_out(figures: ScoreFigures) -> tuple[Table, ...]:
    """Annex 4: how many of each unit were not counted, and why. What nobody confirmed accuses
    nobody: numbers and objects are not told."""
    rows = figures.left
    return (
        Table(
            name="未计入考核的问题及原因",
            heads=heads(("单位", 60, True), ("原因", 95, True), ("问题数", 35), ("录入事项数", 35)),
            rows=tuple(
                (r.unit_name, r.left.words, len(r.left.findings), len(r.left.entries)) for r in rows
            ),
            empty="没有未计入考核的问题。",
            total=(
                *("合计", None),
                sum(len(row.left.findings) for row in rows),
                sum(len(row.left.entries) for row in rows),
            ),
            notes=tuple(_left_notes(figures)),
        ),
    )


def _left_notes(figures: ScoreFigures) -> Iterator[str]:
    units = {line.unit for line in figures.units}
    outside = sum(each.unit not in units for each in figures.material.findings.values())
    if outside:
        yield f"另有{outside}项问题的责任单位不在登记册内，未计入任何单位。"


def changes(figures: ScoreFigures) -> Table:
    """What a correction changed: before, after, the difference, and the findings behind it."""
    return Table(
        name="更正前后对照表",
        heads=heads(
            *(("单位", 30, True), ("更正前", 17), ("更正后", 17), ("差", 15)),
            *(("增计的问题", 20), ("不再计的问题", 20), ("改变分值的问题", 20), ("录入事项", 17)),
        ),
        rows=tuple(
            (
                line.unit_name,
                None if line.before is None else figures.score(line.before),
                None if line.after is None else figures.score(line.after),
                None if line.difference is None else Points(line.difference, signed=True),
                *(numbered(ids) or None for ids in (line.added, line.gone, line.moved)),
                numbered(line.entries) or None,
            )
            for line in figures.changes
        ),
        empty="各单位得分和明细均无变化。",
    )


def signatures(edition: Edition) -> Table:
    """Annex 5: who signed each of the three steps, else lines to be signed."""
    given = {each.step: each for each in edition.signatures}
    rows: list[tuple[Cell, ...]] = []
    for step, signer in zip(SIGNING, SIGNERS, strict=True):
        one = given.get(step)
        if one is None:
            rows.append((signer, BLANK, BLANK_DAY, BLANK))
        else:
            rows.append((signer, one.by, local_day(one.at), one.note or None))
    return Table(
        name="三级签署",
        heads=heads(("环节", 32), ("姓名", 40), ("日期", 38), ("意见", 46, True)),
        rows=tuple(rows),
        empty="",
        notes=(f"存档内容的SHA-256：{edition.kept}。",) if edition.kept else (),
    )
