"""A report as one self-contained HTML page: for a mail, a phone and a printer."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notify.documents.parts import Cell, Link, Mark, Report, shown
from notify.documents.text import harmless
from notify.documents.workbook import TONES

TEMPLATES = Path(__file__).parent.parent / "templates"


def webpage(report: Report, template: str) -> str:
    """The page as text; the same report gives the same text."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "harmless": harmless, "tone": _tone, "target": _target}
    return environment.get_template(template).render(report=report)


def _tone(cell: Cell) -> str | None:
    return TONES[cell.tone] if isinstance(cell, Mark) else None


def _target(cell: Cell) -> str | None:
    return cell.target if isinstance(cell, Link) else None
