"""Showing a page: its template, for whoever looks at it, with what every page says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from fastapi import HTTPException, Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.web.nav import is_here, places_of
from app.web.rights import ROLES, Action, Role, may
from app.web.snapshot import Snapshot, Snapshots
from app.words import days_words
from checks.freshness import METHOD_WORDS, SHANGHAI
from checks.subjects import SubjectKind
from notify.terms import LETTERS, MAIL_STATES, STATES, VERDICTS, kind_word
from storage.ledger import Visitor

TEMPLATES = Path(__file__).parent / "templates"
FOLDERS = {
    SubjectKind.COLUMN: "columns",
    SubjectKind.MAILBOX: "mailboxes",
    SubjectKind.ACCOUNT: "accounts",
    SubjectKind.SITE: "sites",
}


def templates() -> Jinja2Templates:
    """All templates; whatever they show is text, and what is not given is a fault."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        ROLES=ROLES,
        Role=Role,
        Action=Action,
        VERDICTS=VERDICTS,
        STATES=STATES,
        LETTERS=LETTERS,
        METHODS=METHOD_WORDS,
        MAIL_STATES=MAIL_STATES,
        may=may,
        places_of=places_of,
        is_here=is_here,
        subject_path=subject_path,
        kind_word=kind_word,
        days_words=days_words,
    )
    environment.filters["moment"] = moment
    return Jinja2Templates(env=environment)


def subject_path(key: str) -> str:
    """Where is the page of a subject, by its key `kind:id`?"""
    kind, _, name = key.partition(":")
    return f"/{FOLDERS[SubjectKind(kind)]}/{quote(name, safe='')}"


def moment(at: datetime | None) -> str:
    """An instant as a clerk reads it, in Asia/Shanghai; empty for none."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at is not None else ""


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


def own_unit(visitor: Visitor) -> str | None:
    """Whose matters alone does the visitor see? None: everybody's.

    A viewer without a unit sees those of the unit without a name, which are nobody's.
    """
    return (visitor.person.unit or "") if visitor.person.role == Role.VIEWER else None


def none_of_theirs() -> HTTPException:
    """To a viewer the matters of others are as if they were not there."""
    return HTTPException(404, "没有这一项，或者不属于您的单位。")


def see(visitor: Visitor, unit: str | None) -> None:
    """May the visitor see what is this unit's? Raises HTTPException (404)."""
    own = own_unit(visitor)
    if own is not None and own != unit:
        raise none_of_theirs()
