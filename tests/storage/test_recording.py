"""Many visits in one transaction are what they would be one by one, on either database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from checks.facts import DateSource, Outcome
from storage.ledger import Known, Ledger, Note, Noticed, Sighting
from storage.ledger.base import plain_rows
from storage.ledger.rows import digest
from storage.tables import EvidenceRow, ItemRow, LetterRow, ObservationRow, VisitRow
from tests.storage.make import (
    COLUMN,
    DAY,
    HOUR,
    MAILBOX,
    MORNING,
    capture,
    item,
    letter,
    look,
    open_ledger,
)

URL = "https://www.example.cn/news/"
OTHER = "column:other"
TODAY = date(2026, 11, 20)
ROWS = [item(f"第{n}条", TODAY - n * DAY) for n in range(4)]
TABLES = (VisitRow, ItemRow, LetterRow, ObservationRow, EvidenceRow)
# Where the bytes lie, and what hangs on it: different each time.
PLACES = {"warc", "offset", "record_id", "run_id"}


def page(name: str) -> Any:
    return capture(URL, name.encode())


def looks(before: int) -> list[Sighting | Noticed]:
    """What a run may bring: new rows and known ones, twice of one column, letters, notes."""
    known = Known(before, URL, '"v0"', None)
    noted = Note("page", URL, Outcome.OK, {"n": 1}, of="site:portal", capture=page("noted"))
    open_letter, answered = letter("A", TODAY - DAY), letter("B", TODAY, replied_on=TODAY)
    fine, mailbox = Outcome.OK, MAILBOX
    later = item("预告", TODAY + 9 * DAY)
    own = Note("list", "", Outcome.OK, {"rows": 2})
    return [
        Sighting(COLUMN, MORNING, fine, URL, items=(ROWS[1], later), captures=(page("a"),)),
        Sighting(OTHER, MORNING, fine, URL, items=tuple(ROWS), captures=(page("b"), page("c"))),
        Sighting(COLUMN, MORNING + HOUR, fine, URL, items=(ROWS[0], ROWS[1]), notes=(own, noted)),
        Noticed("site:portal", MORNING, (noted, Note("links", URL, Outcome.GONE))),
        Sighting("column:same", MORNING, fine, URL, status=304, unchanged=known),
        Sighting(mailbox, MORNING, fine, letters=(open_letter, answered), captures=(page("d"),)),
        Sighting(mailbox, MORNING + HOUR, fine, letters=(open_letter, answered)),
        Sighting("column:bad", MORNING, Outcome.BLOCKED, URL, note="电话13812345678"),
    ]


def rows(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    found = {}
    with ledger.reading() as session:
        for table in TABLES:
            names = [each.key for each in inspect(table).columns if each.key not in PLACES]
            key = inspect(table).columns["id"]
            read = plain_rows(session, table, order_by=[key])
            found[table.__name__] = [{name: getattr(row, name) for name in names} for row in read]
    return found


def before(ledger: Ledger) -> list[Sighting | Noticed]:
    seen = look(ledger, MORNING - DAY, Outcome.OK, ROWS[3], subject="column:same", url=URL)
    look(ledger, MORNING - DAY, Outcome.OK, *ROWS[2:], subject=OTHER, url=URL)
    return looks(seen)


def test_a_batch_leaves_the_rows_that_one_by_one_would_leave(
    ledger: Ledger, tmp_path: Path
) -> None:
    run, batch = ledger.start_run(8, MORNING), before(ledger)
    numbers = ledger.record_all(run, batch)
    (tmp_path / "singly").mkdir()
    singly = open_ledger(tmp_path / "singly")
    run, batch = singly.start_run(8, MORNING), before(singly)
    expected = [singly.record_all(run, [each])[0] for each in batch]
    assert rows(ledger) == rows(singly)
    assert numbers == expected == [3, 4, 5, None, 6, 7, 8, 9]
    assert list(ledger.evidence.check(ledger.evidence_links())) == []
    singly.close()


def test_what_each_visit_of_a_batch_rests_on_is_its_own(ledger: Ledger) -> None:
    run, batch = ledger.start_run(8, MORNING), before(ledger)
    numbers = ledger.record_all(run, batch)
    bodies = [
        [ledger.evidence.capture(link).body for link in ledger.evidence_of(number)]
        for number in numbers
        if number is not None
    ]
    assert bodies == [[b"a"], [b"b", b"c"], [], [], [b"d"], [], []]
    chain = [ledger.evidence.capture(link).body for link in ledger.evidence_links()]
    assert chain == [b"a", b"b", b"c", b"noted", b"noted", b"d"]


def test_of_two_looks_in_one_batch_the_first_is_when_a_row_was_first_seen(ledger: Ledger) -> None:
    ledger.record_all(ledger.start_run(8, MORNING), before(ledger))
    seen = {each.item.title: each.first_seen for each in ledger.items(COLUMN)}
    assert seen == {"预告": MORNING, "第1条": MORNING, "第0条": MORNING + HOUR}
    found = ledger.histories([COLUMN, OTHER], MORNING + DAY)
    first = ledger.histories([COLUMN], MORNING)[COLUMN].last
    assert first is not None
    assert first.newest == TODAY - DAY
    assert [each.last.newest for each in found.values() if each.last] == [TODAY, TODAY]


def test_of_a_batch_that_cannot_be_kept_nothing_is(ledger: Ledger) -> None:
    run, fine = ledger.start_run(2, MORNING), Outcome.OK
    good = Sighting(COLUMN, MORNING, fine, items=tuple(ROWS), captures=(page("a"),))
    bad = Sighting(OTHER, MORNING, fine, total=10**40, captures=(page("b"),))
    with pytest.raises(Exception, match=r"too large|out of range"):
        ledger.record_all(run, [good, bad])
    assert {name: len(kept) for name, kept in rows(ledger).items()} == dict.fromkeys(
        (table.__name__ for table in TABLES), 0
    )
    number = ledger.record(run, good)
    assert [ledger.evidence.capture(link).body for link in ledger.evidence_of(number)] == [b"a"]
    assert list(ledger.evidence.check(ledger.evidence_links())) == []


def test_numbers_taken_beforehand_leave_room_for_those_that_are_not(ledger: Ledger) -> None:
    ledger.record_all(ledger.start_run(8, MORNING), before(ledger))
    with ledger.writing() as session:
        row = VisitRow(run_id=1, subject=COLUMN, observed_at=MORNING, outcome="ok")
        session.add(row)
        session.flush()
        assert row.id == 10
    assert ledger.record(1, Sighting(COLUMN, MORNING + DAY, Outcome.OK)) == 11


def test_a_note_that_still_holds_is_said_again_with_the_page_it_was_read_from(
    ledger: Ledger,
) -> None:
    run, fine = ledger.start_run(3, MORNING), Outcome.OK
    notes = (Note("list", "", fine, {"rows": 4}), Note("page", URL, fine, {"n": 1}))
    number = ledger.record(
        run,
        Sighting(
            COLUMN,
            MORNING,
            fine,
            URL,
            items=tuple(ROWS),
            captures=(page("a"),),
            notes=notes,
            page_key="k1",
        ),
    )
    newest = digest(ROWS[0])
    known = Known(number, URL, None, None, "k1", newest=newest)
    assert ledger.known([COLUMN], MORNING + HOUR) == {COLUMN: known}
    for days in (1, 2):
        known = ledger.known([COLUMN], MORNING + 9 * DAY)[COLUMN]
        at = MORNING + days * DAY
        same = Sighting(COLUMN, at, fine, URL, 200, etag=f'"v{days}"', unchanged=known)
        number = ledger.record(run, replace(same, repeats=("list",)))
    read = ledger.observed(MORNING + 3 * DAY, [COLUMN])[COLUMN]
    assert [(each.family, each.at, each.facts) for each in read] == [
        ("list", MORNING + 2 * DAY, {"rows": 4}),
        ("page", MORNING, {"n": 1}),
    ]
    assert len({each.evidence for each in read}) == 1
    visit = ledger.histories([COLUMN], MORNING + 3 * DAY)[COLUMN].last
    assert visit is not None
    assert (visit.id, visit.newest, visit.item_count) == (number, TODAY, 4)
    assert visit.evidence == read[0].evidence
    known = ledger.known([COLUMN], MORNING + 9 * DAY)[COLUMN]
    assert known == Known(number, URL, '"v2"', None, "k1", newest=newest)
    with ledger.reading() as session:
        since = session.connection().execute(text("SELECT unchanged_since FROM visit ORDER BY id"))
        assert list(since.scalars()) == [None, 1, 1]


def test_rows_seen_before_are_known_word_for_word(ledger: Ledger) -> None:
    look(ledger, MORNING, Outcome.OK, *ROWS, item("无日期", None, date_text="昨天"))
    assert ledger.seen_before(COLUMN, [ROWS[2], item("新", TODAY)])
    assert ledger.seen_before(COLUMN, [item("无日期", None, date_text="昨天")])
    assert not ledger.seen_before(COLUMN, [item("第2条", TODAY, date_source=DateSource.URL)])
    assert not ledger.seen_before(OTHER, ROWS)
    assert not ledger.seen_before(COLUMN, [])
