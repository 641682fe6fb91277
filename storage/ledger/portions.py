"""The register in portions: what a check compares stands together, whatever the register's size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from checks.subjects import Subject, SubjectKind
from storage.ledger.base import CHUNK, Base, chunks
from storage.ledger.subjects import subjects_of
from storage.ledger.versions import MODELS, holding
from storage.tables import Account, Mailbox, Site, Unit, Version, WatchedColumn

PORTION = 2000


class Portions(Base):
    def portions(
        self, at: datetime | None = None, size: int = PORTION
    ) -> Iterator[tuple[Subject, ...]]:
        """Everything watched at an instant (None: now), about `size` subjects at a time.

        A site comes with all that is on it; then the accounts, those of a unit together.
        """
        for sites in self._groups(WatchedColumn, col(WatchedColumn.site), at, size):
            yield self._portion(
                at,
                sites,
                (SubjectKind.SITE, col(Site.id)),
                (SubjectKind.COLUMN, col(WatchedColumn.site)),
                (SubjectKind.MAILBOX, col(Mailbox.site)),
            )
        for units in self._groups(Account, col(Account.unit), at, size):
            yield self._portion(at, units, (SubjectKind.ACCOUNT, col(Account.unit)))

    def targets_of(
        self, subjects: Sequence[Subject], at: datetime | None = None
    ) -> tuple[Subject, ...]:
        """The columns that entries among these subjects lead to, and that are not among them.

        As registered at an instant (None: now). An entry and its column may stand on two sites.
        """
        here = {subject.id for subject in subjects if subject.kind is SubjectKind.COLUMN}
        named = {subject.redirect_to for subject in subjects if subject.redirect_to} - here
        found: list[Subject] = []
        with self.reading() as session:
            for chunk in chunks(sorted(named)):
                asked = col(WatchedColumn.id).in_(chunk)
                found += subjects_of(session, SubjectKind.COLUMN, at, asked)
        return tuple(found)

    def registered(self, session: Session, keys: Iterable[str]) -> set[str]:
        """Which of these subjects are registered now, inside the caller's transaction?"""
        ids: dict[str, list[str]] = {}
        for key in keys:
            kind, _, row_id = key.partition(":")
            ids.setdefault(kind, []).append(row_id)
        return {
            f"{kind}:{row_id}"
            for kind, wanted in ids.items()
            for chunk in chunks(wanted)
            for row_id in session.exec(
                select(MODELS[kind].id).where(
                    *holding(MODELS[kind], None), col(MODELS[kind].id).in_(chunk)
                )
            )
        }

    def unit_ids(self, at: datetime | None = None) -> dict[str, str]:
        """The ids of the units registered at an instant (None: now), by name."""
        statement = select(Unit.name, Unit.id).where(*holding(Unit, at)).order_by(col(Unit.pk))
        with self.reading() as session:
            return dict(session.exec(statement).all())

    def _groups(
        self, model: type[Version], owner: Mapped[str], at: datetime | None, size: int
    ) -> Iterator[list[str]]:
        """The owners of rows, sites or units, so many at a time that they own about `size`."""
        with self.reading() as session:
            counts = dict(_counts(session, model, owner, at))
            if model is WatchedColumn:  # a site without a column is watched all the same
                counts = {site: counts.get(site, 0) for site in _ids(session, Site, at)}
        group: list[str] = []
        held = 0
        for name, count in counts.items():
            group.append(name)
            held += 1 + count
            if held >= size or len(group) >= CHUNK:
                yield group
                group, held = [], 0
        if group:
            yield group

    def _portion(
        self,
        at: datetime | None,
        owners: list[str],
        *tables: tuple[SubjectKind, Mapped[str]],
    ) -> tuple[Subject, ...]:
        with self.reading() as session:
            return tuple(
                subject
                for kind, owner in tables
                for subject in subjects_of(session, kind, at, owner.in_(owners))
            )


def _counts(
    session: Session, model: type[Version], owner: Mapped[str], at: datetime | None
) -> list[tuple[str, int]]:
    statement = select(owner, func.count()).where(*holding(model, at))
    return [(name, n) for name, n in session.exec(statement.group_by(owner).order_by(owner))]


def _ids(session: Session, model: type[Version], at: datetime | None) -> list[str]:
    return list(session.exec(select(model.id).where(*holding(model, at)).order_by(col(model.pk))))
