"""What was noticed beside dates: duties of pages and sites, and what persons found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from checks import links
from checks.facts import Hand, Observed
from storage.ledger.base import Base, chunks, plain_rows
from storage.ledger.chain import evidence_places
from storage.ledger.rows import OUTCOMES
from storage.legible import legible
from storage.tables import HandRow, ObservationRow

# Lists as long as pages, read site by site: `storage.ledger.links`.
APART = (links.FAMILY, links.SAME)
# One index seek for each family of each subject, where years of looks would be read to find them.
FAMILIES = """\
WITH RECURSIVE wanted(subject) AS (VALUES GIVEN), held(subject, family) AS (
  SELECT wanted.subject,
    (SELECT min(family) FROM observation WHERE observation.subject = wanted.subject)
  FROM wanted
  UNION ALL
  SELECT held.subject, (
    SELECT min(observation.family) FROM observation
    WHERE observation.subject = held.subject AND observation.family > held.family
  )
  FROM held WHERE held.family IS NOT NULL
)
SELECT DISTINCT family FROM held WHERE family IS NOT NULL"""


class Observations(Base):
    def observed(
        self,
        at: datetime,
        subjects: Iterable[str],
        oldest: timedelta = timedelta(days=40),
        families: Sequence[str] = (),
    ) -> dict[str, tuple[Observed, ...]]:
        """The last look at each thing of these subjects, not after `at` nor `oldest` before it.

        Of these `families`, none: of all. By subject, in the order of family and key. The links
        of pages are not among them.
        """
        rows: list[Any] = []
        with self.reading() as session:
            for chunk in chunks(sorted(set(subjects))):
                asked = families or _families(session, chunk)
                # The families are named, or no index would tell the days asked for from the rest.
                latest = (
                    select(func.max(ObservationRow.id))
                    .where(
                        col(ObservationRow.subject).in_(chunk),
                        col(ObservationRow.family).in_([f for f in asked if f not in APART]),
                        col(ObservationRow.at) <= at,
                        col(ObservationRow.at) > at - oldest,
                    )
                    .group_by(
                        col(ObservationRow.subject),
                        col(ObservationRow.family),
                        col(ObservationRow.key),
                    )
                )
                rows += plain_rows(session, ObservationRow, col(ObservationRow.id).in_(latest))
            places = evidence_places(session, rows)
        found: dict[str, list[Observed]] = {}
        for row in sorted(rows, key=lambda row: (row.subject, row.family, row.key)):
            seen = Observed(
                subject=row.subject,
                family=row.family,
                key=row.key,
                at=row.at,
                outcome=OUTCOMES[row.outcome],
                facts=row.facts,
                evidence=places.get(row.evidence_id),
            )
            found.setdefault(row.subject, []).append(seen)
        return {subject: tuple(seen) for subject, seen in found.items()}

    def record_hand(self, hand: Hand, *, withdrawn: bool = False) -> None:
        """Append what a person found; `withdrawn` takes back what was said before."""
        hand = legible(hand)
        with self.writing() as session:
            session.add(
                HandRow(
                    subject=hand.subject,
                    pack=hand.pack,
                    row=hand.row,
                    fault=hand.fault,
                    points=None if hand.points is None else str(hand.points),
                    evidence=hand.evidence,
                    by=hand.by,
                    at=hand.at,
                    until=hand.until,
                    withdrawn=withdrawn,
                )
            )

    def hands(
        self, at: datetime, subjects: Iterable[str] | None = None
    ) -> dict[str, tuple[Hand, ...]]:
        """What persons found, as it stood at `at`, by subject key; the last word of each row.

        Of all subjects, or of those whose keys are given.
        """
        found: dict[str, list[Hand]] = {}
        with self.reading() as session:
            for chunk in chunks(sorted(set(subjects))) if subjects is not None else (None,):
                asked = [] if chunk is None else [col(HandRow.subject).in_(chunk)]
                latest = (
                    select(func.max(HandRow.id))
                    .where(col(HandRow.at) <= at, *asked)
                    .group_by(col(HandRow.subject), col(HandRow.pack), col(HandRow.row))
                )
                statement = select(HandRow).where(col(HandRow.id).in_(latest))
                for row in session.exec(statement.order_by(col(HandRow.id))):
                    if not row.withdrawn:
                        found.setdefault(row.subject, []).append(_hand(row))
        return {subject: tuple(hands) for subject, hands in found.items()}

    def hand_evidence(self) -> list[str]:
        """The evidence of everything that persons ever found, what was taken back included."""
        with self.reading() as session:
            return list(
                session.exec(select(HandRow.evidence).distinct().order_by(HandRow.evidence))
            )


def _families(session: Session, subjects: Sequence[str]) -> list[str]:
    """Of which families is anything known of these subjects?"""
    given = {f"k{number}": subject for number, subject in enumerate(subjects)}
    values = ", ".join(f"(:{name})" for name in given)
    found = session.connection().execute(text(FAMILIES.replace("GIVEN", values)), given)
    return [family for (family,) in found]


def _hand(row: HandRow) -> Hand:
    return Hand(
        subject=row.subject,
        pack=row.pack,
        row=row.row,
        fault=row.fault,
        points=None if row.points is None else Decimal(row.points),
        evidence=row.evidence,
        by=row.by,
        at=row.at,
        until=row.until,
    )
