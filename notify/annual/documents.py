"""The annual section and the yearly forms on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from notify.annual.form_fields import form_table
from notify.annual.form_sheet import form_sheet
from notify.annual.form_values import SiteForm
from notify.annual.model import AnnualFigures
from notify.annual.sections import annual_report
from notify.annual.selfcheck import check, form_checks, release, sites_check
from notify.documents.files import write_whole
from notify.documents.webpage import webpage
from notify.documents.word import word_document
from notify.documents.workbook import workbook
from notify.words import chinese_day


def write_annual(figures: AnnualFigures, forms: Sequence[SiteForm], out: Path) -> list[Path]:
    """Write `annual-2026` as .docx, .xlsx and .html, and `annual-form-2026-SITE.xlsx` of each site.

    Equal figures give equal bytes. Raises ReportError, with nothing written, when a number does
    not add up; OSError when the disk refuses.
    """
    own = (each for form in forms for each in form_checks(form.name, form.values))
    checks = release((*check(figures), *own, sites_check(figures, forms)))
    report, table = annual_report(figures, checks), form_table()
    stem, told_to = f"annual-{figures.year}", chinese_day(figures.period.last)
    files = {
        f"{stem}.docx": word_document(report),
        f"{stem}.xlsx": workbook(report),
        f"{stem}.html": webpage(report).encode(),
    }
    for form in forms:
        name = f"annual-form-{figures.year}-{form.site}.xlsx"
        files[name] = form_sheet(table, form, figures.year, told_to, figures.made_at)
    return write_whole(files, out)
