"""Assessments, their signatures, and what persons enter under a scheme's items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from checks.signing import Signature, SigningStep
from storage.ledger.base import Base
from storage.tables import AssessmentRow, EntryRow, SignatureRow


@dataclass(frozen=True, slots=True)
class Entered:
    """What a person entered under one item of a scheme for one unit. `at` is aware.

    `points` are the words of a number, None: the scheme's own points count.
    """

    id: int
    scheme: str
    item: str
    unit: str
    on: date
    count: int
    level: str | None
    points: str | None
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptAssessment:
    """One assessment as it was computed, with its signatures, oldest first.

    `body` is canonical JSON and `sha256` its hash; `corrects` is the assessment it corrects.
    """

    id: int
    period: str
    scheme: str
    scheme_text: str
    cutoff: datetime
    body: str
    sha256: str
    corrects: int | None
    signatures: tuple[Signature, ...]


class Assessments(Base):
    def entries(self, scheme: str, at: datetime) -> list[Entered]:
        """What had been entered under a scheme by `at` and not taken back, oldest first."""
        statement = (
            select(EntryRow)
            .where(EntryRow.scheme == scheme, col(EntryRow.at) <= at)
            .order_by(col(EntryRow.id))
        )
        with self.reading() as session:
            rows = session.exec(statement).all()
        back = {row.withdraws for row in rows}
        return [_entered(row) for row in rows if row.withdraws is None and row.id not in back]

    def enter(self, entry: Entered) -> int:
        """Keep an entry, whatever its `id`; returns its number."""
        row = EntryRow(
            scheme=entry.scheme,
            item=entry.item,
            unit=entry.unit,
            on=entry.on,
            count=entry.count,
            level=entry.level,
            points=entry.points,
            evidence=entry.evidence,
            by=entry.by,
            at=entry.at,
        )
        return self._add_entry(row)

    def withdraw_entry(self, entry: Entered, by: str, note: str, now: datetime) -> int:
        """Take an entry back: it stays, and a row that names it says who and why."""
        row = EntryRow(
            scheme=entry.scheme,
            item=entry.item,
            unit=entry.unit,
            on=entry.on,
            count=0,
            evidence=note,
            by=by,
            at=now,
            withdraws=entry.id,
        )
        return self._add_entry(row)

    def _add_entry(self, row: EntryRow) -> int:
        with self.writing() as session:
            session.add(row)
            session.flush()
            return _number(row.id)

    def assessments(self, session: Session, period: str | None = None) -> list[KeptAssessment]:
        """The assessments of a period (None: all), oldest first, in the caller's transaction."""
        statement = select(AssessmentRow).order_by(col(AssessmentRow.id))
        if period is not None:
            statement = statement.where(AssessmentRow.period == period)
        signed: dict[int, list[Signature]] = {}
        for row in session.exec(select(SignatureRow).order_by(col(SignatureRow.id))):
            signature = Signature(SigningStep(row.step), row.at, row.by, row.note)
            signed.setdefault(row.assessment_id, []).append(signature)
        return [_kept(row, signed) for row in session.exec(statement)]

    def assessed_periods(self) -> list[str]:
        """Of which periods is an assessment kept?"""
        with self.reading() as session:
            return list(session.exec(select(AssessmentRow.period).distinct()))

    def assessed_state(self) -> tuple[object, ...]:
        """The same as before, as long as nothing was entered, kept or signed: the last numbers."""
        tables = (EntryRow, AssessmentRow, SignatureRow)
        with self.reading() as session:
            return tuple(session.exec(select(func.max(table.id))).one() for table in tables)

    def keep_assessment(self, session: Session, kept: KeptAssessment) -> int:
        """Keep a computed assessment, whatever its `id`, with its signatures; its number."""
        row = AssessmentRow(
            period=kept.period,
            scheme=kept.scheme,
            scheme_text=kept.scheme_text,
            cutoff=kept.cutoff,
            body=kept.body,
            sha256=kept.sha256,
            corrects=kept.corrects,
        )
        session.add(row)
        session.flush()
        number = _number(row.id)
        for signature in kept.signatures:
            self.sign(session, number, signature)
        return number

    def sign(self, session: Session, assessment: int, signature: Signature) -> None:
        """Append a signature, in the transaction that checked that it may be given."""
        session.add(
            SignatureRow(
                assessment_id=assessment,
                step=signature.step,
                at=signature.at,
                by=signature.by,
                note=signature.note,
            )
        )


def _entered(row: EntryRow) -> Entered:
    return Entered(
        id=_number(row.id),
        scheme=row.scheme,
        item=row.item,
        unit=row.unit,
        on=row.on,
        count=row.count,
        level=row.level,
        points=row.points,
        evidence=row.evidence,
        by=row.by,
        at=row.at,
    )


def _kept(row: AssessmentRow, signed: dict[int, list[Signature]]) -> KeptAssessment:
    number = _number(row.id)
    return KeptAssessment(
        id=number,
        period=row.period,
        scheme=row.scheme,
        scheme_text=row.scheme_text,
        cutoff=row.cutoff,
        body=row.body,
        sha256=row.sha256,
        corrects=row.corrects,
        signatures=tuple(signed.get(number, ())),
    )


def _number(id_: int | None) -> int:
    if id_ is None:
        raise ValueError("a row has its number only after the flush")
    return id_
