"""What stands before every route: who asks, whether they may, and whether a form is ours."""

from __future__ import annotations

import hmac
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from app.web.entry import LONGEST, Opened, visitor_of
from app.web.front import front_login
from app.web.rights import Action, Role, may
from storage.clock import now
from storage.ledger import Visitor
from storage.ledger.acting import Act, acting

COOKIE = "xunjian"
SAFE = frozenset({"GET", "HEAD"})
OF_NOBODY = 2**16  # bytes
Guarded = Visitor


class Needs:
    """A dependency of a route: the visitor, who may do this. `action` is read by the tests."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, request: Request) -> Visitor:
        """Raises HTTPException: 401 nobody came in, 403 they may not, or the form is not ours."""
        visitor = await run_in_threadpool(_visitor, request)
        front = front_login(request)
        # Another has come in at the front since: the session in this browser is not theirs.
        if visitor is None or front not in (None, visitor.person.login):
            raise HTTPException(401, "请先登录。")
        request.state.visitor = visitor  # whoever is refused is still led on by the page's head
        if not may(Role(visitor.person.role), self.action):
            raise HTTPException(403, "您的角色不能进行这项操作，如有需要请与运维人员联系。")
        if request.method not in SAFE:
            form_is_ours(request)
            form = await self.form(request)
            if any("\0" in value for value in form.values() if isinstance(value, str)):
                raise HTTPException(
                    422, "填写的内容含有不能保存的字符，请删去后重试。没有作任何改动。"
                )
            given = form.get("csrf", "")
            if not (isinstance(given, str) and hmac.compare_digest(given, visitor.csrf)):
                raise HTTPException(403, "页面已过期，请返回上一页刷新后重试。没有作任何改动。")
        return visitor

    async def form(self, request: Request) -> FormData:
        """What was sent, to whoever may send it."""
        return await request.form()


def _visitor(request: Request) -> Visitor | None:
    secret = request.cookies.get(COOKIE, "")
    return visitor_of(request.app.state.ledger, secret, now()) if secret else None


def needs(action: Action) -> Any:
    """The visitor of a route that asks for this right."""
    return Depends(Needs(action))


def doing(
    request: Request, visitor: Visitor, action: str, on: str, note: str | None = None
) -> AbstractContextManager[None]:
    """What the body writes is the visitor's doing, and stands in the audit: what, with what."""
    act = Act(visitor.person.login, address_of(request), action, on, now(), note)
    return acting(act)


def form_is_ours(request: Request) -> None:
    """Was the form sent from a page of ours? A browser says so by itself. Raises HTTPException."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "表单不是从本系统的页面提交的。")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "表单不是从本系统的页面提交的。")


async def is_too_large(request: Request) -> bool:
    """Is more sent than whoever sends it may? It is asked before anything of it is read.

    A form is read before its right is asked for: of nobody more is taken than a login needs. How
    much they send everybody has to say first, as browsers do.
    """
    if request.method in SAFE:
        return False
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdigit():
        return True
    return int(length) > OF_NOBODY and await run_in_threadpool(_visitor, request) is None


def without_nul(request: Request) -> bool:
    """Can what the address names be there? What it asks for is then free of NUL, too.

    PostgreSQL takes none in a text, not even to look for it.
    """
    request.scope["query_string"] = request.scope["query_string"].replace(b"%00", b"")
    return "\0" not in request.scope["path"]


def safe_path(given: str) -> str:
    """A place within these pages; any other becomes the first page."""
    parts = urlsplit(given)
    inner = given.startswith("/") and not given.startswith(("//", "/\\"))
    plain = given.isprintable() and "\\" not in given
    return given if inner and plain and not parts.scheme and not parts.netloc else "/"


def let_in(request: Request, opened: Opened, to: str) -> Response:
    """Give the browser its new session, and lead it on."""
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


def address_of(request: Request) -> str:
    """From which address do they ask? The front has put it here where it may."""
    return request.client.host if request.client is not None else ""


def secure(request: Request) -> bool:
    """Did they come by TLS, as the front says?"""
    return request.url.scheme == "https"
