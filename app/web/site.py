"""The web application: every page behind a right, every change behind a key of its session."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

from app.settings import Home
from app.web.entry import LONGEST, EntryError, come_in, digest
from app.web.findings import Findings
from app.web.guard import COOKIE, Guarded, address_of, form_is_ours, needs, safe_path, secure
from app.web.pages import deliveries, morning, proofs, steps, work
from app.web.rights import Action
from app.web.shown import render, templates
from app.web.snapshot import Snapshots
from storage.clock import now
from storage.ledger import Ledger

log = logging.getLogger("xunjian.web")
FOLDER = Path(__file__).parent
HEADERS = {
    # Nothing is fetched from elsewhere, nothing is run that is not a file of ours.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TITLES = {
    403: "没有权限",
    404: "没有这一页",
    405: "不能这样打开",
    413: "上传的内容过大",
    422: "填写有误",
    429: "请稍后再试",
}
entrance = APIRouter()


def create(home: Home, ledger: Ledger) -> FastAPI:
    """The application over one home. It holds nothing of its own that a restart would lose."""
    # No pages about the pages: FastAPI's own load scripts from elsewhere.
    site = FastAPI(title="巡检", docs_url=None, redoc_url=None, openapi_url=None)
    site.state.ledger, site.state.templates = ledger, templates()
    site.state.home, site.state.snapshots = home, Snapshots(home, ledger)
    site.state.findings = Findings(ledger)
    site.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for router in routers():
        site.include_router(router)
    site.middleware("http")(_with_headers)
    site.add_exception_handler(HTTPException, _refused)  # type: ignore[arg-type]
    site.add_exception_handler(404, _refused)  # type: ignore[arg-type]
    return site


def routers() -> tuple[APIRouter, ...]:
    """Everything that is answered, beside the files of `static/`."""
    return (entrance, morning.router, steps.router, work.router, proofs.router, deliveries.router)


@entrance.get("/login")
def login_page(request: Request, to: str = "/") -> Response:
    """Where a person comes in."""
    return render(request, "login.html", to=safe_path(to), login="", fault=None)


@entrance.post("/login")
def login(
    request: Request,
    login: Annotated[str, Form(max_length=64)] = "",
    password: Annotated[str, Form(max_length=1024)] = "",
    to: Annotated[str, Form(max_length=2048)] = "/",
) -> Response:
    """Let the person in, under a new session."""
    form_is_ours(request)
    try:
        opened = come_in(request.app.state.ledger, login, password, address_of(request), now())
    except EntryError as error:
        return render(
            request, "login.html", status=403, to=safe_path(to), login=login, fault=str(error)
        )
    answer = RedirectResponse(safe_path(to), status_code=303)
    answer.set_cookie(
        COOKIE,
        opened.secret,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure(request),
    )
    return answer


@entrance.post("/logout")
def logout(request: Request, _visitor: Annotated[Guarded, needs(Action.SEE_OWN)]) -> Response:
    """End this browser's session."""
    request.app.state.ledger.end_session(digest(request.cookies[COOKIE]), now())
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


async def _with_headers(
    request: Request, follow: Callable[[Request], Awaitable[Response]]
) -> Response:
    answer = await follow(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.url.path.startswith("/static/"):
        answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def _refused(request: Request, error: HTTPException) -> Response:
    """Who is not let in comes to the entrance, and afterwards to where they wanted to go."""
    if error.status_code == 401:
        wanted = request.url.path if request.method == "GET" else "/"
        return RedirectResponse(f"/login?to={safe_path(wanted)}", status_code=303)
    title = TITLES.get(error.status_code, "未能完成")
    detail = error.detail if error.detail != "Not Found" else ""
    return render(request, "refused.html", status=error.status_code, title=title, detail=detail)
