"""A person's own password: whoever knows the old one may set another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.people import change_password
from app.web.entry import EntryError, begin, proven
from app.web.guard import Guarded, address_of, doing, let_in, needs
from app.web.rights import Action
from app.web.shown import render
from storage.clock import now
from storage.ledger import Ledger, PersonError

router = APIRouter()
Secret = Annotated[str, Form(max_length=1024)]
DONE = {"password": "密码已修改，其他浏览器上的登录已退出。"}


@router.get("/password")
def password_page(
    request: Request, visitor: Annotated[Guarded, needs(Action.SEE_OWN)], done: str = ""
) -> Response:
    """The form."""
    said = (True, [DONE[done]]) if done in DONE else None
    return render(request, "password.html", visitor, said=said)


@router.post("/password")
def set_password(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    old: Secret = "",
    new: Secret = "",
    again: Secret = "",
) -> Response:
    """Change it: every session of the person ends but for a new one in this browser.

    A wrong old password counts as a failed entrance: a browser left open gives no free guesses.
    """
    ledger: Ledger = request.app.state.ledger
    login = visitor.person.login
    try:
        if new != again:
            raise PersonError("两次输入的新密码不一致。")
        if new == old:
            raise PersonError("新密码与原密码相同。")
        proven(ledger, login, old, address_of(request), now())
        with doing(request, visitor, "password", f"person:{login}"):
            person = change_password(ledger, login, new)
    except EntryError as error:
        words = str(error).replace("登录名或密码不正确", "原密码不正确")
        return render(request, "password.html", visitor, status=422, said=(False, [words]))
    except PersonError as error:
        lines = str(error).splitlines()
        return render(request, "password.html", visitor, status=422, said=(False, lines))
    return let_in(request, begin(ledger, person, now()), "/password?done=password")
