"""Readings as the JSON that `xunjian read` promises."""

from __future__ import annotations

from datetime import date

from checks.facts import DateCandidate, Item, Letter
from crawler.readers.listing.reading import newest_of
from crawler.readers.page import ArticleReading, LettersReading, ListReading
from crawler.readers.weighed import Weighed, candidates_of, conflicts, why_taken


def list_json(reading: ListReading, today: date) -> dict[str, object]:
    newest = newest_of(reading.items, today)
    return {
        "items": [_item(item) for item in reading.items],
        "newest": _day(newest.published_on) if newest else None,
        "outcome": reading.outcome.value,
        "reader": reading.reader,
        "why": reading.why,
        "conflicts": conflicts(reading.items),
    }


def article_json(reading: ArticleReading) -> dict[str, object]:
    return {
        "title": reading.title,
        "date": _day(reading.published_on),
        "date_text": reading.date_text,
        "date_source": reading.date_source.value if reading.date_source else None,
        "candidates": [candidate_json(each) for each in reading.candidates],
        "source": reading.source,
        "outcome": reading.outcome.value,
        "why": reading.why,
    }


def letters_json(reading: LettersReading) -> dict[str, object]:
    return {
        "letters": [_letter(letter) for letter in reading.letters],
        "outcome": reading.outcome.value,
        "reader": reading.reader,
        "why": reading.why,
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "title": item.title,
        "url": item.url,
        "date": _day(item.published_on),
        "date_text": item.date_text,
        "date_source": item.date_source.value if item.date_source else None,
        "candidates": [candidate_json(each) for each in candidates_of(item)],
        "why": why_taken(item),
    }


def candidate_json(found: DateCandidate | Weighed) -> dict[str, object]:
    """One date that was weighed, in the contract's words."""
    return {
        "date": _day(found.on),
        "date_text": found.text,
        "date_source": found.source.value if found.source else None,
        "rule": found.rule,
    }


def _letter(letter: Letter) -> dict[str, object]:
    return {
        "ref": letter.ref,
        "title": letter.title,
        "url": letter.url,
        "received": _day(letter.received_on),
        "accepted": _day(letter.accepted_on),
        "replied": _day(letter.replied_on),
        "unit": letter.unit,
        "status": letter.status,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
