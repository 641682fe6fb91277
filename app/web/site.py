"""The web application: every page behind a right, every change behind a key of its session."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

from app.home import Home
from app.settings import SettingsError
from app.web.api.answers import NO_DATABASE, is_ours, refusal
from app.web.api.days import Days
from app.web.api.routes.schema import ROUTERS as INTERFACE
from app.web.computed import Computations
from app.web.entry import EntryError, come_in, come_in_by_front, digest
from app.web.filed import Filed
from app.web.findings import Findings
from app.web.front import Front, front_login
from app.web.guard import (
    COOKIE,
    Guarded,
    address_of,
    form_is_ours,
    is_too_large,
    let_in,
    needs,
    safe_path,
    without_nul,
)
from app.web.making import Workshop
from app.web.pages import ROUTERS
from app.web.rights import Action
from app.web.shown import render, templates
from app.web.snapshot import Snapshots
from notify.selfcheck import ReportError
from storage.clock import now
from storage.database import DatabaseError
from storage.ledger import Ledger

log = logging.getLogger("xunjian.web")
FOLDER = Path(__file__).parent
HEADERS = {
    # Nothing is fetched from elsewhere, nothing is run that is not a file of ours.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
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
    503: "现在不能显示",
}
UNABLE = (
    "设置、指标集或评分办法的文件有误，或者数字核对未通过。"
    "请运维人员运行 xunjian doctor 或查看服务的日志。"
)
entrance = APIRouter()


def create(home: Home, ledger: Ledger) -> FastAPI:
    """The application over one home. It holds nothing of its own that a restart would lose."""
    # No pages about the pages: FastAPI's own load scripts from elsewhere.
    site = FastAPI(title="巡检", docs_url=None, redoc_url=None, openapi_url=None)
    site.state.ledger, site.state.templates = ledger, templates()
    site.state.home, site.state.snapshots = home, Snapshots(home, ledger)
    site.state.findings = Findings(ledger)
    site.state.filed, site.state.workshop = Filed(home, ledger), Workshop()
    site.state.computations, site.state.days = Computations(home, ledger), Days(home, ledger)
    site.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for router in routers():
        site.include_router(router)
    site.middleware("http")(_sized)
    site.middleware("http")(_with_headers)
    site.add_middleware(Front, web=home.settings().web)
    site.add_exception_handler(HTTPException, _refused)  # type: ignore[arg-type]
    site.add_exception_handler(404, _refused)  # type: ignore[arg-type]
    site.add_exception_handler(405, _refused)  # type: ignore[arg-type]
    for fault in (SettingsError, ReportError):
        site.add_exception_handler(fault, _unable)
    site.add_exception_handler(DatabaseError, _without_database)
    return site


def routers() -> tuple[APIRouter, ...]:
    """Everything that is answered, beside the files of `static/`."""
    return (entrance, *ROUTERS, *INTERFACE)


@entrance.get("/login")
def login_page(request: Request, to: str = "") -> Response:
    """Where a person comes in, at once if the front has made sure of them.

    Who has just gone out is not let in again before they ask for it.
    """
    front = front_login(request)
    fault = None
    if front is not None and to:
        try:
            ledger = request.app.state.ledger
            opened = come_in_by_front(ledger, front, address_of(request), now())
            return let_in(request, opened, to)
        except EntryError as error:
            fault = str(error)
    status = 200 if fault is None else 403
    return render(
        request, "login.html", status=status, to=safe_path(to), login="", fault=fault, front=front
    )


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
            request,
            "login.html",
            status=403,
            to=safe_path(to),
            login=login,
            fault=str(error),
            front=front_login(request),
        )
    return let_in(request, opened, to)


@entrance.post("/logout")
def logout(request: Request, _visitor: Annotated[Guarded, needs(Action.SEE_OWN)]) -> Response:
    """End this browser's session."""
    request.app.state.ledger.end_session(digest(request.cookies[COOKIE]), now())
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


async def _sized(request: Request, follow: Callable[[Request], Awaitable[Response]]) -> Response:
    if await is_too_large(request):
        return _refused(request, HTTPException(413, "没有接收。请登录后重试，或核对所选的文件。"))
    if not without_nul(request):
        return _refused(request, HTTPException(404, "地址中含有不能查找的字符。"))
    return await follow(request)


async def _with_headers(
    request: Request, follow: Callable[[Request], Awaitable[Response]]
) -> Response:
    answer = await follow(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.url.path.startswith("/static/"):
        # Names of what others made carry their version; ours are asked after each time.
        made_by_others = request.url.path.startswith("/static/vendor/")
        answer.headers["Cache-Control"] = "public, max-age=604800" if made_by_others else "no-cache"
    return answer


def _unable(request: Request, error: Exception) -> Response:
    """Files that were broken while it serves, and figures that do not add up.

    Which file it is names places of this machine: that is for the log.
    """
    log.error("%s: %s", request.url.path, error)
    return _refused(request, HTTPException(503, UNABLE))


def _without_database(request: Request, error: Exception) -> Response:
    """Away, or held by an upgrade for too long. How it is reached is for the log."""
    log.error("%s: %s", request.url.path, error)
    return _refused(request, HTTPException(503, NO_DATABASE))


def _refused(request: Request, error: HTTPException) -> Response:
    """Who is not let in comes to the entrance, and afterwards to where they wanted to go."""
    if is_ours(request):
        return refusal(error)
    if error.status_code == 401:
        return _to_the_entrance(request)
    title = TITLES.get(error.status_code, "未能完成")
    detail = error.detail if error.detail != "Not Found" else ""
    visitor = getattr(request.state, "visitor", None)
    return render(request, "refused.html", visitor, error.status_code, title=title, detail=detail)


def _to_the_entrance(request: Request) -> Response:
    """To the login, and from there to what was wanted, with all that was chosen in its address."""
    url = request.url
    wanted = f"{url.path}?{url.query}" if url.query else url.path
    to = "/login?" + urlencode(
        {"to": safe_path(wanted if request.method == "GET" else "/")}, safe="/"
    )
    if request.headers.get("hx-request") == "true":
        # A part of a page was asked for: the whole window has to go there.
        return Response(status_code=401, headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)
