"""The platform section of the annual report on government information, and the yearly form."""

from __future__ import annotations

from notify.annual.documents import write_annual
from notify.annual.figures import annual_figures
from notify.annual.form_values import site_forms
from notify.annual.model import AnnualFigures, AnnualMaterial, Copies, QuarterEnd, Watch

__all__ = [
    "AnnualFigures",
    "AnnualMaterial",
    "Copies",
    "QuarterEnd",
    "Watch",
    "annual_figures",
    "site_forms",
    "write_annual",
]
