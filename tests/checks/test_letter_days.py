"""The days of a letter's deadline, written out: the last of them is the day it is judged by."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from checks.facts import Letter
from checks.letter_clock import Clock
from checks.letter_days import CountedDay, DayKind, LetterDays, letter_days
from checks.rules import pack_texts, read_law
from tests.checks.make import CALENDAR, LAW, day, letter, letter_of, mailbox

(RULE,) = (rule for rule in LAW.in_force(day("11-22")) if rule.id == "mailbox_5wd")
MONTHS = read_law(pack_texts(["cn-2019"]), CALENDAR)
(VETO,) = (rule for rule in MONTHS.in_force(day("11-22")) if rule.id == "mailbox_3m")
WORKING, MAKE_UP = DayKind.WORKING, DayKind.MAKE_UP
WEEKEND, HOLIDAY = DayKind.WEEKEND, DayKind.HOLIDAY


def days_of(read: Letter, until: str | None = None, clock: Clock | None = None) -> LetterDays:
    found = letter_days(
        clock or Clock(mailbox(), RULE, CALENDAR), read, day(until) if until else None
    )
    assert found is not None
    return found


def told(found: LetterDays) -> list[tuple[str, DayKind, int | None]]:
    return [(f"{each.on:%m-%d}", each.kind, each.number) for each in found.days]


def test_the_days_before_national_day_are_counted_over_the_holiday_and_the_make_up_saturday() -> (
    None
):
    found = days_of(letter("09-24").letter, "10-10")
    assert told(found) == [
        ("09-24", WORKING, None),
        ("09-25", HOLIDAY, None),
        ("09-26", HOLIDAY, None),
        ("09-27", HOLIDAY, None),
        ("09-28", WORKING, 1),
        ("09-29", WORKING, 2),
        ("09-30", WORKING, 3),
        *((f"10-0{n}", HOLIDAY, None) for n in range(1, 8)),
        ("10-08", WORKING, 4),
        ("10-09", WORKING, 5),
        ("10-10", MAKE_UP, 6),
    ]
    assert (found.usual.on, found.due.on, found.extended) == (day("10-09"), day("10-09"), False)


def test_a_weekend_is_not_counted_and_a_make_up_sunday_is() -> None:
    assert told(days_of(letter("09-18").letter)) == [
        ("09-18", WORKING, None),
        ("09-19", WEEKEND, None),
        ("09-20", MAKE_UP, 1),
        ("09-21", WORKING, 2),
        ("09-22", WORKING, 3),
        ("09-23", WORKING, 4),
        ("09-24", WORKING, 5),
    ]


def test_days_of_a_year_without_a_plan_say_so() -> None:
    found = days_of(letter("12-30").letter)
    assert found.due.provisional
    assert found.days[1:4] == (
        CountedDay(day("12-31"), WORKING, 1, planned=True),
        CountedDay(day("2027-01-01"), HOLIDAY, None, planned=False),
        CountedDay(day("2027-01-02"), WEEKEND, None, planned=False),
    )


def test_an_extension_keeps_the_usual_deadline_beside_its_own() -> None:
    found = days_of(letter("11-13", extended_to=day("11-25")).letter)
    assert (found.usual.on, found.due.on, found.extended) == (day("11-20"), day("11-25"), True)
    assert (found.days[-1].on, found.days[-1].number) == (day("11-25"), 8)


def test_under_months_every_day_is_counted() -> None:
    found = days_of(letter("08-31").letter, clock=Clock(mailbox(), VETO, CALENDAR))
    assert (found.days[-1].on, found.days[-1].number) == (day("11-30"), 91)
    assert found.days[5].kind is WEEKEND


def test_without_a_day_of_receipt_nothing_is_counted() -> None:
    assert letter_days(Clock(mailbox(), RULE, CALENDAR), letter(None).letter) is None


@given(
    st.dates(date(2005, 1, 1), date(2028, 12, 31)),
    st.none() | st.integers(1, 40),
    st.sampled_from([None, "10 working days", "30 days", "2 months"]),
)
def test_the_last_day_is_the_day_by_which_the_letter_is_judged(
    start: date, extended: int | None, own: str | None
) -> None:
    until = start + timedelta(days=extended) if extended else None
    box = mailbox(limit=own)
    state = letter(str(start), extended_to=until, answered=False)
    judged = letter_of(state, "2029-03-01", box)
    found = days_of(state.letter, clock=Clock(box, RULE, CALENDAR))
    assert found.days[-1].on == judged.due
    assert found.due.provisional == judged.provisional
    assert found.days[0] == CountedDay(start, found.days[0].kind, None, CALENDAR.covers(start))
    numbers = [each.number for each in found.days if each.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    if found.limit.unit in ("day", "working day") and not found.extended:
        assert numbers[-1] == found.limit.n
