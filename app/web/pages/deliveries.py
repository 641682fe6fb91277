"""The outbox (发信): what was queued for whom, how it stands, and why something did not leave."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.web.guard import Guarded, doing, needs
from app.web.rights import Action
from app.web.shown import render
from app.web.steps import HIGHEST
from notify.robots import NAMES
from notify.terms import MAIL_STATES
from storage.clock import now
from storage.ledger import MAIL, Delivery

router = APIRouter()
A_PAGE = 100
Word = Annotated[str, Query(max_length=200)]
KINDS = {
    "alert": "提醒",
    "notice": "整改通知",
    "urge": "督办通知",
    "weekly": "周报",
    "draft": "报告初稿",
    "service": "服务",
    "dead": "无法投递",
    "test": "测试",
}
ROBOTS = {name: f"{title}机器人" for name, title in NAMES.items()}
DONE = {"again": "已重新列入待发。"}


@router.get("/deliveries")
def deliveries(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_ALL)],
    state: Word = "",
    kind: Word = "",
    words: Word = "",
    before: Word = "",
) -> Response:
    """All mails and messages of robots, the newest first."""
    ledger = request.app.state.ledger
    wanted = {"state": state, "kind": kind, "words": words}
    edge = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    rows = ledger.mailed(**wanted, before=edge, count=A_PAGE + 1)
    return render(
        request,
        "deliveries.html",
        visitor,
        rows=rows[:A_PAGE],
        older=rows[A_PAGE - 1].id if len(rows) > A_PAGE else None,
        counts=ledger.delivery_counts(),
        wanted=wanted,
        query=urlencode({name: value for name, value in wanted.items() if value}),
        kinds=KINDS,
        robots=ROBOTS,
        said=None,
    )


@router.get("/deliveries/{number:int}")
def delivery(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_ALL)],
    number: int,
    done: Word = "",
) -> Response:
    """One message as text, and what is attached to it."""
    said = (True, [DONE[done]]) if done in DONE else None
    return _shown(request, visitor, _found(request, number), said)


@router.post("/deliveries/{number:int}/again")
def again(
    request: Request, visitor: Annotated[Guarded, needs(Action.SEND)], number: int
) -> Response:
    """Put one dead letter back, as `xunjian deliver --again` does with all."""
    found = _found(request, number)
    try:
        with doing(request, visitor, "delivery.again", str(number)):
            request.app.state.ledger.requeue_dead(now(), number)
    except LookupError:
        # Its state as it is now: somebody else may have put it back a moment ago.
        found = _found(request, number)
    else:
        return RedirectResponse(f"/deliveries/{number}?done=again", status_code=303)
    why = f"现为“{MAIL_STATES[found.state]}”，只有无法投递的可以再次发送。没有作任何改动。"
    return _shown(request, visitor, found, (False, [why]), 422)


def _found(request: Request, number: int) -> Delivery:
    found: Delivery | None = None
    if number < HIGHEST:
        found = request.app.state.ledger.delivery(number)
    if found is None:
        raise HTTPException(404, "没有这封邮件。")
    return found


def _shown(
    request: Request,
    visitor: Guarded,
    found: Delivery,
    said: tuple[bool, list[str]] | None,
    status: int = 200,
) -> Response:
    mail = _mail(found)
    return render(
        request,
        "delivery.html",
        visitor,
        status,
        delivery=found,
        body=text_of(found, mail),
        attached=list(_attached(mail)),
        kinds=KINDS,
        robots=ROBOTS,
        said=said,
    )


def _mail(found: Delivery) -> EmailMessage | None:
    """The message as a mail; None: it is a robot's, or its text was given up after its time."""
    if found.message.channel != MAIL or not found.message.mime:
        return None
    made = email.message_from_bytes(found.message.mime, policy=default)
    return made if isinstance(made, EmailMessage) else None


def text_of(found: Delivery, mail: EmailMessage | None) -> str | None:
    """What its plain part says; None: it was given up. Its HTML is never shown."""
    if not found.message.mime:
        return None
    if mail is None:
        return found.message.mime.decode(errors="replace")
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _attached(mail: EmailMessage | None) -> Iterator[tuple[str, int]]:
    """Name and size in bytes."""
    for part in mail.iter_attachments() if mail is not None else ():
        yield part.get_filename() or "未命名", len(part.get_payload(decode=True) or b"")
