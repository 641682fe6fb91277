"""What nothing rests on may be given up after its term; all else stays, and the chain holds."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from checks.facts import Hand, Letter, Method, Outcome
from checks.lifecycle import Event, EventKind, Step
from checks.subjects import SubjectKind
from storage import members
from storage.ledger import Ledger, chain
from storage.ledger.chain import Portion
from storage.ledger.keeping import Terms
from storage.ledger.rows import Known
from storage.members import rewrite
from storage.tables import AssessmentRow, EntryRow, FindingRow
from tests.storage.make import (
    COLUMN,
    DAY,
    HOUR,
    MAILBOX,
    MORNING,
    VERSIONS,
    capture,
    fault,
    item,
    letter,
    look,
    open_ledger,
    register,
    write,
)

URL = "https://www.example.cn/news/"
OTHER = "column:plan"
TERMS = Terms(
    {
        SubjectKind.COLUMN: 730,
        SubjectKind.MAILBOX: 730,
        SubjectKind.SITE: 730,
        SubjectKind.ACCOUNT: 730,
    },
    others=400,
    findings=730,
)
LATE = MORNING + 731 * DAY + HOUR
PAGES = (capture(URL, b"list"), capture(URL + "1.html", b"article"))


def seen(ledger: Ledger, at: datetime, subject: str = COLUMN, **other: Any) -> int:
    """One look with its page and an article; then another, so that it is not the last."""
    pages = tuple(capture(each.url, each.body, at) for each in PAGES)
    return look(ledger, at, Outcome.OK, item("甲"), subject=subject, captures=pages, **other)


def due(ledger: Ledger, at: datetime = LATE, terms: Terms = TERMS) -> list[int]:
    return [each.id for each in ledger.removable(terms, at) if each.due]


def faults(ledger: Ledger) -> list[str]:
    return list(ledger.evidence.check(ledger.evidence_links()))


def place(ledger: Ledger, number: int = 1) -> str:
    link = list(ledger.evidence_links())[number - 1]
    return f"evidence/{link.warc}#{link.record_id}"


@pytest.fixture
def two_looks(ledger: Ledger) -> Ledger:
    """Four answers: an old look with its article (1, 2), and the last one (3, 4)."""
    ledger.load_inventory(register(), MORNING)
    seen(ledger, MORNING)
    seen(ledger, MORNING + 700 * DAY)
    return ledger


@pytest.mark.parametrize(
    ("days", "given_up"),
    [(399, []), (400, [2]), (729, [2]), (730, [1, 2])],
)
def test_an_article_goes_after_its_term_and_the_page_after_a_longer_one(
    days: int, given_up: list[int], ledger: Ledger
) -> None:
    seen(ledger, MORNING)
    seen(ledger, MORNING + DAY)
    assert due(ledger, MORNING + days * DAY + HOUR) == given_up


def test_of_each_subject_the_last_look_stays_for_ever(two_looks: Ledger) -> None:
    assert due(two_looks, MORNING + 9000 * DAY) == [1, 2]


def test_nothing_younger_than_a_quarter_is_given_up_whatever_the_budget(
    two_looks: Ledger,
) -> None:
    at = MORNING + 100 * DAY
    assert list(two_looks.removable(TERMS, at)) == []
    after = [(each.id, each.due) for each in two_looks.removable(TERMS, at + HOUR)]
    assert after == [(1, False), (2, False)]


def by_finding(ledger: Ledger) -> None:
    row = FindingRow(
        pack="haian",
        rule="M2",
        subject="site:elsewhere",
        opened_on=date(2020, 1, 1),
        evidence=place(ledger),
        rule_version="1",
        calendar_version="1",
    )
    with ledger.writing() as session:
        session.add(row)


def by_event(ledger: Ledger) -> None:
    finding = write(ledger, EventKind.DETECTED, MORNING - 3000 * DAY)
    event = Event(EventKind.CONFIRMED, MORNING - 3000 * DAY, "甲", "核实", place(ledger))
    with ledger.writing() as session:
        ledger.write_events(session, [(finding, event)])


def by_hand(ledger: Ledger) -> None:
    ledger.record_hand(
        Hand("site:x", "p", "r", True, None, f"见 {place(ledger)}", "甲", MORNING, None)
    )


def by_entry(ledger: Ledger) -> None:
    with ledger.writing() as session:
        session.add(
            EntryRow(
                scheme="s",
                item="i",
                unit="u",
                on=date(2026, 1, 1),
                evidence=place(ledger, 2),
                by="甲",
                at=MORNING,
            )
        )


def by_assessment(ledger: Ledger) -> None:
    with ledger.writing() as session:
        session.add(
            AssessmentRow(
                period="2026Q4",
                scheme="s",
                scheme_text="",
                cutoff=MORNING,
                body=f'{{"lines":[{{"evidence":"{place(ledger)}"}}]}}',
                sha256="",
            )
        )


@pytest.mark.parametrize("name", [by_finding, by_event, by_hand, by_entry, by_assessment])
def test_what_a_record_names_stays_with_all_that_the_same_look_brought(
    name: Callable[[Ledger], None], two_looks: Ledger
) -> None:
    assert due(two_looks) == [1, 2]
    name(two_looks)
    assert due(two_looks, MORNING + 9000 * DAY) == []


@pytest.mark.parametrize(
    ("closed_after", "given_up"),
    [(None, []), (20, []), (0, [1, 2])],
    ids=["open", "closed within the term", "closed before the term"],
)
def test_all_of_a_subject_stays_while_a_finding_is_open_or_its_term_runs(
    closed_after: int | None, given_up: list[int], two_looks: Ledger
) -> None:
    # Found on 20 November, on what was seen in the forty days before and ever since.
    finding = write(two_looks, EventKind.DETECTED, MORNING)
    if closed_after is not None:
        event = Event(EventKind.CLOSED, MORNING + closed_after * DAY, "甲", "")
        with two_looks.writing() as session:
            two_looks.write_events(session, [(finding, event)])
    assert due(two_looks, MORNING + 740 * DAY) == given_up


def test_what_was_seen_of_a_subject_since_its_open_finding_last_changed_stays(
    two_looks: Ledger,
) -> None:
    finding = write(two_looks, EventKind.DETECTED, MORNING)
    seen(two_looks, MORNING + 1500 * DAY)
    at = MORNING + 1501 * DAY
    assert due(two_looks, at) == []
    with two_looks.writing() as session:
        closed = Event(EventKind.CLOSED, MORNING + 20 * DAY, "甲", "")
        two_looks.write_events(session, [(finding, closed)])
    assert due(two_looks, at) == [1, 2, 3, 4]


def test_a_finding_of_a_site_holds_what_was_seen_of_all_that_is_on_it(two_looks: Ledger) -> None:
    step = Step(EventKind.DETECTED, "", None, fault("site:portal"))
    with two_looks.writing() as session:
        two_looks.write_steps(session, [step], VERSIONS, MORNING)
    assert due(two_looks) == []


@pytest.mark.parametrize(
    ("last", "given_up"),
    [
        (Letter("L1", "", None, date(2026, 11, 1)), []),
        (Letter("L1", "", None, date(2026, 11, 1), replied_on=date(2026, 11, 21)), [1, 2]),
    ],
    ids=["waiting", "answered"],
)
def test_the_looks_that_show_an_open_letter_stay(
    last: Letter, given_up: list[int], ledger: Ledger
) -> None:
    def shown(at: datetime, *letters: Letter) -> None:
        page = (capture("https://www.example.cn/mayor/", b"letters", at),)
        look(ledger, at, subject=MAILBOX, letters=letters, captures=page)

    ledger.load_inventory(register(), MORNING)
    shown(MORNING, letter("L1", date(2026, 11, 1), title="", url=None))
    shown(MORNING + DAY, last)
    shown(MORNING + 700 * DAY)
    assert due(ledger, LATE + DAY) == given_up


def test_a_page_that_the_server_said_was_unchanged_is_as_old_as_that_answer(
    two_looks: Ledger,
) -> None:
    known = Known(1, URL, None, None)
    assert due(two_looks) == [1, 2]
    look(two_looks, MORNING + 300 * DAY, unchanged=known)
    seen(two_looks, MORNING + 701 * DAY)
    assert due(two_looks, MORNING + 700 * DAY) == []
    assert due(two_looks, MORNING + 700 * DAY + HOUR) == [2]
    assert due(two_looks, MORNING + 1030 * DAY + HOUR) == [1, 2]


def test_what_persons_brought_stays(two_looks: Ledger) -> None:
    for n in range(2):
        page = (capture(f"urn:xunjian:letters:{n}", b"rows", MORNING),)
        look(
            two_looks,
            MORNING + n * HOUR,
            subject=MAILBOX,
            captures=page,
            method=Method.EXPORT,
            by="甲",
        )
    assert due(two_looks) == [1, 2]


def test_given_up_bytes_are_gone_the_rest_reads_as_before_and_the_chain_holds(
    ledger: Ledger, tmp_path: Path
) -> None:
    run = ledger.start_run(1, MORNING)
    for number, subject in enumerate((COLUMN, OTHER, COLUMN, "site:portal")):
        seen(ledger, MORNING + number * HOUR, subject, run=run)
    seen(ledger, MORNING + 700 * DAY)
    file = next((tmp_path / "evidence").rglob("run-000001-*.warc.gz"))
    held = {link.id: ledger.evidence.capture(link) for link in ledger.evidence_links()}
    before = {link.id: link for link in ledger.evidence_links()}
    size = file.stat().st_size

    # Of the other column and of the site these are the last looks.
    gone = due(ledger)
    assert gone == [1, 2, 5, 6]
    ledger.give_up(gone, LATE, "保留期限已满")
    assert faults(ledger) == []
    assert ledger.removals() == (4, 4)
    assert list(ledger.erase(LATE)) == [(before[1].warc, None)]
    assert ledger.removals() == (4, 0)

    assert file.stat().st_size < size * 0.6
    assert faults(ledger) == []
    for link in ledger.evidence_links():
        if link.id in gone:
            with pytest.raises(ValueError, match=r"已于 2028-11-2\d 按保留期限删除"):
                ledger.evidence.capture(link)
        else:
            assert ledger.evidence.capture(link) == held[link.id]
            # A reader that asked for its place before finds it as well.
            assert ledger.evidence.capture(before[link.id]) == held[link.id]
            assert place(ledger, link.id) == f"evidence/{link.warc}#{before[link.id].record_id}"
    assert due(ledger) == []
    # Whoever alters what is left, or the row of what is gone, is still found out.
    file.write_bytes(file.read_bytes()[:-20])
    assert faults(ledger)


def test_a_file_in_which_nothing_stays_is_removed(two_looks: Ledger, tmp_path: Path) -> None:
    two_looks.give_up(due(two_looks), LATE, "")
    files = list((tmp_path / "evidence").rglob("*.warc.gz"))
    assert [fault for _, fault in two_looks.erase(LATE)] == [None]
    assert len(list((tmp_path / "evidence").rglob("*.warc.gz"))) == len(files) - 1
    assert faults(two_looks) == []


def test_a_file_with_a_damaged_record_that_must_stay_is_left_as_it_is_and_told(
    ledger: Ledger, tmp_path: Path
) -> None:
    run = ledger.start_run(1, MORNING)
    seen(ledger, MORNING, COLUMN, run=run)
    seen(ledger, MORNING, OTHER, run=run)
    seen(ledger, MORNING + 700 * DAY)
    (file,) = (tmp_path / "evidence").rglob("run-000001-*.warc.gz")
    whole = file.read_bytes()[:-15]
    file.write_bytes(whole)
    ledger.give_up(due(ledger), LATE, "")
    ((_, told),) = ledger.erase(LATE)
    assert told is not None
    assert "无法读取" in told
    assert file.read_bytes() == whole
    assert ledger.removals() == (2, 2)
    assert list(file.parent.glob(".*")) == []


PLACES = {
    "before anything": lambda die: setattr(Ledger, "_erase", lambda *_: die()),
    "while the new file is written": lambda die: setattr(os, "fsync", lambda *_: die()),
    "before the new file takes its place": lambda die: setattr(Path, "replace", lambda *_: die()),
    "before the rows say where the rest lies": lambda die: setattr(
        members, "_settle", lambda *_: die()
    ),
}


@pytest.mark.parametrize("when", PLACES)
def test_a_kill_at_any_instant_leaves_the_old_file_or_the_new_and_all_that_stays(
    when: str, ledger: Ledger, tmp_path: Path
) -> None:
    run = ledger.start_run(1, MORNING)
    for subject in (COLUMN, OTHER):
        seen(ledger, MORNING, subject, run=run)
    seen(ledger, MORNING + 700 * DAY)
    held = {link.id: ledger.evidence.capture(link) for link in ledger.evidence_links()}
    gone = due(ledger)
    assert gone == [1, 2]
    ledger.close()

    child = os.fork()
    if child == 0:
        mine = open_ledger(tmp_path)
        mine.give_up(gone, LATE, "")
        PLACES[when](lambda: os.kill(os.getpid(), signal.SIGKILL))
        list(mine.erase(LATE))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL

    for finished in (False, True):
        assert faults(ledger) == []
        for link in ledger.evidence_links():
            if link.id not in gone:
                assert ledger.evidence.capture(link) == held[link.id]
        assert ledger.removals() == (2, 0 if finished else 2)
        if not finished:
            assert [fault for _, fault in ledger.erase(LATE)] == [None]
    assert list((tmp_path / "evidence").rglob(".*")) == []


def test_a_record_that_is_not_there_stops_the_rewriting(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"")
    with pytest.raises(ValueError, match="urn:uuid:1 无法读取"):
        rewrite(tmp_path / "a.warc.gz", [(0, "urn:uuid:1")])
    assert (tmp_path / "a.warc.gz").read_bytes() == b""


def test_a_chain_is_walked_in_portions_that_together_are_all_of_it(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "BLOCK", 4)
    for n in range(23):
        look(ledger, MORNING + n * HOUR, captures=(capture(URL, b"%d" % n, MORNING),))

    def walked(portion: Portion) -> list[int]:
        blocks = list(ledger.evidence_blocks(portion))
        for previous, links in blocks:
            assert list(ledger.evidence.check(links, previous)) == []
        return [link.id for _, links in blocks for link in links]

    parts = [walked(Portion(n, 5)) for n in range(5)]
    assert sorted(number for part in parts for number in part) == list(range(1, 24))
    assert parts[1] == [4, 5, 6, 7]
    # What comes later moves nothing from one portion to another.
    for n in range(9):
        look(ledger, MORNING + n * HOUR, captures=(capture(URL, b"%d" % n, MORNING),))
    assert [walked(Portion(n, 5))[: len(part)] for n, part in enumerate(parts)] == parts
