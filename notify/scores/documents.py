"""The score table and the units' own sheets as files."""

from __future__ import annotations

from notify.documents.webpage import webpage
from notify.documents.word import word_document
from notify.documents.workbook import workbook
from notify.scores.model import ScoreFigures
from notify.scores.sections import score_letter
from notify.scores.selfcheck import check, check_unit, release
from notify.scores.unit_sheet import unit_sheet


def table_files(figures: ScoreFigures) -> dict[str, bytes]:
    """The letter with its annexes, `scores-2026H1` as .docx, .xlsx and .html.

    Equal figures give equal bytes. Raises ReportError when a number does not add up.
    """
    edition = figures.material.edition
    report = score_letter(figures, release(check(figures)))
    stem = f"scores-{edition.period}{edition.suffix}"
    return {
        f"{stem}.docx": word_document(report),
        f"{stem}.xlsx": workbook(report),
        f"{stem}.html": webpage(report).encode(),
    }


def unit_files(figures: ScoreFigures, unit: str) -> dict[str, bytes]:
    """The sheet of one unit, `score-2026H1-U` as .docx and .html.

    Equal figures give equal bytes. Raises ReportError when a number does not add up.
    """
    edition = figures.material.edition
    report = unit_sheet(figures, unit, release(check_unit(figures, unit)))
    stem = f"score-{edition.period}-{unit}{edition.suffix}"
    return {f"{stem}.docx": word_document(report), f"{stem}.html": webpage(report).encode()}
