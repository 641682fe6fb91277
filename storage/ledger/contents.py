"""What visits bring along: evidence, items, letters and notes, appended in their transaction.

Rows are plain values, many in one statement: to make objects of them costs most. Writers wait for
each other, so numbers can be taken before the rows are written, and the chain has no forks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, TextClause, func, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from checks.facts import Item, Letter
from checks.freshness import local_day
from checks.letter_words import is_answered, is_declined
from storage.evidence import GENESIS, Stored, link
from storage.ledger.base import chunks, plain_rows
from storage.ledger.rows import Sighting, digest, letter_of
from storage.tables import EvidenceRow, ItemRow, LetterRow

Values = dict[str, Any]
FirstSeen = dict[tuple[str, str], datetime]
# All pairs in one parameter: the statement stays the same, however many there are.
KNOWN = {
    "sqlite": """\
SELECT item.subject, item.digest, item.first_seen FROM json_each(:pairs) AS wanted
CROSS JOIN item ON item.subject = json_extract(wanted.value, '$[0]')
  AND item.digest = json_extract(wanted.value, '$[1]')""",
    "postgresql": """\
SELECT item.subject, item.digest, item.first_seen
FROM unnest(CAST(:subjects AS text[]), CAST(:digests AS text[])) AS wanted(subject, digest)
JOIN item ON item.subject = wanted.subject AND item.digest = wanted.digest""",
}
NUMBERS = {
    "sqlite": "SELECT coalesce(max(id), 0) + 1 FROM {table}",
    "postgresql": "SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"
    " FROM generate_series(1, :count)",
}


def append(connection: Connection, model: type[SQLModel], rows: Sequence[Values]) -> None:
    """Write rows of one table; each names the same columns."""
    if rows:
        connection.execute(inspect(model).local_table.insert(), rows)


def take_numbers(connection: Connection, table: str, count: int) -> list[int]:
    """The numbers of the next rows of a table, in the order in which they are to be written."""
    if not count:
        return []
    asked = text(NUMBERS[connection.dialect.name].format(table=table))
    if connection.dialect.name == "sqlite":
        first = connection.execute(asked).scalar_one()
        return list(range(first, first + count))
    return sorted(connection.execute(asked, {"count": count}).scalars())


def append_evidence(connection: Connection, held: Sequence[tuple[str, Stored]]) -> list[int]:
    """Append links, each of a subject's answer, and return their numbers."""
    if not held:
        return []
    newest = select(EvidenceRow.chain).order_by(col(EvidenceRow.id).desc()).limit(1)
    previous = connection.execute(newest).scalar() or GENESIS
    numbers = take_numbers(connection, "evidence", len(held))
    rows = []
    for number, (subject, stored) in zip(numbers, held, strict=True):
        capture = stored.capture
        previous = link(previous, stored.sha256, subject, capture.url, capture.at)
        rows.append(
            {
                "id": number,
                "at": capture.at,
                "subject": subject,
                "url": capture.url,
                "warc": stored.warc,
                "offset": stored.offset,
                "record_id": stored.record_id,
                "sha256": stored.sha256,
                "chain": previous,
            }
        )
    append(connection, EvidenceRow, rows)
    return numbers


def take_items(connection: Connection, visits: Sequence[tuple[Values, Sighting]]) -> list[Values]:
    """The items not seen before, to be appended; each visit gets the newest that counts.

    An item dated after the day it was first seen carries a wrong date. It never counts, not
    even when that day has come.
    """
    shown = [(visit, seen, {digest(item): item for item in seen.items}) for visit, seen in visits]
    first = first_seen(connection, [(s.subject, key) for _, s, items in shown for key in items])
    fresh = []
    for visit, seen, items in shown:
        for key, item in items.items():
            if (seen.subject, key) not in first:
                first[seen.subject, key] = seen.observed_at
                fresh.append(_item_values(key, item, visit["id"], seen))
        visit.update(_newest_of(seen.subject, items, first))
    return fresh


def append_items(connection: Connection, rows: Sequence[Values]) -> None:
    if rows:
        connection.execute(_new_items(connection.dialect.name), rows)


@cache
def _new_items(dialect: str) -> Insert:
    table: Any = inspect(ItemRow).local_table
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return insert.on_conflict_do_nothing(index_elements=["subject", "digest"])


def first_seen(connection: Connection, pairs: Sequence[tuple[str, str]]) -> FirstSeen:
    """When was each of these items first seen, by subject and digest? New ones are left out."""
    if not pairs:
        return {}
    given: dict[str, Any] = {"pairs": json.dumps(pairs)}
    if connection.dialect.name == "postgresql":
        given = {"subjects": [key for key, _ in pairs], "digests": [key for _, key in pairs]}
    rows = connection.execute(_known_items(connection.dialect.name), given)
    return {(subject, key): first for subject, key, first in rows}


@cache
def _known_items(dialect: str) -> TextClause:
    moment = inspect(ItemRow).columns.first_seen.type
    return text(KNOWN[dialect]).columns(first_seen=moment)  # type: ignore[return-value]


def _item_values(key: str, item: Item, visit: int, seen: Sighting) -> Values:
    return {
        "subject": seen.subject,
        "digest": key,
        "title": item.title,
        "url": item.url,
        "published_on": item.published_on,
        "date_text": item.date_text,
        "date_source": item.date_source,
        "first_seen": seen.observed_at,
        "visit_id": visit,
    }


def _newest_of(subject: str, items: Mapping[str, Item], first: FirstSeen) -> Values:
    counting = [
        item
        for key, item in items.items()
        if item.published_on
        and item.published_on <= local_day(first[subject, key])
        and not item.apart
    ]
    if not counting:
        return {}
    newest = max(counting, key=lambda item: item.published_on or date.min)
    return {
        "newest": newest.published_on,
        "newest_title": newest.title,
        "newest_url": newest.url,
        "date_text": newest.date_text,
        "date_source": newest.date_source,
    }


def append_letters(session: Session, visit_id: int, seen: Sighting) -> None:
    """Append the letters that changed since the last sighting by the same way, and the open ones.

    An open letter is written at every sighting, because it is held against nobody longer than it
    was seen; one that was answered or declined has nothing more to wait for.
    """
    if not seen.letters:
        return
    last = _last_letters(session, seen)
    rows = []
    for letter in seen.letters:
        told = replace(letter, title="")
        if last.get(letter.ref) != told or not (is_answered(letter) or is_declined(letter)):
            rows.append(_letter_values(letter, visit_id, seen))
            last[letter.ref] = told
    append(session.connection(), LetterRow, rows)


def _last_letters(session: Session, seen: Sighting) -> dict[str, Letter]:
    """These letters as they were last seen by the way of this sighting, by their numbers."""
    found: dict[str, Letter] = {}
    for chunk in chunks([letter.ref for letter in seen.letters]):
        latest = (
            select(func.max(LetterRow.id))
            .where(
                LetterRow.mailbox == seen.subject,
                LetterRow.method == seen.method,
                col(LetterRow.ref).in_(chunk),
            )
            .group_by(col(LetterRow.ref))
        )
        for row in plain_rows(session, LetterRow, col(LetterRow.id).in_(latest)):
            found[row.ref] = letter_of(row)
    return found


def _letter_values(letter: Letter, visit_id: int, seen: Sighting) -> Values:
    return {
        "mailbox": seen.subject,
        "ref": letter.ref,
        "seen_at": seen.observed_at,
        "visit_id": visit_id,
        "url": letter.url,
        "title_sha256": hashlib.sha256(letter.title.encode()).hexdigest(),
        "received_on": letter.received_on,
        "accepted_on": letter.accepted_on,
        "replied_on": letter.replied_on,
        "unit": letter.unit,
        "status": letter.status,
        "answered": letter.answered,
        "method": str(seen.method),
        "shown_to": seen.shown_to,
        "category": letter.category,
        "extended_to": letter.extended_to,
        "extension": letter.extension,
    }
