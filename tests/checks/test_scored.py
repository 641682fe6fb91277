"""How long a finding stood, as far as anybody saw: what was not looked at costs no further day."""

from __future__ import annotations

from datetime import date

import pytest

from checks.calendar import load_calendar
from checks.lifecycle import Event, EventKind, Finding, Key
from checks.periods import Days
from checks.rules import pack_texts, read_law
from checks.scored import Known, concerns, fixed_in_time, scored
from tests.checks.make import at, column, day, mailbox

LAW = read_law(pack_texts(["haian"]), load_calendar())
NEWS = Key("haian", "news_2w", "column:c1")
LETTER = Key("haian", "mailbox_5wd", "mailbox:m1", "L1")
SUBJECTS = {each.key: each for each in (column(), mailbox())}
END = day("11-30")


def finding(key: Key, opened: str, basis: str, *steps: tuple[EventKind, str]) -> Finding:
    events = [Event(EventKind.DETECTED, at(opened), "xunjian", "")]
    events += [Event(kind, at(on), "办公室", "", until=day("11-20")) for kind, on in steps]
    return Finding(1, key, "u1", day(opened), day(basis), None, tuple(events))


def known(seen: str | None = None, replied: str | None = None, key: Key = NEWS) -> Known:
    place = (key.subject, key.letter)
    return Known(
        LAW,
        SUBJECTS,
        {} if replied is None else {place: day(replied)},
        {} if seen is None else {place: day(seen)},
    )


@pytest.mark.parametrize(
    ("seen", "over", "ended"),
    [
        # Due on 1 November; late for as long as somebody saw it so.
        ("11-30", 29, None),
        ("12-15", 29, None),
        ("11-12", 11, "11-13"),
        ("11-03", 2, "11-04"),
        # Nobody has looked since it was found on the 3rd: a firewall adds no day.
        (None, 2, "11-04"),
    ],
)
def test_a_column_costs_the_days_on_which_it_was_seen_late(
    seen: str | None, over: int, ended: str | None
) -> None:
    told = scored(finding(NEWS, "11-03", "10-18"), known(seen), END)
    assert (told.days_over, told.ended_on) == (over, day(ended) if ended else None)
    last = day(ended) if ended else date(2026, 12, 1)
    assert told.stood(END).count == (last - day("11-03")).days


def test_a_recovery_ends_the_days_wherever_the_last_look_was() -> None:
    recovered = finding(NEWS, "11-03", "10-18", (EventKind.RECOVERED, "11-10"))
    told = scored(recovered, known("11-28"), END)
    assert (told.days_over, told.ended_on) == (8, day("11-10"))


@pytest.mark.parametrize(
    ("seen", "replied", "over"),
    [
        # Due on Monday 2 November; eight working days later it was seen open for the last time.
        ("11-12", None, 8),
        ("11-30", None, 20),
        (None, None, 1),
        # An answer shown afterwards proves that there was none before it.
        ("11-12", "11-16", 10),
        ("11-12", "12-20", 20),
    ],
)
def test_an_open_letter_costs_the_working_days_on_which_it_was_seen_open(
    seen: str | None, replied: str | None, over: int
) -> None:
    open_letter = finding(LETTER, "11-03", "11-02")
    assert scored(open_letter, known(seen, replied, LETTER), END).days_over == over


@pytest.mark.parametrize(
    ("steps", "in_time"),
    [
        ((), False),
        (((EventKind.RECOVERED, "11-10"),), True),
        (((EventKind.NOTIFIED, "11-05"), (EventKind.RECOVERED, "11-20")), True),
        (((EventKind.NOTIFIED, "11-05"), (EventKind.RECOVERED, "11-21")), False),
        (((EventKind.NOTIFIED, "11-05"), (EventKind.URGED, "11-06"),
          (EventKind.RECOVERED, "11-10")), False),
    ],
)  # fmt: skip
def test_what_was_put_right_by_its_deadline_was_put_right_in_time(
    steps: tuple[tuple[EventKind, str], ...], in_time: bool
) -> None:
    assert fixed_in_time(finding(NEWS, "11-03", "10-18", *steps)) is in_time


@pytest.mark.parametrize(
    ("steps", "concerned"),
    [
        ((), True),
        (((EventKind.RECOVERED, "10-30"),), False),
        (((EventKind.CONFIRMED, "10-20"), (EventKind.CLOSED, "10-31")), False),
        (((EventKind.CONFIRMED, "10-20"), (EventKind.DISMISSED, "10-31")), False),
        (((EventKind.CONFIRMED, "10-20"), (EventKind.CLOSED, "11-02")), True),
    ],
)
def test_what_was_settled_before_a_period_concerns_it_no_more(
    steps: tuple[tuple[EventKind, str], ...], concerned: bool
) -> None:
    november = Days(day("11-01"), END)
    assert concerns(finding(NEWS, "10-19", "10-01", *steps), november) is concerned
