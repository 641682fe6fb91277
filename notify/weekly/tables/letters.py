"""The letters of the period, and how each unit answered them."""

from __future__ import annotations

from checks.verdicts import LetterVerdict
from notify.documents.parts import Cell, Mark, Rate, Table, heads
from notify.weekly.letters import average, in_time
from notify.weekly.lines import LetterLine
from notify.weekly.model import WeeklyFigures

TONES = {
    LetterVerdict.OVERDUE: "bad",
    LetterVerdict.ANSWERED_LATE: "bad",
    LetterVerdict.PROVISIONAL: "mute",
    LetterVerdict.ANSWERED_IN_TIME: "good",
}


def letters(figures: WeeklyFigures) -> tuple[Table, ...]:
    table = Table(
        name="来信办理情况",
        heads=heads(
            ("编号", 28),
            ("单位", 31, True),
            ("来信日期", 21),
            ("答复期限", 21),
            ("答复日期", 21),
            ("超期工作日", 12),
            ("状态", 22),
        ),
        rows=tuple(_letter(line) for line in figures.letter_lines),
        empty="本期没有在办来信。",
    )
    told = (table, _answers(figures)) if figures.letter_lines else (table,)
    return (*told, _origins(figures)) if figures.origins else told


def _letter(line: LetterLine) -> tuple[Cell, ...]:
    tone = "warn" if line.near else TONES.get(line.verdict)
    words = Mark(line.words, tone) if tone else line.words
    return (line.ref, line.unit, line.received, line.due, line.replied, line.over, words)


def _origins(figures: WeeklyFigures) -> Table:
    lines = figures.origins
    by_page, by_export = sum(x.by_page for x in lines), sum(x.by_export for x in lines)
    return Table(
        name="来信数据来源",
        heads=heads(
            ("信箱", 45, True),
            ("据公开页面", 22),
            ("据后台导出", 22),
            ("合计", 16),
            ("导出截至", 25),
            ("导入人", 26, True),
        ),
        rows=tuple((x.mailbox, x.by_page, x.by_export, x.letters, x.shown_to, x.by) for x in lines),
        empty="",
        total=("合计", by_page, by_export, by_page + by_export, None, None),
        notes=(
            "据后台导出：公开页面未显示、或以后台导出为准的来信；导出反映的情况超过7天的，未答复的来信不作判定。",
        ),
    )


def _answers(figures: WeeklyFigures) -> Table:
    lines = figures.letter_lines
    answered = sum(line.answered for line in lines)
    rate = Rate(answered, len(lines))
    return Table(
        name="单位答复情况",
        heads=heads(
            ("单位", 47, True),
            ("留言数", 18),
            ("答复数", 18),
            ("答复率", 20),
            ("按期答复率", 24),
            ("平均办理工作日", 29),
        ),
        rows=tuple(
            (x.unit, x.letters, x.answered, x.answer_rate, x.in_time, x.average)
            for x in figures.answers
        ),
        empty="",
        total=("合计", len(lines), answered, rate, in_time(lines), average(lines)),
        notes=(
            "留言数为本期在办来信数；答复数为其中报告期内已公开答复的件数；答复率＝答复数÷留言数。",
            "按期答复率＝按期答复÷（按期答复＋逾期答复＋逾期未答复），"
            "期限暂定和不作期限认定的不计入。",
            "平均办理工作日按国务院公布的放假安排计算，收件当日不计。",
            "单位以页面所示承办单位为准，页面未标明的为信箱主管单位。",
        ),
    )
