"""Showing a page: its template, for whoever looks at it, with what every page says."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.web.rights import ROLES, Action, Role, may
from app.web.snapshot import Snapshot, Snapshots
from storage.ledger import Visitor

TEMPLATES = Path(__file__).parent / "templates"


def templates() -> Jinja2Templates:
    """All templates; whatever they show is text, and what is not given is a fault."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(ROLES=ROLES, Role=Role, Action=Action, may=may)
    return Jinja2Templates(env=environment)


def render(
    request: Request, name: str, visitor: Visitor | None = None, status: int = 200, **more: object
) -> Response:
    """A page by its template."""
    made: Jinja2Templates = request.app.state.templates
    return made.TemplateResponse(request, name, {"visitor": visitor, **more}, status_code=status)


def snapshot_of(request: Request) -> Snapshot:
    """The judged day of this application."""
    snapshots: Snapshots = request.app.state.snapshots
    return snapshots.current()
