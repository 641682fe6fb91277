"""The sentences that the score table and a unit's own sheet have in common."""

from __future__ import annotations

from collections.abc import Iterator

from checks.freshness import local_day
from checks.rules import OPERATOR_PACK
from checks.signing import STEP_WORDS
from notify.scores.model import Edition, ScoreFigures
from notify.scores.words import period_words
from notify.words import chinese_day

DRAFT = "本文件为草稿，按现有数据计算，未经录入、审核和审定，不得作为考核结果使用。"
REVIEW = "本文件为送审稿，尚未经分管领导审定，不得作为考核结果使用。"
UNVERIFIED = "该评分办法的条款未经核实。"
PROPOSAL = "该评分办法为建议稿，各项分值未经主管部门确定，得分仅供参考，不作为正式考核依据。"


def period_of(figures: ScoreFigures) -> str:
    return period_words(figures.material.days)


def warning(edition: Edition) -> tuple[str, ...]:
    """What is said first of what nobody may rely on yet."""
    if edition.is_final:
        return ()
    return (REVIEW,) if edition.signatures else (DRAFT,)


def basis(figures: ScoreFigures) -> Iterator[str]:
    """By which scheme, for which days, under which rules and calendar?"""
    material = figures.material
    scheme = material.scheme
    doubt = PROPOSAL if scheme.proposal else "" if scheme.verified else UNVERIFIED
    yield f"评分办法：《{scheme.title}》，版本{scheme.version}。{scheme.clause}。{doubt}"
    days = material.days
    open_ = "考核周期尚未结束，" if material.as_of < days.last else ""
    packs = [f"{p.name} {p.version}" for p in material.law.packs if p.name != OPERATOR_PACK]
    yield (
        f"考核周期：{chinese_day(days.first)}至{chinese_day(days.last)}；"
        f"{open_}数据截至{chinese_day(material.as_of)}。"
        f"指标集：{'、'.join(packs)}；工作日历：{material.law.calendar.version}。"
    )


def objection(figures: ScoreFigures) -> str:
    """How long may a unit object, and to whom?"""
    office, limit = figures.material.office, figures.material.scheme.objection
    whom = f"向{office.signature}书面提出" + (f"（{office.contact}）" if office.contact else "")
    approved = figures.material.edition.approved_on
    if approved is None or figures.objection is None:
        return f"对考核结果有异议的，可自审定之日起{limit.chinese}内{whom}。"
    due = figures.objection
    provisional = "该期限涉及尚未公布放假安排的年度，为暂定。" if due.provisional else ""
    return (
        f"对考核结果有异议的，可自{chinese_day(approved)}审定之日起{limit.chinese}内，"
        f"即至{chinese_day(due.on)}止（含当日），{whom}。{provisional}"
    )


def state(edition: Edition) -> str:
    """How far has it come, by whose hands and on which days?"""
    if not edition.signatures:
        return "办理情况：草稿，未录入。"
    told = (
        f"{STEP_WORDS[each.step]}：{each.by}（{chinese_day(local_day(each.at))}）"
        for each in edition.signatures
    )
    return f"办理情况：{'；'.join(told)}。"


def reason(edition: Edition) -> Iterator[str]:
    """Why was the assessment corrected? The words of who entered the correction."""
    entered = edition.signatures[0].note if edition.signatures else ""
    yield (
        f"本次为第{edition.correction}次更正，此前审定的结果另存，不作改动。"
        + (f"更正原因：{entered.rstrip('。')}。" if entered else "")
    )
