"""What workers are to look at next, and when: the order of their work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, insert, update
from sqlmodel import Session, col, delete, select

from storage.ledger.base import Base, chunks, plain_rows
from storage.tables import DueRow

# Before others go subjects near their limits, then those that could not be seen last time.
PRESSING, MISSED = 2, 1
URGENCY = case(
    (col(DueRow.pressing).is_(True), PRESSING), (col(DueRow.misses) > 0, MISSED), else_=0
)


@dataclass(frozen=True, slots=True)
class Due:
    """One subject and its next look; see `storage.tables.DueRow`."""

    subject: str
    lot: int
    site: str | None
    at: datetime
    pressing: bool = False
    looked_at: datetime | None = None
    misses: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class DueLot:
    """What is due in one lot: how many subjects, since when, and how urgent the most urgent is."""

    lot: int
    count: int
    since: datetime
    urgency: int


class Dues(Base):
    def set_watched(self, lots: Mapping[str, tuple[int, str | None]], now: datetime) -> int:
        """Let these subjects and no others be looked at; returns how many are new or moved.

        By subject: its lot and its site. New ones are due at once.
        """
        with self.writing() as session:
            held = {row.subject: row for row in plain_rows(session, DueRow)}
            gone = [key for key in held if key not in lots]
            for chunk in chunks(gone):
                mine = col(DueRow.subject).in_(chunk)
                session.connection().execute(delete(DueRow).where(mine))
            new = [
                asdict(Due(key, lot, site, now))
                for key, (lot, site) in lots.items()
                if key not in held
            ]
            moved = [
                {"key": key, "new_lot": lot, "new_site": site}
                for key, (lot, site) in lots.items()
                if key in held and (held[key].lot, held[key].site) != (lot, site)
            ]
            if new:
                session.connection().execute(insert(DueRow), new)
            if moved:
                table = DueRow.__table__  # type: ignore[attr-defined]
                into = update(table).where(table.c.subject == bindparam("key"))
                changed = into.values(lot=bindparam("new_lot"), site=bindparam("new_site"))
                session.connection().execute(changed, moved)
            return len(new) + len(moved)

    def due_lots(self, session: Session, at: datetime) -> list[DueLot]:
        """In which lots is something due at this instant, the most urgent first?"""
        urgent = func.max(URGENCY)
        since = func.min(DueRow.at)
        asked = select(DueRow.lot, func.count(), since, urgent).where(col(DueRow.at) <= at)
        rows = session.exec(asked.group_by(col(DueRow.lot)).order_by(urgent.desc(), since)).all()
        return [DueLot(*row) for row in rows]

    def due_in(self, lot: int, at: datetime, most: int) -> list[Due]:
        """What is due in a lot at this instant, the most urgent first; at most so many."""
        asked = select(DueRow).where(DueRow.lot == lot, col(DueRow.at) <= at)
        ordered = asked.order_by(URGENCY.desc(), col(DueRow.at), col(DueRow.subject))
        with self.reading() as session:
            return [_due(row) for row in session.exec(ordered.limit(most))]

    def watched_count(self) -> int:
        """How many subjects do workers look at?"""
        with self.reading() as session:
            return session.exec(select(func.count()).select_from(DueRow)).one()

    def due_count(self, at: datetime) -> int:
        """How many subjects are to be looked at by this instant?"""
        asked = select(func.count()).select_from(DueRow).where(col(DueRow.at) <= at)
        with self.reading() as session:
            return session.exec(asked).one()

    def due(self, subject: str) -> Due | None:
        """When is this subject looked at next? None: workers do not look at it."""
        with self.reading() as session:
            row = session.get(DueRow, subject)
            return _due(row) if row is not None else None

    def set_due(self, dues: Sequence[Due]) -> None:
        """Keep when these are looked at next. One that is not watched any more stays away."""
        if not dues:
            return
        table = DueRow.__table__  # type: ignore[attr-defined]
        names = ("at", "looked_at", "misses", "same")
        into = update(table).where(table.c.subject == bindparam("key"))
        changed = into.values({name: bindparam(f"new_{name}") for name in names})
        values = [
            {"key": due.subject, **{f"new_{name}": getattr(due, name) for name in names}}
            for due in dues
        ]
        with self.writing() as session:
            session.connection().execute(changed, values)

    def press(self, subjects: Collection[str], at: datetime) -> None:
        """These are near their limits, no others; those that are so anew are due by `at`."""
        with self.writing() as session:
            asked = select(DueRow.subject).where(col(DueRow.pressing).is_(True))
            held = set(session.exec(asked))
            wanted = set(subjects)
            _mark(session, held - wanted, {"pressing": False})
            _mark(session, wanted - held, {"pressing": True})
            later = (col(DueRow.at) > at,)
            _mark(session, wanted - held, {"at": at}, *later)


def _mark(
    session: Session, keys: Iterable[str], values: Mapping[str, object], *where: object
) -> None:
    for chunk in chunks(sorted(keys)):
        mine = update(DueRow).where(col(DueRow.subject).in_(chunk), *where)  # type: ignore[arg-type]
        session.connection().execute(mine.values(**values))


def _due(row: DueRow) -> Due:
    return Due(**{name: getattr(row, name) for name in Due.__slots__})
