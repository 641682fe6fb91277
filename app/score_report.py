"""The score table of a period, or one unit's own sheet: every edition that there is, in files.

A draft or what is under way has its own file; what was frozen keeps its file and its bytes, and
each correction has another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.assessing import Draft, the_scheme
from app.assessment_steps import Assessment, assessment_of, recomputed
from app.forecast import running
from app.home import Home
from app.settings import Settings, SettingsError
from checks.freshness import local_day
from checks.signing import standing_signatures
from notify.documents.files import write_whole
from notify.scores import (
    Edition,
    Office,
    ScoreFigures,
    ScoreMaterial,
    score_figures,
    table_files,
    unit_files,
)
from storage.clock import now
from storage.ledger import KeptAssessment, Ledger


@dataclass(frozen=True, slots=True)
class ScoreReport:
    assessment: Assessment
    paths: list[Path]


def make_scores(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    period: str | None,
    unit: str | None,
    out: Path | None,
) -> ScoreReport:
    """Write the table, or the sheet of `unit`, of a period (None: the one that runs).

    All bytes exist before the first file is touched. Raises SettingsError, ReportError.
    """
    period = period or running(the_scheme(home, settings)[0], local_day(now()))
    assessment = assessment_of(home, settings, ledger, period)
    figures = list(_editions(home, settings, ledger, assessment))
    if unit is not None:
        figures = [each for each in figures if _has(each, unit)]
        if not figures:
            raise SettingsError(f"--unit {unit}：登记册中没有编号为 {unit} 的单位")
    files: dict[str, bytes] = {}
    for each in figures:
        files |= table_files(each) if unit is None else unit_files(each, unit)
    return ScoreReport(assessment, write_whole(files, out or home.path("reports")))


def _has(figures: ScoreFigures, unit: str) -> bool:
    return any(line.unit == unit for line in figures.units)


def _editions(
    home: Home, settings: Settings, ledger: Ledger, assessment: Assessment
) -> Iterator[ScoreFigures]:
    """The frozen ones in their order, then the one under way; of neither the draft."""
    waiting = (assessment.under_way,) if assessment.under_way else ()
    before: Draft | None = None
    for number, kept in enumerate((*assessment.frozen, *waiting)):
        shown = kept == assessment.kept
        made = assessment.shown if shown else recomputed(home, settings, ledger, kept)
        yield score_figures(_material(settings, made, _edition(number, kept, made), before))
        before = made
    if assessment.kept is None:
        made = assessment.shown
        edition = Edition(made.basis.period, 0, (), now())
        yield score_figures(_material(settings, made, edition, None))


def _edition(number: int, kept: KeptAssessment, made: Draft) -> Edition:
    """`made_at` is when it was last signed, so that it says the same whenever it is written."""
    signatures = standing_signatures(kept.signatures)
    computed = hashlib.sha256(made.body.encode()).hexdigest()
    told = hashlib.sha256(kept.body.encode()).hexdigest()
    return Edition(kept.period, number, signatures, signatures[-1].at, told, computed)


def _material(
    settings: Settings, made: Draft, edition: Edition, before: Draft | None
) -> ScoreMaterial:
    office = settings.office
    return ScoreMaterial(
        edition=edition,
        days=made.basis.days,
        as_of=made.basis.as_of,
        scheme=made.basis.scheme,
        law=made.known.law,
        subjects=made.known.subjects,
        cases=made.cases,
        sheets=made.sheets,
        findings=made.findings,
        office=Office(
            head=office.head,
            signature=office.signature,
            contact=office.contact.strip(),
            reported_to=settings.assessment.reported_to.strip(),
        ),
        before=before.sheets if before is not None else None,
    )
