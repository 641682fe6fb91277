"""Who asks, and whether they may: by the key of a program, or by the session of a browser."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from app.web.api.answers import WORDS, only_known
from app.web.entry import OF_ADDRESS, SPAN, digest, visitor_of
from app.web.guard import COOKIE, SAFE, Needs, address_of
from app.web.rights import Action, Role, may
from app.web.shown import none_of_theirs, own_unit
from storage.clock import now
from storage.ledger import Ledger, Visitor

BEARER = HTTPBearer(
    scheme_name="key",
    description="一个程序的密钥；所见不超出持有人的角色和单位。",
    auto_error=False,
)
SESSION = APIKeyCookie(
    scheme_name="session", name=COOKIE, description="浏览器的会话，只可读取。", auto_error=False
)
Key = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
Session = Annotated[str | None, Depends(SESSION)]


class NeedsKey(Needs):
    """A dependency of a route: the visitor, by the key that is sent, else by the session."""

    async def __call__(self, request: Request, key: Key = None, session: Session = None) -> Visitor:
        """Raises HTTPException: 401 nobody asks, 403 they may not, 429 too many wrong keys."""
        if "authorization" in request.headers:
            given = key.credentials if key is not None else ""
            visitor = await run_in_threadpool(_by_key, request, given)
        else:
            visitor = await run_in_threadpool(_by_session, request, session or "")
        if not may(Role(visitor.person.role), self.action):
            raise HTTPException(403, WORDS[403])
        only_known(request)
        return visitor


def asks(action: Action) -> Any:
    """The visitor of a route of the JSON interface that asks for this right."""
    return Depends(NeedsKey(action))


def unit_for(visitor: Visitor, asked: str | None) -> str | None:
    """Of which unit is told, None: of all? Raises HTTPException (404) where it is not theirs."""
    own = own_unit(visitor)
    if own is not None and asked not in (None, own):
        raise none_of_theirs()
    return asked if own is None else own


def _by_key(request: Request, secret: str) -> Visitor:
    """An address that sent thirty wrong keys within a quarter of an hour waits, as for logins.

    Wrong keys are counted apart from passwords: a program whose key was taken back does not lock
    out the persons who share its address.
    """
    ledger: Ledger = request.app.state.ledger
    at, guesser = now(), f"key {address_of(request)}"
    failed, _ = ledger.failed_attempts(guesser, "", at - SPAN)
    if failed >= OF_ADDRESS:
        seconds = int(SPAN.total_seconds())
        raise HTTPException(429, "密钥错误次数过多，请稍后再试。", {"Retry-After": f"{seconds}"})
    person = ledger.bearer(digest(secret)) if secret else None
    if person is None:
        if secret:
            ledger.note_attempt(guesser, "", at, ok=False)
        raise _nobody()
    return Visitor(person, "", at, at)


def _by_session(request: Request, secret: str) -> Visitor:
    visitor = visitor_of(request.app.state.ledger, secret, now()) if secret else None
    if visitor is None:
        raise _nobody()
    if request.method not in SAFE:
        raise HTTPException(403, "浏览器的会话在此只可读取。")
    return visitor


def _nobody() -> HTTPException:
    return HTTPException(401, WORDS[401], {"WWW-Authenticate": "Bearer"})
