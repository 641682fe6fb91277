"""A report as one self-contained HTML page: for a mail, a phone and a printer."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notify.documents.parts import Cell, Link, Mark, Picture, Report, shown
from notify.documents.text import harmless
from notify.documents.workbook import TONES

TEMPLATES = Path(__file__).parent.parent / "templates"
PAGE = "report.html"


def embedded(picture: Picture) -> str:
    """The picture inside its own address, so that the page needs no other file."""
    return f"data:image/{picture.subtype};base64,{b64encode(picture.png).decode()}"


def webpage(report: Report, address: Callable[[Picture], str] = embedded) -> str:
    """The page as text; the same report gives the same text.

    `address` says where a picture is found: a mail has its pictures beside the page.
    """
    return PAGES.get_template(PAGE).render(report=report, address=address)


def _tone(cell: Cell) -> str | None:
    return TONES[cell.tone] if isinstance(cell, Mark) else None


def _target(cell: Cell) -> str | None:
    return cell.target if isinstance(cell, Link) else None


PAGES = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.filters |= {"shown": shown, "harmless": harmless, "tone": _tone, "target": _target}
