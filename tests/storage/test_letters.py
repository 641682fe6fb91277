"""Letters as they stood at an instant: an open one is written down at every look."""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from checks.facts import Letter, LetterState, Method, Outcome
from storage.ledger import Ledger
from storage.ledger.storable import LONGEST_NUMBER
from storage.tables import LetterRow
from tests.storage.make import DAY, HOUR, MAILBOX, MORNING, letter, look

RECEIVED = date(2026, 11, 16)
OPEN = letter("A1", RECEIVED, status="办理中", unit="教育局")
ANSWERED = letter("A1", RECEIVED, replied_on=date(2026, 11, 20), status="已办结", unit="教育局")
BY_WORD = letter("A1", RECEIVED, status="已办结")
SHOWN = letter("A1", RECEIVED, answered=True)


def sight(ledger: Ledger, at: datetime, *letters: Letter, mailbox: str = MAILBOX) -> int:
    return look(ledger, at, Outcome.OK, subject=mailbox, letters=letters)


def states(ledger: Ledger, at: datetime, mailbox: str = MAILBOX) -> list[LetterState]:
    return ledger.letters(at).get(mailbox, [])


def sightings(ledger: Ledger) -> list[tuple[str, datetime]]:
    with ledger.reading() as session:
        statement = select(LetterRow.ref, LetterRow.seen_at).order_by(col(LetterRow.id))
        return list(session.exec(statement).all())


def kept(found: Letter) -> Letter:
    """What the ledger keeps of a letter: its words are not ours to keep."""
    return Letter(
        found.ref,
        "",
        found.url,
        found.received_on,
        found.accepted_on,
        found.replied_on,
        found.unit,
        found.status,
        found.answered,
    )


def test_an_open_letter_is_written_down_at_every_look(ledger: Ledger) -> None:
    for days in range(4):
        sight(ledger, MORNING + days * DAY, OPEN)
    assert sightings(ledger) == [("A1", MORNING + days * DAY) for days in range(4)]
    assert states(ledger, MORNING + 9 * DAY) == [
        LetterState(MAILBOX, kept(OPEN), MORNING, MORNING + 3 * DAY)
    ]


@pytest.mark.parametrize("answered", [ANSWERED, BY_WORD, SHOWN])
def test_an_answered_letter_is_written_down_once(answered: Letter, ledger: Ledger) -> None:
    sight(ledger, MORNING, OPEN)
    for days in range(1, 4):
        sight(ledger, MORNING + days * DAY, answered)
    assert sightings(ledger) == [("A1", MORNING), ("A1", MORNING + DAY)]
    assert states(ledger, MORNING + 9 * DAY) == [
        LetterState(MAILBOX, kept(answered), MORNING, MORNING + DAY)
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"replied_on": date(2026, 11, 21)},
        {"received_on": date(2026, 11, 15)},
        {"accepted_on": date(2026, 11, 17)},
        {"unit": "卫健委"},
        {"status": "已回复"},
        {"answered": True},
        {"url": "https://www.example.cn/moved"},
    ],
)
def test_an_answered_letter_that_changed_is_written_down_again(
    other: dict[str, Any], ledger: Ledger
) -> None:
    sight(ledger, MORNING, ANSWERED)
    now_said = letter("A1", **{**{n: getattr(ANSWERED, n) for n in FIELDS}, **other})
    sight(ledger, MORNING + DAY, now_said)
    sight(ledger, MORNING + 2 * DAY, now_said)
    assert sightings(ledger) == [("A1", MORNING), ("A1", MORNING + DAY)]
    assert states(ledger, MORNING)[0].letter == kept(ANSWERED)
    assert states(ledger, MORNING + DAY)[0].letter == kept(now_said)


FIELDS = ("url", "received_on", "accepted_on", "replied_on", "unit", "status", "answered")


def test_another_title_alone_is_no_change(ledger: Ledger) -> None:
    sight(ledger, MORNING, ANSWERED)
    same = {name: getattr(ANSWERED, name) for name in FIELDS}
    sight(ledger, MORNING + DAY, letter("A1", **same, title="改了标题"))
    assert len(sightings(ledger)) == 1


def test_a_letter_that_is_open_again_is_written_down(ledger: Ledger) -> None:
    for days, said in enumerate((OPEN, ANSWERED, OPEN)):
        sight(ledger, MORNING + days * DAY, said)
    assert [states(ledger, MORNING + n * DAY)[0].letter for n in range(3)] == [
        kept(OPEN),
        kept(ANSWERED),
        kept(OPEN),
    ]


def test_the_past_does_not_know_of_a_later_answer(ledger: Ledger) -> None:
    sight(ledger, MORNING, OPEN)
    before = ledger.letters(MORNING + HOUR)
    sight(ledger, MORNING + DAY, ANSWERED, letter("B2", RECEIVED))
    assert ledger.letters(MORNING + HOUR) == before
    assert ledger.letters(MORNING - HOUR) == {}
    assert [state.letter.ref for state in states(ledger, MORNING + DAY)] == ["A1", "B2"]


@pytest.mark.parametrize("shown", [True, False, None])
def test_whether_the_page_shows_an_answer_is_kept(shown: bool | None, ledger: Ledger) -> None:
    sight(ledger, MORNING, letter("A1", RECEIVED, answered=shown))
    assert states(ledger, MORNING)[0].letter.answered is shown


def test_a_letter_that_left_the_list_stays_as_last_seen(ledger: Ledger) -> None:
    sight(ledger, MORNING, OPEN)
    sight(ledger, MORNING + DAY)
    look(ledger, MORNING + 2 * DAY, Outcome.BLOCKED, subject=MAILBOX)
    (state,) = states(ledger, MORNING + 3 * DAY)
    assert (state.letter, state.seen_at) == (kept(OPEN), MORNING)


def test_one_number_in_two_mailboxes_is_two_letters(ledger: Ledger) -> None:
    sight(ledger, MORNING, OPEN)
    sight(ledger, MORNING, ANSWERED, mailbox="mailbox:other")
    assert states(ledger, MORNING)[0].letter == kept(OPEN)
    assert states(ledger, MORNING, "mailbox:other")[0].letter == kept(ANSWERED)


def test_letters_stand_in_order_of_receipt(ledger: Ledger) -> None:
    days = {"C": RECEIVED, "A": RECEIVED - DAY, "B": RECEIVED, "D": None}
    sight(ledger, MORNING, *(letter(ref, on) for ref, on in days.items()))
    assert [state.letter.ref for state in states(ledger, MORNING)] == ["D", "A", "B", "C"]


def test_a_letters_words_are_kept_only_as_a_hash(ledger: Ledger) -> None:
    sight(ledger, MORNING, letter("A1", RECEIVED, title="某人反映的事情\ud800"))
    with ledger.reading() as session:
        row = session.exec(select(LetterRow)).one()
    assert "某人" not in repr(row)
    assert len(row.title_sha256) == 64
    assert states(ledger, MORNING)[0].letter.title == ""


def test_a_mailbox_visit_counts_its_letters(ledger: Ledger) -> None:
    sight(ledger, MORNING, OPEN, letter("B2", RECEIVED))
    visit = ledger.histories([MAILBOX], MORNING)[MAILBOX].last
    assert visit is not None
    assert (visit.item_count, visit.newest) == (2, None)


DECLINED = letter("A1", RECEIVED, status="不予受理")


def test_a_declined_letter_is_written_down_once(ledger: Ledger) -> None:
    for days in range(6):
        sight(ledger, MORNING + days * DAY, DECLINED)
    assert sightings(ledger) == [("A1", MORNING)]


def test_of_what_an_export_holds_six_times_an_answered_letter_is_written_down_once(
    ledger: Ledger,
) -> None:
    sight(ledger, MORNING - DAY, ANSWERED)
    for days in range(6):
        at = MORNING + days * DAY
        letters = (ANSWERED, letter("B2", RECEIVED, status="办理中"))
        day = at.date()
        look(
            ledger,
            at,
            subject=MAILBOX,
            letters=letters,
            method=Method.EXPORT,
            by="经办人",
            shown_to=day,
        )
    assert sightings(ledger) == [
        ("A1", MORNING - DAY),
        ("A1", MORNING),
        *(("B2", MORNING + days * DAY) for days in range(6)),
    ]
    assert [(each.letter.ref, each.method) for each in states(ledger, MORNING + 9 * DAY)] == [
        ("A1", Method.CRAWL),
        ("A1", Method.EXPORT),
        ("B2", Method.EXPORT),
    ]


def test_a_number_twice_in_one_sighting_is_compared_with_its_first_row(ledger: Ledger) -> None:
    sight(ledger, MORNING, ANSWERED, ANSWERED, OPEN)
    assert sightings(ledger) == [("A1", MORNING), ("A1", MORNING)]
    assert states(ledger, MORNING)[0].letter == kept(OPEN)


def test_what_is_entered_of_one_letter_is_no_word_on_its_mailbox(ledger: Ledger) -> None:
    look(ledger, MORNING, subject=MAILBOX, letters=(OPEN,))
    look(ledger, MORNING + HOUR, subject=MAILBOX, letters=(OPEN,), method=Method.EXPORT)
    look(ledger, MORNING + 2 * HOUR, subject=MAILBOX, letters=(OPEN,), method=Method.MANUAL)
    known = ledger.histories([MAILBOX], MORNING + DAY)[MAILBOX]
    assert known.last is not None
    assert known.last == known.good
    assert known.word is not None
    assert (known.last.observed_at, known.word.observed_at) == (MORNING, MORNING + HOUR)
    assert ledger.histories([MAILBOX], MORNING)[MAILBOX].word is None


def test_a_mailbox_of_which_only_an_entry_is_known_has_no_history(ledger: Ledger) -> None:
    look(ledger, MORNING, subject=MAILBOX, letters=(OPEN,), method=Method.MANUAL)
    assert ledger.histories([MAILBOX], MORNING) == {}


def test_letters_at_several_instants_are_those_at_each_and_the_same_objects(
    ledger: Ledger,
) -> None:
    waiting = letter("B1", RECEIVED, status="办理中")
    sight(ledger, MORNING, OPEN, waiting)
    sight(ledger, MORNING + DAY, ANSWERED, waiting)
    sight(ledger, MORNING + 2 * DAY, ANSWERED, waiting, letter("C1", RECEIVED))
    instants = [MORNING - DAY, MORNING, MORNING + DAY, MORNING + 2 * DAY, MORNING + 3 * DAY]
    together = ledger.letters_at(instants)
    assert together == [ledger.letters(at) for at in instants]
    assert [len(found.get(MAILBOX, [])) for found in together] == [0, 2, 2, 3, 3]
    assert together[2][MAILBOX][0] is together[4][MAILBOX][0]


def test_a_sighting_written_late_does_not_take_the_place_of_a_later_one(ledger: Ledger) -> None:
    sight(ledger, MORNING + 2 * DAY, ANSWERED)
    sight(ledger, MORNING, OPEN)
    instants = [MORNING, MORNING + 3 * DAY]
    assert ledger.letters_at(instants) == [ledger.letters(at) for at in instants]


def test_a_number_without_end_costs_no_look(ledger: Ledger) -> None:
    """No index of PostgreSQL takes it; letters are still told apart, and known again."""
    numbers = [random.Random(seed).randbytes(5000).hex() for seed in (1, 2)]
    for hours in (0, 1):
        sight(ledger, MORNING + hours * HOUR, *map(letter, numbers))
    held = states(ledger, MORNING + DAY)
    assert [state.first_seen_at for state in held] == [MORNING] * 2
    assert {len(state.letter.ref) for state in held} == {LONGEST_NUMBER}
