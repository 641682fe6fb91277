"""How near each site and account is to a veto, and what a portal is worth: rows and documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.day import Day
from app.show import Format, Sheet, console, print_table, printed, show
from app.standing import places_of
from app.words import COLOURS
from checks.lifecycle import Finding
from checks.points import Line, Score
from checks.sites import Standing
from checks.standing_words import amount, bound, gap, in_words, share_of
from checks.subjects import SubjectKind
from checks.watch import Place
from notify.weekly.veto import CLEAR, LISTED, UNJUDGED, UNWATCHED, nearness, remark, sort_of
from notify.words import KIND_WORDS

NONE_COUNTS = "所采用的指标集没有单项否决和计分指标，没有可以列出的内容。"
HITS = {True: "已达到", False: "未达到", None: "未判定"}
# Colours are those of the verdicts that weigh as much.
TONES = {True: "overdue", False: "ok", None: "unknown"}
VETO_HEADS = {
    "place": "网站/账号",
    "id": "编号",
    "what": "指标",
    "count": "现有数",
    "limit": "限值",
    "distance": "距限值",
    "word": "结论",
    "words": "说明",
    "sure": "可信度",
}
LINE_HEADS = {
    "section": "分类",
    "name": "指标",
    "faults": "问题数",
    "points": "扣分",
    "cap": "最多扣分",
    "open": "是否待定",
    "words": "说明",
    "sure": "可信度",
}


def chosen_places(day: Day, findings: Iterable[Finding], site: str | None) -> list[Place]:
    """All places of the day; or one site's, by its id."""
    wanted = f"{SubjectKind.SITE}:{site}"
    told = places_of(day, findings)
    return [place for place in told if site is None or place.subject.key == wanted]


def scores_document(day: Day, places: Sequence[Place]) -> dict[str, Any]:
    """The JSON of `xunjian scores`: see the README."""
    return {"as_of": day.bench.moment.as_of, "scores": [_place_json(place) for place in places]}


def show_scores(day: Day, places: Sequence[Place], form: Format, *, every: bool) -> None:
    """Print the standings, and the sheet of every portal.

    A table of several places holds what is at fault or may be, the worst first, unless `every`.
    """
    rows = [row for place in places for row in _flat(place)]
    if form is not Format.TABLE:
        show(Sheet(scores_document(day, places), rows, {}, {}), form)
        return
    stood = [(place, one) for place in places for one in place.vetoes]
    sorts = Counter(sort_of(one) for _, one in stood)
    if not every:
        stood = [(place, one) for place, one in stood if sort_of(one) == LISTED]
        stood.sort(key=lambda pair: nearness(pair[1]))
    vetoes = [veto_row(place, one) for place, one in stood]
    print_table(Sheet({}, vetoes, VETO_HEADS, COLOURS))
    if not every and sorts:
        console().print(_rest(sorts), markup=False)
    for place in places:
        if place.score is not None:
            console().print(
                printed(f"\n{place.subject.name}（{place.pack.title}）计分："), markup=False
            )
            lines = [_line_row(place, line) for line in place.score.lines]
            if lines:
                print_table(Sheet({}, lines, LINE_HEADS, COLOURS))
            console().print(printed(score_words(place, place.score)), markup=False)


def _rest(sorts: Mapping[str, int]) -> str:
    return (
        f"共{sum(sorts.values())}项，列出{sorts[LISTED]}项；其余未发现问题{sorts[CLEAR]}项，"
        f"未能判定{sorts[UNJUDGED]}项，须人工核查或未监测{sorts[UNWATCHED]}项。"
        "一个网站的全部各项见 --site，全部数据见 --format csv。"
    )


def score_words(place: Place, sheet: Score) -> str:
    """What is the portal worth, in one sentence?"""
    names = {row.id: row.name for row in place.pack.indicators}
    if sheet.vetoes:
        hits = "、".join(f"{names[id_]}（{id_}）" for id_ in sheet.vetoes)
        return f"达到单项否决：{hits}。结论：{sheet.grade}，不再计分。"
    still_open = len(sheet.still_open)
    most = "至多" if still_open else ""
    doubt = f"另有{still_open}项尚未查清或分值未定，查清后可能再扣分。" if still_open else ""
    return (
        f"扣{points(sheet.deducted)}分，扣分指标得分{most}{points(sheet.deduction_score)}分，"
        f"加分{points(sheet.bonus)}分，总分{most}{points(sheet.total)}分。{doubt}"
        f"结论：{sheet.grade or '未定'}。"
    )


def points(value: Decimal | None) -> str:
    """Points as a clerk writes them: 89, 88.5."""
    return "—" if value is None else f"{value.normalize():f}"


def _sure(standing: Standing | Line) -> str:
    row = standing.indicator
    return row.confidence if row.verified else f"{row.confidence}，未核实"


def veto_row(place: Place, one: Standing) -> dict[str, Any]:
    """How one veto stands, by the fields of VETO_HEADS."""
    return {
        "place": f"{KIND_WORDS[place.subject.kind]}：{place.subject.name}",
        "id": one.indicator.id,
        "what": f"{one.indicator.name}：{one.indicator.headline}",
        "count": _or_dash(amount(one)),
        "limit": _or_dash(bound(one)),
        "distance": _or_dash(gap(one)),
        "word": HITS[one.hit],
        "words": remark(one),
        "sure": _sure(one),
        "verdict": TONES[one.hit],
    }


def _line_row(place: Place, line: Line) -> dict[str, Any]:
    stood = {one.indicator.id: one for one in place.deductions}[line.indicator.id]
    return {
        "section": line.indicator.section,
        "name": line.indicator.name,
        "faults": _or_dash(line.faults),
        "points": points(line.points),
        "cap": points(line.indicator.cap),
        "open": "待定" if line.still_open else "",
        "words": line.evidence or in_words(stood),
        "sure": _sure(line),
        "verdict": "undated" if line.faults else "unknown" if line.still_open else "ok",
    }


def _or_dash(value: int | str | None) -> int | str:
    return "—" if value is None else value


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _place_json(place: Place) -> dict[str, Any]:
    subject = place.subject
    return {
        "kind": str(subject.kind),
        "id": subject.id,
        "name": subject.name,
        "unit": subject.unit,
        "pack": place.pack.name,
        "version": place.pack.version,
        "vetoed": place.vetoed,
        "vetoes": [_standing_json(one) for one in place.vetoes],
        "score": None if place.score is None else _score_json(place.score),
    }


def _standing_json(one: Standing) -> dict[str, Any]:
    row, measure = one.indicator, one.measure
    uncounted = amount(one) is None or measure is not None
    return {
        "indicator": row.id,
        "group": row.group,
        "name": row.name,
        "headline": row.headline,
        "hit": one.hit,
        "by_hand": one.said is not None,
        "count": None if uncounted else one.count,
        "limit": row.limit,
        "distance": None if uncounted else one.distance,
        "share": _number(round(share_of(measure), 4)) if measure and measure.whole else None,
        "share_limit": _number(row.share),
        "watched": one.watched,
        "subjects": [subject.key for subject in one.counted],
        "not_known": [subject.key for subject in one.not_known],
        "words": in_words(one),
        "clause": row.clause,
        "source": row.source,
        "confidence": row.confidence,
        "verified": row.verified,
    }


def _score_json(sheet: Score) -> dict[str, Any]:
    return {
        "vetoes": list(sheet.vetoes),
        "deducted": _number(sheet.deducted),
        "deduction_score": _number(sheet.deduction_score),
        "bonus": _number(sheet.bonus),
        "total": _number(sheet.total),
        "grade": sheet.grade,
        "still_open": list(sheet.still_open),
        "lines": [
            {
                "indicator": line.indicator.id,
                "section": line.indicator.section,
                "name": line.indicator.name,
                "faults": line.faults,
                "points": _number(line.points),
                "cap": _number(line.indicator.cap),
                "evidence": line.evidence,
                "still_open": line.still_open,
                "confidence": line.indicator.confidence,
                "verified": line.indicator.verified,
            }
            for line in sheet.lines
        ],
    }


def _flat(place: Place) -> Iterator[dict[str, Any]]:
    """One row an indicator, for a spreadsheet: the vetoes, then the lines of the sheet."""
    head = {
        name: value
        for name, value in _place_json(place).items()
        if name in ("kind", "id", "name", "unit", "pack")
    }
    empty = dict.fromkeys(("count", "limit", "distance", "faults", "points", "cap", "still_open"))
    for one in place.vetoes:
        counted = {
            "count": amount(one),
            "limit": bound(one),
            "distance": gap(one),
        }
        yield {**head, **_named("veto", one), **empty, **counted, "words": in_words(one)}
    for line in place.score.lines if place.score else ():
        priced = {
            "faults": line.faults,
            "points": _number(line.points),
            "cap": _number(line.indicator.cap),
            "still_open": line.still_open,
        }
        yield {**head, **_named("deduct", line), **empty, **priced, "words": line.evidence}


def _named(part: str, one: Standing | Line) -> dict[str, Any]:
    row = one.indicator
    return {
        "part": part,
        "indicator": row.id,
        "indicator_name": row.name,
        "hit": one.hit if isinstance(one, Standing) else None,
        "confidence": row.confidence,
        "verified": row.verified,
    }
