"""The weekly compliance report (网站与新媒体合规周报): figures, self-check, documents, mail."""

from __future__ import annotations

from notify.selfcheck import Check, ReportError
from notify.weekly.documents import weekly_message, write_weekly
from notify.weekly.figures import weekly_figures
from notify.weekly.model import Conflicts, Material, Posting, WeeklyFigures
from notify.weekly.period import Period
from notify.weekly.selfcheck import check
from notify.weekly.subjects import on_time

__all__ = [
    "Check",
    "Conflicts",
    "Material",
    "Period",
    "Posting",
    "ReportError",
    "WeeklyFigures",
    "check",
    "on_time",
    "weekly_figures",
    "weekly_message",
    "write_weekly",
]
