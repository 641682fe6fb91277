"""What is kept of a look at a mailbox: its evidence masked before it is stored, and marked so.

The hash chain covers the bytes that are kept. The mark in each record's headers, and one record a
visit that lies in the chain itself, name the SHA-256 of the bytes as received.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, replace

from checks.facts import Letter
from checks.freshness import local_day
from checks.marks import without_numbers
from checks.subjects import SubjectKind
from crawler.readers.page import Page
from crawler.readers.private.addresses import without_persons
from crawler.readers.private.page import kept_of
from crawler.readers.private.words import KIND_WORDS, Kind
from storage.evidence import Capture
from storage.ledger import Note, Noticed, Sighting

MARK = "x-xunjian-masked"
_JSON = "application/json; charset=utf-8"
_MAILBOX = f"{SubjectKind.MAILBOX}:"


def masked_sighting(seen: Sighting) -> Sighting:
    """The look as it may be kept: of a mailbox, without what its answers say of persons."""
    if not seen.subject.startswith(_MAILBOX):
        return seen
    desk = _Desk()
    captures = tuple(map(desk.kept, seen.captures))
    notes = tuple(map(desk.note, seen.notes))
    letters = tuple(map(_kept_letter, seen.letters))
    said = "；".join(filter(None, (seen.note, desk.words())))
    captures += desk.record(seen)
    return replace(seen, captures=captures, notes=notes, letters=letters, note=said or None)


def _kept_letter(letter: Letter) -> Letter:
    """The letter as the ledger has it: its number and times as they are."""
    return replace(
        letter,
        url=without_persons(letter.url) if letter.url else None,
        unit=without_numbers(letter.unit) if letter.unit else letter.unit,
        status=without_numbers(letter.status) if letter.status else letter.status,
    )


def masked_notes(noticed: Noticed) -> Noticed:
    """The same for what was noticed of a mailbox outside a visit."""
    if not noticed.subject.startswith(_MAILBOX):
        return noticed
    return replace(noticed, notes=tuple(map(_Desk().note, noticed.notes)))


@dataclass(slots=True)
class _Desk:
    """Masks the answers of one look and remembers what was masked in which."""

    counts: Counter[Kind] = field(default_factory=Counter)
    alone: int = 0
    rows: list[dict[str, str]] = field(default_factory=list)

    def note(self, note: Note) -> Note:
        return note if note.capture is None else replace(note, capture=self.kept(note.capture))

    def kept(self, capture: Capture) -> Capture:
        """The answer as it may be kept. A mark that the server itself sent marks nothing."""
        told = {name: each for name, each in capture.headers.items() if name.lower() != MARK}
        url = without_persons(capture.url)
        kept = kept_of(_page(capture))
        if kept is None:
            return replace(capture, url=url, headers=told)
        self.counts.update(kept.counts)
        self.alone += not kept.whole
        received = hashlib.sha256(capture.body).hexdigest()
        counts = " ".join(f"{kind}={kept.counts[kind]}" for kind in Kind)
        mark = f"{'' if kept.whole else 'letters-only; '}{counts}; sha256={received}"
        stored = hashlib.sha256(kept.body).hexdigest()
        self.rows.append({"url": url, "received": received, "kept": stored, "masked": counts})
        headers = told if kept.whole else {**told, "content-type": _JSON}
        return replace(capture, url=url, headers={**headers, MARK: mark}, body=kept.body)

    def words(self) -> str:
        """What was masked, for the person who reads the visit."""
        told = [f"{KIND_WORDS[kind]}{n}处" for kind in Kind if (n := self.counts[kind])]
        parts = [f"证据存储前已遮盖{'、'.join(told)}"] if told else []
        if self.alone:
            parts.append(f"{self.alone}个页面只存读出的信件要素，未存原页面")
        return "；".join(parts)

    def record(self, seen: Sighting) -> tuple[Capture, ...]:
        """The record that says, in the chain, what was received where something else is kept."""
        if not self.rows:
            return ()
        body = json.dumps({"masked": self.rows}, ensure_ascii=False, indent=1).encode()
        url = f"urn:xunjian:masked:{seen.subject}"
        return (Capture(url, seen.observed_at, 200, {"Content-Type": _JSON}, body),)


def _page(capture: Capture) -> Page:
    kind = next((v for k, v in capture.headers.items() if k.lower() == "content-type"), "")
    return Page(capture.url, capture.body, local_day(capture.at), capture.status, kind)
