"""What `assess` answers: the scores of a period, line by line, with what is behind each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.assessment_steps import Assessment, Change
from app.show import Sheet
from checks.assessment_sheet import plain
from checks.freshness import SHANGHAI, local_day
from checks.signing import STEP_WORDS, is_frozen
from notify.scores.words import deducted, remark
from notify.terms import UNIT_KINDS
from storage.ledger import KeptAssessment

HEADS = {
    "unit_name": "单位",
    "kind_word": "类别",
    "minus": "扣分",
    "plus": "加分",
    "subtotal": "小计",
    "score": "得分",
    "note": "备注",
}


def scores_sheet(assessment: Assessment, unit: str | None) -> Sheet:
    """How many points has each unit, and where does the assessment stand?"""
    draft = assessment.shown
    chosen = [sheet for sheet in draft.sheets if unit in (None, sheet.unit)]
    document = {
        **draft.document,
        "units": [
            given
            for given, sheet in zip(draft.document["units"], draft.sheets, strict=True)
            if unit in (None, sheet.unit)
        ],
        "state": state_of(assessment),
        "assessment": assessment.kept.id if assessment.kept else None,
        "signatures": [
            {"step": str(each.step), "at": each.at, "by": each.by, "note": each.note}
            for each in assessment.signatures
        ],
        "corrections": [each.id for each in assessment.frozen[1:]],
        "changes": [_change(each) for each in assessment.changes if unit in (None, each.unit)],
    }
    rows = [
        {
            "unit_name": sheet.unit_name,
            "kind_word": UNIT_KINDS[sheet.unit_kind],
            "minus": plain(deducted(sheet)),
            "plus": plain(sheet.subtotal - deducted(sheet)),
            "subtotal": plain(sheet.subtotal),
            "score": plain(sheet.score),
            "note": remark(sheet),
        }
        for sheet in chosen
    ]
    return Sheet(document, rows, HEADS, {})


def state_of(assessment: Assessment) -> str:
    """draft, entered, reviewed, frozen."""
    if assessment.frozen:
        return "frozen"
    return str(assessment.signatures[-1].step) if assessment.signatures else "draft"


def state_words(assessment: Assessment) -> Iterator[str]:
    """Where does it stand, and what has changed since, for a person?"""
    basis = assessment.shown.basis
    yield f"{basis.period}，评分办法：{basis.scheme.title}（{basis.scheme.version}）。"
    if basis.scheme.proposal:
        yield "本评分办法为建议稿，分值未经主管部门确定，结果仅供参考。"
    if not assessment.signatures:
        yield "状态：草稿，按现有数据计算，未录入。"
    for each in assessment.signatures:
        at = each.at.astimezone(SHANGHAI)
        yield f"{STEP_WORDS[each.step]}：{each.by}，{at:%Y-%m-%d %H:%M}{_noted(each.note)}"
    if assessment.frozen and assessment.under_way is not None:
        yield f"更正（编号 {assessment.under_way.id}）正在办理，尚未审定。"
    if assessment.changes:
        word = "审定" if assessment.frozen else "录入"
        yield f"{word}后有变化：" + "；".join(map(change_words, assessment.changes)) + "。"


def _noted(note: str) -> str:
    return f"，{note}" if note else ""


def change_words(change: Change) -> str:
    before, after = (
        "无" if score is None else plain(score) for score in (change.before, change.after)
    )
    told = [f"{change.name}{before}→{after}"]
    if change.findings_added:
        told.append(f"增计问题{_numbers(change.findings_added)}")
    if change.findings_gone:
        told.append(f"不再计问题{_numbers(change.findings_gone)}")
    return "，".join(told)


def _numbers(ids: Sequence[int]) -> str:
    return "、".join(map(str, ids))


def _change(change: Change) -> dict[str, Any]:
    return {
        "unit": change.unit,
        "before": None if change.before is None else plain(change.before),
        "after": None if change.after is None else plain(change.after),
        "findings_added": list(change.findings_added),
        "findings_gone": list(change.findings_gone),
    }


def kept_sheet(kept: Sequence[KeptAssessment]) -> Sheet:
    """Which assessments are kept, with their signatures?"""
    rows = [
        {
            "id": each.id,
            "period": each.period,
            "scheme": each.scheme,
            "corrects": each.corrects,
            "frozen": is_frozen(each.signatures),
            "sha256": each.sha256,
            "signatures": [
                {"step": str(s.step), "at": s.at, "by": s.by, "note": s.note}
                for s in each.signatures
            ],
            "kind": f"更正（{each.corrects}）" if each.corrects else "考核",
            "signed": "，".join(
                f"{STEP_WORDS[s.step]}：{s.by} {local_day(s.at)}" for s in each.signatures
            ),
        }
        for each in kept
    ]
    heads = {
        "id": "编号",
        "period": "周期",
        "kind": "类别",
        "scheme": "评分办法",
        "signed": "办理",
    }
    public = [{k: v for k, v in row.items() if k not in ("kind", "signed")} for row in rows]
    return Sheet({"assessments": public}, rows, heads, {})
