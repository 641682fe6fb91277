"""The score table for the city's assessment office, and each unit's own sheet."""

from __future__ import annotations

from notify.scores.documents import table_files, unit_files
from notify.scores.figures import score_figures
from notify.scores.model import Edition, Office, ScoreFigures, ScoreMaterial

__all__ = [
    "Edition",
    "Office",
    "ScoreFigures",
    "ScoreMaterial",
    "score_figures",
    "table_files",
    "unit_files",
]
