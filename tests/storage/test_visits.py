"""What was seen of a subject, at any instant: later looks never leak into the past."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import StatementError

from checks.facts import DateSource, History, Item, Method, Outcome, Visit
from checks.freshness import SHANGHAI
from storage.ledger import Ledger
from tests.storage.make import COLUMN, DAY, HOUR, MORNING, capture, history, item, last, look

SEEN = (Outcome.OK, Outcome.EMPTY, Outcome.UNDATED)
UNSEEN = tuple(outcome for outcome in Outcome if outcome not in SEEN)
TODAY = date(2026, 11, 20)


def test_a_subject_never_looked_at_has_no_history(ledger: Ledger) -> None:
    look(ledger, MORNING, subject="column:other")
    assert ledger.histories([COLUMN], MORNING) == {}
    assert ledger.histories([], MORNING) == {}


def test_a_visit_is_kept_with_all_that_was_told(ledger: Ledger) -> None:
    number = look(
        ledger,
        MORNING,
        Outcome.OK,
        item("甲", TODAY - DAY),
        item("乙", TODAY, date_text="11-20", date_source=DateSource.LABEL),
        item("丙"),
        url="https://www.example.cn/news/index.html",
        reader="rows",
        unresolved=1,
        note="列表",
    )
    assert last(ledger, MORNING) == Visit(
        id=number,
        subject=COLUMN,
        observed_at=MORNING,
        outcome=Outcome.OK,
        newest=TODAY,
        newest_title="乙",
        newest_url="https://www.example.cn/乙.html",
        date_text="11-20",
        date_source=DateSource.LABEL,
        item_count=3,
        unresolved=1,
        url="https://www.example.cn/news/index.html",
        reader="rows",
        note="列表",
        evidence=None,
    )


@pytest.mark.parametrize("outcome", UNSEEN)
def test_a_look_that_saw_nothing_is_the_last_but_never_the_last_good(
    outcome: Outcome, ledger: Ledger
) -> None:
    good = look(ledger, MORNING, Outcome.OK, item("甲", TODAY))
    bad = look(ledger, MORNING + HOUR, outcome)
    found = history(ledger, MORNING + DAY)
    assert found.last is not None
    assert found.good is not None
    assert (found.last.id, found.last.outcome, found.good.id) == (bad, outcome, good)
    assert found.last.newest is None
    assert found.good.newest == TODAY


@pytest.mark.parametrize("outcome", SEEN)
def test_a_look_that_saw_the_page_is_both(outcome: Outcome, ledger: Ledger) -> None:
    look(ledger, MORNING)
    number = look(ledger, MORNING + HOUR, outcome)
    found = history(ledger, MORNING + DAY)
    assert found.last == found.good
    assert found.last is not None
    assert (found.last.id, found.last.outcome) == (number, outcome)


def test_a_subject_seen_only_badly_has_no_good_look(ledger: Ledger) -> None:
    look(ledger, MORNING, Outcome.BLOCKED)
    found = history(ledger, MORNING)
    assert found.last is not None
    assert found.good is None


OUTCOMES = [
    Outcome.OK,
    Outcome.BLOCKED,
    Outcome.OK,
    Outcome.GONE,
    Outcome.UNDATED,
    Outcome.UNREACHABLE,
    Outcome.EMPTY,
]


def test_the_past_stays_what_it_was_whatever_is_seen_later(ledger: Ledger) -> None:
    run = ledger.start_run(1, MORNING)
    instants = [MORNING + n * DAY for n in range(len(OUTCOMES))]
    answers: list[tuple[datetime, History]] = []
    for at, outcome in zip(instants, OUTCOMES, strict=True):
        # What is new today is on the page next to what was there before.
        rows = [item(f"第{n}条", TODAY + n * DAY) for n in range((at - MORNING).days + 1)]
        look(ledger, at, outcome, *(rows if outcome is Outcome.OK else ()), run=run)
        answers += [(then, history(ledger, then)) for then in (at, at + HOUR)]
        for then, answer in answers:
            assert history(ledger, then) == answer
    newest = [found.good.newest for _, found in answers[::2] if found.good]
    assert newest == [TODAY, TODAY, TODAY + 2 * DAY, TODAY + 2 * DAY, None, None, None]


def test_an_instant_includes_itself_and_nothing_after_it(ledger: Ledger) -> None:
    look(ledger, MORNING)
    assert history(ledger, MORNING - timedelta(microseconds=1)) == History()
    assert history(ledger, MORNING).last is not None


def test_a_look_written_down_late_is_still_ordered_by_when_it_was_seen(ledger: Ledger) -> None:
    second = look(ledger, MORNING + HOUR, Outcome.BLOCKED)
    first = look(ledger, MORNING, Outcome.OK, item("甲", TODAY))
    assert last(ledger, MORNING + DAY).id == second
    assert last(ledger, MORNING).id == first


def test_of_two_looks_at_one_instant_the_later_written_counts(ledger: Ledger) -> None:
    look(ledger, MORNING)
    second = look(ledger, MORNING, Outcome.BLOCKED)
    assert last(ledger, MORNING).id == second


def test_instants_are_compared_and_not_their_spelling(ledger: Ledger) -> None:
    shanghai = MORNING.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+08:00").tzinfo)
    look(ledger, shanghai)
    assert last(ledger, MORNING).observed_at == MORNING
    assert last(ledger, shanghai).observed_at.utcoffset() == timedelta(0)
    assert history(ledger, shanghai - HOUR) == History()


def test_six_hundred_subjects_are_answered_in_one_call_without_mixing_them_up(
    ledger: Ledger,
) -> None:
    run = ledger.start_run(600, MORNING)
    keys = [f"column:c{n}" for n in range(600)]
    for n, key in enumerate(keys):
        on = TODAY - n % 50 * DAY
        pages = (capture(f"https://www.example.cn/{n}", b""),) if n % 100 == 0 else ()
        look(ledger, MORNING, Outcome.OK, item("甲", on), subject=key, run=run, captures=pages)
        if n % 3 == 0:
            look(ledger, MORNING + HOUR, Outcome.BLOCKED, subject=key, run=run)
    found = ledger.histories([*keys, *keys[:7], "column:none"], MORNING + DAY)
    assert list(found) == keys
    links = list(ledger.evidence_links())
    for n, key in enumerate(keys):
        looked, good = found[key].last, found[key].good
        assert looked is not None
        assert good is not None
        assert (looked.subject, good.subject) == (key, key)
        assert looked.outcome is (Outcome.BLOCKED if n % 3 == 0 else Outcome.OK)
        assert good.newest == TODAY - n % 50 * DAY
        assert (good.evidence is None) == (n % 100 != 0)
        if good.evidence is not None:
            warc, _, record = good.evidence.removeprefix("evidence/").partition("#")
            place = next(link for link in links if link.url.endswith(f"/{n}"))
            assert (warc, record) == (place.warc, place.record_id)
    assert ledger.finish_run(run, MORNING + DAY) == (600, 200)


def test_a_run_tells_how_many_were_seen_and_how_many_were_not(ledger: Ledger) -> None:
    run = ledger.start_run(len(Outcome), MORNING)
    for n, outcome in enumerate(Outcome):
        look(ledger, MORNING, outcome, subject=f"column:c{n}", run=run)
    other = ledger.start_run(1, MORNING)
    look(ledger, MORNING, run=other)
    assert ledger.finish_run(run, MORNING + HOUR) == (len(SEEN), len(UNSEEN))
    assert ledger.finish_run(other, MORNING + HOUR) == (1, 0)
    assert ledger.finish_run(ledger.start_run(5, MORNING), MORNING) == (0, 0)


def test_a_naive_instant_is_refused_and_leaves_no_visit(ledger: Ledger) -> None:
    naive = datetime(2026, 11, 20, 8, 0)  # noqa: DTZ001
    run = ledger.start_run(1, MORNING)
    with pytest.raises(StatementError, match="timezone information"):
        look(ledger, naive, run=run)
    assert ledger.finish_run(run, MORNING) == (0, 0)


def test_the_rows_of_a_week_are_those_that_a_list_dated(ledger: Ledger) -> None:
    def row(name: str, source: DateSource, url: str | None = "https://x/") -> Item:
        return Item(name, url and url + name, date(2026, 11, 18), "", source)

    old, listed, article = (
        row("old", DateSource.LIST),
        row("a", DateSource.LIST),
        row("b", DateSource.META),
    )
    bare = row("c", DateSource.API, None)
    undated = Item("d", "https://x/d", None)
    look(ledger, MORNING - 8 * DAY, Outcome.OK, old)
    look(ledger, MORNING, Outcome.OK, old, listed, article, bare, undated)
    look(ledger, MORNING, Outcome.OK, listed, subject="account:wx")
    look(ledger, MORNING + DAY, Outcome.OK, listed, row("e", DateSource.FEED))
    found = ledger.dated_rows(MORNING - DAY, MORNING + HOUR)
    assert found == [(COLUMN, "https://x/a", date(2026, 11, 18))]


def test_which_subjects_were_seen_in_a_stretch_of_days(ledger: Ledger) -> None:
    """From midnight in Asia/Shanghai of its first day to an instant; a blocked look shows none."""
    midnight = datetime(2026, 11, 20, tzinfo=SHANGHAI)
    second = timedelta(seconds=1)
    look(ledger, midnight - second, subject="column:before")
    look(ledger, midnight, subject="column:first")
    look(ledger, MORNING, subject="column:last")
    look(ledger, MORNING + second, subject="column:after")
    look(ledger, MORNING, Outcome.BLOCKED, subject="column:blocked")
    look(ledger, MORNING, subject="column:another")
    keys = [f"column:{name}" for name in ("before", "first", "last", "after", "blocked")]
    seen = ledger.seen_between(keys, TODAY, MORNING)
    assert seen == {"column:first", "column:last"}
    assert ledger.seen_between([], TODAY, MORNING) == frozenset()


def test_what_tells_of_earlier_days_was_not_seen_in_these(ledger: Ledger) -> None:
    """An export made before the first day was brought in them, and shows nothing of them."""
    for name, shown_to in (("old", TODAY - DAY), ("new", TODAY)):
        look(
            *(ledger, MORNING, Outcome.OK),
            subject=f"account:{name}",
            method=Method.EXPORT,
            shown_to=shown_to,
        )
    keys = ["account:old", "account:new"]
    assert ledger.seen_between(keys, TODAY, MORNING) == {"account:new"}


def test_the_hash_of_an_answer_is_found_by_its_place(ledger: Ledger) -> None:
    page = capture("https://www.example.cn/news/", b"<html>synthetic</html>")
    look(ledger, MORNING, captures=(page,))
    (link,) = ledger.evidence_links()
    place = f"evidence/{link.warc}#{link.record_id}"
    assert ledger.evidence_hashes([place, "现场查看"], [COLUMN]) == {place: link.sha256}
    assert ledger.evidence_hashes([place], ["column:other"]) == {}
