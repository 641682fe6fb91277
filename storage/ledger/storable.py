"""What a visit saw, as it may be kept: legible, and with no number of a person in full."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from checks.facts import Item, Letter
from checks.marks import without_numbers
from storage.ledger.rows import Sighting
from storage.legible import NO_TEXT, legible

LONGEST_NUMBER = 200  # of a letter


def storable(seen: Sighting) -> Sighting:
    """What a visit saw, as it may be kept: titles and its note hold no identity-card or mobile
    number in full.

    What the page itself said is in the evidence.
    """
    seen = legible(seen)
    return replace(
        seen,
        items=_storable_items(seen.items),
        letters=tuple(_with_short_number(legible(letter)) for letter in seen.letters),
        note=without_numbers(seen.note) if seen.note else seen.note,
        captures=tuple(map(legible, seen.captures)),
    )


def _storable_items(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Of few lists a row has to be changed, which one look at all their texts shows."""
    titles = "\n".join([item.title for item in items])
    others = "".join([f"{item.url}{item.date_text}" for item in items])
    if NO_TEXT.search(titles + others) is None and without_numbers(titles) is titles:
        return items
    return tuple(map(_storable_item, items))


def _storable_item(item: Item) -> Item:
    item = legible(item)
    title = without_numbers(item.title)
    return item if title is item.title else replace(item, title=title)


def _with_short_number(letter: Letter) -> Letter:
    """A number is part of an index, and PostgreSQL takes 2,704 bytes of one: a page that says more
    must not cost the visit."""
    if len(letter.ref) <= LONGEST_NUMBER:
        return letter
    digest = hashlib.sha256(letter.ref.encode()).hexdigest()
    return replace(letter, ref=letter.ref[: LONGEST_NUMBER - len(digest)] + digest)
