"""Coming in and going out: passwords, lock-out, sessions. Secrets are kept as hashes alone."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.ledger import Ledger, Person, Visitor

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
SPAN = timedelta(minutes=15)  # failures of this span lock a login, and an address
OF_LOGIN, OF_ADDRESS = 5, 30
SHORTEST = 10
SEEN_EVERY = timedelta(minutes=1)
# A proof takes 64 MiB; and guesses made at once would all be counted too late.
_ONE_AT_A_TIME = Lock()

_hasher = PasswordHasher()
# What an unknown login is compared with: it must take as long as a known one.
_NOBODY = _hasher.hash(secrets.token_urlsafe())


class EntryError(Exception):
    """Not let in: in words that say neither whether the login exists nor what was wrong."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has begun. `secret` is for the browser alone."""

    secret: str
    visitor: Visitor


def hashed(password: str) -> str:
    """A password as it is kept (Argon2id). Raises ValueError, saying what was expected."""
    if len(password) < SHORTEST:
        raise ValueError(f"密码至少 {SHORTEST} 个字符。")
    if len(set(password)) < 4:
        raise ValueError("密码过于简单，请使用四种以上不同的字符。")
    return _hasher.hash(password)


def come_in(ledger: Ledger, login: str, password: str, address: str, now: datetime) -> Opened:
    """Let a person in by password. Raises EntryError."""
    return begin(ledger, proven(ledger, login, password, address, now), now)


def proven(ledger: Ledger, login: str, password: str, address: str, now: datetime) -> Person:
    """Who has this login and knows its password? Raises EntryError; every attempt is kept.

    A login is locked by five failures within a quarter of an hour, an address by thirty: a locked
    one is not let in by the right password either, so that guessing learns nothing.
    """
    login = login.replace("\0", "").strip()[:64]
    with _ONE_AT_A_TIME:
        return _proven(ledger, login, password, address, now)


def _proven(ledger: Ledger, login: str, password: str, address: str, now: datetime) -> Person:
    of_login, of_address = ledger.failed_attempts(login, address, now - SPAN)
    if of_login >= OF_LOGIN or of_address >= OF_ADDRESS:
        minutes = SPAN // timedelta(minutes=1)
        raise EntryError(f"登录失败次数过多，请 {minutes} 分钟后再试，或与运维人员联系。")
    person = ledger.person(login)
    known = person.password if person is not None and person.ended_at is None else ""
    right = _matches(known or _NOBODY, password) and bool(known)
    ledger.note_attempt(login, address, now, ok=right)
    if not right or person is None:
        raise EntryError("登录名或密码不正确。")
    return person


def come_in_by_front(ledger: Ledger, login: str, address: str, now: datetime) -> Opened:
    """Let in whom the reverse proxy has made sure of. Raises EntryError for an unknown login."""
    person = ledger.person(login)
    known = person is not None and person.ended_at is None
    ledger.note_attempt(login, address, now, ok=known)
    if person is None or not known:
        raise EntryError("统一登录的账号尚未开通，请与运维人员联系。")
    return begin(ledger, person, now)


def begin(ledger: Ledger, person: Person, now: datetime) -> Opened:
    """A new session: each entrance has a secret of its own, whatever the browser held before."""
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    ledger.open_session(digest(secret), person, csrf, now)
    return Opened(secret, Visitor(person, csrf, now, now))


def visitor_of(ledger: Ledger, secret: str, now: datetime) -> Visitor | None:
    """Whose browser is this? None: nobody's, or it is to come in again.

    It is an hour after its last word or half a day after it came in.
    """
    found = ledger.visitor(digest(secret))
    if found is None:
        return None
    if now - found.seen_at > IDLE or now - found.created_at > LONGEST:
        ledger.end_session(digest(secret), now)
        return None
    if now - found.seen_at > SEEN_EVERY:
        ledger.seen_session(digest(secret), now)
    return found


def digest(secret: str) -> str:
    """A random secret as it is kept: it has no words that could be guessed from a hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _matches(known: str, password: str) -> bool:
    try:
        return _hasher.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
