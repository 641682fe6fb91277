"""The three steps of an assessment (录入 → 审核 → 分管领导), its corrections, and its proof.

What was frozen is never rewritten: what is learnt later makes a correction of its own, which goes
through the same three steps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from app.assessing import Basis, Draft, basis_of, draft
from app.home import Home
from app.law import remember_law
from app.settings import Settings
from checks.freshness import local_day
from checks.signing import (
    Signature,
    SigningStep,
    is_frozen,
    signing_refusal,
    standing_signatures,
)
from storage.clock import now
from storage.ledger import KeptAssessment, Ledger


class AssessmentError(ValueError):
    """A step that cannot be taken: which, why, and what to do instead, in Chinese."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became another for one unit. `scores` are before and after; None: not assessed."""

    unit: str
    name: str
    before: Decimal | None
    after: Decimal | None
    findings_added: tuple[int, ...]
    findings_gone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """How a period's assessment stands.

    `shown` is what is to be shown: as last frozen, else as kept and under way, else as computed
    now. `frozen` are the frozen ones, the first and its corrections; `under_way` has been entered
    and not yet approved. `changes`: what is known now and not in `shown`.
    """

    shown: Draft
    frozen: tuple[KeptAssessment, ...]
    under_way: KeptAssessment | None
    changes: tuple[Change, ...]

    @property
    def kept(self) -> KeptAssessment | None:
        return self.frozen[-1] if self.frozen else self.under_way

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return standing_signatures(self.kept.signatures) if self.kept else ()


def assessment_of(home: Home, settings: Settings, ledger: Ledger, period: str) -> Assessment:
    """How does the assessment of this period stand? Raises SettingsError."""
    present = now()
    with ledger.reading() as session:
        frozen, under_way = _split(ledger.assessments(session, period))
    kept = frozen[-1] if frozen else under_way
    fresh = _computed(home, settings, ledger, period, present, kept)
    if kept is None:
        return Assessment(fresh, (), None, ())
    shown = recomputed(home, settings, ledger, kept)
    return Assessment(shown, frozen, under_way, changes(kept.body, fresh.body))


def enter(
    home: Home, settings: Settings, ledger: Ledger, period: str, by: str, note: str
) -> KeptAssessment:
    """Compute the assessment and keep it with the first signature. Raises AssessmentError."""
    basis, made = _prepare(home, settings, ledger, period)
    with ledger.writing() as session:
        frozen, under_way = _split(ledger.assessments(session, period))
        if frozen:
            raise AssessmentError(signing_refusal(SigningStep.ENTERED, by, frozen[-1].signatures))
        _may(SigningStep.ENTERED, by, under_way)
        return _keep(ledger, session, made, basis, Signature(SigningStep.ENTERED, now(), by, note))


def correct(
    home: Home, settings: Settings, ledger: Ledger, period: str, by: str, note: str
) -> KeptAssessment:
    """Compute a correction of the frozen assessment, under its scheme. Raises AssessmentError."""
    with ledger.reading() as session:
        frozen, _ = _split(ledger.assessments(session, period))
    if not frozen:
        raise AssessmentError(f"{period}的考核尚未审定，无须更正：请直接录入")
    basis, made = _prepare(home, settings, ledger, period, frozen[-1].scheme_text)
    if made.body == frozen[-1].body:
        raise AssessmentError(f"{period}的考核审定后没有变化，无须更正")
    with ledger.writing() as session:
        again, under_way = _split(ledger.assessments(session, period))
        if again != frozen:
            raise AssessmentError(f"{period}的考核刚由他人更正，请重新查看")
        _may(SigningStep.ENTERED, by, under_way)
        signature = Signature(SigningStep.ENTERED, now(), by, note)
        return _keep(ledger, session, made, basis, signature, corrects=frozen[0].id)


def sign(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    period: str,
    signature: Signature,
) -> KeptAssessment:
    """Review, approve or send back what is under way. Raises AssessmentError.

    What has changed since it was entered cannot be signed: it would freeze figures that no longer
    hold.
    """
    with ledger.reading() as session:
        frozen, under_way = _split(ledger.assessments(session, period))
    if under_way is None:
        done = "已经审定并冻结" if frozen else "尚未录入"
        raise AssessmentError(f"{period}的考核{done}，没有待办的步骤")
    _may(signature.step, signature.by, under_way)
    if signature.step is not SigningStep.RETURNED:
        _unchanged(home, settings, ledger, under_way)
    with ledger.writing() as session:
        _, still = _split(ledger.assessments(session, period))
        if still != under_way:
            raise AssessmentError(f"{period}的考核刚由他人办理，请重新查看")
        ledger.sign(session, under_way.id, signature)
    return under_way


def recomputed(home: Home, settings: Settings, ledger: Ledger, kept: KeptAssessment) -> Draft:
    """The same assessment computed again from what was known at its instant."""
    basis = basis_of(home, settings, kept.period, kept.cutoff, kept.scheme_text)
    return draft(home, settings, ledger, basis)


def verify(home: Home, settings: Settings, ledger: Ledger) -> Iterator[tuple[KeptAssessment, str]]:
    """Each kept assessment with what is wrong with it; empty words: its bytes come out again."""
    with ledger.reading() as session:
        kept = ledger.assessments(session)
    for each in kept:
        if hashlib.sha256(each.body.encode()).hexdigest() != each.sha256:
            yield each, "所存内容与其 SHA-256 不符"
        elif recomputed(home, settings, ledger, each).body != each.body:
            yield each, "按当时已知的数据重新计算，结果与所存内容不同"
        else:
            yield each, ""


def changes(before: str, after: str) -> tuple[Change, ...]:
    """Which units' sheets differ between two kept bodies, and by which findings?"""
    old, new = ({u["unit"]: u for u in json.loads(body)["units"]} for body in (before, after))
    told: list[Change] = []
    for unit in dict.fromkeys((*old, *new)):
        one, other = old.get(unit), new.get(unit)
        if one == other:
            continue
        had, has = (_findings(sheet) for sheet in (one, other))
        named = other or one or {}
        told.append(
            Change(
                unit,
                named["unit_name"],
                Decimal(one["score"]) if one else None,
                Decimal(other["score"]) if other else None,
                tuple(sorted(has - had)),
                tuple(sorted(had - has)),
            )
        )
    return tuple(told)


def _findings(sheet: dict[str, list[dict[str, list[int]]]] | None) -> set[int]:
    return {id_ for line in (sheet or {}).get("lines", ()) for id_ in line["findings"]}


def _split(
    kept: Sequence[KeptAssessment],
) -> tuple[tuple[KeptAssessment, ...], KeptAssessment | None]:
    """The frozen ones, oldest first, and the one that awaits its next signature."""
    frozen = tuple(each for each in kept if is_frozen(each.signatures))
    waiting = [
        each
        for each in kept
        if not is_frozen(each.signatures) and standing_signatures(each.signatures)
    ]
    return frozen, waiting[-1] if waiting else None


def _may(step: SigningStep, by: str, under_way: KeptAssessment | None) -> None:
    if not by.strip():
        raise AssessmentError("经办人（--by）：不能为空")
    refused = signing_refusal(step, by, under_way.signatures if under_way else ())
    if refused is not None:
        raise AssessmentError(refused)


def _prepare(
    home: Home, settings: Settings, ledger: Ledger, period: str, text: str | None = None
) -> tuple[Basis, Draft]:
    remember_law(home, settings, ledger)
    basis = basis_of(home, settings, period, now(), text)
    if local_day(basis.cutoff) <= basis.days.last:
        raise AssessmentError(f"考核周期{period}至{basis.days.last}止，结束后方可录入")
    made = draft(home, settings, ledger, basis)
    if open_ := [
        f"{sheet.unit_name}（{'、'.join(sheet.still_open)}）"
        for sheet in made.sheets
        if not sheet.final
    ]:
        raise AssessmentError(f"尚有未录入的评分：{'；'.join(open_)}")
    return basis, made


def _keep(
    ledger: Ledger,
    session: Session,
    made: Draft,
    basis: Basis,
    signature: Signature,
    corrects: int | None = None,
) -> KeptAssessment:
    kept = KeptAssessment(
        id=0,
        period=basis.period,
        scheme=basis.scheme.id,
        scheme_text=basis.text,
        cutoff=basis.cutoff,
        body=made.body,
        sha256=hashlib.sha256(made.body.encode()).hexdigest(),
        corrects=corrects,
        signatures=(signature,),
    )
    ledger.keep_assessment(session, kept)
    return kept


def _computed(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    period: str,
    cutoff: datetime,
    kept: KeptAssessment | None,
) -> Draft:
    text = kept.scheme_text if kept is not None else None
    return draft(home, settings, ledger, basis_of(home, settings, period, cutoff, text))


def _unchanged(home: Home, settings: Settings, ledger: Ledger, under_way: KeptAssessment) -> None:
    fresh = _computed(home, settings, ledger, under_way.period, now(), under_way)
    if fresh.body == under_way.body:
        return
    named = "、".join(each.name for each in changes(under_way.body, fresh.body))
    raise AssessmentError(
        f"录入后有变化（{named or '日历或指标集'}），不能签署："
        "请用 xunjian assessment return 退回后重新录入"
    )
