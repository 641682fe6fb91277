"""Persons and keys: entered, changed and ended by the operator. Secrets are shown once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from app.home import Home
from app.people import (
    Entrant,
    add,
    add_token,
    change_password,
    change_role,
    end,
    end_token,
    one_time,
    people_sheet,
    tokens_sheet,
)
from app.web.guard import Guarded, doing, needs
from app.web.rights import Action
from app.web.shown import render
from storage.ledger import Ledger, Person, PersonError

router = APIRouter()
Word = Annotated[str, Form(max_length=200)]
Operator = Annotated[Guarded, needs(Action.PEOPLE)]
DONE = {
    "role": "角色已改变，本人须重新登录。",
    "end": "已停用，本人的登录已退出。",
    "token": "密钥已停用。",
}
NOTHING = {"login": "", "name": "", "role": "", "unit": "", "front": ""}


@router.get("/people")
def people(request: Request, visitor: Operator, done: str = "") -> Response:
    """Everybody, all keys, and the form for another person."""
    return _list(request, visitor, said=_said(done))


@router.post("/people")
def add_person(
    request: Request,
    visitor: Operator,
    login: Word = "",
    name: Word = "",
    role: Word = "",
    unit: Word = "",
    front: Word = "",
) -> Response:
    """Enter somebody, with a password that this page alone shows."""
    typed = {"login": login, "name": name, "role": role, "unit": unit, "front": front}
    secret = None if front else one_time()
    web = _home(request).settings().web
    note = f"{role} {unit}".strip()
    try:
        with doing(request, visitor, "people.add", f"person:{login.strip()}", note):
            person = add(_ledger(request), web, Entrant(login, name, role, unit, secret))
    except PersonError as error:
        said = (False, str(error).splitlines())
        return _list(request, visitor, status=422, said=said, typed=typed)
    return _secret(request, visitor, person.login, "password", secret)


@router.get("/people/{login}")
def person(request: Request, visitor: Operator, login: str, done: str = "") -> Response:
    """One person, and what may be done about them."""
    return _one(request, visitor, login, said=_said(done))


@router.post("/people/{login}/role")
def set_role(
    request: Request, visitor: Operator, login: str, role: Word = "", unit: Word = ""
) -> Response:
    """Give the person another role or unit."""
    note = f"{role} {unit}".strip()
    return _changed(
        request,
        visitor,
        login,
        "role",
        note,
        lambda: change_role(_ledger(request), login, role, unit),
    )


@router.post("/people/{login}/password")
def new_password(request: Request, visitor: Operator, login: str) -> Response:
    """Give the person a password that this page alone shows."""
    secret = one_time()
    try:
        with doing(request, visitor, "people.password", f"person:{_known(request, login).login}"):
            change_password(_ledger(request), login, secret)
    except PersonError as error:
        return _one(request, visitor, login, status=422, said=(False, str(error).splitlines()))
    return _secret(request, visitor, login, "password", secret)


@router.post("/people/{login}/end")
def end_person(request: Request, visitor: Operator, login: str, sure: Word = "") -> Response:
    """Asked once more, for it cannot be undone: end the person."""
    if not sure:
        return render(request, "people_end.html", visitor, person=_known(request, login))
    by = visitor.person.login
    return _changed(request, visitor, login, "end", None, lambda: end(_ledger(request), login, by))


@router.post("/people/{login}/tokens")
def new_token(request: Request, visitor: Operator, login: str, label: Word = "") -> Response:
    """Give a program of this person a key that this page alone shows."""
    try:
        on = f"person:{_known(request, login).login}"
        with doing(request, visitor, "people.token", on, label.strip()):
            _, secret = add_token(_ledger(request), login, label)
    except PersonError as error:
        said = (False, str(error).splitlines())
        return _one(request, visitor, login, status=422, said=said, label=label)
    return _secret(request, visitor, login, "token", secret)


@router.post("/people/{login}/tokens/{number}/end")
def stop_token(request: Request, visitor: Operator, login: str, number: str) -> Response:
    """Take a key back."""
    theirs = [each for each in _ledger(request).tokens() if each.login == login]
    if number not in {str(each.id) for each in theirs}:
        raise HTTPException(404, "没有这个密钥。")
    wanted = int(number)
    return _changed(
        request, visitor, login, "token", number, lambda: end_token(_ledger(request), wanted),
        action="people.token_end",
    )  # fmt: skip


def _changed(
    request: Request,
    visitor: Guarded,
    login: str,
    done: str,
    note: str | None,
    change: Callable[[], object],
    action: str = "",
) -> Response:
    on = f"person:{_known(request, login).login}"
    try:
        with doing(request, visitor, action or f"people.{done}", on, note):
            change()
    except PersonError as error:
        return _one(request, visitor, login, status=422, said=(False, str(error).splitlines()))
    return RedirectResponse(f"/people/{quote(login, safe='')}?done={done}", status_code=303)


def _list(
    request: Request,
    visitor: Guarded,
    *,
    status: int = 200,
    said: tuple[bool, list[str]] | None,
    typed: dict[str, str] = NOTHING,
) -> Response:
    ledger = _ledger(request)
    return render(
        request,
        "people.html",
        visitor,
        status=status,
        said=said,
        typed=typed,
        people=people_sheet(ledger),
        tokens=tokens_sheet(ledger),
        units=ledger.units(),
        front=bool(_home(request).settings().web.login_header),
    )


def _one(
    request: Request,
    visitor: Guarded,
    login: str,
    *,
    status: int = 200,
    said: tuple[bool, list[str]] | None,
    label: str = "",
) -> Response:
    ledger = _ledger(request)
    rows = tokens_sheet(ledger).rows
    return render(
        request,
        "person.html",
        visitor,
        status=status,
        said=said,
        person=_known(request, login),
        label=label,
        tokens=[row for row in rows if row["login"] == login],
        units=ledger.units(),
    )


def _secret(
    request: Request, visitor: Guarded, login: str, kind: str, secret: str | None
) -> Response:
    """The answer to the form itself: a secret stands in no address and on no page twice."""
    return render(request, "people_secret.html", visitor, login=login, kind=kind, secret=secret)


def _known(request: Request, login: str) -> Person:
    found = _ledger(request).person(login)
    if found is None:
        raise HTTPException(404, "没有这个登录名。")
    return found


def _said(done: str) -> tuple[bool, list[str]] | None:
    return (True, [DONE[done]]) if done in DONE else None


def _ledger(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.ledger
    return ledger


def _home(request: Request) -> Home:
    home: Home = request.app.state.home
    return home
