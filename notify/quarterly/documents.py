"""The quarterly notice on disk."""

from __future__ import annotations

from pathlib import Path

from notify.documents.files import write_whole
from notify.documents.webpage import webpage
from notify.documents.word import word_document
from notify.documents.workbook import workbook
from notify.quarterly.model import QuarterlyFigures
from notify.quarterly.sections import quarterly_report, with_checks
from notify.quarterly.selfcheck import release


def write_quarterly(figures: QuarterlyFigures, out: Path) -> list[Path]:
    """Write `quarterly-2026Q4` as .docx, .xlsx and .html below `out`; returns the three paths.

    Equal figures give equal bytes. Raises ReportError, with nothing written, when a number
    does not add up; OSError when the disk refuses.
    """
    checks = release(figures)
    report = quarterly_report(figures, checks)
    stem = f"quarterly-{figures.quarter}"
    files = {
        f"{stem}.docx": word_document(report),
        f"{stem}.xlsx": workbook(with_checks(report, checks)),
        f"{stem}.html": webpage(report).encode(),
    }
    return write_whole(files, out)
