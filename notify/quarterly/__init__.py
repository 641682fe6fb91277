"""The quarterly inspection notice (季度检查通报): figures, self-check, documents."""

from __future__ import annotations

from notify.quarterly.documents import write_quarterly
from notify.quarterly.figures import quarterly_figures
from notify.quarterly.lot import listed
from notify.quarterly.model import Judged, Material, Office, QuarterlyFigures
from notify.quarterly.problems import evidence_of
from notify.quarterly.quarter import Quarter

__all__ = [
    "Judged",
    "Material",
    "Office",
    "Quarter",
    "QuarterlyFigures",
    "evidence_of",
    "listed",
    "quarterly_figures",
    "write_quarterly",
]
