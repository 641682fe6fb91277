"""Where did a text stand before, in any column? Its places are kept under its hash.

The places of one text are one subject of their own, so that the index finds them at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from checks.facts import Observed
from checks.fakes import Look, Sighting
from checks.texts import BODY, LIST, body_subject, text_looks
from storage.ledger.base import chunks
from storage.tables import ItemRow, ObservationRow

# For how long texts are remembered, and how many of their oldest places are compared with.
TEXTS = timedelta(days=730)
MOST_PLACES = 20


def same_texts(
    session: Session,
    looked: Sequence[str],
    observed: Mapping[str, Sequence[Observed]],
    at: datetime,
) -> dict[str, list[Sighting]]:
    """By subject, all rows that hold one of the texts read there, where their days differ."""
    texts = {subject: text_looks(observed[subject]) for subject in looked}
    hashes = {look.body_hash for looks in texts.values() for look in looks if look.body_hash}
    places = {
        body_hash: rows
        for body_hash, rows in _places(session, hashes, at).items()
        if len({row.published_on for row in rows}) > 1
    }
    mine = {(s, x.text.url, x.published_on) for s, looks in texts.items() for x in looks}
    dated = {
        body_hash: _dated(session, [*_oldest(rows), *(row for row in rows if _place(row) in mine)])
        for body_hash, rows in places.items()
    }
    return {
        subject: [
            row
            for body_hash in sorted({str(look.body_hash) for look in looks} & dated.keys())
            for row in dated[body_hash]
        ]
        for subject, looks in texts.items()
    }


def _places(session: Session, hashes: set[str], at: datetime) -> dict[str, list[Sighting]]:
    """Where did these texts stand in the last two years? Each column, address and day once."""
    by_subject = {body_subject(body_hash): body_hash for body_hash in hashes}
    seen: dict[tuple[str, str, str | None, str | None], Sighting] = {}
    for chunk in chunks(sorted(by_subject)):
        asked = (
            col(ObservationRow.subject).in_(chunk),
            col(ObservationRow.family) == BODY,
            col(ObservationRow.at) > at - TEXTS,
            col(ObservationRow.at) <= at,
        )
        # Most texts stand in one place only; the index alone tells which do not.
        several = select(ObservationRow.subject).where(*asked)
        several = several.group_by(col(ObservationRow.subject)).having(func.count() > 1)
        statement = select(ObservationRow.subject, ObservationRow.at, ObservationRow.facts).where(
            *asked, col(ObservationRow.subject).in_(several)
        )
        for subject, when, facts in session.exec(statement.order_by(col(ObservationRow.id))):
            column, title, url = facts["column"], facts["title"], facts["url"]
            printed = date.fromisoformat(facts["published_on"])
            place = Sighting(column, title, url, printed, when, None, by_subject[subject])
            seen.setdefault((subject, column, url, facts["published_on"]), place)
    found: dict[str, list[Sighting]] = defaultdict(list)
    for (subject, *_), place in seen.items():
        found[by_subject[subject]].append(place)
    return found


def _place(row: Sighting) -> tuple[str, str | None, date | None]:
    return row.column, row.url, row.published_on


def _oldest(rows: Sequence[Sighting]) -> list[Sighting]:
    """A template may stand in hundreds of places; the first ones are enough to compare with."""
    return sorted(rows, key=lambda row: row.published_on or date.min)[:MOST_PLACES]


def _dated(session: Session, places: Sequence[Sighting]) -> list[Sighting]:
    """The places with the instant at which each row was first seen in its list.

    A place that the list never showed as such, or that its first look showed, has no look before.
    """
    rows = []
    for place in dict.fromkeys(places):
        statement = select(func.min(ItemRow.first_seen)).where(
            ItemRow.subject == place.column,
            ItemRow.published_on == place.published_on,
            ItemRow.url == place.url,
        )
        seen = session.exec(statement).one()
        looked = select(func.min(ObservationRow.at)).where(
            ObservationRow.subject == place.column, ObservationRow.family == LIST
        )
        first = session.exec(looked).one()
        led = seen is not None and first is not None and first < seen
        before = Look(first, None) if led and first is not None else None
        rows.append(replace(place, first_seen_at=seen or place.first_seen_at, before=before))
    return rows
