"""Persons who may use the pages, their sessions and keys, and what they changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from storage.ledger.base import Base, begin_of
from storage.ledger.rows import row_key
from storage.tables import AttemptRow, AuditRow, PersonRow, SessionRow, TokenRow


class PersonError(ValueError):
    """A person that cannot be entered or is not there: which login, and why."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may come in, or might once. `unit`: whose matters a viewer sees."""

    id: int
    login: str
    name: str
    role: str
    unit: str | None
    password: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Visitor:
    """A session that is open, and whose it is."""

    person: Person
    csrf: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A key of a program; its secret is known to the program alone."""

    id: int
    login: str
    label: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Audited:
    """One change that a person made."""

    id: int
    at: datetime
    login: str
    address: str
    action: str
    object: str
    note: str | None


class People(Base):
    def add_person(
        self, login: str, name: str, role: str, unit: str | None, password: str, now: datetime
    ) -> Person:
        """Enter somebody. Raises PersonError when the login was ever given to anybody."""
        with self.writing() as session:
            if _find(session, login) is not None:
                raise PersonError(f"登录名 {login} 已有，停用的登录名也不能重新使用。")
            row = PersonRow(
                login=login, name=name, role=role, unit=unit, password=password, created_at=now
            )
            session.add(row)
            session.flush()
            return _person(row)

    def change_person(
        self,
        login: str,
        now: datetime,
        *,
        role: str | None = None,
        unit: str | None = None,
        password: str | None = None,
        ended: bool = False,
        keeps: str | None = None,
    ) -> Person:
        """Change what is given; whoever changes is let in anew: all sessions end.

        `role` brings its `unit` with it, None included. `keeps` is a role that somebody must hold.
        Raises PersonError for an unknown login, and when its last holder would lose it.
        """
        with self.writing() as session:
            row = _find(session, login)
            if row is None:
                raise PersonError(f"没有登录名 {login}。")
            held = row.role == keeps and row.ended_at is None
            if role is not None:
                row.role, row.unit = role, unit
            if password is not None:
                row.password = password
            if ended and row.ended_at is None:
                row.ended_at = now
            session.add(row)
            session.flush()
            if held and not _is_held(session, keeps):
                raise PersonError(f"{login} 是此角色的最后一人，请先另设一人，再停用或改任。")
            _end_sessions(session, row_key(row.id), now)
            return _person(row)

    def people(self) -> list[Person]:
        """Everybody who was ever entered, by login."""
        with self.reading() as session:
            return [
                _person(row) for row in session.exec(select(PersonRow).order_by(PersonRow.login))
            ]

    def person(self, login: str) -> Person | None:
        with self.reading() as session:
            row = _find(session, login)
            return _person(row) if row is not None else None

    def note_attempt(self, login: str, address: str, now: datetime, *, ok: bool) -> None:
        """Somebody tried to come in."""
        with self.writing() as session:
            session.add(AttemptRow(at=now, login=login, address=address, ok=ok))

    def failed_attempts(self, login: str, address: str, since: datetime) -> tuple[int, int]:
        """How often did this login fail since then and since it last came in; and this address?"""
        tried = col(AttemptRow.at) >= since
        good = select(func.max(AttemptRow.id)).where(AttemptRow.login == login, col(AttemptRow.ok))
        bad = select(func.count()).select_from(AttemptRow).where(tried, ~col(AttemptRow.ok))
        with self.reading() as session:
            last = session.exec(good).one() or 0
            of_login = bad.where(AttemptRow.login == login, col(AttemptRow.id) > last)
            of_address = bad.where(AttemptRow.address == address)
            return session.exec(of_login).one(), session.exec(of_address).one()

    def open_session(self, secret: str, person: Person, csrf: str, now: datetime) -> None:
        """Let a browser in. `secret` is the SHA-256 of what only the browser holds."""
        with self.writing() as session:
            session.add(
                SessionRow(
                    secret=secret, person_id=person.id, csrf=csrf, created_at=now, seen_at=now
                )
            )

    def visitor(self, secret: str) -> Visitor | None:
        """Whose session is this? None: nobody's, or it has ended, or the person has."""
        wanted = select(SessionRow, PersonRow).join(
            PersonRow, col(PersonRow.id) == SessionRow.person_id
        )
        is_open = col(SessionRow.ended_at).is_(None), col(PersonRow.ended_at).is_(None)
        with self.reading() as session:
            found = session.exec(wanted.where(SessionRow.secret == secret, *is_open)).first()
            if found is None:
                return None
            row, person = found
            return Visitor(_person(person), row.csrf, row.created_at, row.seen_at)

    def seen_session(self, secret: str, now: datetime) -> None:
        """The browser asked for something."""
        with self.writing() as session:
            mine = col(SessionRow.secret) == secret
            session.connection().execute(update(SessionRow).where(mine).values(seen_at=now))

    def end_session(self, secret: str, now: datetime) -> None:
        """The browser goes out."""
        with self.writing() as session:
            mine = col(SessionRow.secret) == secret, col(SessionRow.ended_at).is_(None)
            session.connection().execute(update(SessionRow).where(*mine).values(ended_at=now))

    def forget_entrances(self, before: datetime) -> None:
        """Forget sessions and attempts that began before: they tell who was where and when."""
        with self.writing() as session:
            for row, began in ((SessionRow, SessionRow.created_at), (AttemptRow, AttemptRow.at)):
                session.connection().execute(delete(row).where(col(began) < before))

    def add_token(self, secret: str, person: Person, label: str, now: datetime) -> int:
        """Give a program a key, by the SHA-256 of its secret; returns the key's number."""
        with self.writing() as session:
            row = TokenRow(secret=secret, person_id=person.id, label=label, created_at=now)
            session.add(row)
            session.flush()
            return row_key(row.id)

    def tokens(self) -> list[Token]:
        """All keys that were ever given, oldest first."""
        asked = select(TokenRow, PersonRow.login).join(
            PersonRow, col(PersonRow.id) == TokenRow.person_id
        )
        with self.reading() as session:
            return [
                Token(row_key(row.id), login, row.label, row.created_at, row.ended_at)
                for row, login in session.exec(asked.order_by(col(TokenRow.id)))
            ]

    def bearer(self, secret: str) -> Person | None:
        """Whose key is this? None: nobody's, or it was taken back, or the person has ended."""
        wanted = select(PersonRow).join(TokenRow, col(TokenRow.person_id) == PersonRow.id)
        is_open = col(TokenRow.ended_at).is_(None), col(PersonRow.ended_at).is_(None)
        with self.reading() as session:
            row = session.exec(wanted.where(TokenRow.secret == secret, *is_open)).first()
            return _person(row) if row is not None else None

    def end_token(self, number: int, now: datetime) -> None:
        """Take a key back. What has no such number, or was taken back, stays as it is."""
        with self.writing() as session:
            mine = col(TokenRow.id) == number, col(TokenRow.ended_at).is_(None)
            session.connection().execute(update(TokenRow).where(*mine).values(ended_at=now))

    def audited(
        self,
        before: int | None = None,
        count: int = 100,
        *,
        login: str = "",
        action: str = "",
        day: date | None = None,
    ) -> list[Audited]:
        """The last changes that persons made, newest first; `before` turns the page.

        `login`, `action` and the day in Asia/Shanghai: only theirs.
        """
        asked = select(AuditRow).order_by(col(AuditRow.id).desc()).limit(count)
        if before is not None:
            asked = asked.where(col(AuditRow.id) < before)
        if login:
            asked = asked.where(AuditRow.login == login)
        if action:
            asked = asked.where(AuditRow.action == action)
        if day is not None:
            last = begin_of(day + timedelta(days=1))
            asked = asked.where(col(AuditRow.at) >= begin_of(day), col(AuditRow.at) < last)
        with self.reading() as session:
            return [_audited(row) for row in session.exec(asked)]

    def last_act(self, action: str) -> Audited | None:
        """The last change of this kind that a person made."""
        asked = select(AuditRow).where(AuditRow.action == action).order_by(col(AuditRow.id).desc())
        with self.reading() as session:
            row = session.exec(asked.limit(1)).first()
        return _audited(row) if row is not None else None

    def audited_actions(self) -> list[str]:
        """Which sorts of changes were ever made?"""
        asked = select(AuditRow.action).distinct().order_by(AuditRow.action)
        with self.reading() as session:
            return list(session.exec(asked))


def _find(session: Session, login: str) -> PersonRow | None:
    return session.exec(select(PersonRow).where(PersonRow.login == login)).first()


def _is_held(session: Session, role: str | None) -> bool:
    held = select(PersonRow.id).where(PersonRow.role == role, col(PersonRow.ended_at).is_(None))
    return session.exec(held.limit(1)).first() is not None


def _end_sessions(session: Session, person: int, now: datetime) -> None:
    theirs = col(SessionRow.person_id) == person, col(SessionRow.ended_at).is_(None)
    session.connection().execute(update(SessionRow).where(*theirs).values(ended_at=now))


def _person(row: PersonRow) -> Person:
    return Person(
        row_key(row.id), row.login, row.name, row.role, row.unit, row.password, row.ended_at
    )


def _audited(row: AuditRow) -> Audited:
    return Audited(
        row_key(row.id), row.at, row.login, row.address, row.action, row.object, row.note
    )
